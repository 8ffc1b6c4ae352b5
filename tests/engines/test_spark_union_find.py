"""Ids joined on a cluster are those that a union-find in plain Python joins."""

import itertools
import random

import polars as pl
import pytest

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.identity import LINKS, PEOPLE, join_ids
from hourglass.identity_views import rows_view
from hourglass.queries import Catalog
from hourglass.scope import PERSON
from tests.engines import sail
from tests.property.oracle_identity import Link, who_is_who

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

KEYS = {"id_key", "root_key", "person_key", "node", "a"}
"""Columns that name ids by number in DuckDB, and by themselves on a cluster."""
MADE_OF_KEYS = 8
IDS = [*"abcdefghij", "B", "ä", "10", "9", "é\\'", "null", "", None]


@pytest.fixture(scope="module")
def cluster(master):
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_session import connect

    engine = SparkEngine(connect(master))
    yield engine
    engine.close()


def crowd(seed: int) -> list[Link]:
    """Links of all kinds: chains, shared devices, contradictions, ids that are none."""
    dice = random.Random(seed)
    return [(dice.choice(IDS), dice.choice(IDS)) for _ in range(dice.choice((0, 4, 8, 16)))]


def chain(length: int) -> list[Link]:
    """A chain of ids in no order, so that it takes several rounds."""
    names = [f"id{number:04d}" for number in range(length)]
    random.Random(7).shuffle(names)
    return list(itertools.pairwise(names))


@pytest.mark.parametrize("merge_shared", [False, True])
@pytest.mark.parametrize("links", [*map(crowd, range(6)), chain(300)], ids=len)
def test_groups_are_those_of_a_union_find(cluster, links: list[Link], merge_shared: bool) -> None:
    same_people(cluster, links, merge_shared=merge_shared)


def same_people(cluster, links: list[Link], *, merge_shared: bool) -> None:
    texts = {"alias": pl.String, "person": pl.String}
    cluster.send("pairs", pl.DataFrame(links, schema=texts, orient="row"))
    cluster.view(LINKS, "SELECT alias, person, true AS from_table FROM pairs")
    told = join_ids(cluster, merge_shared=merge_shared)
    people, shared = who_is_who(links, merge_shared=merge_shared)
    assert dict(cluster.rows(PEOPLE).tuples) == people
    assert (told.merged, told.people, told.shared) == (
        len(people),
        len(set(people.values())),
        shared,
    )


def test_a_table_of_several_messages_is_sent_whole(cluster) -> None:
    names = [str(number) for number in range(250_000)]
    cluster.send("many", pl.DataFrame({"alias": names, "person": names[::-1]}))
    found = cluster.session.sql("select count(*), count(distinct alias), max(person) from many")
    assert [tuple(row) for row in found.collect()] == [(250_000, 250_000, "99999")]


def test_every_file_says_the_same_on_both_engines(cluster) -> None:
    same_files(cluster)


def same_files(cluster) -> None:
    """Files of keys are run by the joining; all others are asked for their rows."""
    here = DuckDBEngine.in_memory()
    links = [*(("shared", f"p{number}") for number in range(7)), ("b", "shared"), ("c", "p1")]
    links += [("null", "p1"), ("d", "d"), ("e", "f"), ("f", "g"), ("h", None)]
    rows = [("p1", "p1"), ("c", "p1"), (None, "b"), (None, None), ("e", "g"), ("b", "p0")]
    for engine in (here, cluster):
        engine.define("pairs", dict.fromkeys(("alias", "person"), "VARCHAR"), links)
        engine.define("events", dict.fromkeys(("user_id", PERSON), "VARCHAR"), rows)
        engine.view(LINKS, "SELECT alias, person, alias < 'd' AS from_table FROM pairs")
        engine.view("id_rows", rows_view(engine.dialect))
        engine.view("ids_at_hand", "SELECT alias, person FROM pairs")
        join_ids(engine, merge_shared=True)
    names = [name for name in Catalog().names() if name.startswith("identity/")]
    asked = {name for name in names if not KEYS & set(Catalog().find(name).returns)}
    assert len(names) - len(asked) == MADE_OF_KEYS
    for name, show_ids in itertools.product(asked, (False, True)):
        values = {"most": 5, "id": "b", "show_ids": show_ids}
        ours, theirs = (one.fetch(name, values) for one in (here, cluster))
        assert sorted(map(str, theirs.rows())) == sorted(map(str, ours.rows())), name
        assert ours.height, name
