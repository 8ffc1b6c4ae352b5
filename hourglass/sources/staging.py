"""Text files into rows of text on a connection, nothing interpreted and no line lost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

import duckdb

from hourglass.engines.connect import translated
from hourglass.engines.sqltext import identifier
from hourglass.errors import DataError, HourglassError
from hourglass.sources import objects, scans, times, wrappers
from hourglass.sources.container import Container
from hourglass.sources.dialect import Twins, twins
from hourglass.sources.quotes import with_closed_quotes
from hourglass.sources.scans import Relation
from hourglass.sources.wrappers import Wrapper

Keep = Callable[[Sequence[str]], Iterable[str] | None]
"""Which of the columns found are worth staging; null is all of them."""

Timed = Callable[[Sequence[str]], str | None]
"""Which of the columns found holds the times, if that is known before looking at any."""


_REFUSED = f"SELECT 1 FROM {scans.REJECT_ERRORS} WHERE error_type = 'CAST' LIMIT 1"
_ODD = (
    f"SELECT 1 FROM {scans.STAGED} WHERE {{0}} = TIMESTAMP 'epoch'"
    f" OR {{0}} < TIMESTAMP '{times.EARLIEST}' OR {{0}} >= TIMESTAMP '{times.LATEST}' LIMIT 1"
)
"""The engine takes a few words for times (`epoch`, `infinity`); what may be one is looked at."""

_TORN = (
    f"SELECT DISTINCT file_path FROM {scans.REJECT_ERRORS} JOIN {scans.REJECT_SCANS}"
    " USING (scan_id, file_id) WHERE error_type IN ('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM')"
    " OR contains(trim(csv_line, chr(13) || chr(10)), chr(10))"
)
"""Files with a bad row that has wrong quotes, or goes on over the end of its line."""

_OURS = (scans.FILE, scans.RAW, scans.PLACE, scans.CELL, scans.ROW)
_ROWID = "rowid"
"""The number of a row as the engine has it, unless there is a column of this name."""


class Staging:
    """The staging of one call: what was run, and the relation that came of it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.statements: list[str] = []
        self.wrapped = False
        """Whether the rows are elements of lists inside of objects."""
        self.twins: Twins = ()
        """Keys of JSON objects that lost their names to others."""

    def run(self, statement: str) -> None:
        """Execute a statement and remember it."""
        self.statements.append(statement)
        with translated():
            self.connection.execute(statement).fetchall()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query that only decides something."""
        with translated():
            return self.connection.execute(query).fetchall()

    def text(
        self, containers: Sequence[Container], keep: Keep, timed: Timed | None = None
    ) -> tuple[Relation, list[str], list[Container]]:
        """Stage text files; return the relation, all columns found, and the files as read."""
        self._clean()
        try:
            return self._staged(containers, keep, timed)
        except DataError as error:
            raise _in_file(error, containers) from error

    def _staged(
        self, containers: Sequence[Container], keep: Keep, timed: Timed | None
    ) -> tuple[Relation, list[str], list[Container]]:
        order = [str(one.path) for one in containers]
        if containers[0].dialect is not None:
            found = merged([one.dialect.columns for one in containers if one.dialect])
            kept = keep(found)
            wanted = found if kept is None else kept
            times_in = timed(found) if timed else None
            instants = self._separated(_groups(containers), order, wanted, times_in)
            if repaired := self._repaired(containers):
                self._clean()
                self.statements.pop()  # what read the files as they were
                containers, order = repaired, [str(one.path) for one in repaired]
                instants = self._separated(_groups(containers), order, wanted, times_in)
        else:
            instants = {}
            self.run(scans.stage_lines(_groups(containers), order))
            found = self._objects(keep)
        source = self.described(lines=containers[0].dialect is None, instants=instants)
        return source, found, list(containers)

    def _repaired(self, containers: Sequence[Container]) -> list[Container] | None:
        """Leave out the lines whose quotes tore rows after them away; null if there are none."""
        torn = {str(path) for (path,) in self.rows(_TORN)}
        copies = [_without_torn(one) if str(one.path) in torn else one for one in containers]
        return copies if copies != list(containers) else None

    def _separated(
        self,
        groups: Sequence[Sequence[Container]],
        order: Sequence[str],
        keep: Iterable[str],
        timed: str | None,
    ) -> dict[str, bool]:
        """Stage separated text; return the columns that came as instants."""
        if timed is not None and len(groups) == 1:
            values = self.rows(scans.first_values(groups[0], timed))
            layout = times.layout(str(value) for (value,) in values)
            if layout and self._all_written(
                scans.stage_csv(groups, order, keep, {timed: layout.pattern}), timed
            ):
                return {timed: layout.utc}
        self.run(scans.stage_csv(groups, order, keep))
        return {}

    def _all_written(self, statement: str, timed: str) -> bool:
        """Stage text with a column as instants; where some are not written so, stage nothing.

        So most columns are read in a third of the time that it takes to stage texts, look at each
        and cast it.
        """
        self.rows(statement)
        if self.rows(_REFUSED) or self.rows(_ODD.format(identifier(timed))):
            self._clean()
            return False
        self.statements.append(statement)
        return True

    def _objects(self, keep: Keep) -> list[str]:
        """Stage the values of JSON lines; return the names of the columns for their keys."""
        groups = objects.spellings(str(key) for (key,) in self.rows(objects.KEYS))
        if not groups:
            raise DataError("no line is a JSON object that has keys")
        found = objects.columns(groups, self._most([one for one in groups if len(one) > 1]))
        self.twins = twins(found, (one.spellings[one.nth] for one in found.values()))
        self.run(objects.stage_json(found, keep(list(found))))
        self.run(f"DROP TABLE {scans.LINES}")
        return list(found)

    def _most(self, groups: Sequence[tuple[str, ...]]) -> dict[str, int]:
        """Count by first spelling how many of a key one object has at most."""
        if not groups:
            return {}
        counts = self.rows(objects.together(groups))[0]
        return {group[0]: int(str(count)) for group, count in zip(groups, counts, strict=True)}

    def wrapper(self, found: Sequence[str]) -> Wrapper | None:
        """Look for the one list of objects inside of the JSON objects that are staged."""
        return wrappers.find(self.rows(wrappers.LISTS), found)

    def unwrapped(self, one: Wrapper, keep: Keep) -> tuple[Relation, list[str]]:
        """Stage the elements of a list in the place of the objects that it is in."""
        self.wrapped = True
        self.run(one.lines)
        self.run(f"DROP TABLE {scans.STAGED}")
        found = self._objects(keep)
        return self.described(lines=True), found

    def parquet(self, source: Relation, paths: Sequence[str]) -> Relation:
        """Stage Parquet as text."""
        self._clean()
        self.run(scans.stage_parquet(source, paths))
        return self.described(lines=True)

    def described(self, *, lines: bool, instants: Mapping[str, bool] | None = None) -> Relation:
        """Return the relation of what is staged."""
        kinds = self._kinds()
        hidden = _ROWID in map(str.casefold, kinds)
        if hidden:
            self._number_rows(again=scans.ROW in kinds)
        return Relation(
            text=scans.STAGED,
            columns={name: kind for name, kind in kinds.items() if name not in _OURS},
            row=identifier(scans.ROW) if hidden else _ROWID,
            file=f's."{scans.FILE}"',
            staged=True,
            lines=lines,
            place=scans.PLACE in kinds,
            cells=scans.CELL in kinds,
            instants=instants or {},
        )

    def _kinds(self) -> dict[str, str]:
        described = self.rows(f"DESCRIBE {scans.STAGED}")
        return {str(name): str(kind) for name, kind, *_ in described}

    def _number_rows(self, *, again: bool) -> None:
        """Give rows numbers in a column of our own: one of theirs hides the engine's."""
        number = f"row_number() OVER () - 1 AS {identifier(scans.ROW)}"
        fields = f"* REPLACE ({number})" if again else f"*, {number}"
        self.run(
            f"CREATE OR REPLACE TEMP TABLE {scans.STAGED} AS SELECT {fields} FROM {scans.STAGED}"
        )

    def first_rows(self, source: Relation) -> list[int]:
        """Return the number of the first staged row of each file."""
        found = self.rows(
            f"SELECT {source.file}::BIGINT, min(s.{source.row}) FROM {source.text} AS s"
            " GROUP BY ALL"
        )
        firsts = {int(str(file)): int(str(row)) for file, row in found}
        return [firsts.get(number, 0) for number in range(1, max(firsts, default=0) + 1)]

    def _clean(self) -> None:
        for table in (scans.STAGED, scans.LINES, scans.REJECT_ERRORS, scans.REJECT_SCANS):
            with translated():
                self.connection.execute(f"DROP TABLE IF EXISTS {table}")


