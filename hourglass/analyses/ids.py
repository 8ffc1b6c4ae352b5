"""Ids of people where an answer may be shown around: short hashes that tell them apart."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from hourglass.sources.roles import CANONICAL, IDS, USUAL, folded

_USUAL = frozenset(folded(name) for role in IDS for name in (CANONICAL[role], *USUAL[role]))
_CHOICES, _KEYS = re.compile(r"\|| \+ "), re.compile(r"[.\[]")
"""What stands between the paths of a place, and between the keys of a path."""
HASHED = "people are named by short hashes of their ids: --show-ids names them as the data do"
"""What stands beside such hashes: the data may have ids that look like them."""


def short_id(user: str) -> str:
    """Return the first eight hex digits of the SHA-256 of an id."""
    return hashlib.sha256(user.encode()).hexdigest()[:8]


def id_names(roles: Mapping[str, str], others: Iterable[str] = ()) -> frozenset[str]:
    """Return folded names of columns and keys that hold ids, by their role or their usual name.

    `others` are columns that hold ids whatever they are called.
    """
    places = [*(roles[role] for role in IDS if role in roles), *others]
    return _USUAL | {folded(name) for place in places for name in (place, *_ends(place))}


def _ends(place: str) -> Iterable[str]:
    """Yield the last key of each path: `id` of `user.id`, both names of `a | b`."""
    for path in _CHOICES.split(place):
        yield _KEYS.split(path.strip().removesuffix("]"))[-1]


def is_id(name: str, names: Collection[str]) -> bool:
    """Say whether a column or key holds ids; `source_` is what a name taken twice begins with."""
    return folded(name) in names or folded(name.removeprefix("source_")) in names


def without_ids(text: str, names: Collection[str]) -> str:
    """Write short hashes for the ids inside a text that is JSON; any other text stays."""
    if text[:1] not in ("{", "["):
        return text
    try:
        value = json.loads(text)
        hidden = _hidden(value, names)
    except ValueError:
        return text
    except RecursionError:
        return short_id(text)
    if hidden == value:
        return text
    return json.dumps(hidden, ensure_ascii=False, separators=(",", ":"))


def _hidden(value: Any, names: Collection[str], *, inside: bool = False) -> Any:  # noqa: ANN401
    """Go through a JSON value; all that is `inside` the key of an id is hidden."""
    match value:
        case dict():
            return _without(value, names, inside=inside)
        case list():
            return [_hidden(one, names, inside=inside) for one in value]
        case None | bool():
            return value
        case _:
            return short_id(str(value)) if inside else value


def _without(found: dict[str, Any], names: Collection[str], *, inside: bool) -> dict[str, Any]:
    # a list of parameters has the name of each beside its value
    named = isinstance(found.get("key"), str) and is_id(found["key"], names)
    return {
        key: value
        if named and key == "key"
        else _hidden(value, names, inside=inside or named or is_id(key, names))
        for key, value in found.items()
    }
