"""Alias tables: files of two columns, an alias and its person, as rows on a connection."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from hourglass.engines.connect import connect
from hourglass.engines.sqltext import identifier, literal
from hourglass.errors import DataError, nearest
from hourglass.settings.identity import Identity
from hourglass.sources import scans
from hourglass.sources.container import Container, recognise
from hourglass.sources.files import SourceFile, readable
from hourglass.sources.staging import Staging
from hourglass.sources.types import as_text

if TYPE_CHECKING:
    import polars as pl

PAIRS = "hourglass_pairs"
"""The temporary table of all pairs: alias, person."""

MOST_PAIRS = 1_000_000
"""Pairs that are sent to a cluster at most: they go through this machine."""
_COLUMNS = 2
_SAMPLE = 1000
_ID = re.compile(r".*@.*|\d+|(?=.*\d)[0-9a-fA-F-]{8,}")
"""What is an id and no name of a column, whatever stands below it."""


def find_tables(identity: Identity, folder: Path) -> dict[str, Path]:
    """Return the files by their names; DataError for one that is not there, or not in `folder`."""
    return {name: _find(name, folder) for name in identity.table}


def _find(name: str, folder: Path) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(f"{name} leads out of the folder of the configuration", "copy it there")
    if not path.is_file():
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(
            f"there is no alias table {path}{nearest(path.name, beside)}",
            "correct table under [identity] in hourglass.toml",
        )
    return path


def prints_of(tables: dict[str, Path]) -> list[str]:
    """Return the SHA-256 of each file's content."""
    prints = []
    for name, path in tables.items():
        try:
            with path.open("rb") as stream:
                prints.append(hashlib.file_digest(stream, "sha256").hexdigest())
        except OSError as error:
            raise DataError(f"{name} may not be read: {error.strerror}") from error
    return prints


def read_tables(connection: duckdb.DuckDBPyConnection, tables: dict[str, Path]) -> list[str]:
    """Make the temporary table `hourglass_pairs` (alias, person); return the statements run.

    Raises DataError for a file that has not two columns, or rows that cannot be read.
    """
    staging = Staging(connection)
    staging.run(f"CREATE OR REPLACE TEMP TABLE {PAIRS} (alias VARCHAR, person VARCHAR)")
    for name, path in tables.items():
        container = recognise(SourceFile(path=readable(path), name=name))
        if container.kind != "empty":
            _read(staging, container)
    return staging.statements


def few_pairs(tables: dict[str, Path]) -> "pl.DataFrame":
    """Read alias tables into memory, each pair of two different ids once.

    Raises DataError as `read_tables` does, and for more than `MOST_PAIRS`.
    """
    import polars as pl

    with connect() as connection:
        read_tables(connection, tables)
        pairs = f"SELECT DISTINCT alias, person FROM {PAIRS} WHERE alias <> person"
        ((found,),) = connection.execute(f"SELECT count(*) FROM ({pairs})").fetchall()
        if found > MOST_PAIRS:
            raise DataError(
                f"the alias tables hold {found:,} pairs, and {MOST_PAIRS:,} are sent to a cluster",
                'put them among the events there: alias = { event = "login", from = …, to = … }',
            )
        rows = connection.execute(pairs).fetchall()
    return pl.DataFrame(rows, schema={"alias": pl.String, "person": pl.String}, orient="row")


def _read(staging: Staging, container: Container) -> None:
    text, columns = _relation(staging, container)
    if len(columns) != _COLUMNS:
        some = ", ".join(list(columns)[:8])
        raise DataError(
            f"{container.file.name} has {len(columns)} columns ({some}); an alias"
            " table has two, first the alias, then the person",
            "write it with a line of names: alias,person",
        )
    pair = ", ".join(as_text(identifier(name), kind) for name, kind in columns.items())
    if container.dialect and _are_ids(staging, text, list(columns)):
        raise DataError(
            f"{container.file.name}: the first line ({', '.join(columns)}) holds ids and no names:"
            " that pair would be lost",
            "write a line of names above it: alias,person",
        )
    staging.run(f"INSERT INTO {PAIRS} SELECT {pair} FROM {text}")
    if container.kind != "parquet":
        for problem in _unread(staging):
            raise DataError(f"{container.file.name}: {problem}", "correct the file")
        staging.run(f"DROP TABLE {scans.STAGED}")


def _are_ids(staging: Staging, text: str, names: list[str]) -> bool:
    """Say whether one of the names is an id itself, written as those below it or one of them."""
    if any(map(_ID.fullmatch, names)):
        return True
    first, second = map(identifier, names)
    rows = staging.rows(f"SELECT {first}, {second} FROM {text} LIMIT {_SAMPLE}")
    for name, values in zip(names, zip(*rows, strict=True), strict=False):
        if _shape(name) != name and {_shape(str(value)) for value in values} == {_shape(name)}:
            return True
    pair = ", ".join(map(literal, names))
    known = f"({first} IN ({pair}) OR {second} IN ({pair})) AND ({first}, {second}) <> ({pair})"
    return bool(staging.rows(f"SELECT 1 FROM {text} WHERE {known} LIMIT 1"))


def _shape(text: str) -> str:
    """Return a text with one sign for each number in it: as it is where it has none."""
    return re.sub(r"\d+", "#", text)


def _relation(staging: Staging, container: Container) -> tuple[str, dict[str, str]]:
    """Return what to read from, and its columns in their order, each with its type."""
    if container.kind == "parquet":
        text = scans.parquet([str(container.path)])
        described = staging.rows(f"DESCRIBE FROM {text}")
        return text, {str(name): str(kind) for name, kind, *_ in described}
    relation, found, (read,) = staging.text([container], lambda names: names)
    for line, raw in read.broken:
        raise DataError(f"{container.file.name}: {_no_pair(line, raw)}", "correct the file")
    kinds = relation.columns
    return relation.text, {name: kinds[name] for name in found if name in kinds}


def _unread(staging: Staging) -> Iterator[str]:
    """Say which row could not be split into two values, if there is one."""
    exists = f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{scans.REJECT_ERRORS}'"
    if staging.rows(exists):
        rows = staging.rows(f"SELECT line, csv_line FROM {scans.REJECT_ERRORS} ORDER BY 1 LIMIT 1")
        for line, text in rows:
            yield _no_pair(line, text)


def _no_pair(line: object, text: object) -> str:
    return f'line {line} is not a pair of ids: "{text}"'
