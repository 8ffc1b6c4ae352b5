"""What a file is, by its content: compression, Parquet, JSON or separated text."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from hourglass.errors import DataError, quoted
from hourglass.reading import Reading
from hourglass.sources import encodings
from hourglass.sources.dialect import Dialect, detect
from hourglass.sources.files import SourceFile
from hourglass.sources.line_ends import with_plain_lines
from hourglass.sources.packing import (
    DAMAGED,
    HEAD,
    Compression,
    compression_of,
    first_bytes,
    last_sign,
    unpacked_copy,
)
from hourglass.sources.presets import known
from hourglass.sources.quotes import Broken

Kind = Literal["csv", "json lines", "json array", "json objects", "parquet", "empty"]

_PARQUET = b"PAR1"
_FOREIGN = {
    b"PK\x03\x04": ("a ZIP archive or a spreadsheet", "unpack it, or save the sheet as CSV"),
    b"BZh": ("compressed with bzip2", "unpack it first"),
    b"\xfd7zXZ": ("compressed with xz", "unpack it first"),
    b"Obj\x01": ("an Avro file", "export it as Parquet or JSON lines"),
    b"ORC": ("an ORC file", "export it as Parquet"),
    b"ARROW1": ("an Arrow file", "export it as Parquet"),
    b"SQLite format 3": ("an SQLite database", "export the table as CSV"),
    b"%PDF": ("a PDF", "export the events as CSV"),
}


class Container(NamedTuple):
    """A file whose content is known; `path` may be a private, unpacked copy."""

    file: SourceFile
    path: Path
    kind: Kind
    compression: Compression = "none"
    dialect: Dialect | None = None
    sound: bool = True
    """Whether all of the text is UTF-8; if not, the engine must look at every column."""
    mixed: bool = False
    """Whether lines of the text end in several ways, in which the engine would lose some."""
    notes: tuple[str, ...] = ()
    """What was assumed about it."""
    broken: tuple[Broken, ...] = ()
    """Lines that its copy is without: with their quotes they would cost the rows after them."""

    @property
    def format(self) -> str:
        """Name of the format for people, as `csv (gzip)`."""
        name = self.dialect.name if self.dialect else self.kind
        return name if self.compression == "none" else f"{name} ({self.compression})"


def recognise(file: SourceFile, reading: Reading | None = None) -> Container:
    """Look at the bytes of a file; DataError if they are not events in a known form."""
    with _readable(file):
        raw = first_bytes(file.path, "none")
        compression = compression_of(raw)
        head = raw if compression == "none" else first_bytes(file.path, compression)
    container = Container(file=file, path=file.path, kind="csv", compression=compression)
    with _readable(file):
        if head.startswith(_PARQUET):
            return _parquet(container)
        _refuse_foreign(file.name, head)
        container = _in_utf8(container, head, (reading or Reading()).encoding)
        return _text(container, reading or Reading())


def _in_utf8(container: Container, head: bytes, encoding: str | None) -> Container:
    """Bring a text into UTF-8: as told, by its first bytes, or by all of it."""
    name, path, packed = container.file.name, container.path, container.compression
    found = encodings.Found(encoding) if encoding else encodings.by_first_bytes(head)
    if found is None:
        if b"\x00" in head:
            raise DataError(f"{name} is not text, JSON or Parquet", "export it as CSV or Parquet")
        found = encodings.of_text(path, packed)
    if found.encoding.casefold().replace("_", "-") in ("utf-8", "utf8"):
        text = encodings.of_text(path, packed) if encoding else found
        sound = text.encoding == "utf-8" and text.sound
        return container._replace(sound=sound, mixed=text.mixed)
    said = f"{name} is read as {encodings.title(found.encoding)}: it is not UTF-8"
    copy, mixed = encodings.recoded(path, packed, found.encoding, name)
    return container._replace(
        path=copy,
        mixed=mixed,
        compression="none",
        notes=(said,) if found.guessed else (),
    )


@contextmanager
def _readable(file: SourceFile) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise DataError(f"{file.name} may not be read", f"ls -l {quoted(file.name)}") from error
    except DAMAGED as error:
        raise _damaged(file, error) from error


def _damaged(file: SourceFile, error: BaseException) -> DataError:
    return DataError(f"{file.name} is damaged: {error}", "export it again, or copy it again")


def _parquet(container: Container) -> Container:
    path = container.path
    if container.compression != "none":
        path = unpacked_copy(path, container.compression, ".parquet")
    with path.open("rb") as stream:
        stream.seek(-min(8, path.stat().st_size), 2)
        if stream.read()[-4:] != _PARQUET:
            raise DataError(f"{container.file.name} is a Parquet file that was cut off")
    return container._replace(path=path, kind="parquet")


def _refuse_foreign(name: str, head: bytes) -> None:
    for magic, (what, hint) in _FOREIGN.items():
        if head.startswith(magic):
            raise DataError(f"{name} is {what}", hint)
    if head[257:262] == b"ustar":
        raise DataError(f"{name} is a tar archive", f"unpack it first: tar -xf {quoted(name)}")
    if head[8:12] == b"DUCK":
        raise DataError(f"{name} is a DuckDB database", f"hourglass funnel --db {quoted(name)}")


def _text(container: Container, reading: Reading) -> Container:
    name = container.file.name
    head = first_bytes(container.path, container.compression)
    if container.mixed or (b"\r" in head and b"\n" not in head):
        copy = with_plain_lines(
            container.path, container.compression, quoted=not _is_json(_decoded(head, name))
        )
        container = container._replace(path=copy, compression="none")
        head = first_bytes(container.path, "none")
    if b"\x00" in head:
        raise DataError(f"{name} is not text, JSON or Parquet", "export it as CSV or Parquet")
    text = _decoded(head, name)
    start = text.lstrip()
    if not start:
        return container._replace(kind="empty")
    if start.startswith("<"):
        raise DataError(f"{name} is HTML or XML", "export the events as CSV, JSON lines or Parquet")
    if start.startswith("["):
        if start[1:].strip() == "]":
            return container._replace(kind="empty")
        _refuse_endless(container)
        return container._replace(kind="json array")
    if start.startswith("{"):
        return container._replace(kind=_json(start))
    nameless = (one.names for one in known(reading.formats) if one.names)
    dialect = detect(text, len(head) < HEAD, name, reading.columns, nameless)
    notes = (*container.notes, *_titles(name, dialect))
    return container._replace(kind="csv", dialect=dialect, notes=notes)


def _refuse_endless(container: Container) -> None:
    """Raise DataError for an array without an end, as the engine does but for a cut at a comma."""
    if last_sign(container.path, container.compression) not in (b"]", b""):
        raise DataError(
            f"{container.file.name} could not be read: its JSON array does not end with ]",
            "it was cut off: export it again, or copy it again",
        )


def _titles(name: str, dialect: Dialect) -> Iterator[str]:
    """Say which lines are taken for no rows."""
    if above := dialect.titles:
        first = above[0] if len(above[0]) <= 60 else f"{above[0][:59]}…"
        what = "1 line" if len(above) == 1 else f"{len(above)} lines"
        yield f'{name}: {what} above the names of columns left out, as "{first}"'


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("[", "{"))


def _json(text: str) -> Kind:
    """Tell objects that stand one a line from those over several lines, or several on one.

    What cannot be told stands one a line: then a damaged one costs its line alone.
    """
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return "json objects" if _goes_on(text) else "json lines"
    rest = text[end:].partition("\n")[0].strip()
    return "json objects" if "\n" in text[:end] or rest.startswith("{") else "json lines"


def _goes_on(text: str) -> bool:
    """Say whether an object without an end begins in the first line and goes on in the next."""
    first, _, rest = text.partition("\n")
    if not first.rstrip().endswith(("{", "[", ",")):
        return False
    try:
        json.loads(rest.partition("\n")[0])
    except ValueError:
        return True
    return False


def _decoded(head: bytes, name: str) -> str:
    first, _, _ = head.lstrip(b"\xef\xbb\xbf\r\n\t ").partition(b"\n")
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(first) < HEAD - 4:
            raise DataError(
                f"{name} line 1 is not UTF-8 text", "name its encoding, as --encoding windows-1252"
            ) from error
    return head.decode("utf-8", errors="replace").removeprefix("\ufeff")
