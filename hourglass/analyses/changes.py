"""What changed SQL files change: old and new numbers side by side."""

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import DataError, UsageError, quoted
from hourglass.queries import Catalog, bundled
from hourglass.result import Column, Kind, Result, Table
from hourglass.rows import Rows

_SAYS: tuple[Kind, ...] = ("text", "date", "moment")
"""Kinds of columns that say what a row is about."""
_COUNTS: tuple[Kind, ...] = ("count", "rate", "points", "p", "seconds", "number", "mean")
_FOLLOW = ("position", "_low", "_high")
"""Endings of columns that say no more than the rest: intervals are those of a rate or a mean."""
_NUMBERS = ("question", "table", "stage", "row", "figure")


class Figure(NamedTuple):
    """Where a number stands in an answer."""

    table: str
    stage: str | None
    row: str
    """What the row is about, beside the stage."""
    nth: int
    """Of the rows about the same, which it is."""
    name: str


class Compared(NamedTuple):
    """One question asked with the files of a folder, beside the same with the bundled ones."""

    answer: Result
    ran: set[str | None]
    """The queries that ran."""
    differences: list[tuple[object, ...]]
    """Table, stage, row, figure, old and new of each figure that is another now."""


def changes(engine: DuckDBEngine, asks: Mapping[str, Callable[[], Result]], folder: Path) -> Result:
    """Check the SQL files of a folder and compare the numbers with and without them.

    `asks` are the questions by name, the first of which has to have an answer; others that have
    none are noted. The result has the table `numbers` (question, table, stage, row, figure, old,
    new; only figures that differ) and the table `files` (name, path, role: it replaces a bundled
    file or is new; the questions that ran it). Raises QueryError for a file that breaks its
    contract, UsageError for a folder without any.
    """
    changed, names = Catalog(folder), _files_of(folder)
    for name in names:
        changed.find(name)
    compared: dict[str, Compared] = {}
    notes = []
    for question, ask in asks.items():
        try:
            old, _ = _asked(engine, ask, Catalog())
        except (DataError, UsageError) as problem:
            if not compared:
                raise
            notes.append(f"{question} was not asked: {problem.message}")
            continue
        new, ran = _asked(engine, ask, changed)
        compared[question] = Compared(new, ran, list(_differences(old, new)))
    for name in names:
        if not _replaces(name):
            engine.check(name)
    return _answer(compared, names, folder, notes)


def _answer(
    compared: Mapping[str, Compared], names: list[str], folder: Path, notes: list[str]
) -> Result:
    ran = {name: [one for one, seen in compared.items() if name in seen.ran] for name in names}
    rows = [(question, *row) for question, seen in compared.items() for row in seen.differences]
    first = next(iter(compared.values())).answer
    return first._replace(
        analysis="sql",
        title=f"Numbers changed by {folder}",
        tables=(_numbers(rows), _files(ran, folder)),
        notes=(*_said(rows, ran), *notes, *first.notes),
        warnings=(),
    )


def _asked(
    engine: DuckDBEngine, ask: Callable[[], Result], catalog: Catalog
) -> tuple[Result, set[str | None]]:
    """Ask a question with the files of a catalog; return the answer and the queries that ran."""
    engine.catalog = catalog
    engine.kept = {}  # what was kept was made by the bundled files
    before = len(engine.statements)
    return ask(), {one.query for one in engine.statements[before:]}


def _files_of(folder: Path) -> list[str]:
    names = sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.sql")
    )
    if not names:
        raise UsageError(
            f"there are no SQL files in {folder}",
            f"hourglass sql funnel/stages --eject {quoted(folder)}",
        )
    return names


def _replaces(name: str) -> bool:
    return (bundled() / f"{name}.sql").is_file()


def _differences(old: Result, new: Result) -> Iterator[tuple[object, ...]]:
    """Yield table, stage, row, figure, old and new of each figure that is another now."""
    before, after = dict(_figures(old)), dict(_figures(new))
    for one in dict.fromkeys([*before, *after]):
        was, now = before.get(one), after.get(one)
        if was is None and now is None:
            continue
        if was is None or now is None or not math.isclose(was, now, rel_tol=1e-9, abs_tol=1e-12):
            yield one.table, one.stage, one.row or None, one.name, was, now


def _figures(result: Result) -> Iterator[tuple[Figure, float | None]]:
    for table in result.tables:
        seen: dict[tuple[str | None, str], int] = {}
        says = [one.name for one in table.columns if one.kind in _SAYS and one.name != "stage"]
        counts = [
            one.name
            for one in table.columns
            if one.kind in _COUNTS and not one.name.endswith(_FOLLOW)
        ]
        for row in table.dicts():
            about = " · ".join("–" if row[name] is None else str(row[name]) for name in says)
            stage = row.get("stage")
            nth = seen[stage, about] = seen.get((stage, about), 0) + 1
            for name in counts:
                value = row[name]
                where = Figure(table.name, stage, about, nth, name)
                yield where, None if value is None else float(value)


def _said(rows: list[tuple[object, ...]], ran: Mapping[str, list[str]]) -> Iterator[str]:
    if not rows:
        yield "no number differs"
    if idle := [name for name, questions in ran.items() if not questions]:
        yield f"not run by any of these questions, so not compared: {', '.join(idle)}"


def _numbers(rows: list[tuple[object, ...]]) -> Table:
    kinds = dict.fromkeys(_NUMBERS, "VARCHAR") | dict.fromkeys(("old", "new"), "DOUBLE")
    return Table(
        name="numbers",
        title="Numbers that differ" if rows else "No number differs",
        data=Rows(kinds, rows),
        columns=(
            *(Column(name=name, kind="text", label=name) for name in _NUMBERS),
            Column(name="old", kind="number", label="old"),
            Column(name="new", kind="number", label="new"),
        ),
    )


def _files(ran: Mapping[str, list[str]], folder: Path) -> Table:
    names = ("name", "file", "role", "questions")
    return Table(
        name="files",
        title="Files checked",
        data=Rows(
            dict.fromkeys(names, "VARCHAR"),
            [
                (
                    name,
                    str(folder / f"{name}.sql"),
                    "replaces" if _replaces(name) else "adds",
                    ", ".join(questions) or None,
                )
                for name, questions in ran.items()
            ],
        ),
        columns=tuple(Column(name=name, kind="text", label=name) for name in names),
    )
