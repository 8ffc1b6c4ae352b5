"""The words of a user in SQL: columns are quoted, predicates are one expression, nothing else."""

import pytest

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import ConditionsError, UsageError
from hourglass.predicates import columns_used
from hourglass.scope import scope_view

COLUMNS = {
    "user_id": "VARCHAR",
    "event": "VARCHAR",
    "ts": "TIMESTAMP",
    "rating": "BIGINT",
    "properties": "JSON",
    "place": 'STRUCT(city VARCHAR, "zip code" VARCHAR)',
    'od"d; drop': "VARCHAR",
    "select": "VARCHAR",
}


def rows(**asked):
    engine = DuckDBEngine.in_memory()
    engine.connection.execute(
        "create table events as select 'u' as user_id, 'a' as event, timestamp '2026-01-01' as ts,"
        ' 4::bigint as rating, \'{"plan": "pro", "a.b": 1, "c[d]": 2}\'::json as properties,'
        " {'city': 'Oulu', 'zip code': '90'} as place, 'odd' as \"od\"\"d; drop\","
        " 's' as \"select\""
    )
    view = scope_view(COLUMNS, **asked)
    return engine.connection.execute(f"select passed, by_values from ({view})").fetchall()


@pytest.mark.parametrize(
    "predicate",
    [
        "1) or (1=1",
        "rating > 3; drop table events",
        "rating in (select 1)",
        "exists (select 1)",
        "(select max(rating) from events) > 1",
        "rating > $1",
        "rating > ?",
        "count(*) over () > 1",
        "*",
        "rating > 3 from events",
        "rating > 3 where true",
        "rating > 3 as x",
        "rating > 3, event = 'a'",
        "rating > 3 union select true",
        "rating > 3 order by 1",
        "rating > 3 limit 1",
        "",
        "rating >",
    ],
)
def test_more_than_one_expression_is_refused(predicate):
    with pytest.raises(UsageError, match="where: "):
        scope_view(COLUMNS, where=predicate)


@pytest.mark.parametrize(
    ("predicate", "said"),
    [
        ("", "where: the condition is empty"),
        (" \n", "where: the condition is empty"),
        ("-- rating > 3", "where: -- rating > 3: there is no condition in it"),
        ("1=1; drop table x", "where: 1=1; drop table x: a statement is no condition"),
    ],
)
def test_what_is_no_condition_is_refused_in_words_of_ours(predicate, said):
    with pytest.raises(UsageError) as refused:
        columns_used(predicate)
    assert refused.value.message == said
    assert "write one condition" in str(refused.value.hint)


def test_unknown_columns_of_all_predicates_are_said_at_once():
    with pytest.raises(ConditionsError) as refused:
        scope_view(COLUMNS, where="ratng > 3", predicates=["rating > 3", "a = b", "a = b"])
    assert refused.value.problems == (
        'where: ratng > 3: there is no column ratng; did you mean "rating"?',
        "where: a = b: there is no column a",
        "where: a = b: there is no column b",
    )


def test_columns_of_a_predicate_are_found():
    assert columns_used("rating >= 4 and lower(place.city) = 'oulu' or \"select\" is null") == (
        ("rating",),
        ("place", "city"),
        ("select",),
    )


@pytest.mark.parametrize(
    ("predicate", "columns"),
    [
        ("len(list_filter(tags, lambda t: t = 'x')) > 0", ["tags"]),
        (
            "len(list_filter(tags, lambda t, i: T.kind = country and i = 1)) > 0",
            ["tags", "country"],
        ),
        ("len([one for one in tags if one = 'x']) > 0", ["tags"]),
        ("list_filter(tags, lambda t: list_contains(lists, t)) = t", ["tags", "lists", "t"]),
        ("list_filter(tags, lambda t: list_filter(t, lambda u: u = t) = u) = []", ["tags", "u"]),
        ("props -> '$.plan' = props", ["props"]),
    ],
)
def test_the_parameter_of_a_lambda_is_no_column(predicate, columns):
    assert [".".join(parts) for parts in columns_used(predicate)] == columns


def test_a_lambda_looks_into_a_list():
    asked = "len(list_filter(lists, lambda one: one.kind = 'x')) > 0"
    columns = {**COLUMNS, "lists": "STRUCT(kind VARCHAR)[]"}
    assert asked in scope_view(columns, where=asked)


def test_a_column_that_is_not_there_gets_the_nearest():
    with pytest.raises(UsageError, match='no column ratng; did you mean "rating"'):
        scope_view(COLUMNS, where="ratng > 3")
    with pytest.raises(UsageError, match=r'no column "selec" to break down by.*"select"'):
        scope_view({"select": "VARCHAR"}, by=["selec"])


def test_predicates_become_bits():
    predicates = ["rating > 3", "rating > 9", "place.city = 'Oulu' -- a comment"]
    assert rows(predicates=predicates)[0][0] == 0b101


def test_where_keeps_the_rows_that_satisfy_it():
    assert len(rows(where="rating = 4 -- kept")) == 1
    assert rows(where="rating is null") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATING", "4"),
        ("select", "s"),
        ('od"d; drop', "odd"),
        ("properties.plan", "pro"),
        ("plan", "pro"),
        ("place.city", "Oulu"),
        ("city", "Oulu"),
        ("zip code", "90"),
        ("properties.nothing", None),
        ("a.b", "1"),
        ("properties.c[d]", "2"),
    ],
)
def test_dimensions_are_columns_or_paths_into_them(name, value):
    assert rows(by=[name])[0][1] == [value]


