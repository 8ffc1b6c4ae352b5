"""Pieces of a TOML text: comments, and lists that are broken when they are long."""

from collections.abc import Iterable, Iterator

import tomlkit
from tomlkit.items import Array, Comment, Table, Whitespace

_WIDE = 80


def array(names: Iterable[str]) -> Array:
    """Return a list of texts, each on a line of its own if it is long."""
    listed = tomlkit.array()
    listed.extend(names)
    return listed.multiline(len(listed.as_string()) > _WIDE)


def comments(text: str) -> Iterator[Comment | Whitespace]:
    """Return the lines of a text as comments; empty ones stay empty."""
    for line in text.split("\n"):
        yield tomlkit.comment(line) if line else tomlkit.nl()


def explain(place: Table | tomlkit.TOMLDocument, text: str) -> None:
    """Add the lines of a text to a table or a document, as comments."""
    for line in comments(text):
        place.add(line)
