"""The command `funnel`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import Flags, asking


def funnel(
    events: options.Events = None,
    *,
    db: options.Db = None,
    config: options.Config = None,
    where: options.Where = None,
    model: options.Model = None,
    steps: options.Steps = None,
    window: options.Window = None,
    range: options.Range = None,  # noqa: A002  (the rule's name)
    since: options.Since = None,
    until: options.Until = None,
    last_week: options.LastWeek = False,
    as_of: options.AsOf = None,
    tz: options.Tz = None,
    by: options.By = None,
    top: options.Top = 20,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    queries: options.Queries = None,
    memory_limit: options.MemoryLimit = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count people through the stages: how many, which share, how fast, who is lost.

    Example: hourglass funnel export.csv --window "30 days" --by channel
    """
    from hourglass.analyses.funnel import funnel as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    flags = Flags(
        events=events or (), db=db, config=config, where=where, model=model, steps=steps,
        window=window, range=range, since=since, until=until, last_week=last_week, as_of=as_of,
        tz=tz, by=by or (), top=top, queries=queries, memory_limit=memory_limit, threads=threads,
    )  # fmt: skip
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.delivery)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color)
