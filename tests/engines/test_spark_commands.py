"""Every command that runs on a cluster says there what it says on DuckDB, and the rest is refused.

The log has crowds of ties, nulls, letters of all kinds, purchases too near to each other, people
who name referrers (themselves, nobody, each other), changes of clocks. DuckDB's own answers are
held against definitions in plain Python by tests/property.
"""

import json
import math
import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.cli.flags import ON_SPARK
from tests.engines import sail

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

CONFIG = """
[columns]
referrer = "invited_by"

[stages]
know = ["view", "ad"]
like = ["follow"]
try = { events = ["trial"], within = "20 days" }
buy = { events = ["order"], where = "plan <> 'void' or plan is null" }
repeat = { events = ["order", "renewal"], min_gap = "1 day" }
refer = ["invited"]

[models.shop.stages]
seen = ["view", "ad"]
tried = ["trial"]
paid = ["order", "view"]

[[models.shop.exclusions]]
events = ["noise", "error"]
where = "device <> 'a' or device is null"
from = "seen"
to = "paid"

[models.loose.stages]
seen = ["view", "ad"]
liked = { events = ["follow", "form"], optional = true }
tried = { events = ["trial", "view"], optional = true }
paid = { events = ["order"], within = "12 days" }

[rules]
window = "30 days"

[personas]
payer = "plan = 'pro' or revenue > 15"
shopper = "channel = 'store' and event <> 'noise'"
nobody = "plan = 'none such'"

[touchpoints]
physical = ["store", "Ж"]

[triggers.abandoned]
events = ["trial"]
without = ["order"]
within = "36 hours"

[triggers.again]
events = ["order"]
without = ["order"]
within = "10 days"
where = "plan = 'pro'"

[triggers.busy]
events = ["view", "trial", "form"]
without = ["order", "form"]
within = "2 days"

[friction.try]
attempted = ["form"]
failed = ["error"]

[friction.buy]
attempted = ["order", "form"]
failed = ["error"]
"""
NAMES = ["view", "ad", "follow", "trial", "order", "renewal", "invited", "form", "error", "noise"]
WEIGHTS = [4, 2, 3, 3, 4, 2, 1, 2, 2, 3]
FIRST = datetime(2026, 3, 1)
COLUMNS = "user_id varchar, event varchar, ts timestamp, channel varchar, revenue double,"
MORE = "cost double, invited_by varchar, plan varchar, device varchar"


def log(people: int, seed: int = 1) -> list[tuple]:
    """Rows of an export: everybody's moments are few, so that many are shared."""
    dice = random.Random(seed)
    names = [f"u{number}" for number in range(people)] + ["Ünï ‘çødé’", 'o\'neill \\ "x"', None]
    rows = []
    for name in names:
        referrer = dice.choice([None, None, "", name, "nobody", *dice.choices(names, k=6)])
        for _ in range(dice.randint(1, 14)):
            event = dice.choices(NAMES, WEIGHTS)[0]
            moment = FIRST + timedelta(hours=6 * dice.randrange(200))
            paid = dice.choice([None, 10.0, 19.99, 0.1]) if event in ("order", "renewal") else None
            rows.append(
                (name, event, moment, dice.choice(["ads", "", None, "store", "é\\'", "Ж"]),
                 paid, dice.choice([None, None, 0.25, 1.1]), dice.choice([None, referrer]),
                 dice.choice([None, "pro", "void", "free"]), dice.choice(["a", "b", "", None]))
            )  # fmt: skip
    return rows


