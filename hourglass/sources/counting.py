"""How many rows of each file were read, and what became of them."""

from collections import Counter
from collections.abc import Sequence

from hourglass.engines.sqltext import exactly, literal
from hourglass.sources import scans, view
from hourglass.sources.container import Container
from hourglass.sources.facts import FileFacts
from hourglass.sources.keys import Key, find_hashes
from hourglass.sources.rejects import Rejects
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.view import Shape


def count_rows(staging: Staging, source: Relation, containers: Sequence[Container]) -> Counter[int]:
    """Count the rows of each file by its number, from 1."""
    if source.staged:
        counted = staging.rows(scans.rows_by_file(source))
        return Counter({int(str(number)): int(str(count)) for number, count in counted})
    paths = [str(one.path) for one in containers]
    named = literal([exactly(path) for path in paths])
    counted = staging.rows(f"SELECT file_name, num_rows FROM parquet_file_metadata({named})")
    rows = {str(name): int(str(count)) for name, count in counted}
    return Counter({number: rows[path] for number, path in enumerate(paths, start=1)})


def count_repeats(
    staging: Staging, shape: Shape, key: Key, containers: Sequence[Container]
) -> Counter[int]:
    """Find the rows that repeat a key, of those whose hash does; count them by file number."""
    staging.statements.append(find_hashes(shape.source, key))  # it ran when the key was looked for
    staging.run(shape.find_repeats(key))
    counted = staging.rows(f"SELECT file, count(*) FROM {view.REPEATS} GROUP BY ALL")
    paths = [str(one.path) for one in containers]
    staged = shape.source.staged
    return Counter(
        {
            int(str(file)) if staged else paths.index(str(file)) + 1: int(str(count))
            for file, count in counted
        }
    )


def file_facts(
    containers: Sequence[Container],
    form: str,
    rows: Counter[int],
    rejects: Rejects,
    repeats: Counter[int],
) -> tuple[FileFacts, ...]:
    """Put the counts of each file together; `form` is the name of its format, or nothing."""
    return tuple(
        FileFacts(
            file=one.file._replace(path=one.path),
            format=f"{form}: {one.format}" if form else one.format,
            rows=rows[number] + rejects.unparsed[number],
            rejected=rejects.by_file[number],
            duplicates=repeats[number],
        )
        for number, one in enumerate(containers, start=1)
    )