def _without_torn(container: Container) -> Container:
    """Copy a separated text without the lines whose quotes make a bad row of those after them."""
    dialect = container.dialect
    if dialect is None or not dialect.quoted:
        return container
    path, packed = container.path, container.compression
    found = with_closed_quotes(path, packed, dialect.delimiter, len(dialect.columns))
    if found is None:
        return container
    copy, broken = found
    return container._replace(path=copy, compression="none", broken=tuple(broken))


def merged(lists: Iterable[Sequence[str]]) -> list[str]:
    """List every name once, whatever its case, in the order of first appearance."""
    by_folded: dict[str, str] = {}
    for names in lists:
        for name in names:
            by_folded.setdefault(name.casefold(), name)
    return list(by_folded.values())


def _groups(containers: Sequence[Container]) -> list[list[Container]]:
    """Neighbours that one scan can read."""
    alike = groupby(containers, key=lambda one: (one.kind, one.compression, one.dialect, one.sound))
    return [list(group) for _, group in alike]


def _in_file(error: HourglassError, containers: Sequence[Container]) -> DataError:
    names = [one.file.name for one in containers if str(one.path) in error.message]
    where = names[0] if names else containers[0].file.name
    hint = "it may be cut off or damaged, or hold no events: export it again, or copy it again"
    return DataError(f"{where} could not be read: {error.message}", hint)
