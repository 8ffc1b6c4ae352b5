"""Exports that cannot be taken as they are, once their columns and rows are known."""

import csv
import json
from collections.abc import Mapping, Sequence

from hourglass.engines.sqltext import literal
from hourglass.errors import DataError
from hourglass.formats import Format
from hourglass.nouns import first_of
from hourglass.sources import places
from hourglass.sources.container import Container
from hourglass.sources.facts import FileFacts
from hourglass.sources.files import load_hint
from hourglass.sources.rejects import Rejects
from hourglass.sources.roles import REQUIRED, candidates
from hourglass.sources.rows import EVENT
from hourglass.sources.scans import TIME
from hourglass.sources.staging import Staging

_LOOKED_AT = 100
"""How many rejects of a file are looked at for names."""


def refuse_strangers(
    containers: Sequence[Container],
    wanted: Mapping[str, str],
    form: Format,
    roles: Mapping[str, str],
) -> None:
    """Raise DataError for a file that lacks a column all of its events would need."""
    for one in containers:
        if one.dialect is None:
            continue
        for role in REQUIRED:
            text = wanted.get(role) or form.columns.get(role) or roles[role]
            made = roles[role] in (EVENT, TIME)
            if not made and not places.parse(text, one.dialect.columns).choices:
                raise DataError(
                    f'{one.file.name} has no column "{roles[role]}", which holds the {role}'
                    " in the other files",
                    load_hint(other.file for other in containers),
                )


def without_absent(
    wanted: Mapping[str, str], known: Mapping[str, str], found: Sequence[str], files: Sequence[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Let go of roles that rows of a database have by the same place, and these files do not.

    Rows can do without them: as where all files are read at once, they have none. Return the roles
    left, and what to say.
    """
    absent = {
        role: text
        for role, text in wanted.items()
        if role in known.keys() - set(REQUIRED)
        and (known[role] == text or places.parse(text, [known[role]]).choices)
        and not places.parse(text, found).choices
    }
    notes = [
        f'{first_of(files)}: no column "{text}", so that these rows have no {role}'
        for role, text in absent.items()
    ]
    return {**wanted, **dict.fromkeys(absent, "")}, tuple(notes)


def told_others(containers: Sequence[Container], guessed: Mapping[str, str]) -> tuple[str, ...]:
    """Say of guessed roles which files lack the column, and have another one called so.

    (`load` reads files of other columns apart, each by its own.)
    """
    notes: dict[str, str] = {}
    named = [(one.file.name, one.dialect.columns if one.dialect else ()) for one in containers]
    for role, column in guessed.items():
        there = [bool(places.parse(column, names).choices) for _, names in named]
        for (file, names), has in zip(named, there, strict=True):
            others = [name for name in candidates(names, role) if name not in guessed.values()]
            if others and not has and any(there) and role not in notes:
                both = json.dumps(f"{column}|{others[0]}", ensure_ascii=False)
                notes[role] = (
                    f'{file} has no column "{column}"; its "{others[0]}" is not read:'
                    f" {role} = {both} under [columns] takes both"
                )
    return tuple(notes.values())


def refuse_other_orders(staging: Staging, table: str, containers: Sequence[Container]) -> None:
    """Raise DataError for a file with a second line of names, among its rejects, in another order.

    As of files put one behind the other: the rows below it would be read by the first line.
    """
    for one in containers:
        dialect = one.dialect
        if dialect is None or not dialect.header:
            continue
        names = dialect.columns
        has = " AND ".join(f"contains(raw, {literal(name)})" for name in names)
        for line, raw in staging.rows(
            f"SELECT line, raw FROM {table} WHERE file = {literal(one.file.name)} AND {has}"
            f" ORDER BY line LIMIT {_LOOKED_AT}"
        ):
            found = next(csv.reader([str(raw)], delimiter=dialect.delimiter), [])
            if tuple(found) != names and sorted(found) == sorted(names):
                raise DataError(
                    f"{one.file.name} line {line} has the names of the first line in another order"
                    f" ({', '.join(found)}), and the rows below it would be read by the first",
                    "split the file there: as two files each is read by its own names",
                )


def refuse_nothing(facts: Sequence[FileFacts], rejects: Rejects) -> None:
    """Raise DataError where there were rows, and none of them is an event."""
    if rejects.examples and not any(one.accepted for one in facts):
        raise DataError(
            "no row could be read as an event:\n" + "\n".join(rejects.examples),
            "see whether other columns are meant, and name them under [columns] in hourglass.toml",
        )
