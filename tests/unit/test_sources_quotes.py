"""A quote that nothing closes costs the line that it stands on, and no row after it."""

import csv
import gzip
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.engines.connect import connect
from hourglass.sources import scans
from hourglass.sources.attach import Attached, attach
from hourglass.sources.files import find_files

HEAD = "user_id,event,ts,note\n"
NOTES = st.sampled_from(["", "x", 'say "hi"', "two\nlines", "a,b", '"', "ends with\n"])


def written(notes: list[str], first: int = 0) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for number, note in enumerate(notes, start=first):
        rows.writerow([f"u{number}", "view", "2026-03-01", note])
    return text.getvalue()


def read(path: Path, content: bytes) -> tuple[Attached, list[tuple], list[tuple]]:
    path.write_bytes(content)
    with connect() as connection:
        facts = attach(connection, find_files([str(path)]))
        events = connection.execute("SELECT user_id, note FROM events ORDER BY ALL").fetchall()
        rejects = []
        if facts.rejected:
            asked = "SELECT line, reason, raw FROM rejects ORDER BY line"
            rejects = connection.execute(asked).fetchall()
    return facts, events, rejects


@given(before=st.lists(NOTES, max_size=4), after=st.lists(NOTES, max_size=4))
def test_the_rows_after_it_are_read(before, after, tmp_path_factory):
    """Unless the first value after it that has quotes is closed as the row would be."""
    broken = 'x,view,2026-03-01,"oops'
    head = HEAD + written([*before, "first"])
    text = f"{head}{broken}\n{written(['last', *after], len(before) + 1)}"
    facts, events, rejects = read(tmp_path_factory.mktemp("quotes") / "e.csv", text.encode())
    notes = [*before, "first", "last", *after]
    assert sorted(events, key=str) == sorted(
        ((f"u{n}", note or None) for n, note in enumerate(notes)), key=str
    )
    assert rejects == [(head.count("\n") + 1, "quotes do not match", broken)]
    assert (facts.rows, facts.rejected) == (len(notes) + 1, 1)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=repr)
def test_each_costs_its_own_line_and_lines_keep_their_numbers(tmp_path, pack, end):
    lines = [
        "user_id,event,ts,note",
        'a,view,2026-03-01,"one',
        "b,view,2026-03-01,x",
        'c,view,2026-03-01,"fine, it is"',
        'd,view,2026-03-01,"two',
        'lines, ""so"" it is"',
        'e,view,2026-03-01,"too',
        'many",5',
        "f,view,soon,x",
        'g,view,2026-03-01,"three',
        "h,view,2026-03-01,x",
    ]
    facts, events, rejects = read(tmp_path / "e.csv", pack((end.join(lines) + end).encode()))
    assert events == [
        ("b", "x"), ("c", "fine, it is"), ("d", f'two{end}lines, "so" it is'), ("h", "x"),
    ]  # fmt: skip
    assert rejects == [
        (2, "quotes do not match", lines[1]),
        (7, "quotes do not match", lines[6]),
        (8, "too few columns", lines[7]),
        (9, "timestamp not understood", lines[8]),
        (10, "quotes do not match", lines[9]),
    ]
    assert facts.examples[0].endswith(f'e.csv line 2: quotes do not match: "{lines[1]}"')
    assert facts.rows == len(events) + len(rejects)


def test_the_statements_read_what_is_left(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text(f'{HEAD}a,view,2026-03-01,"one\n{written(["x", "y"])}')
    with connect() as connection, duckdb.connect() as shell:
        facts = attach(connection, find_files([str(path)]))
        for statement in facts.statements:
            shell.execute(statement)
        asked = "FROM events ORDER BY ALL"
        assert shell.execute(asked).fetchall() == connection.execute(asked).fetchall()


def test_a_large_file_is_read_by_several_threads_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(scans, "_LONGEST_LINE", 100_000)
    monkeypatch.setattr(scans, "_BUFFER", 400_000)
    text = f'{HEAD}{written(["x"] * 20_000)}z,view,2026-03-01,"oops\n{written(["x"] * 40_000)}'
    facts, _, rejects = read(tmp_path / "e.csv", text.encode())
    assert (facts.rows, facts.rejected) == (60_001, 1)
    assert rejects == [(20_002, "quotes do not match", 'z,view,2026-03-01,"oops')]
