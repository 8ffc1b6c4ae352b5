"""The formats agree with each other: csv with json, md with the table."""

import csv
import datetime as dt
import io
import json
import re

import polars as pl
import pytest

from hourglass.render import table, text, view
from hourglass.result import Column, Table
from tests.golden import results

RESULTS = {
    "plain": results.funnel(window=False),
    "broken down": results.funnel(by=True),
    "every kind": results.every_kind(),
}
each_result = pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)


def typed(field, value):
    """Read a csv field as the type that JSON has for it."""
    if field == "":
        return None
    if isinstance(value, bool):
        return {"true": True, "false": False}[field]
    return type(value)(field) if value is not None else field


def flat(row):
    return {**row.pop("by", {}), **row}


@each_result
def test_csv_json_and_jsonl_hold_equal_values(result):
    whole = json.loads(text.render(result, "json"))
    lines = [json.loads(line) for line in text.render(result, "jsonl").splitlines()]
    if "breakdown" in whole:
        rows = [
            {**group["by"], "other": group["other"], **row}
            for group in whole["breakdown"]
            for row in group["stages"]
        ]
    else:
        rows = whole[result.tables[0].name]
    about = {"analysis": result.analysis, "model": result.model}
    assert [flat(line) for line in lines] == [{**about, **row} for row in rows]
    parsed = list(csv.DictReader(io.StringIO(text.render(result, "csv"), newline="")))
    assert [list(row) for row in parsed] == [list(row) for row in rows]
    for fields, row in zip(parsed, rows, strict=True):
        assert {name: typed(fields[name], row[name]) for name in row} == row


@each_result
def test_json_has_the_documented_order_and_only_json(result):
    whole = json.loads(text.render(result, "json"), parse_constant=pytest.fail)
    names = [one.name for one in result.tables]
    head = ["schema_version", "analysis", "model", "rules", "period", "as_of", "notes"]
    assert list(whole) == [*head, *names, "input"]
    assert list(whole["rules"]) == list(result.rules)


def test_instants_have_a_fraction_only_where_it_is_not_nothing():
    moments = [row["at"] for row in text.as_json(results.every_kind())["kinds"]]
    assert moments[:2] == ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000250Z"]


@each_result
@pytest.mark.parametrize("style", ["json", "jsonl", "csv", "md"])
def test_lines_end_with_a_newline_alone(result, style):
    written = text.render(result, style)
    assert written.endswith("\n")
    assert "\r" not in written


@each_result
@pytest.mark.parametrize("style", ["json", "jsonl", "md"])
def test_nothing_in_the_data_acts_on_a_terminal(result, style):
    written = text.render(result, style)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", written)


def test_half_a_character_can_be_written():
    bad = results.funnel(notes=["\udcff"])
    for style in ("json", "jsonl", "md"):
        text.render(bad, style).encode()


def cells_of(markdown):
    """Return the cells of each table, with escapes undone."""
    for block in re.findall(r"(?:^\|.*\|\n)+", markdown, re.MULTILINE):
        rows = [re.split(r"(?<!\\) ?\| ?", line)[1:-1] for line in block.splitlines()]
        head, _, *body = [[re.sub(r"\\(.)", r"\1", cell) for cell in row] for row in rows]
        yield head, body


@each_result
def test_every_cell_of_the_table_is_in_md_and_the_other_way_round(result):
    written = re.sub(r"(?<=\d) +%", " %", table.render(result, table.Look(width=10_000)))
    lines = [re.split(r"  +", line.strip()) for line in written.splitlines()]
    for (head, body), shown in zip(cells_of(text.render(result, "md")), result.tables, strict=True):
        columns = view.of(shown, result.period.timezone)
        assert head == [column.heading for column in columns]
        assert body == [list(row) for row in zip(*(one.cells for one in columns), strict=True)]
        for row in body:
            expected = sorted(cell for cell in row if cell)
            assert any(sorted(without_bars(line)) == expected for line in lines), row


def without_bars(line):
    return [part for part in line if not re.fullmatch(r"[▐█▌▕▏]+", part)]


def test_names_in_md_are_no_markup():
    written = text.render(results.funnel(by=True), "md")
    assert "<script>" not in written
    assert r"\[bold\]" in written
    assert r"a\|b" in written


def test_a_breakdown_by_a_date_and_a_flag_is_nested_and_named():
    frame = pl.DataFrame(
        {
            "day": [dt.date(2026, 1, 1), None, None],
            "club": [True, None, None],
            "other": [False, False, True],
            "people": [3, 2, 1],
        }
    )
    shown = Table(
        name="parts",
        title="Parts",
        data=frame,
        columns=(
            Column(name="day", kind="date", label="day"),
            Column(name="club", kind="flag", label="club"),
            Column(name="other", kind="flag", label="other"),
            Column(name="people", kind="count", label="people"),
        ),
        by=("day", "club"),
    )
    assert [list(column.cells) for column in view.of(shown)] == [
        ["2026-01-01", "(none)", "(other)"],
        ["yes", "(none)", ""],
        ["3", "2", "1"],
    ]
    result = results.funnel()
    result = result._replace(tables=(shown,))
    assert text.as_json(result)["parts"] == [
        {"by": {"day": "2026-01-01", "club": True}, "other": False, "rows": [{"people": 3}]},
        {"by": {"day": None, "club": None}, "other": False, "rows": [{"people": 2}]},
        {"by": {"day": None, "club": None}, "other": True, "rows": [{"people": 1}]},
    ]
