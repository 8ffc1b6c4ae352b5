"""Whether an export names people before they are known, so that [identity] could join two ids."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hourglass.engines import Engine
from hourglass.identity import define_nobody
from hourglass.identity_views import IdColumns, ids_view
from hourglass.sources.roles import ANONYMOUS, folded

PERSON = "user_id"
"""The column of `events` that holds who is known."""
_LINKED = "ids_at_hand"


class TwoIds(NamedTuple):
    """A column of ids that people have before they are known."""

    column: str
    """Its name in `events`."""
    by_both: int
    """Rows that have both ids, and different ones."""
    by_alias: int
    """Rows that have this one alone."""


def anonymous_column(columns: Sequence[str], roles: Mapping[str, str]) -> str | None:
    """Return the column, by its name in `events`, that stands in for the user; null if none does.

    Where a format has several ids for the user, it is the second one.
    """
    have = {name.casefold(): name for name in columns}
    _, *others = (one.strip() for one in roles["user"].split("|"))
    for name in others[:1] or _usual(columns, roles["user"]):
        for wanted in (f"source_{name}".casefold(), name.casefold()):
            if wanted in have:
                return have[wanted]
    return None


def _usual(columns: Sequence[str], user: str) -> list[str]:
    by_folded = {folded(name): name for name in columns if folded(name) != folded(user)}
    return [by_folded[name] for name in map(folded, ANONYMOUS) if name in by_folded]


def two_ids(
    engine: Engine, column: str, columns: Mapping[str, str], roles: Mapping[str, str], events: str
) -> TwoIds | None:
    """Count how the rows of the table `events` name people; null if joining changes nothing."""
    engine.view(_LINKED, ids_view(IdColumns(columns, roles), column, PERSON, events))
    define_nobody(engine)
    row = engine.fetch("identity/named_by_two").row(0)
    found = TwoIds(column, *map(int, row))
    return found if found.by_both and found.by_alias else None
