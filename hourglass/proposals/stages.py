"""Which stages the events of an export probably stand for, and the configuration that says so."""

import functools
from collections.abc import Mapping, Sequence

from hourglass.config import Config, parse_config
from hourglass.proposals.phrases import Phrases
from hourglass.proposals.usual_names import USUAL
from hourglass.stages import HOURGLASS, MIN_STAGES, Model, Stage, Step, all_of


def propose_stages(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the stages that the event names fit by lists of usual names, in their order.

    Every name goes to the one stage that fits it best, or to none; stages without a name are
    left out. Repeat without an event of its own is a second purchase: it has those of buy, where
    there are other stages, or nothing but purchases.
    """
    phrases = _phrases()
    stages = {HOURGLASS[place]: found for place, found in phrases.found(names).items()}
    if "buy" in stages and (len(stages) >= MIN_STAGES or all(map(phrases.best, names))):
        stages.setdefault("repeat", list(stages["buy"]))
    return {stage: stages[stage] for stage in HOURGLASS if stage in stages}


def guessed_models(names: Sequence[str]) -> dict[str, Model]:
    """Return the hourglass that the event names fit, and its rollups; nothing below two stages."""
    stages = propose_stages(names)
    if len(stages) < MIN_STAGES:
        return {}
    steps = {stage: (Step(events=tuple(events)),) for stage, events in stages.items()}
    guess = Model(
        name="hourglass",
        stages=tuple(Stage(name=stage, steps=step) for stage, step in steps.items()),
    )
    return {model.name: model for model in all_of(guess)}


def guessed_config(columns: Mapping[str, str], names: Sequence[str]) -> Config | None:
    """Return the configuration that a guess amounts to; null if it finds fewer than two stages.

    Its rules are the defaults: a guess adds no window.
    """
    from hourglass.proposals.text import write_config

    stages = propose_stages(names)
    if len(stages) < MIN_STAGES:
        return None
    return parse_config(write_config(columns, (), stages, window=None), None)


@functools.cache
def _phrases() -> Phrases:
    return Phrases(USUAL[stage] for stage in HOURGLASS)
