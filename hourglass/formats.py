"""What an export format is: how it is told from others, and where in it everything stands.

A format is data. The bundled ones are files in `sources/presets`, a user's own are tables
`[formats.NAME]` of a configuration; both have the same keys, and one interpreter reads by them.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

ROLES = ("user", "event", "timestamp", "session", "event_id", "channel", "revenue", "referrer")
"""The parts that a column of an export can play: the keys of `[columns]`."""

Unit = Literal["s", "ms", "us", "ns"]

UNRECOGNISED = "none"
"""The name that stands for no format: columns are told by their usual names alone."""


class Format(NamedTuple):
    """One format. Places are written as in `[columns]`: `a|b`, `a.b`, `a[b]`, `a + b`, `"text"`."""

    name: str
    title: str = ""
    """What people call it."""
    recognise: tuple[str, ...] = ()
    """Places that an export of it has; with `!` before it, one that it has not."""
    only: bool = False
    """Whether it has no other columns than these."""
    among: Mapping[str, tuple[str, ...]] = {}
    """Column to all values that it may have in an export of this format."""
    instead: str = ""
    """What to export in its place, if it holds totals and no events: it is refused."""
    names: tuple[str, ...] = ()
    """Names of its columns, where it is text with tabs, without quotes and a line of names."""
    columns: Mapping[str, str] = {}
    """Role to place; an optional role that is not here is not guessed."""
    values: Mapping[str, str] = {}
    """Further columns of `events`, each with its place."""
    nothing: Mapping[str, tuple[str, ...]] = {}
    """Role to values that say that there is none."""
    lower_case: tuple[str, ...] = ()
    """Roles whose values are the same in capitals."""
    unit: Unit | None = None
    """Unit of times that are numbers; null is told by their size."""
    timezone: str | None = None
    """IANA zone of its times without offset; null is not known."""
    local_epochs: bool = False
    """Whether numbers of seconds count by the clock of a zone and not by UTC."""
    dedupe: tuple[str, ...] = ()
    """Columns of the file or of `events` that tell a duplicate; empty is the event id."""
    each: str | None = None
    """A column of lists, each element of which is a row; the column then holds the element."""
    steps: Mapping[str, str] = {}
    """Column of times to the event that happened then; `*` stands for the same text in both."""
    further_lines: str | None = None
    """A column whose value further rows repeat that are lines of the first and no events."""
    revenue_of: tuple[str, ...] = ()
    """The only events that the revenue of a row belongs to; empty is all."""
    currency: str | None = None
    """The place of the currency that the revenue is in; null is a column of a usual name."""
