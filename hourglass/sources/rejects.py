"""Rows that cannot be events: each with file, line, reason and its text."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from hourglass.sources import view
from hourglass.sources.container import Container
from hourglass.sources.lines import lines_at, record_lines
from hourglass.sources.staging import Staging
from hourglass.sources.view import BAD, REJECT_ERRORS, REJECT_SCANS, Shape

TABLE = "rejects"

_REASONS = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "INVALID ENCODING": "not UTF-8",
    "UNQUOTED VALUE": "quotes do not match",
    "LINE SIZE OVER MAXIMUM": "line too long",
}
_MOST_LOCATED = 200_000
"""Beyond so many rejects lines are not looked up: something is wrong with the whole file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """How many rows were rejected, by number of the file, from 1."""

    by_file: Counter[int] = field(default_factory=Counter)
    unparsed: Counter[int] = field(default_factory=Counter)
    """Those among them that the engine could not split into values."""
    own: bool = False
    """Whether rows were rejected that the engine did split."""
    examples: tuple[str, ...] = ()


def collect_rejects(staging: Staging, shape: Shape, containers: Sequence[Container]) -> Rejects:
    """Find the rows that cannot be events, and make the temporary table `rejects` of them."""
    staging.rows(shape.find_bad([str(one.path) for one in containers]))
    own = bool(staging.rows(f"SELECT 1 FROM {BAD} LIMIT 1"))  # noqa: S608
    unparsed = _add_unparsed(staging, containers) if shape.source.staged else Counter[int]()
    if not own and not unparsed:
        staging.rows(f"DROP TABLE {BAD}")
        staging.rows(f"DROP TABLE IF EXISTS temp.{TABLE}")
        return Rejects()
    _locate(staging, shape, containers)
    _keep(staging, containers)
    counted = staging.rows(f"SELECT file, count(*) FROM {BAD} GROUP BY ALL")  # noqa: S608
    examples = _examples(staging)
    staging.rows(f"DROP TABLE {BAD}")
    by_file = Counter({int(str(number)): int(str(count)) for number, count in counted})
    return Rejects(by_file=by_file, unparsed=unparsed, own=own, examples=examples)


def _add_unparsed(staging: Staging, containers: Sequence[Container]) -> Counter[int]:
    """Add the rows that the engine rejected itself, one each however many errors it has."""
    errors = staging.rows(
        f"SELECT file_path, line_byte_position, min(error_type), min(column_name), min(csv_line)"  # noqa: S608
        f" FROM {REJECT_ERRORS} JOIN {REJECT_SCANS} USING (scan_id, file_id)"
        " GROUP BY file_path, line_byte_position ORDER BY ALL"
    )
    by_path: defaultdict[str, list[tuple[int, str, str | None, str]]] = defaultdict(list)
    for path, position, kind, column, text in errors:
        raw = str(text).lstrip("\r\n")
        if raw.strip():
            start = int(str(position)) - 1 + len(str(text)) - len(raw)
            by_path[str(path)].append((start, str(kind), column and str(column), raw.rstrip("\r\n")))
    counts: Counter[int] = Counter()
    for number, container in enumerate(containers, start=1):
        found = by_path[str(container.path)]
        if found:
            counts[number] = len(found)
            _insert_unparsed(staging, number, container, found)
    return counts


def _insert_unparsed(
    staging: Staging,
    number: int,
    container: Container,
    found: Sequence[tuple[int, str, str | None, str]],
) -> None:
    lines = lines_at(container, [start for start, *_ in found])
    staging.connection.execute(
        f"INSERT INTO {BAD} SELECT $file, NULL, unnest($line), unnest($column), NULL,"  # noqa: S608
        " unnest($reason), unnest($raw)",
        {
            "file": number,
            "line": [lines.get(start) for start, *_ in found],
            "column": [column if kind != "TOO MANY COLUMNS" else None for _, kind, column, _ in found],
            "reason": [_REASONS.get(kind, kind.lower()) for _, kind, *_ in found],
            "raw": [raw for *_, raw in found],
        },
    )


def _locate(staging: Staging, shape: Shape, containers: Sequence[Container]) -> None:
    """Give each row its line, and its text as it stands in the file."""
    source = shape.source
    if source.lines or not source.staged:
        first = f"(SELECT min(s.rowid) FROM {source.text} AS s WHERE {source.file} = {BAD}.file)"
        start = first if source.staged else "0"
        staging.rows(f"UPDATE {BAD} SET line = row - {start} + 1 WHERE row IS NOT NULL")  # noqa: S608
        return
    starts = dict(
        staging.rows(f"SELECT {source.file}::BIGINT, min(rowid) FROM {source.text} AS s GROUP BY ALL")  # noqa: S608
    )
    rows = staging.rows(f"SELECT file, row, line FROM {BAD} LIMIT {_MOST_LOCATED + 1}")  # noqa: S608
    if len(rows) > _MOST_LOCATED:
        return
    for number, container in enumerate(containers, start=1):
        mine = [(row, line) for file, row, line in rows if file == number]
        start = int(str(starts.get(number, 0)))
        ordinals = [int(str(row)) - start for row, _ in mine if row is not None]
        refused = [int(str(line)) for row, line in mine if row is None and line is not None]
        if ordinals:
            found = record_lines(container, ordinals, refused)
            staging.connection.execute(
                f"UPDATE {BAD} SET line = l.line, raw = l.raw FROM (SELECT unnest($row) AS row,"  # noqa: S608
                f" unnest($line) AS line, unnest($raw) AS raw) AS l WHERE {BAD}.row = l.row",
                {
                    "row": [ordinal + start for ordinal in found],
                    "line": [line for line, _ in found.values()],
                    "raw": [raw for _, raw in found.values()],
                },
            )


def _keep(staging: Staging, containers: Sequence[Container]) -> None:
    names = view.literal([one.file.name for one in containers])
    staging.rows(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT {names}[file] AS file, line, \"column\","  # noqa: S608
        f" value, reason, raw FROM {BAD} ORDER BY {BAD}.file, line, row"
    )


def _examples(staging: Staging) -> tuple[str, ...]:
    rows = staging.rows(f"SELECT file, line, reason, coalesce(value, raw) FROM temp.{TABLE} LIMIT 3")  # noqa: S608
    return tuple(f"{file} line {line}: {reason}: {_short(str(text))}" for file, line, reason, text in rows)


def _short(text: str) -> str:
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"'
