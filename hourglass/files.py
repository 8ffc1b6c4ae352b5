"""Files replaced in one step: a reader sees the old content or the new, never half of it."""

import contextlib
import os
import secrets
from pathlib import Path

from hourglass.errors import OutputError


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path`, replacing what is there; OutputError with the reason on failure.

    The bytes go to a temporary file in the same folder, are forced to the disk, and are then
    moved over `path`. A link is followed, so that the file it names is the one replaced; a
    device or a pipe (`/dev/stdout`) cannot be replaced and is written to.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(
            f"{path} could not be written: {reason}",
            "name another file with --output",
        ) from error


def _replace(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    beside = target.with_name(f".hourglass-{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        os.replace(beside, target)  # noqa: PTH105  (the name of what happens)
    except BaseException:  # an interrupt too must leave nothing behind
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
