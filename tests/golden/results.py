"""Results made by hand: a funnel as it usually is, and one that holds every hard kind of value."""

import datetime as dt

import polars as pl

from hourglass.result import Column, InputFacts, Period, Result, Table
from hourglass.rules import Rules
from hourglass.stats import wilson

STAGES = ("know", "like", "trust", "try", "buy", "repeat", "refer")
USERS = (776_712, 194_109, 63_480, 25_391, 10_433, 4_212, 986)
INFINITE = float("inf")
EPOCH = dt.datetime(1970, 1, 1)
EVER = (776_712, 210_377, 81_004, 28_117, 11_020, 4_240, 9_731)
TIMES = (None, 93_780.0, 187_200.5, 266_400.0, 36_005.0, 1_296_000.0, 0.0)
KINDS = {"position": "count", "stage": "text", "other": "flag"}
LABELS = {
    "position": "#", "stage": "stage", "users": "people", "ever": "ever", "dropped": "lost",
    "step_rate": "step", "step_low": "step low", "step_high": "step high",
    "total_rate": "total", "total_low": "total low", "total_high": "total high",
    "immature": "immature", "mature_entrants": "mature entrants", "mature_users": "mature people",
    "mature_total_rate": "mature total", "mean_seconds": "mean", "median_seconds": "median",
    "p90_seconds": "p90",
}  # fmt: skip


def _kind(name):
    if name.endswith(("_rate", "_low", "_high")):
        return "rate"
    return (
        "seconds"
        if name.endswith("_seconds")
        else KINDS.get(name, "count" if name in LABELS else "text")
    )


def _columns(names):
    return tuple(Column(name=one, kind=_kind(one), label=LABELS.get(one, one)) for one in names)


def _stage(position, stages, users, ever, times, window):
    here, before = users[position], users[position - 1] if position else None
    following = users[position + 1] if position + 1 < len(users) else None
    step = wilson(here, before) if before is not None else (None, None)
    total = wilson(here, users[0])
    time = times[position] if here else None
    return {
        "position": position + 1, "stage": stages[position], "users": here,
        "ever": ever[position], "dropped": None if following is None else here - following,
        "step_rate": here / before if before else None, "step_low": step[0], "step_high": step[1],
        "total_rate": here / users[0] if users[0] else None,
        "total_low": total[0], "total_high": total[1],
        "immature": here // 12 if window else None,
        "mature_entrants": users[0] // 10 * 9 if window else None,
        "mature_users": here // 10 * 9 if window else None,
        "mature_total_rate": here / users[0] if window and users[0] else None,
        "mean_seconds": time and time * 1.4, "median_seconds": time,
        "p90_seconds": time and time * 3.7,
    }  # fmt: skip


def _schema(names):
    types = {"count": pl.Int64, "rate": pl.Float64, "seconds": pl.Float64, "flag": pl.Boolean}
    return {one: types.get(_kind(one), pl.String) if one in LABELS or one == "other" else pl.String
            for one in names}  # fmt: skip


def stages_table(stages=STAGES, users=USERS, ever=EVER, times=TIMES, window=True):
    rows = [_stage(nth, stages, users, ever, times, window) for nth in range(len(stages))]
    names = list(rows[0])
    frame = pl.DataFrame(rows, schema=_schema(names), orient="row")
    return Table(name="stages", title="Stages of hourglass", data=frame, columns=_columns(names))


def breakdown_table(groups, by, stages=STAGES, users=USERS, window=True):
    rows = []
    for nth, (group, other) in enumerate(groups):
        part = tuple(count // (2 + nth) for count in users)
        for position in range(len(stages)):
            row = _stage(position, stages, part, part, TIMES, window)
            rows.append({**dict(zip(by, group, strict=True)), "other": other, **row})
    names = list(rows[0])
    return Table(
        name="breakdown",
        title=f"By {', '.join(by)}",
        data=pl.DataFrame(rows, schema=_schema(names), orient="row"),
        columns=_columns(names),
        by=by,
        rows_name="stages",
    )


HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "a|b,c;\"d\"'e'",
    "=cmd()",
    "[bold]not markup[/bold]",
    "<script>alert(1)</script>",
    "\u202etxt.exe",
    "two\nlines",
    "推荐渠道",
    "a very long name of a campaign that somebody pasted together from everything there was",
)

