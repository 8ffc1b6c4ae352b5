"""SQL that reads files: Parquet as it is, text and JSON into rows of text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import exactly, identifier, literal
from hourglass.sources.container import Container
from hourglass.sources.dialect import Dialect
from hourglass.sources.types import as_text

STAGED, LINES = "hourglass_staged", "hourglass_lines"
REJECT_ERRORS, REJECT_SCANS = "hourglass_reject_errors", "hourglass_reject_scans"
FILE, RAW, PLACE = "hourglass file", "hourglass raw", "hourglass place"
ROW = "hourglass row"
"""Columns of the staged rows beside those of the source: number of the file, text of a line, and
the place of the row in its file, from 0, where rows are no longer those of the file. `ROW` is the
same where Parquet is read in several groups, and the number of a staged row where a column of the
source hides the engine's own."""
TIME, CELL = "time in it", "hourglass cell"
"""The time of a row that was one column of times, and the name of this column."""

_FIRST = 1000
_LONGEST_LINE = 16_000_000
"""In bytes; longer ones are rejected."""
_BUFFER = 4 * _LONGEST_LINE
"""Bytes that are read at a time. Left to itself the engine takes sixteen of the longest lines, too
few parts of a file for its threads to share: that takes a tenth longer."""


class Relation(NamedTuple):
    """Rows as they are in the source: what to read them from, and how to name one row."""

    text: str
    columns: Mapping[str, str]
    """Name and DuckDB type of each column."""
    row: str
    file: str
    staged: bool = False
    lines: bool = False
    """Whether each row still has the line it was read from."""
    place: bool = False
    """Whether each row says its place in its file, which several rows may share."""
    cells: bool = False
    """Whether each row was one column of times, and says which."""
    instants: Mapping[str, bool] = {}
    """Columns of text that were read as instants; whether these are written with a Z."""

    @property
    def origin(self) -> str:
        """The row that it was in what was read, to find the line of."""
        return f's."{PLACE}"' if self.place else f"s.{self.row}"

    def ref(self, column: str) -> str:
        """Write a column of it."""
        return "s." + identifier(column)

    def origin_of(self, column: str) -> str:
        """Write the name of the column that a value stands in, in what was read."""
        return self.ref(CELL) if self._is_cells(column) else literal(column)

    def title(self, column: str) -> str:
        """Name a column for people, who know of no column that was made of several."""
        return "the columns of times" if self._is_cells(column) else f'the column "{column}"'

    def _is_cells(self, column: str) -> bool:
        return self.cells and column == TIME


_NO_FOLDERS = "hive_partitioning = false"
"""Else the engine has folders called `column=value` say the values of columns that files have."""


def parquet(paths: Sequence[str], *, named: bool = False, folders: bool = False) -> str:
    """Write the reading of Parquet files; `named`: with the path in the column `FILE`.

    With `folders` each folder called `column=value` is a column, of text, that the files lack.
    """
    name = f", filename = {literal(FILE)}" if named else ""
    hive = "hive_partitioning = true, hive_types_autocast = false" if folders else _NO_FOLDERS
    files = literal([exactly(one) for one in paths])
    return f"read_parquet({files}, union_by_name = true, {hive}{name})"


def stage_parquet(source: Relation, paths: Sequence[str]) -> str:
    """Stage Parquet as if it were text, where rows have to be made of it; nested is JSON."""
    columns = [
        f"{as_text(source.ref(name), kind)} AS {identifier(name)}"
        for name, kind in source.columns.items()
    ]
    number = f"list_position({literal(paths)}, {source.file})::USMALLINT AS {identifier(FILE)}"
    raw = f"{as_json(source)} AS {identifier(RAW)}"
    return (
        f"CREATE TEMP TABLE {STAGED} AS SELECT {', '.join([*columns, number, raw])}"
        f" FROM {source.text} AS s"
    )


def as_json(source: Relation) -> str:
    """Write a row of it as the text of a JSON object."""
    names = ", ".join(f"{identifier(name)} := {source.ref(name)}" for name in source.columns)
    return f"to_json(struct_pack({names}))::VARCHAR"


def stage_csv(
    groups: Sequence[Sequence[Container]],
    order: Sequence[str],
    keep: Iterable[str],
    patterns: Mapping[str, str] | None = None,
) -> str:
    """Stage separated text, each group of one dialect; `order` has the paths by number.

    Columns are text but for those with a pattern, which are instants written so.
    """
    kept = {name.casefold() for name in keep}
    return f"CREATE TEMP TABLE {STAGED} AS " + " UNION ALL BY NAME ".join(
        _csv_select(group, order, kept, patterns or {}) for group in groups
    )


