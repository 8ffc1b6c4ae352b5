"""Rules that do not go together are refused by name; nothing is silently ignored."""

from collections.abc import Iterator
from itertools import combinations

from hourglass.analyses.question import Question
from hourglass.claims import claims
from hourglass.errors import UsageError, nearest
from hourglass.rules import PRESETS, worded
from hourglass.stages import ANY, ROLLUPS, Model, all_of


def refuse_what_does_not_fit(question: Question) -> None:
    """Raise UsageError for rules that contradict each other or cannot be counted together."""
    rules = question.rules
    if rules.ties == "row":
        _refuse(question, "ties = row", _against_file_order(question))
    if rules.hold:
        _refuse(question, "hold", _against_hold(question))
    if not rules.closed:
        _refuse(question, "closed = false", _against_open(question))
    if question.overlapping:
        _refuse(question, f"attribution = {rules.attribution}", _against_tracks(question))
    if question.model.optional:
        _refuse(question, "optional", _against_optional(question))
    if rules.order == "any":
        _refuse(question, "order = any", _against_any_order(question))
    if rules.order == "strict":
        _refuse(question, "order = strict", _against_strict(question))
    if rules.tie_tolerance:
        _refuse(question, "tie_tolerance", _against_tolerance(question))
        _refuse_sharing(question, "tie_tolerance", "counted with it only if")
    if rules.order == "any":
        _refuse_sharing(question, "order = any", "counted only with")


def refuse_no_stage(attribution: str, model: Model) -> None:
    """Raise UsageError for an attribution by a stage that a model does not have."""
    _, by_stage, name = attribution.partition("stage:")
    known = [stage.name for stage in model.stages]
    if by_stage and name not in known:
        raise UsageError(
            f"attribution = {attribution}: there is no stage {name}{nearest(name, known)}",
            f"its stages are {', '.join(known)}",
        )


def _refuse(question: Question, rule: str, reasons: Iterator[str]) -> None:
    if reason := next(reasons, None):
        raise UsageError(f"{_named(question, rule)}: {reason}", _way_out(question))


def _named(question: Question, rule: str) -> str:
    """Write a rule as it was asked for: by a preset that sets it, or by itself."""
    name = rule.split(" ", maxsplit=1)[0]
    sets = PRESETS[question.like] if question.like else {}
    by_preset = name in sets and sets[name] == getattr(question.rules, name)
    return f"--like {question.like} sets {rule}" if by_preset else rule


def _way_out(question: Question) -> str:
    """Say what may be left out, and what a preset has to do with it."""
    if question.like is None:
        return "leave one of the two out"
    sets = ", ".join(f"{rule} = {worded(value)}" for rule, value in PRESETS[question.like].items())
    return f"leave one of the two out; --like {question.like} sets {sets}, and flags beat it"


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
    refuse_no_stage(rules.attribution, question.model)
    if rules.order == "any":
        yield "in any order no stage has a place of its own"
    yield from _against_following(question)


def _against_following(question: Question) -> Iterator[str]:
    """Say what an attempt of one value may not be asked: to be the last of the person."""
    rules = question.rules
    if rules.entry == "last":
        yield "entry = last is the last of the person, mature or not, whatever it carries"
    if rules.entry == "first" and rules.enters_anywhere:
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


def _refuse_sharing(question: Question, rule: str, how: str) -> None:
    """Raise UsageError where stages share events, each of which fills only one of them."""
    if question.rules.reuse or not claims(question.model):
        return
    first, second = next(_sharing(question.model))
    raise UsageError(
        f"{_named(question, rule)}: stages that share events are {how} reuse = true (--reuse);"
        f" here {first} and {second} do",
        f"--reuse lets one event fill several stages{_or_another_model(question)}",
    )


def _sharing(model: Model) -> Iterator[tuple[str, str]]:
    """Yield the names of two stages that may claim the same event."""
    for claim in claims(model):
        stages = [one for place, one in enumerate(model.stages) if claim.stages >> place & 1]
        for first, second in combinations(stages, 2):
            if ANY in (*first.events, *second.events) or {*first.events} & {*second.events}:
                yield first.name, second.name


def _or_another_model(question: Question) -> str:
    """Name what rolls up from the hourglass into stages that share no events, if anything does."""
    if question.hourglass is None or question.model.name not in ("hourglass", *ROLLUPS):
        return ""
    apart = [one.name for one in all_of(question.hourglass) if not claims(one)]
    return f"; those of --model {apart[0]} share none" if apart else ""
