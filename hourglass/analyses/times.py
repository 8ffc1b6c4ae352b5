"""How long people took: beyond a mean and a median, how many took how long."""

from hourglass.analyses.question import Question
from hourglass.engines import Engine
from hourglass.errors import UsageError
from hourglass.result import Column, Kind, Result, Table

_STAGE: tuple[tuple[str, Kind, str], ...] = (
    ("position", "count", "#"),
    ("stage", "text", "stage"),
    ("time_from", "text", "from"),
)
_TIMES: tuple[tuple[str, Kind, str], ...] = (
    *_STAGE,
    ("users", "count", "people"),
    ("median_seconds", "seconds", "median"),
    ("p90_seconds", "seconds", "p90"),
    ("mean_seconds", "seconds", "mean"),
)
_BINS: tuple[tuple[str, Kind, str], ...] = (
    *_STAGE,
    ("low_seconds", "seconds", "at least"),
    ("high_seconds", "seconds", "below"),
    ("users", "count", "people"),
)


def refuse_by(question: Question) -> None:
    """Raise UsageError for a breakdown: times are those of everybody."""
    if question.by:
        raise UsageError(
            "--times shows the times of everybody, and not of each value of --by",
            f"ask for one value at a time: --where \"{question.by[0]} = '…'\"",
        )


def with_times(engine: Engine, question: Question, result: Result) -> Result:
    """Return the funnel `result`, just counted on this engine, with the tables of its times.

    `times` has one row a stage from the second on and `time_from` (`previous`: from the stage
    before; `entry`: from the entry of the attempt): users (people who took it), mean, median and
    p90 in seconds. `histogram` counts these people in bins of fixed bounds: `low_seconds` is in,
    `high_seconds` is not (null: no bound); zero has a bin of its own, the first. Raises UsageError
    for a breakdown.
    """
    refuse_by(question)
    engine.make("spans", "times/spans")
    tables = (
        _table(engine, "times", "How long people took", _TIMES),
        _table(
            engine,
            "histogram",
            "How many took how long; the longest bar of each is its most",
            _BINS,
        ),
    )
    return result._replace(tables=(*result.tables, *tables))


def _table(
    engine: Engine, name: str, title: str, columns: tuple[tuple[str, Kind, str], ...]
) -> Table:
    rows = engine.ask(f"times/{name}").pick(column for column, _, _ in columns)
    return Table(
        name=name,
        title=title,
        data=rows,
        columns=tuple(Column(name=n, kind=kind, label=label) for n, kind, label in columns),
    )
