"""JSON whose rows stand in a list inside of an object."""

import gzip
import json
from pathlib import Path

import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attach import Attached, attach
from hourglass.sources.files import find_files

ROWS = [
    {"user_id": "007", "event": "view", "ts": "2024-01-01", "n": 1},
    {"user_id": "u2", "event": "buy", "ts": "2024-01-02", "n": 2},
    {"user_id": "u3", "event": "buy", "ts": "soon", "n": 3},
]
PLACES = [("007", "view", 1), ("u2", "buy", 2)]


def attached(*paths: Path, **said: object) -> tuple[Attached, list[tuple[object, ...]]]:
    with connect() as connection:
        found = attach(connection, find_files([str(path) for path in paths]), **said)  # type: ignore[arg-type]
        return found, connection.execute("SELECT user_id, event, n FROM events").fetchall()


def long(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**row, "note": "x" * 200_000} for row in rows]


@pytest.mark.parametrize("key", ["events", "data", "results", 'odd "key".[0]'])
@pytest.mark.parametrize("write", ["line", "indented", "a row a line", "after the list"])
@pytest.mark.parametrize("rows", [ROWS, long(ROWS)], ids=["short", "long"])
def test_each_element_is_a_row(
    tmp_path: Path, key: str, write: str, rows: list[dict[str, object]]
) -> None:
    name, lines = json.dumps(key), [json.dumps(row) for row in rows]
    written = {
        "line": json.dumps({"total": 3, key: rows}),
        "indented": json.dumps({"total": 3, key: rows}, indent=2),
        "a row a line": f'{{"total":3,{name}:[\n' + ",\n".join(lines) + "\n]}\n",
        "after the list": f"{{{name}:[" + ",\n".join(lines) + '],"total":3}',
    }
    path = tmp_path / "export.json"
    path.write_text(written[write])
    found, events = attached(path)
    assert events == PLACES
    assert [(one.rows, one.accepted, one.rejected) for one in found.files] == [(3, 2, 1)]
    assert "soon" in found.examples[0]
    assert f'each element of "{key}" is a row; not read beside it: total' in found.notes


def test_pages_are_read_one_after_the_other(tmp_path: Path) -> None:
    pages = [{"data": ROWS[:1]}, {"data": []}, {"error": "late"}, {"data": [7, ROWS[1]]}]
    path = tmp_path / "pages.jsonl.gz"
    path.write_bytes(gzip.compress(("\n".join(map(json.dumps, pages)) + "\noops\n").encode()))
    found, events = attached(path)
    assert events == PLACES
    assert [(one.rows, one.accepted, one.rejected) for one in found.files] == [(5, 2, 3)]


def test_a_format_is_told_by_what_is_inside(tmp_path: Path) -> None:
    mixpanel = {"event": "view", "properties": {"time": 1709287200, "distinct_id": "a"}, "n": 1}
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"results": [mixpanel], "status": "ok"}))
    assert attached(path)[0].source_format == "mixpanel"
    said = Reading(format="mixpanel")
    assert attached(path, reading=said)[1] == [("a", "view", 1)]


def test_configured_columns_are_sought_inside(tmp_path: Path) -> None:
    rows = [{"kunde": "007", "vorgang": "view", "zeit": "2024-01-01", "n": 1}]
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"results": rows}))
    columns = {"user": "kunde", "event": "vorgang", "timestamp": "zeit"}
    assert attached(path, columns=columns)[1] == [("007", "view", 1)]


@pytest.mark.parametrize("needed", [{"n"}, {"properties.n", "n"}])
def test_only_columns_asked_for_are_read(tmp_path: Path, needed: set[str]) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"results": ROWS}))
    assert attached(path, needed=needed)[1] == PLACES


def test_a_list_within_events_stays_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({**ROWS[0], "items": [{"user_id": "x", "ts": "2024-01-01"}]}))
    assert attached(path)[1] == PLACES[:1]


@pytest.mark.parametrize(
    "whole",
    [
        {"users": ROWS, "events": ROWS},
        {"data": {"rows": ROWS}},
        {"data": [1, 2]},
        {"data": [{"name": "x"}]},
    ],
)
def test_what_is_not_certain_is_an_error(tmp_path: Path, whole: dict[str, object]) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(whole))
    with pytest.raises(DataError, match="no column holds the user"):
        attached(path)


def test_a_damaged_line_still_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"user_id": "007", "event": "view",\n' + json.dumps(ROWS[1]) + "\n")
    found, events = attached(path)
    assert events == PLACES[1:]
    assert [(one.rows, one.accepted, one.rejected) for one in found.files] == [(2, 1, 1)]
