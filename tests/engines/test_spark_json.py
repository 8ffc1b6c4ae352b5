"""Paths into JSON text lead on a cluster to what they lead to in DuckDB."""

import json
import random
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.engines.spark_source import attach
from hourglass.scope import scope_view
from tests.engines import sail
from tests.engines.test_spark_commands import alike, run

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

KEYS = ["it's", 'q"q', "a b", "`", "é", "$", "*", "?", "[0]", "a:b", "a,b", "<x>", "{x}",
        "a\nb", "A", "--", "/*", "user-id", "struct<", "1", "select"]  # fmt: skip
"""Letters that mean something to one parser or another on the way."""
DOCUMENTS = [
    '{"plan": "pro", "amount": 10, "vip": true, "account": {"id": 7, "tier": "gold"}}',
    '{"plan": "free", "amount": 9.5, "vip": false, "account": {"id": "7"}}',
    '{"plan": null, "amount": null, "vip": null, "account": null}',
    '{"plan": "", "amount": "", "vip": "", "account": ""}',
    '{"plan": " pro ", "amount": " 12 ", "vip": "T", "account": []}',
    '{"plan": 5, "amount": "10.0", "vip": 1, "account": 5}',
    '{"plan": 1.0, "amount": 1e3, "vip": "yes", "account": {"id": null}}',
    '{"plan": -0.5, "amount": -3, "vip": "no", "account": {"id": {"deep": [1, 2]}}}',
    '{"plan": {"b": 1, "c": "é"}, "amount": [10], "vip": {"a": true}, "account": {"id": true}}',
    '{"plan": "l\\u00e9\\n\\"q\\" \\ud83d\\ude00", "amount": "ten", "vip": "maybe"}',
    '{"plan": 12345678901234567890, "amount": 9007199254740993, "vip": 0}',
    '{"amount": 0.001, "vip": "F", "plan": true}',
    '{"amount": "12d", "vip": "1.0", "plan": "12f"}',
    '{"amount": "1,5", "vip": "TRUE", "plan": "null"}',
    '{"Plan": "other", "AMOUNT": 10}',
    '{"account": "{\\"id\\": 7}", "plan": "[1]"}',
    '{"account": [{"id": 7}], "plan": "in a list"}',
    ' \n{"plan" : "spaced"}\t ',
    "{}", "[]", "null", "5", '"pro"', "", " ", "no json", None,
    '{"plan": "broken"', '{"plan": "two"}{"plan": "values"}', '{"plan": "more"} x',
    "{'plan': 'single'}", '{"plan": "free", "amount": broken}',
    '[{"key": "size", "value": "pro"}, {"key": "color", "value": 10}]', '[{"plan": "pro"}]',
    '[["plan", "pro"]]', '["plan"]',
    json.dumps({key: {"in": key, "n": place} for place, key in enumerate(KEYS)}),
]  # fmt: skip
PATHS = ["properties.plan", "properties.amount", "properties.vip", "properties.account",
         "properties.account.id", "properties.account.id.deep", "properties.nowhere", "plan",
         "properties[plan]", "properties[amount]", "properties[a.b]", "channel.plan",
         *(f"properties.{key}.in" for key in KEYS)]  # fmt: skip
PREDICATES = [
    "properties.plan = 'pro'",
    "properties.plan <> 'pro' or channel = 'ads'",
    "properties.plan in ('pro', 'free')",
    "properties.plan like '%o%'",
    "properties.plan is null",
    "properties.account.id = '7'",
    "properties.account.id = 7",
    "properties.amount >= 9.5",
    "properties.amount between 9 and 10",
    "properties.amount in (10, 1000)",
    "not (properties.amount < 10)",
    "properties.amount > '9'",
    "properties.vip",
    "not properties.vip and properties.plan is not null",
    "properties.vip = 'true'",
    'properties."it\'s"."in" = \'it\'\'s\' or properties."select".n = 20',
    'properties."a\nb".n > 12 and PROPERTIES."`"."in" = \'`\'',
    "channel.plan = 'pro'",
]


