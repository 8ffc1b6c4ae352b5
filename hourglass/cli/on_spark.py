"""Questions that a Spark cluster answers: what `asking` does, without data on this machine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hourglass.cli import settling
from hourglass.cli.configured import configuration
from hourglass.cli.flags import Flags
from hourglass.cli.opening import catalog_of
from hourglass.cli.reading import differing, typed
from hourglass.cli.stitching import arriving_as, stitch_there
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.cli.asking import Asked
    from hourglass.cli.opening import Opened
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_source import Arrived
    from hourglass.sources.attach import Attached


@contextmanager
def asking_cluster(
    flags: Flags, conditions: "Callable[[Config], Sequence[str]] | None" = None
) -> "Iterator[Asked]":
    """Open a session, settle model, rules and period, and let the cluster read the events.

    `conditions` picks the predicates of a configuration that the command needs besides.

    Raises what `asking` does, UsageError for rules that do not run there, and EngineError if the
    cluster does not answer.
    """
    from hourglass.analyses.on_spark import refuse
    from hourglass.cli import asking
    from hourglass.conditions import placed
    from hourglass.config import Config

    config = configuration(flags.config) or Config()
    model, rules = settling.model_of(flags, config), settling.rules_of(flags, config)
    personas = settling.personas_of(flags, config)
    hourglass = config.models.get("hourglass")
    if model is not None:  # what does not run there must not wait for the cluster
        refuse(settling.question_of(flags, rules, model, hourglass, personas))
    with _cluster(flags, config) as cluster:
        engine = cast("DuckDBEngine", cluster)  # commands that run there ask by the protocol alone
        more = settling.predicates_of(config, conditions, personas)
        with placed(config):
            compared = settling.compared_columns(rules, more, model, hourglass)
        attached = _read(cluster, flags, config, compared, arriving_as(config))
        asking.tell(attached)
        stitched = stitch_there(cluster, config, attached)
        if model is None:
            model, hourglass = asking.guessed(engine, attached, flags)
        question = settling.question_of(flags, rules, model, hourglass, personas)
        question = question._replace(aliases=stitched.aliases)
        refuse(question)
        with placed(config):
            yield asking.Asked(
                engine=engine,
                question=question,
                delivery=asking.delivery_of(attached, stitched),
                attached=attached,
                config=config,
                stitched=stitched,
            )


@contextmanager
def opened_cluster(flags: Flags) -> "Iterator[Opened]":
    """Open a session whose events may be read; UsageError for flags that are about DuckDB."""
    from hourglass.cli.opening import Opened
    from hourglass.config import Config

    config = configuration(flags.config) or Config()
    with _cluster(flags, config) as cluster:
        yield Opened(
            engine=cast("DuckDBEngine", cluster),
            config=config,
            reading=config.source,
            read=lambda _: _read(cluster, flags, config, set()),
        )


@contextmanager
def _cluster(flags: Flags, config: "Config") -> "Iterator[SparkEngine]":
    """Open a session with the cluster of `--master` and close it; UsageError without one."""
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_session import connect

    _check(flags)
    engine = SparkEngine(connect(flags.master or ""), catalog_of(flags, config))
    try:
        yield engine
    finally:
        engine.close()


def _read(
    engine: "SparkEngine",
    flags: Flags,
    config: "Config",
    compared: set[str],
    name: str = "events",
) -> "Attached":
    """Let the cluster read the events; of text, the columns `compared` are looked through."""
    from hourglass.engines.spark_source import attach

    if said := differing(config.source):
        raise UsageError(
            f"{next(iter(said))} of [source] does not run on Spark",
            "the cluster reads Parquet, CSV with a header and commas, JSON lines, and tables",
        )
    arrived = attach(engine.session, flags.events or (), config.columns, compared, name)
    return _facts(flags, arrived, engine.columns(name))


def _facts(flags: Flags, arrived: "Arrived", columns: Mapping[str, str]) -> "Attached":
    from hourglass.sources.attach import Attached, FileFacts
    from hourglass.sources.files import SourceFile

    name = ", ".join(flags.events or ())
    file = FileFacts(
        file=SourceFile(path=Path(name), name=name),
        format="spark",
        rows=arrived.rows,
        rejected=arrived.rejected,
        duplicates=arrived.duplicates,
    )
    return Attached(
        files=(file,),
        format="spark",
        roles=arrived.columns,
        columns=columns,
        notes=arrived.notes,
    )


def place_of(output: str | None) -> str:
    """Return the path of the cluster that `output` names; UsageError for one of this machine."""
    if output is None or not (output.startswith("/") or "://" in output):
        raise UsageError(
            "a list of people is written by the cluster, to a path of its own",
            "-o s3a://bucket/people.parquet, or --format json for a short list here",
        )
    return output


def _check(flags: Flags) -> None:
    if flags.db:
        raise UsageError(
            "--db is a file of this machine; a cluster reads its own",
            "name a path or a table of the cluster instead",
        )
    if not flags.events:
        raise UsageError("no events were named", "name a path or a table of the cluster")
    if not flags.master:
        raise UsageError(
            "--engine spark needs the address of a cluster", "--master sc://host:15002"
        )
    for name, value in (("memory-limit", flags.memory_limit), ("threads", flags.threads)):
        if value is not None:
            raise UsageError(
                f"--{name} is about DuckDB", "the cluster is given its limits where it is started"
            )
    if names := typed(flags):
        raise UsageError(
            f"--{next(iter(names)).replace('_', '-')} does not run on Spark",
            "the cluster reads Parquet, CSV with a header and commas, JSON lines, and tables",
        )