def write_log(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table events ({COLUMNS} {MORE})")
        connection.executemany(f"insert into events values ({', '.join('?' * 9)})", log(250))
        connection.execute(f"copy events to '{path}'")


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("events") / "events.parquet"
    write_log(path)
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def alike(there, here, place: str = "") -> None:
    """Equal but for the last digits of numbers: sums are added in another order."""
    if isinstance(here, dict):
        assert list(there) == list(here), place
        for name in here:
            alike(there[name], here[name], f"{place}.{name}")
    elif isinstance(here, list):
        assert len(there) == len(here), place
        for number, (one, other) in enumerate(zip(there, here, strict=True)):
            alike(one, other, f"{place}[{number}]")
    elif isinstance(here, float):
        assert there is not None, place
        assert math.isclose(there, here, rel_tol=1e-9, abs_tol=1e-6), f"{place}: {there} {here}"
    else:
        assert there == here, place


ASKED = [
    "funnel",
    "funnel --by channel --since 2026-03-10 --until 2026-04-05",
    "funnel --times",
    "retention",
    "retention --unit week --by channel --top 2 --tz Europe/Helsinki --as-of 2026-04-15",
    "retention --unit day --by channel --by device --value revenue --since 2026-03-05",
    "paths --by channel",
    "paths --since 2026-03-10 --until 2026-04-01 --top 3 --tz America/New_York",
    "referrals --show-ids",
    "referrals --by channel --since 2026-03-05 --until 2026-04-01 --window 10d --show-ids",
    "triggers",
    "triggers --by device --landmark 3d --horizon 12d --since 2026-03-03 --as-of 2026-04-18",
    "touchpoints",
    "touchpoints --by device --top 3 --since 2026-03-10 --until 2026-04-05",
    "people",
    "people --all --limit 40 --dropped try --window 3d",
    "people --steps view,follow,order --order any --reason never --as-of 2026-04-20",
    "people --trigger busy",
    "people --trigger again --limit 7 --since 2026-03-05",
    "people --model shop --all --reuse --tie-tolerance 6h",
    "people --model shop --order any --reuse --exclusion void",
    "trend --model shop --by channel --exclusion keep --entry last --window 10d",
    "people --model loose --all",
    "trend --model loose --by device --window 10d",
    "people --hold device --window 10d",
    "funnel --by device --attribution stage:try --top 2",
    "funnel --by device --attribution all --order any --steps view,trial,order",
    "trend --hold device --unit month --window 10d",
    "reconcile --show-ids",
    "reconcile --model loose --window 10d",
    "friction",
    "friction --by device --since 2026-03-10 --until 2026-04-01",
    "report -o - --by channel --by device --since 2026-03-22 --until 2026-04-05",
    "check --as-of 2026-04-20",
    "funnel --by persona",
    "funnel --by device --by persona --by channel --top 4 --attribution entry",
    "retention --by persona --by channel",
    "triggers --by persona",
    "friction --by persona",
    "paths --by persona",
    "referrals --by persona",
    "touchpoints --by persona",
    "report -o - --by persona",
]


def both(master: str, exported: Path, folder: Path, asked: str) -> None:
    """The same question to both engines."""
    command, *more = asked.split()
    config = folder / "hourglass.toml"
    config.write_text(CONFIG)
    typed = [command, exported, "--config", config, *more, "--format", "json", "-q"]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert here.exit_code == 0, here.stderr
    assert there.exit_code == 0, there.stderr
    alike(json.loads(there.stdout), json.loads(here.stdout))
    assert there.stderr == here.stderr


@pytest.mark.parametrize("asked", ASKED)
def test_the_answer_is_that_of_duckdb(master, exported, tmp_path, asked) -> None:
    both(master, exported, tmp_path, asked)


def test_every_command_that_runs_there_is_asked() -> None:
    assert {one.split()[0] for one in ASKED} | {"compare", "inspect"} == set(ON_SPARK)


@pytest.mark.parametrize("show", ["", "--show-ids"])
def test_inspect_says_there_what_it_says_here(master, exported, tmp_path, show) -> None:
    same_inspection(master, exported, tmp_path, *show.split())


def same_inspection(master: str, exported: Path, folder: Path, *show: str) -> None:
    """Equal but for types and instants, written otherwise, and for what the order of rows says."""
    rows = folder / "with_gaps_and_a_bot.parquet"
    bot = "select 'bot' as user_id, 'view' as event, timestamp '2026-06-20' as ts from range(600)"
    odd = "(values ('x', null), (null, timestamp '2026-01-01')) as t(event, ts)"
    broken = f"select 'u1' as user_id, * from {odd}"
    duckdb.sql(
        f"copy (from '{exported}' union all by name {bot} union all by name {broken}) to '{rows}'"
    )
    (folder / "hourglass.toml").write_text(CONFIG)
    typed = ["inspect", rows, "--config", folder / "hourglass.toml", *show, "--format", "json"]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert there.exit_code == 0, there.stderr
    answers = [json.loads(one.stdout) for one in (here, there)]
    for answer in answers:
        for row in answer["columns"]:
            row.pop("type")
            row["example"] = row["column"] == "ts" or row["example"]
        answer["quality"] = [one for one in answer["quality"] if "later one" not in one["check"]]
        answer["files"][0].pop("format")
        answer["rejects"] = [row["rows"] for row in answer["rejects"]]
    alike(answers[1], answers[0])
    assert {"gaps", "odd_people"} <= set(answers[1])


def test_a_report_in_words_is_that_of_duckdb(master, exported, tmp_path) -> None:
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    typed = ["report", exported, "--config", tmp_path / "hourglass.toml", "-f", "md", "-o", "-"]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert there.exit_code == 0, there.stderr
    ours, theirs = (one.stdout.splitlines() for one in (here, there))
    (place,) = (number for number, line in enumerate(ours) if line.startswith("- Versions:"))
    assert " · spark " in theirs.pop(place)
    assert " · duckdb " in ours.pop(place)
    assert theirs == ours


@pytest.mark.parametrize("who", ["--all", "--trigger busy"])
def test_the_cluster_writes_people_to_a_path_of_its_own(master, exported, tmp_path, who) -> None:
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    config = tmp_path / "hourglass.toml"
    typed = ["people", exported, "--config", config, *who.split(), "--spreadsheet"]
    for form in ("csv", "parquet"):
        more = [] if form == "parquet" else typed[-1:]
        asked = [*typed[:-1], *more]
        here, there = tmp_path / f"here.{form}", tmp_path / f"there.{form}"
        assert run(*asked, "-o", here).exit_code == 0
        done = run(*asked, "-o", there, "--engine", "spark", "--master", master)
        assert done.exit_code == 0, done.stderr
        assert f"the cluster wrote {there}" in done.stderr
        read = f"from read_{form}('{{}}') order by all"
        rows = duckdb.sql(read.format(here)).fetchall()
        assert duckdb.sql(read.format(f"{there}/*.{form}")).fetchall() == rows
        again = run(*asked, "-o", there, "--engine", "spark", "--master", master)
        assert again.exit_code == 5
        assert "could not write" in again.stderr


def test_people_are_not_written_to_a_path_of_this_machine(master, exported) -> None:
    asked = ["people", exported, "--engine", "spark", "--master", master, "--steps", "view,order"]
    for output in (["-o", "people.csv"], ["--format", "csv"]):
        done = run(*asked, *output)
        assert done.exit_code == 2
        assert "written by the cluster" in done.stderr
