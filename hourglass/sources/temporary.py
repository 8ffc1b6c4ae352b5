"""Private temporary files: unpacked or re-encoded input, removed when the program ends."""

import atexit
import functools
import secrets
import tempfile
from pathlib import Path


def private_file(suffix: str = "") -> Path:
    """Name a new, empty file that only this user can read; it is gone when the program ends."""
    with tempfile.NamedTemporaryFile(dir=private_folder(), suffix=suffix, delete=False) as stream:
        return Path(stream.name)


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
