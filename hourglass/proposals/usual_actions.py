"""Usual names of what lies around the stages: attempts, failures, reasons to act, places, people.

Phrases are matched as those of the stages are (`usual_names`).
"""

from collections.abc import Mapping
from typing import NamedTuple

UNDERTAKINGS: Mapping[str, str] = {
    "like": """
        signup, sign up, register, registration, newsletter, subscribe form, account create,
        account creation, lead form, contact form, waitlist
    """,
    "trust": "webinar, case study",
    "try": "trial, demo, sample, consultation, test drive, free lesson",
    "buy": "checkout, payment, pay, card, order, purchase, transaction, billing",
    "repeat": "renewal, renew, reorder, upgrade",
    "refer": "invite, invitation, referral, refer, share",
}
"""What people set about, by the stage they are after; the words of an attempt and of a failure."""

BEGINNINGS = """
    open start begin initiate attempt enter submit request click form page detail info step try
    checkout
"""
"""Words that make an attempt of it."""

FAILURES = "fail failure error bug decline reject invalid deny denied timeout crash problem"
"""Words that make a failure of it."""

ENDS = "complete success succeed confirm finish done approve receive leave end close exit"
"""Words that say it is over, one way or the other."""


class Reason(NamedTuple):
    """Something after which people usually buy, so that it is time to act if they do not."""

    name: str
    lists: tuple[str, ...]
    within: str


REASONS = (
    Reason(
        "abandoned_cart",
        (
            """
            cart add*, addtocart, basket add*, bag add*, product add, product add cart, item add,
            item add cart
            """,
            "checkout start*, checkout begin*, checkout initiate*, checkout, cart view*, cart",
        ),
        "24 hours",
    ),
    Reason(
        "failed_payment",
        (
            """
            payment fail*, payment error*, payment decline*, payment reject*, card decline*,
            card error, card reject*, charge fail*, checkout fail*, checkout error*,
            transaction fail*, transaction decline*, invoice payment fail
            """,
        ),
        "24 hours",
    ),
    Reason(
        "unanswered_quote",
        ("quote send*, quote, offer send*, proposal send*, estimate send*, quote request*",),
        "7 days",
    ),
    Reason(
        "unused_trial",
        (
            """
            trial start*, free trial*, free trial start*, trial begin, trial activate, trial create,
            trial sign up, trial signup, trial
            """,
        ),
        "14 days",
    ),
)
"""Names of triggers; those of one name are one kind."""

PLACES = """
    store*, shop, shop floor, retail*, branch*, branch office, fair*, trade fair, trade show,
    tradeshow, phone*, phone call, telephone*, call, call center, callcenter, pos,
    point of sale, showroom*, kiosk*, market stall, conference*, expo, exhibition*, field*,
    field sales, door to door, walk in, walkin, in person, in store, instore, offline*,
    filiale*, laden, messe*, telefon*
"""
"""Channels that people go to, or speak with."""

ONLINE = "app web online digital google apple play e ecommerce email social paid chrome"
"""Words that keep a channel from being such a place, wherever they stand."""

ABOUT_PEOPLE = """
    persona, user persona, customer persona, segment, user segment, customer segment, audience,
    interests, interest, role, user role, job title, occupation, profession, industry, user type,
    customer type, account type, company size
"""
"""Columns that say what kind of person somebody is, the surest first."""
