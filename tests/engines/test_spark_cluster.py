"""A real Spark cluster of several processes says what DuckDB says, and after it lost a worker too.

It is started where HOURGLASS_TEST_SPARK_HOME names the folder of a pyspark package.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hourglass.analyses.funnel import funnel
from tests.engines import test_spark_identity as identity
from tests.engines.sail import missing
from tests.engines.standalone import Standalone, standalone
from tests.engines.test_spark import alike
from tests.engines.test_spark_commands import both, same_inspection, write_log
from tests.engines.test_spark_json import same_values
from tests.engines.test_spark_union_find import chain, same_files, same_people
from tests.property import product
from tests.property.strategies import crowd

HOME = os.environ.get("HOURGLASS_TEST_SPARK_HOME")
pytestmark = [
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
    pytest.mark.skipif(
        HOME is None,
        reason="HOURGLASS_TEST_SPARK_HOME names no pyspark package to start a cluster of",
    ),
]
CASE = crowd(1, 2_000)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Standalone]:
    with standalone(Path(str(HOME)), tmp_path_factory.mktemp("spark")) as started:
        yield started


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    """The log of the case as a folder of two files: each worker reads one."""
    folder = tmp_path_factory.mktemp("events")
    connection = product.fill(CASE.log).connection
    for half in (0, 1):
        rows = f"(select * from events where hash(user_id) % 2 = {half})"
        connection.execute(f"copy {rows} to '{folder}/{half}.parquet'")
    return folder


def connected(cluster: Standalone):
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_session import connect

    return SparkEngine(connect(cluster.address))


def test_the_funnel_of_two_workers_is_the_same(cluster, exported) -> None:
    same_funnel(connected(cluster), exported)


@pytest.mark.parametrize("asked", ["retention", "touchpoints", "funnel --by device --by persona"])
def test_what_other_commands_say_is_the_same(cluster, tmp_path, asked) -> None:
    write_log(tmp_path / "events.parquet")
    both(cluster.address, tmp_path / "events.parquet", tmp_path, asked)


def test_inspect_says_the_same(cluster, tmp_path) -> None:
    write_log(tmp_path / "events.parquet")
    same_inspection(cluster.address, tmp_path / "events.parquet", tmp_path)


def test_ids_are_joined_as_plain_python_joins_them(cluster) -> None:
    with closing(connected(cluster)) as engine:
        same_people(engine, chain(300), merge_shared=False)
        same_files(engine)


def test_persons_are_counted_not_ids(cluster, tmp_path) -> None:
    identity.write_folder(tmp_path)
    identity.both(cluster.address, tmp_path, "touchpoints --merged")


def test_what_stands_in_json_text_is_the_same(cluster, tmp_path) -> None:
    same_values(cluster.address, tmp_path)


def test_a_statement_that_fails_is_told_in_our_words_alone(cluster, tmp_path) -> None:
    """The client would log the whole plan on stderr."""
    write_log(tmp_path / "events.parquet")
    there = ["--engine", "spark", "--master", cluster.address]
    asked = ["--steps", "view,order", "--where", "event > 5", "-q"]
    done = subprocess.run(
        [sys.executable, "-m", "hourglass", "funnel", tmp_path / "events.parquet", *asked, *there],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 4
    assert done.stderr.startswith("hourglass: error: ")
    assert len(done.stderr.splitlines()) <= 2, done.stderr


def test_the_funnel_is_the_same_though_a_worker_is_killed_under_way(cluster, exported) -> None:
    engine, worker = connected(cluster), cluster.workers[0]
    made, make = [], engine.make

    def make_and_lose(table, *rest):
        if table == "alive" and "alive" not in made:
            threading.Timer(0.1, worker.kill).start()  # amid this very query
        made.append(table)
        make(table, *rest)

    engine.make = make_and_lose
    same_funnel(engine, exported)
    assert worker.wait(30) != 0
    lost = made.index("alive")
    assert "stage_events" in made[:lost], "the cluster held nothing yet when it was killed"
    assert "chosen" in made[lost:], "nothing was left to do when it was killed"


def same_funnel(engine, exported: Path) -> None:
    from hourglass.engines.spark_source import attach

    asked = product.question(CASE, by=("channel",))
    attach(engine.session, [str(exported)])
    theirs = funnel(engine, asked)
    engine.close()
    for table in funnel(product.fill(CASE.log), asked).tables:
        alike(theirs.table(table.name).frame, table.frame)
