"""Who is who in plain Python: union-find over dictionaries, written from docs/exports.md alone."""

from collections.abc import Iterable

NOBODY = {"", " ", "null", "NULL", "Null", "(null)", "None", "none", "NaN", "nan", "NAN",
          "<NA>", "undefined", "(not set)", r"\N"}  # fmt: skip

Link = tuple[str | None, str | None]


def _leader(leaders: dict[str, str], one: str) -> str:
    while leaders[one] != one:
        one = leaders[one]
    return one


def _join(pairs: Iterable[tuple[str, str]], ids: Iterable[str]) -> dict[str, set[str]]:
    """The group of each id, by following every pair."""
    leaders = {one: one for one in ids}
    for one, other in pairs:
        leaders[_leader(leaders, one)] = _leader(leaders, other)
    groups: dict[str, set[str]] = {}
    for one in leaders:
        groups.setdefault(_leader(leaders, one), set()).add(one)
    return {one: groups[_leader(leaders, one)] for one in leaders}


def who_is_who(links: Iterable[Link], *, merge_shared: bool) -> tuple[dict[str, str], int]:
    """The person of every id that is counted as another, and the groups that people share."""
    told = {
        (alias, person)
        for alias, person in links
        if alias is not None and person is not None and alias != person
        if not {alias, person} & NOBODY
    }
    ids = {one for link in told for one in link}
    known = ids - {alias for alias, _ in told}
    groups = _join(((a, p) for a, p in told if p not in known), ids)
    claims = {one: {p for a, p in told if p in known and a in groups[one]} for one in ids - known}
    shared = {frozenset(groups[one]) for one, people in claims.items() if len(people) > 1}
    if merge_shared:
        groups = _join(told, ids)
        people = {one: min(groups[one] & known or groups[one]) for one in ids}
    else:
        people = {one: one for one in known}
        for one, claimed in claims.items():
            people[one] = next(iter(claimed)) if len(claimed) == 1 else min(groups[one])
    return {one: person for one, person in people.items() if person != one}, len(shared)


def person_of(
    user: str | None, stand_ins: Iterable[str | None], people: dict[str, str]
) -> str | None:
    """Who a row is about."""
    filled = [one for one in (user, *stand_ins) if one is not None and one not in NOBODY]
    return people.get(filled[0], filled[0]) if filled else None
