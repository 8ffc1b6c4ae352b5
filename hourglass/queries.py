"""Find a SQL file, let another shadow it, and check that it keeps its contract.

A file's name is its path below the folder without the ending: `funnel/advance`. Its header says
what it answers, which values it takes (`param`) and which columns it returns (`returns`).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hourglass.errors import QueryError, UsageError, nearest

_PARAM = re.compile(r"param +(\w+) +(\S+)(?: +(.*))?")
_RETURN = re.compile(r"(\w+) +([A-Z]+(?:\[\])?)")
_VARIABLE = re.compile(r"getvariable\s*\(\s*'((?:[^']|'')*)'\s*\)", re.IGNORECASE)
_SKIPPED = re.compile(r"--[^\n]*|/\*.*?\*/|('(?:[^']|'')*')|(\"(?:[^\"]|\"\")*\")", re.DOTALL)
TYPES = ("INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP")
"""What values are, or lists of them: `VARCHAR[]`."""
_CTE = re.compile(r"(\w+)\s+as\s+(?:materialized\s+)?\(")
_READ = re.compile(r"\b(?:from|join)\s+((?:\w+(?:\s+(?:as\s+)?\w+)?\s*,\s*)*\w+)", re.IGNORECASE)
"""What stands where relations do, other than in parentheses."""


CHECKS = "checks/"
"""Files of this folder are read whatever they are called."""
SPARK = "spark"
"""The folder of files that only Spark runs."""


class Query(NamedTuple):
    """One SQL file: its text runs as it is in a duckdb shell."""

    name: str
    path: Path
    text: str
    """The whole file, header included, without a trailing semicolon."""
    doc: str
    """What it answers: the first paragraph of the header."""
    params: dict[str, str]
    """Names of the values it takes, with their types."""
    returns: dict[str, str]
    """Names of the columns it returns, with their types."""

    def reads(self) -> frozenset[str]:
        """Return the names of all relations that it reads, and some more.

        Of a file of somebody's own, which may be written in any way, these are all of its words.
        """
        return _words_read(self.text, own=not self.path.is_relative_to(bundled()))

    def marked(self, marker: str, written: Mapping[str, str] | None = None) -> str:
        """Return the text with `marker` and the name in the place of each getvariable('name').

        Names in `written` give way to the text that stands there for their value.
        """
        texts = written or {}
        return _VARIABLE.sub(lambda found: texts.get(found[1], f"{marker}{found[1]}"), self.text)


class Catalog(NamedTuple):
    """The bundled files, and a folder whose files shadow those of the same name."""

    overrides: Path | None = None
    engine: str | None = None
    """The folder of files in the words of this engine, which stand in for those of their names."""

    def find(self, name: str) -> Query:
        """Read the file called `name`; UsageError if there is none, QueryError if it is wrong."""
        for folder in self._folders():
            path = self._path(folder, name)
            if path.is_file():
                return read_query(name, path)
        raise UsageError(
            f'no query is called "{name}"{nearest(name, self.names())}', "hourglass sql lists them"
        )

    def names(self) -> list[str]:
        """All names, sorted; those of the bundled files and those that were added."""
        return sorted({name for folder in self._folders() for name in _names(folder)})

    def is_overridden(self, name: str) -> bool:
        """Whether a file of this name stands in the folder of overrides."""
        return self.overrides is not None and (self.overrides / f"{name}.sql").is_file()

    def idle(self) -> Iterator[str]:
        """Say of files in the folder of overrides that no question reads them."""
        if self.overrides is None:
            return
        known = {*_names(bundled())}
        for name in sorted({*_names(self.overrides)} - known):
            if not name.startswith(CHECKS):
                yield (
                    f"{self.overrides}/{name}.sql stands in for no file of ours, and is not read"
                    f"{nearest(name, known)}"
                )
        for path in sorted(self.overrides.rglob("*.[sS][qQ][lL]")):
            if path.suffix != ".sql":
                yield f"{path} does not end in .sql in small letters, and is not read"

    def _path(self, folder: Path, name: str) -> Path:
        own = folder / f"{self.engine}/{name}.sql"
        return own if self.engine and own.is_file() else folder / f"{name}.sql"

    def _folders(self) -> list[Path]:
        return [*([self.overrides] if self.overrides else []), bundled()]


@cache
def bundled() -> Path:
    """Return the folder of the bundled files: in the wheel, or beside the package."""
    package = Path(__file__).parent
    inside = package / "queries"
    return inside if inside.is_dir() else package.parent / "queries"


@cache
def read_query(name: str, path: Path) -> Query:
    """Read and check one file; QueryError names the file and line of what is wrong."""
    try:
        text = path.read_text("utf-8").strip().removesuffix(";").rstrip()
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise QueryError(f"{path}:{line}: not UTF-8", "write the file anew as UTF-8") from problem
    except OSError as problem:
        raise QueryError(f"{path}: cannot be read: {problem}") from problem
    header = [line.removeprefix("--").strip() for line in _header(text)]
    query = Query(
        name=name,
        path=path,
        text=text,
        doc=_doc(header),
        params=_params(path, header),
        returns=_returns(path, header),
    )
    _check_variables(query)
    return query


@cache
def _words_read(text: str, *, own: bool) -> frozenset[str]:
    code = _SKIPPED.sub(lambda found: found[2] or "", text).lower()
    places = [code] if own else _READ.findall(code)
    words = frozenset(word for place in places for word in re.findall(r"\w+", place))
    return words if own else words - {*_CTE.findall(code)}


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.sql"):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if not name.startswith(f"{SPARK}/"):  # the same names again, in other words
            yield name


def _header(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("--"):
            return
        yield line


def _doc(header: list[str]) -> str:
    lines = []
    for line in header:
        if not line or line.startswith(("param ", "returns ")):
            break
        lines.append(line)
    return " ".join(lines)


def _params(path: Path, header: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(header, start=1):
        if not line.startswith("param "):
            continue
        match = _PARAM.fullmatch(line)
        if match is None or not _is_type(match[2]) or match[1] in found:
            raise QueryError(
                f"{path}:{number}: not a declaration: {line}",
                f"write -- param name TYPE meaning, once; types are {', '.join(TYPES)} or TYPE[]",
            )
        found[match[1]] = match[2]
    return found


def _returns(path: Path, header: list[str]) -> dict[str, str]:
    declared = [line.removeprefix("returns ") for line in header if line.startswith("returns ")]
    columns: dict[str, str] = {}
    for part in ", ".join(declared).split(", "):
        match = _RETURN.fullmatch(part.strip())
        if match is None or not _is_type(match[2]):
            raise QueryError(
                f"{path}: the header does not say what the query returns",
                "write -- returns name TYPE, name TYPE, …",
            )
        columns[match[1]] = match[2]
    return columns


def _is_type(kind: str) -> bool:
    return kind.removesuffix("[]") in TYPES


def _check_variables(query: Query) -> None:
    # comments and quoted names cannot use a variable; other strings are kept for the name itself
    code = _SKIPPED.sub(lambda match: match[1] or " ", query.text)
    used = set(_VARIABLE.findall(code))
    if unknown := sorted(used - set(query.params)):
        raise QueryError(
            f"{query.path}: uses {unknown[0]}, which its header does not declare"
            f"{nearest(unknown[0], query.params)}",
            f"add -- param {unknown[0]} TYPE meaning",
        )
    if unused := sorted(set(query.params) - used):
        raise QueryError(
            f"{query.path}: declares {unused[0]} and does not use it",
            f"use getvariable('{unused[0]}') or take the line out",
        )
