"""What a file is, by its content: compression, Parquet, JSON or separated text."""

import codecs
import gzip
import io
import json
import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hourglass.errors import DataError
from hourglass.sources.dialect import Dialect, detect
from hourglass.sources.files import SourceFile
from hourglass.sources.temporary import private_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Kind = Literal["csv", "json lines", "json array", "parquet", "empty"]
Compression = Literal["none", "gzip", "zstd"]

_HEAD = 1 << 18
_GZIP, _ZSTD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
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
_DAMAGED = (OSError, EOFError, zlib.error, zstd.ZstdError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A file whose content is known; `path` may be a private, unpacked copy."""

    file: SourceFile
    path: Path
    kind: Kind
    compression: Compression = "none"
    dialect: Dialect | None = None
    sound: bool = True
    """Whether all of the text is UTF-8; if not, the engine must look at every column."""

    @property
    def format(self) -> str:
        """Name of the format for people, as `csv (gzip)`."""
        name = self.dialect.name if self.dialect else self.kind
        return name if self.compression == "none" else f"{name} ({self.compression})"


def recognise(file: SourceFile) -> Container:
    """Look at the first bytes of a file; DataError if they are not events in a known form."""
    with _readable(file):
        raw = _first_bytes(file.path, "none")
        compression = _compression_of(raw)
        head = raw if compression == "none" else _first_bytes(file.path, compression)
    container = Container(file=file, path=file.path, kind="csv", compression=compression)
    with _readable(file):
        if head.startswith(_PARQUET):
            return _parquet(container)
        container = _text(container, head)
        return replace(container, sound=_is_sound(container))


@contextmanager
def opened(path: Path, compression: Compression) -> Iterator[io.BufferedIOBase]:
    """Open a file for reading its unpacked bytes."""
    if compression == "gzip":
        with gzip.open(path, "rb") as unpacked:
            yield unpacked
    elif compression == "zstd":
        with zstd.open(path, "rb") as unpacked:
            yield unpacked
    else:
        with path.open("rb") as plain:
            yield plain


def plain_lines(container: Container) -> Container:
    """Copy a text file unpacked, in UTF-8, with one kind of line end."""
    copy = private_file()
    with (
        opened(container.path, container.compression) as source,
        copy.open("wb") as target,
    ):
        carry = b""
        while chunk := source.read(1 << 20):
            whole = carry + chunk
            carry = b"\r" if whole.endswith(b"\r") else b""
            text = whole[: len(whole) - len(carry)]
            target.write(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        target.write(b"\n" if carry else b"")
    return replace(container, path=copy, compression="none")


@contextmanager
def _readable(file: SourceFile) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise DataError(f"{file.name} may not be read", f"ls -l {file.name}") from error
    except _DAMAGED as error:
        raise _damaged(file, error) from error


def _damaged(file: SourceFile, error: BaseException) -> DataError:
    return DataError(f"{file.name} is damaged: {error}", "export it again, or copy it again")


def _is_sound(container: Container) -> bool:
    """Read all of a text: the engine takes a damaged or cut-off file for a short one."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    sound = True
    with opened(container.path, container.compression) as stream:
        while chunk := stream.read(1 << 20):
            try:
                if sound:
                    decoder.decode(chunk)
            except UnicodeDecodeError:
                sound = False
    return sound and not decoder.getstate()[0]


def _first_bytes(path: Path, compression: Compression) -> bytes:
    with opened(path, compression) as stream:
        return stream.read(_HEAD)


def _compression_of(head: bytes) -> Compression:
    if head.startswith(_GZIP):
        return "gzip"
    return "zstd" if head.startswith(_ZSTD) else "none"


def _parquet(container: Container) -> Container:
    path = container.path
    if container.compression != "none":
        path = private_file(".parquet")
        with opened(container.path, container.compression) as packed, path.open("wb") as copy:
            shutil.copyfileobj(packed, copy)
    with path.open("rb") as stream:
        stream.seek(-min(8, path.stat().st_size), 2)
        if stream.read()[-4:] != _PARQUET:
            raise DataError(f"{container.file.name} is a Parquet file that was cut off")
    return replace(container, path=path, kind="parquet")


def _text(container: Container, head: bytes) -> Container:
    name = container.file.name
    for magic, (what, hint) in _FOREIGN.items():
        if head.startswith(magic):
            raise DataError(f"{name} is {what}", hint)
    if head[8:12] == b"DUCK":
        raise DataError(f"{name} is a DuckDB database", f"hourglass funnel --db {name}")
    if head.startswith(_UTF16):
        container = _recoded(container)
        head = _first_bytes(container.path, "none")
    elif b"\r" in head and b"\n" not in head:
        container = plain_lines(container)
        head = _first_bytes(container.path, "none")
    if b"\x00" in head:
        raise DataError(f"{name} is not text, JSON or Parquet", "export it as CSV or Parquet")
    text = _decoded(head, name)
    start = text.lstrip()
    if not start:
        return replace(container, kind="empty")
    if start.startswith("<"):
        raise DataError(f"{name} is HTML or XML", "export the events as CSV, JSON lines or Parquet")
    if start.startswith("["):
        return replace(container, kind="json array")
    if start.startswith("{"):
        return replace(container, kind=_json_lines(start, name))
    return replace(container, kind="csv", dialect=detect(text, len(head) < _HEAD, name))


def _json_lines(text: str, name: str) -> Kind:
    first = text.split("\n", 1)[0].strip()
    try:
        json.loads(first)
    except ValueError as error:
        if first == "{":
            raise DataError(
                f"{name} is one JSON object over several lines",
                "write one event a line, or an array of events",
            ) from error
    return "json lines"


def _decoded(head: bytes, name: str) -> str:
    first, _, _ = head.lstrip(b"\xef\xbb\xbf\r\n\t ").partition(b"\n")
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(first) < _HEAD - 4:
            raise DataError(
                f"{name} line 1 is not UTF-8 text", "save it as UTF-8, or as Parquet"
            ) from error
    return head.decode("utf-8", errors="replace").removeprefix("\ufeff")


def _recoded(container: Container) -> Container:
    copy = private_file()
    with opened(container.path, container.compression) as source, copy.open("wb") as target:
        try:
            target.write(source.read().decode("utf-16").encode())
        except UnicodeError as error:
            raise _damaged(container.file, error) from error
    return replace(container, path=copy, compression="none")
