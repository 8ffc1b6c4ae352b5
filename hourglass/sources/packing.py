"""Files that are packed: which compression, and their unpacked bytes."""

import gzip
import io
import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from hourglass.sources.temporary import private_copy

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Compression = Literal["none", "gzip", "zstd"]

HEAD = 1 << 18
"""So many bytes of a file are looked at to see what it is."""
_FRAME = 64
"""So many bytes hold all that begins a packed file."""
DAMAGED = (OSError, EOFError, zlib.error, zstd.ZstdError)
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


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


def unpacked_copy(path: Path, compression: Compression, suffix: str = "") -> Path:
    """Copy a file to a private one, unpacked."""
    with opened(path, compression) as packed, private_copy(suffix) as plain:
        shutil.copyfileobj(packed, plain)
    return Path(plain.name)


def first_bytes(path: Path, compression: Compression) -> bytes:
    """Return the beginning of a file, unpacked."""
    with opened(path, compression) as stream:
        return stream.read(HEAD)


def last_sign(path: Path, compression: Compression) -> bytes:
    """Return the last byte of a file, unpacked, that is no space; b"" if there is none nearby."""
    with opened(path, compression) as stream:
        if compression == "none":
            stream.seek(-min(HEAD, path.stat().st_size), 2)
        last = b""
        while block := stream.read(HEAD):
            last = block.rstrip()[-1:] or last
    return last


def unpacked_size(path: Path) -> int | None:
    """Return how many bytes a file has, unpacked, as it says itself; null where it does not.

    That is less than it has where the number is no 32 bits long, or where several packed files
    were put together. Raises OSError.
    """
    with path.open("rb") as stream:
        head = stream.read(_FRAME)
        match compression_of(head):
            case "none":
                return path.stat().st_size
            case "gzip":
                stream.seek(-4, 2)
                return int.from_bytes(stream.read(), "little")
            case "zstd":
                with suppress(zstd.ZstdError):
                    return zstd.get_frame_info(head).decompressed_size
    return None


def compression_of(head: bytes) -> Compression:
    """Tell the compression by the first bytes."""
    if head.startswith(_GZIP):
        return "gzip"
    return "zstd" if head.startswith(_ZSTD) else "none"
