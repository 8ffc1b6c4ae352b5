"""Who the people of a database are, kept with it: made in the transaction of a load."""

import json

import duckdb

from hourglass.config import Config
from hourglass.database import (
    IDENTITIES,
    LOADED,
    KeptIdentity,
    kept_identity,
    loaded_columns,
    roles,
    unread_columns,
)
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.identity import PEOPLE, Joined
from hourglass.identity_events import ALIASES, join_loaded, lacking, settled_identity, signature
from hourglass.identity_tables import PAIRS, find_tables, read_tables
from hourglass.identity_views import IdColumns, people_view
from hourglass.meta import keep_value
from hourglass.settings.identity import Identity


def keep_people(
    connection: duckdb.DuckDBPyConnection, config: Config, *, changed: bool
) -> tuple[bool, list[str]]:
    """Join ids as configured, or as before where no configuration is at hand.

    `changed` says that there are new events. Returns whether the people may be others than before,
    and what to say of them.
    """
    kept = kept_identity(connection)
    identity, wanted = _identity(config, kept)
    if wanted == kept.signature and not changed:
        return False, []
    if config.path is not None:
        _renew_aliases(connection, config)
    joined = _join(connection, identity)
    _write(connection, KeptIdentity(wanted, joined.as_json() if joined else None))
    told = [joined.told()] if joined else []
    return True, told + (lacking(DuckDBEngine(connection), identity) if identity else [])


def _identity(config: Config, kept: KeptIdentity) -> tuple[Identity | None, str | None]:
    """Return the identity in force, and what decides it."""
    if config.path is None:
        return settled_identity(kept.signature), kept.signature
    if config.identity is None:
        return None, None
    return config.identity, signature(config.identity, config.path.parent)


def _renew_aliases(connection: duckdb.DuckDBPyConnection, config: Config) -> None:
    connection.execute(f"DELETE FROM {ALIASES}")
    if config.identity and config.path:
        read_tables(connection, find_tables(config.identity, config.path.parent))
        connection.execute(f"INSERT INTO {ALIASES} FROM {PAIRS}")


def _join(connection: duckdb.DuckDBPyConnection, identity: Identity | None) -> Joined | None:
    """Make `identities` and the view `events` anew."""
    engine = DuckDBEngine(connection)
    ids = IdColumns(loaded_columns(connection), roles(connection))
    connection.execute(f"DELETE FROM {IDENTITIES}")
    joined = None
    if identity:
        joined = join_loaded(engine, identity)
        connection.execute(f"INSERT INTO {IDENTITIES} FROM {PEOPLE}")
    hidden = unread_columns(connection)
    people = people_view(identity, ids, LOADED, people=IDENTITIES, hidden=hidden)
    connection.execute(f"CREATE OR REPLACE VIEW events AS {people}")
    return joined


def _write(connection: duckdb.DuckDBPyConnection, kept: KeptIdentity) -> None:
    keep_value(connection, "identity", json.dumps(kept._asdict()))
