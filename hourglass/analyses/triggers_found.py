"""Triggers, found: which events go before buying, when everybody had the same time to do them.

The landmark method: people by their first entry, followed from a landmark on, by what they did
until then. Who bought before it is out, and so is who was not observed to the end: comparing
buyers with others over their whole histories would favour whatever takes time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import inf
from typing import Any, NamedTuple

import polars as pl

from hourglass.analyses.attempts import NEVER, Bounds, microseconds
from hourglass.analyses.differences import LEAST, MARKED, judge
from hourglass.analyses.groups import by_table, group
from hourglass.analyses.purchases import buying
from hourglass.analyses.question import Question
from hourglass.analyses.tables import table_of
from hourglass.durations import said
from hourglass.engines import Engine
from hourglass.errors import UsageError
from hourglass.nouns import many, people
from hourglass.result import Kind, Table
from hourglass.stages import ANY
from hourglass.stats import fisher, katz, wilson

LANDMARK, HORIZON = timedelta(days=7), timedelta(days=30)
"""Time from the entry in which events count, and time after it in which purchases do."""

_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("event", "text", "event"),
    ("with_users", "count", "with"),
    ("with_bought", "count", "bought with"),
    ("with_rate", "rate", "bought"),
    ("with_low", "rate", "bought low"),
    ("with_high", "rate", "bought high"),
    ("without_users", "count", "without"),
    ("without_bought", "count", "bought without"),
    ("without_rate", "rate", "bought"),
    ("without_low", "rate", "bought low"),
    ("without_high", "rate", "bought high"),
    ("ratio", "mean", "ratio"),
    ("ratio_low", "mean", "ratio low"),
    ("ratio_high", "mean", "ratio high"),
    ("ratio_p", "p", "p"),
    ("ratio_q", "p", "q"),
    ("ratio_marked", "flag", "marked"),
)
_FOLLOWED: tuple[tuple[str, Kind, str], ...] = (
    ("entrants", "count", "entered"),
    ("unobserved", "count", "not observed so long"),
    ("customers", "count", "bought by the landmark"),
    ("users", "count", "followed"),
    ("bought", "count", "bought"),
    ("bought_rate", "rate", "bought rate"),
    ("bought_low", "rate", "low"),
    ("bought_high", "rate", "high"),
)
Row = dict[str, object]


class Found(NamedTuple):
    """The tables of what was found, and what is to be said of them."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def found(
    engine: Engine,
    question: Question,
    seen_us: int,
    spans: tuple[timedelta, timedelta] = (LANDMARK, HORIZON),
    most: int | None = None,
    *,
    until_us: int = NEVER,
) -> Found:
    """Compare those who did each event by the landmark with those who did not.

    Needs `stage_events` and `purchases`; people were observed up to `seen_us`; `spans` are the
    time to the landmark and the time after it; `most` limits the events of each row of a breakdown,
    of which events before `until_us` say the values.
    Tables: `triggers` (one row an event that was tested), `followed` (one row), and with
    `question.by` also `breakdown`. Raises UsageError where every event is a purchase.
    """
    bounds = Bounds.of(question)
    values = {
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
        "seen_us": seen_us,
        "landmark_us": microseconds(spans[0]),
        "horizon_us": microseconds(spans[1]),
    }
    engine.make("followed", "triggers/followed", values)
    engine.make("at_risk", "triggers/at_risk")
    engine.make("did", "triggers/did")
    group(engine, question, "at_risk", until_us=until_us)
    exposed = engine.fetch("triggers/exposed").to_dicts()
    plain = compared([row for row in exposed if row["segment"] == 0])
    followed = _states(engine)
    tables = [
        _events(plain, most),
        table_of("followed", "People followed", _FOLLOWED, [followed]),
    ]
    if question.by:
        grouped = compared([row for row in exposed if row["segment"] != 0])
        tables.append(_breakdown(engine, question, grouped, most))
    seen = sum(row["segment"] == 0 for row in exposed)
    tested = _tested(len(plain), seen, most) if plain else [_untested(followed, spans)]
    notes = [*_method(spans), *tested, _purchases(question)]
    return Found(tables=tuple(tables), notes=tuple(notes))


def refuse_any(events: Iterable[str]) -> None:
    """Raise UsageError if every event is a purchase, so that none can go before one."""
    if ANY in events:
        raise UsageError(
            'every event is a purchase (buy or repeat has events = ["*"]), so none goes before one',
            "name the events with which people buy",
        )


