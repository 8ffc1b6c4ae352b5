"""Which files a person means: names, globs, folders, standard input."""

import contextlib
import glob
import io
import os
import re
import select
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

from hourglass.errors import DataError, nearest, quoted
from hourglass.sources.archives import is_archive, unpacked
from hourglass.sources.folders import files_in, is_file, nowhere
from hourglass.sources.temporary import private_copy, private_link

_ENDINGS = "csv tsv tab psv txt json jsonl ndjson parquet parq pq gz gzip zst zstd zip"
DATA_ENDINGS = frozenset(_ENDINGS.split())
"""Endings of files that are read when a folder is named; a file without ending is read too."""

_NOT = "toml md html pdf png svg duckdb wal partial sql py ipynb yaml yml cfg"
_NO_DATA = frozenset(_NOT.split())
"""Endings of files that nobody misses who names a folder of data."""
_NAMED = 3
"""So many of the files that are left out are named."""
_CHUNK = 1 << 20
_FEW = 8
"""So many files a hint names."""
_LOOK = 0.2
"""Seconds after which a wait for more of a pipe looks whether a signal has come."""
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
"""How a URL begins; a drive has one letter."""
_BESIDE = re.compile(r"(?i)(.*[^a-z0-9])?manifest(\.json)?|.*\.crc|readme(\.txt)?")
"""Names of files that lie beside data and say what there is."""


class SourceFile(NamedTuple):
    """One file to read: where it is, and what to call it before people."""

    path: Path
    name: str
    lasting: bool = True
    """Whether the name means the same file tomorrow; a pipe's does not."""


def find_files(arguments: Sequence[str]) -> tuple[SourceFile, ...]:
    """Expand file names, globs, folders (with all below), `-` and archives, each file once.

    Raises DataError for a name that leads to no file, with the nearest one.
    """
    if not arguments:
        raise DataError("no events were named", "hourglass funnel export.csv")
    found: dict[Path, SourceFile] = {}
    for argument in arguments:
        for file in _expand(argument):
            found.setdefault(file.path.resolve(), file)
    return tuple(one for file in found.values() for one in _members(file))


def left_out(arguments: Sequence[str]) -> tuple[str, ...]:
    """Say which files of the folders that are named are not read, as their endings are unknown."""
    notes = []
    for folder in (Path(one) for one in arguments if Path(one).is_dir()):
        names = [str(path.relative_to(folder)) for path in files_in(folder, _skipped)
                 if _may_be_data(path.relative_to(folder)) and path.is_file()]  # fmt: skip
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            some = ", ".join(names[:_NAMED]) + more
            notes.append(f"{folder}: left out are files of unknown endings: {some}")
    return tuple(notes)


def load_hint(files: Iterable[SourceFile]) -> str:
    """Write the command that reads files which one question cannot read together.

    Files are named as long as they are few and there by these names: members of an archive are not.
    """
    names = [file.name for file in files]
    few = len(names) <= _FEW and all(Path(name).is_file() for name in names)
    what = shlex.join(names) if few else "FILES"
    return f"load them one after the other: hourglass load {what} --db events.duckdb"


def _members(file: SourceFile) -> Iterator[SourceFile]:
    """Yield the files of an archive, or the file itself."""
    if not is_archive(file.path):
        yield file
        return
    for path, name in unpacked(file.path, file.name, _is_data):
        yield SourceFile(path=path, name=name, lasting=file.lasting)


def _expand(argument: str) -> Iterator[SourceFile]:
    path = Path(argument)
    if argument == "-":
        yield SourceFile(path=_spool(_piped()), name="standard input", lasting=False)
    elif path.exists() and not path.is_dir() and not path.is_file():  # a pipe
        with path.open("rb") as stream:
            yield SourceFile(path=_spool(stream), name=argument, lasting=False)
    else:
        yield from _named(on_disk(argument))


