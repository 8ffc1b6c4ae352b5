"""The flags of a question: declared once, for every command that asks one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_type_hints

from hourglass.cli import options, question_options
from hourglass.cli.overwriting import refuse_overwriting
from hourglass.cli.reading_options import ReadingFlags
from hourglass.errors import UsageError

P = ParamSpec("P")
F = TypeVar("F", bound=ReadingFlags)

ON_SPARK = (
    "funnel", "trend", "compare", "retention", "referrals", "triggers", "touchpoints", "paths",
    "friction", "people", "report", "check", "reconcile", "inspect",
)  # fmt: skip
"""Commands that take --engine spark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags(ReadingFlags):
    """What a person typed; null is nothing. Every question takes all of these (`asks`)."""

    events: options.Events = None
    db: options.Db = None
    config: options.Config = None
    where: options.Where = None
    model: question_options.Model = None
    steps: question_options.Steps = None
    since: question_options.Since = None
    until: question_options.Until = None
    last_week: question_options.LastWeek = False
    as_of: question_options.AsOf = None
    tz: question_options.Tz = None
    by: question_options.By = None
    top: question_options.Top = 20
    like: question_options.Like = None
    count: question_options.Count = None
    order: question_options.Order = None
    window: question_options.Window = None
    window_from: question_options.WindowFrom = None
    entry: question_options.Entry = None
    ties: question_options.Ties = None
    tie_tolerance: question_options.TieTolerance = None
    reuse: question_options.Reuse = None
    range: question_options.Range = None
    exclusion: question_options.Exclusion = None
    strict_repeat: question_options.StrictRepeat = None
    closed: question_options.Closed = None
    hold: question_options.Hold = None
    week_start: question_options.WeekStart = None
    attribution: question_options.Attribution = None
    engine: options.Engine = "duckdb"
    master: options.Master = None
    queries: options.Queries = None
    memory_limit: options.MemoryLimit = None
    threads: options.Threads = None


def asks(command: Callable[Concatenate[Flags, P], None]) -> Callable[..., None]:
    """Give a command all flags of a question; it gets them as one `Flags`.

    What the command takes by position stands before EVENTS, its own options after the shared.
    """
    return _with(Flags, command)


def reads(command: Callable[Concatenate[ReadingFlags, P], None]) -> Callable[..., None]:
    """Give a command the flags that say how exports are read, as one `ReadingFlags`."""
    return _with(ReadingFlags, command)


def _with(shared: type[F], command: Callable[Concatenate[F, P], None]) -> Callable[..., None]:
    shared_hints = get_type_hints(shared, include_extras=True)
    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in list(signature(command).parameters.items())[1:]
    ]
    asked = [
        Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default)
        .replace(annotation=shared_hints[one.name])
        for one in fields(shared)
    ]  # fmt: skip
    first = [one for one in own if one.kind is not Parameter.KEYWORD_ONLY]
    last = [one for one in own if one.kind is Parameter.KEYWORD_ONLY]
    everything = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*first, *asked, *last)]

    @wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401  (typer hands over what the signature says)
        typed = {one.name: given.pop(one.name) for one in fields(shared)}
        _check_engine(command.__name__, typed)
        refuse_overwriting(command.__name__, {**typed, **given})
        cast("Callable[..., None]", command)(shared(**typed), **given)

    run.__signature__ = Signature(everything)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in everything}
    return run


def _check_engine(command: str, typed: Mapping[str, Any]) -> None:
    if typed.get("engine", "duckdb") == "spark" and command not in ON_SPARK:
        raise UsageError(f"{command} does not run on Spark", f"there run {', '.join(ON_SPARK)}")
