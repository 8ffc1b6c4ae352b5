"""Files that are packed: which compression, and their unpacked bytes."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Compression = Literal["none", "gzip", "zstd"]

HEAD = 1 << 18
"""So many bytes of a file are looked at to see what it is."""
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


def compression_of(head: bytes) -> Compression:
    """Tell the compression by the first bytes."""
    if head.startswith(_GZIP):
        return "gzip"
    return "zstd" if head.startswith(_ZSTD) else "none"
