"""Whether dates of numbers begin with the day or with the month: all values of a column say it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hourglass.errors import DataError
from hourglass.reading import DateOrder
from hourglass.sources.written import spaced

_OF_NUMBERS = r"^(\d{1,2})[-./](\d{1,2})(?:[-./]\d{4}|[./]\d\d(?:[ T,]|$))"
"""A date of numbers, with a year of four digits or of two."""
_LONGEST = 11
"""Characters that say how the numbers of a date stand, and what comes after them."""


class Styles(NamedTuple):
    """How many values of a column are written in which way."""

    understood: int = 0
    day_first: int = 0
    month_first: int = 0
    undecided: int = 0
    """Dates of numbers that may be either, and differ."""
    naive: int = 0
    year_first: int = 0
    """Dates as 24/03/01, which may begin with the day or the year."""


def styles(value: str, relation: str) -> str:
    """Write the query for the `Styles` of a column of text."""
    return (
        "SELECT coalesce(sum(understood), 0),"
        f" coalesce(sum(rows) FILTER (n AND {day_first('t')}), 0),"
        f" coalesce(sum(rows) FILTER (n AND {month_first('t')}), 0),"
        f" coalesce(sum(rows) FILTER (n AND {either('t')}), 0), coalesce(sum(naive), 0),"
        f" coalesce(sum(rows) FILTER (n AND {year_first('t')}), 0)"
        f" FROM (SELECT *, regexp_matches(t, '{_OF_NUMBERS}') AS n FROM ("
        f"SELECT left(t, {_LONGEST}) AS t, count(*) AS rows,"
        " count(*) FILTER (numbers OR w IS NOT NULL) AS understood,"
        " count(*) FILTER (numbers OR hourglass_naive(w)) AS naive FROM ("
        "SELECT *, CASE WHEN NOT numbers THEN hourglass_written(t, 'dmy') END AS w"
        " FROM (SELECT t, hourglass_numbers(t) AS numbers"
        f" FROM (SELECT nullif(trim({spaced(value)}), '') AS t FROM {relation} AS s)))"
        " GROUP BY ALL))"
    )


def day_first(text: str) -> str:
    """Write the condition of dates that begin with the day for sure."""
    return _decides(text, 1, 2)


def month_first(text: str) -> str:
    """Write the condition of dates that begin with the month for sure."""
    return _decides(text, 2, 1)


def year_first(text: str) -> str:
    """Write the condition of dates that may begin with a year of two digits."""
    short = r"^\d\d[./]\d{1,2}[./]([0-2]?\d|3[01])(?:[ T,]|$)"
    return f"({day_first(text)} AND regexp_matches({text}, '{short}'))"


def either(text: str) -> str:
    """Write the condition of dates that may begin with the day or the month, and differ."""
    one, other = (
        f"TRY_CAST(regexp_extract({text}, '{_OF_NUMBERS}', {place}) AS INTEGER)" for place in (1, 2)
    )
    return (
        f"coalesce({one} BETWEEN 1 AND 12 AND {other} BETWEEN 1 AND 12 AND {one} <> {other}, false)"
    )


def _decides(text: str, large: int, small: int) -> str:
    one, other = (
        f"TRY_CAST(regexp_extract({text}, '{_OF_NUMBERS}', {place}) AS INTEGER)"
        for place in (large, small)
    )
    return f"coalesce({one} BETWEEN 13 AND 31 AND {other} BETWEEN 1 AND 12, false)"


def chosen_order(
    found: Styles, wanted: DateOrder | None, title: str, examples: Sequence[str]
) -> tuple[str, Iterator[str]]:
    """Say which comes first in dates of numbers, and what to tell of it.

    `title` names the column; `examples` are a row that begins with the day, one that begins with
    the month and one that may be either, each as far as there is one. DataError if rows
    contradict each other, or if none decides.
    """
    day, month, either = examples
    if wanted:
        return wanted, iter(())
    if found.year_first and not month:
        raise DataError(
            f"dates of {title} may begin with the day or with a year of two digits, as {day}",
            "say it: --date-order dmy; or write years with four digits",
        )
    if day and month:
        raise DataError(
            f"dates of {title} contradict each other: the day comes first in {day},"
            f" the month in {month}",
            "correct them, or take one and reject the others: --date-order dmy or mdy",
        )
    if not (day or month) and found.undecided:
        raise DataError(
            f"dates of {title} may begin with the day or the month: no value says"
            f" which, as {either}",
            "say it: --date-order dmy or --date-order mdy",
        )
    told = (f"dates begin with the {what}, as in {one}" for what, one in
            (("day", day), ("month", month)) if one)  # fmt: skip
    return ("mdy" if month else "dmy"), told
