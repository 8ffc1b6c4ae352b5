"""The shape of `hourglass.toml`: its keys and what their values may be."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Annotated, Any, Self, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hourglass.errors import UsageError, nearest
from hourglass.reading import DateOrder, Decimal, parse_encoding
from hourglass.rules import Rules, parse_duration, parse_timezone
from hourglass.stages import HOURGLASS, ROLLUPS

ROLES = ("user", "event", "timestamp", "session", "event_id", "channel", "revenue", "referrer")
"""The parts that a column of an export can play: the keys of `[columns]`."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BUILT_IN = ("hourglass", *ROLLUPS)
"""Names of models that come from `[stages]` and cannot be defined anew."""


def shown(value: object, longest: int = 60) -> str:
    """Return a value as it would stand in the file, on one line, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def outside(value: object, allowed: Sequence[object]) -> str:
    """Say that `value` is none of the `allowed` values of a rule, and which was meant."""
    words = [one if isinstance(one, str) else shown(one) for one in allowed]
    known = " or ".join(shown(one) for one in allowed)
    guess = nearest(value, words) if isinstance(value, str) and len(words) > 1 else ""
    return f"{shown(value)} is not among the values that this version counts by: {known}{guess}"


def _problem(message: str) -> PydanticCustomError:
    return PydanticCustomError("ours", "{message}", {"message": message})


def _duration(value: object) -> timedelta | None:
    if not isinstance(value, str):
        raise _problem(f'{shown(value)} is not a duration; write one as "30 days" or "2h"')
    try:
        span = parse_duration(value)
    except UsageError as error:
        raise _problem(f"{shown(value)} is not a duration; {error.hint}") from None
    if span is not None and span <= timedelta():
        raise _problem(f'{shown(value)} is no time at all; "none" is no limit')
    return span


def _tolerance(value: object) -> timedelta:
    """Take a duration, or 0 for none."""
    if value in (0, "0", "none") and value is not False:
        return timedelta()
    return _duration(value) or timedelta()


def _none_word(value: object) -> None:
    if value != "none":
        raise _problem(outside(value, ["none"]))


def _timezone(text: str) -> str:
    try:
        return parse_timezone(text)
    except UsageError as error:
        raise _problem(error.message) from None


def _encoding(name: str) -> str:
    try:
        return parse_encoding(name)
    except UsageError as error:
        raise _problem(error.message) from None


def _column_names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        if len({one.casefold() for one in value}) == len(value):
            return tuple(value)
        raise _problem("names a column twice")
    raise _problem(f"{shown(value)} is not a list of names of columns")


def _weekday(text: str) -> str:
    if text.casefold() not in WEEKDAYS:
        raise _problem(f"{shown(text)} is not a day of the week{nearest(text, WEEKDAYS)}")
    return text.casefold()


def _filled(text: str) -> str:
    if not text.strip():
        raise _problem("is empty")
    return text


def _events(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise _problem('names no event; write a list, as ["order_paid"]')
    if not all(name.strip() for name in names):
        raise _problem("an event name is empty")
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise _problem(f"names the event {shown(twice[0])} twice")
    return names


def _listed(value: object) -> object:
    """Take one name for a list of one."""
    if isinstance(value, str | list):
        return (value,) if isinstance(value, str) else tuple(value)
    raise _problem(f"{shown(value)} is not a list of event names")


def _stage_table(value: object) -> object:
    """Take a bare name or list for a table that has nothing but `events`."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str | list):
        return {"events": value}
    raise _problem("must be a list of event names, or a table {events, where, within, min_gap}")


Span = Annotated[timedelta | None, BeforeValidator(_duration)]
Filled = Annotated[str, AfterValidator(_filled)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StageTable(_Part):
    """The value of one stage."""

    events: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_events)]
    where: Filled | None = None
    within: Span = None
    min_gap: Span = None

    @model_validator(mode="after")
    def _gap_fits(self) -> Self:
        if self.within and self.min_gap and self.within < self.min_gap:
            raise _problem("within is shorter than min_gap, so nobody can reach the stage")
        return self


StageValue = Annotated[StageTable, BeforeValidator(_stage_table)]


class ModelTable(_Part):
    """`[models.NAME]`: nothing but its stages, in the order written."""

    stages: dict[Filled, StageValue]


RULE_HINTS = get_type_hints(Rules)
_RULE_VALUES: Mapping[str, Any] = {
    "count": Filled,
    "window": Span,
    "tie_tolerance": Annotated[timedelta, BeforeValidator(_tolerance)],
    "hold": Annotated[None, BeforeValidator(_none_word)],
    "where": Filled | None,
    "timezone": Annotated[str, AfterValidator(_timezone)],
    "week_start": Annotated[str, AfterValidator(_weekday)],
}


def _table(name: str, **keys: Any) -> Any:  # noqa: ANN401  (classes made of data have no type)
    return create_model(name, __base__=_Part, **keys)


_Names = Annotated[tuple[str, ...], BeforeValidator(_column_names)]
SourceTable = _table(
    "Source",
    encoding=(Annotated[str, AfterValidator(_encoding)] | None, None),
    columns=(_Names, ()),
    timezone=(Annotated[str, AfterValidator(_timezone)], "UTC"),
    date_order=(DateOrder | None, None),
    decimal=(Decimal | None, None),
    dedupe=(_Names, ()),
)
"""`[source]`: the fields of `Reading`."""

File = _table(
    "File",
    model=(Filled, None),
    queries=(Filled, None),
    columns=(_table("Columns", **dict.fromkeys(ROLES, (str, None))), None),
    source=(SourceTable, None),
    stages=(_table("Stages", **dict.fromkeys(HOURGLASS, (StageValue, None))), None),
    models=(dict[Filled, ModelTable], {}),
    rules=(
        _table(
            "Rules",
            **{
                one.name: (_RULE_VALUES.get(one.name, RULE_HINTS[one.name]), one.default)
                for one in fields(Rules)
            },
        ),
        None,
    ),
)
"""A whole `hourglass.toml`, its tables and keys as attributes; null where the file has none."""
