"""The one exception hierarchy: what a person did wrong, or what failed around us.

A class says what kind of failure it is; `diagnostics` alone turns it into an exit code.
"""

import difflib
import json
import shlex
from collections.abc import Iterable, Sequence

_LONGEST = 200
"""Characters of a condition that a message repeats."""


class HourglassError(Exception):
    """A failure with a message for the person and, if there is one, the next thing to type."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(HourglassError):
    """A flag, a combination of flags, or a predicate that makes no sense."""


class ConfigError(UsageError):
    """A configuration that cannot be used; `problems` holds every mistake found in it."""

    def __init__(self, problems: Iterable[str], hint: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems), hint)


class ConditionsError(ConfigError):
    """Conditions that cannot be asked of the events: what was written, and what is wrong there."""

    def __init__(self, found: Iterable[tuple[str, str]], hint: str | None = None) -> None:
        self.found = tuple(found)
        super().__init__((f"{typed(written)}: {what}" for written, what in self.found), hint)


class DataError(HourglassError):
    """Data that could not be read, or that does not fit what was asked."""


class QueryError(HourglassError):
    """A SQL file that breaks its contract, or that the engine refused."""


class OutputError(HourglassError):
    """An output that could not be written, or that another process holds."""


class HeldError(OutputError):
    """An output or a database that another process works on; it may be free in a moment."""


class EngineError(HourglassError):
    """An engine that could not be reached or that ran out of its limits."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """Say which of `choices` was probably meant, as `; did you mean "x"?`, or nothing."""
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f'; did you mean "{by_folded[found[0]]}"?' if found else ""


def unseen(place: str, names: Iterable[str], seen: Sequence[str]) -> list[str]:
    """Say of `place` which events of `names` the data lack, with the nearest name there is."""
    have = set(seen)
    return [
        f'{place}: no event "{name}" in the data{nearest(name, seen)}'
        for name in names
        if name not in have
    ]


def typed(condition: str) -> str:
    """Repeat a condition that was typed, as the place of what is wrong with it."""
    return f"where: {shortened(condition)}" if condition.strip() else "where"


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Cut a text so that a message can repeat it."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def quoted(path: object) -> str:
    """Write a path, or another word, as it is typed into a shell."""
    return shlex.quote(str(path))


def shown(value: object, longest: int = 60) -> str:
    """Return a value as it would stand in a configuration, on one line, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
