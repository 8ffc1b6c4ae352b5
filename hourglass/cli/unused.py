"""Flags that have no say in a question are refused where they are typed.

What a configuration says is for all questions, and each takes of it what it needs.
"""

from dataclasses import fields

from hourglass.cli.flags import Flags
from hourglass.errors import UsageError

_OFF = {"closed": "open", "reuse": "no_reuse"}
"""What switches a rule off."""


def refuse_unused(flags: Flags, *names: str) -> None:
    """Raise UsageError if a flag of `names` was typed: here no funnel is followed."""
    for name in names:
        typed = getattr(flags, name, None)
        if typed is not None:
            spelled = _OFF.get(name, name) if typed is False else name
            flag = f"--{spelled.replace('_', '-')}"
            raise UsageError(f"{flag} has no say here: no funnel is followed", f"leave out {flag}")


def refuse_rules_but(flags: Flags, *meant: str) -> None:
    """Raise UsageError if a rule was typed that is none of `meant`: here no funnel is followed."""
    from hourglass.rules import Rules

    rules = ("like", *(one.name for one in fields(Rules)))
    refuse_unused(flags, *(name for name in rules if name not in meant))
