"""The tables of a comparison: stage by stage, the two sides, and the change split by segment."""

from collections.abc import Sequence
from fractions import Fraction

from hourglass.analyses.question import Question
from hourglass.analyses.sides import Side
from hourglass.analyses.split import Part, Reached, added, folded, rate_of, split, whole
from hourglass.analyses.tables import Row, table_of
from hourglass.result import Kind, Table
from hourglass.stats import adjusted, fisher, newcombe, wilson

LEAST, MARKED = 30, 0.05
"""People on each side from which a row is judged, and the q up to which it is marked."""

_RATE: tuple[tuple[str, Kind, str], ...] = (
    ("base_{}_rate", "rate", "base {} rate"),
    ("base_{}_low", "rate", "base {} low"),
    ("base_{}_high", "rate", "base {} high"),
    ("{}_rate", "rate", "{}"),
    ("{}_low", "rate", "{} low"),
    ("{}_high", "rate", "{} high"),
    ("{}_difference", "points", "points"),
    ("{}_difference_low", "points", "points low"),
    ("{}_difference_high", "points", "points high"),
    ("{}_p", "p", "p"),
    ("{}_q", "p", "q"),
    ("{}_marked", "flag", "marked"),
)
_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("position", "count", "#"),
    ("stage", "text", "stage"),
    ("base_users", "count", "base"),
    ("users", "count", "people"),
    *(
        (name.format(rate), kind, label.format(rate))
        for rate in ("total", "step")
        for name, kind, label in _RATE
    ),
)
_SIDES: tuple[tuple[str, Kind, str], ...] = (
    ("side", "text", "side"),
    ("segment", "text", "segment"),
    ("since", "moment", "since"),
    ("until", "moment", "until (out)"),
    ("entrants", "count", "entrants"),
    ("counted", "count", "counted"),
)
_EFFECTS: tuple[tuple[str, Kind, str], ...] = (
    ("base_entrants", "count", "base"),
    ("entrants", "count", "people"),
    ("base_total_rate", "rate", "base total rate"),
    ("total_rate", "rate", "total"),
    ("mix", "points", "mix"),
    ("rate", "points", "rate"),
    ("change", "points", "change"),
)


def compare_tables(question: Question, base: Side, side: Side, position: int) -> list[Table]:
    """Return `compare` and `sides`, and with `question.by` also `change` and `split`.

    The change that is split is that of the rate to the stage at `position`.
    """
    rows = _rows(base, side, closed=question.rules.closed)
    return [
        table_of("compare", "Stages compared", _COLUMNS, rows),
        table_of("sides", "The two sides", _sides_columns(base), _side_rows(base, side)),
        *(_split(question, base, side, position) if question.by else ()),
    ]


def _rows(base: Side, side: Side, *, closed: bool) -> list[Row]:
    """Compare stage by stage; the first is everybody where funnels are `closed`, and not judged."""
    rows: list[Row] = []
    for place, stage in enumerate(side.stages):
        row: Row = {
            "position": place + 1,
            "stage": stage,
            "base_users": base.counts.users[place],
            "users": side.counts.users[place],
        }
        judged = place > 0 or not closed
        row |= _rate("total", side.counts.total(place), base.counts.total(place), judged=judged)
        if place:
            row |= _rate("step", side.counts.step(place), base.counts.step(place), judged=True)
        rows.append(row)
    for rate in ("total", "step"):
        judge(rows, rate)
    return rows


def _rate(rate: str, side: Reached, base: Reached, *, judged: bool) -> Row:
    """Compare the share of those who could reach a stage that did."""
    (could, came), (base_could, base_came) = side, base
    rates = _spread(f"base_{rate}", base) | _spread(rate, side)
    before, after = _share(base_came, base_could), _share(came, could)
    if not judged or before is None or after is None:
        return rates
    counts = came, could, base_came, base_could
    low, high = newcombe(*counts)
    return rates | {
        f"{rate}_difference": after - before,
        f"{rate}_difference_low": low,
        f"{rate}_difference_high": high,
        f"{rate}_p": fisher(*counts),
        f"{rate}_judged": min(could, base_could) >= LEAST,
    }


def _spread(name: str, counted: Reached) -> Row:
    """Return a rate with its interval."""
    could, came = counted
    low, high = wilson(came, could)
    return {f"{name}_rate": _share(came, could), f"{name}_low": low, f"{name}_high": high}


def judge(rows: Sequence[Row], rate: str) -> None:
    """Adjust the p of all rows with enough people on each side, and mark what differs.

    Rows with `RATE_judged` true are judged by `RATE_p`, and get `RATE_q` and `RATE_marked`.
    """
    judged = [row for row in rows if row.pop(f"{rate}_judged", False)]
    p_values = [float(str(row[f"{rate}_p"])) for row in judged]
    for row, q in zip(judged, adjusted(p_values), strict=True):
        row[f"{rate}_q"] = q
        row[f"{rate}_marked"] = q is not None and q <= MARKED


def _side_rows(base: Side, side: Side) -> list[Row]:
    return [
        {
            "side": name,
            "segment": one.segment,
            "since": one.since,
            "until": one.until,
            "entrants": one.counts.entered,
            "counted": one.counts.entrants,
        }
        for name, one in (("base", base), ("compared", side))
    ]


def _sides_columns(base: Side) -> tuple[tuple[str, Kind, str], ...]:
    """Leave out the column that has nothing to say."""
    unsaid = {"segment"} if base.segment is None else {"since", "until"}
    return tuple(one for one in _SIDES if one[0] not in unsaid)


def _split(question: Question, base: Side, side: Side, position: int) -> list[Table]:
    stage = side.stages[position - 1]
    counts = base.reached(position), side.reached(position)
    by: tuple[tuple[str, Kind, str], ...] = tuple((name, "text", name) for name in question.by)
    rows: list[Row] = [
        {**_named(question.by, part), "other": not part.values, **_effects(part)}
        for part in folded(split(*counts), question.top)
    ]
    return [
        table_of(
            "change",
            f"The change at {stage}: people from other segments (mix), or segments that convert"
            " otherwise (rate)",
            (("stage", "text", "stage"), *_EFFECTS),
            [{"stage": stage, **_effects(whole(*counts))}],
        ),
        table_of(
            "split",
            f"By {', '.join(question.by)}",
            (*by, ("other", "flag", "other"), *_EFFECTS),
            rows,
            by=question.by,
        ),
    ]


def _named(by: Sequence[str], part: Part) -> Row:
    return dict(zip(by, part.values or (None,) * len(by), strict=True))


def _effects(part: Part) -> Row:
    change = added((part.mix, part.rate))
    return {
        "base_entrants": part.base[0],
        "entrants": part.side[0],
        "base_total_rate": _number(rate_of(part.base)),
        "total_rate": _number(rate_of(part.side)),
        "mix": _number(part.mix),
        "rate": _number(part.rate),
        "change": _number(change),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _share(users: int, entrants: int) -> float | None:
    return users / entrants if entrants else None
