"""Every rule in force is named: in the JSON, under the table and on the page."""

from datetime import timedelta

import pytest

from hourglass.analyses.question import Question
from hourglass.render.facts import lines
from hourglass.render.html.definitions import rules_in_words, stage_in_words
from hourglass.result import InputFacts, Period, Result
from hourglass.rules import Rules
from hourglass.stages import Exclusion, Model, Stage, Step


def stage(name: str, where: str | None = None, **options: object) -> Stage:
    return Stage(name=name, steps=(Step(events=(name,), where=where),), **options)


MODEL = Model(
    name="shop",
    stages=(
        stage("view", first_time="event"),
        stage("cart", "price > 1", optional=True),
        stage("pay", within=timedelta(hours=2), min_gap=timedelta(seconds=1.5), nth=2),
        stage("rate", within=timedelta()),
        stage("share"),
    ),
    exclusions=(Exclusion(step=Step(events=("x", "y"), where="z"), after=1, before=3),),
)
ASKED = Question(model=MODEL, rules=Rules(exclusion="void", hold="session_id", closed=False))


def test_what_is_said_of_single_stages_is_a_rule_in_force() -> None:
    found = ASKED.in_force
    assert found["stages"] == {
        "view": {"first_time": "event"},
        "cart": {"optional": True, "where": "price > 1"},
        "pay": {"within": 7200, "min_gap": 1.5, "nth": 2},
        "rate": {"within": 0},
    }
    assert found["exclusions"] == [
        {"events": ["x", "y"], "where": "z", "from": "view", "to": "pay"}
    ]
    assert {name: found[name] for name in Rules().as_json()} == ASKED.rules.as_json()


def test_rolled_up_stages_have_the_conditions_of_each_of_their_parts() -> None:
    steps = (Step(events=("a",), where="b"), Step(events=("c", "d")))
    model = Model(name="m", stages=(Stage(name="one", steps=steps), stage("two")))
    assert Question(model=model).in_force["stages"] == {
        "one": {"steps": [
            {"events": ["a"], "where": "b"}, {"events": ["c", "d"], "where": None},
        ]}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "said"), [((), None), (("persona",), {"parent": "kids > 0"}), (("channel",), None)]
)
def test_personas_are_named_where_they_are_asked_for(by: tuple[str, ...], said: object) -> None:
    question = Question(model=MODEL, by=by, personas={"parent": "kids > 0"})
    assert question.in_force.get("personas") == said


def test_the_lines_under_a_table_say_them() -> None:
    assert told_under(ASKED)[1] == (
        "Stages: view only the first ever; cart optional, where price > 1;"
        " pay within 2 h of the stage before, at least 1.5 s after the stage before, only number 2;"
        " rate within 0 s of the stage before; no x or y where z between view and pay (void)."
    )
    plain = Question(model=Model(name="m", stages=(stage("a"), stage("b"))))
    assert not [line for line in told_under(plain) if line.startswith("Stages")]


def told_under(question: Question) -> list[str]:
    nothing = InputFacts(
        rows=0, users=0, rejected=0, duplicates=0, unmapped_events=0, first=None, last=None
    )
    result = Result(
        analysis="funnel", title="", model="m", rules=question.in_force, period=Period(),
        tables=(), input=nothing,
    )  # fmt: skip
    return lines(result)


def test_the_page_says_them() -> None:
    words = dict(rules_in_words(ASKED.in_force))
    assert words["Open"] == "an attempt may begin at any stage"
    assert "session_id" in words["Held"]
    assert words["Excluded"].endswith("the attempt does not count")
    told = [stage_in_words(one) for one in MODEL.stages]
    assert "only the person's first such event ever" in told[0]
    assert "optional" in told[1]
    assert "event number 2 in the period" in told[2]
    assert {"Open", "Held", "Excluded"}.isdisjoint(dict(rules_in_words(Rules().as_json())))
