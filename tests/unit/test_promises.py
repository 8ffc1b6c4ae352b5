"""A table that is promised is made when a query first reads it, and not before."""

from pathlib import Path

import pytest

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.engines.script import Script
from hourglass.queries import Catalog, Query, bundled, read_query

HEAD = "-- Says.\n--\n-- returns n BIGINT\n"
FILES = {
    "promised": "select cast(7 as bigint) as n",
    "reading": "select n from people",
    "joining": "select people.n from (select 7 as n) as t join people on people.n = t.n",
    "listing": "with one as (select cast(7 as bigint) as n) select one.n from one, people",
    "naming": "select count(*) as n, 1 as people from range(3) order by n, people -- from people",
    "of_its_own": "with people as (select 3 as n) select n from people",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    for name, text in FILES.items():
        (tmp_path / f"{name}.sql").write_text(HEAD + text)
    return Catalog(tmp_path)


def made(engine: Script) -> list[str | None]:
    return [one.makes for one in engine.statements if one.makes]


def engine_with(catalog: Catalog) -> DuckDBEngine:
    engine = DuckDBEngine.in_memory()
    engine.catalog = catalog
    engine.promise("named", "promised", "all of them")
    engine.alias("people", "named")
    return engine


@pytest.mark.parametrize("name", ["reading", "joining", "listing"])
def test_it_is_made_for_the_first_query_that_reads_it(catalog: Catalog, name: str) -> None:
    engine = engine_with(catalog)
    assert made(engine) == []
    for _ in range(2):
        assert engine.ask(name).tuples == [(7,)]
        engine.promise("named", "promised", "all of them")
        engine.alias("people", "named")
    assert made(engine) == ["promised"]


def test_it_is_made_anew_where_another_is_promised(catalog: Catalog) -> None:
    engine = engine_with(catalog)
    engine.ask("reading")
    engine.promise("named", "promised", "others")
    engine.alias("people", "named")
    engine.ask("reading")
    assert made(engine) == ["promised", "promised"]


def test_what_takes_its_name_breaks_the_promise(catalog: Catalog) -> None:
    engine = engine_with(catalog)
    engine.define("people", {"n": "BIGINT"}, [(1,)])
    assert engine.ask("reading").tuples == [(1,)]
    assert made(engine) == []


def query(text: str, folder: Path) -> Query:
    path = folder / "q.sql"
    path.write_text(HEAD + text)
    return read_query("q", path)


@pytest.mark.parametrize(
    ("name", "reads"),
    [("reading", True), ("joining", True), ("listing", True), ("naming", False),
     ("of_its_own", False)],
)  # fmt: skip
def test_a_bundled_file_reads_what_stands_where_relations_do(
    name: str, reads: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hourglass.queries.bundled", lambda: tmp_path)
    assert ("people" in query(FILES[name], tmp_path).reads()) == reads


def test_of_a_file_of_ones_own_every_word_may_be_read(tmp_path: Path) -> None:
    assert "people" in query("select n from (((people)))", tmp_path).reads()
    assert not tmp_path.is_relative_to(bundled())


def test_who_lists_people_is_known() -> None:
    listing = {name for name in Catalog().names() if "people" in Catalog().find(name).reads()}
    assert {"people/listed", "funnel/journeys", "explain/person"} <= listing
    assert not listing & {"funnel/stages", "breakdown/touches", "map/facts", "people/outcomes"}
