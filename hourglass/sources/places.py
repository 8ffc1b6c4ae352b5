"""Places in a source: a column, a path into a nested one, several of them, or a text of its own.

A place is written `a|b` (the first that has a value), `a + b` (both, with a dot between them, or a
space where they are a day and a time of day),
`column.key.key` (into JSON or a nested column), `column[name]` (the value of the parameter `name`
in a list of keys and values), `"text"` (the same in every row) and `{file}` (the name of the row's
file). A column that has the whole of it for a name is that column.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from hourglass.engines.jsontext import parameter, pointer, scalar
from hourglass.engines.sqltext import identifier, literal
from hourglass.sources.files import DATA_ENDINGS
from hourglass.sources.types import as_text

NOBODY = ("", " ", "null", "NULL", "Null", "(null)", "None", "none", "NaN", "nan", "NAN",
          "<NA>", "undefined", "(not set)", r"\N")  # fmt: skip
"""User ids that say that there is none."""

FILE_NAME = "{file}"
_TEXT = r'"(?:[^"]|"")*"'
_UNQUOTED = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'
_OR, _AND = re.compile(r"\|" + _UNQUOTED), re.compile(r" \+ " + _UNQUOTED)
_KEYS = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


class Part(NamedTuple):
    """A column, with the `keys` of a path into it; a text where there is no column."""

    column: str | None
    keys: tuple[tuple[str, bool], ...] = ()
    """Each with whether it is the name of a parameter in a list."""
    text: str = ""


class Place(NamedTuple):
    """The parts of each choice: those of a choice that are joined, choices in order."""

    choices: tuple[tuple[Part, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(
            dict.fromkeys(part.column for one in self.choices for part in one if part.column)
        )

    @property
    def plain(self) -> str | None:
        """The column that it is, if it is nothing but one."""
        if len(self.choices) == 1 and len(self.choices[0]) == 1 and not self.choices[0][0].keys:
            return self.choices[0][0].column
        return None

    @property
    def certain(self) -> bool:
        """Whether one of its choices is there in every row or has a column of its own."""
        return any(not part.keys for one in self.choices for part in one)


def parse(text: str, found: Sequence[str]) -> Place:
    """Read a place; choices whose columns are not among those `found` are left out."""
    by_name = {name.casefold(): name for name in reversed(found)}
    by_name |= {name: name for name in found}
    if column := by_name.get(text, by_name.get(text.casefold())):
        return Place(((Part(column),),))
    choices = (_choice(one.strip(), by_name) for one in _OR.split(text))
    return Place(tuple(one for one in choices if one))


def quoted(text: str) -> str:
    """Write the place of a text."""
    return '"' + text.replace('"', '""') + '"'


def _choice(text: str, by_name: Mapping[str, str]) -> tuple[Part, ...]:
    parts = [_part(one.strip(), by_name) for one in _AND.split(text)]
    return () if None in parts else tuple(part for part in parts if part)


def _part(text: str, by_name: Mapping[str, str]) -> Part | None:
    if re.fullmatch(_TEXT, text):
        return Part(None, text=text[1:-1].replace('""', '"'))
    if text == FILE_NAME:
        return Part(None, text=FILE_NAME, keys=((FILE_NAME, False),))
    for head in _heads(text):
        if column := by_name.get(head, by_name.get(head.casefold())):
            return Part(column, tuple(_keys(text[len(head) :])))
    return None


def _heads(text: str) -> Iterator[str]:
    """Yield the beginnings of a path that may be the column, the longest first."""
    yield text
    for place in range(len(text) - 1, 0, -1):
        if text[place] in ".[":
            yield text[:place]


def _keys(path: str) -> Iterator[tuple[str, bool]]:
    for key, listed in _KEYS.findall(path):
        yield (listed, True) if listed else (key, False)


class Writer(NamedTuple):
    """What writes places as SQL over rows `s`."""

    columns: Mapping[str, str]
    """Name and DuckDB type of each column."""
    file: str
    """The number of a row's file, from 1."""
    names: Sequence[str]
    """The name of each file."""

    def value(self, place: Place, nothing: Sequence[str] = ("",), *, between: str = ".") -> str:
        """Write the first choice that has a value; texts in `nothing` are none.

        Choices of one type keep it, others become text. What a choice joins has `between` between.
        """
        kinds = {self._kind(choice) for choice in place.choices}
        if len(kinds) == 1 and kinds != {"VARCHAR"}:
            values = [self._written(choice) for choice in place.choices]
        else:
            values = [self._some(choice, nothing, between) for choice in place.choices]
        return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"

    def _some(self, choice: Sequence[Part], nothing: Sequence[str], between: str) -> str:
        texts = [self._text(part, nothing) for part in choice]
        return texts[0] if len(texts) == 1 else f"({f' || {literal(between)} || '.join(texts)})"

    def _kind(self, choice: Sequence[Part]) -> str:
        one = choice[0]
        if len(choice) > 1 or one.column is None or one.keys:
            return "VARCHAR"
        return self.columns[one.column]

    def _text(self, part: Part, nothing: Sequence[str]) -> str:
        text = as_text(self._written((part,)), self._kind((part,)))
        if part.column is None:
            return text
        if len(nothing) == 1:
            return f"nullif({text}, {literal(nothing[0])})"
        words = ", ".join(literal(one) for one in nothing)
        return f"CASE WHEN {text} NOT IN ({words}) THEN {text} END"

    def _written(self, choice: Sequence[Part]) -> str:
        part = choice[0]
        if part.column is None:
            if part.text == FILE_NAME and part.keys:
                return f"list_extract({literal([stem(one) for one in self.names])}, {self.file})"
            return literal(part.text)
        column = f"s.{identifier(part.column)}"
        return self._path(column, self.columns[part.column], part.keys) if part.keys else column

    def _path(self, column: str, kind: str, keys: Sequence[tuple[str, bool]]) -> str:
        text = kind in ("VARCHAR", "JSON")
        path = self._into(column if text else f"to_json({column})", keys)
        # what is no JSON must not end the reading
        return f"CASE WHEN json_valid({column}) THEN {path} END" if kind == "VARCHAR" else path

    def _into(self, json: str, keys: Sequence[tuple[str, bool]]) -> str:
        plain: list[str] = []
        for place, (key, in_list) in enumerate(keys):
            if in_list:
                inner = f"json_extract({json}, {pointer(plain)})" if plain else json
                value = parameter(inner, key)
                rest = keys[place + 1 :]
                return self._into(value, rest) if rest else scalar(value)
            plain.append(key)
        return f"json_extract_string({json}, {pointer(plain)})"


def stem(name: str) -> str:
    """Return the name of a file without folders and endings, as `signup` of `a/signup.csv.gz`."""
    path = PurePath(name)
    while path.suffix[1:].casefold() in DATA_ENDINGS:
        path = path.with_suffix("")
    return path.name


def is_nobody(text: str) -> str:
    """Write the condition of a text that says that there is none."""
    return f"{text} IN ({', '.join(map(literal, NOBODY))})"
