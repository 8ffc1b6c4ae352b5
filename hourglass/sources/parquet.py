"""Parquet files as one relation, whatever types a column has in each of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from hourglass.engines.sqltext import exactly, identifier, literal
from hourglass.nested import fields
from hourglass.sources import scans, table
from hourglass.sources.scans import FILE, ROW, Relation
from hourglass.sources.staging import Staging, merged
from hourglass.sources.temporary import is_private
from hourglass.sources.times import MOMENT, Clock, instant
from hourglass.sources.types import LARGE, WHOLE

_PARTED = re.compile("[^=]+=[^=]*")
"""A folder of a partition, as Spark writes them."""

ClockOf = Callable[[Relation, str], tuple[Clock, list[str]]]
"""How the times of a column are written in a relation, and what was assumed."""


class Group(NamedTuple):
    """Files of which each column has the same type."""

    paths: tuple[str, ...]
    columns: Mapping[str, str]
    """Name and type of each; those types that the engine brings together are as in one of them."""
    filled: frozenset[str] = frozenset()
    """Those that have a value, of the columns whose types differ between groups; casefolded."""
    large: frozenset[str] = frozenset()
    """Those among them with whole numbers that fractions would not hold."""
    folders: bool = False
    """Whether the folders that the files are in say values of further columns."""

    @property
    def relation(self) -> Relation:
        """Its rows alone."""
        text = scans.parquet(self.paths, named=True, folders=self.folders)
        return Relation(
            text=text, columns=self.columns, row="file_row_number", file=f"s.{identifier(FILE)}"
        )

    def own(self, column: str) -> str | None:
        """Return the name that a column has in it."""
        return next((one for one in self.columns if one.casefold() == column.casefold()), None)


class Unlike(NamedTuple):
    """Files that have columns of other types than others have."""

    groups: tuple[Group, ...]
    kinds: Mapping[str, str]
    """The type that holds the values of all, by the casefolded name of each such column; nothing
    where the engine finds one that loses none."""

    def relation(self, staging: Staging, moments: Sequence[str] = ()) -> Relation:
        """Read each group by itself, with the moments of its rows where these are given."""
        given = moments or [""] * len(self.groups)
        selects = (self._select(*one) for one in zip(self.groups, given, strict=True))
        text = f"({' UNION ALL BY NAME '.join(selects)})"
        hidden = [FILE, ROW, *([MOMENT] if moments else [])]
        rest = f"* EXCLUDE ({', '.join(map(identifier, hidden))})"
        return Relation(
            text=text,
            columns=_described(staging, f"SELECT {rest} FROM {text}"),
            row=identifier(ROW),
            file=f"s.{identifier(FILE)}",
        )

    def moments(self, column: str, clock_of: ClockOf) -> tuple[list[str], list[str]]:
        """Write the moments of a column in each group, as it has them; and what was assumed."""
        written, notes = [], []
        for one in self.groups:
            own = one.own(column)
            if own is None or column.casefold() not in one.filled:
                written.append("NULL::TIMESTAMP")
                continue
            clock, told = clock_of(one.relation, own)
            written.append(instant(one.relation.ref(own), clock))
            notes += told
        return written, list(dict.fromkeys(notes))

    def _select(self, group: Group, moment: str = "") -> str:
        casts = ", ".join(f"{value} AS {identifier(name)}" for name, value in self._casts(group))
        replaced = f" REPLACE ({casts})" if casts else ""
        row = f"s.file_row_number AS {identifier(ROW)}"
        more = f", {moment} AS {identifier(MOMENT)}" if moment else ""
        return f"SELECT s.*{replaced}, {row}{more} FROM {group.relation.text} AS s"

    def is_text(self, column: str) -> bool:
        """Say whether nothing but text holds the values of a column."""
        return self.kinds.get(column.casefold()) == "VARCHAR"

    def _casts(self, group: Group) -> Iterator[tuple[str, str]]:
        for name, kind in group.columns.items():
            both = self.kinds.get(name.casefold())
            if both is not None and name.casefold() not in group.filled:
                yield name, "NULL"
            elif both:
                yield name, table.cast_to(group.relation.ref(name), kind, both)

    def notes(self, columns: Sequence[str]) -> Iterator[str]:
        """Say which columns became text, other than some `columns`."""
        others = {name.casefold() for name in columns}
        for name in merged(list(one.columns) for one in self.groups):
            if self.kinds.get(name.casefold()) == "VARCHAR" and name.casefold() not in others:
                first, *rest = _kinds(self.groups, name.casefold(), filled=True)
                where = f"{first} in some files, {' or '.join(rest)} in others"
                yield f'the column "{name}" is {where}: now VARCHAR'


def read(staging: Staging, paths: Sequence[str]) -> tuple[Relation, Unlike | None]:
    """Read files; those of one type a column as the engine does it, and so others that it can."""
    groups = _groups(staging, paths) if len(paths) > 1 else []
    names = merged(list(one.columns) for one in groups)
    differing = [
        name.casefold() for name in names if not _are_alike(_kinds(groups, name.casefold()))
    ]
    if not differing:
        return _plain(staging, paths), None
    said = dict.fromkeys(_said_by_folders(paths, names), "VARCHAR")
    groups = [one._replace(columns={**one.columns, **said}, folders=bool(said)) for one in groups]
    looked_at = tuple(_looked_at(staging, one, differing) for one in _joined(groups, differing))
    unlike = Unlike(looked_at, {name: _both(looked_at, name) for name in differing})
    return unlike.relation(staging), unlike


def _plain(staging: Staging, paths: Sequence[str]) -> Relation:
    text, file = scans.parquet(paths), "s.filename"
    columns = _described(staging, f"SELECT * FROM {text}")
    folders = bool(_said_by_folders(paths, columns))
    if folders:
        text = scans.parquet(paths, folders=True)
        columns = _described(staging, f"SELECT * FROM {text}")
    if "filename" in map(str.casefold, columns):  # theirs hides the engine's own
        text, file = scans.parquet(paths, named=True, folders=folders), f"s.{identifier(FILE)}"
    return Relation(text=text, columns=columns, row="file_row_number", file=file)


def _said_by_folders(paths: Sequence[str], columns: Iterable[str]) -> list[str]:
    """Return the columns that folders called `column=value` say of all files, none of which has it.

    There are none where one of them is a column of a file, or a file is a private copy.
    """
    keys = [
        [part.partition("=")[0] for part in Path(path).parts[:-1] if _PARTED.fullmatch(part)]
        for path in paths
    ]
    folded = [name.casefold() for name in (*keys[0], *columns)]
    alike = all(set(one) == set(keys[0]) for one in keys)
    copied = any(is_private(Path(path)) for path in paths)
    return keys[0] if alike and not copied and len(set(folded)) == len(folded) else []


def _described(staging: Staging, query: str) -> dict[str, str]:
    return {str(name): str(kind) for name, kind, *_ in staging.rows(f"DESCRIBE {query}")}


def _groups(staging: Staging, paths: Sequence[str]) -> list[Group]:
    """Put files together whose columns have the same names and types."""
    column = "name || ' ' || coalesce(duckdb_type, '')"
    found = staging.rows(
        f"SELECT list(file_name) FROM (SELECT file_name, list_sort(list({column})) AS columns"
        f" FROM parquet_schema({literal([exactly(path) for path in paths])})"
        " GROUP BY file_name) GROUP BY columns"
    )
    order = {path: place for place, path in enumerate(paths)}
    lists = [sorted(some, key=order.__getitem__) for (some,) in found if isinstance(some, list)]
    return [
        Group(tuple(some), _described(staging, f"SELECT * FROM {scans.parquet(some[:1])}"))
        for some in sorted(lists, key=lambda some: order[some[0]])
    ]


def _joined(groups: Sequence[Group], differing: Sequence[str]) -> Iterator[Group]:
    """Put groups together that differ in nothing that the engine could not bring together."""
    together: dict[tuple[str, ...], list[Group]] = {}
    for one in groups:
        key = tuple(one.columns.get(one.own(name) or "", "") for name in differing)
        together.setdefault(key, []).append(one)
    for some in together.values():
        columns = {name: kind for one in reversed(some) for name, kind in one.columns.items()}
        names = merged(list(one.columns) for one in some)
        paths = tuple(path for one in some for path in one.paths)
        yield Group(paths, {name: columns[name] for name in names}, folders=some[0].folders)


def _looked_at(staging: Staging, group: Group, differing: Sequence[str]) -> Group:
    names = [own for name in differing if (own := group.own(name))]
    if not names:
        return group
    asked = ", ".join(
        f"{table.filled(name, kind)}, {table.is_large(name, kind)}"
        for name in names
        for kind in (group.columns[name],)
    )
    (row,) = staging.rows(f"SELECT {asked} FROM {group.relation.text}")
    folded = [name.casefold() for name in names]
    return group._replace(
        filled=frozenset(name for name, filled in zip(folded, row[::2], strict=True) if filled),
        large=frozenset(name for name, large in zip(folded, row[1::2], strict=True) if large),
    )


def _kinds(groups: Sequence[Group], name: str, *, filled: bool = False) -> list[str]:
    """List the types that a column has in groups, or in those where it has a value."""
    own = ((one, one.own(name)) for one in groups if not filled or name in one.filled)
    return list(dict.fromkeys(one.columns[column] for one, column in own if column))


def _both(groups: Sequence[Group], name: str) -> str:
    kinds = _kinds(groups, name, filled=True)
    if _are_alike(kinds):
        return ""
    both = reduce(table.wider, kinds)
    is_large = any(name in one.large for one in groups)
    return "VARCHAR" if both == "DOUBLE" and is_large else both


def _are_alike(kinds: Sequence[str]) -> bool:
    return all(_alike(kinds[0], kind) for kind in kinds[1:])


def _alike(one: str, other: str) -> bool:
    """Say whether the engine finds a type for the values of both that loses nothing."""
    if one == other or {one, other} <= WHOLE | LARGE:
        return True
    if one.endswith("[]") and other.endswith("[]"):
        return _alike(one[:-2], other[:-2])
    if not all(kind.startswith("STRUCT(") and kind.endswith(")") for kind in (one, other)):
        return False
    mine, theirs = dict(fields(one)), dict(fields(other))
    return all(_alike(mine[name], theirs[name]) for name in mine.keys() & theirs.keys())
