"""One funnel under the rules of every tool, and which rule makes each difference."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.chosen import prepare, settle_depths
from hourglass.analyses.combinations import refuse_what_does_not_fit
from hourglass.analyses.funnel import COLUMNS, count, mature_at, with_intervals
from hourglass.analyses.ids import HASHED, short_id
from hourglass.analyses.kept import definition
from hourglass.analyses.mapping import map_events
from hourglass.analyses.numbering import people_table
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events
from hourglass.engines import Engine
from hourglass.errors import UsageError
from hourglass.result import Column, Result, Table
from hourglass.rows import Rows
from hourglass.rules import PRESETS, Rules, worded

OURS = "as asked"
"""Name of the row that is counted by the rules of the question itself."""

_KEYS_CHANGE = "count"
"""The rule under which other people are counted, so that none can be said to have moved."""


class _Step(NamedTuple):
    rule: str
    rules: Rules


def reconcile(
    engine: Engine,
    question: Question,
    delivery: Delivery | None = None,
    *,
    show_ids: bool = False,
) -> Result:
    """Count a funnel as asked and under the rules of every preset.

    The result has the table `presets` (users and total_rate by preset and stage) and the table
    `differences`: on the way from the rules of the question to those of a preset, one rule after
    the other, what each changes: people whom it moves, deeper or less deep, and three of them
    (ids as short hashes unless `show_ids`). No preset says an order: that of the question stays.
    Presets whose rules do not go with it, or with another rule of the question, are left out, and
    a note says why.
    """
    counting = _Counting(engine)
    ours = counting.stages(question)
    facts, warnings = input_facts(engine, delivery), missing_events(engine, question.model)
    warnings += facts.beyond(question.period)
    presets, differences, refused = [_named(OURS, ours)], [], []
    question = question._replace(like=None)  # from here on each preset is named in front
    for name in PRESETS:
        try:
            refuse_what_does_not_fit(question._replace(rules=_rules_of(question.rules, name)))
            found, rows = counting.towards(question, name, show_ids)
        except UsageError as reason:
            refused.append(f"{name} is left out: {reason.message}")
        else:
            presets.append(_named(name, found))
            differences += rows
    hashed = (HASHED,) if any(row["examples"] for row in differences) and not show_ids else ()
    return Result(
        analysis="reconcile",
        title=f"Funnel of {question.model.name} under the rules of other tools",
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=(_presets(presets), _differences(differences)),
        input=facts,
        as_of=question.as_of,
        notes=(*warnings, *refused, *_NOTES, *hashed),
        warnings=tuple(warnings),
    )


_NOTES = (
    "rules change one after the other, in the order of the rows; people may move back and forth",
    f"where {_KEYS_CHANGE} changes, others are counted, and nobody can be said to have moved",
)


_DEPTHS = {"person_key": "BIGINT", "reached": "INTEGER", "stages": "BIGINT"}


class _Counting:
    """Counts one set of rules after the other on one engine, mapping only when it must."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.mapped: tuple[str, bool] | None = None
        self.people: tuple[str, str] | None = None
        """Who is counted, and in which table they have their numbers."""

    def stages(self, question: Question) -> Rows:
        """Count a question; the depths of the one before stay as `depths_before`."""
        refuse_what_does_not_fit(question)
        numbered = question.rules.ties == "row"  # only then is the order of the file read
        if (definition(question), numbered) != self.mapped:
            self._map(question)
            self.mapped = definition(question), numbered
        if numbered or question.rules.hold is not None:
            count(self.engine, question)  # no shorter way knows rows or values
        else:
            bounds = Bounds.of(question)
            prepare(self.engine, question, bounds)
            mature_at(self.engine, question)
            settle_depths(self.engine, question, bounds, "stage_events")
        self.engine.make("depths_before", "reconcile/kept")
        self.engine.make("depths", "reconcile/depths")
        return self.engine.ask("reconcile/stages")

    def _map(self, question: Question) -> None:
        """Map events, and let the depths counted before be those of the people known now."""
        people = question.rules.count, people_table(self.engine, question)
        before, self.people = self.people, people
        if before is None:
            map_events(self.engine, question)
            self.engine.define("depths", _DEPTHS, ())
            return
        others = before != people and before[0] == people[0]  # else they are the same, or nobody's
        if others:
            self.engine.alias("people_before", before[1])
        map_events(self.engine, question)
        if others:
            self.engine.make("depths", "reconcile/renamed")

    def towards(
        self, question: Question, name: str, show_ids: bool
    ) -> tuple[Rows, list[dict[str, Any]]]:
        """Count from the rules of the question to those of a preset; return the last and why."""
        found, rows = self.stages(question), []
        for step in _steps(question.rules, name):
            found = self.stages(question._replace(rules=step.rules))
            rows.append(self.difference(name, question.rules, step, show_ids))
        return found, rows

    def difference(self, name: str, ours: Rules, step: _Step, show_ids: bool) -> dict[str, Any]:
        """Return the row that says what the last step changed."""
        moved = self.engine.fetch("reconcile/moved").row(0, named=True)
        comparable = step.rule != _KEYS_CHANGE
        examples = [one if show_ids else short_id(one) for one in moved["examples"]]
        return {
            "preset": name,
            "rule": step.rule,
            "ours": worded(getattr(ours, step.rule)),
            "theirs": worded(getattr(step.rules, step.rule)),
            "people": moved["people"] if comparable else None,
            "deeper": moved["deeper"] if comparable else None,
            "less_deep": moved["less_deep"] if comparable else None,
            "examples": ", ".join(examples) if comparable else None,
        }


def _steps(ours: Rules, name: str) -> Iterator[_Step]:
    """Yield the rules on the way to a preset, each time with one more of its rules."""
    rules = ours
    for rule, value in PRESETS[name].items():
        if getattr(rules, rule) != value:
            rules = replace(rules, **{rule: value})  # type: ignore[arg-type]
            yield _Step(rule, rules)


def _rules_of(ours: Rules, name: str) -> Rules:
    return replace(ours, **PRESETS[name])  # type: ignore[arg-type]


def _named(name: str, stages: Rows) -> pl.DataFrame:
    return with_intervals(stages).frame.select(
        pl.lit(name).alias("preset"), pl.lit(value=False).alias("other"), *_STAGE
    )


def _presets(frames: list[pl.DataFrame]) -> Table:
    return Table(
        name="presets",
        title="By the rules of",
        data=pl.concat(frames),
        columns=(
            Column(name="preset", kind="text", label="rules of"),
            Column(name="other", kind="flag", label="other"),
            *(one for one in COLUMNS if one.name in _STAGE),
        ),
        by=("preset",),
        rows_name="stages",
    )


_STAGE = (
    "position", "stage", "users", "step_rate", "step_low", "step_high",
    "total_rate", "total_low", "total_high",
)  # fmt: skip

_DIFFERENCE = {
    "preset": pl.String,
    "rule": pl.String,
    "ours": pl.String,
    "theirs": pl.String,
    "people": pl.Int64,
    "deeper": pl.Int64,
    "less_deep": pl.Int64,
    "examples": pl.String,
}


def _differences(rows: list[dict[str, Any]]) -> Table:
    labels = {"people": "people moved", "less_deep": "less deep"}
    return Table(
        name="differences",
        title="What each rule changes",
        keys=("rule",),
        data=pl.DataFrame(rows, schema=_DIFFERENCE),
        columns=tuple(
            Column(
                name=name,
                kind="count" if kind == pl.Int64 else "text",
                label=labels.get(name, name),
            )
            for name, kind in _DIFFERENCE.items()
        ),
    )
