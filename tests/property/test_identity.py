"""Ids joined in SQL are those that a union-find in plain Python joins, in any order of rows."""

import random
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.identity import PEOPLE, join_ids
from hourglass.identity_views import IdColumns, links_view, people_view
from hourglass.settings.identity import Identity
from tests.property.oracle_identity import person_of, who_is_who

IDS = st.sampled_from([*"abcdefghij", "B", "ä", "10", "9", "null", "", None])
LINKS = st.lists(st.tuples(IDS, IDS), max_size=14)
COLUMNS = {"user_id": "VARCHAR", "event": "VARCHAR", "anonymous_id": "VARCHAR", "old": "VARCHAR"}


@cache
def engine() -> DuckDBEngine:
    return DuckDBEngine.in_memory()


def fill(table: str, columns: str, rows: list[tuple[str | None, ...]]) -> None:
    connection = engine().connection
    connection.execute(f"create or replace table {table} ({columns})")
    if rows:
        connection.executemany(
            f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows
        )


def joined(links: list[tuple[str | None, str | None]], *, merge_shared: bool):
    fill("pairs", "alias varchar, person varchar", links)
    engine().view("named_together", "select alias, person, true as from_table from pairs")
    told = join_ids(engine(), merge_shared=merge_shared)
    return dict(engine().connection.execute(f"from {PEOPLE}").fetchall()), told


@given(LINKS, st.booleans())
@example([("a", "b"), ("a", "c"), ("b", "c")], False)  # linked to one known person twice over
def test_groups_are_those_of_a_union_find(links, merge_shared):
    people, told = joined(links, merge_shared=merge_shared)
    expected, shared = who_is_who(links, merge_shared=merge_shared)
    assert people == expected
    assert (told.merged, told.people, told.shared) == (
        len(expected),
        len(set(expected.values())),
        shared,
    )


@given(LINKS, st.booleans(), st.randoms())
def test_the_order_of_rows_changes_nothing(links, merge_shared, dice: random.Random):
    people, _ = joined(links, merge_shared=merge_shared)
    shuffled = links * 2
    dice.shuffle(shuffled)
    assert joined(shuffled, merge_shared=merge_shared)[0] == people


USERS = st.sampled_from([None, "a", "b", "c"])
STAND_INS = st.sampled_from(["null", "(not set)", "a", "d", "e", "", None])
EVENT = st.sampled_from(["login", "visit"])
ROWS = st.lists(st.tuples(USERS, EVENT, STAND_INS, STAND_INS), min_size=3, max_size=12)


@given(ROWS, LINKS, st.booleans(), st.sampled_from([None, (), ("old", "anonymous_id")]))
def test_every_row_is_about_the_person_of_its_id(rows, pairs, merge_shared, anonymous):
    identity = Identity.model_validate(
        {
            "alias": [
                {"event": "login", "from": "anonymous_id", "to": "user_id"},
                {"from": "old", "to": "anonymous_id"},
            ],
            "anonymous": None if anonymous is None else list(anonymous),
            "merge_shared": merge_shared,
        }
    )
    fill("rows", ", ".join(f"{name} varchar" for name in COLUMNS), rows)
    fill("pairs", "alias varchar, person varchar", pairs)
    ids = IdColumns(COLUMNS, {"user": "user_id"})
    engine().view("named_together", links_view(identity, ids, "rows", "pairs"))
    join_ids(engine(), merge_shared=merge_shared)
    found = engine().connection.execute(
        f'select "hourglass person" from ({people_view(identity, ids, "rows")})'
    )
    links = [*pairs, *((row[3], row[2]) for row in rows)]
    links += [(row[2], row[0]) for row in rows if row[1] == "login"]
    people, _ = who_is_who(links, merge_shared=merge_shared)
    places = {None: (2, 3), (): (), ("old", "anonymous_id"): (3, 2)}[anonymous]
    expected = [person_of(row[0], [row[place] for place in places], people) for row in rows]
    assert sorted(map(str, (one for (one,) in found.fetchall()))) == sorted(map(str, expected))


@pytest.mark.parametrize("order", ["sorted", "reversed", "shuffled", "inside out"])
@pytest.mark.parametrize("merge_shared", [False, True])
def test_a_chain_of_a_hundred_thousand_aliases_takes_few_rounds(order, merge_shared, monkeypatch):
    numbers = list(range(100_001))
    if order == "reversed":
        numbers.reverse()
    if order == "shuffled":
        random.Random(7).shuffle(numbers)
    if order == "inside out":
        numbers = [one for pair in zip(numbers, numbers[::-1], strict=True) for one in pair]
        numbers = list(dict.fromkeys(numbers))
    names = [f"id{number:06d}" for number in numbers]
    own = DuckDBEngine.in_memory()
    own.connection.execute(
        "create table pairs as select unnest($a) as alias, unnest($b) as person",
        {"a": names[:-1], "b": names[1:]},
    )
    own.view("named_together", "select alias, person, true as from_table from pairs")
    rounds = []
    make = own.make
    monkeypatch.setattr(own, "make", lambda *said: (rounds.append(said[1]), make(*said)))
    told = join_ids(own, merge_shared=merge_shared)
    assert (told.merged, told.people, told.shared) == (100_000, 1, 0)
    people = own.connection.execute(f"select distinct person from {PEOPLE}").fetchall()
    assert people == [(names[-1],)]
    assert rounds.count("identity/forest") <= 30
