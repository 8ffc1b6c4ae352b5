"""What an export probably says beyond its stages: friction, triggers, places, kinds of people."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import identifier, literal
from hourglass.proposals.phrases import Phrases, stems, words_of
from hourglass.proposals.usual_actions import (
    ABOUT_PEOPLE,
    BEGINNINGS,
    ENDS,
    FAILURES,
    ONLINE,
    PLACES,
    REASONS,
    UNDERTAKINGS,
)
from hourglass.proposals.usual_names import NEVER

_MOST = 12
"""A column of more kinds of people than these is no list of kinds."""
_OTHERS = 2
"""So many more words may stand in the name of an attempt or a failure."""
_SEPARATORS = (", ", "; ", " | ", ",", ";", "|")


class Around(NamedTuple):
    """Tables of a configuration, each empty where nothing speaks for it."""

    friction: Mapping[str, tuple[list[str], list[str]]] = {}
    """Events of attempts and of failures by the stage."""
    triggers: Mapping[str, tuple[list[str], list[str], str]] = {}
    """Events, those that must not follow, and the time for these, by the name."""
    physical: Sequence[str] = ()
    """Values of the channel."""
    personas: Mapping[str, str] = {}
    """Predicates by the name."""


def propose_around(
    stages: Mapping[str, Sequence[str]],
    names: Sequence[str],
    channels: Iterable[str] = (),
    column: str | None = None,
    values: Sequence[str] = (),
) -> Around:
    """Return what stands around the proposed `stages`, from names of events and of channels.

    `values` are those of the `column` that tells kinds of people (`column_about_people`).
    """
    return Around(
        friction=_friction(stages, names),
        triggers=_triggers(stages, names),
        physical=[one for one in channels if _is_place(one)],
        personas=_personas(column, values) if column else {},
    )


def column_about_people(columns: Iterable[str]) -> str | None:
    """Return the column that says what kind of person somebody is; null if none does."""
    by_letters = {_letters(name): name for name in columns}
    usual = (by_letters.get(_letters(name)) for name in ABOUT_PEOPLE.split(","))
    return next((name for name in usual if name), None)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _friction(
    stages: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, tuple[list[str], list[str]]]:
    found = {}
    words = {name: words_of(name) for name in names}
    for stage in filter(stages.__contains__, UNDERTAKINGS):
        subjects = [words_of(phrase) for phrase in UNDERTAKINGS[stage].split(",")]
        about = {name: own for name, own in words.items() if _is_about(own, subjects)}
        attempted = [
            name for name, own in about.items() if _begins(own) and name not in stages[stage]
        ]
        failed = [name for name, own in about.items() if own & stems(FAILURES)]
        if attempted and failed:
            found[stage] = (attempted, failed)
    return found


def _is_about(words: frozenset[str], subjects: Iterable[frozenset[str]]) -> bool:
    return any(
        subject <= words
        and len(words - subject - stems(BEGINNINGS) - stems(FAILURES) - stems(ENDS)) <= _OTHERS
        for subject in subjects
    )


def _begins(words: frozenset[str]) -> bool:
    return bool(words & stems(BEGINNINGS)) and not words & (
        stems(FAILURES) | stems(ENDS) | stems(NEVER)
    )


def _triggers(
    stages: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, tuple[list[str], list[str], str]]:
    bought = list(dict.fromkeys([*stages.get("buy", ()), *stages.get("repeat", ())]))
    if not stages.get("buy"):
        return {}
    return {
        REASONS[place].name: (found, bought, REASONS[place].within)
        for place, found in _reasons().found([name for name in names if name not in bought]).items()
    }


@functools.cache
def _reasons() -> Phrases:
    return Phrases(one.lists for one in REASONS)


def _is_place(channel: str) -> bool:
    return not words_of(channel) & stems(ONLINE) and _places().best(channel) is not None


@functools.cache
def _places() -> Phrases:
    return Phrases([(PLACES,)])


def _personas(column: str, values: Sequence[str]) -> dict[str, str]:
    """Return a persona a value, or a part of one where values are lists."""
    separator = next((one for one in _SEPARATORS if any(one in value for value in values)), None)
    parts = (
        part for value in values for part in (value.split(separator) if separator else [value])
    )
    kinds = list(dict.fromkeys(part for part in parts if part.strip()))
    if not 1 < len(kinds) <= _MOST or any(kind != kind.strip() for kind in kinds):
        return {}
    name = column if column.isidentifier() else identifier(column)
    return {
        f"{column} {kind}" if kind.isdecimal() else kind: _predicate(name, kind, kinds, separator)
        for kind in kinds
    }


def _predicate(column: str, kind: str, kinds: Sequence[str], separator: str | None) -> str:
    if separator is None:
        return f"{column} = {literal(kind)}"
    if set("%_") & set(kind) or any(kind in other for other in kinds if other != kind):
        return f"list_contains(string_split({column}, '{separator}'), {literal(kind)})"
    return f"{column} like {literal(f'%{kind}%')}"
