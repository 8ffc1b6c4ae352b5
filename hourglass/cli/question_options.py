"""The options that say what is asked, of which period, and by which rules."""

from typing import Annotated, Literal

import typer

from hourglass.cli.options import QUESTION

RangeName = Literal["entry", "all"]
OrderName = Literal["ordered", "strict", "any"]
WindowFromName = Literal["entry", "previous"]
EntryName = Literal["best", "first", "last"]
TiesName = Literal["helpful", "later", "row"]
ExclusionName = Literal["drop", "void", "keep"]
StrictRepeatName = Literal["break", "pass"]
LikeName = Literal[
    "posthog", "clickhouse", "mixpanel", "mixpanel-reentry", "amplitude", "umami", "ga4"
]

RULES = "Rules"

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="NAME",
        help="The funnel to follow: hourglass, a rolled-up one, or one of the configuration.",
        rich_help_panel=QUESTION,
    ),
]
Steps = Annotated[
    str | None,
    typer.Option(
        "--steps",
        metavar="LIST",
        help='A funnel typed at once: stages by comma, alternatives by |, as "view,cart|basket".',
        rich_help_panel=QUESTION,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE",
        help="First day, or first moment, of the period.",
        rich_help_panel=QUESTION,
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="DATE",
        help="Last day of the period (it is in); a moment is the first one out.",
        rich_help_panel=QUESTION,
    ),
]
LastWeek = Annotated[
    bool,
    typer.Option(
        "--last-week", help="The last complete week by the clock.", rich_help_panel=QUESTION
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Take this for now; without it the last event seen.",
        rich_help_panel=QUESTION,
    ),
]
Tz = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help="Time zone of days and weeks, as Europe/Helsinki; without it UTC.",
        rich_help_panel=QUESTION,
    ),
]
Window = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="TIME",
        help='Longest time from the entry to the last stage, as "30 days" or 2h, or none.',
        rich_help_panel=RULES,
    ),
]
Range = Annotated[
    RangeName | None,
    typer.Option(
        "--range",
        help="What the period binds: entries (later stages read on), or all events.",
        rich_help_panel=RULES,
    ),
]
Order = Annotated[
    OrderName | None,
    typer.Option(
        "--order",
        help="Stages in order, in order with nothing between, or so many in any order.",
        rich_help_panel=RULES,
    ),
]
Count = Annotated[
    str | None,
    typer.Option(
        "--count",
        metavar="WHO",
        help="Who is counted: user, session, or a column; without it user.",
        rich_help_panel=RULES,
    ),
]
WindowFrom = Annotated[
    WindowFromName | None,
    typer.Option(
        "--window-from",
        help="Where the window begins: at the entry, or anew at each stage before.",
        rich_help_panel=RULES,
    ),
]
Entry = Annotated[
    EntryName | None,
    typer.Option(
        "--entry",
        help="Which first-stage events may start an attempt: any, the best counts; or one only.",
        rich_help_panel=RULES,
    ),
]
Ties = Annotated[
    TiesName | None,
    typer.Option(
        "--ties",
        help="Events at one instant count in the order that helps, or each stage strictly later.",
        rich_help_panel=RULES,
    ),
]
TieTolerance = Annotated[
    str | None,
    typer.Option(
        "--tie-tolerance",
        metavar="TIME",
        help="How long before the stage before it an event may lie and count as after, as 2s.",
        rich_help_panel=RULES,
    ),
]
Reuse = Annotated[
    bool | None,
    typer.Option(
        "--reuse/--no-reuse",
        help="Whether one event may fill several stages.",
        rich_help_panel=RULES,
    ),
]
Exclusion = Annotated[
    ExclusionName | None,
    typer.Option(
        "--exclusion",
        help="What an excluding event does: drop the person, void the attempt, or keep what came"
        " before.",
        rich_help_panel=RULES,
    ),
]
StrictRepeat = Annotated[
    StrictRepeatName | None,
    typer.Option(
        "--strict-repeat",
        help="Whether a repeat of the stage just reached may lie between, in strict order.",
        rich_help_panel=RULES,
    ),
]
Closed = Annotated[
    bool | None,
    typer.Option(
        "--closed/--open",
        help="Whether attempts begin with the first stage, or with any.",
        rich_help_panel=RULES,
    ),
]
Hold = Annotated[
    str | None,
    typer.Option(
        "--hold",
        metavar="COLUMN",
        help="Every event of an attempt has the same value of this column.",
        rich_help_panel=RULES,
    ),
]
WeekStart = Annotated[
    str | None,
    typer.Option(
        "--week-start",
        metavar="DAY",
        help="The day that weeks begin with; without it monday.",
        rich_help_panel=RULES,
    ),
]
Attribution = Annotated[
    str | None,
    typer.Option(
        "--attribution",
        metavar="NAME",
        help="Which event of a person says their value of --by: first_touch, last_touch, entry,"
        " stage:NAME or all.",
        rich_help_panel=RULES,
    ),
]
Like = Annotated[
    LikeName | None,
    typer.Option(
        "--like",
        help="Count by the rules of another tool; other flags beat it.",
        rich_help_panel=RULES,
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="COLUMN",
        help="Break down by a column of the data; may be given again.",
        rich_help_panel=QUESTION,
    ),
]
Top = Annotated[
    int,
    typer.Option(
        "--top",
        min=1,
        max=1_000_000,
        metavar="N",
        help="Values of a breakdown with a row of their own; the rest is one row.",
        rich_help_panel=QUESTION,
    ),
]