def compared(exposed: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Test each event of each segment; q is adjusted over all of them.

    `exposed` has the columns of `triggers/exposed`. Events with fewer than `LEAST` people on a
    side are left out. Sorted by segment, those that differ first, then by their ratio.
    """
    rows = [_row(one) for one in exposed if min(one["with_users"], one["without_users"]) >= LEAST]
    judge(rows, "ratio")
    return sorted(rows, key=_place)


def _row(exposed: Mapping[str, Any]) -> Row:
    row: Row = dict(exposed)
    for side in ("with", "without"):
        users, bought = exposed[f"{side}_users"], exposed[f"{side}_bought"]
        row[f"{side}_rate"] = bought / users
        row[f"{side}_low"], row[f"{side}_high"] = wilson(bought, users)
    names = ("with_bought", "with_users", "without_bought", "without_users")
    bought, users, others_bought, others = (exposed[name] for name in names)
    row["ratio_low"], row["ratio_high"] = katz(bought, users, others_bought, others)
    row["ratio_p"] = fisher(bought, users, others_bought, others)
    row["ratio_judged"] = True
    return row


def _place(row: Row) -> tuple[object, ...]:
    ratio = row["ratio"]
    if ratio is None:
        ratio = inf if row["with_bought"] else 0.0
    return row["segment"], not row["ratio_marked"], -float(str(ratio)), row["event"]


def _first(rows: Sequence[Row], most: int | None) -> list[Row]:
    """Return the first `most` rows of each segment."""
    kept: list[Row] = []
    seen: dict[object, int] = {}
    for row in rows:
        segment = row["segment"]
        seen[segment] = seen.get(segment, 0) + 1
        if most is None or seen[segment] <= most:
            kept.append(row)
    return kept


def _events(rows: Sequence[Row], most: int | None) -> Table:
    return table_of("triggers", "Events before buying", _COLUMNS, _first(rows, most))


def _states(engine: Engine) -> dict[str, Any]:
    """Return the row of `followed`."""
    row = engine.fetch("triggers/states").row(0, named=True)
    low, high = wilson(row["bought"], row["users"])
    rate = row["bought"] / row["users"] if row["users"] else None
    return row | {"bought_rate": rate, "bought_low": low, "bought_high": high}


def _breakdown(engine: Engine, question: Question, rows: Sequence[Row], most: int | None) -> Table:
    segment: tuple[str, Kind, str] = ("segment", "count", "segment")
    table = table_of("rows", "", (segment, *_COLUMNS), _first(rows, most))
    frame = table.frame.with_columns(pl.col("segment").cast(pl.Int32))
    return by_table(engine, question, frame, table.columns[1:], rows_name="triggers")


def _method(spans: tuple[timedelta, timedelta]) -> Iterable[str]:
    landmark, horizon = (said(span) for span in spans)
    yield (
        f"people by their first entry: what they did in the {landmark} from it, up to the landmark,"
        f" and whether they first bought in the {horizon} after that"
    )
    yield "goes before, not causes: an event may go before buying because both have one cause"


def _tested(tested: int, seen: int, most: int | None) -> Iterable[str]:
    yield (
        f"{many(tested, 'event')} tested,"
        f" {seen - tested:,} left out with fewer than {LEAST} people on a side"
    )
    yield (
        "q is Fisher's p, adjusted over all events tested in a table;"
        f" * marks those of {MARKED} or less"
    )
    if most is not None and tested > most:
        yield f"{most:,} of {tested:,} events are listed"


def _untested(followed: Mapping[str, int], spans: tuple[timedelta, timedelta]) -> str:
    """Say why there is no event to be compared: the page begins with it."""
    least = f"it takes {LEAST} people who did it and {LEAST} who did not"
    users, entrants = followed["users"], followed["entrants"]
    if users >= 2 * LEAST:
        return f"no event could be tested: {least}"
    long = said(spans[0] + spans[1])
    if followed["unobserved"] == entrants:
        return (
            f"no event could be tested: of {people(entrants)} who entered nobody was observed"
            f" for {long} from the entry, to the landmark and the horizon after it"
        )
    return (
        f"no event could be tested: {people(users)} of {entrants:,} who entered could be followed,"
        f" and {least}; {followed['unobserved']:,} were not observed for {long},"
        f" {followed['customers']:,} had bought by the landmark"
    )


def _purchases(question: Question) -> str:
    return f"not tested, as they are purchases: {', '.join(buying(question).events)}"
