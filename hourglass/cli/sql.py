"""The command `sql`: the SQL behind every number, to read, to run by hand and to replace."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.questions import ANSWERS, questions
from hourglass.cli.settling import planned
from hourglass.errors import OutputError, UsageError, nearest, quoted

if TYPE_CHECKING:
    from hourglass.analyses.question import Question
    from hourglass.queries import Catalog
    from hourglass.result import Result
    from hourglass.sources.facts import Attached


@asks
def sql(
    flags: Flags,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A question, as funnel or paths, or a file, as funnel/walk."
        ),
    ] = None,
    *,
    eject: Annotated[
        Path | None,
        typer.Option(
            "--eject", metavar="DIR", help="Copy the files of NAME to DIR, to change them there."
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="DIR",
            help="Check the files of DIR and show old and new numbers side by side.",
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List, show, eject and check the SQL behind the numbers.

    Without a name it lists the files. With data and one of funnel, trend, retention, referrals,
    triggers, touchpoints, paths and friction it prints the whole script, which a DuckDB shell runs
    as it is and answers with the same numbers. Other questions have files, but no script. That of
    a funnel whose stages are configured needs no data; it runs on any database made by load.

    Example: hourglass sql funnel --db events.duckdb | duckdb -readonly events.duckdb
    """
    from hourglass.cli.output import chosen_format, write, write_text
    from hourglass.queries import Catalog

    catalog = Catalog(flags.queries)
    if check and name:  # with --check the first word is a file
        flags = replace(flags, events=[name, *(flags.events or [])])
    if format and not check:
        raise UsageError(
            "--format is for the numbers of --check; SQL is written as it is", "leave out --format"
        )
    if check:
        chosen_format(format, output, pages=False)
        write(_checked(flags, check), format, output, color)
    elif eject:
        _eject(catalog, name, eject)
    elif flags.events or flags.db:
        write_text(_script(_scripted(name), flags), output)
    elif name == "funnel" and (plan := planned(flags)):
        write_text(_plan(*plan), output)
    else:
        write_text(_shown(catalog, name), output)


def _shown(catalog: "Catalog", name: str | None) -> str:
    """Return the text of a file, or the list of files whose names begin with `name`."""
    names = catalog.names()
    if name in names:
        return catalog.find(name).text + "\n"
    listed = [one for one in names if name is None or one.startswith(f"{name}/")]
    if not listed:
        raise UsageError(
            f'no query is called "{name}"{nearest(name or "", names)}', "hourglass sql lists them"
        )
    if name in ANSWERS:
        diagnostics.note(f"hourglass sql {name} EVENTS, or --db FILE, prints a script that runs")
    width = max(map(len, listed))
    marks = {one: " (yours)" if catalog.is_overridden(one) else "" for one in listed}
    return "".join(f"{one:<{width}}  {catalog.find(one).doc}{marks[one]}\n" for one in listed)


def _eject(catalog: "Catalog", name: str | None, folder: Path) -> None:
    from hourglass.files import replace_file, unwritable

    names = [
        one for one in catalog.names() if name is None or one == name or one.startswith(f"{name}/")
    ]
    if not names:
        catalog.find(name or "")
    for one in names:
        target = folder / f"{one}.sql"
        if target.exists():
            raise UsageError(f"{target} is there already", "take it away first")
    for one in names:
        target = folder / f"{one}.sql"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(target, error) from error
        replace_file(target, catalog.find(one).path.read_bytes())
        typer.echo(str(target))
    named = quoted(folder)
    diagnostics.note(f"used with --queries {named}; compared with hourglass sql --check {named}")


def _checked(flags: Flags, folder: Path) -> "Result":
    """Ask every question with the bundled files and with those of a folder."""
    from hourglass.analyses.changes import changes
    from hourglass.analyses.lower import with_lower_half
    from hourglass.cli.triggers import conditions

    with asking(flags, conditions=conditions) as asked:
        asks = questions(asked)
        engine, question, stages = asked.engine, asked.question, asks["funnel"]
        asks["funnel"] = lambda: with_lower_half(engine, question, stages())
        return changes(engine, asks, folder)


def _scripted(name: str | None) -> str:
    """Return the name of a question that has a script; UsageError where data are named for none."""
    if name in ANSWERS:
        return name
    what = f'"{name}" has no script{nearest(name, ANSWERS)}' if name else "a script of what?"
    raise UsageError(
        what, f"questions that have one: {', '.join(ANSWERS)}; hourglass sql lists all files"
    )


def _script(name: str, flags: Flags) -> str:
    """Run a question and write down all that was run."""
    from hourglass.cli.triggers import conditions

    try:
        with asking(flags, conditions=conditions) as asked:
            _refuse_copies(asked.attached, name)
            questions(asked)[name]()
            return asked.engine.text(ANSWERS[name])
    except OutputError:
        # the shell at the other end of the pipe holds the database: it needs no look at the data
        if name == "funnel" and flags.db and (plan := planned(flags)):
            return _plan(*plan)
        db = quoted(flags.db)
        raise OutputError(
            f"{flags.db} is held by another process, and no configuration says its stages",
            f"let the shell only read: hourglass sql {name} --db {db} | duckdb -readonly {db}",
        ) from None


def _refuse_copies(attached: "Attached", name: str) -> None:
    """Raise UsageError for files that are read from copies, which end with this command."""
    from hourglass.sources.temporary import is_private

    copies = [one.file for one in attached.files if is_private(one.file.path)]
    if copies:
        again = f"hourglass sql {name} --db events.duckdb"
        raise UsageError(
            f"{copies[0].name} is unpacked or re-encoded to be read: a script would name a copy"
            " that is gone by then",
            f"load it first: hourglass load FILES --db events.duckdb, then {again}",
        )


def _plan(question: "Question", catalog: "Catalog") -> str:
    """Write down a funnel for a database made by load, without a look at it."""
    from hourglass.analyses.funnel import count
    from hourglass.analyses.mapping import map_events
    from hourglass.engines.script import Script

    script = Script(catalog)
    map_events(script, question)
    count(script, question)
    script.make("lap_times", "funnel/lap_times")
    script.answer(ANSWERS["funnel"])
    return f"SET TimeZone = 'UTC';\n\n{script.text(ANSWERS['funnel'])}"