NESTED = {
    "user_id": "VARCHAR",
    "event": "VARCHAR",
    "ts": "TIMESTAMP",
    "properties": "VARCHAR",
    "event_params": 'STRUCT("key" VARCHAR, "value" STRUCT(string_value VARCHAR, int_value'
    " BIGINT))[]",
    "user_properties": "JSON",
    "listed": "JSON",
    "deep": 'STRUCT(a STRUCT("b, c" VARCHAR, d INTEGER), "key" INTEGER)',
}
TEXTS = {"of text": "no JSON", "of JSON": '{"plan": "pro"}'}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("properties.plan", [None, "pro"]),
        ("plan", ["gold", "pro"]),
        ("event_params.plan", ["gold", "gold"]),
        ("event_params[plan]", ["gold", "gold"]),
        ("event_params[level]", ["3", "3"]),
        ("level", ["3", "3"]),
        ("event_params.nothing", [None, None]),
        ("user_properties.city", ["Oulu", "Oulu"]),
        ("city", ["Oulu", "Oulu"]),
        ("listed[shade]", ["red", "red"]),
        ("deep.a.d", ["7", "7"]),
        ("DEEP.A.b, c", ["x", "x"]),
        ("key", ["1", "1"]),
    ],
)
def test_nested_values_are_found_by_path_and_by_their_key_alone(name, values):
    engine = DuckDBEngine.in_memory()
    rows = " union all ".join(f"select '{text}' as properties" for text in TEXTS.values())
    engine.connection.execute(
        "create table events as select 'u' as user_id, 'a' as event, timestamp '2026-01-01' as ts,"
        " properties, [{'key': 'plan', 'value': {'string_value': 'gold', 'int_value': null}},"
        " {'key': 'level', 'value': {'string_value': null, 'int_value': 3}}] as event_params,"
        ' \'{"city": "Oulu"}\'::json as user_properties,'
        ' \'[{"key": "shade", "value": "red"}]\'::json as listed,'
        " {'a': {'b, c': 'x', 'd': 7}, 'key': 1} as deep"
        f" from ({rows}) order by properties"
    )
    found = engine.connection.execute(f"select by_values[1] from ({scope_view(NESTED, by=[name])})")
    assert [value for (value,) in found.fetchall()] == values


@pytest.mark.parametrize("asked", [{"count": "session"}, {"by": ["session_id"]}])
def test_no_key_of_json_stands_for_a_column_of_sessions_that_is_not_there(asked):
    columns = {"user_id": "VARCHAR", "event": "VARCHAR", "ts": "TIMESTAMP", "properties": "JSON"}
    with pytest.raises(UsageError, match='no column "session_id"'):
        scope_view(columns, **asked)
    assert '"session_id"' in scope_view({**columns, "session_id": "VARCHAR"}, **asked)
    inside = {**columns, "context": 'STRUCT("session_id" VARCHAR)'}
    assert '"context"."session_id"' in scope_view(inside, **asked)


def test_a_field_that_a_struct_has_not_is_said():
    with pytest.raises(UsageError, match=r'no column "deep\.a\.z"'):
        scope_view(NESTED, by=["deep.a.z"])


@pytest.mark.parametrize(
    ("predicate", "holds"),
    [
        ("properties.plan = 'pro'", True),
        ("Properties . \"plan\" IN ('x', 'pro') -- a comment", True),
        ("rating = 4 and (properties.plan = 'pro' or properties.plan = 'ü')", True),
        ("properties.plan like 'p%' and properties.seats > 9", True),
        ("properties.seats between 9.5 and 10", True),
        ("10 = properties.seats", True),
        ("properties.seats in (1, 10)", True),
        ("properties.plan > 5", False),
        ("properties.paid", True),
        ("not properties.paid or properties.paid = false", False),
        ("properties.paid = true", True),
        ("properties.inner.deep = 'x'", True),
        ("properties.nothing is null", True),
        ("place.city = 'Oulu'", True),
        ("tags.plan = 'y'", True),
        ("params.source = 'mail'", True),
        ("dotted.name = 'd'", True),
        ("note.plan is null", True),
    ],
)
def test_a_dotted_name_in_a_predicate_leads_into_a_column(predicate, holds):
    engine = DuckDBEngine.in_memory()
    engine.connection.execute(
        "create table events as select 'u' as user_id, 'a' as event, timestamp '2026-01-01' as ts,"
        " 4 as rating, 'no json' as note, 'd' as \"Dotted.name\", {'city': 'Oulu'} as place,"
        " map {'plan': 'y'} as tags, [{'key': 'source', 'value': {'text': 'mail'}}] as params,"
        ' \'{"plan": "pro", "seats": 10, "paid": true, "inner": {"deep": "x"}}\'::json'
        " as properties"
    )
    view = scope_view(engine.event_columns(), where=predicate)
    found = engine.connection.execute(f"select count(*) from ({view})").fetchall()
    assert found == [(int(holds),)]


@pytest.mark.parametrize(
    ("predicate", "said", "hint"),
    [
        ("rating.x = 3", "the column rating is BIGINT, nothing is inside of it", "nested column"),
        ("place.cty = 'x'", 'there is no cty in place; did you mean "city"?', "city, zip code"),
        ("plan = 'pro'", "there is no column plan", "written properties.plan; the columns are"),
    ],
)
def test_a_path_that_leads_nowhere_is_said(predicate, said, hint):
    with pytest.raises(UsageError, match="where: ") as refused:
        scope_view(COLUMNS, where=predicate)
    assert said in refused.value.message
    assert hint in str(refused.value.hint)
