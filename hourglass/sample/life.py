"""One person's events, from the first impression to the friends that were brought along."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from hourglass.sample import plan
from hourglass.sample.dice import DAY, HOUR, MINUTE, SECOND, Dice

Value = str | int | float | None


@dataclass(slots=True)
class Draft:
    """An event before it has an id: microseconds since the log's start, name, what it carries."""

    ts: int
    event: str
    facts: dict[str, Value] = field(default_factory=dict)


class Arrival(NamedTuple):
    """How someone comes: when, whom they name as their referrer, whether that one invited them."""

    ts: int
    referrer_id: str | None = None
    invited: bool = False


class Life:
    """All that one person does: events in the order made, and the instant of each stage reached."""

    def __init__(self, number: int, dice: Dice, arrival: Arrival) -> None:
        self.number = number
        self.user_id = f"u{number:06d}"
        self.dice = dice
        self.arrival = arrival
        self.drafts: list[Draft] = []
        self.brings: list[Arrival] = []
        self.orders: list[int] = []
        self.channel, self.campaign = self._origin()
        self.plan = dice.pick(tuple(plan.PLANS), (50, 35, 15))
        self.anonymous = arrival.referrer_id is None and dice.chance(plan.ANONYMOUS)
        self.reached = [self._know(arrival.ts)]
        self._climb()
        self._stray()
        self._noise()
        self.told_late = self._tell_late()
        self.quoted = self._get_quote()

    def _origin(self) -> tuple[str | None, str | None]:
        if self.arrival.invited:
            return plan.REFERRED_CHANNEL, None
        weights = [weight for weight, _ in plan.CHANNELS.values()]
        channel = self.dice.pick(tuple(plan.CHANNELS), weights)
        campaigns = plan.CAMPAIGNS.get(channel or "", ())
        if not campaigns or self.dice.chance(0.3):
            return channel, None
        return channel, campaigns[self.dice.below(len(campaigns))]

    def _add(self, at: int, event: str, channel: str | None = None, **facts: Value) -> int:
        """Add an event; its instant is returned, as a till's clock knows whole seconds only."""
        if channel in plan.PHYSICAL:
            at = -(-at // SECOND) * SECOND
        if channel is not None:
            facts["channel"] = channel
        self.drafts.append(Draft(at, event, facts))
        return at

    def _touch(self) -> str | None:
        """Pick the channel of a later event; whoever came without one never has one."""
        if self.channel is None:
            return None
        return self.dice.pick((self.channel, "email", "search", "store"), (55, 20, 17, 8))

    def _know(self, at: int) -> int:
        first = self._impression(at, self.channel)
        if self.dice.chance(0.01):  # two events of one instant
            self._add(first, "blog_view", self.channel)
        for _ in range(self.dice.pick(range(len(plan.MORE_KNOW)), plan.MORE_KNOW)):
            self._impression(first + self.dice.below(plan.NULL_SPAN), self._touch())
        return first

    def _impression(self, at: int, channel: str | None) -> int:
        names = ("ad_impression",) if channel in plan.PHYSICAL else ("ad_impression", "blog_view")
        campaign = self.campaign if channel == self.channel else None
        return self._add(at, names[self.dice.below(len(names))], channel, campaign=campaign)

    def _climb(self) -> None:
        """Take stage after stage until one is not reached."""
        steps: tuple[Callable[[int], int | None], ...] = (
            self._like,
            self._trust,
            self._try,
            self._buy,
            self._repeat,
            self._refer,
        )
        for step in steps:
            at = step(self.reached[-1])
            if at is None:
                return
            self.reached.append(at)

    def _like(self, before: int) -> int | None:
        likely = plan.CHANNELS.get(self.channel, (0, plan.REFERRED_LIKE))[1]
        if not self.dice.chance(likely):
            return None
        names = self.dice.pick(
            (("newsletter_signup",), ("follow",), ("follow", "newsletter_signup")), (55, 37, 8)
        )
        channel = self._touch()
        at = self._add(before + self.dice.wait(plan.WAITS["like"]), names[0], channel)
        for name in names[1:]:
            self._add(at, name, channel)
        return at

    def _trust(self, before: int) -> int | None:
        if not self.dice.chance(plan.TRUST):
            return None
        if self.dice.chance(plan.SAME_INSTANT):
            return self._add(before, "case_study_view")
        at = before + self.dice.wait(plan.WAITS["trust"])
        if self.dice.chance(0.3):
            return self._add(at, "case_study_view", self._touch())
        return self._add(at, "review_read", self._touch(), rating=4 + self.dice.below(2))

    def _try(self, before: int) -> int | None:
        if not self.dice.chance(plan.FORM_OPENED):
            return None
        opened = self._add(before + self.dice.wait(plan.WAITS["try"]), "trial_form_opened")
        failed = self.dice.chance(plan.FORM_ERROR)
        if failed:
            self._add(opened + self.dice.between(20 * SECOND, 110 * SECOND), "trial_form_error")
        likely = plan.TRIAL_AFTER_ERROR if failed else plan.TRIAL_WITHOUT_ERROR
        if not self.dice.chance(likely):
            return None
        at = opened + self.dice.wait(plan.WAITS["form"])
        return self._add(at, "trial_started", self._touch(), plan=self.plan)

    def _buy(self, before: int) -> int | None:
        wait = self.dice.wait(plan.WAITS["buy"])
        cart = self.dice.chance(plan.CART)
        if cart:
            self._add(before + max(wait // 2, wait - 20 * HOUR), "cart_add", plan=self.plan)
        if not self.dice.chance(plan.BUY_WITH_CART if cart else plan.BUY_WITHOUT_CART):
            return None
        return self._order(before + wait, self._touch())

    def _order(self, at: int, channel: str | None) -> int:
        """Buy at the price of the plan, from a third below to a little above, in cents."""
        cents = plan.PLANS[self.plan] * self.dice.between(67, 110) // 100
        ordered = self._add(at, "order_paid", channel, plan=self.plan, revenue=cents / 100)
        self.orders.append(ordered)
        return ordered

    def _repeat(self, before: int) -> int | None:
        if self.dice.chance(plan.REPEAT):
            return self._order_again(before + self.dice.wait(plan.WAITS["repeat"]))
        if self.dice.chance(plan.LATE_REPEAT):
            self._order_again(before + self.dice.wait(plan.WAITS["late"]))
        if self.dice.chance(plan.REFER_WITHOUT_REPEAT):
            self._invite(before + self.dice.wait(plan.WAITS["refer"]))
        return None

    def _order_again(self, at: int) -> int:
        second = self._order(at, self._touch())
        if self.dice.chance(plan.THIRD):
            self._order(second + self.dice.wait(plan.WAITS["repeat"]), self._touch())
        return second

    def _refer(self, before: int) -> int | None:
        if not self.dice.chance(plan.REFER):
            return None
        return self._invite(before + self.dice.wait(plan.WAITS["refer"]))

    def _invite(self, at: int) -> int:
        sent = at
        for _ in range(self.dice.pick(*plan.INVITATIONS)):
            self._add(sent, "referral_sent")
            if self.dice.chance(plan.JOINS):
                comes = sent + self.dice.wait(plan.WAITS["join"])
                self.brings.append(Arrival(comes, self.user_id, invited=True))
            sent += self.dice.between(20 * SECOND, 3 * MINUTE)
        return at

    def _stray(self) -> None:
        """Do later stages without the ones before: `ever` sees them, the funnel does not."""
        last, depth = self.reached[-1], len(self.reached)
        if self.dice.chance({1: plan.SKIPS_LIKE, 2: plan.SKEPTIC}.get(depth, 0.0)):
            low, high = (4, 6) if depth == 1 else (1, 4)
            at = last + self.dice.between(HOUR, 3 * DAY)
            self._add(at, "review_read", self._touch(), rating=self.dice.between(low, high))
        walks_in = depth <= 3 and self.channel is not None and not self.anonymous
        if walks_in and self.dice.chance(plan.WALK_IN):
            ordered = self._order(last + self.dice.between(HOUR, 6 * DAY), "store")
            again = self._repeat(ordered)
            if again is not None:
                self._refer(again)

    def _noise(self) -> None:
        """Do what goes before nothing, no matter who this is."""
        for event, weights in plan.NULL_EVENTS.items():
            for _ in range(self.dice.pick(range(len(weights)), weights)):
                self._add(self.reached[0] + self.dice.below(plan.NULL_SPAN), event)

    def _tell_late(self) -> int | None:
        """Name a referrer only after the first purchase, as a few do; return when."""
        if not self.orders or self.arrival.referrer_id or not self.dice.chance(plan.LATE_REFERRER):
            return None
        if self.anonymous or self.number == 1:
            return None
        told = self.orders[0] + self.dice.between(HOUR, 5 * DAY)
        someone = f"u{self.dice.between(1, self.number):06d}"
        return self._add(told, "profile_completed", referrer_id=someone)

    def _get_quote(self) -> int | None:
        """Get a quote from the sales team, oftener before buying; return when."""
        if self.anonymous:
            return None
        first, dice = self.reached[0], self.dice.apart("quote")
        buys = self.orders and plan.LANDMARK < min(self.orders) - first <= (
            plan.LANDMARK + plan.OUTCOME
        )
        if not dice.chance(plan.QUOTE_BEFORE_BUYING if buys else plan.QUOTE):
            return None
        return first + dice.below(plan.QUOTE_SPAN // SECOND) * SECOND
