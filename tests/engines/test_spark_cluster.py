"""A real Spark cluster of several processes says what DuckDB says, and after it lost a worker too.

It is started where HOURGLASS_TEST_SPARK_HOME names the folder of a pyspark package.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hourglass.analyses.funnel import funnel
from tests.engines.standalone import Standalone, standalone
from tests.engines.test_spark import alike, filled
from tests.property import product
from tests.property.strategies import crowd

HOME = os.environ.get("HOURGLASS_TEST_SPARK_HOME")
pytestmark = pytest.mark.skipif(
    HOME is None, reason="HOURGLASS_TEST_SPARK_HOME names no pyspark package to start a cluster of"
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Standalone]:
    with standalone(Path(str(HOME)), tmp_path_factory.mktemp("spark")) as started:
        yield started


def engine(cluster: Standalone):
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_session import connect

    return SparkEngine(connect(cluster.address))


def test_the_funnel_of_two_workers_is_the_same(cluster) -> None:
    same_funnel(cluster)


def test_the_funnel_is_the_same_though_a_worker_is_killed_under_way(cluster) -> None:
    lost = threading.Timer(3, cluster.workers[0].kill)
    lost.start()
    same_funnel(cluster)
    lost.join()
    assert cluster.workers[0].wait(30) != 0, "the worker was not killed under way"


def same_funnel(cluster: Standalone) -> None:
    case = crowd(1, 2_000)
    asked = product.question(case, by=("channel",))
    ours, asking = funnel(product.fill(case.log), asked), engine(cluster)
    theirs = funnel(filled(asking, case), asked)
    asking.close()
    for table in ours.tables:
        alike(theirs.table(table.name).frame, table.frame)
