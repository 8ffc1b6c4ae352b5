"""ZIP archives: the files in them, unpacked one after the other into private copies."""

import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from hourglass.errors import DataError, OutputError, quoted
from hourglass.sources.temporary import MORE_ROOM, private_file

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SHEETS = {"[Content_Types].xml": "a spreadsheet", "mimetype": "a spreadsheet or a document"}
_FREE, _RATIO = 1 << 30, 500
"""A file may unpack to so many bytes in any case, beyond that to so many times its packed size.
(Text of events packs to a tenth or a thirtieth; a thousandth is the most that ZIP can do.)"""
_ROOM = 1 << 28
"""Bytes that unpacking leaves free on the disk of temporary files."""
_ENCRYPTED = 0x1


def is_archive(path: Path) -> bool:
    """Tell a ZIP archive by its first bytes; a file that may not be read is none."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _ZIP
    except OSError:
        return False


def unpacked(
    path: Path, name: str, wanted: Callable[[PurePosixPath], bool]
) -> Iterator[tuple[Path, str]]:
    """Yield each member that is `wanted` as a private copy, with the name `ARCHIVE/MEMBER`.

    Raises DataError for an archive that is damaged, locked by a password, a spreadsheet, without
    any such member, or of a size that no export has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
            _refuse_sheets(members, name)
            chosen = [m for m in members if not m.is_dir() and wanted(PurePosixPath(m.filename))]
            if not chosen:
                raise DataError(
                    f"no events in the archive {name}",
                    f"see what is there: unzip -l {quoted(name)}",
                )
            seen: Counter[str] = Counter()
            for member in chosen:
                seen[member.filename] += 1  # one name may be there twice
                again = f" ({seen[member.filename]})" if seen[member.filename] > 1 else ""
                inside = f"{name}/{member.filename}{again}"
                yield _copy(archive, member, inside), inside
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DataError(
            f"{name} is damaged: {error}", "export it again, or copy it again"
        ) from error


def _refuse_sheets(members: list[zipfile.ZipInfo], name: str) -> None:
    for member in members:
        if member.filename in _SHEETS:
            raise DataError(f"{name} is {_SHEETS[member.filename]}", "save the sheet as CSV")


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Path:
    if member.flag_bits & _ENCRYPTED:
        raise DataError(f"{name} is locked by a password", "unpack it first")
    copy = private_file(PurePosixPath(member.filename).suffix)
    most = max(_FREE, _RATIO * member.compress_size)
    room = shutil.disk_usage(copy.parent).free - _ROOM
    if member.file_size > room:
        raise OutputError(
            f"{name} unpacks to {member.file_size:,} bytes, more than the disk has free",
            MORE_ROOM,
        )
    with archive.open(member) as source, copy.open("wb") as target:
        written = 0
        while chunk := source.read(1 << 20):  # never beyond the size that the archive declares
            written += len(chunk)
            if written > most:
                raise DataError(
                    f"{name} unpacks to over {_RATIO} times its size, as no export does",
                    "if it is one, unpack it first",
                )
            target.write(chunk)
    return copy
