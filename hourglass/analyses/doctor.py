"""Whether a database is sound: it can be read to the end, its rows add up, and nothing is stale."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from hourglass.analyses.compact import recall
from hourglass.analyses.kept import definition
from hourglass.analyses.question import Question
from hourglass.analyses.tables import table_of
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import DataError, QueryError
from hourglass.nouns import many
from hourglass.result import InputFacts, Kind, Period, Result
from hourglass.stages import ROLLUPS, Model

COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("outcome", "text", ""),
    ("subject", "text", "what"),
    ("finding", "text", "found"),
)


class Finding(NamedTuple):
    """One thing that was looked at; `failed` is what must be put right."""

    subject: str
    finding: str
    outcome: Literal["passed", "warned", "failed"] = "passed"


def examine(engine: DuckDBEngine, models: Iterable[Model]) -> Iterator[Finding]:
    """Yield what there is to say of a database that is open; `models` are those it keeps.

    All of its events are read.
    """
    try:
        events = engine.fetch("doctor/events")["events"][0]
        yield Finding(subject="events", finding=f"{events:,}, read to the end")
        yield from _accounting(engine)
        yield from _compact(engine, models)
    except (DataError, QueryError) as problem:
        yield Finding(subject="tables", finding=problem.message, outcome="failed")


def well(findings: Iterable[Finding]) -> bool:
    """Say whether nothing must be put right."""
    return all(one.outcome != "failed" for one in findings)


def diagnosis(findings: list[Finding]) -> Result:
    """Return the findings as the table `doctor`."""
    rows = [{name: getattr(one, name) for name, _, _ in COLUMNS} for one in findings]
    failed = sum(one.outcome == "failed" for one in findings)
    return Result(
        analysis="doctor",
        title="All is well" if not failed else f"Not well: {failed} of {len(findings)}",
        model="",
        rules={},
        period=Period(),
        tables=(table_of("doctor", "Findings", COLUMNS, rows),),
        input=InputFacts(
            rows=0, users=0, rejected=0, duplicates=0, unmapped_events=0, first=None, last=None
        ),
    )


def _accounting(engine: DuckDBEngine) -> Iterator[Finding]:
    """Hold each file to rows = events + rejected + duplicates, and its events to those there."""
    wrong = engine.fetch("doctor/accounting").to_dicts()
    for row in wrong:
        yield Finding(
            subject="rows",
            finding=f"{row['file']}: {row['rows']:,} rows read, {row['accepted']:,} taken for"
            f" events, {row['rejected']:,} rejected, {row['duplicates']:,} duplicates;"
            f" {row['events']:,} events are there. Load it into a new database",
            outcome="failed",
        )
    total = engine.fetch("doctor/totals").row(0, named=True)
    if not wrong:
        yield Finding(
            subject="rows",
            finding=f"{total['rows']:,} rows of {many(total['files'], 'file')} add up:"
            f" {total['rejected']:,} rejected, {total['duplicates']:,} duplicates",
        )
    if total["kept_rejects"] != total["rejected"]:
        yield Finding(
            subject="rejects",
            finding=f"{total['kept_rejects']:,} rejected rows are kept of {total['rejected']:,}",
            outcome="failed",
        )


def _compact(engine: DuckDBEngine, models: Iterable[Model]) -> Iterator[Finding]:
    """Say which models questions must map anew; that costs time and is no fault."""
    recall(engine)
    names = [model.name for model in models if model.name not in ROLLUPS]
    if not names:
        yield Finding(
            subject="stages",
            finding="none are kept: load again with a hourglass.toml that has [stages]",
            outcome="warned",
        )
        return
    recall(engine)
    stale = [
        model.name
        for model in models
        if model.name in names and definition(Question(model=model)) not in engine.kept
    ]
    if stale:
        yield Finding(
            subject="compact form",
            finding=f"not current for {', '.join(stale)}: questions take longer until the next"
            " load of new events",
            outcome="warned",
        )
    else:
        rows = engine.fetch("doctor/compact")["rows"][0]
        found = f"current for {', '.join(names)}; {rows:,} rows, read to the end"
        yield Finding(subject="compact form", finding=found)