def write_documents(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table events (user_id varchar, event varchar, ts timestamp, channel varchar,"
            " properties varchar)"
        )
        connection.executemany(
            "insert into events values (?, ?, timestamp '2026-01-05', ?, ?)",
            [
                (f"u{place:02d}", "ab"[place % 2], ["ads", "mail"][place % 3 == 0], document)
                for place, document in enumerate(DOCUMENTS)
            ],
        )
        connection.execute(f"copy events to '{path}'")


def asked(engine) -> str:
    return scope_view(
        engine.event_columns(), by=PATHS, predicates=PREDICATES, dialect=engine.dialect
    )


def said(rows) -> dict[str, dict[str, object]]:
    """What stands at each path of each document, and which predicates it passes."""
    return {
        user: dict(zip(PATHS, values, strict=True))
        | {text: bool(passed >> place & 1) for place, text in enumerate(PREDICATES)}
        for user, passed, values in rows
    }


def test_texts_numbers_and_truths_are_the_same(master, tmp_path) -> None:
    same_values(master, tmp_path)


def same_values(master: str, folder: Path) -> None:
    from hourglass.engines.spark import SparkEngine
    from hourglass.engines.spark_session import connect

    exported = folder / "events.parquet"
    write_documents(exported)
    here = DuckDBEngine.in_memory()
    here.connection.execute(f"create view events as from '{exported}'")
    ours = here.connection.execute(f"select user_id, passed, by_values from ({asked(here)})")
    expected = said(ours.fetchall())
    with closing(SparkEngine(connect(master))) as there:
        attach(there.session, [str(exported)])
        theirs = there.session.sql(f"select user_id, passed, by_values from ({asked(there)})")
        found = said(map(tuple, theirs.collect()))
    for user, document in zip(sorted(expected), DOCUMENTS, strict=True):
        assert found[user] == expected[user], document
    true = [text for text in PREDICATES if any(row[text] for row in expected.values())]
    assert true == PREDICATES[:-1]


CONFIG = """
[models.shop.stages]
seen = { events = ["view"], where = "properties.amount > 2 or properties.amount is null" }
liked = ["follow"]
paid = { events = ["order"], where = "properties.plan <> 'void'" }

[[models.shop.exclusions]]
events = ["noise"]
where = "properties.account.id in (1, 2)"
from = "seen"
to = "paid"

[personas]
payer = "properties.vip"
other = "not properties.vip"
"""
ASKED = [
    ["funnel", "--by", "properties.plan", "--by", "plan"],
    ["funnel", "--by", "persona", "--where", "properties.amount >= 1.5 or properties.vip"],
    ["trend", "--by", "properties.account.tier", "--unit", "month"],
    ["compare", "--segment", "properties.plan=pro", "--segment", "properties.plan=void"],
    ["people", "--all", "--count", "properties.account.id"],
]


@pytest.fixture(scope="module", params=["parquet", "csv"])
def shop(request, tmp_path_factory) -> Path:
    """Events whose properties are JSON text, some of it broken."""
    path = tmp_path_factory.mktemp("shop") / f"events.{request.param}"
    dice = random.Random(3)
    rows = [
        (
            f"u{dice.randrange(60)}",
            dice.choice(["view", "follow", "order", "noise"]),
            f"2026-01-{dice.randint(1, 28):02d} {dice.randrange(24):02d}:00:00",
            properties(dice),
        )
        for _ in range(900)
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "create table events (user_id text, event text, ts text, properties text)"
        )
        connection.executemany("insert into events values (?, ?, ?, ?)", rows)
        connection.execute(f"copy events to '{path}'")
    return path


def properties(dice: random.Random) -> str | None:
    if dice.random() < 0.1:
        return dice.choice([None, "", "{", "[]"])
    account = {"id": dice.choice([1, "1", 2, None, 'x, "y"']), "tier": dice.choice("ab")}
    said = {
        "plan": dice.choice(["pro", "void", None, "é'"]),
        "amount": dice.choice([1, 1.5, 2.0, "3", "many", None]),
        "vip": dice.choice([True, False, None, "yes"]),
        "account": account,
    }
    return json.dumps({key: one for key, one in said.items() if dice.random() < 0.8})


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_the_answer_is_that_of_duckdb(master, shop, tmp_path, asked: list[str]) -> None:
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    command, *more = asked
    config = ["--config", tmp_path / "hourglass.toml", "--model", "shop"]
    typed = [command, shop, *config, *more, "--format", "json", "-q"]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert here.exit_code == 0, here.stderr
    assert there.exit_code == 0, there.stderr
    alike(json.loads(there.stdout), json.loads(here.stdout))


def test_a_list_of_parameters_ends_the_question(master, tmp_path) -> None:
    path = tmp_path / "events.parquet"
    parameters = json.dumps([{"key": "plan", "value": "pro"}], indent=1)
    rows = f"select 'u' as user_id, 'a' as event, now()::timestamp as ts, '{parameters}' as params"
    duckdb.sql(f"copy ({rows}) to '{path}'")
    asked = ["funnel", path, "--steps", "a,b", "--by", "params.plan"]
    done = run(*asked, "--engine", "spark", "--master", master)
    assert done.exit_code == 4
    assert "params: parameters in a list of JSON text do not run on Spark" in done.stderr
