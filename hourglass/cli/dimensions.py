"""What answers may be broken down by: columns that no answer has of its own, each once."""

from collections.abc import Sequence

from hourglass.errors import UsageError

_OWN = """
    again backward bucket by_values came could customers day dropped entrants ever folded
    from_position from_stage immature mature mature_entrants mature_total_rate mature_users
    mean_seconds median_seconds moves other p90_seconds people people_rate position segment since
    stage step_high step_low step_rate to_position to_stage total_high total_low total_rate until
    users visitors
"""
OWN = frozenset(_OWN.split())
"""Columns of breakdowns, beside those that they are by."""


def dimensions(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return what was typed as `--by`; UsageError for a name that would stand there twice."""
    by = tuple(names or ())
    for place, name in enumerate(by):
        if name in by[:place]:
            raise UsageError(f"--by {name} is there twice", "leave one out")
        if name in OWN:
            raise UsageError(
                f"--by {name}: the answer has a column of its own that is called so",
                f"--by {name.upper()} is the same column of the data, under another name",
            )
    return by
