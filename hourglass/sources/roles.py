"""Which column plays which role: configured names first, then usual names in order."""

import json
import re
from collections.abc import Collection, Mapping, Sequence

from hourglass.errors import DataError, nearest
from hourglass.nouns import first_of

CANONICAL: Mapping[str, str] = {
    "user": "user_id",
    "event": "event",
    "timestamp": "ts",
    "session": "session_id",
    "event_id": "event_id",
    "channel": "channel",
    "revenue": "revenue",
    "referrer": "referrer_id",
}
"""The column of `events` that each role becomes, in their order there."""

REQUIRED = ("user", "event", "timestamp")

IDS = ("user", "session", "event_id", "referrer")
"""Roles of ids: some of their values say that there is none."""

CURRENCY = "currency"
"""What is no role: the column that says what amounts are of."""

_USUAL = {
    "user": """
        user_id customer_id visitor_id person_id account_id contact_id profile_id member_id
        case:concept:name case_id distinct_id client_id uid user customer cust user_pseudo_id
        lead_id mql_id domain_userid anonymous_id device_id
    """,
    "event": """
        event event_name event_type action activity concept:name page stage step status type name
    """,
    "timestamp": """
        timestamp ts event_timestamp event_time occurred_at time time:timestamp datetime
        created_at derived_tstamp collector_tstamp received_at date event_date invoice_date
    """,
    "session": "session_id session visit_id domain_sessionid ga_session_id",
    "event_id": "event_id message_id insert_id uuid",
    "channel": """
        channel marketing_channel acquisition_channel utm_source context_campaign_source
        campaign_source traffic_source source case:channel utm_medium medium
    """,
    "revenue": """
        revenue item_revenue amount order_total order_value total_price total price purchase_value
        value
    """,
    "referrer": """
        referrer_id referrer_user_id referring_user_id referred_by referred_by_user_id
        invited_by inviter_id referral_user_id referrer
    """,
    CURRENCY: "currency currency_code currency_iso",
}
USUAL: Mapping[str, Sequence[str]] = {role: names.split() for role, names in _USUAL.items()}
"""Usual names of each role, the likeliest first; case and punctuation do not matter."""

ANONYMOUS = (
    "anonymous_id", "anon_id", "visitor_id", "device_id", "cookie_id", "user_pseudo_id",
    "domain_userid", "client_id", "distinct_id",
)  # fmt: skip
"""Usual names of ids that people have before they say who they are, the likeliest first."""

_TIMES = frozenset(["at", "date", "time", "timestamp", "datetime", "ts", "on"])
"""Last words of names of columns that hold times."""
_LAST_WORD = re.compile(r"(?:^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))([A-Za-z][a-z]*)[^A-Za-z]*$")
_ZONE = re.compile(r"[\s_]*\(?(?:UTC|GMT)\)?$", re.IGNORECASE)
"""What may follow that word."""
_PUNCTUATION = re.compile(r"[_\-\s$.:]")


def folded(name: str) -> str:
    """Reduce a column name to what is compared."""
    plain = _PUNCTUATION.sub("", name.casefold())
    return plain.removeprefix("properties") or plain


