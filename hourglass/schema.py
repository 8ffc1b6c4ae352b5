"""The shape of `hourglass.toml`: its keys and what their values may be."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal, Self, get_type_hints

from pydantic import BeforeValidator, Field, create_model, model_validator

from hourglass.fields import (
    Attribution,
    ColumnNames,
    EncodingName,
    EventNames,
    Filled,
    Ordinal,
    OrNone,
    Part,
    Span,
    Tolerance,
    Weekday,
    Zone,
    problem,
)
from hourglass.formats import ROLES
from hourglass.reading import DateOrder, Decimal
from hourglass.rules import Rules
from hourglass.settings.checks import Check
from hourglass.settings.formats import FormatName, FormatTable
from hourglass.settings.friction import Friction
from hourglass.settings.identity import Identity
from hourglass.settings.report import ReportTable
from hourglass.settings.touchpoints import Touchpoints
from hourglass.settings.triggers import Trigger
from hourglass.stages import HOURGLASS, ROLLUPS

BUILT_IN = ("hourglass", *ROLLUPS)
"""Names of models that come from `[stages]` and cannot be defined anew."""


def _stage_table(value: object) -> object:
    """Take a bare name or list for a table that has nothing but `events`."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str | list):
        return {"events": value}
    raise problem("must be a list of event names, or a table {events, where, within, min_gap, …}")


def _tables(value: object) -> object:
    if not isinstance(value, list):
        raise problem("is a list of tables: write each as [[exclusions]]")
    return tuple(value)


class StageTable(Part):
    """The value of one stage."""

    events: EventNames
    where: Filled | None = None
    within: Span = None
    min_gap: Span = None
    optional: bool = False
    first_time: Literal["event", "matching"] | None = None
    nth: Ordinal | None = None

    @model_validator(mode="after")
    def _gap_fits(self) -> Self:
        if self.within and self.min_gap and self.within < self.min_gap:
            raise problem("within is shorter than min_gap, so nobody can reach the stage")
        return self


StageValue = Annotated[StageTable, BeforeValidator(_stage_table)]


class ExclusionTable(Part):
    """One of `[[exclusions]]`; without `from` and `to` it spans the whole model."""

    events: EventNames
    where: Filled | None = None
    after: Filled | None = Field(None, alias="from")
    before: Filled | None = Field(None, alias="to")


Exclusions = Annotated[tuple[ExclusionTable, ...], BeforeValidator(_tables)]


class ModelTable(Part):
    """`[models.NAME]`: its stages, in the order written, and what may not lie between them."""

    stages: dict[Filled, StageValue]
    exclusions: Exclusions = ()


RULE_HINTS = get_type_hints(Rules)
_RULE_VALUES: Mapping[str, Any] = {
    "count": Filled,
    "window": Span,
    "tie_tolerance": Tolerance,
    "hold": OrNone,
    "attribution": Attribution,
    "where": Filled | None,
    "timezone": Zone,
    "week_start": Weekday,
}


def _table(name: str, **keys: Any) -> Any:  # noqa: ANN401  (classes made of data have no type)
    return create_model(name, __base__=Part, **keys)


SourceTable = _table(
    "Source",
    encoding=(EncodingName | None, None),
    columns=(ColumnNames, ()),
    timezone=(Zone, "UTC"),
    date_order=(DateOrder | None, None),
    decimal=(Decimal | None, None),
    dedupe=(ColumnNames, ()),
    format=(Filled | None, None),
    event_name=(Filled | None, None),
)
"""`[source]`: the fields of `Reading`."""

File = _table(
    "File",
    model=(Filled, None),
    queries=(Filled, None),
    columns=(_table("Columns", **dict.fromkeys(ROLES, (str, None))), None),
    source=(SourceTable, None),
    formats=(dict[FormatName, FormatTable], {}),
    stages=(_table("Stages", **dict.fromkeys(HOURGLASS, (StageValue, None))), None),
    exclusions=(Exclusions, ()),
    models=(dict[Filled, ModelTable], {}),
    touchpoints=(Touchpoints, None),
    friction=(dict[Filled, Friction], {}),
    personas=(dict[Filled, Filled], {}),
    triggers=(dict[Filled, Trigger], {}),
    check=(list[Check], []),
    identity=(Identity, None),
    report=(ReportTable, None),
    rules=(
        _table(
            "Rules",
            **{
                one.name: (_RULE_VALUES.get(one.name, RULE_HINTS[one.name]), one.default)
                for one in fields(Rules)
            },
        ),
        None,
    ),
)
"""A whole `hourglass.toml`, its tables and keys as attributes; null where the file has none."""
