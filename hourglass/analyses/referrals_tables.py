"""The tables of referrals: K and its parts, what names are worth, times, trees, champions."""

import math
from collections.abc import Mapping

import polars as pl

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.ids import short_id
from hourglass.analyses.question import Question
from hourglass.analyses.referred import make_lines
from hourglass.analyses.tables import table_of
from hourglass.engines import Engine
from hourglass.result import Column, Kind, Table
from hourglass.stats import Sample, bounded_interval, wilson

_PARTS: tuple[tuple[str, Kind, str], ...] = (
    ("customers", "count", "customers"),
    ("referred", "count", "referred"),
    ("i", "mean", "i"),
    ("i_low", "mean", "i low"),
    ("i_high", "mean", "i high"),
    ("bought", "count", "bought"),
    ("c", "rate", "c"),
    ("c_low", "rate", "c low"),
    ("c_high", "rate", "c high"),
    ("k", "mean", "K"),
    ("k_low", "mean", "K low"),
    ("k_high", "mean", "K high"),
)
COLUMNS = tuple(Column(name=name, kind=kind, label=label) for name, kind, label in _PARTS)
"""K and its parts: i and K are means over customers."""

FATES: Mapping[str, str] = {
    "counted": "came in time: in K",
    "before": "were there already",
    "after": "came too late",
    "no_purchase": "referrer never bought",
    "outside": "referrer not of the period",
    "immature": "W is not over yet",
    "late": "named after buying",
    "self": "named themselves",
    "cycle": "in a cycle of referrals",
    "unknown": "named nobody known",
}
"""What naming a referrer may be worth; from `late` on the referral is not believed."""


def sample(total: int, squares: int, people: int) -> Sample:
    """Return the mean and spread of whole numbers of `people`, from their sum and their squares.

    The difference is taken in whole numbers, so that nothing is lost in it.
    """
    if not people:
        return Sample(0)
    if people == 1:
        return Sample(1, float(total))
    variance = (people * squares - total * total) / (people * (people - 1))
    return Sample(people, total / people, math.sqrt(variance))


def with_intervals(frame: pl.DataFrame) -> pl.DataFrame:
    """Put intervals beside i, c and K."""
    rows = [_with_intervals(row) for row in frame.iter_rows(named=True)]
    bounds = {
        name: pl.Series(name, [row[name] for row in rows], dtype=pl.Float64)
        for name in ("i_low", "i_high", "c_low", "c_high", "k_low", "k_high")
    }
    rated = frame.with_columns(*bounds.values())
    return rated.select("segment", *(one.name for one in COLUMNS))


def _with_intervals(row: Mapping[str, int]) -> dict[str, float | None]:
    customers, referred, bought = row["customers"], row["referred"], row["bought"]
    intervals = {
        "i": bounded_interval(sample(referred, row["referred_squares"], customers)),
        "c": wilson(bought, referred),
        "k": bounded_interval(sample(bought, row["bought_squares"], customers)),
    }
    return {
        f"{name}_{end}": bound
        for name, interval in intervals.items()
        for end, bound in zip(("low", "high"), interval, strict=True)
    }


def parts(frame: pl.DataFrame) -> Table:
    """Return K and its parts over all customers, in one row."""
    return Table(name="referrals", title="What customers bring", data=frame, columns=COLUMNS)


def fates(frame: pl.DataFrame) -> Table:
    """Return how many people name a referrer, by what that is worth; zeros too."""
    people = dict(frame.iter_rows())
    return table_of(
        "named",
        "People who name a referrer",
        (("fate", "text", "fate"), ("people", "count", "people"), ("meaning", "text", "meaning")),
        [
            {"fate": fate, "people": people.get(fate, 0), "meaning": meaning}
            for fate, meaning in FATES.items()
        ],
    )


def cycle_times(frame: pl.DataFrame) -> Table:
    """Return how long referring takes."""
    return Table(
        name="cycle_times",
        title="Cycle time: from a referrer's first purchase to the referred person's",
        data=frame,
        columns=(
            Column(name="until_event", kind="text", label="to the"),
            Column(name="people", kind="count", label="people"),
            Column(name="median_seconds", kind="seconds", label="median"),
            Column(name="p90_seconds", kind="seconds", label="p90"),
        ),
    )


def new_buyers(counts: Mapping[str, int]) -> Table:
    """Return the share of the period's new buyers who were referred."""
    buyers, referred = counts["new_buyers"], counts["referred"]
    low, high = wilson(referred, buyers)
    return table_of(
        "new_buyers",
        "New buyers",
        (
            ("new_buyers", "count", "new buyers"),
            ("referred", "count", "referred"),
            ("referred_rate", "rate", "share"),
            ("referred_low", "rate", "share low"),
            ("referred_high", "rate", "share high"),
        ),
        [
            {
                "new_buyers": buyers,
                "referred": referred,
                "referred_rate": referred / buyers if buyers else None,
                "referred_low": low,
                "referred_high": high,
            }
        ],
    )


def trees(engine: Engine, top: int) -> list[Table]:
    """Return the trees of credible referrals: how many, how deep and large; each generation."""
    engine.make("links", "referrals/valid")
    make_lines(engine)
    return [
        Table(
            name="tree",
            title="Trees of referrals",
            data=engine.fetch("referrals/tree"),
            columns=(
                Column(name="trees", kind="count", label="trees"),
                Column(name="people", kind="count", label="people"),
                Column(name="generations", kind="count", label="generations"),
                Column(name="largest", kind="count", label="largest"),
            ),
        ),
        Table(
            name="generations",
            title=f"By generation, the first {top} at most",
            data=engine.fetch("referrals/generations", {"top": top}),
            columns=(
                Column(name="generation", kind="count", label="generation"),
                Column(name="people", kind="count", label="people"),
                Column(name="bought", kind="count", label="bought"),
            ),
        ),
    ]


def champions(engine: Engine, question: Question, *, show_ids: bool) -> Table:
    """Return who brought the most people in the period, first by how many of them bought."""
    bounds = Bounds.of(question)
    values = {"since_us": bounds.since_us, "until_us": bounds.until_us, "top": question.top}
    frame = engine.fetch("referrals/champions", values)
    if not show_ids:
        ids = [short_id(user) for user in frame["user_id"].to_list()]
        frame = frame.with_columns(pl.Series("user_id", ids, dtype=pl.String))
    return Table(
        name="champions",
        title="Champions: who brought the most, of all who came in the period",
        data=frame,
        columns=(
            Column(name="user_id", kind="text", label="person"),
            Column(name="referred", kind="count", label="referred"),
            Column(name="bought", kind="count", label="bought"),
        ),
    )
