"""In which encoding a text is written, and the same text in UTF-8."""

import codecs
from pathlib import Path
from typing import NamedTuple

from hourglass.errors import DataError
from hourglass.sources.packing import Compression, opened
from hourglass.sources.temporary import private_copy

_MARKS = {
    2 * codecs.BOM_UTF8: "utf-8-sig",  # as a program leaves it that adds one to what has one
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BLOCK = 1 << 18
"""Bytes looked at together, few enough to stay in a processor's cache from one look to the next."""
_TITLES = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1",
           "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}  # fmt: skip


class Found(NamedTuple):
    """The encoding of a text; `sound` says that every byte of it fits."""

    encoding: str
    sound: bool = True
    guessed: bool = False
    mixed: bool = False
    """Whether lines end in several ways."""


class _LineEnds:
    """The ways in which the lines of a text end, told block by block."""

    def __init__(self) -> None:
        self.kinds: set[bytes] = set()
        self._last = b""

    def add(self, block: bytes) -> None:
        """Look at the next block."""
        text = self._last + block if self._last else block  # to add nothing copies all the same
        self._last = b"\r" if text.endswith(b"\r") else b""
        text = text[: len(text) - len(self._last)]
        returns = text.count(b"\r") if b"\r" in text else 0  # to find none is quick, to count slow
        pairs = text.count(b"\r\n") if returns else 0
        self._note(b"\r\n", pairs > 0)
        self._note(b"\r", returns > pairs)
        if b"\n" not in self.kinds:
            self._note(b"\n", text.count(b"\n") > pairs if pairs else b"\n" in text)

    def several(self) -> bool:
        """Say at the end whether there is more than one."""
        self._note(b"\r", bool(self._last))
        return len(self.kinds) > 1

    def _note(self, kind: bytes, there: bool) -> None:
        if there:
            self.kinds.add(kind)


def title(encoding: str) -> str:
    """Name an encoding for people."""
    return _TITLES.get(encoding, encoding)


def by_first_bytes(head: bytes) -> Found | None:
    """Tell UTF-16 and UTF-32 by their mark, or by where zero bytes stand; null for others.

    UTF-8 is told by two marks: the engine passes over one.
    """
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return Found(encoding)
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs and odd > 0.4 * pairs and even < 0.01 * pairs:
        return Found("utf-16-le", guessed=True)
    if pairs and even > 0.4 * pairs and odd < 0.01 * pairs:
        return Found("utf-16-be", guessed=True)
    return None


def of_text(path: Path, compression: Compression) -> Found:
    """Read all of a text and tell its encoding; so a damaged or cut-off file is found too.

    It is UTF-8 if it can be. If not, it is UTF-8 with damage where lines of well-formed UTF-8
    beyond ASCII outnumber the others, else Windows-1252, or Latin-1 where that leaves gaps.
    """
    ends = _LineEnds()
    fits = _fits(path, compression, "utf-8", ends)
    mixed = ends.several()
    if fits:
        return Found("utf-8", mixed=mixed)
    if _mostly_utf8(path, compression):
        return Found("utf-8", sound=False, mixed=mixed)
    fits = _fits(path, compression, "cp1252")
    return Found("cp1252" if fits else "latin-1", guessed=True, mixed=mixed)


def recoded(path: Path, compression: Compression, encoding: str, name: str) -> tuple[Path, bool]:
    """Copy a text, unpacked, in UTF-8; say too whether its lines end in several ways.

    Raises DataError if its bytes are not of the encoding.
    """
    ends = _LineEnds()
    with opened(path, compression) as source, private_copy() as target:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while block := source.read(_BLOCK):
                text = decoder.decode(block).encode()
                ends.add(text)
                target.write(text)
            target.write(decoder.decode(b"", final=True).encode())
        except UnicodeError as error:
            raise DataError(
                f"{name} is not {title(encoding)} throughout: {error}",
                "name its encoding: --encoding NAME, as utf-8 or windows-1252",
            ) from error
    return Path(target.name), ends.several()


def _fits(
    path: Path, compression: Compression, encoding: str, ends: _LineEnds | None = None
) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    fits = True
    with opened(path, compression) as stream:
        while chunk := stream.read(_BLOCK):
            if ends:
                ends.add(chunk)
            if chunk.isascii() and not decoder.getstate()[0]:
                continue  # it is the same in all that are tried, and quickly told
            try:
                if fits:
                    decoder.decode(chunk)
            except UnicodeDecodeError:
                fits = False
    return fits and not decoder.getstate()[0]


def _mostly_utf8(path: Path, compression: Compression) -> bool:
    good = bad = 0
    with opened(path, compression) as stream:
        for line in stream:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return good > bad
