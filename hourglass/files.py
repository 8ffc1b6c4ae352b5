"""Files replaced in one step: a reader sees the old content or the new, never half of it."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hourglass.errors import OutputError, quoted


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path`, replacing what is there; OutputError with the reason on failure.

    The bytes go to a temporary file in the same folder, are forced to the disk, and are then
    moved over `path`. A link is followed, so that the file it names is the one replaced; a
    device or a pipe (`/dev/stdout`) cannot be replaced and is written to; BrokenPipeError if it
    is closed.
    """
    try:
        if _only_written(path):
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except BrokenPipeError:  # whoever reads it has seen enough
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise unwritable(path, error) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a new empty file for another to fill, which then replaces `path` in one step.

    It lies in the same folder. If anything fails, it is taken away and `path` is as it was;
    OutputError if that is because of the file. What cannot be replaced (a device, a pipe) gets
    the content written to it.
    """
    filling = False
    try:
        if _only_written(path):
            with tempfile.TemporaryDirectory() as folder:
                beside = Path(folder).resolve() / "output"
                beside.touch()
                filling = True
                yield beside
                filling = False
                with beside.open("rb") as source, path.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
        else:
            with _beside(path.resolve()) as beside:
                filling = True
                yield beside
                filling = False
    except BrokenPipeError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        if filling:  # what fails outside is not said to be the file's fault
            raise
        raise unwritable(path, error) from error


def _only_written(path: Path) -> bool:
    """Whether it is a device or a pipe: it cannot be replaced, and its link leads nowhere."""
    return path.exists() and not path.is_file() and not path.is_dir()


def unwritable(path: Path, error: Exception) -> OutputError:
    """Say why a file could not be written, and what to type next."""
    reason = getattr(error, "strerror", None) or str(error)
    is_lost = isinstance(error, FileNotFoundError) and not path.parent.is_dir()
    hint = f"mkdir -p {quoted(path.parent)}" if is_lost else "name another file"
    return OutputError(f"{path} could not be written: {reason}", hint)


def _replace(target: Path, data: bytes) -> None:
    with _beside(target) as beside:
        beside.write_bytes(data)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    beside = target.with_name(f".hourglass-{secrets.token_hex(8)}.tmp")
    try:
        beside.touch(exist_ok=False)
        yield beside
        with beside.open("r+b") as stream:
            os.fsync(stream.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        os.replace(beside, target)  # noqa: PTH105  (the name of what happens)
    except BaseException:  # an interrupt too must leave nothing behind
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
