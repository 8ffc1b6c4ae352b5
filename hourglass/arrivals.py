"""Files that arrive at a database: which content is new, known, or in the place of another."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from hourglass.errors import DataError, UsageError
from hourglass.sources.copies import fingerprint
from hourglass.sources.files import SourceFile


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
    rows = connection.execute(
        'SELECT number, file, fingerprint, "duplicate" FROM loads ORDER BY number'
    ).fetchall()
    earlier = [Earlier(*row) for row in rows]
    prints = {file: fingerprint(file, named=named) for file in files}
    contents = {Path(file.name).absolute(): print_ for file, print_ in prints.items()
                if file.lasting}  # fmt: skip
    now = {one: contents.get(Path(one.file).absolute(), one.print_) for one in earlier}
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
            new[file] = print_
            seen.add(print_)
    return Sorted(new, known, changed)


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
