"""Files that arrive at a database: which content is new, known, or in the place of another."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from hourglass.errors import DataError, UsageError
from hourglass.meta import keep_value, value_of
from hourglass.sources.copies import fingerprint, is_packed, packed_fingerprint
from hourglass.sources.files import SourceFile

_PLACES = "places"
"""Key of the table `meta`: where files were, by the number of their load."""


class Earlier(NamedTuple):
    """A file that was loaded before."""

    number: int
    file: str
    print_: str
    duplicates: int


class Sorted(NamedTuple):
    """The files at hand, by what is known of them."""

    new: dict[SourceFile, str]
    """Content that is not there, with its fingerprint."""
    known: list[str]
    changed: dict[Earlier, str]
    """Earlier loads of files that now have other content, with its fingerprint."""


def sort_files(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SourceFile],
    *,
    renew: bool,
    named: bool = False,
) -> Sorted:
    """Tell new content from known, and find the loads that it takes the place of.

    Files that are `named` are others under other names. UsageError if there are such loads, and
    they are not to be renewed.
    """
    prints = {file: fingerprint(file, named=named) for file in files}
    unpacked = {
        packed_fingerprint(file, named=named): print_
        for file, print_ in prints.items()
        if is_packed(file)
    }
    earlier = _earlier(connection, unpacked)
    contents = {Path(file.name).absolute(): print_ for file, print_ in prints.items()
                if file.lasting}  # fmt: skip
    places = places_of(connection)
    where = {one: _place(one, places) for one in earlier}
    now = {one: contents.get(where[one], one.print_) for one in earlier}
    changed = {one: print_ for one, print_ in now.items() if print_ != one.print_}
    if changed and not renew:
        names = ", ".join(dict.fromkeys(one.file for one in changed))
        raise UsageError(
            f"{names} was loaded before, with other content",
            "--replace removes the earlier rows first; to keep both, rename the file",
        )
    seen = {one.print_ for one in earlier if one not in changed}
    new: dict[SourceFile, str] = {}
    known = []
    for file, print_ in prints.items():
        if print_ in seen:
            known.append(file.name)
        else:
            new[_told_apart(file, where)] = print_
            seen.add(print_)
    return Sorted(new, known, changed)


def places_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return by the number of a load where its file was; not of all, as it was not always kept."""
    return dict(json.loads(value_of(connection, _PLACES) or "{}"))


def keep_places(connection: duckdb.DuckDBPyConnection, files: Mapping[int, SourceFile]) -> None:
    """Keep where the files of some loads are, by their numbers."""
    there = {str(n) for (n,) in connection.execute("SELECT number FROM loads").fetchall()}
    old = {number: place for number, place in places_of(connection).items() if number in there}
    new = {str(n): str(Path(one.name).absolute()) for n, one in files.items() if one.lasting}
    keep_value(connection, _PLACES, json.dumps(old | new))


def _earlier(connection: duckdb.DuckDBPyConnection, unpacked: Mapping[str, str]) -> list[Earlier]:
    """Return the loads; what an older program knew as packed gets the print of what is in it."""
    rows = connection.execute(
        'SELECT number, file, fingerprint, "duplicate" FROM loads ORDER BY number'
    ).fetchall()
    return [one._replace(print_=unpacked.get(one.print_, one.print_)) for one in
            (Earlier(*row) for row in rows)]  # fmt: skip


def _place(one: Earlier, places: Mapping[str, str]) -> Path:
    """Return where an earlier file is: where it was, unless it is gone; then its name says it."""
    place = places.get(str(one.number))
    if place and any(path.is_file() for path in (Path(place), *Path(place).parents)):
        return Path(place)
    return Path(one.file).absolute()


def _told_apart(file: SourceFile, where: Mapping[Earlier, Path]) -> SourceFile:
    """Call a file by its whole path where one of another folder was loaded by the same name."""
    place = Path(file.name).absolute()
    if any(one.file == file.name and path != place for one, path in where.items()):
        return file._replace(name=str(place))
    return file


def refuse_emptied(
    new: Mapping[SourceFile, str], filled: Collection[SourceFile], changed: Mapping[Earlier, str]
) -> None:
    """Raise DataError where an empty file would take the place of events: its delivery failed."""
    nothing = {print_ for file, print_ in new.items() if file not in filled}
    emptied = dict.fromkeys(one.file for one, print_ in changed.items() if print_ in nothing)
    if emptied:
        verb = "is" if len(emptied) == 1 else "are"
        raise DataError(
            f"{', '.join(emptied)} {verb} empty now; nothing was loaded, and the earlier rows stay",
            "export the events again, or take the empty file away",
        )
