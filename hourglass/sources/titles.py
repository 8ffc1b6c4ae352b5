"""Lines above the names of columns: titles and remarks that reports begin with."""

import csv
import re
from collections.abc import Iterable, Sequence

from hourglass.sources.roles import REQUIRED, candidates

_MOST = 50
"""Lines that are looked at."""
_NUMBER = re.compile(r"[-+]?[\d.,:/ -]*\d[\d.,:/ -]*([Tt ].*)?")


def lines_above(text: str, delimiters: Iterable[str]) -> list[str]:
    """Return the lines above that of the names; none where it is not unmistakable.

    They are all narrower than it, the line below is as wide, and either they all begin with # or
    two of its names are usual ones of person, event and time.
    """
    lines = [line.strip("\r") for line in text.split("\n", _MOST)[:_MOST]]
    found = (_names_at(lines, delimiter) for delimiter in delimiters)
    _, place = max(found)
    return [line.strip() for line in lines[:place]]


def _names_at(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how many names there are, and in which line; twice 0 if it cannot be told."""
    try:
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
    except csv.Error:  # a line end of another kind inside of a value, or a value that is very long
        return 0, 0
    if are_usual(rows[0]):
        return 0, 0
    widest, remarks = _filled(rows[0]), lines[0].startswith("#")
    for place in range(1, len(rows) - 1):
        if lines[place - 1].count('"') % 2:
            break  # a name that goes on in the next line
        row = rows[place]
        fits = len(rows[place + 1]) == len(row) > widest
        if fits and _are_names(row) and (remarks or are_usual(row)):
            return len(row), place
        widest = max(widest, _filled(row))
        remarks = remarks and (not lines[place].strip() or lines[place].startswith("#"))
    return 0, 0


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def are_usual(row: Sequence[str]) -> bool:
    """Say whether two of the names of a line are usual ones of person, event and time."""
    return sum(bool(candidates(row, role)) for role in REQUIRED) > 1


def _are_names(row: Sequence[str]) -> bool:
    names = {cell.strip().casefold() for cell in row}
    values = any(_NUMBER.fullmatch(name) for name in names)
    return len(names) == len(row) and "" not in names and not values
