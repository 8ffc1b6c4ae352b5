"""The commands by panel, each imported only when it is asked for: help must be there at once."""

from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.main import get_command

from hourglass.cli.group import Command, Group

PANELS: Mapping[str, Mapping[str, str]] = {
    "set up": {
        "init": "Write a commented configuration for an export: its columns, its events by stage.",
        "inspect": (
            "Say what an export holds: files, columns, events, what is odd, what a load would "
            "reject."
        ),
        "load": "Load event exports into a DuckDB database, for questions with --db.",
        "sample": "Write an event log to try things on: made up, always the same, its truth known.",
    },
    "ask": {
        "funnel": "Count people through the stages: how many, which share, how fast, who is lost.",
        "trend": "Count the funnel of each day, week or month of entry.",
        "compare": "Compare two periods, or two segments: what differs, how surely, and why.",
        "retention": (
            "Follow buyers by when they first bought: who buys again, how soon, who has stopped."
        ),
        "referrals": (
            "Count what customers bring: K and its parts, how fast, through whom, and what it "
            "is worth."
        ),
        "triggers": (
            "Find the events that go before buying, and count the triggers that are configured."
        ),
        "touchpoints": (
            "Count each stage by channel: events, people, and the share that goes on to the "
            "next stage."
        ),
        "paths": (
            "Follow people from stage to stage, backward too: moves, times, and the routes "
            "they take."
        ),
        "friction": "Count who tried to do a stage, who failed, and who got it done after all.",
    },
    "explain": {
        "people": (
            "List people: how far each came, when, and why not further; or for whom a trigger "
            "fired."
        ),
        "explain": "Show one person's events one by one, and why each did or did not count.",
        "reconcile": (
            "Count one funnel by the rules of several tools, and say which rule makes each "
            "difference."
        ),
        "sql": "List, show, eject and check the SQL behind the numbers.",
    },
    "deliver": {
        "report": "Write the weekly report: one HTML page with charts that needs no network.",
        "check": "Hold numbers and data to the checks of the configuration, and of SQL files.",
        "doctor": "Say versions, limits, engines, and whether a database is sound.",
    },
}
"""Panel, name and first sentence of every command, in the order of the help."""


class Commands(Mapping[str, Any]):
    """All commands by name; a module is imported when its command is taken."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  (typer keeps the type to itself)
        """Return the command called `name`."""
        if name not in set(self):
            raise KeyError(name)
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return (name for names in PANELS.values() for name in names)

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(map(len, PANELS.values()))


class Hourglass(Group):
    """The group of these commands."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  (whatever typer hands over)
        super().__init__(**given)
        self.commands = cast("MutableMapping[str, Any]", Commands())  # nothing is ever added

    def summaries(self) -> Iterator[tuple[str, str, str]]:
        """Yield panel, name and first sentence of each, without importing any."""
        for panel, names in PANELS.items():
            for name, summary in names.items():
                yield panel, name, summary


@cache
def _command(name: str) -> Any:  # noqa: ANN401
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name, cls=Command)(getattr(import_module(f"hourglass.cli.{name}"), name))
    return get_command(alone)
