"""The rules a funnel is counted by, and durations as people write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Literal
from zoneinfo import available_timezones

from hourglass.calendar import WEEKDAYS
from hourglass.errors import UsageError, nearest, shown
from hourglass.result import Json

_UNITS = {
    "us": "microseconds",
    "ms": "milliseconds",
    "s": "seconds",
    "m": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
}
_LONG = re.compile(r"(\d+(?:\.\d+)?) ?(millisecond|second|minute|hour|day|week)s?")
_SHORT = re.compile(r"(\d+(?:\.\d+)?)(us|ms|s|m|h|d|w)")
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every rule in force; the names are those of the definition, the JSON and the flags."""

    count: str = "user"
    """Who is counted: `user`, `session`, or a column."""
    order: Literal["ordered", "strict", "any"] = "ordered"
    window: timedelta | None = None
    window_from: Literal["entry", "previous"] = "entry"
    entry: Literal["best", "first", "last"] = "best"
    ties: Literal["helpful", "later", "row"] = "helpful"
    tie_tolerance: timedelta = timedelta()
    reuse: bool = False
    range: Literal["entry", "all"] = "entry"
    exclusion: Literal["drop", "void", "keep"] = "drop"
    strict_repeat: Literal["break", "pass"] = "break"
    closed: bool = True
    hold: str | None = None
    attribution: str = "first_touch"
    """`first_touch`, `last_touch`, `entry`, `all`, or `stage:` and the name of one."""
    where: str | None = None
    timezone: str = "UTC"
    week_start: str = "monday"

    @property
    def shares_instants(self) -> bool:
        """Whether stages may meet at one instant, and an event there fills only one of them."""
        return self.ties == "helpful" and not self.reuse

    @property
    def enters_anywhere(self) -> bool:
        """Whether an attempt may begin with an event of any stage."""
        return self.order == "any" or not self.closed

    def as_json(self) -> dict[str, Json]:
        """Every rule by name; durations in seconds, none is null."""
        return {one.name: plain(getattr(self, one.name)) for one in fields(self)}


ATTRIBUTIONS = ("first_touch", "last_touch", "entry", "all")
"""Values of `attribution`, besides `stage:` and the name of a stage."""

PRESETS: Mapping[str, Mapping[str, object]] = {
    "posthog": {
        "entry": "best",
        "ties": "helpful",
        "reuse": False,
        "window_from": "entry",
        "window": timedelta(days=14),
        "range": "all",
        "exclusion": "drop",
        "strict_repeat": "pass",
        "attribution": "first_touch",
    },
    "clickhouse": {"entry": "best", "ties": "helpful", "reuse": True, "range": "all"},
    "mixpanel": {
        "entry": "first",
        "tie_tolerance": timedelta(seconds=2),
        "range": "entry",
        "exclusion": "keep",
        "window": timedelta(days=7),
    },
    "mixpanel-reentry": {
        "entry": "best",
        "tie_tolerance": timedelta(seconds=2),
        "range": "entry",
        "exclusion": "keep",
        "window": timedelta(days=7),
    },
    "amplitude": {
        "entry": "best",
        "tie_tolerance": timedelta(seconds=1),
        "range": "entry",
        "attribution": "entry",
    },
    "umami": {"count": "session", "window_from": "previous", "reuse": True, "range": "all"},
    "ga4": {"window_from": "previous", "closed": True},
}
"""Rules that other tools count by, as far as they differ from ours or are their promise."""


def parse_duration(text: str) -> timedelta | None:
    """Read `none`, `30 days`, `2h` and the like; none is null, anything else raises UsageError."""
    words = text.strip().casefold()
    if words == "none":
        return None
    if long := _LONG.fullmatch(words):
        span = _span(long[1], long[2] + "s")
    elif short := _SHORT.fullmatch(words):
        span = _span(short[1], _UNITS[short[2]])
    else:
        span = None
    if span is None or span > _LONGEST:
        raise UsageError(
            f"{shown(text)} is not a duration",
            'write a number and a unit, as "30 days" or "2h", or "none"',
        )
    return span


def parse_span(text: str) -> timedelta | None:
    """Read a duration that limits something, or none; UsageError for one of no time at all."""
    span = parse_duration(text)
    if span is not None and not span:
        raise UsageError(f"{shown(text)} is no time at all", '"none" is no limit')
    return span


def parse_tolerance(text: str) -> timedelta:
    """Read a duration that may be none, which is also written 0."""
    return timedelta() if text.strip() == "0" else parse_duration(text) or timedelta()


def parse_timezone(text: str) -> str:
    """Return the name of a time zone as it was given; UsageError if there is no such zone."""
    if text != "UTC" and (text == "localtime" or text not in available_timezones()):
        raise UsageError(
            f'"{text}" is not a time zone{nearest(text, available_timezones())}',
            'write a name of the IANA list, as "Europe/Helsinki" or "UTC"',
        )
    return text


def parse_attribution(text: str) -> str:
    """Return the name of an attribution as it was given; UsageError if there is no such one."""
    if text in ATTRIBUTIONS or text.removeprefix("stage:").strip() not in ("", text):
        return text
    known = f"{', '.join(ATTRIBUTIONS)} or stage:NAME"
    raise UsageError(f'"{text}" is not an attribution{nearest(text, ATTRIBUTIONS)}', known)


def parse_weekday(text: str) -> str:
    """Return the name of a day of the week in small letters; UsageError if it is none."""
    if text.casefold() not in WEEKDAYS:
        guess = nearest(text.casefold(), WEEKDAYS)
        raise UsageError(
            f'"{text}" is not a day of the week{guess}', f"it is {' or '.join(WEEKDAYS)}"
        )
    return text.casefold()


def _span(number: str, unit: str) -> timedelta | None:
    try:
        return timedelta(**{unit: float(number)})
    except OverflowError:
        return None


def plain(value: object) -> Json:
    """Return the value of a rule as JSON holds it: durations in seconds."""
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        return int(seconds) if seconds.is_integer() else seconds
    assert value is None or isinstance(value, str | int | float | bool)
    return value


def worded(value: object) -> str:
    """Write the value of a rule as it may be typed."""
    if isinstance(value, timedelta):
        return written(value)
    return "none" if value is None else str(value).lower()


def written(span: timedelta) -> str:
    """Write a duration as it may be typed: in the largest unit that divides it, none is 0."""
    if not span:
        return "0"
    for name in ("days", "hours", "minutes", "seconds", "milliseconds"):
        count, rest = divmod(span, timedelta(**{name: 1}))
        if not rest:
            return f"{count} {name if count > 1 else name[:-1]}"
    return f"{span // timedelta(microseconds=1)}us"
