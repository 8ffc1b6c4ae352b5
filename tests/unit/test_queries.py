"""SQL files: found by path, shadowed by name, held to their headers."""

from datetime import datetime, timedelta

import pytest

from hourglass.analyses.funnel import funnel, journeys
from hourglass.analyses.question import Question
from hourglass.analyses.reconcile import reconcile
from hourglass.analyses.trend import trend
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import QueryError, UsageError
from hourglass.queries import Catalog, bundled, read_query
from hourglass.result import Period
from hourglass.rules import Rules
from hourglass.stages import Exclusion, Model, Stage, Step

HEADER = "-- Answers.\n--\n-- param n INTEGER  how many\n-- returns one INTEGER\n"
MODEL = Model(
    name="m", stages=tuple(Stage(name=name, steps=(Step(events=(name,)),)) for name in "ab")
)


def asked(*stages, exclusions=(), **rules):
    model = Model(name="m", stages=stages or MODEL.stages, exclusions=exclusions)
    return Question(model=model, rules=Rules(window=timedelta(days=1), **rules), by=("channel",))


A, B = MODEL.stages
EITHER = Stage(name="e", steps=(Step(events=("a", "b")),), optional=True)
AGAIN = Stage(name="c", steps=A.steps)
BEFORE = Exclusion(step=Step(events=("b",)), after=1, before=2)
QUESTIONS = [
    asked(),
    asked(A, AGAIN, B),
    asked(A, AGAIN, B, attribution="entry"),
    asked(A, EITHER, B),
    asked(A._replace(first_time="event"), B),
    asked(A, B._replace(nth=1), range="all"),
    asked(A, B._replace(nth=1)),
    asked(A, B._replace(within=timedelta(hours=1)), AGAIN),
    asked(closed=False),
    asked(entry="first"),
    asked(entry="last", attribution="entry"),
    asked(entry="last", exclusions=(BEFORE,)),
    asked(order="strict"),
    asked(order="strict", strict_repeat="pass"),
    asked(order="any"),
    asked(order="any", entry="last", exclusions=(BEFORE,)),
    asked(tie_tolerance=timedelta(seconds=2)),
    asked(A, EITHER, B, ties="row"),
    asked()._replace(by=("channel", "event")),
    asked()._replace(by=("persona",), personas={"x": "channel = 'x'"}),
    asked(hold="channel"),
    asked(A, B._replace(nth=1), hold="channel"),
    asked(attribution="all"),
    asked(attribution="stage:b", exclusions=(BEFORE,)),
]


def written(tmp_path, text, name="q"):
    path = tmp_path / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def engine(catalog=None):
    made = DuckDBEngine.in_memory()
    made.connection.execute(
        "create table events (user_id varchar, event varchar, ts timestamp, channel varchar);"
        "insert into events values ('u', 'a', '2026-01-05 10:00', 'x'),"
        " ('u', 'b', '2026-01-05 11:00', 'y')"
    )
    made.catalog = catalog or Catalog()
    return made


@pytest.mark.parametrize("name", Catalog().names())
def test_every_bundled_file_says_what_it_answers(name):
    query = Catalog().find(name)
    assert query.doc.endswith(".")
    assert query.returns


def test_every_bundled_file_of_a_funnel_is_used_and_keeps_its_header(monkeypatch):
    """Running a file holds it to its header; here each is run by some question."""
    ran = set()
    found = DuckDBEngine._found
    monkeypatch.setattr(
        DuckDBEngine, "_found", lambda self, name: (ran.add(name), found(self, name))[1]
    )
    ready = engine()
    for question in QUESTIONS:
        funnel(ready, question)
        if not (question.overlapping or question.personas):
            trend(ready, question)
    reconcile(ready, Question(model=MODEL))
    funnel(ready, Question(model=MODEL))  # finds what the next one begins with
    funnel(ready, Question(model=MODEL, period=Period(until=datetime(2026, 1, 2))))
    journeys(ready, Question(model=MODEL))
    numbers = engine()
    numbers.connection.execute('alter table events add column "hourglass id" bigint default 7')
    journeys(numbers, Question(model=MODEL))
    folders = {"map", "funnel", "breakdown", "any", "strict", "exclusions", "optional", "open",
               "tracks", "personas", "row"}  # fmt: skip
    bundled = {name for name in ready.catalog.names() if name.split("/")[0] in folders}
    # what a guess of stages is made from, and what a load does
    assert bundled - ran <= {"map/names", "map/numbered_people"}


