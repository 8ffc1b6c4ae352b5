"""Other tools' rules by name: seventeen people who come as far as the definition says."""

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

TABLE = Path(__file__).parents[1] / "golden_cases" / "seventeen_people.csv"
START = datetime(2026, 1, 5)
FLAGS = {
    "posthog": ["--like", "posthog"],
    "posthog strict": ["--like", "posthog", "--order", "strict"],
    "clickhouse": ["--like", "clickhouse"],
    "later without reuse": ["--like", "clickhouse", "--ties", "later", "--no-reuse"],
    "mixpanel": ["--like", "mixpanel"],
    "mixpanel-reentry": ["--like", "mixpanel-reentry"],
    "amplitude": ["--like", "amplitude"],
    "umami": ["--like", "umami"],
}
"""Columns of the table that this version can count, with the flags that count them."""


def people():
    return list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))


def rows(events):
    """Each event as its name and instant; several at one instant stay in the order written."""
    for word in events.split():
        name, number, unit = re.fullmatch(r"([A-Z])(\d+)(s?)", word).groups()
        yield name, START + timedelta(**{"seconds" if unit else "minutes": int(number)})


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    path = tmp_path_factory.mktemp("like") / "events.csv"
    lines = ["user_id,session_id,event,ts"]
    for person in people():
        lines += [
            f"{person['person']},{person['person']},{name},{ts.isoformat()}"
            for name, ts in rows(person["events"])
        ]
    path.write_text("\n".join(lines) + "\n")
    return path


def stages(log, *flags):
    words = ["funnel", str(log), "--steps", "A,B,C", "--window", "60 minutes", "-q"]
    ran = CliRunner().invoke(app, [*words, *flags, "--format", "json"])
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("column", FLAGS)
def test_all_together_come_to_the_totals_of_the_table(log, column):
    name = "posthog" if column == "clickhouse" else column
    deepest = [int(person[name]) for person in people()]
    expected = [sum(depth >= position for depth in deepest) for position in (1, 2, 3)]
    assert [one["users"] for one in stages(log, *FLAGS[column])["stages"]] == expected


@pytest.mark.parametrize("column", FLAGS)
@pytest.mark.parametrize("person", [person["person"] for person in people()])
def test_each_person_comes_as_far_as_the_table_says(log, column, person):
    name = "posthog" if column == "clickhouse" else column
    expected = next(int(one[name]) for one in people() if one["person"] == person)
    counted = stages(log, *FLAGS[column], "--where", f"user_id = '{person}'")
    assert sum(one["users"] for one in counted["stages"]) == expected


def test_flags_beat_the_preset_and_the_json_says_all_rules(log):
    rules = stages(log, "--like", "posthog", "--range", "entry")["rules"]
    assert (rules["range"], rules["strict_repeat"], rules["window"]) == ("entry", "pass", 3600)


def test_a_preset_beats_the_configuration(log, tmp_path):
    config = tmp_path / "hourglass.toml"
    config.write_text('[rules]\nreuse = false\ntimezone = "Europe/Helsinki"\n')
    rules = stages(log, "--like", "clickhouse", "--config", str(config))["rules"]
    assert (rules["reuse"], rules["timezone"]) == (True, "Europe/Helsinki")


def test_a_tolerance_is_refused_where_stages_share_events(log):
    words = ["funnel", str(log), "--steps", "A,B,A", "--like", "amplitude", "-q"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 2
    assert "tie_tolerance: stages that share events" in ran.stderr


ORDERS = """user_id,event,ts
u,page_view,2026-01-05
u,order_paid,2026-01-06
u,order_paid,2026-01-07
"""


def guessed(tmp_path, *flags):
    """Ask about a log whose orders are taken for buy and for repeat."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return CliRunner().invoke(app, ["funnel", str(path), *flags, "-q"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--like", "mixpanel"], "--like mixpanel sets tie_tolerance"),
        (["--like", "mixpanel-reentry"], "--like mixpanel-reentry sets tie_tolerance"),
        (["--like", "amplitude"], "--like amplitude sets tie_tolerance"),
        (["--like", "amplitude", "--tie-tolerance", "3s"], "error: tie_tolerance"),
        (["--order", "any"], "error: order = any"),
    ],
)
def test_a_refusal_names_what_was_typed_and_what_works(tmp_path, asked, told):
    ran = guessed(tmp_path, *asked)
    assert ran.exit_code == 2
    assert f"{told}: stages that share events are counted" in ran.stderr
    assert "here buy and repeat do" in ran.stderr
    assert "hint: --reuse lets one event fill several stages; those of --model buying-cycle" in (
        ran.stderr
    )
    for way in (["--reuse"], ["--model", "buying-cycle"]):
        assert guessed(tmp_path, *asked, *way).exit_code == 0


def test_what_a_preset_sets_is_said_where_a_flag_does_not_go_with_it(log):
    words = ["funnel", str(log), "--steps", "A,B", "--like", "amplitude", "-q"]
    ran = CliRunner().invoke(app, [*words, "--order", "strict"])
    assert ran.exit_code == 2
    assert "--like amplitude sets entry = best, tie_tolerance = 1 second, range" in ran.stderr
    ran = CliRunner().invoke(app, [*words, "--window-from", "previous"])
    assert "error: --like amplitude sets tie_tolerance: a longest time" in ran.stderr


def test_two_stages_that_share_an_event_are_named(log):
    words = ["funnel", str(log), "--like", "amplitude", "-q", "--steps"]
    assert "here B and A|B do" in CliRunner().invoke(app, [*words, "C,B,A|B"]).stderr
    assert "here A and A|B do" in CliRunner().invoke(app, [*words, "A,B,A|B"]).stderr


def test_reconcile_says_why_a_preset_is_left_out(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    ran = CliRunner().invoke(app, ["reconcile", str(path), "--format", "md"])
    assert "amplitude is left out: tie_tolerance: stages that share events" in ran.stdout
    assert "--like" not in ran.stdout
    ran = CliRunner().invoke(app, ["reconcile", str(path), "--like", "posthog", "--format", "md"])
    assert "amplitude is left out: tie_tolerance: stages that share events" in ran.stdout


def test_counting_sessions_needs_a_column_of_sessions(tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("user_id,event,ts\nu,A,2026-01-05\nu,B,2026-01-06\n")
    ran = CliRunner().invoke(app, ["funnel", str(path), "--steps", "A,B", "--count", "session"])
    assert ran.exit_code == 2
    assert 'no column "session_id" to count' in ran.stderr
