"""Files as `events` on a connection: what was read, what was left out and why."""

from collections.abc import Collection, Mapping, Sequence

import duckdb

from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attaching import Attaching
from hourglass.sources.container import Container, recognise
from hourglass.sources.copies import names_say, without_copies
from hourglass.sources.facts import Attached, FileFacts, Known
from hourglass.sources.files import SourceFile, load_hint
from hourglass.sources.presets import known, named
from hourglass.sources.recognition import refuse_totals

__all__ = ["Attached", "FileFacts", "attach", "attach_containers", "recognised"]


def attach(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SourceFile],
    columns: Mapping[str, str] | None = None,
    needed: Collection[str] | None = None,
    *,
    name: str = "events",
    reading: Reading | None = None,
) -> Attached:
    """Create the temporary view or table `name`, and `rejects` if rows had to be left out.

    (It is `NAME_rejects` under any other name than `events`.)

    `columns` are configured roles, each a place (`places`); `needed` are the columns asked for
    beside those with roles (null is all, `a.b` is the nested b of a), so that no others are read.
    `reading` is what a person said of the text. The same content, under whatever name, is read
    once. Raises DataError if the files cannot be read as
    events, UsageError for a format that is not known.
    """
    copies: list[str] = []
    if not names_say(columns, reading or Reading()):
        files, copies = without_copies(files)
    groups, notes = recognised(files, reading)
    if len(groups) > 1:
        pairs = ", ".join(f"{group[0].file.name} is {group[0].format}" for group in groups)
        raise DataError(
            f"files of several formats cannot be read together: {pairs}",
            load_hint(one.file for group in groups for one in group),
        )
    return attach_containers(
        connection,
        groups[0],
        columns=columns,
        needed=needed,
        name=name,
        notes=[*copies, *notes],
        reading=reading,
    )


def attach_containers(
    connection: duckdb.DuckDBPyConnection,
    containers: Sequence[Container],
    *,
    columns: Mapping[str, str] | None = None,
    needed: Collection[str] | None = None,
    name: str = "events",
    notes: Sequence[str] = (),
    numbered: bool = False,
    reading: Reading | None = None,
    known: Known | None = None,
) -> Attached:
    """Do what `attach` does, for files of one format that were looked at before.

    `numbered` adds the column `hourglass file`, the number of each row's file, from 1; `known` is
    what a database knows of its rows.
    """
    attaching = Attaching(connection, list(containers), dict(columns or {}), needed, name)
    attaching.numbered = numbered
    attaching.known = known or Known()
    attaching.take(reading or Reading())
    return attaching.done(notes)


def recognised(
    files: Sequence[SourceFile], reading: Reading | None = None, *, may_be_empty: bool = False
) -> tuple[list[list[Container]], list[str]]:
    """Look at all files; return those that can be read together, and notes on them.

    DataError if there is nothing in any of them (unless that `may_be_empty`), if columns are named
    that they name themselves, or if they hold totals; UsageError for a format that is not known.
    """
    reading = reading or Reading()
    if reading.format:
        named(reading.format, reading.formats)
    groups: dict[str, list[Container]] = {}
    notes: list[str] = []
    empty: list[str] = []
    for file in files:
        container = recognise(file, reading)
        notes += container.notes
        if container.kind == "empty":
            empty.append(file.name)
        elif reading.columns and container.dialect is None:
            raise DataError(
                f"{file.name} is {container.kind}, which names its columns itself",
                "leave out --columns",
            )
        else:
            groups.setdefault(container.kind.split()[0], []).append(container)
        if container.dialect and not reading.format:
            refuse_totals(known(reading.formats), container.dialect.columns, file.name)
    if not groups and not may_be_empty:
        verb = "is" if len(empty) == 1 else "are"
        raise DataError(f"{', '.join(empty)} {verb} empty", "export the events again")
    return list(groups.values()), [*notes, *(f"{name} is empty" for name in empty)]
