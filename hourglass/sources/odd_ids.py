"""What is odd in the ids of a text, by which one person may be two, or two people one."""

import json
from collections.abc import Mapping, Sequence

from hourglass.sources.places import is_nobody, quoted
from hourglass.sources.roles import ANONYMOUS, candidates, folded
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging

_FIRST = 100_000
"""Rows looked at: what is odd is mostly so in all values of a file, and it is a note only."""
_BLANK = "[\\s\u00a0\u200b-\u200d\u2060\ufeff]"
"""Signs that show nothing: spaces, tabs, no-break spaces, and what has no width at all."""
_FEW = 20_000
"""Rows looked at for values that look alike, which takes longer."""
_NTH = 1000
"""Beyond these, one row in so many is looked at for ids written in two ways."""


def told_odd(staging: Staging, source: Relation, roles: Mapping[str, str]) -> tuple[str, ...]:
    """Say what stands around ids, what they have lost, and how else they are written."""
    if not source.staged:
        return ()
    return (
        *_spaces(staging, source, roles),
        *_cut(staging, source, roles),
        *_fractions(staging, source, roles["user"]),
        *_alike_ids(staging, source, roles["user"]),
        *_alike_names(staging, source, roles["event"]),
    )


def told_nameless(
    staging: Staging, source: Relation, found: Sequence[str], guessed: Mapping[str, str]
) -> tuple[str, ...]:
    """Say whether first rows without the guessed user have an id by which they may be told."""
    user = guessed.get("user")
    if user is None:
        return ()
    anonymous = set(map(folded, ANONYMOUS))
    others = [
        one for one in candidates(found, "user")
        if one != user and folded(one) in anonymous and one in source.columns
    ]  # fmt: skip
    for other in others:
        some, none = (f"{source.ref(one)}::VARCHAR" for one in (other, user))
        nameless = f"coalesce({is_nobody(none)}, true) AND NOT ({is_nobody(some)})"
        first = f"(FROM {source.text} LIMIT {_FIRST}) AS s"
        if staging.rows(f"SELECT 1 FROM {first} WHERE {nameless} LIMIT 1"):
            both = json.dumps(f"{user}|{other}", ensure_ascii=False)
            return (
                f'"{user}" is empty in rows that "{other}" is filled in: unless [identity] joins'
                f" them they have no person; user = {both} under [columns] gives them one",
            )
    return ()


def _spaces(staging: Staging, source: Relation, roles: Mapping[str, str]) -> tuple[str, ...]:
    """Say in which ids and names of events of a text blanks stand around values: they are kept."""
    columns = dict.fromkeys(roles[one] for one in ("user", "event", "session") if one in roles)
    odd = (
        f"regexp_matches({{0}}, '^{_BLANK}|{_BLANK}$') AND regexp_matches({{0}}, '[^{_BLANK[1:]}')"
    )
    some = {column: _among_first(staging, source, column, odd) for column in columns}
    plain = [one for one, values in some.items() if any(v != v.strip(" ") for v in values)]
    hidden = [one for one, values in some.items() if values and one not in plain]
    return tuple(
        f"{what} around values of {', '.join(map(quoted, names))} are kept: {meaning}"
        for what, names, meaning in (
            ("spaces", plain, '"a " is another than "a"'),
            ("signs that cannot be seen", hidden, "with and without them are two"),
        )
        if names
    )


def _cut(staging: Staging, source: Relation, roles: Mapping[str, str]) -> tuple[str, ...]:
    """Say in which ids and times of a text a spreadsheet has left few digits of a long number."""
    some = dict.fromkeys(roles[one] for one in ("user", "event_id", "timestamp") if one in roles)
    cut = r"regexp_full_match({0}, '\d([.,]\d+)?E\+\d+')"
    return tuple(
        f'"{column}" has numbers that a spreadsheet cut short, as {value}: different ones may'
        " be the same now; export them as text"
        for column in some
        if source.columns[column] == "VARCHAR"
        for value in _among_first(staging, source, column, cut)
    )


def _fractions(staging: Staging, source: Relation, user: str) -> tuple[str, ...]:
    """Say whether one file has written as fractions the ids that another has whole."""
    if source.columns[user] != "VARCHAR":
        return ()
    ref = source.ref(user)
    row = f"s.{source.row}"
    some = f"{row} < {_FIRST} OR {row} % {_NTH} = 0"  # of every file, if there are several
    first = f"SELECT {ref} FROM {source.text} AS s WHERE ({some}) AND {{}} LIMIT 1"
    for (value,) in staging.rows(first.format(rf"regexp_full_match({ref}, '\d+\.0')")):
        for (whole,) in staging.rows(first.format(rf"regexp_full_match({ref}, '\d+')")):
            return (
                f'"{user}" has ids written as fractions and whole ones, as {value} and {whole}:'
                " a person with both is two; export them as text",
            )
    return ()


def _alike_ids(staging: Staging, source: Relation, user: str) -> tuple[str, ...]:
    """Say whether ids look alike; whose they are is nobody's to read in a log."""
    return tuple(
        f'"{user}" has ids that differ {_difference(*both)} alone: a person with both is two'
        for both in _alike(staging, source, user)
    )


def _alike_names(staging: Staging, source: Relation, event: str) -> tuple[str, ...]:
    """Say which names of events look alike."""
    return tuple(
        f'"{event}" has values that differ {_difference(*both)} alone, as {" and ".join(both)}:'
        " a stage has both where both are named"
        for both in _alike(staging, source, event)
    )


def _alike(staging: Staging, source: Relation, column: str) -> list[tuple[str, str]]:
    """Find two values of a text that are alike but for capitals, zeros before, or accents."""
    if source.columns[column] != "VARCHAR":
        return []
    one = f"SELECT DISTINCT {source.ref(column)} AS one FROM (FROM {source.text} LIMIT {_FEW}) AS s"
    found = staging.rows(
        f"SELECT min(one), max(one) FROM ({one}) GROUP BY ltrim(lower(nfc_normalize(one)), '0')"
        " HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    )
    return [(str(first), str(other)) for first, other in found]


def _difference(one: str, other: str) -> str:
    if one.lstrip("0") == other.lstrip("0"):
        return "in zeros before them"
    is_capitals = one.casefold().lstrip("0") == other.casefold().lstrip("0")
    return "in capitals" if is_capitals else "in how accents are stored"


def _among_first(staging: Staging, source: Relation, column: str, condition: str) -> list[str]:
    """Return a value of a column, `{0}` in the condition, that satisfies it; of the first rows."""
    ref = source.ref(column)
    rows = staging.rows(
        f"SELECT {ref} FROM (FROM {source.text} LIMIT {_FIRST}) AS s"
        f" WHERE {condition.format(ref)} LIMIT 1"
    )
    return [str(value) for (value,) in rows]
