"""Each format of the same results, byte for byte; `pytest --update-golden` writes them anew."""

from pathlib import Path

import pytest

from hourglass.render import table, text
from tests.golden import results

GOLDEN = Path(__file__).parents[1] / "golden"
RESULTS = {
    "funnel": lambda: results.funnel(by=True, notes=["A note that says what to know."]),
    "kinds": results.every_kind,
}
FORMATS = {
    "json": lambda result: text.render(result, "json"),
    "jsonl": lambda result: text.render(result, "jsonl"),
    "csv": lambda result: text.render(result, "csv"),
    "md": lambda result: text.render(result, "md"),
    "80.txt": lambda result: table.render(result, table.Look(width=80)),
    "120.txt": lambda result: table.render(result, table.Look(width=120)),
    "ascii.txt": lambda result: table.render(result, table.Look(width=80, ascii=True)),
    "color.txt": lambda result: table.render(result, table.Look(width=100, color=True)),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", RESULTS)
def test_the_bytes_are_those_of_the_file(name, ending, request):
    path = GOLDEN / f"{name}.{ending}"
    data = FORMATS[ending](RESULTS[name]()).encode()
    if request.config.getoption("--update-golden"):
        path.write_bytes(data)
    assert data.decode() == path.read_bytes().decode()
