"""Private temporary files: unpacked or re-encoded input, removed when the program ends."""

import atexit
import contextlib
import errno
import functools
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hourglass.errors import OutputError

MORE_ROOM = "free some space, or set TMPDIR to a folder on a larger disk"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def private_file(suffix: str = "") -> Path:
    """Name a new, empty file that only this user can read; it is gone when the program ends."""
    with tempfile.NamedTemporaryFile(dir=private_folder(), suffix=suffix, delete=False) as stream:
        return Path(stream.name)


@contextlib.contextmanager
def private_copy(suffix: str = "") -> Iterator[BinaryIO]:
    """Open such a file, of that `name`, to be filled; OutputError if there is no room for it."""
    try:
        with private_file(suffix).open("wb") as copy:
            yield copy
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OutputError(
            f"the temporary folder {tempfile.gettempdir()} has no room for a copy of what is read:"
            f" {error.strerror}",
            MORE_ROOM,
        ) from error


def private_link(path: Path) -> Path:
    """Give a file a second name, of plain letters; it is gone when the program ends."""
    link = private_folder() / secrets.token_hex(8)
    link.symlink_to(path.absolute())
    return link


def is_private(path: Path) -> bool:
    """Say whether a file is such a copy."""
    return path.is_relative_to(private_folder())


@functools.cache
def private_folder() -> Path:
    """Return the folder of such files, which only this user can look into."""
    folder = tempfile.TemporaryDirectory(prefix="hourglass-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)
