"""A cluster says what DuckDB says, query file by query file, and what the oracle says.

The server is Sail, on loopback; with HOURGLASS_TEST_MASTER it is whoever answers there.
"""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from hourglass.analyses.funnel import funnel, journeys
from hourglass.analyses.trend import trend
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.engines.spark_source import attach
from hourglass.queries import SPARK, Catalog, bundled
from tests.engines import sail
from tests.property import oracle, product
from tests.property.oracle import Event
from tests.property.strategies import (
    DAY,
    HOUR,
    START,
    TWISTS,
    Case,
    StageSpec,
    StepSpec,
    crowd,
)
from tests.property.test_oracle_funnel import IN_TREND, same

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

COLUMNS = {
    "user_id": "VARCHAR",
    "event": "VARCHAR",
    "ts": "TIMESTAMP",
    "channel": "VARCHAR",
    "amount": "INTEGER",
    "session_id": "VARCHAR",
}
NOT_THERE = ("ties = row",)
"""How the names of rules begin that do not run on a cluster."""
THERE = [name for name in TWISTS if not name.startswith(NOT_THERE)]
CHANNELS = ["ads", "", None, "é\\'", "Ж"]
SECONDS = 1e-6
"""How far a percentile may lie apart: the two values beside it are weighed in another order."""


@pytest.fixture(scope="module")
def cluster(master):
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_session import connect

    engine = SparkEngine(connect(master))
    yield engine
    engine.close()


def filled(cluster, case: Case):
    """The engine with the log of a case as `events`."""
    rows = [product._row(event) for event in case.log]
    cluster.define("events", COLUMNS, [(*row[:2], str(row[2]), *row[3:]) for row in rows])
    return cluster


def alike(here: pl.DataFrame, there: pl.DataFrame) -> None:
    assert here.columns == there.columns
    for name in here.columns:
        if here[name].dtype == pl.Float64:
            apart = (here[name] - there[name]).abs().max() or 0
            assert here[name].is_null().equals(there[name].is_null())
            assert apart < SECONDS, name
        else:
            assert here[name].to_list() == there[name].to_list(), name


def both(cluster, case: Case, **more: Any) -> None:
    """The same funnel from DuckDB, from the cluster and from the oracle."""
    asked = product.question(case, by=("channel",), **more)
    ours, theirs = funnel(product.fill(case.log), asked), funnel(filled(cluster, case), asked)
    for table in ours.tables:
        alike(theirs.table(table.name).frame, table.frame)
    assert theirs.input == ours.input
    assert theirs.as_of == ours.as_of
    same(product.stage_rows(theirs), oracle.stage_rows(case.log, case.ask()))


@pytest.mark.parametrize("twist", THERE)
def test_the_funnel_is_the_same_under_every_rule(cluster, twist: str) -> None:
    both(cluster, TWISTS[twist](crowd(8, 150)))


@pytest.mark.parametrize("seed", range(4))
def test_crowds_of_ties_and_edges_of_windows_are_the_same(cluster, seed: int) -> None:
    both(cluster, crowd(seed, 300))


def odd() -> Case:
    """One person with very many events, people without a name, letters of all kinds."""
    dice = random.Random(7)
    names = ["heavy", "Ünï ‘çødé’", "名前", 'o\'neill \\ "x"', None, "u1", "u2", "null "]
    log = tuple(
        Event(
            names[0] if dice.random() < 0.9 else dice.choice(names),
            dice.choice("abc"),
            START + dice.randrange(40) * HOUR // 2,
            {"channel": dice.choice(CHANNELS), "amount": dice.choice([1, 2, None])},
        )
        for _ in range(600)
    )
    said = {"a": None, "b": "amount >= 2", "c": "channel = 'ads' or amount = 1"}
    stages = tuple(StageSpec((StepSpec((name,), where),)) for name, where in said.items())
    return Case(log=log, stages=stages, window=3 * HOUR)


def test_a_heavy_person_nobody_and_any_letters_are_the_same(cluster) -> None:
    both(cluster, odd())
    both(cluster, odd(), top=2)


