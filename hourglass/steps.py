"""A funnel typed at once: `view,cart|basket,purchase`."""

import re

from hourglass.errors import UsageError
from hourglass.stages import MAX_STAGES, MIN_STAGES, Model, Stage, Step

_TOKEN = re.compile(r"\\[,|\\]|.", re.DOTALL)
_EXAMPLE = '--steps "view,cart|basket,purchase"'


def parse_steps(text: str) -> Model:
    r"""Return the model that `text` spells: stages by comma, alternatives by `|`.

    Space around names is dropped; `\,`, `\|` and `\\` stand for the sign itself. A stage is called
    by its alternatives, and a second one of the same name gets a number: `view (2)`. UsageError
    if a part is empty, an alternative is named twice, or there are not 2 to 32 stages.
    """
    parts = [_split(stage, "|") for stage in _split(_TOKEN.findall(text), ",")]
    if not MIN_STAGES <= len(parts) <= MAX_STAGES:
        raise UsageError(
            f"--steps has {len(parts)}; a funnel needs {MIN_STAGES} to {MAX_STAGES} stages",
            _EXAMPLE,
        )
    stages: dict[str, Stage] = {}
    for position, alternatives in enumerate(parts, start=1):
        events = tuple(_name(tokens, position) for tokens in alternatives)
        if len(set(events)) < len(events):
            raise UsageError(f"--steps: stage {position} names an event twice", _EXAMPLE)
        name = _free("|".join(events), stages)
        stages[name] = Stage(name=name, steps=(Step(events=events),))
    return Model(name="steps", stages=tuple(stages.values()))


def _split(tokens: list[str], sign: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == sign:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _name(tokens: list[str], position: int) -> str:
    name = "".join(token[-1] for token in tokens).strip()
    if not name:
        raise UsageError(f"--steps: a name in stage {position} is empty", _EXAMPLE)
    return name


def _free(name: str, taken: dict[str, Stage]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
