"""The command `compare`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.analyses.question import Question
    from hourglass.analyses.sides import Segment
    from hourglass.result import Period

BASE = "Base"


@asks
def compare(
    flags: Flags,
    *,
    previous: Annotated[
        bool,
        typer.Option(
            "--previous",
            help="Compare with the period of equal length just before.",
            rich_help_panel=BASE,
        ),
    ] = False,
    base_since: Annotated[
        str | None,
        typer.Option(
            "--base-since",
            metavar="DATE",
            help="First day, or first moment, of the period to compare with.",
            rich_help_panel=BASE,
        ),
    ] = None,
    base_until: Annotated[
        str | None,
        typer.Option(
            "--base-until",
            metavar="DATE",
            help="Last day of the period to compare with (it is in); a moment is the first out.",
            rich_help_panel=BASE,
        ),
    ] = None,
    segment: Annotated[
        list[str] | None,
        typer.Option(
            "--segment",
            metavar="COLUMN=VALUE",
            help="People with this value (nothing after =: without one); give two, the base first.",
            rich_help_panel=BASE,
        ),
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            metavar="NAME",
            help="With --by: split the change of the rate to this stage; without it the last.",
            rich_help_panel=options.QUESTION,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Compare two periods, or two segments: what differs, how surely, and why.

    Each stage's rates with their difference, its 95 % interval and a test. With --by the change
    of the overall rate is split: people from other segments, or segments that convert otherwise.

    Example: hourglass compare export.csv --since 2026-03-01 --until 2026-03-28 --previous
    """
    from hourglass.analyses.compare import compare_periods, compare_segments
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    _check(flags, previous, bool(base_since or base_until), segment or ())
    if stage and not flags.by:
        raise UsageError("--stage says which change --by splits", f"add --by: --stage {stage} --by")
    segments = [_segment(one) for one in segment or ()]
    columns = dict.fromkeys([*(one.column for one in segments), *(flags.by or ())])
    with asking(replace(flags, by=list(columns))) as asked:
        question = asked.question._replace(by=tuple(flags.by or ()))
        if segments:
            first, second = segments
            result = compare_segments(
                asked.engine, question, (first, second), asked.delivery, stage
            )
        else:
            base = _previous(question) if previous else _base(question, base_since, base_until)
            result = compare_periods(asked.engine, question, base, asked.delivery, stage)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)


def _check(flags: Flags, previous: bool, base: bool, segments: "list[str] | tuple[()]") -> None:
    """Refuse anything but one way to say what is compared with what."""
    if previous + base + bool(segments) != 1:
        raise UsageError(
            "name one thing to compare with: the period before, another period, or two segments",
            "--since 2026-03-01 --until 2026-03-28 --previous, or --base-since and --base-until,"
            " or --segment channel=email --segment channel=search",
        )
    if segments and len(segments) != 2:
        raise UsageError(
            f"two segments are compared, not {len(segments)}",
            "--segment channel=email --segment channel=search",
        )
    if previous and not flags.last_week and not (flags.since and flags.until):
        raise UsageError(
            "--previous needs a period with both ends", "add --since and --until, or --last-week"
        )
    if base and not (flags.since or flags.until or flags.last_week):
        raise UsageError(
            "say which period is compared with the base", "add --since, --until, or --last-week"
        )


def _segment(text: str) -> "Segment":
    from hourglass.analyses.sides import Segment

    column, equals, value = text.partition("=")
    if not column or not equals:
        raise UsageError(
            f'"{text}" is not a segment', 'write a column and a value, as "channel=email"'
        )
    return Segment(column=column, value=value or None)


def _previous(question: "Question") -> "Period":
    from hourglass.calendar import period_before

    period = question.period
    assert period.since is not None
    assert period.until is not None
    since, until = period_before(period.since, period.until, period.timezone)
    return period._replace(since=since, until=until)


def _base(question: "Question", since: str | None, until: str | None) -> "Period":
    from hourglass.calendar import moment

    zone = question.period.timezone
    first = moment(since, zone) if since else None
    after = moment(until, zone, until=True) if until else None
    if first and after and first >= after:
        raise UsageError("the base ends before it begins", "swap --base-since and --base-until")
    return question.period._replace(since=first, until=after)