def _csv_select(
    group: Sequence[Container], order: Sequence[str], kept: set[str], patterns: Mapping[str, str]
) -> str:
    names = [n for n in _dialect(group).columns if n.casefold() in kept or not group[0].sound]
    chosen = [identifier(name) for name in names]
    scan = _read_csv(group, _written(group, patterns))
    return f"SELECT {', '.join([*chosen, _file_number(group, order)])} FROM {scan}"


def first_values(group: Sequence[Container], column: str) -> str:
    """Write the query for the first values of a column of separated text that are not empty.

    A small buffer, as no more of the file is read than that.
    """
    return (
        f"SELECT {identifier(column)} FROM read_csv({_paths(group[:1])},"
        f" auto_detect = false, {_NO_FOLDERS}, {_written(group, {})}, ignore_errors = true,"
        f" compression = {literal(group[0].compression)}, max_line_size = 1000000,"
        " buffer_size = 2000000)"
        f" WHERE {identifier(column)} <> '' LIMIT {_FIRST}"
    )


def _written(group: Sequence[Container], patterns: Mapping[str, str]) -> str:
    """Write how separated text of one dialect is to be taken apart."""
    dialect = _dialect(group)
    columns = ", ".join(
        f"{literal(name)}: '{'TIMESTAMP' if name in patterns else 'VARCHAR'}'"
        for name in dialect.columns
    )
    quote = literal('"' if dialect.quoted else "")
    form = "".join(f", timestampformat = {literal(one)}" for one in patterns.values())
    return (
        f"header = {str(dialect.header).lower()}, skip = {dialect.skip},"
        f" delim = {literal(dialect.delimiter)}, quote = {quote}, escape = {quote},"
        f" columns = {{{columns}}}{form}"
    )


def _dialect(group: Sequence[Container]) -> Dialect:
    dialect = group[0].dialect
    assert dialect is not None
    return dialect


def stage_lines(groups: Sequence[Sequence[Container]], order: Sequence[str]) -> str:
    """Put JSON, one value a line, one array a file or objects anyhow, into one value a row."""
    return f"CREATE TEMP TABLE {LINES} AS " + " UNION ALL ".join(
        f"SELECT line, {_file_number(group, order)} FROM {_read_lines(group)}" for group in groups
    )


def _read_lines(group: Sequence[Container]) -> str:
    if group[0].kind in ("json array", "json objects"):
        form = "array" if group[0].kind == "json array" else "unstructured"
        return (
            f"(SELECT json::VARCHAR AS line, filename AS {identifier(FILE)}"
            f" FROM read_json_objects({_paths(group)}, format = '{form}', {_NO_FOLDERS},"
            f" compression = {literal(group[0].compression)},"
            f" maximum_object_size = {_LONGEST_LINE}))"
        )
    one_column = (
        "header = false, delim = '\x01', quote = '', escape = '', columns = {line: 'VARCHAR'}"
    )
    # as where somebody took the lines out of an array
    plain = "if(ends_with(line, '},'), left(line, -1), line)"
    return f"(SELECT * REPLACE ({plain} AS line) FROM {_read_csv(group, one_column)})"


def _read_csv(group: Sequence[Container], dialect: str) -> str:
    return (
        f"read_csv({_paths(group)}, auto_detect = false, {_NO_FOLDERS}, {dialect},"
        " store_rejects = true,"
        f" rejects_table = '{REJECT_ERRORS}', rejects_scan = '{REJECT_SCANS}',"
        f" filename = {literal(FILE)}, compression = {literal(group[0].compression)},"
        f" max_line_size = {_LONGEST_LINE}, buffer_size = {_BUFFER})"
    )


def _paths(group: Sequence[Container]) -> str:
    return literal([exactly(str(one.path)) for one in group])


def _file_number(group: Sequence[Container], order: Sequence[str]) -> str:
    """Write the number of a row's file among `order`; one file alone need not be told apart."""
    column = identifier(FILE)
    if len(group) == 1:
        return f"{order.index(str(group[0].path)) + 1}::USMALLINT AS {column}"
    return f"list_position({literal(order)}, {column})::USMALLINT AS {column}"


def filled(text: str) -> str:
    """Write that a line is not blank; most begin as objects do, which is quickly seen."""
    return f"(starts_with({text}, '{{') OR trim({text}) <> '')"


def rows_by_file(source: Relation) -> str:
    """Write the query for the number of rows of each staged file."""
    where = f""" WHERE {filled(f's."{RAW}"')}""" if source.lines else ""
    return f"SELECT {source.file}::BIGINT, count(*) FROM {source.text} AS s{where} GROUP BY ALL"
