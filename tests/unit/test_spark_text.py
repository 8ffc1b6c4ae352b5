"""What Spark is told, without a server: predicates written anew, quoting, addresses, refusals."""

from datetime import timedelta
from pathlib import Path

import pytest

from hourglass.analyses.on_spark import refuse
from hourglass.analyses.question import Question
from hourglass.engines.spark_text import SparkDialect
from hourglass.errors import UsageError
from hourglass.predicates import dotted_names
from hourglass.queries import Query
from hourglass.rules import Rules
from hourglass.stages import Exclusion, Model, Stage, Step

STAGES = tuple(Stage(name=name, steps=(Step(events=(name,)),)) for name in "ab")
MODEL = Model(name="m", stages=STAGES)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("rating >= 4.5", "(`rating` >= 4.5D)"),
        ("\"order\" = 'x'", "(`order` = 'x')"),
        ("a.b <> 'it''s \\'", "(`a`.`b` <> 'it\\'s \\\\')"),
        ("x and not (y or z is null)", "(`x` AND (NOT (`y` OR (`z` IS NULL))))"),
        ("x in (1, 2)", "(`x` IN (1, 2))"),
        ("x not in ('a')", "(NOT (`x` IN ('a')))"),
        ("x between 1 and 2", "(`x` BETWEEN 1 AND 2)"),
        ("x not like 'a%'", "(`x` NOT LIKE 'a%')"),
        ("x is not null", "(`x` IS NOT NULL)"),
        ("x = true", "(`x` = TRUE)"),
        ("x < -1", "(`x` < -1)"),
    ],
)
def test_a_predicate_is_written_anew(written: str, expected: str) -> None:
    assert SparkDialect().condition(written, {}) == expected


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("lower(x) = 'a'", "lower"),
        ("x + 1 > 2", "+"),
        ("x ilike 'a'", "~~*"),
        ("x like 'a\\%'", "~~"),
        ("x like y", "~~"),
        ("cast(x as integer) = 3", "operator cast"),
        ("x is not distinct from 3", "compare not distinct from"),
    ],
)
def test_what_may_mean_something_else_there_is_refused(written: str, named: str) -> None:
    with pytest.raises(UsageError) as refused:
        SparkDialect().condition(written, {})
    assert refused.value.message == f"where: {written}: {named} does not run on Spark"


def test_names_and_texts_are_quoted() -> None:
    assert SparkDialect().identifier("a`b") == "`a``b`"
    assert SparkDialect().literal("\\'") == "'\\\\\\''"


def test_what_stands_at_a_path_takes_its_place() -> None:
    written = "p.a = 'x' or not (b and \"p q\".a > 1)"
    texts = [f"at({'.'.join(one.names)})" for one in dotted_names(written)]
    values = dict(zip(dotted_names(written), texts, strict=True))
    condition = SparkDialect().condition(written, values)
    assert condition == "((at(p.a) = 'x') OR (NOT (`b` AND (at(p q.a) > 1))))"


def test_functions_beside_a_path_are_refused_with_the_predicate_as_written() -> None:
    written = "p.a = 'x' and lower(p.b) = 'y'"
    values = dict.fromkeys(dotted_names(written), "value")
    with pytest.raises(UsageError) as refused:
        SparkDialect().condition(written, values)
    assert refused.value.message == f"where: {written}: lower does not run on Spark"


def test_a_key_is_quoted_in_the_type_that_it_is_read_by() -> None:
    found = SparkDialect().json_text("p", "VARCHAR", ["it's", "a`b"])
    assert "'ARRAY<STRUCT<`it\\'s`: STRUCT<`a``b`: STRING>>>'" in found
    assert found.endswith(".`it's`.`a``b` END")


def test_paths_into_lists_are_refused() -> None:
    with pytest.raises(UsageError, match=r"params\.plan: paths into ARRAY<STRING> do not run"):
        SparkDialect().json_text("params", "ARRAY<STRING>", ["plan"])


def test_each_variable_becomes_a_marker() -> None:
    text = "select getvariable('a') + GETVARIABLE( 'bc' )"
    query = Query(name="q", path=Path("q"), text=text, doc="", params={}, returns={})
    assert query.marked(":") == "select :a + :bc"
    assert query.marked(":", {"bc": "(-7L)"}) == "select :a + (-7L)"


def test_a_rule_that_does_not_run_there_is_refused_by_name() -> None:
    with pytest.raises(UsageError) as refused:
        refuse(Question(model=MODEL, rules=Rules(ties="row")))
    assert refused.value.message.startswith("ties = row")
    assert "does not run on Spark" in refused.value.message


def test_all_other_rules_run_there() -> None:
    rules = Rules(window=timedelta(days=1), entry="last", order="strict", reuse=True)
    refuse(Question(model=MODEL, rules=rules, by=("channel",)))
    for one in (Rules(hold="channel"), Rules(attribution="all")):
        refuse(Question(model=MODEL, rules=one, by=("channel",)))
    struck = Exclusion(step=Step(events=("x",)), after=1, before=2)
    loose = Stage(name="o", steps=STAGES[1].steps, optional=True)
    stages = (STAGES[0], loose, STAGES[1])
    refuse(Question(model=Model(name="m", stages=STAGES, exclusions=(struck,))))
    refuse(Question(model=Model(name="m", stages=stages)))


@pytest.mark.parametrize("master", ["spark://host:7077", "host:15002", "sc://", "sc://h:port", ""])
def test_an_address_of_another_kind_is_refused(master: str) -> None:
    from hourglass.engines.spark_session import connect

    with pytest.raises(UsageError, match="no address of Spark Connect"):
        connect(master)
