"""`[formats.NAME]`: a user's own export format, in the words of the bundled ones."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from hourglass.errors import nearest, shown
from hourglass.fields import ColumnNames, Filled, Part, Zone, problem
from hourglass.formats import ROLES, UNRECOGNISED, Format, Unit


def _texts(value: object) -> object:
    """Take one text for a list of one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise problem(f"{shown(value)} is not a list of texts")


def _roles(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in ROLES:
            guess = nearest(name, ROLES) or f"; there are: {', '.join(ROLES)}"
            raise problem(f"{shown(name)} is no part of a column{guess}")
    return names


def _stars(steps: dict[str, str]) -> dict[str, str]:
    for column, event in steps.items():
        if column.count("*") > 1 or event.count("*") > column.count("*"):
            raise problem(f"{shown(column)} = {shown(event)}: one * stands for the same in both")
    return steps


def _free(name: str) -> str:
    if name == UNRECOGNISED:
        raise problem(f"{shown(name)} stands for no format; choose another name")
    return name


FormatName = Annotated[Filled, AfterValidator(_free)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Places(Part):
    """Where each role stands."""

    user: Filled | None = None
    event: Filled | None = None
    timestamp: Filled | None = None
    session: Filled | None = None
    event_id: Filled | None = None
    channel: Filled | None = None
    revenue: Filled | None = None
    referrer: Filled | None = None


class Nothing(Part):
    """Values of each role that say that there is none."""

    user: Texts | None = None
    event: Texts | None = None
    timestamp: Texts | None = None
    session: Texts | None = None
    event_id: Texts | None = None
    channel: Texts | None = None
    revenue: Texts | None = None
    referrer: Texts | None = None


class FormatTable(Part):
    """One format: the fields of `Format` but its name; null and empty are not said."""

    title: Filled = ""
    recognise: ColumnNames = ()
    only: bool = False
    among: dict[Filled, Texts] = Field(default_factory=dict)
    instead: Filled = ""
    names: ColumnNames = ()
    columns: Places = Places()
    values: dict[Filled, Filled] = Field(default_factory=dict)
    nothing: Nothing = Nothing()
    lower_case: Annotated[Texts, AfterValidator(_roles)] = ()
    unit: Unit | None = None
    timezone: Zone | None = None
    local_epochs: bool = False
    dedupe: ColumnNames = ()
    each: Filled | None = None
    steps: Annotated[dict[Filled, Filled], AfterValidator(_stars)] = Field(default_factory=dict)
    further_lines: Filled | None = None
    revenue_of: Texts = ()
    currency: Filled | None = None


def as_format(name: str, table: FormatTable) -> Format:
    """Return the format that a table describes."""
    said = table.model_dump(exclude_defaults=True)
    return Format(name=name, **said)


def own_formats(tables: Mapping[str, FormatTable]) -> tuple[Format, ...]:
    """Return the formats of a configuration, in its order."""
    return tuple(as_format(name, table) for name, table in tables.items())
