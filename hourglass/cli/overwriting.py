"""No command replaces what it reads."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hourglass.errors import DataError, UsageError, quoted

_OUTPUTS = ("output", "html", "junit", "rejects")


def refuse_overwriting(command: str, typed: Mapping[str, Any]) -> None:
    """Raise UsageError for an output that is an export, the database or the configuration.

    Only what is there already can be one of them: other outputs cost nothing.
    """
    for option in _OUTPUTS:
        output = typed.get(option)
        if output in (None, "-") or not _is_file(Path(output)):
            continue
        if any(_is_same(Path(output), one) for one in _read(command, typed)):
            raise UsageError(
                f"{output} is read by this command, and would be replaced",
                f"name another file: --{option} {quoted(f'new-{Path(output).name}')}",
            )


def _read(command: str, typed: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the files that a command reads: what it writes to a database, it reads there too."""
    from hourglass.config import config_path
    from hourglass.sources.files import on_disk

    if db := typed.get("db"):
        yield db
    if command != "init" and (config := config_path(typed.get("config"), Path.cwd())):
        yield config
    for argument in typed.get("events") or ():
        with contextlib.suppress(DataError, OSError):  # whoever reads it will say what is wrong
            yield from on_disk(argument)


def _is_file(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return path.is_file()
    return False


def _is_same(path: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.samefile(other)
    return False
