"""Quotes that nothing closes: each costs the line that it stands on, not the rows after it."""

import mmap
from collections.abc import Iterator
from pathlib import Path

from hourglass.sources.packing import Compression, unpacked_copy
from hourglass.sources.temporary import private_copy

Broken = tuple[int, str]
"""Number, from 1, and text of a line that was left out."""


def with_closed_quotes(
    path: Path, compression: Compression, delimiter: str, values: int
) -> tuple[Path, list[Broken]] | None:
    """Copy a text, unpacked, without the lines whose quotes make a bad row of those after them.

    A row over several lines has to close its quotes where a value ends and to have so many
    `values`. In the place of a line is an empty one, so that all others keep their numbers. Return
    the copy and what was left out; null if there is nothing to leave out.
    """
    plain = path if compression == "none" else unpacked_copy(path, compression)
    with plain.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        spans = list(_broken(text, delimiter.encode(), values))
        return _without(text, spans) if spans else None


def _without(text: mmap.mmap, spans: list[tuple[int, int]]) -> tuple[Path, list[Broken]]:
    broken: list[Broken] = []
    number, at = 1, 0
    with private_copy() as target:
        for start, end in spans:
            before = text[at:start]
            number += before.count(b"\n")
            line = text[start:end]
            broken.append((number, line.decode("utf-8", errors="replace").rstrip("\r\n")))
            target.write(before + line[len(line.rstrip(b"\r\n")) :])
            number, at = number + line.count(b"\n"), end
        target.write(text[at:])
    return Path(target.name), broken


def _broken(text: mmap.mmap, delimiter: bytes, values: int) -> Iterator[tuple[int, int]]:
    """Find the lines that begin a row which goes on over their end and comes to no good one."""
    at = 0
    while (quote := text.find(b'"', at)) >= 0:
        start = max(text.rfind(b"\n", at, quote) + 1, at)
        own = _line_end(text, start)
        end, found = _row(text, start, delimiter)
        if end > own and found != values:
            yield start, own
            end = own
        at = end


def _row(text: mmap.mmap, start: int, delimiter: bytes) -> tuple[int, int]:
    """Return where a row ends and how many values it has; 0 if a quote is not closed well."""
    at, values = start, 1
    while True:
        after = at
        if text[at : at + 1] == b'"':
            after = _closed(text, at)
            if not after:
                return len(text), 0
            while text[after : after + 1] == b" ":
                after += 1
            if after < len(text) and text[after] not in b"\r\n" + delimiter[:1]:
                return _line_end(text, after), 0
        end = _line_end(text, after)
        following = text.find(delimiter, after, end)
        if following < 0:
            return end, values
        at, values = following + len(delimiter), values + 1


def _closed(text: mmap.mmap, at: int) -> int:
    """Return the place after the quote that closes the one at `at`; 0 if there is none.

    Two quotes are one in the value.
    """
    at = text.find(b'"', at + 1)
    while at >= 0 and text[at + 1 : at + 2] == b'"':
        at = text.find(b'"', at + 2)
    return at + 1


def _line_end(text: mmap.mmap, at: int) -> int:
    return text.find(b"\n", at) + 1 or len(text)
