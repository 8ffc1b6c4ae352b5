"""Whether a number keeps its bounds: honest about chance, and about what has had no time yet."""

from math import hypot
from typing import Literal, NamedTuple

from hourglass.settings.checks import Check
from hourglass.stats import t_ratio, wilson

Reason = Literal[
    "below", "above", "dropped", "changed", "rows",
    "too_few", "too_few_before", "no_value", "immature", "within_chance",
]  # fmt: skip
"""Why a check did not hold, could not be judged, or (`within_chance`) held by a hair."""

UNJUDGED = frozenset({"too_few", "too_few_before", "no_value", "immature"})
"""Reasons that say nothing for or against the number."""

_ROUNDING = 1e-9
"""Relative differences below this are what floats leave of none."""


class Figure(NamedTuple):
    """A number with what is needed to judge it; `trials` is null where chance plays no part."""

    value: float | None
    people: int | None = None
    """Of how many people it is; null where a small number is no reason to doubt it."""
    successes: int = 0
    trials: int | None = None
    spread: float | None = None
    """Of a mean over people: half of its 95 % interval, not cut off; null where there is none."""
    mature: bool = True
    """Whether nobody who counts here could still change it."""

    @property
    def estimated(self) -> bool:
        """Whether chance plays a part."""
        return self.trials is not None or self.spread is not None

    def interval(self, confidence: float) -> tuple[float, float] | tuple[None, None]:
        """Return the bounds between which the number may lie; itself, where it is no estimate.

        Of a rate Wilson's, of a mean Student's t with n - 1 degrees of freedom, cut off at 0.
        """
        if self.spread is not None and self.value is not None and self.people is not None:
            half = self.spread * t_ratio(confidence, self.people - 1)
            return max(0.0, self.value - half), self.value + half
        if self.trials is None or self.value is None:
            return (None, None) if self.value is None else (self.value, self.value)
        return wilson(self.successes, self.trials, confidence)


def judge(check: Check, figure: Figure, before: Figure | None = None) -> Reason | None:
    """Return why `figure` does not keep the bounds of `check`; null if it does.

    `before` is the same of the period before, for checks that compare. A bound is missed only
    where the whole interval lies beyond it, a change only where the whole interval of
    `value - (1 - max_drop) * before` does: two Wilson intervals joined as Newcombe joins them for
    a difference (Statistics in Medicine 17, 1998, 873-890, method 10; with a factor: Zou and
    Donner, Statistics in Medicine 27, 2008, 1693-1702).
    """
    if (unjudged := _unjudged(check, figure, before)) is not None:
        return unjudged
    sure = _beyond(check, figure, before, check.confidence)
    if sure is None and _beyond(check, figure, before, 0.0) is not None:
        return "within_chance"
    return sure


def _unjudged(check: Check, figure: Figure, before: Figure | None) -> Reason | None:
    if figure.people is not None and figure.people < check.min_people:
        return "too_few"
    if figure.value is None:
        return "no_value"
    if before is None:
        return None
    if before.value is None or (before.people is not None and before.people < check.min_people):
        return "too_few_before"
    return None if figure.mature and before.mature else "immature"


def _beyond(
    check: Check, figure: Figure, before: Figure | None, confidence: float
) -> Reason | None:
    low, high = figure.interval(confidence)
    assert low is not None
    assert high is not None
    if check.min is not None and _less(high, check.min):
        return "below"
    if check.max is not None and _less(check.max, low):
        return "above"
    if before is None:
        return None
    for share, reason in ((check.max_drop, "dropped"), (check.max_change, "changed")):
        if share is not None and _fell(figure, before, share, confidence):
            return "dropped" if reason == "dropped" else "changed"
    if check.max_change is not None and _rose(figure, before, check.max_change, confidence):
        return "changed"
    return None


def _fell(figure: Figure, before: Figure, share: float, confidence: float) -> bool:
    """Say whether more than `share` of the value before was lost, beyond chance."""
    return _below_zero(figure, before, 1 - share, confidence)


def _rose(figure: Figure, before: Figure, share: float, confidence: float) -> bool:
    """Say whether more than `share` of the value before was gained, beyond chance."""
    return _below_zero(before, figure, 1 / (1 + share), confidence)


def _below_zero(one: Figure, other: Figure, factor: float, confidence: float) -> bool:
    """Say whether `one - factor * other` lies below zero with its whole interval."""
    assert one.value is not None
    assert other.value is not None
    _, high = one.interval(confidence)
    low, _ = other.interval(confidence)
    assert high is not None
    assert low is not None
    reach = hypot(high - one.value, factor * (other.value - low))
    return _less(one.value + reach, factor * other.value)


def _less(one: float, other: float) -> bool:
    return one < other - _ROUNDING * max(abs(one), abs(other))
