"""A result as json, jsonl, csv or md: the same values for programs, the same cells for people."""

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from hourglass.render import facts, view
from hourglass.render.showing import Shown
from hourglass.render.values import visible
from hourglass.result import SCHEMA_VERSION, Json, Result, Table

TextFormat = Literal["json", "jsonl", "csv", "md"]
Row = dict[str, Json]

_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&]|(?<!\w)_|_(?!\w)")
"""What Markdown would read as markup, a link, HTML or the end of a cell."""
_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that JSON allows but that act on a terminal, or that UTF-8 does not have."""


def render(result: Result, format: TextFormat) -> str:  # noqa: A002
    """Return `result` in `format`; lines end with a newline alone."""
    return {"json": _json, "jsonl": _jsonl, "csv": _csv, "md": _md}[format](result)


def as_json(result: Result) -> Row:
    """Return the documented JSON object: fractions, seconds and UTC instants, full precision."""
    return {
        "schema_version": SCHEMA_VERSION,
        "analysis": result.analysis,
        "model": result.model,
        "rules": dict(result.rules),
        "period": {
            "since": _plain(result.period.since),
            "until": _plain(result.period.until),
            "timezone": result.period.timezone,
        },
        "as_of": _plain(result.as_of),
        "notes": list(result.notes),
        **{table.name: _nested(table) for table in result.tables},
        "input": {name: _plain(value) for name, value in result.input._asdict().items()},
    }


def reported(
    results: Mapping[str, Result], reasons: Mapping[str, str], warnings: Sequence[str]
) -> str:
    """Return the results of a report as one JSON object, each as its own question writes it."""
    whole: Row = {
        "schema_version": SCHEMA_VERSION,
        "analysis": "report",
        "warnings": list(warnings),
        "results": {name: as_json(one) for name, one in results.items()},
        "missing": dict(reasons),
    }
    return _dumped(whole, indent=2)


def _json(result: Result) -> str:
    return _dumped(as_json(result), indent=2)


def _jsonl(result: Result) -> str:
    about: Row = {"analysis": result.analysis, "model": result.model}
    lines = [{**about, **row} for row in _rows_with_group(_data_table(result))]
    return "".join(_dumped(line) for line in lines)


def _dumped(value: Row, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _csv(result: Result) -> str:
    table = _data_table(result)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_field(value) for value in row] for row in _raw_rows(table))
    return out.getvalue()


def _md(result: Result) -> str:
    parts = [f"## {escape(facts.heading(result))}\n"]
    for index, table in enumerate(result.tables):
        if index:
            parts.append(f"### {escape(table.title)}\n")
        parts.append(_md_table(view.of(table, result.period.timezone)))
    parts.append("\n".join(f"- {escape(line)}" for line in facts.lines(result)) + "\n")
    return "\n".join(parts)


def _md_table(columns: tuple[Shown, ...]) -> str:
    rows = [
        [column.heading for column in columns],
        *zip(*(column.cells for column in columns), strict=True),
    ]
    head, *body = [f"| {' | '.join(escape(cell) for cell in row)} |" for row in rows]
    rule = f"| {' | '.join('---:' if column.right else '---' for column in columns)} |"
    return "\n".join([head, rule, *body]) + "\n"


def escape(text: str) -> str:
    """Escape what Markdown would read as markup, and show what would act on a terminal."""
    return _MARKDOWN.sub(lambda found: "\\" + found[0], visible(text))


def _data_table(result: Result) -> Table:
    """Return the one table of a flat format: the breakdown or the histogram, if there is one."""
    special = (table for table in result.tables if table.by or table.name == "histogram")
    return next(special, result.tables[0])


def _raw_rows(table: Table) -> Iterator[list[Json]]:
    for row in table.tuples(*(column.name for column in table.columns)):
        yield [_plain(value) for value in row]


def _rows_with_group(table: Table) -> Iterator[Row]:
    """Yield each row; in a breakdown under its `by` and `other`."""
    names = [column.name for column in table.columns]
    depth = len(table.by)
    for row in _raw_rows(table):
        if not table.by:
            yield dict(zip(names, row, strict=True))
            continue
        by: Row = dict(zip(table.by, row, strict=False))
        rest = dict(zip(names[depth + 1 :], row[depth + 1 :], strict=True))
        yield {"by": by, "other": row[depth], **rest}


def _nested(table: Table) -> list[Json]:
    if not table.by or not table.rows_name:
        return list(_rows_with_group(table))
    groups: dict[str, Row] = {}
    for row in _rows_with_group(table):
        by, other = row.pop("by"), row.pop("other")
        group = groups.setdefault(
            json.dumps([by, other]), {"by": by, "other": other, table.rows_name: []}
        )
        rows = group[table.rows_name]
        assert isinstance(rows, list)
        rows.append(row)
    return list(groups.values())


def _plain(value: object) -> Json:
    """Return a value that JSON has: instants as text in UTC, what is not a number as null."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value + 0.0 if math.isfinite(value) else None
        case dt.datetime():
            return f"{value.isoformat()}Z"
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _field(value: Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case _:
            return str(value)
