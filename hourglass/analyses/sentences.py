"""What is said of how far a person came, and why no further."""

from hourglass.analyses.any_order import row_names
from hourglass.analyses.dealing import Strike
from hourglass.analyses.trail import Trail

_WHY = {
    "completed": "that is all the way",
    "not entered": "no event of {next} in the period, so nobody to follow",
    "still open": "the window is still open, {next} may come",
    "never": "no event of {next} came at all",
    "too late": "{next} came only when the time for it was over",
    "too soon": "{next} came before the minimum gap was over",
    "reused": "the only event of {next} fills {stage} already",
    "interrupted": "{between} lay between {stage} and {next}",
    "excluded": "{strike} struck an attempt that would have come further",
    "other value": "{next} came with another value of {hold}, or with none",
    "tie": "{next} came at the very instant of {stage}, and has to be later",
    "before": "{next} came only before {stage}",
}
_WHY_ANY = {
    "completed": "that is all of them",
    "not entered": "no event of any stage in the period, so nobody to follow",
    "still open": "the window is still open, {next} may come",
    "never": "no event of {next} came at all",
    "excluded": "{strike} struck a window that would have held more",
    "other value": "{next} came with another value of {hold}, or with none",
    "too late": "inside the window there is no event of {next}",
    "before": "from then on there is no event of {next}",
}
"""What is said of a reason where any order counts; `next` are the stages that are missing."""
_EARLIER_LINE = "{next} came at the very instant of {stage}, in an earlier line of the file"
_NOT_TAKEN = "no event came that {next} takes"
_NOT_HELD = "no event of {next} that may start an attempt carries a value of {hold}"


def sentence(user: str, trail: Trail, reason: str, strike: Strike | None) -> str:
    """Tell of a person: entered when, came how far, stopped for which reason and what it means."""
    names, reached = row_names(trail.question), trail.depth
    why = _why(trail, reason, strike)
    if not reached:
        did = "does not count" if reason == "excluded" else "did not enter"
        return f"{user} {did}: {why}"
    place = f"{names[reached - 1]} ({reached} of {len(names)})"
    entered = trail.clock(trail.times[0])
    if trail.taken[0] > 1 and not trail.question.rules.closed:
        entered += f" at {trail.name(trail.taken[0])}"
    came = f"reached {place} at {trail.clock(trail.times[-1])}"
    if len(trail.times) == 1:
        came = f"came no further than {place}"
    return f"{user} entered at {entered} and {came}; {reason}: {why}"


def _why(trail: Trail, reason: str, strike: Strike | None) -> str:
    """Say what a reason means for this person."""
    rules = trail.question.rules
    if reason == "still open" and rules.order == "strict":
        return "the window is still open"
    between = trail.interruption() if reason == "interrupted" else None
    event = f"{between[0]} at {trail.clock(between[1])}" if between else ""
    striking = f"{strike.event} at {trail.clock(strike.ts_us)}" if strike else ""
    words = (_WHY_ANY if rules.order == "any" else _WHY)[reason]
    if reason == "not entered" and rules.hold is not None:
        words = _NOT_HELD
    if reason == "tie" and rules.ties == "row":
        words = _EARLIER_LINE
    stages = [trail.question.model.stages[position - 1] for position in trail.awaited]
    if reason in ("never", "not entered") and any(one.nth or one.first_time for one in stages):
        words = _NOT_TAKEN
    stage = trail.name(trail.taken[-1]) if trail.taken else ""
    return words.format(
        next=trail.missed(), stage=stage, between=event, strike=striking, hold=rules.hold
    )
