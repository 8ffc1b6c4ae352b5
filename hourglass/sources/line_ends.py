"""Text with one kind of line end, where it has several: the engine would lose rows of it."""

from pathlib import Path

from hourglass.sources.packing import Compression, opened
from hourglass.sources.temporary import private_copy

_BEFORE_VALUE = b",;|\t\r\n"
"""What may stand before the quote that opens a value; elsewhere a quote is a sign as any."""


def with_plain_lines(path: Path, compression: Compression, *, quoted: bool) -> Path:
    """Copy a text, unpacked, with lines that end in a line feed; ends inside quotes stay."""
    with opened(path, compression) as source, private_copy() as target:
        inside = False
        for line in source:
            if quoted and (inside or b'"' in line):
                pieces, inside = _parted(line, inside=inside)
            else:
                pieces = [(line, False)]
            for piece, kept in pieces:
                target.write(piece if kept else _plain(piece))
    return Path(target.name)


def _plain(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _parted(line: bytes, *, inside: bool) -> tuple[list[tuple[bytes, bool]], bool]:
    """Part a line into what stands outside quotes and inside; say whether it ends inside."""
    pieces: list[tuple[bytes, bool]] = []
    start = 0
    place = line.find(b'"')
    while place >= 0:
        if not inside and (place == 0 or line[place - 1] in _BEFORE_VALUE):
            pieces.append((line[start:place], False))
            start, inside = place, True
        elif inside and line[place + 1 : place + 2] == b'"':
            place += 1  # two of them are one in the value
        elif inside:
            pieces.append((line[start : place + 1], True))
            start, inside = place + 1, False
        place = line.find(b'"', place + 1)
    pieces.append((line[start:], inside))
    return pieces, inside
