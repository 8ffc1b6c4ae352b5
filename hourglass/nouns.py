"""Counts with their nouns, and the first of many names."""

from collections.abc import Sequence
from typing import TypeVar

_One = TypeVar("_One")
_FEW = 5


def many(number: int, one: str, more: str | None = None) -> str:
    """Write `1 row`, `1,234 rows`, `2 people`; without `more` an s is added."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def first_of(names: Sequence[str]) -> str:
    """Write `a.csv`, `a.csv and 2 more`; of no names nothing."""
    return " and ".join([*names[:1], *([f"{len(names) - 1} more"] if len(names) > 1 else [])])


def few_of(some: Sequence[_One]) -> tuple[Sequence[_One], int]:
    """Return a few of many, and how many are left: none, or more than one."""
    shown = some if len(some) <= _FEW else some[: _FEW - 1]
    return shown, len(some) - len(shown)


def people(number: int) -> str:
    """Write `1 person`, `2,600 people`."""
    return many(number, "person", "people")


def counted(number: int, by: object) -> str:
    """Write `2,600 people` or `2,600 sessions`, whoever is counted by the rule `count`."""
    return many(number, "session") if by == "session" else people(number)


def whoever(by: object) -> str:
    """Name those who are counted by the rule `count`: `people` or `sessions`."""
    return "sessions" if by == "session" else "people"


def meaning(by: object) -> str:
    """Say what a person is where another key than the user is counted; else nothing."""
    if by is None or by == "user":
        return ""
    return f"each {'session' if by == 'session' else f'value of {by}'} is counted as a person"
