"""How the zones of times are written in exports, read once more as they are."""

from collections.abc import Sequence

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.engines.sqltext import identifier
from hourglass.reading import Reading
from hourglass.sources import parquet
from hourglass.sources.attach import recognised
from hourglass.sources.files import SourceFile
from hourglass.sources.staging import Staging

WRITTEN = "written_times"
"""The view of the times as they are written: written, text."""


def attach_times(
    engine: DuckDBEngine, files: Sequence[SourceFile], column: str, reading: Reading | None
) -> bool:
    """Make the view `written_times`; say whether it could be, and the column is one of text.

    Times within other values are not looked at: of those the format knows the zone.
    """
    groups, _ = recognised(files, reading)
    staging = Staging(engine.connection)
    containers = groups[0]
    if containers[0].kind == "parquet":
        source, _ = parquet.read(staging, [str(one.path) for one in containers])
    else:
        source, _, _ = staging.text(
            containers, lambda names: [one for one in names if one == column]
        )
    if source.columns.get(column) != "VARCHAR":
        return False
    engine.view(WRITTEN, f"SELECT {identifier(column)} AS written FROM {source.text}")  # noqa: S608
    return True