def candidates(columns: Sequence[str], role: str) -> list[str]:
    """List the columns that by their names may play a role, the likeliest first."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(folded(column), column)
    return [by_name[name] for name in map(folded, USUAL[role]) if name in by_name]


def only_times(columns: Sequence[str], files: Sequence[Sequence[str]]) -> str | None:
    """Return the place of the time where no usual name says it; null if it is not to be told.

    It is the one column whose name ends as those of times do, or that of each of the `files`, as
    where each file is a step.
    """
    some = called_times(columns)
    if len(some) == 1:
        return some[0]
    each = [called_times(names) for names in files]
    if not each or any(len(names) != 1 or "|" in names[0] for names in each):
        return None
    return "|".join(dict.fromkeys(name for (name,) in each))


def called_times(columns: Sequence[str]) -> list[str]:
    """List the columns whose names end as those of times do."""
    words = ((name, _LAST_WORD.search(_ZONE.sub("", name))) for name in columns)
    return [name for name, word in words if word and word[1].casefold() in _TIMES]


def missing(
    columns: Sequence[str],
    roles: Mapping[str, str],
    files: Sequence[str] = (),
    inside: Mapping[str, str] | None = None,
) -> DataError | None:
    """Say which required roles no column plays, of which files; null if none is missing.

    `inside` are places in nested columns that may play them.
    """
    lacking = lacked(roles)
    if not lacking:
        return None
    where = f"{first_of(files)}: " if files else ""
    seen = ", ".join(columns[:30]) + (", …" if len(columns) > 30 else "")
    named = ", and none the ".join(lacking)
    return DataError(
        f"{where}no column holds the {named}; columns are: {seen}",
        _unseparated(columns) or _settled_by(columns, lacking, inside or {}),
    )


def lacked(roles: Collection[str]) -> list[str]:
    """List the required roles that are not played."""
    return [role for role in REQUIRED if role not in roles]


def _unseparated(columns: Sequence[str]) -> str:
    """Say what to type where all names stand in one column, between signs that part nothing."""
    words = _WORDS.split(columns[0]) if len(columns) == 1 else []
    played = [role for role in REQUIRED if candidates(words, role)]
    return _SEPARATORS if len(played) > 1 else ""


def _settled_by(columns: Sequence[str], lacking: Sequence[str], inside: Mapping[str, str]) -> str:
    """Say what to type for roles that no column plays."""
    some = called_times(columns) if "timestamp" in lacking else []
    steps = _WIDE if len(some) > 1 else ""
    places = {role: inside.get(role, "COLUMN") for role in lacking}
    if some and "timestamp" not in inside:
        places["timestamp"] = some[0]
    is_only = "event" in lacking and "event" not in inside and "user" not in lacking
    event = _NO_EVENT if is_only else ""
    lines = [f"{role} = {json.dumps(one, ensure_ascii=False)}" for role, one in places.items()]
    each = ", a line each," if len(lines) > 1 else ""
    return f"{event}{steps}write{each} {' and '.join(lines)} under [columns] in hourglass.toml"


_NO_EVENT = (
    "say what every row is: --event-name purchase; or, where each file is one step,"
    ' --event-name "{file}"; or, where a column of times is one, --source-format wide; or '
)
"""What else may be typed where no column holds the event."""
_WORDS = re.compile(r"[^\w.:-]+")
_SEPARATORS = "export it with commas, tabs, semicolons or bars between the values"
_WIDE = "where each column of times is a step, --source-format wide; or "


def described(roles: Mapping[str, str], guessed: Collection[str], how: str = "guessed") -> str:
    """Write the roles in a line, as `columns: user = user_id, … (guessed)`."""
    pairs = ", ".join(f"{role} = {roles[role]}" for role in CANONICAL if role in guessed)
    return f"columns: {pairs} ({how})"


def no_columns(wrong: Mapping[str, str], columns: Sequence[str]) -> DataError:
    """Say of all configured columns that are not there, by their roles, which are the nearest."""
    said = [
        f'{role}: there is no column "{name}"{_meant(role, name, columns)}'
        for role, name in wrong.items()
    ]
    above = ["[columns] names some that are not there:"] if len(said) > 1 else []
    return DataError(
        "\n".join([*above, *said]),
        f"correct {', '.join(wrong)} under [columns]; columns are: {', '.join(columns[:30])}",
    )


def _meant(role: str, name: str, columns: Sequence[str]) -> str:
    """Say which column was probably meant: one of a name like it, or else of a usual one."""
    usual = candidates(columns, role)
    return nearest(name, columns) or (f'; did you mean "{usual[0]}"?' if usual else "")
