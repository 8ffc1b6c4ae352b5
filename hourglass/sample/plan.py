"""What is planted in the sample: probabilities, waiting times, the calendar.

All waits from the first stage to the last add up to less than `WINDOW`, so who is planted to
reach a stage does so in time, and the funnel with that window finds exactly these people.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hourglass.sample.dice import DAY, HOUR, MINUTE

START = datetime(2026, 1, 5)  # a Monday
WINDOW = timedelta(days=30)

CHANNELS: Mapping[str | None, tuple[int, float]] = {
    "search": (24, 0.50),
    "social": (22, 0.34),
    "paid": (17, 0.30),
    "email": (9, 0.58),
    "affiliate": (7, 0.40),
    "store": (8, 0.62),
    "fair": (4, 0.55),
    "phone": (2, 0.48),
    None: (7, 0.36),
}
"""Where people first meet the business: weight, and probability of know -> like."""

REFERRED_CHANNEL, REFERRED_LIKE = "referral", 0.75
"""People who were referred come by a channel of their own and like more often."""

PHYSICAL = ("store", "fair", "phone")
"""Channels whose clock counts whole seconds and whose events arrive the night after."""

CAMPAIGNS: Mapping[str, tuple[str, ...]] = {
    "paid": ("new_year", "spring_sale", "brand"),
    "social": ("new_year", "spring_sale"),
    "email": ("newsletter", "spring_sale"),
    "affiliate": ("partner_blog",),
    "fair": ("trade_fair",),
}

TRUST = 0.58
"""like -> trust."""
SAME_INSTANT = 0.02
"""Of those, at the very instant of like."""
SKEPTIC = 0.30
"""Who stops at like and reads a review of three or fewer points."""
SKIPS_LIKE = 0.05
"""Who stops at know and reads a review all the same."""

FORM_OPENED, FORM_ERROR = 0.80, 0.25
"""Of trust: opens the trial form; of those: meets an error."""
TRIAL_AFTER_ERROR, TRIAL_WITHOUT_ERROR = 0.40, 0.90
"""Opened form -> trial started."""
TRY = FORM_OPENED * (FORM_ERROR * TRIAL_AFTER_ERROR + (1 - FORM_ERROR) * TRIAL_WITHOUT_ERROR)
"""trust -> try, which follows from the four above."""

CART = 0.50
"""Of those who try: adds to the cart."""
BUY_WITH_CART, BUY_WITHOUT_CART = 0.75, 0.35
BUY = CART * BUY_WITH_CART + (1 - CART) * BUY_WITHOUT_CART
"""try -> buy, which follows from the three above."""
WALK_IN = 0.02
"""Who got no further than trust and buys without a trial."""

REPEAT, THIRD = 0.50, 0.45
"""Purchases 1 -> 2 and 2 -> 3, each within `WINDOW` of the one before."""
LATE_REPEAT = 0.12
"""Of those without: a second purchase after more than `WINDOW`."""

REFER, REFER_WITHOUT_REPEAT = 0.48, 0.12
"""repeat -> refer, and the same for buyers who do not repeat."""
INVITATIONS = ((1, 2, 3, 4), (30, 30, 25, 15))
"""How many a referring customer sends, with weights."""
JOINS = 0.60
"""Invitations that bring a person."""
REFERRED_PER_BUYER = (
    (REPEAT * REFER + (1 - REPEAT) * REFER_WITHOUT_REPEAT)
    * (sum(number * weight for number, weight in zip(*INVITATIONS, strict=True)) / 100)
    * JOINS
)
"""Referred people a customer brings, which follows."""
K_FACTOR = REFERRED_PER_BUYER * REFERRED_LIKE * TRUST * TRY * BUY
"""Referred buyers a customer brings by the trial; a few more walk in."""
LATE_REFERRER = 0.04
"""Buyers who first name a referrer after their first purchase."""

QUOTE_BEFORE_BUYING, QUOTE = 0.50, 0.15
"""Known people who get a quote: of those who first buy in the `OUTCOME` after the `LANDMARK`, and
of all others. Who buys is settled before, so a quote goes before buying and moves nothing else."""
LANDMARK, OUTCOME = 7 * DAY, 30 * DAY
QUOTE_SPAN = 6 * DAY
"""A quote is sent anywhere in this time after a person's first event."""

