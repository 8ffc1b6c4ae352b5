"""TOML text as a document that knows on which line each key stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hourglass.errors import ConfigError

Key = tuple[str, ...]

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_CLOSED = re.compile(r"""(?:[\]}]|\"{3}|'{3})[ \t]*(?:#.*)?$""")
"""How the last line of a value of several lines may end."""


class Document(NamedTuple):
    """What a TOML text says (`data`), the name it goes by in messages, and the text itself."""

    name: str
    text: str
    data: Mapping[str, Any]

    def lines(self) -> dict[Key, int]:
        """Return the line, from 1, on which each key and each table begins.

        A table of an array (`[[check]]`) has its number, from 1, after the name of the array.
        """
        found: dict[Key, int] = {}
        arrays: dict[Key, int] = {}
        table: Key = ()
        for line, statement in _statements(self.text):
            header = statement.lstrip().startswith("[")
            paths = list(_paths(tomllib.loads(statement)))
            if header:
                table = max(paths, key=len)
                if statement.lstrip().startswith("[["):
                    arrays[table] = arrays.get(table, 0) + 1
            for path in paths:
                whole = path if header else table + path
                numbered = _numbered(whole, arrays)
                found.setdefault(numbered, line)
                if whole in arrays:
                    found.setdefault(numbered[:-1], line)
        return found


def read_toml(path: Path) -> str:
    """Return the text of a TOML file; ConfigError if it cannot be read or is not UTF-8."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            [f"{path}: cannot be read: {reason}"], "hourglass init EVENTS writes a configuration"
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            [f"{path}:{line}: is not UTF-8 text (byte 0x{data[error.start]:02x})"],
            "save the file with the encoding UTF-8",
        ) from error


def parse_toml(text: str, name: str) -> Document:
    """Parse TOML; a syntax error is a ConfigError with line and column."""
    try:
        return Document(name, text, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            [_syntax_problem(str(error), text, name)],
            "text goes in double quotes, lists in brackets: see https://toml.io",
        ) from error


def _syntax_problem(message: str, text: str, name: str) -> str:
    place = _PLACE.search(message)
    if not place:
        return f"{name}: not TOML: {message.partition(chr(10))[0]}"
    last = text.split("\n")
    line, column = place[1] or len(last), place[2] or len(last[-1]) + 1
    reason = message[: place.start()]
    return f"{name}:{line}:{column}: not TOML: {reason[:1].lower()}{reason[1:]}"


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement of a valid document with its first line.

    No beginning of a statement is valid TOML by itself, so lines are taken until they parse.
    """
    begun, pending = 1, ""
    for line, written in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        pending += written + "\n"
        may_end = pending == written + "\n" or _CLOSED.search(written)
        if may_end and _is_valid(pending):
            if pending.strip() and not pending.lstrip().startswith("#"):
                yield begun, pending
            begun, pending = line + 1, ""


def _is_valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _numbered(path: Key, arrays: Mapping[Key, int]) -> Key:
    """Put the number of the table of an array that is being written after the array's name."""
    found: Key = ()
    for end, part in enumerate(path, start=1):
        number = arrays.get(path[:end])
        found += (part,) if number is None else (part, str(number))
    return found


def _paths(data: object, above: Key = ()) -> Iterator[Key]:
    """Yield the path of every key in `data`, that of a table before those of its keys."""
    waiting: list[tuple[Key, object]] = [(above, data)]
    while waiting:  # no recursion: somebody may nest keys a thousand deep
        path, inner = waiting.pop()
        while isinstance(inner, list) and len(inner) == 1:
            (inner,) = inner
        if path != above:
            yield path
        if isinstance(inner, dict):
            waiting += [((*path, key), value) for key, value in reversed(inner.items())]
