"""The flags of a question: declared once, for every command that asks one."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, Concatenate, ParamSpec, cast, get_type_hints

from hourglass.cli import options

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What a person typed; null is nothing. Every question takes all of these (`asks`)."""

    events: options.Events = None
    db: options.Db = None
    config: options.Config = None
    where: options.Where = None
    encoding: options.Encoding = None
    columns: options.Columns = None
    source_tz: options.SourceTz = None
    date_order: options.DateOrder = None
    decimal: options.Decimal = None
    dedupe: options.Dedupe = None
    model: options.Model = None
    steps: options.Steps = None
    since: options.Since = None
    until: options.Until = None
    last_week: options.LastWeek = False
    as_of: options.AsOf = None
    tz: options.Tz = None
    by: options.By = None
    top: options.Top = 20
    like: options.Like = None
    count: options.Count = None
    order: options.Order = None
    window: options.Window = None
    window_from: options.WindowFrom = None
    entry: options.Entry = None
    ties: options.Ties = None
    tie_tolerance: options.TieTolerance = None
    reuse: options.Reuse = None
    range: options.Range = None
    attribution: options.Attribution = None
    queries: options.Queries = None
    memory_limit: options.MemoryLimit = None
    threads: options.Threads = None


def asks(command: Callable[Concatenate[Flags, P], None]) -> Callable[..., None]:
    """Give a command all flags of a question; it gets them as one `Flags`.

    What the command takes by position stands before EVENTS, its own options after the shared.
    """
    shared = get_type_hints(Flags, include_extras=True)
    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in list(signature(command).parameters.items())[1:]
    ]
    asked = [
        Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default)
        .replace(annotation=shared[one.name])
        for one in fields(Flags)
    ]  # fmt: skip
    first = [one for one in own if one.kind is not Parameter.KEYWORD_ONLY]
    last = [one for one in own if one.kind is Parameter.KEYWORD_ONLY]
    everything = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*first, *asked, *last)]

    @wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401  (typer hands over what the signature says)
        typed = {name: given.pop(name) for name in shared}
        cast("Callable[..., None]", command)(Flags(**typed), **given)

    run.__signature__ = Signature(everything)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in everything}
    return run
