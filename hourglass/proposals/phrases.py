"""Names matched by their words, whatever the order, the case and the endings of these."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hourglass.proposals.usual_names import FILLERS, IRREGULAR, NEVER

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 200
"""Names longer than this are sentences or addresses, not names."""


class Phrase(NamedTuple):
    """Words that stand for a kind of name; `tier` is the place of its list, 0 the first."""

    words: frozenset[str]
    more: int
    """So many other words may stand beside them."""
    position: int
    """The place of its kind."""
    tier: int


class Phrases:
    """Kinds of names, each with lists of phrases; `*` after a phrase allows one word more."""

    def __init__(self, kinds: Iterable[Sequence[str]]) -> None:
        """Take the lists of every kind, the surest list first."""
        self._by_word: dict[str, list[Phrase]] = {}
        for phrase in _parsed(kinds):
            self._by_word.setdefault(max(sorted(phrase.words), key=len), []).append(phrase)

    def best(self, name: str) -> Phrase | None:
        """Return the phrase that fits the name best; null if none does."""
        words = words_of(name)
        near = (one for word in words for one in self._by_word.get(word, ()))
        fitting = (one for one in near if one.words <= words and _fits(one, words))
        return max(fitting, key=_rank, default=None)

    def found(self, names: Iterable[str]) -> Mapping[int, list[str]]:
        """Return the names that fit, by the place of the kind each fits best.

        Of several lists of a kind only the first that finds anything counts.
        """
        fits = {name: phrase for name in dict.fromkeys(names) if (phrase := self.best(name))}
        kinds: dict[int, list[str]] = {}
        for place in sorted({phrase.position for phrase in fits.values()}):
            here = {name: one.tier for name, one in fits.items() if one.position == place}
            first = min(here.values())
            kinds[place] = [name for name, tier in here.items() if tier == first]
        return kinds


def words_of(name: str) -> frozenset[str]:
    """Return the stems of the words of a name, however they are set apart; none of a sentence."""
    if len(name) > _LONGEST:
        return frozenset()
    spaced = _CAMEL.sub(" ", name).casefold()
    words = frozenset(stem(word) for word in _WORD.findall(spaced))
    return words - stems(FILLERS) or words


def stem(word: str) -> str:
    """Return the word without its endings, "tried" like "try" and "paid" like "pay"."""
    word = IRREGULAR.get(word, word)
    while (shorter := _shorter(word)) != word:
        word = shorter
    return word


@functools.cache
def stems(words: str) -> frozenset[str]:
    """Return the stems of words that are set apart by blanks."""
    return frozenset(map(stem, words.split()))


def _parsed(kinds: Iterable[Sequence[str]]) -> Iterator[Phrase]:
    for position, lists in enumerate(kinds):
        for tier, phrases in enumerate(lists):
            for phrase in phrases.split(","):
                more = int(phrase.strip().endswith("*"))
                yield Phrase(words_of(phrase), more, position, tier)


def _rank(phrase: Phrase) -> tuple[int, int, int, int]:
    """Order phrases from the vaguest to the surest; equals are of one kind and one list."""
    return len(phrase.words), -phrase.more, phrase.position, -phrase.tier


def _fits(phrase: Phrase, words: frozenset[str]) -> bool:
    others = words - phrase.words
    return len(others) <= phrase.more and not others & stems(NEVER)


def _shorter(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for ending in ("ing", "ed", "es", "s", "e"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3:
            doubled = ending in ("ing", "ed") and rest[-1] == rest[-2] and rest[-1] in "bgmnprt"
            return rest[:-1] if doubled else rest
    return word
