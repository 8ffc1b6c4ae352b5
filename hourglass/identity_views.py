"""The SQL of identity that names a user's columns: which ids go together, who a row is about."""

from collections.abc import Mapping, Sequence

from hourglass.engines.sqltext import DUCKDB, Dialect
from hourglass.identity import PEOPLE
from hourglass.scope import PERSON, dimension
from hourglass.settings.identity import Alias, Identity
from hourglass.sources.places import NOBODY
from hourglass.sources.roles import CANONICAL
from hourglass.sources.types import is_fraction
from hourglass.stages import ANY

_ALIAS, _OTHER = "hourglass alias", "hourglass other"


class IdColumns:
    """Columns of events as ids in text, by their names in `events` or in the source."""

    def __init__(
        self, columns: Mapping[str, str], roles: Mapping[str, str], dialect: Dialect = DUCKDB
    ) -> None:
        self.columns = columns
        self.dialect = dialect
        self.canonical = {source.casefold(): CANONICAL[role] for role, source in roles.items()}

    def text(self, name: str) -> str:
        """Write a column as an id; UsageError if there is none."""
        kinds = {column.casefold(): kind for column, kind in self.columns.items()}
        if name.casefold() not in kinds:
            name = self.canonical.get(name.casefold(), name)
        value = dimension(name, self.columns, "that [identity] could read", self.dialect)
        if is_fraction(kinds.get(name.casefold(), "")):  # whole ids that lost their type
            return self.dialect.whole_text(value)
        return self.dialect.text(value)


def links_view(identity: Identity, ids: IdColumns, events: str, pairs: str) -> str:
    """Write the SELECT of ids named together: by rows of `events`, and in the table `pairs`."""
    selects = [_alias_select(one, ids, events) for one in identity.alias]
    pairs = ids.dialect.identifier(pairs)
    selects.append(f"SELECT alias, person, true AS from_table FROM {pairs}")
    return "\nUNION ALL\n".join(selects)


def _alias_select(alias: Alias, ids: IdColumns, events: str) -> str:
    names = ", ".join(map(ids.dialect.literal, alias.event))
    where = "" if ANY in alias.event else f" WHERE event IN ({names})"
    return (
        f"SELECT {ids.text(alias.alias)} AS alias, {ids.text(alias.person)} AS person,"
        f" false AS from_table FROM {ids.dialect.identifier(events)}{where}"
    )


def ids_view(ids: IdColumns, alias: str, person: str, events: str) -> str:
    """Write the SELECT of the two ids that each row of `events` names its person by."""
    source = ids.dialect.identifier(events)
    return f"SELECT {ids.text(alias)} AS alias, {ids.text(person)} AS person FROM {source}"


def rows_view(dialect: Dialect) -> str:
    """Write the SELECT of who each row of `events` was about and is: user_id, person."""
    name = dialect.identifier
    return f"SELECT user_id, {name(PERSON)} AS person FROM {name('events')}"


def people_view(
    identity: Identity | None,
    ids: IdColumns,
    events: str,
    *,
    people: str = PEOPLE,
    hidden: Sequence[str] = (),
) -> str:
    """Write the SELECT that adds to each row of `events` the column of its person.

    The row's own id is that of its user, else the first stand-in that is filled; its person is
    what the table `people` says of that id, else the id itself. `hidden` columns are left out.
    """
    name = ids.dialect.identifier
    but = f" EXCLUDE ({', '.join(map(name, hidden))})" if hidden else ""
    if identity is None:
        return f"SELECT *{but}, user_id AS {name(PERSON)} FROM {name(events)}"
    own = _own_id(identity, ids)
    alias, other = name(_ALIAS), name(_OTHER)  # the events may have columns of the plain names
    return (
        f"SELECT e.*{but}, coalesce(i.{other}, {own}) AS {name(PERSON)}\n"
        f"FROM {name(events)} AS e\n"
        f"LEFT JOIN (SELECT alias AS {alias}, person AS {other} FROM {name(people)}) AS i\n"
        f"  ON i.{alias} = {own}"
    )


def _own_id(identity: Identity, ids: IdColumns) -> str:
    nobody = ", ".join(map(ids.dialect.literal, NOBODY))
    texts = [ids.text(name) for name in identity.stand_ins]
    stand_ins = [f"CASE WHEN {text} NOT IN ({nobody}) THEN {text} END" for text in texts]
    return f"coalesce({', '.join(['user_id', *stand_ins])})"
