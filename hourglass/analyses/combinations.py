"""Rules that do not go together are refused by name; nothing is silently ignored."""

from collections.abc import Iterator

from hourglass.analyses.question import Question
from hourglass.claims import claims
from hourglass.errors import UsageError, nearest


def refuse_what_does_not_fit(question: Question) -> None:
    """Raise UsageError for rules that contradict each other or cannot be counted together."""
    rules = question.rules
    if rules.ties == "row":
        _refuse("ties = row", _against_file_order(question))
    if rules.hold:
        _refuse("hold", _against_hold(question))
    if not rules.closed:
        _refuse("closed = false", _against_open(question))
    if question.overlapping:
        _refuse(f"attribution = {rules.attribution}", _against_tracks(question))
    if question.model.optional:
        _refuse("optional", _against_optional(question))
    if rules.order == "any":
        _refuse("order = any", _against_any_order(question))
    if rules.order == "strict":
        _refuse("order = strict", _against_strict(question))
    if rules.tie_tolerance:
        _refuse("tie_tolerance", _against_tolerance(question))


def _refuse(rule: str, reasons: Iterator[str]) -> None:
    if reason := next(reasons, None):
        raise UsageError(f"{rule}: {reason}", "leave one of the two out")


def _against_strict(question: Question) -> Iterator[str]:
    stages = question.model.stages
    if any(stage.within is not None or stage.min_gap for stage in stages):
        yield "within and min_gap say what may lie between, and nothing may"
    if question.rules.tie_tolerance:
        yield "an event out of its place is not tolerated"
    narrowed = any(stage.first_time or stage.nth for stage in stages)
    if question.rules.strict_repeat == "pass" and narrowed:
        yield "first_time and nth leave a stage no repeats that could pass"


def _against_file_order(question: Question) -> Iterator[str]:
    rules, stages = question.rules, question.model.stages
    if rules.order == "strict":
        yield "in strict order what lies at one instant does not lie between"
    if rules.tie_tolerance:
        yield "an event that is tolerated counts at another instant than its own"
    if not rules.closed:
        yield "an attempt that may begin at any stage is counted with helpful ties"
    if question.model.exclusions:
        yield "an exclusion looks at what lies strictly between two instants"
    if question.followed:
        yield "people who are followed by the values of their events are counted with helpful ties"
    if question.by and rules.attribution == "entry":
        yield "attribution = entry takes the value of all entries of their instant"
    if any(stage.first_time or stage.nth for stage in stages):
        yield "first_time and nth take all events of their instant"


def _against_hold(question: Question) -> Iterator[str]:
    rules = question.rules
    if question.overlapping:
        yield f"attribution = {rules.attribution} follows people by another value"
    if question.by and rules.attribution == "entry":
        yield "attribution = entry takes the value of all entries of their instant"
    if question.model.exclusions:
        yield "exclusions look at all attempts of a person, whatever value they hold"
    yield from _against_following(question)


def _against_tracks(question: Question) -> Iterator[str]:
    rules, stages = question.rules, question.model.stages
    if question.persona_dimension is not None:
        yield "a persona is the whole person's, whatever single events carry"
    if len(question.by) > 1:
        yield "it follows people by the values of one --by"
    if rules.attribution == "all":
        if any(stage.first_time for stage in stages):
            yield "first_time looks at the whole history, and it at the events of one value"
        if question.model.optional:
            yield "optional stages are counted with one row a person"
        return
    name = rules.attribution.removeprefix("stage:")
    known = [stage.name for stage in stages]
    if name not in known:
        raise UsageError(
            f"attribution = {rules.attribution}: there is no stage {name}{nearest(name, known)}",
            f"its stages are {', '.join(known)}",
        )
    if rules.order == "any":
        yield "in any order no stage has a place of its own"
    yield from _against_following(question)


def _against_following(question: Question) -> Iterator[str]:
    """Say what an attempt of one value may not be asked: to be the last of the person."""
    rules = question.rules
    if rules.entry == "last":
        yield "entry = last is the last of the person, mature or not, whatever it carries"
    if rules.entry == "first" and (not rules.closed or rules.order == "any"):
        yield "entry = first is the first of the person, and an attempt may begin at any stage"
    if question.model.optional:
        yield "optional stages are counted with one row a person"


def _against_open(question: Question) -> Iterator[str]:
    if question.rules.order == "any":
        yield "in any order an attempt begins with any stage as it is"
    if question.model.optional:
        yield "optional stages say what an attempt may go on without, and here it may begin later"
    if question.model.exclusions:
        yield "exclusions are counted only for attempts that begin with the first stage"


def _against_optional(question: Question) -> Iterator[str]:
    if question.rules.order == "strict":
        yield "in strict order a stage that was left out would lie between"
    if question.rules.order == "any":
        yield "in any order so many stages count, whichever they are"
    if question.rules.tie_tolerance:
        yield "an event out of its place is not tolerated where stages may be left out"
    if question.model.exclusions:
        yield "an attempt that may go on in several ways has no earliest way to be struck on"


def _against_tolerance(question: Question) -> Iterator[str]:
    rules, stages = question.rules, question.model.stages
    if rules.order == "any":
        yield "where any order counts there is nothing to tolerate"
    if rules.ties == "later":
        yield "ties = later wants each stage strictly later"
    if rules.window_from == "previous" or any(stage.within is not None for stage in stages):
        yield "a longest time from the stage before is not counted with it"
    if not rules.reuse and claims(question.model):
        yield "stages that share events are counted with it only if reuse = true (--reuse)"


def _against_any_order(question: Question) -> Iterator[str]:
    rules, stages = question.rules, question.model.stages
    if any(stage.within is not None for stage in stages):
        yield "within is a time from the stage before, and there is none"
    if any(stage.min_gap for stage in stages):
        yield "min_gap is a time from the stage before, and there is none"
    if rules.window_from == "previous":
        yield "window_from = previous needs a stage before"
    if rules.ties != "helpful":
        yield f"ties = {rules.ties} needs an order of stages"
    if not rules.reuse and claims(question.model):
        yield "stages that share events are counted only with reuse = true (--reuse)"
