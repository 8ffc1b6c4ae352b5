"""Help is quick: a real interpreter shows what it imports."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"rich", "duckdb", "polars", "plotly", "scipy", "pydantic", "jinja2", "numpy", "tomlkit"}
# typer takes pydantic to read the words of a command; the help of all does without.
CASES = [
    (["--help"], HEAVY),
    (["--version"], HEAVY),
    *(([name, "--help"], HEAVY - {"pydantic"}) for name in ("funnel", "load", "report")),
]


@pytest.mark.parametrize(("words", "heavy"), CASES)
def test_help_loads_nothing_heavy(words, heavy):
    code = (
        "import sys\n"
        "from hourglass.cli import app\n"
        f"sys.argv = ['hourglass', *{words!r}]\n"
        "try:\n    app()\n"
        "finally:\n"
        f"    loaded = sorted({heavy!r} & set(sys.modules))\n"
        "    print('loaded', *loaded, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "loaded\n"
