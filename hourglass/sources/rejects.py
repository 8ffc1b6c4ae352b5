"""Rows that cannot be events: each with file, line or number, reason and its text."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hourglass.engines.sqltext import literal
from hourglass.sources.container import Container
from hourglass.sources.lines import lines_at, record_lines
from hourglass.sources.scans import REJECT_ERRORS, REJECT_SCANS, Relation
from hourglass.sources.staging import Staging
from hourglass.sources.view import BAD, Shape
from hourglass.sources.written import spaced

_REASONS = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "INVALID ENCODING": "not UTF-8",
    "UNQUOTED VALUE": "quotes do not match",
    "LINE SIZE OVER MAXIMUM": "line too long",
}
_MOST_LOCATED = 200_000
"""Beyond so many rejects lines are not looked up: something is wrong with the whole file."""

_Row = tuple[int | None, str | None, str, str]
"""Line, column, reason and text of a row that could not be split into values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """How many rows were rejected, by number of the file, from 1."""

    by_file: Counter[int] = field(default_factory=Counter)
    unparsed: Counter[int] = field(default_factory=Counter)
    """Those among them that the engine could not split into values."""
    examples: tuple[str, ...] = ()


def collect_rejects(
    staging: Staging, shape: Shape, containers: Sequence[Container], table: str
) -> Rejects:
    """Find the rows that cannot be events, and make the temporary `table` of them.

    `shape.bad_rows` says whether there are any among those that the engine could split.
    """
    own = shape.bad_rows
    staging.rows(shape.find_bad([str(one.path) for one in containers], empty=not own))
    split = any(one.kind in ("csv", "json lines") for one in containers)
    unparsed = _add_unparsed(staging, containers) if split else Counter[int]()
    if not own and not unparsed:
        staging.rows(f"DROP TABLE {BAD}")
        staging.rows(f"DROP TABLE IF EXISTS temp.{table}")
        return Rejects()
    _locate(staging, shape, containers)
    _keep(staging, containers, table)
    counted = staging.rows(f"SELECT file, count(*) FROM {BAD} GROUP BY ALL")
    examples = _examples(staging, containers)
    staging.rows(f"DROP TABLE {BAD}")
    by_file = Counter({int(str(number)): int(str(count)) for number, count in counted})
    return Rejects(by_file=by_file, unparsed=unparsed, examples=examples)


def first_place(
    staging: Staging, source: Relation, containers: Sequence[Container], column: str, condition: str
) -> str:
    """Name the first row whose trimmed text `t` in a column satisfies a condition; "" if none.

    In it all spaces are plain ones.
    """
    found = staging.rows(
        f"SELECT file, row, t, c FROM (SELECT {source.file} AS file, {source.origin} AS row,"
        f" trim({spaced(source.ref(column))}) AS t, {source.origin_of(column)} AS c"
        f" FROM {source.text} AS s) WHERE {condition} ORDER BY file, row LIMIT 1"
    )
    if not found:
        return ""
    file, row, text, stands = found[0]
    paths = [str(one.path) for one in containers]
    number = int(str(file)) if source.staged else paths.index(str(file)) + 1
    line = _line(staging, source, containers[number - 1], number, int(str(row)))
    where = "" if stands == column else f' column "{stands}"'
    return f"{_told(staging, containers[number - 1], line)}{where} ({_short(str(text))})"


def _told(staging: Staging, container: Container, line: object) -> str:
    """Name the place of a row: of what is no line of its file, only its number is known."""
    by_lines = container.kind in ("csv", "json lines") and not staging.wrapped
    return f"{container.file.name} {'line' if by_lines else 'record'} {line}"


def _line(
    staging: Staging, source: Relation, container: Container, number: int, row: int
) -> int | None:
    if not source.staged:
        return row + 1
    ordinal = row if source.place else row - staging.first_rows(source)[number - 1]
    if source.lines:
        return ordinal + 1
    starts = [start for start, *_ in _unparsed(staging)[str(container.path)]]
    refused = lines_at(container, starts).values()
    return record_lines(container, [ordinal], list(refused))[ordinal][0]


def _unparsed(
    staging: Staging,
) -> defaultdict[str, list[tuple[int, str, str | None, str]]]:
    """Return by path the rows that the engine rejected itself: start, error, column and text."""
    errors = staging.rows(
        f"SELECT file_path, line_byte_position, min(error_type), min(column_name), min(csv_line)"
        f" FROM {REJECT_ERRORS} JOIN {REJECT_SCANS} USING (scan_id, file_id)"
        " GROUP BY file_path, line_byte_position ORDER BY ALL"
    )
    by_path: defaultdict[str, list[tuple[int, str, str | None, str]]] = defaultdict(list)
    for path, position, kind, column, text in errors:
        raw = str(text).lstrip("\r\n")
        if raw.strip():
            start = int(str(position)) - 1 + len(str(text)) - len(raw)
            by_path[str(path)].append(
                (start, str(kind), str(column) if column else None, raw.rstrip("\r\n"))
            )
    return by_path


