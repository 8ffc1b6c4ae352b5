"""The only place where a value becomes text for people.

Rates come in as fractions, durations as seconds, instants as naive UTC; null is a dash.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from hourglass import durations
from hourglass.result import Kind, Period

NULL = "–"
NONE = "(none)"
"""A person without a value, in a breakdown."""
OTHER = "(other)"
"""The row of folded values, in a breakdown."""

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences begin here
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the reading direction
    "\u2028\u2029\ud800-\udfff]"  # line ends of Unicode, halves that no encoding takes
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ASCII = str.maketrans("–─·×÷≥…█▐▌▕▏▁▂▃▄▅▆▇", "--.x/>.#::||_.-:=+*")
_DAY = dt.timedelta(days=1)
_NOTHING = 1e-12
"""Differences of rates below this are what is left of two equal ones."""
_SMALLEST = 0.000001
"""The smallest mean that is written out."""


def visible(text: str) -> str:
    r"""Show characters that could act on a terminal as text: `\x1b`, `\u202e`, `\n`."""
    return _INVISIBLE.sub(lambda found: _escaped(found[0]), text)


def in_ascii(text: str) -> str:
    """Replace the signs used here by ASCII ones, for a terminal that cannot take them."""
    return text.translate(_ASCII)


def count(value: int | None) -> str:
    """`1,234,567`."""
    return NULL if value is None else f"{value:,}"


def rate(value: float | None) -> str:
    """`41.3 %`, `0.13 %`; what is not quite nothing or all never looks as if it were."""
    if value is None or not math.isfinite(value):
        return NULL
    size, sign = abs(value), "-" if value < 0 else ""
    decimals = _decimals(size, size)
    digits = _percent(size, decimals)
    if digits == "0.00" and size > 0:
        return f"{'>-' if sign else '<'}0.01 %"
    if digits == "100.00" and size < 1:
        return f"{'<-' if sign else '>'}99.99 %"
    return f"{sign if size else ''}{digits} %"


def interval(low: float | None, high: float | None) -> str:
    """`40.9–41.7 %`; bounds that come near 0 or 1 without being so are rounded outwards."""
    if low is None or high is None:
        return NULL
    decimals = _decimals(low, high)
    finest = 10.0 ** (-2 - decimals)
    below = min(low, 1 - finest) if low < 1 else low
    above = max(high, finest) if high > 0 else high
    return f"{_percent(below, decimals)}–{_percent(above, decimals)} %"


def points(value: float | None) -> str:
    """Write a difference of rates in percentage points: `+1.2`, `-0.04`; only none has no sign."""
    return NULL if value is None or not math.isfinite(value) else _points(value, _finely(value))


def points_interval(low: float | None, high: float | None) -> str:
    """`-3.8 to +19.3`, in percentage points."""
    if low is None or high is None:
        return NULL
    decimals = _finely(low, high)
    return f"{_points(low, decimals)} to {_points(high, decimals)}"


def change(now: float, before: float) -> str:
    """Write by how much a count changed, relative to what it was: `+12 %`, `-3.1 %`, `0 %`."""
    if not before:
        return NULL
    percent = 100 * (now / before - 1)
    if abs(percent) >= 9.95:
        return f"{percent:+,.0f} %"
    return "0 %" if abs(percent) < 0.05 else f"{percent:+.1f} %"


def p_value(value: float | None) -> str:
    """`0.034`, `<0.001`; a p that is not quite one never looks as if it were."""
    if value is None or not math.isfinite(value):
        return NULL
    if value < 0.0005:
        return "<0.001"
    return ">0.999" if 0.9995 <= value < 1 else f"{value:.3f}"


def seconds(value: float | None) -> str:
    """Two units at most: `2 d 4 h`, `35 min`, `1.2 s`, `0 s`."""
    if value is None or not math.isfinite(value):
        return NULL
    return durations.short(value)


def moment(value: dt.datetime | None, timezone: str = "UTC") -> str:
    """`2026-01-01T00:00:00Z`, in `timezone`, with a fraction only where there is one."""
    here = _local(value, _zone(timezone))
    return NULL if here is None else here.isoformat().replace("+00:00", "Z")


def date(value: dt.date | None) -> str:
    """`2026-01-01`."""
    return NULL if value is None else value.isoformat()[:10]


def number(value: float | None) -> str:
    """Write a whole number as a count, any other with two decimals."""
    if value is None or not math.isfinite(value):
        return NULL
    whole = float(value).is_integer() and abs(value) < 1e15
    text = f"{int(value):,}" if whole else f"{value:,.2f}"
    return "0.00" if text == "-0.00" else text


def mean(value: float | None) -> str:
    """Write a mean over people with three digits, six decimals at most: `0.0412`, `1.26`."""
    if value is None or not math.isfinite(value):
        return NULL
    if 0 < abs(value) < _SMALLEST:
        return f"<{_SMALLEST:.6f}" if value > 0 else f">-{_SMALLEST:.6f}"
    return _mean(value, _mean_decimals(value))


def mean_interval(low: float | None, high: float | None) -> str:
    """`0.0213–0.0631`, and where a bound is negative `-3.1 to 24.9`."""
    if low is None or high is None:
        return NULL
    decimals = _mean_decimals(low, high)
    between = " to " if low < 0 else "–"
    return f"{_mean(low, decimals)}{between}{_mean(high, decimals)}"


def period(value: Period) -> str:
    """Write the period in its own time zone, last day included: `2026-01-01 to 2026-03-31`."""
    zone = _zone(value.timezone)
    since, until = _local(value.since, zone), _local(value.until, zone)
    if since is None and until is None:
        return "all data"
    first = "the beginning" if since is None else _bound(since)
    if until is None:
        return f"from {first}"
    if _midnight(until):
        return f"{first} to {(until - _DAY).date().isoformat()}"
    return f"{first} until {_bound(until)}"


def cell(value: object, kind: Kind, timezone: str = "UTC") -> str:
    """Write a value of any kind of column; instants in `timezone`."""
    if isinstance(value, dt.datetime) and kind == "moment":
        return moment(value, timezone)
    return NULL if value is None else _WRITERS[kind](value)


def _decimals(low: float, high: float) -> int:
    """Return one decimal of a percent, or two near 0 and 1, where one would say too little."""
    return 2 if 0 < high < 0.00995 or 0.99 < low < 1 else 1


def _finely(*differences: float) -> int:
    """Return two decimals of a point where every difference is small, else one."""
    return 2 if _NOTHING < max(map(abs, differences)) < 0.00995 else 1


def _points(value: float, decimals: int) -> str:
    if abs(value) < _NOTHING:
        return f"{0:.{decimals}f}"
    return f"{100 * value:+.{decimals}f}"


def _mean_decimals(*values: float) -> int:
    """Return how many decimals leave three digits of the largest value."""
    largest = max(map(abs, values))
    return min(6, max(0, 2 - math.floor(math.log10(largest)))) if largest else 2


def _mean(value: float, decimals: int) -> str:
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"


def _percent(value: float, decimals: int) -> str:
    return f"{value + 0.0:.{decimals}%}"[:-1]


def _escaped(char: str) -> str:
    code = ord(char)
    return _SHORT.get(char) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _zone(name: str) -> dt.tzinfo:
    return dt.UTC if name == "UTC" else ZoneInfo(name)


def _local(value: dt.datetime | None, zone: dt.tzinfo) -> dt.datetime | None:
    return None if value is None else value.replace(tzinfo=dt.UTC).astimezone(zone)


def _midnight(value: dt.datetime) -> bool:
    return value.time() == dt.time.min


def _bound(value: dt.datetime) -> str:
    if _midnight(value):
        return value.date().isoformat()
    return value.isoformat().replace("+00:00", "Z")


_WRITERS: Mapping[Kind, Callable[..., str]] = {
    "text": lambda value: visible(str(value)),
    "count": count,
    "rate": rate,
    "points": points,
    "p": p_value,
    "seconds": seconds,
    "moment": moment,
    "date": date,
    "flag": lambda value: "yes" if value else "no",
    "number": number,
    "mean": mean,
}