def on_disk(argument: str) -> list[Path]:
    """Return the files that a name, a folder or a glob leads to; DataError if there are none."""
    path = Path(argument)
    if path.is_dir():
        return _inside(path)
    if path.is_file():
        return [path]
    if address := _ADDRESS.match(argument):
        raise _address(argument, address[1])
    if glob.has_magic(argument):
        return _matching(argument)
    raise _missing(path)


def _matching(pattern: str) -> list[Path]:
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    files = [path for path in matches if not _skipped(path.name) and is_file(path)]
    if not files:
        raise DataError(f"no file matches {pattern}", "quote the pattern and check the folder")
    return files


def _inside(folder: Path) -> list[Path]:
    files = [
        path
        for path in files_in(folder, _skipped)
        if _is_data(path.relative_to(folder)) and is_file(path)
    ]
    if not files:
        raise DataError(
            f"no events in the folder {folder}", "files end in .csv, .tsv, .json, .jsonl, .parquet"
        )
    return files


def _is_data(path: PurePath) -> bool:
    """Tell data from what lies beside them, in a folder or an archive, by the names alone."""
    return not any(_skipped(part) for part in path.parts) and (
        not path.suffix or path.suffix[1:].casefold() in DATA_ENDINGS
    )


def _may_be_data(path: PurePath) -> bool:
    skipped = any(_skipped(part) for part in path.parts)
    return not (skipped or _is_data(path) or path.suffix[1:].casefold() in _NO_DATA)


def _skipped(name: str) -> bool:
    return name.startswith((".", "_")) or bool(_BESIDE.fullmatch(name))


def _named(paths: Iterable[Path]) -> Iterator[SourceFile]:
    for path in paths:
        yield SourceFile(path=readable(path), name=_told(str(path)))


def readable(path: Path) -> Path:
    """Return the path by which the engine finds a file.

    It takes `~` for the home, knows no names that are not UTF-8, and in one that it takes for a
    pattern (`exactly`) nothing stands for a backslash.
    """
    text = path.as_posix()
    if _told(text) != text or ("\\" in text and glob.has_magic(text)):
        return private_link(path)
    return path.absolute() if text.startswith("~") else path


def _told(name: str) -> str:
    """Write a name as text, with an escape for each byte of it that is no UTF-8."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")


def _piped() -> BinaryIO:
    if sys.stdin is None:
        raise DataError(
            "standard input is closed: there is nothing to read from -",
            "name a file, or pipe events into it: cat export.csv | hourglass funnel -",
        )
    return sys.stdin.buffer


def _spool(stream: BinaryIO) -> Path:
    with private_copy() as copy:
        while some := _next(stream):
            copy.write(some)
    return Path(copy.name)


def _next(stream: BinaryIO) -> bytes:
    """Wait for more of a pipe; a signal that came meanwhile is heard between two looks at it."""
    with contextlib.suppress(OSError, ValueError):  # it is no pipe that can be waited for
        while not select.select([stream], [], [], _LOOK)[0]:
            pass
    return stream.read1(_CHUNK) if isinstance(stream, io.BufferedReader) else stream.read(_CHUNK)


def _address(argument: str, scheme: str) -> DataError:
    if scheme.casefold() in ("http", "https", "ftp"):
        hint = f"download it first: curl -LO {quoted(argument)}"
    else:
        hint = (
            "copy it to this machine first; a question may have a cluster read it: --engine spark"
        )
    return DataError(f"{argument} is an address: files are read from this machine alone", hint)


def _missing(path: Path) -> DataError:
    if path.is_symlink():
        return nowhere(path)
    try:
        beside = sorted(one.name for one in path.parent.iterdir())
    except OSError:
        return DataError(f"{path} does not exist: there is no folder {path.parent}")
    guess = nearest(path.name, beside)
    return DataError(
        f"{path} does not exist{guess}", f"see what is there: ls {quoted(path.parent)}"
    )
