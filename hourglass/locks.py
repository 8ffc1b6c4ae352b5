"""One process at a time works on an output or a database; the next is told, or waits.

The lock is that of the operating system on a file beside what is locked, `.NAME.lock`. It ends with
its process, however that ends; the file is taken away by whoever had the lock, and one that a kill
left behind holds nobody up.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hourglass.errors import HeldError
from hourglass.files import unwritable

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PAUSE = 0.1
"""Seconds between two tries."""


@contextlib.contextmanager
def locked(path: Path, wait: float = 0) -> Iterator[None]:
    """Hold `path` for as long as the block runs; it need not exist.

    Raises HeldError if another process still holds it after `wait` seconds, OutputError if nothing
    can be written beside it. Devices and pipes are not locked.
    """
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113  (never fail)
        yield
        return
    beside = _beside(path)
    descriptor = _taken(path, beside, time.monotonic() + wait)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
        os.close(descriptor)


def _beside(path: Path) -> Path:
    try:
        target = path.resolve()
        return target.with_name(f".{target.name}.lock")
    except (OSError, ValueError, RuntimeError) as error:
        raise unwritable(path, error) from error


def _taken(path: Path, beside: Path, deadline: float) -> int:
    while (descriptor := _try(path, beside)) is None:
        if time.monotonic() >= deadline:
            raise HeldError(
                f"{path} is being written by another hourglass",
                "run it again when that is done, or let it wait: --wait 60",
            )
        time.sleep(_PAUSE)
    return descriptor


def _try(path: Path, beside: Path) -> int | None:
    """Return the open lock file; null if another process has it."""
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    try:
        _lock(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    if _is_there(beside, descriptor):
        return descriptor
    os.close(descriptor)  # whoever had it took the file away before it was ours
    return None


def _is_there(beside: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(beside.stat(), os.fstat(descriptor))
    except OSError:
        return False