def test_one_person_with_a_hundred_thousand_events_is_the_same(cluster, tmp_path) -> None:
    here = product.fill(())
    here.connection.execute("""
        insert into events
        select 'heavy', ['a', 'b', 'c', 'x'][1 + n * 7919 % 104729 % 4], timestamp '2026-01-01'
            + to_seconds(n * 15485863 % 2_000_003), ['ads', 'mail', null][1 + n % 3], n, null
        from range(100_000) as numbers (n)
    """)
    here.connection.execute(f"copy events to '{tmp_path}/heavy.parquet'")
    attach(cluster.session, [f"{tmp_path}/heavy.parquet"])
    cluster.forget()  # what is known of the events before
    stages = (StageSpec((StepSpec(("a",)),)), StageSpec((StepSpec(("b",)),)))
    for third in (("c",), ("b", "c")):  # the latter fills two stages: instants may be contested
        spec = StageSpec((StepSpec(third),), min_gap=HOUR)
        asked = product.question(Case(log=(), stages=(*stages, spec), window=DAY), by=("channel",))
        ours, theirs = funnel(here, asked), funnel(cluster, asked)
        assert ours.table("stages").frame["users"].to_list() == [1, 1, 1]
        for table in ours.tables:
            alike(theirs.table(table.name).frame, table.frame)


def test_predicates_over_all_events_are_the_same(cluster) -> None:
    both(cluster, replace(odd(), where="amount is null"))


def test_journeys_are_the_same(cluster) -> None:
    case = crowd(2, 200)
    asked = product.question(case)
    assert journeys(filled(cluster, case), asked).equals(journeys(product.fill(case.log), asked))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki", "America/New_York"])
def test_a_trend_over_a_change_of_clocks_is_the_same(cluster, zone: str) -> None:
    dice = random.Random(zone)
    since = (date(2026, 3, 6) - date(1970, 1, 1)).days * DAY
    log = tuple(
        Event(
            f"u{dice.randrange(80)}",
            dice.choice("ab"),
            since + dice.randrange(24 * 26) * HOUR,
            {"channel": dice.choice(["ads", None, "mail"])},
        )
        for _ in range(900)
    )
    stages = (StageSpec((StepSpec(("a",)),)), StageSpec((StepSpec(("b",)),)))
    case = Case(log=log, stages=stages, window=DAY, timezone=zone)
    expected = oracle.trend(case.log, case.ask(), "day")
    for attribution in ("first_touch", "entry"):
        asked = product.question(replace(case, rules={"attribution": attribution}), by=("channel",))
        ours = trend(product.fill(log), asked, unit="day")
        theirs = trend(filled(cluster, case), asked, unit="day")
        for table in ours.tables:
            alike(theirs.table(table.name).frame, table.frame)
    found: dict[date, list[dict[str, Any]]] = {}
    for row in theirs.table("trend").frame.to_dicts():
        found.setdefault(row["bucket"], []).append(row)
    for start, rows in expected.items():
        wanted = [{name: row[name] for name in IN_TREND} for row in rows]
        same(found[start], wanted)


def test_every_file_for_spark_has_one_for_all_and_the_same_header() -> None:
    own = Catalog(engine=SPARK)
    for path in (bundled() / SPARK).rglob("*.sql"):
        name = path.relative_to(bundled() / SPARK).with_suffix("").as_posix()
        here, there = own.find(name), Catalog().find(name)
        assert here.path == path
        assert here.returns == there.returns
        assert here.params.items() <= there.params.items()
        assert "-- For Spark: " in here.text, f"{path} does not say why"


def test_the_funnel_of_spark_differs_by_one_word() -> None:
    here, there = Catalog(engine=SPARK).find("funnel/stages"), Catalog().find("funnel/stages")
    assert _code(here.text) == _code(there.text).replace("quantile_cont(", "percentile(")


def _code(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def test_duckdb_lists_no_file_of_spark() -> None:
    assert not [name for name in Catalog().names() if name.startswith(SPARK)]
    assert DuckDBEngine.in_memory().catalog.find("funnel/advance").path.parent.name == "funnel"
