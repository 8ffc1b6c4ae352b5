"""What values of a configuration may be: each kind once, with its complaint in our words."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from hourglass.calendar import WEEKDAYS
from hourglass.errors import UsageError, nearest, shown
from hourglass.reading import parse_encoding
from hourglass.rules import ATTRIBUTIONS, parse_span, parse_timezone, parse_tolerance

T = TypeVar("T")


def outside(value: object, allowed: Sequence[object]) -> str:
    """Say that `value` is none of the `allowed` values of a rule, and which was meant."""
    words = [one if isinstance(one, str) else shown(one) for one in allowed]
    known = " or ".join(shown(one) for one in allowed)
    guess = nearest(value, words) if isinstance(value, str) and len(words) > 1 else ""
    return f"{shown(value)} is not among the values that this version counts by: {known}{guess}"


def problem(message: str) -> PydanticCustomError:
    """Return what a validator raises: the message is for the person who wrote the file."""
    return PydanticCustomError("ours", "{message}", {"message": message})


def _duration(value: object) -> timedelta | None:
    return _read(value, parse_span)


def _tolerance(value: object) -> timedelta:
    """Take a duration, or 0 for none."""
    if value == 0 and value is not False:
        return timedelta()
    return _read(value, parse_tolerance)


def _read(value: object, parse: Callable[[str], T]) -> T:
    if not isinstance(value, str):
        raise problem(f'{shown(value)} is not a duration; write one as "30 days" or "2h"')
    try:
        return parse(value)
    except UsageError as error:
        raise problem(f"{error.message}; {error.hint}") from None


def _or_none(value: object) -> object:
    return None if value == "none" else value


def _attribution(value: str) -> str:
    if value not in ATTRIBUTIONS and not value.removeprefix("stage:").strip():
        raise problem("names no stage")
    if value not in ATTRIBUTIONS and not value.startswith("stage:"):
        raise problem(outside(value, (*ATTRIBUTIONS, "stage:NAME")))
    return value


def _timezone(text: str) -> str:
    try:
        return parse_timezone(text)
    except UsageError as error:
        raise problem(error.message) from None


def _encoding_name(name: str) -> str:
    try:
        return parse_encoding(name)
    except UsageError as error:
        raise problem(error.message) from None


def _column_names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        if len({one.casefold() for one in value}) == len(value):
            return tuple(value)
        raise problem("names a column twice")
    raise problem(f"{shown(value)} is not a list of names of columns")


def _weekday(text: str) -> str:
    if text.casefold() not in WEEKDAYS:
        raise problem(f"{shown(text)} is not a day of the week{nearest(text, WEEKDAYS)}")
    return text.casefold()


def _ordinal(number: int) -> int:
    if number < 1:
        raise problem(f"{number} is not a place in a row; the first is 1")
    return number


def _filled(text: str) -> str:
    if not text.strip():
        raise problem("is empty")
    return text


def _event_names(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise problem('names no event; write a list, as ["order_paid"]')
    if not all(name.strip() for name in names):
        raise problem("an event name is empty")
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise problem(f"names the event {shown(twice[0])} twice")
    return names


def _listed(value: object) -> object:
    """Take one name for a list of one."""
    if isinstance(value, str | list):
        return (value,) if isinstance(value, str) else tuple(value)
    raise problem(f"{shown(value)} is not a list of event names")


Span = Annotated[timedelta | None, BeforeValidator(_duration)]
"""A duration; null is `none`."""
Tolerance = Annotated[timedelta, BeforeValidator(_tolerance)]
"""A duration, or 0."""
Ordinal = Annotated[int, AfterValidator(_ordinal)]
"""A whole number from 1."""
Filled = Annotated[str, AfterValidator(_filled)]
"""Text that is not empty."""
EventNames = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_event_names)]
"""Names of events, each once; one name stands for a list of one."""
ColumnNames = Annotated[tuple[str, ...], BeforeValidator(_column_names)]
"""Names of columns, each once; one name stands for a list of one."""
Zone = Annotated[str, AfterValidator(_timezone)]
Weekday = Annotated[str, AfterValidator(_weekday)]
EncodingName = Annotated[str, AfterValidator(_encoding_name)]
OrNone = Annotated[Filled | None, BeforeValidator(_or_none)]
"""Text, or the word `none`."""
Attribution = Annotated[str, AfterValidator(_attribution)]
"""How a person gets the value of a breakdown; `stage:` goes before the name of a stage."""


class Part(BaseModel):
    """A table of the configuration: frozen, without unknown keys or guessed types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