FACTS = InputFacts(
    rows=10_000_000,
    users=999_954,
    rejected=3,
    duplicates=12,
    unmapped_events=4_600_597,
    first=dt.datetime(2026, 1, 1),
    last=dt.datetime(2026, 3, 31, 23, 59, 59, 250_000),
    without_user=7,
)


def funnel(*, window=True, by=False, stages=STAGES, users=USERS, ever=EVER, notes=(), times=TIMES):
    """A funnel of seven stages over a quarter, in the shape that the analysis gives it."""
    tables = [stages_table(stages, users, ever, times, window)]
    if by:
        groups = [((name,), False) for name in (*HOSTILE, None)] + [((None,), True)]
        tables.append(breakdown_table(groups, ("channel",), stages, users, window))
    rules = Rules(window=dt.timedelta(days=30) if window else None)
    return Result(
        analysis="funnel",
        title="Funnel of hourglass",
        model="hourglass",
        rules=rules.as_json(),
        period=Period(since=dt.datetime(2026, 1, 1), until=dt.datetime(2026, 4, 1)),
        tables=tuple(tables),
        input=FACTS,
        as_of=dt.datetime(2026, 3, 31, 23, 59, 59),
        notes=tuple(notes),
    )


def every_kind():
    """A table with a column of every kind, and in each the values that are hard to write."""
    columns = {
        "name": ("text", [*HOSTILE, None]),
        "people": ("count", [0, 1, -3, 1_234_567, 2**53 + 1, *[7] * 4, None]),
        "share_rate": ("rate", [0.0, 1.0, -0.0, 0.413, 1e-9, 1 - 1e-9, 1 / 3, 0.3, 2.5, None]),
        "share_low": ("rate", [0.0, 0.5, 0.0, 0.409, 0.0, 0.99, 0.3, 0.25, 2.0, None]),
        "share_high": ("rate", [0.2, 1.0, 0.0, 0.417, 1e-8, 1.0, 0.4, 0.35, 3.0, None]),
        "took_seconds": (
            "seconds",
            [0.0, 0.01, 1.2, 59.96, 3599.9, 86_400.0, 187_200.000001, 1e9, float("nan"), None],
        ),
        "at": (
            "moment",
            [dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, 0, 0, 0, 250), *[EPOCH] * 7, None],
        ),
        "day": ("date", [dt.date(2024, 2, 29), *[dt.date(1, 1, 1)] * 8, None]),
        "yes": ("flag", [True, False, *[True] * 7, None]),
        "ratio": ("number", [0.0, -0.0, 1.5, 1e20, INFINITE, -1e-9, 3.0, 1 / 3, 12345.678, None]),
    }  # fmt: skip
    frame = pl.DataFrame({name: values for name, (_, values) in columns.items()}, strict=False)
    table = Table(
        name="kinds",
        title="Every kind",
        data=frame,
        columns=tuple(Column(name=n, kind=k, label=n) for n, (k, _) in columns.items()),
    )
    return Result(
        analysis="kinds",
        title='Every kind of <value> | in "one" table',
        model="a|b",
        rules=Rules(where="name <> '\u202e|\n'").as_json(),
        period=Period(until=dt.datetime(2026, 3, 28, 22), timezone="Europe/Helsinki"),
        tables=(table,),
        input=InputFacts(
            rows=0, users=0, rejected=0, duplicates=0, unmapped_events=0, first=None, last=None
        ),
        notes=("A note with a | bar, an * asterisk,\nand a second line.",),
    )