ANONYMOUS = 0.05
"""Who starts under an anonymous id."""
LOGS_IN = 0.60
"""Of those who stop at know or like: logs in later."""

DUPLICATE, STRAGGLER = 0.002, 0.004
"""Deliveries that come twice; events that arrive more than a day late."""

_SKEW = (0, 2, 5, 9, 14, 20, 28, 39, 54, 75, 100)  # near a log-normal's quantiles


def _skewed(low: int, high: int) -> tuple[int, ...]:
    return tuple(low + (high - low) * part // 100 for part in _SKEW)


WAITS: Mapping[str, tuple[int, ...]] = {
    "like": _skewed(2 * MINUTE, 4 * DAY),
    "trust": _skewed(5 * MINUTE, 4 * DAY),
    "try": _skewed(5 * MINUTE, 4 * DAY),
    "form": _skewed(2 * MINUTE, 40 * MINUTE),
    "buy": _skewed(10 * MINUTE, 6 * DAY),
    "repeat": _skewed(2 * DAY, 9 * DAY),
    "late": _skewed(31 * DAY, 60 * DAY),
    "refer": _skewed(1 * HOUR, 2 * DAY),
    "join": _skewed(1 * HOUR, 5 * DAY),
}
"""Quantiles of the time from the stage before, in microseconds."""

NULL_EVENTS: Mapping[str, tuple[int, ...]] = {
    "app_opened": (20, 25, 25, 18, 12),
    "page_scrolled": (22, 28, 24, 16, 10),
    "email_delivered": (25, 30, 25, 15, 5),
    "help_view": (70, 22, 8),
    "settings_changed": (85, 12, 3),
    "app_error": (75, 20, 5),
    "logout": (45, 35, 20),
}
"""Noise that goes before nothing: weights of 0, 1, 2… events a person, whoever it is."""
NULL_SPAN = 21 * DAY
"""Noise falls anywhere in this time after a person's first event."""

MORE_KNOW = (18, 22, 24, 18, 12, 6)
"""Weights of 0, 1, 2… further events of know, drawn in the same way."""

PLANS: Mapping[str, int] = {"starter": 1900, "team": 4900, "pro": 9900}
"""Price in cents."""

HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 12, 11, 11, 12, 12, 11, 10, 10, 12, 13, 11, 7, 4)
WEEKDAYS = (17, 17, 16, 16, 14, 9, 11)


def week_weights(weeks: int) -> tuple[int, ...]:
    """Weights of the weeks for first events: mild growth, with a push every fourth week."""
    return tuple(100 + 2 * week + (12 if week % 4 == 3 else 0) for week in range(weeks))


def quote_ratio(buyers: int, others: int, anonymous: int) -> float:
    """Return how much oftener the quoted buy than the rest, as planted.

    Of the people followed from the landmark on, `buyers` buy, `others` do not; `anonymous` are
    ids without a name, which neither are sent a quote nor buy.
    """
    quoted, quoted_buyers = QUOTE * others, QUOTE_BEFORE_BUYING * buyers
    rest = (1 - QUOTE) * others + anonymous
    rate = quoted_buyers / (quoted_buyers + quoted)
    return rate / ((buyers - quoted_buyers) / (buyers - quoted_buyers + rest))


PLANTED: Mapping[str, float] = {
    "trust": TRUST,
    "try": TRY,
    "buy": BUY,
    "repeat": REPEAT,
    "refer": REFER,
}
"""Probability of a stage given the one before; that of like hangs on the channel."""
