"""Durations as text, the same in tables and in sentences."""

import itertools
from datetime import timedelta

from hourglass.nouns import many

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_DAY = timedelta(days=1)


def short(seconds: float) -> str:
    """Write two units at most: `2 d 4 h`, `35 min`, `1.2 s`, `0 s`."""
    if seconds < 0:
        return f"-{short(-seconds)}"
    if seconds < 9.95:
        tenths = f"{seconds:.1f}".removesuffix(".0")
        return "<0.1 s" if tenths == "0" and seconds > 0 else f"{tenths} s"
    # Rounding may carry into the larger unit (59 min 60 s), so the finer one is chosen last.
    for (size, unit), (finer, fine_unit) in itertools.pairwise(_UNITS):
        rounded = round(seconds / finer) * finer
        if rounded >= size:
            whole, rest = divmod(rounded, size)
            return f"{whole:,} {unit}" + (f" {rest // finer} {fine_unit}" if rest else "")
    return f"{round(seconds)} s"


def said(span: timedelta) -> str:
    """Write a duration for a sentence: whole days by their name, `30 days`, else as in a table."""
    return short(span.total_seconds()) if span % _DAY or not span else many(span // _DAY, "day")
