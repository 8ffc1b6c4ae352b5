"""Logs small enough to check by eye, each pinning one sentence of the definition.

A folder is a case: `hourglass.toml` (its first comment is the sentence), `events.csv`,
`expected.csv` with those columns of the stages that matter, at times `breakdown.csv`, and
`arguments`, one a line, that are typed in addition. A new folder is a new test; no Python needed.
"""

import csv
import json
import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from math import inf
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.property.oracle import (
    EPOCH,
    Ask,
    Event,
    Exclusion,
    Rules,
    Stage,
    breakdown,
    stage_rows,
)

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/hourglass.toml"))
MICROSECOND = timedelta(microseconds=1)


def events(case):
    return read_csv(case / "events.csv")


def configuration(case):
    return tomllib.loads((case / "hourglass.toml").read_text(encoding="utf-8"))


def beyond_the_oracle(case):
    """Predicates are for a database to read, and the oracle folds nothing."""
    if "--top" in arguments(case):
        return True
    if "personas" in configuration(case) or any(row["timestamp"] > "2050" for row in events(case)):
        return True  # the oracle knows no clock either
    tables = [*stages_of(case).values(), *exclusions_of(case), configuration(case).get("rules", {})]
    return any("where" in table for table in tables if isinstance(table, dict))


def model_of(case):
    config = configuration(case)
    return config["models"]["case"] if "models" in config else config


def stages_of(case):
    return model_of(case)["stages"]


def exclusions_of(case):
    return model_of(case).get("exclusions", [])


def each(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda path: path.name)


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def arguments(case):
    path = case / "arguments"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def agree(rows, expected):
    """Every cell of `expected` is in the rows; an empty cell is null."""
    assert len(rows) == len(expected)
    for here, there in zip(rows, expected, strict=True):
        for name, cell in there.items():
            value = here[name]
            if isinstance(value, str):
                assert value == cell, name
            else:
                number = None if cell == "" else pytest.approx(float(cell), abs=1e-6)
                assert value == number, f"{name} of {there['stage']}"


def agree_by(groups, expected):
    """The same for a breakdown: `groups` are pairs of a value and its stage rows."""
    column = next(iter(expected[0]))
    wanted = {}
    for row in expected:
        wanted.setdefault(row.pop(column) or None, []).append(row)
    found = dict(groups)
    assert found.keys() == wanted.keys()
    for value, rows in found.items():
        agree(rows, wanted[value])


@each(CASES)
def test_the_command_gives_what_was_worked_out_by_hand(case):
    from typer.testing import CliRunner

    from hourglass.cli import app

    model = ["--model", "case"] if "models" in configuration(case) else []
    command = ["funnel", str(case / "events.csv"), "--config", str(case / "hourglass.toml")]
    ran = CliRunner().invoke(app, [*command, *model, *arguments(case), "--format", "json"])
    assert ran.exit_code == 0, ran.stderr
    answer = json.loads(ran.stdout)
    agree(answer["stages"], read_csv(case / "expected.csv"))
    if answer["rules"]["count"] == "user":
        users = {row["user_id"] for row in events(case)} - {""}
        assert answer["input"]["users"] == len(users)
    if "--as-of" in arguments(case):
        at = _microseconds(datetime.fromisoformat(answer["as_of"]))
        later = [row for row in events(case) if _event(dict(row)).ts > at]
        assert answer["input"]["future"] == len(later)
    if (case / "breakdown.csv").exists():
        groups = [(next(iter(one["by"].values())), one["stages"]) for one in answer["breakdown"]]
        agree_by(groups, read_csv(case / "breakdown.csv"))


@each([case for case in CASES if not beyond_the_oracle(case)])
def test_the_oracle_gives_what_was_worked_out_by_hand(case):
    names, ask, log = spelled_out(case)
    rows = [{"stage": name, **row} for name, row in zip(names, stage_rows(log, ask), strict=True)]
    agree(rows, read_csv(case / "expected.csv"))
    if (case / "breakdown.csv").exists():
        groups = breakdown(log, ask, "channel").items()
        named = [
            (value, [{"stage": name, **row} for name, row in zip(names, rows, strict=True)])
            for value, rows in groups
        ]
        agree_by(named, read_csv(case / "breakdown.csv"))


@each(CASES)
def test_a_case_says_what_it_pins(case):
    first = (case / "hourglass.toml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert len(events(case)) <= 12


def spelled_out(case):
    """The case in the words of the oracle: names of stages, question, log."""
    config, typed = configuration(case), arguments(case)
    stages = stages_of(case)
    rules = config.get("rules", {})
    zone = ZoneInfo(rules.get("timezone", "UTC"))
    given = dict(zip(typed[::2], typed[1::2], strict=True))
    ask = Ask(
        stages=[_stage(name, stage) for name, stage in stages.items()],
        rules=Rules(**_rules(rules)),
        since=_bound(given["--since"], zone) if "--since" in given else -inf,
        until=_bound(given["--until"], zone, end=True) if "--until" in given else inf,
        as_of=_bound(given["--as-of"], zone) if "--as-of" in given else None,
        exclusions=[_exclusion(written, list(stages)) for written in exclusions_of(case)],
    )
    names = [f"any {k}" for k, _ in enumerate(stages, 1)] if ask.rules.order == "any" else stages
    return list(names), ask, [_event(row) for row in events(case)]


SPANS = ("window", "tie_tolerance")


def _rules(written):
    spans = {name: _span(written[name]) for name in SPANS if name in written}
    count = {"count": "session_id"} if written.get("count") == "session" else {}
    return {**written, **spans, **count}


def _stage(name, written):
    found = written if isinstance(written, dict) else {"events": written}
    return Stage(
        _any_of(found["events"]),
        within=_span(found.get("within")),
        min_gap=_span(found.get("min_gap")) or 0,
        name=name,
        **{one: found[one] for one in ("optional", "nth", "first_time") if one in found},
    )


def _exclusion(written, stages):
    after, before = (stages.index(written[end]) + 1 for end in ("from", "to"))
    return Exclusion(_any_of(written["events"]), after, before)


def _any_of(names):
    return lambda event: event.name in names or "*" in names


def _event(row):
    ts = datetime.fromisoformat(row.pop("timestamp"))
    user, name = row.pop("user_id"), row.pop("event")
    return Event(user or None, name, _microseconds(ts), row)


def _microseconds(ts):
    return ((ts if ts.tzinfo else ts.replace(tzinfo=UTC)) - EPOCH) // MICROSECOND


def _span(text):
    if text is None:
        return None
    number, unit = re.fullmatch(r"(\d+) (second|minute|hour|day)s?", text).groups()
    return timedelta(**{f"{unit}s": int(number)}) // MICROSECOND


def _bound(text, zone, *, end=False):
    if len(text) > len("2024-01-01"):
        return _microseconds(datetime.fromisoformat(text))
    day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
    return _microseconds(datetime(day.year, day.month, day.day, tzinfo=zone))
