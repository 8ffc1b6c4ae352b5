"""Flags that have no say in a question are refused where they are typed."""

from hourglass.cli.flags import Flags
from hourglass.errors import UsageError


def refuse_unused(flags: Flags, *names: str) -> None:
    """Raise UsageError if a flag of `names` was typed: here no funnel is followed."""
    for name in names:
        if getattr(flags, name) is not None:
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(
                f"{flag} has no say here: no funnel is followed",
                f"leave out {flag}",
            )
