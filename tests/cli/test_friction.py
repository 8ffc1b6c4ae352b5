"""`hourglass friction`: a form that fails, by hand, and what has to be configured."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.sample import plan

ROOT = Path(__file__).parents[2]
ASKED = ("friction", "export.csv", "-q")
CONFIG = """
[stages]
know = ["visit"]
try = ["trial"]
buy = ["order"]

[models.checkout.stages]
cart = ["visit"]
pay = ["order"]

[friction.try]
attempted = ["form"]
failed = ["error"]
"""
EVENTS = [
    ("anna", "visit", "01T10:00", ""),
    ("anna", "form", "01T10:00", ""),
    ("anna", "trial", "01T10:00", ""),  # at the very instant of the attempt: done
    ("ben", "trial", "01T09:00", ""),  # before the attempt: not done
    ("ben", "form", "01T10:00", ""),
    ("ben", "error", "01T10:01", "old"),
    ("carla", "form", "01T10:00", ""),
    ("carla", "error", "01T10:01", "old"),
    ("carla", "form", "02T10:00", ""),
    ("carla", "error", "02T10:01", "new"),
    ("carla", "trial", "03T10:00", ""),  # two days after her first attempt: done
    ("dora", "form", "01T10:00", ""),
    ("dora", "trial", "08T10:00", ""),  # exactly seven days later
    ("emil", "error", "01T12:00", "new"),  # a failure without an attempt
    ("emil", "trial", "08T12:01", ""),  # a minute too late for a window of seven days
    ("finn", "form", "20T10:00", ""),  # has time until the 27th
    ("gita", "visit", "25T00:00", ""),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = "".join(f"{user},{name},2026-03-{at},{app}\n" for user, name, at, app in EVENTS)
    (tmp_path / "export.csv").write_text(f"user_id,event,ts,version\n{rows}")
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def answer(*words: str) -> dict[str, Any]:
    done = run(*ASKED, *words, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def stage(*words: str) -> dict[str, Any]:
    (row,) = answer(*words)["friction"]
    found: dict[str, Any] = row
    return found


def test_the_log_by_hand() -> None:
    row = stage("--window", "7 days")
    assert (row["position"], row["stage"]) == (2, "try")
    assert (row["attempted"], row["done"], row["done_rate"]) == (5, 3, 0.6)
    assert (row["failed"], row["never_done"], row["never_done_rate"]) == (3, 2, 2 / 3)
    assert (row["immature"], row["mature_attempted"], row["mature_done"]) == (1, 4, 3)
    assert (row["mature_done_rate"], row["immature_failed"]) == (0.75, 0)


def test_without_a_window_there_are_thirty_days_and_it_is_said() -> None:
    found = answer()
    assert found["rules"]["window"] == 30 * 86_400
    assert "W is 30 days, as the rules have no window" in found["notes"]
    (row,) = found["friction"]
    assert (row["never_done"], row["immature_failed"], row["mature_done_rate"]) == (1, 1, None)


def test_a_period_binds_attempts_and_failures_and_reads_on() -> None:
    row = stage("--window", "7 days", "--since", "2026-03-01", "--until", "2026-03-01")
    assert (row["attempted"], row["done"], row["failed"], row["never_done"]) == (4, 3, 3, 2)
    row = stage("--window", "7 days", "--since", "2026-03-02", "--until", "2026-03-02")
    assert (row["attempted"], row["done"], row["failed"], row["never_done"]) == (1, 1, 1, 0)


def test_with_range_all_it_binds_every_event() -> None:
    Path("hourglass.toml").write_text(CONFIG + '[rules]\nrange = "all"\n')
    row = stage("--window", "7 days", "--until", "2026-03-03T10:00")
    assert (row["attempted"], row["done"], row["failed"], row["never_done"]) == (4, 1, 3, 3)


def test_failures_by_what_the_failing_event_says() -> None:
    found = answer("--window", "7 days", "--by", "version")
    said = [
        (row["by"], [(one["stage"], one["failed"], one["never_done"]) for one in row["stages"]])
        for row in found["breakdown"]
    ]
    assert said == [
        ({"version": "new"}, [("try", 2, 1)]),
        ({"version": "old"}, [("try", 2, 1)]),
    ]
    assert any("who failed with several values is in several rows" in one for one in found["notes"])


def test_the_table_and_csv() -> None:
    done = run(*ASKED, "--window", "7 days")
    assert done.stdout.startswith("Friction of hourglass · all data · counted by user\n")
    assert "Rules: window 7 d, as of 2026-03-25T00:00:00Z, times in UTC." in done.stdout
    done = run(*ASKED, "--by", "version", "-f", "csv")
    assert [row["version"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["new", "old"]


def test_a_database_brings_its_configuration(folder: Path) -> None:
    assert run("load", "export.csv", "--db", "events.duckdb", "-q").exit_code == 0
    expected = stage()
    (folder / "hourglass.toml").unlink()
    done = run("friction", "--db", "events.duckdb", "-q", "-f", "json")
    assert json.loads(done.stdout)["friction"] == [expected]


def test_an_event_that_the_data_lack_is_a_warning() -> None:
    Path("hourglass.toml").write_text(CONFIG.replace('"form"', '"from"'))
    done = run("friction", "export.csv")
    assert done.exit_code == 0
    assert 'friction of try: no event "from" in the data; did you mean "form"?' in done.stderr


def test_without_friction_it_says_what_to_write() -> None:
    Path("hourglass.toml").write_text(CONFIG.partition("[friction")[0])
    done = run(*ASKED)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no [friction] is configured" in done.stderr
    assert 'try = { attempted = ["form_opened"], failed = ["form_error"] }' in done.stderr


def test_a_model_without_such_a_stage_is_refused() -> None:
    done = run(*ASKED, "--model", "checkout")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "[friction] is about try, and model checkout has the stages cart, pay" in done.stderr
    assert "write [friction.pay] in hourglass.toml" in done.stderr


def test_a_stage_of_any_model_may_be_named() -> None:
    more = '[friction.pay]\nattempted = ["visit"]\nfailed = ["error"]\n'
    Path("hourglass.toml").write_text(CONFIG + more)
    found = answer("--model", "checkout")
    assert [row["stage"] for row in found["friction"]] == ["pay"]
    assert "[friction] of try: no stage of this model" in found["notes"]


def test_a_stage_of_a_model_rolled_up() -> None:
    more = '[friction.consideration]\nattempted = ["form"]\nfailed = ["error"]\n'
    Path("hourglass.toml").write_text(CONFIG + more)
    (row,) = answer("--model", "buying-cycle")["friction"]
    assert (row["position"], row["stage"], row["attempted"]) == (2, "consideration", 5)


def test_a_rule_that_has_no_say_is_refused() -> None:
    done = run(*ASKED, "--entry", "first")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--entry has no say here: no funnel is followed" in done.stderr


def test_a_property_that_is_not_there_is_named() -> None:
    done = run(*ASKED, "--by", "versoin")
    assert done.exit_code == 2
    assert 'did you mean "version"' in done.stderr


def test_what_is_planted_in_the_sample_is_found() -> None:
    found = sample("[rules]\nwindow = '7 days'\n")
    after_error, without = plan.TRIAL_AFTER_ERROR, plan.TRIAL_WITHOUT_ERROR
    planted = plan.FORM_ERROR * after_error + (1 - plan.FORM_ERROR) * without
    assert found["done_low"] < planted < found["done_high"]
    assert found["never_done_low"] < 1 - after_error < found["never_done_high"]


def sample(rules: str) -> dict[str, Any]:
    stages = (ROOT / "tests" / "data" / "sample.toml").read_text("utf-8").partition("[rules]")[0]
    tried = '[friction.try]\nattempted = "trial_form_opened"\nfailed = "trial_form_error"\n'
    Path("hourglass.toml").write_text(stages + tried + rules)
    done = run("friction", str(ROOT / "sample_events.parquet"), "-q", "-f", "json")
    assert done.exit_code == 0, done.stderr
    (row,) = json.loads(done.stdout)["friction"]
    found: dict[str, Any] = row
    return found
