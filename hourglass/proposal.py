"""Which stages the events of an export probably stand for, and the configuration that says so."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hourglass.config import Config, parse_config
from hourglass.stages import HOURGLASS, MIN_STAGES, Model, Stage, Step, all_of
from hourglass.usual_names import FILLERS, IRREGULAR, NEVER, USUAL

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 200
"""Names longer than this are sentences or addresses, not names."""


class _Phrase(NamedTuple):
    """Words that stand for a stage; `tier` is the place of its list, 0 the first."""

    words: frozenset[str]
    more: int
    position: int
    tier: int


def propose_stages(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the stages that the event names fit by lists of usual names, in their order.

    Every name goes to the one stage that fits it best, or to none; stages without a name are
    left out. Repeat without an event of its own is a second purchase: it has those of buy, where
    there are other stages, or nothing but purchases.
    """
    found = {name: phrase for name in dict.fromkeys(names) if (phrase := _best(name))}
    stages = {}
    for position, stage in enumerate(HOURGLASS):
        here = {name: one.tier for name, one in found.items() if one.position == position}
        if here:
            first = min(here.values())
            stages[stage] = [name for name, tier in here.items() if tier == first]
    if "buy" in stages and (len(stages) >= MIN_STAGES or len(found) == len(set(names))):
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
    from hourglass.proposal_text import write_config

    stages = propose_stages(names)
    if len(stages) < MIN_STAGES:
        return None
    return parse_config(write_config(columns, (), stages, window=None), None)


def _best(name: str) -> _Phrase | None:
    if len(name) > _LONGEST:
        return None
    words = _words(name)
    known = _phrases()
    near = (one for word in words if word in known for one in known[word])
    fitting = (one for one in near if one.words <= words and _fits(one, words))
    return max(fitting, key=_rank, default=None)


def _rank(phrase: _Phrase) -> tuple[int, int, int, int]:
    """Order phrases from the vaguest to the surest; equals are of one stage and one list."""
    return len(phrase.words), -phrase.more, phrase.position, -phrase.tier


def _fits(phrase: _Phrase, words: frozenset[str]) -> bool:
    others = words - phrase.words
    return len(others) <= phrase.more and not others & _never()


def _words(name: str) -> frozenset[str]:
    """Return the stems of the words of a name, however they are set apart."""
    spaced = _CAMEL.sub(" ", name).casefold()
    stems = frozenset(_stem(word) for word in _WORD.findall(spaced))
    return stems - _fillers() or stems


def _stem(word: str) -> str:
    word = IRREGULAR.get(word, word)
    while (shorter := _shorter(word)) != word:
        word = shorter
    return word


def _shorter(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for ending in ("ing", "ed", "es", "s", "e"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3:
            doubled = ending in ("ing", "ed") and rest[-1] == rest[-2] and rest[-1] in "bgmnprt"
            return rest[:-1] if doubled else rest
    return word


@functools.cache
def _phrases() -> Mapping[str, Sequence[_Phrase]]:
    """Return the phrases by one of their words, so that few need a closer look."""
    by_word: dict[str, list[_Phrase]] = {}
    for phrase in _parsed():
        by_word.setdefault(max(sorted(phrase.words), key=len), []).append(phrase)
    return by_word


def _parsed() -> Iterator[_Phrase]:
    for stage, lists in USUAL.items():
        for tier, phrases in enumerate(lists):
            for phrase in phrases.split(","):
                more = int(phrase.strip().endswith("*"))
                yield _Phrase(_words(phrase), more, HOURGLASS.index(stage), tier)


@functools.cache
def _never() -> frozenset[str]:
    return frozenset(map(_stem, NEVER.split()))


@functools.cache
def _fillers() -> frozenset[str]:
    return frozenset(map(_stem, FILLERS.split()))
