"""How separated text is written: its separator and the names in its first line.

The engine's own detection drops lines of files with uneven rows, so it is not asked.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import NamedTuple

from hourglass.errors import DataError, quoted
from hourglass.sources.titles import are_usual, lines_above

_NAMES = {",": "csv", "\t": "tsv", ";": "csv with ;", "|": "csv with |", "\x01": "csv with ^A"}
_SAMPLE = 50
_NOTHING = " \t\r,;|\x01"
"""What a line before the names consists of, if it says nothing."""
_OURS = (
    "hourglass file", "hourglass raw", "hourglass place", "hourglass cell", "hourglass person",
    "hourglass load", "hourglass id", "hourglass row",
)  # fmt: skip
"""Columns that reading and loading add."""
_TOLD = re.compile(r'"?sep=(?P<sign>[^\r\n"])"?[ \t]*\r?\n', re.IGNORECASE)
"""What spreadsheets write into the first line to say the separator."""
_LOOKS_LIKE_DATA = re.compile(r"\d{4}-\d{2}-\d{2}([ T].*)?|\d{10,19}(\.\d+)?")


Twins = tuple[tuple[str, str], ...]
"""Columns that one before them left no name, each with what it is called in the file."""


class Dialect(NamedTuple):
    """The separator of a text file, and its column names, each of them different."""

    delimiter: str
    columns: tuple[str, ...]
    header: bool = True
    """Whether the first line that is not blank holds the names."""
    skip: int = 0
    """Lines before that, which hold nothing, or say `sep=;`, or are `titles`."""
    titles: tuple[str, ...] = ()
    """What stands before the names in words: a title, remarks."""
    quoted: bool = True
    """Whether a value may stand in quotes, with separators and line ends in it."""
    twins: Twins = ()

    @property
    def name(self) -> str:
        """Name of the format for people."""
        return _NAMES.get(self.delimiter, f"csv with {self.delimiter}")


def detect(
    text: str,
    complete: bool,
    name: str,
    columns: tuple[str, ...] = (),
    nameless: Iterable[tuple[str, ...]] = (),
) -> Dialect:
    """Find separator and column names in the beginning of a file (`complete`: in all of it).

    `columns` are the names where the file has none; `nameless` those of formats without any, which
    the number of columns tells. Raises DataError if they do not fit, or if the first line holds
    values and not names.
    """
    cells = next((line for line in text.splitlines() if line.strip()), "").split("\t")
    known = {len(names): names for names in nameless}
    if not columns and len(cells) in known and _holds_values(cells):
        return Dialect(delimiter="\t", columns=known[len(cells)], header=False, quoted=False)
    told = _TOLD.match(text)
    blank = " \r" if columns else _NOTHING
    text, skip = _without_nothing(text[told.end() :] if told else text, blank)
    above = [] if columns else lines_above(text, told["sign"] if told else _NAMES)
    text = text.split("\n", len(above))[-1]
    delimiter = told["sign"] if told else max(_NAMES, key=lambda one: _fit(text, one, complete))
    first = next(iter(_rows(text, delimiter)), [])
    if columns:
        _check_names(columns, first, name)
    else:
        _refuse_values(first, name)
        _refuse_title(text, first, name)
    found = columns or distinct(first)
    return Dialect(
        delimiter=delimiter,
        columns=found,
        header=not columns,
        skip=skip + len(above) + (1 if told else 0),
        titles=tuple(line for line in above if line),
        twins=() if columns else twins(found, first),
    )


def _without_nothing(text: str, blank: str) -> tuple[str, int]:
    """Leave out the lines before the first that is not `blank` alone; say how many they are.

    The engine would take such a line for that of the names.
    """
    lines = text.split("\n")
    skip = next((place for place, line in enumerate(lines) if line.strip(blank)), 0)
    return "\n".join(lines[skip:]), skip


def _check_names(columns: tuple[str, ...], first: list[str], name: str) -> None:
    if len(columns) != len(first):
        raise DataError(
            f"{len(columns)} columns are named, but the first row of {name} has {len(first)}"
            " values",
            f"name them all, in their order: --columns {_names_for(len(first), columns)}",
        )
    same = [one.strip().casefold() for one in first] == [one.casefold() for one in columns]
    if same or (are_usual(first) and not _holds_values(first)):
        what = "these names itself" if same else f"names itself: {', '.join(first)}"
        raise DataError(f"the first line of {name} holds {what}", "leave out --columns")


def _refuse_values(header: list[str], name: str) -> None:
    if cell := _holds_values(header):
        raise DataError(
            f'{name} line 1 holds values ("{cell}"), not column names',
            f"name the columns in their order: --columns {_names_for(len(header))}",
        )


def _names_for(count: int, known: tuple[str, ...] = ("user_id", "event", "ts")) -> str:
    """Write names for so many columns, as they may be typed: the known ones, then numbered ones."""
    more = (f"column{number}" for number in range(len(known) + 1, count + 1))
    return quoted(",".join([*known, *more][: max(count, 1)]))


def _refuse_title(text: str, first: list[str], name: str) -> None:
    """Raise DataError for one name alone above lines of several values."""
    wider = any(len(row) > 2 for one in _NAMES for row in _rows(text, one)[1:])
    if len(first) == 1 and wider:
        raise DataError(
            f'{name} begins with "{first[0]}", which is no line of names of columns',
            "delete the lines above the names, or see that user, event and time are among them",
        )


def _holds_values(cells: Iterable[str]) -> str:
    """Return the first cell that is no name of a column; "" if there is none."""
    stripped = (cell.strip() for cell in cells)
    return next((cell for cell in stripped if _LOOKS_LIKE_DATA.fullmatch(cell)), "")


def distinct(names: list[str]) -> tuple[str, ...]:
    """Give every column a name, and none twice or as ours, whatever the case of letters."""
    taken = set(_OURS)
    result: list[str] = []
    for position, name in enumerate(names):
        wanted = unique = name.strip() or f"column{position}"
        number = 0
        while unique.casefold() in taken:
            number += 1
            unique = f"{wanted}_{number}"
        taken.add(unique.casefold())
        result.append(unique)
    return tuple(result)


def twins(made: Iterable[str], names: Iterable[str]) -> Twins:
    """Pick the columns of which `distinct` made other names than they have."""
    both = zip(made, map(str.strip, names), strict=True)
    return tuple((one, name) for one, name in both if name and one != name)


def _fit(text: str, delimiter: str, complete: bool) -> tuple[int, int]:
    rows = [row for row in _rows(text, delimiter) if row]
    if not complete and len(rows) > 1:
        rows.pop()  # may be cut off
    width = len(rows[0]) if rows else 0
    alike = sum(len(row) == width for row in rows)
    return (alike if width > 1 else 0, width)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > _SAMPLE:
                break
    except csv.Error:
        pass  # a field longer than the reader allows; what was read so far is enough
    return rows
