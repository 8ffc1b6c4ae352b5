"""No command replaces what it reads, or what it has just written."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from hourglass.errors import DataError, UsageError, quoted

_OUTPUTS = ("output", "html", "junit", "rejects")


def refuse_overwriting(command: str, typed: Mapping[str, Any]) -> None:
    """Raise UsageError for an output that is an export, the database or the configuration.

    Only what is there already can be one of them: other outputs cost nothing. No two outputs, the
    database among them, may be one file either.
    """
    for option in _OUTPUTS:
        output = typed.get(option)
        if output in (None, "-") or not _is_file(Path(output)):
            continue
        if any(_is_same(Path(output), one) for one in _read(command, typed)):
            raise UsageError(
                f"{output} is read by this command, and would be replaced",
                _another(option, Path(output)),
            )
    _refuse_one_for_two(typed)


def _refuse_one_for_two(typed: Mapping[str, Any]) -> None:
    """Raise UsageError for two outputs in one file, in which the second would replace the first."""
    named = {option: Path(typed[option]) for option in ("db", *_OUTPUTS) if typed.get(option)}
    for (first, path), (second, other) in combinations(named.items(), 2):
        if _is_one(path, other):
            raise UsageError(
                f"--{first} and --{second} name the same file: {other}", _another(second, other)
            )


def _another(option: str, path: Path) -> str:
    return f"name another file: --{option} {quoted(f'new-{path.name}')}"


def _is_one(path: Path, other: Path) -> bool:
    """Say whether two names lead to one file that can be replaced, there or not there yet."""
    with contextlib.suppress(OSError, ValueError):
        if str(path) == "-" or (path.exists() and not path.is_file()):  # a device takes both
            return False
        return os.path.realpath(path) == os.path.realpath(other) or _is_same(path, other)
    return False


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
