"""The options that say how exports are read: one definition of each, as `options` has of others."""

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

DateOrderName = Literal["dmy", "mdy"]
DecimalName = Literal["comma", "point"]

READING = "Reading exports"

SourceFormat = Annotated[
    str | None,
    typer.Option(
        "--source-format",
        metavar="NAME",
        help="Format of the export, as mixpanel or wide; without it by its content; none is none.",
        rich_help_panel=READING,
    ),
]
EventName = Annotated[
    str | None,
    typer.Option(
        "--event-name",
        metavar="NAME",
        help='What every row is, where no column says it, as purchase; "{file}": its file\'s name.',
        rich_help_panel=READING,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="Encoding of text, as windows-1252; without it UTF-8, UTF-16 or as the bytes fit.",
        rich_help_panel=READING,
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="LIST",
        help='Names of the columns of text without a line of names, as "user_id,event,ts".',
        rich_help_panel=READING,
    ),
]
SourceTz = Annotated[
    str | None,
    typer.Option(
        "--source-tz",
        metavar="ZONE",
        help="Time zone of times without an offset, as Europe/Berlin; without it UTC.",
        rich_help_panel=READING,
    ),
]
DateOrder = Annotated[
    DateOrderName | None,
    typer.Option(
        "--date-order",
        help="What dates as 02/05/2018 begin with, where no value of the column says it.",
        rich_help_panel=READING,
    ),
]
Decimal = Annotated[
    DecimalName | None,
    typer.Option(
        "--decimal",
        help="The decimal sign of amounts as 1,234, where no value of the column says it.",
        rich_help_panel=READING,
    ),
]
Dedupe = Annotated[
    str | None,
    typer.Option(
        "--dedupe",
        metavar="LIST",
        help="Columns that together tell a duplicate; row is all of them, none keeps every row;"
        " without it the event id.",
        rich_help_panel=READING,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFlags:
    """What a person typed of how exports are read; null is nothing."""

    source_format: SourceFormat = None
    event_name: EventName = None
    encoding: Encoding = None
    columns: Columns = None
    source_tz: SourceTz = None
    date_order: DateOrder = None
    decimal: Decimal = None
    dedupe: Dedupe = None