def _add_unparsed(staging: Staging, containers: Sequence[Container]) -> Counter[int]:
    """Add the rows that the engine did not take, one each however many errors it has."""
    by_path = _unparsed(staging)
    counts: Counter[int] = Counter()
    for number, container in enumerate(containers, start=1):
        rows = [*_refused(container, by_path[str(container.path)]), *_broken(container)]
        counts[number] = len(rows)
        if rows:
            _insert(staging, number, rows)
    return +counts


def _refused(
    container: Container, found: Sequence[tuple[int, str, str | None, str]]
) -> Iterator[_Row]:
    """Yield the rows that the engine rejected itself."""
    lines = lines_at(container, [start for start, *_ in found])
    for start, kind, column, raw in found:
        named = column if kind != "TOO MANY COLUMNS" else None
        yield lines.get(start), named, _REASONS.get(kind, kind.lower()), raw


def _broken(container: Container) -> Iterator[_Row]:
    """Yield the rows that the engine was not shown."""
    for line, raw in container.broken:
        yield line, None, _REASONS["UNQUOTED VALUE"], raw


def _insert(staging: Staging, number: int, rows: Sequence[_Row]) -> None:
    names = ("line", "column", "reason", "raw")
    staging.connection.execute(
        f"INSERT INTO {BAD} SELECT $file, NULL, unnest($line), unnest($column), NULL,"
        " unnest($reason), unnest($raw)",
        {"file": number, **dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))},
    )


def _locate(staging: Staging, shape: Shape, containers: Sequence[Container]) -> None:
    """Give each row its line, and its text as it stands in the file."""
    source = shape.source
    if source.lines or not source.staged:
        start = "0"
        if source.staged and not source.place:
            start = f"list_extract({literal(staging.first_rows(source))}, {BAD}.file)"
        staging.rows(f"UPDATE {BAD} SET line = row - {start} + 1 WHERE row IS NOT NULL")
        return
    firsts = [] if source.place else staging.first_rows(source)
    rows = staging.rows(f"SELECT file, row, line FROM {BAD} LIMIT {_MOST_LOCATED + 1}")
    if len(rows) > _MOST_LOCATED:
        return
    for number, container in enumerate(containers, start=1):
        mine = [(row, line) for file, row, line in rows if file == number]
        own = [int(str(row)) for row, _ in mine if row is not None]
        refused = [int(str(line)) for row, line in mine if row is None and line is not None]
        if own:
            first = firsts[number - 1] if firsts else 0
            _place(staging, container, own, (number, first), refused)


def _place(
    staging: Staging,
    container: Container,
    rows: list[int],
    start: tuple[int, int],
    refused: list[int],
) -> None:
    """Give rows of one file their lines; `start` is the number of the file and its first row."""
    number, first = start
    found = record_lines(container, [row - first for row in rows], refused)
    staging.connection.execute(
        f"UPDATE {BAD} SET line = l.line, raw = l.raw FROM (SELECT unnest($row) AS row,"
        f" unnest($line) AS line, unnest($raw) AS raw) AS l"
        f" WHERE {BAD}.row = l.row AND {BAD}.file = $file",
        {
            "file": number,
            "row": [ordinal + first for ordinal in found],
            "line": [line for line, _ in found.values()],
            "raw": [raw for _, raw in found.values()],
        },
    )


def _keep(staging: Staging, containers: Sequence[Container], table: str) -> None:
    names = literal([one.file.name for one in containers])
    staging.rows(
        f'CREATE OR REPLACE TEMP TABLE {table} AS SELECT {names}[file] AS file, line, "column",'
        f" value, reason, raw FROM {BAD} ORDER BY {BAD}.file, line, row"
    )


def _examples(staging: Staging, containers: Sequence[Container]) -> tuple[str, ...]:
    rows = staging.rows(
        f"SELECT file, line, reason, coalesce(value, raw) FROM {BAD}"
        " ORDER BY file, line, row LIMIT 3"
    )
    places = [_told(staging, containers[int(str(file)) - 1], line) for file, line, *_ in rows]
    return tuple(
        f"{place}: {reason}: {_short(str(text))}"
        for place, (*_, reason, text) in zip(places, rows, strict=True)
    )


def _short(text: str) -> str:
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"'
