"""A `hourglass.toml` for an export, with every key explained."""

from collections.abc import Iterator, Mapping, Sequence

import tomlkit
from tomlkit.items import Table

from hourglass.errors import shown
from hourglass.formats import ROLES
from hourglass.proposals.around import Around
from hourglass.proposals.around_text import add_around
from hourglass.proposals.writing import array, explain
from hourglass.stages import HOURGLASS, MEANINGS, MIN_STAGES

_LISTED = 100
"""So many events without a stage are listed one by one."""

_HEAD = """\
What hourglass takes the columns and events of an export for.
A line that begins with # is not in force; every key may be left out.
Durations are "none", or a number and a unit: "30 days", "12 hours", "15m", "90s".

The model that is shown where no --model is given:
model = "hourglass"
A folder beside this file; its SQL files stand in for the bundled ones of the same name:
queries = "sql"
"""
_PARTS: Mapping[str, str] = {
    "user": "who did it: the people that are counted",
    "event": "what was done",
    "timestamp": "when it was done",
    "session": "the visit it belongs to",
    "event_id": "rows that share it are one event, delivered twice",
    "channel": "where the person came from",
    "revenue": "what was paid",
    "referrer": "the user who brought this one",
}
_COLUMNS = 'Columns by the part they play. One that is not named is guessed; "" is: do not guess.'
_SOURCE = "How the export is to be read, where it does not say so itself."
_STAGES = """\
The seven stages, in this order whatever the order here; those that you have, two at least.
A stage is reached by any of its events. An event may stand in several stages.
In place of a list, a table says more: only events that satisfy a SQL condition; at most, or
at least, so long after the stage before:
trust = { events = ["review_read"], where = "rating >= 4" }
try = { events = ["trial_started"], within = "7 days" }
repeat = { events = ["order_paid"], min_gap = "1 day" }
"""
_IDENTITY = """\
Ids of one person. Rows with both {named} and a user: {by_both:,};
with the first alone: {by_alias:,}.
In force, these lines count both ids as one person:
[identity]
alias = {{ from = {quoted}, to = "{person}" }}
"""
_MODELS = """\
Any other funnel, here for --model checkout: 2 to 32 stages in the order written, named freely.
[models.checkout.stages]
cart = ["cart_view"]
pay = { events = ["order_paid"], within = "2 hours" }
"""


def write_config(
    columns: Mapping[str, str],
    events: Sequence[tuple[str, int]],
    stages: Mapping[str, Sequence[str]],
    *,
    window: str | None = "30 days",
    source: Mapping[str, object] | None = None,
    formats: Mapping[str, object] | None = None,
    identity: Mapping[str, object] | None = None,
    around: Around | None = None,
) -> str:
    """Return the text of a commented configuration that loads as it is.

    `columns` is role to column, `events` are the names in the data with their counts, `stages`
    the names by stage. Fewer than two stages are written as comments, for a person to fill in;
    so is the window if it is null. `source` and `formats` are tables of these names. `identity`
    (column, person, by_both, by_alias) is a comment: what it proposes changes who is counted.
    `around` changes no number of the funnel, and is in force.
    """
    document = tomlkit.document()
    explain(document, _HEAD)
    document.add("columns", _columns(columns))
    if source:
        document.add("source", _source(source))
    if formats:
        document.add("formats", tomlkit.item(formats))
        document.add(tomlkit.nl())
    if identity:
        column = str(identity["column"])
        quoted = tomlkit.string(column).as_string()
        told = _IDENTITY.format(quoted=quoted, named=shown(column), **identity)
        explain(document, told)
    document.add("stages", _stages(stages, events))
    document.add("rules", _rules(window))
    add_around(document, around or Around())
    explain(document, "\n" + _MODELS.rstrip())
    return tomlkit.dumps(document)


def _columns(columns: Mapping[str, str]) -> Table:
    table = tomlkit.table()
    explain(table, _COLUMNS)
    for role in ROLES:
        if role in columns:
            table.add(role, tomlkit.string(columns[role]).comment(_PARTS[role]))
        else:
            table.add(tomlkit.comment(f'{role} = ""  # {_PARTS[role]}'))
    table.add(tomlkit.nl())
    return table


def _source(source: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    explain(table, _SOURCE)
    for key, value in source.items():
        table.add(key, list(value) if isinstance(value, tuple) else value)
    table.add(tomlkit.nl())
    return table


def _stages(stages: Mapping[str, Sequence[str]], events: Sequence[tuple[str, int]]) -> Table:
    table = tomlkit.table()
    explain(table, _STAGES)
    active = sum(bool(names) for names in stages.values()) >= MIN_STAGES
    for stage in HOURGLASS:
        names = stages.get(stage, ())
        if names and active:
            table.add(stage, array(names))
            table[stage].comment(MEANINGS[stage])
        else:
            shown_names = ", ".join(tomlkit.string(name).as_string() for name in names)
            table.add(tomlkit.comment(f"{stage} = [{shown_names}]  # {MEANINGS[stage]}"))
    table.add(tomlkit.nl())
    claimed = {name for names in stages.values() for name in names}
    explain(table, "\n".join(_unclaimed([one for one in events if one[0] not in claimed])))
    return table


def _unclaimed(events: Sequence[tuple[str, int]]) -> Iterator[str]:
    if not events:
        return
    yield "Events in no stage, with their counts:"
    wide = max(len(f"{count:,}") for _, count in events[:_LISTED])
    for name, count in events[:_LISTED]:
        yield f"  {count:>{wide},}  {shown(name)}"
    if more := len(events) - _LISTED:
        yield f"  and {more:,} more" if more > 0 else ""


def _rules(window: str | None) -> Table:
    table = tomlkit.table()
    explain(table, "How long a person has from the first stage to the last:")
    if window:
        table.add("window", window)
    else:
        table.add(tomlkit.comment('window = "30 days"'))
    explain(table, "Where days and weeks begin:")
    table.add("timezone", "UTC")
    table.add("week_start", "monday")
    explain(table, "What a period binds: the entries (later stages read on), or all events:")
    table.add("range", "entry")
    explain(table, "Only events that satisfy this SQL condition count, in every model:")
    table.add(tomlkit.comment("where = \"country = 'FI'\""))
    table.add(tomlkit.nl())
    return table
