"""Which line of a file a row stands on, found by reading the file again."""

import contextlib
import csv
import itertools
from collections.abc import Collection, Iterator
from io import BufferedIOBase

from hourglass.sources.container import Container
from hourglass.sources.packing import opened


def lines_at(container: Container, offsets: Collection[int]) -> dict[int, int]:
    """Map byte offsets in the unpacked text to the numbers of their lines, from 1."""
    found: dict[int, int] = {}
    wanted = iter(sorted(offsets))
    offset = next(wanted, None)
    with opened(container.path, container.compression) as stream:
        start = 0
        for number, line in enumerate(stream, start=1):
            end = start + len(line)
            while offset is not None and offset < end:
                found[offset] = number
                offset = next(wanted, None)
            if offset is None:
                break
            start = end
    return found


def record_lines(
    container: Container, ordinals: Collection[int], refused: Collection[int]
) -> dict[int, tuple[int, str]]:
    """Map ordinals of rows, from 0, to line and raw text of each.

    `refused` are the lines of rows that the engine did not take; they have no ordinal.
    """
    found: dict[int, tuple[int, str]] = {}
    last = max(ordinals, default=-1)
    wanted, skipped = set(ordinals), set(refused)
    ordinal = 0
    with opened(container.path, container.compression) as stream:
        for line, raw in _records(stream, container):
            if line in skipped:
                continue
            if ordinal in wanted:
                found[ordinal] = (line, raw.decode("utf-8", errors="replace").rstrip("\r\n"))
            if ordinal >= last:
                break
            ordinal += 1
    return found


def _records(stream: BufferedIOBase, container: Container) -> Iterator[tuple[int, bytes]]:
    """Yield line number and text of each row after the header, blank lines left out."""
    dialect = container.dialect
    assert dialect is not None
    delimiter, quoted = dialect.delimiter, dialect.quoted
    numbered = enumerate(stream, start=1)
    next(itertools.islice(numbered, dialect.skip, dialect.skip), None)
    filled = (
        (number, _quoted(line, numbered, delimiter) if quoted and b'"' in line else line)
        for number, line in numbered
        if not line.isspace()
    )
    if dialect.header:
        next(filled, None)
    yield from filled


def _quoted(line: bytes, more: Iterator[tuple[int, bytes]], delimiter: str) -> bytes:
    """Take as many lines as one row has whose values may hold line ends."""
    taken: list[bytes] = []

    def texts() -> Iterator[str]:
        for one in itertools.chain([line], (following for _, following in more)):
            taken.append(one)
            yield one.decode("utf-8", errors="replace")

    with contextlib.suppress(csv.Error):  # a value longer than the reader takes: so is its text
        next(csv.reader(texts(), delimiter=delimiter), None)
    return b"".join(taken)
