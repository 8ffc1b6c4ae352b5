"""A life as rows of the export: who is named, which session, what arrives when."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from hourglass.sample import plan
from hourglass.sample.dice import DAY, HOUR, MINUTE, SECOND, Dice
from hourglass.sample.life import Draft, Life, Value

COLUMNS = (
    "user_id", "event", "ts", "session_id", "event_id", "channel", "campaign", "plan", "revenue",
    "rating", "referrer_id", "anonymous_id", "interests", "country", "device",
)  # fmt: skip
"""Columns of the export in their order; `ts` here in microseconds since the log's start."""

Row: TypeAlias = tuple[int, *tuple[Value, ...]]
"""Arrival (microseconds since the log's start), then the columns."""

_SESSION_GAP = 30 * MINUTE
_NEVER = 10_000 * 365 * DAY
_BEFORE_LOGIN = ("ad_impression", "blog_view", "newsletter_signup", "follow")

_INTERESTS = (
    "family,travel", "family", "family,garden", "travel,business", "business", "business,sport",
    "sport", "garden", None,
)  # fmt: skip
_INTEREST_WEIGHTS = (12, 10, 6, 10, 14, 6, 12, 8, 22)
_COUNTRIES, _COUNTRY_WEIGHTS = ("FI", "SE", "DE", "GB", "US"), (38, 20, 18, 14, 10)
_DEVICES, _DEVICE_WEIGHTS = ("mobile", "desktop", "tablet"), (55, 37, 8)


def rows_of(life: Life, until: int) -> list[Row]:
    """Return what the export holds of a person, before `until`, each delivery of an event a row."""
    dice = life.dice
    login = _login(life)
    seen = sorted((draft for draft in life.drafts if draft.ts < until), key=lambda one: one.ts)
    for draft in seen[:2]:
        if life.arrival.referrer_id is not None:
            draft.facts["referrer_id"] = life.arrival.referrer_id
    profile = {
        "interests": dice.pick(_INTERESTS, _INTEREST_WEIGHTS),
        "country": dice.pick(_COUNTRIES, _COUNTRY_WEIGHTS),
        "device": dice.pick(_DEVICES, _DEVICE_WEIGHTS),
    }
    _name(life, seen, login)
    _sessions(life, seen)
    for order, draft in enumerate(seen, start=1):
        draft.facts |= {"event_id": f"e{life.number:06d}-{order:02d}", **profile}
        if draft.facts.get("channel") in plan.PHYSICAL:
            draft.facts["device"] = None
    delivered = [row for draft in seen for row in _deliveries(draft, dice)]
    return [*delivered, *_quote(life, until, profile)]


def _login(life: Life) -> int:
    """Add the event that ties an anonymous id to a known one; from then on that one is used."""
    if not life.anonymous:
        return 0
    if len(life.reached) >= 3:
        at = max(life.reached[1], life.reached[2] - 20 * SECOND)
    elif life.dice.chance(plan.LOGS_IN):
        at = max(draft.ts for draft in life.drafts) + life.dice.between(MINUTE, DAY)
    else:
        return _NEVER
    life.drafts.append(Draft(at, "login"))
    return at


def _name(life: Life, drafts: list[Draft], login: int) -> None:
    alias = f"anon-{life.number:06d}"
    for draft in drafts:
        unknown = draft.ts < login or (life.anonymous and draft.event in _BEFORE_LOGIN)
        draft.facts["user_id"] = alias if unknown else life.user_id
        if unknown or draft.event == "login":
            draft.facts["anonymous_id"] = alias


def _sessions(life: Life, drafts: list[Draft]) -> None:
    """Give online events a session; it ends after half an hour without one."""
    session, last = 0, -_SESSION_GAP - 1
    for draft in drafts:
        if draft.event == "email_delivered" or draft.facts.get("channel") in plan.PHYSICAL:
            continue
        session += draft.ts - last > _SESSION_GAP
        last = draft.ts
        draft.facts["session_id"] = f"s{life.number:06d}-{session:02d}"


def _deliveries(draft: Draft, dice: Dice) -> Iterator[Row]:
    facts = draft.facts | {"ts": draft.ts, "event": draft.event}
    values = tuple(facts.get(column) for column in COLUMNS)
    arrival = _arrival(draft, dice)
    yield arrival, *values
    if dice.chance(plan.DUPLICATE):
        yield arrival + dice.between(MINUTE, 6 * HOUR), *values


def _quote(life: Life, until: int, profile: Mapping[str, Value]) -> Iterator[Row]:
    """Yield the quote of a person: from the sales team's books, with ids of their own."""
    if life.quoted is None or life.quoted >= until:
        return
    facts: dict[str, Value] = {
        **profile,
        "device": None,
        "user_id": life.user_id,
        "event": "quote_sent",
        "ts": life.quoted,
        "event_id": f"q{life.number:06d}-01",
        "plan": life.plan,
    }
    yield _at_night(life.quoted, life.dice.apart("books")), *(facts.get(one) for one in COLUMNS)


def _arrival(draft: Draft, dice: Dice) -> int:
    if draft.facts.get("channel") in plan.PHYSICAL:
        return _at_night(draft.ts, dice)
    if dice.chance(plan.STRAGGLER):
        return draft.ts + dice.between(DAY, 3 * DAY)
    return draft.ts + dice.between(SECOND // 5, 4 * SECOND)


def _at_night(ts: int, dice: Dice) -> int:
    """Say when the rows of tills, call lists and books come in: the night after."""
    return (ts // DAY + 1) * DAY + 2 * HOUR + dice.below(HOUR)
