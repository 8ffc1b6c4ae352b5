"""What a file holds, whatever it is called: the same content is taken once."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedIOBase
from pathlib import PurePath

from hourglass.errors import DataError
from hourglass.nouns import few_of
from hourglass.reading import Reading
from hourglass.sources.files import SourceFile
from hourglass.sources.packing import DAMAGED, compression_of, first_bytes, opened, unpacked_size
from hourglass.sources.places import FILE_NAME


def names_say(columns: Mapping[str, str] | None, reading: Reading) -> bool:
    """Say whether rows take something from the name of their file: then that is content too."""
    places = [reading.event_name or "", *(columns or {}).values()]
    return any(FILE_NAME in place for place in places)


def fingerprint(file: SourceFile, *, named: bool = False) -> str:
    """Return the SHA-256 of a file's content, unpacked, and of its name where it is `named`."""
    try:
        with opened(file.path, compression_of(first_bytes(file.path, "none"))) as stream:
            return _digest(stream, file, named=named)
    except DAMAGED:  # whoever reads it will say so
        return packed_fingerprint(file, named=named)


def is_packed(file: SourceFile) -> bool:
    """Say whether a file is compressed."""
    try:
        return compression_of(first_bytes(file.path, "none")) != "none"
    except OSError:  # whoever reads it will say what is wrong
        return False


def packed_fingerprint(file: SourceFile, *, named: bool = False) -> str:
    """Return the SHA-256 of a file as it is, and of its name where it is `named`."""
    try:
        with file.path.open("rb") as stream:
            return _digest(stream, file, named=named)
    except OSError as error:
        raise DataError(f"{file.name} may not be read: {error.strerror}") from error


def _digest(stream: BufferedIOBase, file: SourceFile, *, named: bool) -> str:
    digest = hashlib.file_digest(stream, "sha256")
    digest.update(PurePath(file.name).name.encode(errors="replace") if named else b"")
    return digest.hexdigest()


def without_copies(files: Sequence[SourceFile]) -> tuple[list[SourceFile], list[str]]:
    """Leave out files whose content is that of one before them; say which, and of which.

    Only files of one size are read for that.
    """
    sizes = Counter(_size(file) for file in files)
    first: dict[str, SourceFile] = {}
    kept: list[SourceFile] = []
    copies: list[tuple[str, str]] = []
    for file in files:
        size = _size(file)
        if size and sizes[size] > 1:
            same = first.setdefault(fingerprint(file), file)
            if same is not file:
                copies.append((file.name, same.name))
                continue
        kept.append(file)
    return kept, list(_told(copies))


def _told(copies: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Say which files are left out, of which others; of many the first."""
    shown, more = few_of(copies)
    for file, same in shown:
        yield f"{file} is left out: its content is that of {same}"
    if more:
        yield f"{more:,} more files have the content of others, and are left out"


def _size(file: SourceFile) -> int:
    """Return the size, unpacked; 0 where it is not known, or is that of no file."""
    try:
        return unpacked_size(file.path) or 0
    except OSError:  # whoever reads it will say what is wrong
        return 0
