"""Who the rows at hand are about: `events` with the person, over exports and in a database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hourglass.database import (
    IDENTITIES,
    LOADED,
    kept_identity,
    loaded_columns,
    roles,
    unread_columns,
)
from hourglass.engines import Engine
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.engines.script import Statement
from hourglass.errors import unseen
from hourglass.identity import LINKS, PEOPLE, Joined, join_ids
from hourglass.identity_tables import PAIRS, few_pairs, find_tables, prints_of, read_tables
from hourglass.identity_views import IdColumns, links_view, people_view
from hourglass.settings.identity import Identity
from hourglass.sources.facts import Attached
from hourglass.stages import ANY

if TYPE_CHECKING:
    from hourglass.engines.spark import SparkEngine

ALIASES = "aliases"
"""The table of a database with the pairs that the tables of `[identity]` held at the last load."""
ARRIVED = "hourglass_arrived"
"""What exports are called before the person stands beside each row."""


class Stitched(NamedTuple):
    """What is known of the people of `events`."""

    joined: Joined | None
    """Null where no ids are to be joined."""
    kept: bool = False
    """Whether they are those that the database keeps."""
    warnings: tuple[str, ...] = ()

    @property
    def aliases(self) -> str | None:
        """Return the relation that says which ids are counted as another; null where none is."""
        if self.joined is None:
            return None
        return IDENTITIES if self.kept else PEOPLE


def lacking(engine: Engine, identity: Identity) -> list[str]:
    """Say which events ids are to be joined by, and `events` has none of, with the nearest name."""
    names = dict.fromkeys(name for one in identity.alias for name in one.event if name != ANY)
    return unseen("[identity]", names, engine.ask("map/names").column("event")) if names else []


def stitch_exports(
    engine: DuckDBEngine, identity: Identity, folder: Path, attached: Attached
) -> Stitched:
    """Make `events` of the rows attached as `ARRIVED`, with the person of each.

    Raises DataError for an alias table that cannot be read, UsageError for a column that is not
    there.
    """
    ids = IdColumns(attached.columns, attached.roles)
    _read_pairs(engine, identity, folder)
    joined = _join(engine, identity, ids, ARRIVED)
    engine.view("events", people_view(None, ids, ARRIVED))
    warnings = lacking(engine, identity)  # asked before each row is joined with its person
    engine.view("events", people_view(identity, ids, ARRIVED))
    if attached.rejected:
        engine.alias("rejects", f"{ARRIVED}_rejects")
    return Stitched(joined, warnings=tuple(warnings))


def stitch_cluster(
    engine: "SparkEngine", identity: Identity, folder: Path, attached: Attached
) -> Stitched:
    """Make `events` of the rows that a cluster reads as `ARRIVED`, with the person of each.

    Alias tables are read here and sent there. Raises as `stitch_exports` does, and DataError for
    more pairs than are sent.
    """
    ids = IdColumns(attached.columns, attached.roles, engine.dialect)
    engine.send(PAIRS, few_pairs(find_tables(identity, folder)))
    joined = _join(engine, identity, ids, ARRIVED)
    engine.view("events", people_view(None, ids, ARRIVED))
    warnings = lacking(engine, identity)  # asked before each row is joined with its person
    engine.view("events", people_view(identity, ids, ARRIVED))
    return Stitched(joined, warnings=tuple(warnings))


def stitch_database(
    engine: DuckDBEngine, identity: Identity | None, folder: Path | None
) -> Stitched:
    """Let the people of a database be those of `identity`, for this run.

    Without a `folder` no configuration is at hand, and they are those that the database keeps; so
    they are where it was loaded with the same identity. Raises as `stitch_exports` does.
    """
    kept = kept_identity(engine.connection)
    joined = Joined(**kept.joined) if kept.joined else None
    if folder is None:
        return Stitched(joined, kept=True)
    wanted = signature(identity, folder) if identity else None
    if wanted == kept.signature:
        return Stitched(joined, kept=True)
    ids = IdColumns(loaded_columns(engine.connection), roles(engine.connection))
    joined = None
    if identity:
        _read_pairs(engine, identity, folder)
        joined = _join(engine, identity, ids, LOADED)
    hidden = unread_columns(engine.connection)
    engine.view("events", people_view(identity, ids, LOADED, hidden=hidden))
    return Stitched(joined)


def join_loaded(engine: DuckDBEngine, identity: Identity) -> Joined:
    """Join the ids of a database, by its events and the pairs that it keeps."""
    ids = IdColumns(loaded_columns(engine.connection), roles(engine.connection))
    return _join(engine, identity, ids, LOADED, ALIASES)


def join_kept(engine: DuckDBEngine) -> None:
    """Join the ids of a database once more as its last load did, to look at how they were."""
    if identity := settled_identity(kept_identity(engine.connection).signature):
        join_loaded(engine, identity)


def settled_identity(signature: str | None) -> Identity | None:
    """Return the identity that a signature tells of."""
    return Identity.model_validate(json.loads(signature)["said"]) if signature else None


def signature(identity: Identity, folder: Path) -> str:
    """Write what decides which ids are joined: the configuration, and the content of its tables."""
    said = identity.model_dump(mode="json", by_alias=True)
    prints = prints_of(find_tables(identity, folder))
    return json.dumps({"said": said, "tables": prints}, sort_keys=True)


def _read_pairs(engine: DuckDBEngine, identity: Identity, folder: Path) -> None:
    statements = read_tables(engine.connection, find_tables(identity, folder))
    engine.statements.extend(map(Statement, statements))


def _join(
    engine: Engine, identity: Identity, ids: IdColumns, events: str, pairs: str = PAIRS
) -> Joined:
    engine.view(LINKS, links_view(identity, ids, events, pairs))
    return join_ids(engine, merge_shared=identity.merge_shared)
