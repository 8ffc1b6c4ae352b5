"""The tables of a configuration that stand around the stages, as text; examples where none are."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Table

from hourglass.proposals.around import Around
from hourglass.proposals.writing import array, explain

_FRICTION = "By which events one sees that people set about a stage, and that they fail:"
_TRIGGERS = """\
After these events it is time to act, if none of the others follows within the time;
hourglass people --trigger NAME lists for whom:"""
_PERSONAS = "Kinds of people, each by a SQL condition about one of their events; --by persona:"
_TOUCHPOINTS = "Channels that are places and people; every other one is digital:"
_CHECKS = "What hourglass check holds numbers to, each in a table of its own:"
_EXAMPLES: Mapping[str, str] = {
    "friction": """\
[friction.try]
attempted = ["trial_form_opened"]
failed = ["trial_form_error"]""",
    "triggers": """\
[triggers.abandoned_cart]
events = ["cart_add"]
without = ["order_paid"]
within = "24 hours\"""",
    "personas": """\
[personas]
parent = "interests like '%family%'\"""",
    "touchpoints": """\
[touchpoints]
physical = ["store", "fair", "phone"]""",
    "check": """\
[[check]]
name = "try to buy"
measure = "step_rate"
stage = "buy"
min = 0.20""",
}


def add_around(document: tomlkit.TOMLDocument, around: Around) -> None:
    """Add what is proposed to the end of a configuration, and an example of what is not."""
    friction = {
        stage: {"attempted": array(attempted), "failed": array(failed)}
        for stage, (attempted, failed) in around.friction.items()
    }
    triggers = {
        name: {"events": array(events), "without": array(without), "within": within}
        for name, (events, without, within) in around.triggers.items()
    }
    places = {"physical": array(around.physical)} if around.physical else {}
    _add(document, "friction", _FRICTION, friction)
    _add(document, "triggers", _TRIGGERS, triggers)
    _add(document, "personas", _PERSONAS, around.personas)
    _add(document, "touchpoints", _TOUCHPOINTS, places)
    explain(document, f"{_CHECKS}\n{_EXAMPLES['check']}")


def _add(
    document: tomlkit.TOMLDocument, key: str, meaning: str, content: Mapping[str, Any]
) -> None:
    if not content:
        explain(document, f"{meaning}\n{_EXAMPLES[key]}\n")
    elif key in ("friction", "triggers"):
        outer = tomlkit.table(is_super_table=True)
        for name, inner in content.items():
            outer.add(name, _table(inner, meaning))
            meaning = ""
        document.add(key, outer)
    else:
        document.add(key, _table(content, meaning))


def _table(content: Mapping[str, Any], meaning: str) -> Table:
    table = tomlkit.table()
    if meaning:
        explain(table, meaning)
    for key, value in content.items():
        table.add(key, value)
    table.add(tomlkit.nl())
    return table
