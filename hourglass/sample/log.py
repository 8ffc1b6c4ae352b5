"""People put together into one log, in the order in which it arrives, with its truth."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

import polars as pl

from hourglass.errors import UsageError
from hourglass.sample import plan, truth
from hourglass.sample.dice import DAY, HOUR, SECOND, Dice
from hourglass.sample.life import Arrival, Life
from hourglass.sample.rows import COLUMNS, Row, rows_of
from hourglass.sample.truth import Outcome, Referral, Truth

_TYPES: dict[str, pl.DataType] = {
    "ts": pl.Int64(),
    "revenue": pl.Float64(),
    "rating": pl.Int32(),
}
_SCHEMA = {"arrival": pl.Int64(), **{name: _TYPES.get(name, pl.String()) for name in COLUMNS}}
_CHUNK = 5_000

_SELF_EVERY, _SELF = 1_500, 11
_UNKNOWN, _UNKNOWN_ID = 23, "partner-07"
_CYCLE = {40: 41, 41: 40}


class Sample(NamedTuple):
    """A log (columns of `rows.COLUMNS`, `ts` naive UTC, in order of arrival) and its truth."""

    frame: pl.DataFrame
    truth: Truth


def generate(people: int, seed: int, weeks: int = 13) -> Sample:
    """Make the log of the first `people` people of `seed`; UsageError if there is none to make.

    A person is the same however many come after: a smaller sample is part of a larger one.
    """
    if people < 1 or weeks < 1:
        raise UsageError("a sample needs at least one person and one week", "hourglass sample")
    until = weeks * 7 * DAY
    outcomes: list[Outcome] = []
    chunks: list[pl.DataFrame] = []
    lives = islice(_lives(seed, weeks), people)
    while some := list(islice(lives, _CHUNK)):
        outcomes += [_outcome(life, until) for life in some]
        chunks.append(_frame([row for life in some for row in rows_of(life, until)]))
    frame = pl.concat(chunks).sort("arrival", "event_id")
    counted = _truth(outcomes, frame, seed, weeks)
    start = pl.lit(plan.START).cast(pl.Datetime("us"))
    moments = (start + pl.col("ts").cast(pl.Duration("us"))).alias("ts")
    return Sample(frame.drop("arrival").with_columns(moments), counted)


def _lives(seed: int, weeks: int) -> Iterator[Life]:
    """Yield one life after another; whoever is invited comes as soon as the log has room."""
    invited: deque[Arrival] = deque()
    number = 0
    while True:
        number += 1
        dice = Dice(seed, number)
        oddity = _odd_referrer(number)
        if invited and oddity is None:
            arrival = invited.popleft()
        else:
            arrival = Arrival(_first(dice, weeks), oddity)
        life = Life(number, dice, arrival)
        invited.extend(one for one in life.brings if one.ts < weeks * 7 * DAY)
        yield life


def _odd_referrer(number: int) -> str | None:
    if number % _SELF_EVERY == _SELF:
        return f"u{number:06d}"
    if number == _UNKNOWN:
        return _UNKNOWN_ID
    return f"u{_CYCLE[number]:06d}" if number in _CYCLE else None


def _first(dice: Dice, weeks: int) -> int:
    week = dice.pick(range(weeks), plan.week_weights(weeks))
    day = dice.pick(range(7), plan.WEEKDAYS)
    hour = dice.pick(range(24), plan.HOURS)
    return (week * 7 + day) * DAY + hour * HOUR + dice.below(HOUR - SECOND)


def _outcome(life: Life, until: int) -> Outcome:
    return Outcome(
        first=life.reached[0],
        depth=sum(at < until for at in life.reached),
        anonymous=life.anonymous,
        channel=life.channel,
        orders=sum(at < until for at in life.orders),
        bought=min((at for at in life.orders if at < until), default=None),
        quoted=life.quoted is not None,
        referral=_referral(life, until),
        user_id=life.user_id,
        brought_by=life.arrival.referrer_id if life.arrival.invited else None,
    )


def _referral(life: Life, until: int) -> Referral:
    if life.arrival.invited:
        return "valid"
    if life.number in _CYCLE:
        return "cycle"
    if life.number == _UNKNOWN:
        return "unknown"
    if life.arrival.referrer_id is not None:
        return "self"
    return "late" if life.told_late is not None and life.told_late < until else "none"


def _frame(rows: list[Row]) -> pl.DataFrame:
    columns = dict(zip(_SCHEMA, zip(*rows, strict=True), strict=True))
    return pl.DataFrame(columns, schema=_SCHEMA)


def _truth(outcomes: list[Outcome], frame: pl.DataFrame, seed: int, weeks: int) -> Truth:
    as_of = frame["ts"].max()
    assert isinstance(as_of, int)
    closed = as_of - plan.WINDOW // timedelta(microseconds=1)
    starts = Counter(one.first // (7 * DAY) for one in outcomes)
    return Truth(
        people=len(outcomes),
        seed=seed,
        weeks=weeks,
        rows=frame.height,
        duplicates=frame.height - frame["event_id"].n_unique(),
        planted=truth.planted(outcomes),
        like_by_channel=truth.like_by_channel(),
        reached=truth.reached(one.unjoined for one in outcomes),
        reached_joined=truth.reached(one.depth for one in outcomes),
        mature=truth.reached(one.unjoined for one in outcomes if one.first <= closed),
        channels=truth.by_channel(outcomes),
        entrants_by_week=tuple(starts[week] for week in range(weeks)),
        purchases=_purchases(outcomes),
        quotes=truth.quotes(outcomes, as_of),
        referrals=Counter(one.referral for one in outcomes),
        brought=truth.brought(outcomes, as_of),
    )


def _purchases(outcomes: list[Outcome]) -> tuple[int, int, int]:
    first, second, third = (sum(one.orders >= n for one in outcomes) for n in (1, 2, 3))
    return first, second, third
