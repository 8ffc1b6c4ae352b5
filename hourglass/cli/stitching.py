"""Who the rows of a question are about, where ids of one person are joined."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hourglass import diagnostics

if TYPE_CHECKING:
    from hourglass.cli.asking import Asked
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.engines.spark import SparkEngine
    from hourglass.identity_events import Stitched
    from hourglass.result import Result
    from hourglass.sources.attach import Attached


def arriving(config: "Config", needed: Collection[str] | None) -> dict[str, Any]:
    """Return what to attach exports with, so that ids can be joined: more columns, another name."""
    name = arriving_as(config)
    if config.identity is None or needed is None:
        return {"needed": needed, "name": name}
    return {"needed": {*needed, *config.identity.columns}, "name": name}


def arriving_as(config: "Config") -> str:
    """Return what the events are called until each has its person."""
    from hourglass.identity_events import ARRIVED

    return "events" if config.identity is None else ARRIVED


def alias_tables(config: "Config | None") -> list[Path]:
    """Return the files that a configuration has ids joined by."""
    if config is None or config.identity is None or config.path is None:
        return []
    from hourglass.sources.files import readable

    return [readable(config.path.parent / name) for name in config.identity.table]


def stitch(
    engine: "DuckDBEngine", config: "Config", attached: "Attached", db: Path | None
) -> "Stitched":
    """Let `events` say who each row is about, and say how many ids were joined.

    What the database keeps is used where its people are the same.
    """
    from hourglass.identity_events import Stitched, stitch_database, stitch_exports

    found = Stitched(None)
    if db is not None:
        folder = config.path.parent if config.path else None
        found = stitch_database(engine, config.identity, folder)
        if not found.kept:
            diagnostics.note(
                f"{db} was loaded with another [identity]: ids are joined for this run"
            )
    elif config.identity is not None and config.path is not None:
        found = stitch_exports(engine, config.identity, config.path.parent, attached)
    return _told(found)


def stitch_there(engine: "SparkEngine", config: "Config", attached: "Attached") -> "Stitched":
    """Let the `events` of a cluster say who each row is about, and say how many ids were joined."""
    from hourglass.identity_events import Stitched, stitch_cluster

    if config.identity is None or config.path is None:
        return Stitched(None)
    return _told(stitch_cluster(engine, config.identity, config.path.parent, attached))


def _told(found: "Stitched") -> "Stitched":
    for warning in found.warnings:
        diagnostics.warn(warning)
    if found.joined is not None:
        diagnostics.note(found.joined.told())
    return found


def counted_as(asked: "Asked", user: str) -> str:
    """Return the person that an id is counted as, and say it where that is another."""
    from hourglass.database import IDENTITIES
    from hourglass.identity import PEOPLE

    if asked.stitched.joined is None:
        return user
    if asked.stitched.kept:
        asked.engine.alias(PEOPLE, IDENTITIES)
    for person in asked.engine.fetch("identity/person", {"id": user})["person"]:
        diagnostics.note(f"{user} is counted as {person}")
        return str(person)
    return user


def who_is_who(asked: "Asked", *, show_ids: bool) -> "Result":
    """Say what joining ids did; UsageError where none are to be joined."""
    from hourglass.analyses.identities import identities
    from hourglass.errors import UsageError
    from hourglass.identity_events import join_kept

    if asked.stitched.joined is None:
        raise UsageError(
            "no ids are to be joined: there is no [identity]",
            'write it in hourglass.toml: alias = { event = "login", from = "anonymous_id",'
            ' to = "user_id" }',
        )
    if asked.stitched.kept:
        join_kept(asked.engine)
    return identities(asked.engine, asked.question, asked.delivery, show_ids=show_ids)
