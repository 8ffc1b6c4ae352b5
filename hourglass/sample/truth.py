"""What is true of a sample: counted from the plan's outcome, never from the rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import fsum
from typing import Literal, NamedTuple

from hourglass.sample import plan
from hourglass.stages import HOURGLASS

Referral = Literal["none", "valid", "self", "unknown", "cycle", "late"]


class Outcome(NamedTuple):
    """How it went for one person, as far as the log reaches."""

    first: int
    """First event of know, in microseconds since the log's start."""
    depth: int
    """Position of the deepest stage reached in order."""
    anonymous: bool
    channel: str | None
    orders: int
    bought: int | None
    """First purchase, in microseconds since the log's start."""
    quoted: bool
    referral: Referral
    user_id: str
    brought_by: str | None
    """Who invited this person, where somebody did."""

    @property
    def unjoined(self) -> int:
        """Depth of the id that the person entered with: an anonymous one ends at like."""
        return min(self.depth, 2) if self.anonymous else self.depth


class Quotes(NamedTuple):
    """People followed from a week after their first event, without a purchase until then."""

    people: int
    """Those who got a quote in that week."""
    bought: int
    """Of these: who first bought in the 30 days after it."""
    others: int
    others_bought: int
    ratio: float | None
    """How much oftener those with a quote buy, as planted; 1 would be no effect."""


class Brought(NamedTuple):
    """What customers brought in the 30 days after their first purchase; K = bought / customers."""

    customers: int
    """Those who were observed for these 30 days."""
    referred: int
    """People invited by them who came in time."""
    bought: int
    """Of these: who first bought in time."""


class Truth(NamedTuple):
    """Planted probabilities and what they came to; stages in their order, window 30 days."""

    people: int
    seed: int
    weeks: int
    rows: int
    """Rows of the file, duplicates included."""
    duplicates: int
    """Deliveries of an event that was there already."""
    planted: Mapping[str, float]
    """Probability of a stage given the one before; for like, the mean over those who came."""
    like_by_channel: Mapping[str | None, float]
    """Planted probability of know -> like."""
    reached: Mapping[str, int]
    """People who reached each stage in order, every id a person of its own."""
    reached_joined: Mapping[str, int]
    """The same with anonymous ids joined to the known ones."""
    mature: Mapping[str, int]
    """As `reached`, of those whose first event lies 30 days or more before the last of the log."""
    channels: Mapping[str | None, Mapping[str, int]]
    """As `reached`, by the channel of the first event."""
    entrants_by_week: tuple[int, ...]
    """People by the week of their first event."""
    purchases: tuple[int, int, int]
    """People with at least one, two and three purchases, however they came to them."""
    quotes: Quotes
    """What goes before buying: the one real trigger; the events of `plan.NULL_EVENTS` do not."""
    referrals: Mapping[Referral, int]
    """People by what their referrer is worth: valid, self, unknown, cycle, late; or none."""
    brought: Brought


def reached(depths: Iterable[int]) -> dict[str, int]:
    """Count people per stage from the depth of each."""
    exactly = Counter(depths)
    return {
        stage: sum(count for depth, count in exactly.items() if depth >= position)
        for position, stage in enumerate(HOURGLASS, start=1)
    }


def planted(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the probability of each stage but the first, given the one before."""
    likes = like_by_channel()
    mean = fsum(likes[one.channel] for one in outcomes) / len(outcomes)
    return {"like": mean, **plan.PLANTED}


def like_by_channel() -> dict[str | None, float]:
    """Return the planted probability of know -> like, the channel of the referred included."""
    rates = {channel: rate for channel, (_, rate) in plan.CHANNELS.items()}
    return {**rates, plan.REFERRED_CHANNEL: plan.REFERRED_LIKE}


def by_channel(outcomes: Sequence[Outcome]) -> dict[str | None, dict[str, int]]:
    """Count people per stage for each channel that was planted and came up."""
    depths: dict[str | None, list[int]] = {channel: [] for channel in like_by_channel()}
    for one in outcomes:
        depths[one.channel].append(one.unjoined)
    return {channel: reached(some) for channel, some in depths.items() if some}


def quotes(outcomes: Iterable[Outcome], as_of: int) -> Quotes:
    """Count those who were observed until `as_of` and had not bought by the landmark."""
    counts: Counter[tuple[bool, bool, bool]] = Counter()
    for one in outcomes:
        landmark = one.first + plan.LANDMARK
        end = landmark + plan.OUTCOME
        bought = None if one.anonymous else one.bought  # who buys has another id by then
        if end <= as_of and not (bought is not None and bought <= landmark):
            counts[one.anonymous, one.quoted, bought is not None and bought <= end] += 1
    known = [counts[False, quoted, bought] for quoted in (True, False) for bought in (True, False)]
    bought, missed, others_bought, others_missed = known
    anonymous = counts[True, False, False]
    buyers = bought + others_bought
    return Quotes(
        people=bought + missed,
        bought=bought,
        others=others_bought + others_missed + anonymous,
        others_bought=others_bought,
        ratio=plan.quote_ratio(buyers, missed + others_missed, anonymous) if buyers else None,
    )


def brought(outcomes: Iterable[Outcome], as_of: int) -> Brought:
    """Count what the customers brought who were observed for a window after they first bought."""
    window = plan.WINDOW // timedelta(microseconds=1)
    every = list(outcomes)
    closes = {one.user_id: one.bought + window for one in every if one.bought is not None}
    customers = {user: end for user, end in closes.items() if end <= as_of}
    ends = [(one, customers.get(one.brought_by or "", -1)) for one in every]
    referred = [(one, end) for one, end in ends if end - window <= one.first <= end]
    return Brought(
        customers=len(customers),
        referred=len(referred),
        bought=sum(one.bought is not None and one.bought <= end for one, end in referred),
    )
