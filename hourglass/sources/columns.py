"""The columns of `events` that come of the columns of a source."""

from collections.abc import Collection, Mapping, Sequence

from hourglass.engines.sqltext import identifier
from hourglass.scope import WHOLE_ID
from hourglass.sources import needs, view
from hourglass.sources.container import Container
from hourglass.sources.dialect import Twins
from hourglass.sources.inference import find_types, judged
from hourglass.sources.roles import CANONICAL
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.view import Shape


def others(
    staging: Staging,
    source: Relation,
    found: Sequence[str],
    roles: Mapping[str, str],
    heads: Collection[str] | None,
) -> dict[str, tuple[str, str]]:
    """Name and type the columns that keep their names; of a staged source those that are asked for.

    `heads` are these, null is all.
    """
    named = view.source_names(found, roles)
    if source.staged:
        named = needs.among(heads, named)
    held = [column for column in named if column in source.columns]
    types = find_types(staging, judged(staging, source, roles["timestamp"]), held)
    return {column: (named[column], kind) for column, kind in types.items()}


def told_twins(
    twins: Twins, containers: Sequence[Container], roles: Mapping[str, str]
) -> tuple[str, ...]:
    """Say which columns are called as one that plays a role, but for the case of letters."""
    separated = (pair for one in containers if one.dialect for pair in one.dialect.twins)
    return tuple(
        f'"{column}" is the {role}; the other column "{name}" is called "{made}" here'
        for made, name in dict([*twins, *separated]).items()
        for role, column in roles.items()
        if column.casefold() == name.casefold()
    )


def named(some: Sequence[str], found: Sequence[str], roles: Mapping[str, str]) -> tuple[str, ...]:
    """Name columns of the source as `events` does."""
    names = view.source_names(found, roles)
    by_role = {column: CANONICAL[role] for role, column in roles.items()}
    return tuple(names.get(one) or by_role[one] for one in some)


def all_of(staging: Staging, events: str, shape: Shape, found: Sequence[str]) -> dict[str, str]:
    """Return the columns that the relation `events` has, or could have, with their types."""
    made = staging.rows(f"DESCRIBE {identifier(events)}")
    columns = {str(name): str(kind) for name, kind, *_ in made if name != WHOLE_ID}
    for name in view.source_names(found, shape.roles).values():
        columns.setdefault(name, "VARCHAR")
    return columns
