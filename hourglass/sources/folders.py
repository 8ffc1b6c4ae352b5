"""Which files lie in a folder and all below it, through links too; what cannot be read is said."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from hourglass.errors import DataError, quoted

_TABLES = {
    "_delta_log": ("a Delta table", "**/part-*.parquet"),
    ".hoodie": ("a Hudi table", "**/*.parquet"),
}
"""Folders by which a table is told, with its title and where its files are."""
_ICEBERG = ("an Iceberg table", "data/**/*.parquet")


def files_in(folder: Path, skipped: Callable[[str], bool]) -> list[Path]:
    """Return all files in a folder and below, in their order, and links that lead nowhere.

    Folders whose names are `skipped` are not looked into, and no folder is twice, by whichever
    links: its own name goes before theirs. DataError for one that may not be read.
    """
    seen = {folder.resolve()}
    found = []
    for inside, folders, names in os.walk(folder, followlinks=True, onerror=_refuse):
        here = Path(inside)
        _refuse_tables(here, folders, names)
        folders.sort(key=lambda name: ((here / name).is_symlink(), name))
        folders[:] = [name for name in folders if not skipped(name) and _is_new(here / name, seen)]
        found += [here / name for name in names]
    return sorted(found)


def _refuse_tables(here: Path, folders: Sequence[str], names: Sequence[str]) -> None:
    """Raise DataError for the folder of a table: files that the table has no more lie there too."""
    kind = next((_TABLES[name] for name in folders if name in _TABLES), None)
    if here.name == "metadata" and any(name.endswith(".metadata.json") for name in names):
        kind, here = _ICEBERG, here.parent
    if kind:
        title, files = kind
        raise DataError(
            f"{here} is {title}: files with rows that it has no more may lie beside its own",
            "write what it has now as Parquet; or, where it only ever grew, name its files:"
            f" {quoted(here / files)}",
        )


def _is_new(folder: Path, seen: set[Path]) -> bool:
    real = folder.resolve()
    is_new = real not in seen
    seen.add(real)
    return is_new


def _refuse(error: OSError) -> None:
    raise unreadable(Path(error.filename)) from error


def unreadable(path: Path) -> DataError:
    """Say of a file or a folder that it may not be read."""
    return DataError(f"{path} may not be read", f"ls -ld {quoted(path)}")


def is_file(path: Path) -> bool:
    """Say whether a path leads to a file; DataError where that may not be known, or is nowhere."""
    try:
        if path.is_symlink() and not path.exists():
            raise nowhere(path)
        return path.is_file()
    except OSError as error:
        raise unreadable(path) from error


def nowhere(link: Path) -> DataError:
    """Say of a link that it leads to nothing."""
    return DataError(
        f"{link} is a link that leads nowhere: there is no {os.readlink(link)}",  # noqa: PTH115
        f"remove it, or bring back what it leads to: ls -l {quoted(link)}",
    )
