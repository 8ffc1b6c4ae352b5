"""Help is quick, and so are short commands: a real interpreter shows what they import."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"rich", "duckdb", "polars", "plotly", "scipy", "pydantic", "jinja2", "numpy", "tomlkit"}
# Bound to the page, to tests of significance, to writing and checking a configuration.
UNASKED = {"plotly", "scipy", "numpy", "jinja2", "tomlkit", "hourglass.schema"}
# A first load writes down and checks the stages that it guessed.
CONFIGURED = {"tomlkit", "hourglass.schema"}
# Frames are for answers that are worked on after they were counted.
NO_FRAMES = UNASKED | {"polars"}
# typer takes pydantic to read the words of a command; the help of all does without.
CASES = [
    (["--help"], HEAVY),
    (["--version"], HEAVY),
    *(([name, "--help"], HEAVY - {"pydantic"}) for name in ("funnel", "load", "report")),
    *(
        ([*words, "sample_events.parquet", "-q", "-o", os.devnull, "-f", "json"], unasked)
        for words, unasked in (
            (["funnel", "--times"], NO_FRAMES),
            (["funnel", "--by", "channel"], NO_FRAMES),
            (["people"], NO_FRAMES),
            (["trend", "--window", "7 days"], UNASKED),
            (["paths"], UNASKED),
            (["explain", "u000123"], UNASKED),
        )
    ),
    (
        ["load", "sample_events.parquet", "-q", "--db", "{folder}/events.duckdb"],
        NO_FRAMES - CONFIGURED,
    ),
    (["inspect", "sample_events.parquet", "-q", "-o", os.devnull, "-f", "json"], UNASKED),
]  # fmt: skip


@pytest.mark.parametrize(("words", "heavy"), CASES)
def test_nothing_is_imported_that_is_not_needed(words, heavy, tmp_path):
    words = [word.format(folder=tmp_path) for word in words]
    code = (
        "import sys\n"
        "from hourglass.__main__ import main\n"
        f"sys.argv = ['hourglass', *{words!r}]\n"
        "try:\n    main()\n"
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


def test_what_other_packages_bring_for_pydantic_is_not_run(tmp_path):
    """To find such plugins the metadata of every package would be read, at every start."""
    packaged = tmp_path / "theirs-1.dist-info"
    packaged.mkdir()
    (packaged / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1\n")
    (packaged / "entry_points.txt").write_text("[pydantic]\ntheirs = theirs:plugin\n")
    (tmp_path / "theirs.py").write_text("print('theirs is imported')\nplugin = None\n")
    done = subprocess.run(
        [sys.executable, "-m", "hourglass", "funnel", "sample_events.parquet", "-q"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "theirs is imported" not in done.stdout + done.stderr