def test_the_header_is_read(tmp_path):
    query = read_query("q", written(tmp_path, f"{HEADER}select getvariable('n') as one;\n"))
    assert query.doc == "Answers."
    assert query.params == {"n": "INTEGER"}
    assert query.returns == {"one": "INTEGER"}
    assert query.text.endswith("as one")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER}select getvariable('m') as one", "uses m, which its header does not declare"),
        (f"{HEADER}select 1 as one", "declares n and does not use it"),
        (f"{HEADER}-- getvariable('n')\nselect 1 as one", "declares n and does not use it"),
        (f"{HEADER}/* getvariable('n') */ select 1 as one", "declares n and does not use it"),
        ("-- returns one INTEGER\nselect 1 as \"getvariable('x')\"", None),
        ("select 1 as one", "does not say what the query returns"),
        ("-- returns one NUMBER\nselect 1 as one", "does not say what the query returns"),
        ("-- param n NUMBER  x\n-- returns one INTEGER\nselect 1", ":1: not a declaration"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(tmp_path, text, said):
    path = written(tmp_path, text)
    if said is None:
        read_query("q", path)
        return
    with pytest.raises(QueryError, match=r"q\.sql") as failure:
        read_query("q", path)
    assert said in failure.value.message


def test_a_file_of_the_same_name_shadows_a_bundled_one(tmp_path):
    path = written(tmp_path, "-- Mine.\n-- returns position INTEGER\nselect 1", "funnel/ever")
    catalog = Catalog(tmp_path)
    assert catalog.find("funnel/ever").path == path
    assert catalog.is_overridden("funnel/ever")
    assert catalog.find("funnel/walk").path == bundled() / "funnel" / "walk.sql"


def test_a_file_with_a_capital_ending_is_said_to_be_none(tmp_path):
    (tmp_path / "checks").mkdir()
    for name in ("mine.SQL", "own.sql"):
        (tmp_path / "checks" / name).write_text("select 1")
    (said,) = Catalog(tmp_path).idle()
    assert (
        said == f"{tmp_path}/checks/mine.SQL does not end in .sql in small letters, and is not read"
    )


def test_a_mistyped_name_gets_the_nearest():
    with pytest.raises(UsageError, match='did you mean "funnel/walk"'):
        Catalog().find("funnel/wlak")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("select 1 as n; select 2 as n", "not one SELECT"),
        ("drop table events", "not one SELECT"),
        ("select 'x' as n", "returns n VARCHAR where its header says BIGINT"),
        ("select 1::bigint as m", r"returns n \(no such column\)"),
        ("select nonsense as n", "nonsense"),
        ("select 1 as", "syntax error"),
    ],
)
def test_an_override_that_breaks_its_contract_is_named(tmp_path, body, said):
    written(tmp_path, f"-- Names.\n-- returns n BIGINT\n{body}", "map/names")
    with pytest.raises(QueryError, match=said) as failure:
        engine(Catalog(tmp_path)).fetch("map/names")
    assert "names.sql" in failure.value.message


def test_an_override_may_return_more_columns(tmp_path):
    written(tmp_path, "-- Names.\n-- returns n BIGINT\nselect 'x' as extra, 1::bigint as n",
            "map/names")  # fmt: skip
    assert engine(Catalog(tmp_path)).fetch("map/names").columns == ["n"]
