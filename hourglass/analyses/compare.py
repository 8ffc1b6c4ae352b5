"""Two periods, or two segments: what differs, how surely, and where the change comes from."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hourglass.analyses.differences import LEAST, MARKED, compare_tables
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.sides import Segment, Side, period_side, segment_sides
from hourglass.calendar import local_day
from hourglass.engines import Engine
from hourglass.errors import UsageError, nearest
from hourglass.result import Period, Result

_LIKE = 0.05
"""Parts of the sides that differ by less are alike: one ends with the last event, not the day."""
_MOST_OF_A_DAY = timedelta(hours=23)


def compare_periods(
    engine: Engine,
    question: Question,
    base: Period,
    delivery: Delivery | None = None,
    stage: str | None = None,
) -> Result:
    """Compare the period of a question with the period `base`.

    Tables: `compare`, one row a stage; `sides`; and with `question.by` the split of the change
    of the rate to `stage` (null: the last), as `change` and `split`. Raises UsageError for
    periods that overlap, for an unknown stage and for an attribution that cannot
    be split by.
    """
    position = _position(question, stage)
    if _overlap(question.period, base):
        raise UsageError(
            "the two periods overlap, so that the same entries would be on both sides",
            "end one before the other begins: --base-until, or --previous",
        )
    sides = [period_side(engine, question, period, delivery) for period in (base, question.period)]
    earlier = [] if question.rules.window else [
        "without a window, people of the earlier period had more time to go on"
    ]  # fmt: skip
    title = f"Funnel of {question.model.name}, two periods compared"
    return _compared(question, sides, position, title, earlier)


def compare_segments(
    engine: Engine,
    question: Question,
    segments: tuple[Segment, Segment],
    delivery: Delivery | None = None,
    stage: str | None = None,
) -> Result:
    """Compare people of the second segment with those of the first; tables as for periods.

    Raises UsageError for a segment against itself and for a split by a column that tells the
    segments apart, DataError for a value that nobody has.
    """
    position = _position(question, stage)
    base, segment = segments
    if base == segment:
        raise UsageError(f"both segments are {segment}", "name two that differ")
    if shared := {base.column, segment.column} & set(question.by):
        raise UsageError(
            f"{shared.pop()} tells the segments apart, so it cannot split their difference too",
            "split by another column, or leave out --by",
        )
    sides = segment_sides(engine, question, segments, delivery)
    touch = question.rules.attribution.replace("_", " ")
    title = f"Funnel of {question.model.name}, {segment} against {base}"
    return _compared(question, sides, position, title, [f"a person's segment: {touch}"])


def _position(question: Question, stage: str | None) -> int:
    names = [one.name for one in question.model.stages]
    if question.rules.order == "any":
        names = [f"any {count}" for count in range(1, len(names) + 1)]
    if stage is not None and stage not in names:
        raise UsageError(
            f'there is no stage "{stage}"{nearest(stage, names)}',
            f"the stages of {question.model.name} are {', '.join(names)}",
        )
    if question.persona_dimension is not None:
        raise UsageError(
            "a change cannot be split by persona: a person may have several",
            "compare two segments instead, each with --where",
        )
    if question.by and question.rules.attribution not in ("first_touch", "entry"):
        raise UsageError(
            f"a change cannot be split by {question.rules.attribution}: it depends on what people"
            " did after they entered, so that shares of entrants mean nothing",
            "--attribution first_touch, or entry",
        )
    return len(names) if stage is None else names.index(stage) + 1


def _overlap(one: Period, other: Period) -> bool:
    """Say whether two periods share an instant; a bound that is not there is far away."""
    ends = ((one.until, other.since), (other.until, one.since))
    return not any(until and since and until <= since for until, since in ends)


def _cut_short(question: Question, sides: Sequence[Side]) -> list[str]:
    """Warn where entries of a part of one side's time alone are old enough to count.

    Who comes often has more entries in a longer time, and of them the best counts.
    """
    as_of, reach = question.as_of or sides[1].result.as_of, question.reach
    if as_of is None or reach is None or reach > as_of - datetime.min:
        return []
    mature = as_of - reach
    parts = [_days_that_count(one.since, one.until, mature) for one in (sides[1], sides[0])]
    shares = [counts / days for counts, days in parts]
    # where nothing of a side counts, that is said anyway
    if not all(shares) or abs(shares[0] - shares[1]) < _LIKE:
        return []
    side, base = (f"{counts:.3g} of {days:.3g} days" for counts, days in parts)
    last = local_day(mature - _MOST_OF_A_DAY, question.rules.timezone)
    return [
        f"old enough to count are {side} of the side compared, and {base} of the base: who comes"
        " again has more entries in a longer time, and the best counts;"
        f" --until {last} takes days that all are old enough"
    ]


def _days_that_count(
    since: datetime | None, until: datetime | None, mature: datetime
) -> tuple[float, float]:
    """Say of how many days entries are old enough to count, and how many days there are.

    Of a side without bounds nobody can say it: none of one.
    """
    if since is None or until is None:
        return 0, 1
    counts = min(until, max(mature, since)) - since
    return counts / timedelta(days=1), (until - since) / timedelta(days=1)


def _compared(
    question: Question, sides: Sequence[Side], position: int, title: str, notes: Sequence[str]
) -> Result:
    base, side = sides
    warnings = [*_warnings(base, side), *_cut_short(question, sides)]
    return Result(
        analysis="compare",
        title=title,
        model=question.model.name,
        rules=side.result.rules,
        period=question.period,
        tables=tuple(compare_tables(question, base, side, position)),
        input=side.result.input,
        as_of=side.result.as_of,
        notes=(*dict.fromkeys([*warnings, *notes, *_notes(question)]),),
        warnings=tuple(warnings),
    )


def _warnings(base: Side, side: Side) -> list[str]:
    """Say what is wrong with each side; what both share is said once."""
    found = list(side.result.warnings)
    found += [f"base: {one}" for one in base.result.warnings if one not in found]
    for name, one in (("base", base), ("side compared", side)):
        if one.counts.entered and not one.counts.entrants:
            found.append(f"nobody of the {name} entered so long ago that the window is over")
    return found


def _notes(question: Question) -> list[str]:
    notes = [
        "points are percentage points, the base taken away",
        "intervals and tests take the sides as independent; people on both count on each",
        f"q is Fisher's p, adjusted over the rows with {LEAST} people or more on each side;"
        f" * marks those of {MARKED} or less",
    ]
    if question.rules.window is not None:
        notes.insert(1, "only entries whose window is over count, on both sides")
    return notes
