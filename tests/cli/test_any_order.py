"""`order = any`: counted by hand, and refused by name where it means nothing."""

import json

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

EVENTS = """user_id,event,ts
u1,c,2026-01-01T10:00:00Z
u1,a,2026-01-01T11:00:00Z
u1,b,2026-01-01T12:00:00Z
u2,a,2026-01-01T10:00:00Z
u2,b,2026-01-03T10:00:00Z
u2,c,2026-01-03T11:00:00Z
u3,b,2026-01-01T10:00:00Z
u3,b,2026-01-01T10:30:00Z
u4,a,2026-01-01T10:00:00Z
u4,x,2026-01-01T10:00:00Z
u4,c,2026-01-02T10:00:00Z
"""


@pytest.fixture
def log(tmp_path):
    (tmp_path / "log.csv").write_text(EVENTS)
    return str(tmp_path / "log.csv")


def run(log, *flags):
    return CliRunner().invoke(app, ["funnel", log, "--order", "any", "-q", *flags])


def stages(log, *flags):
    ran = run(log, "--steps", "a,b,c", "--format", "json", *flags)
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)["stages"]


def test_row_k_counts_people_with_k_different_stages_in_one_window(log):
    # u1 did all three in two hours; u2 b and c in one hour; u3 only b; u4 a and, a day on, c
    rows = stages(log, "--window", "24 hours")
    assert [one["stage"] for one in rows] == ["any 1", "any 2", "any 3"]
    assert [one["users"] for one in rows] == [4, 3, 1]
    assert [one["ever"] for one in rows] == [4, 3, 2]


def test_the_end_of_the_window_is_inside(log):
    assert [one["users"] for one in stages(log, "--window", "86399s")] == [4, 2, 1]


def test_times_are_from_one_stage_to_the_next_that_came(log):
    # to the second stage: u1 one hour, u2 one hour, u4 a day; to the third: u1 one hour
    rows = stages(log, "--window", "24 hours")
    assert [one["median_seconds"] for one in rows] == [None, 3600, 3600]
    assert rows[1]["mean_seconds"] == (3600 + 3600 + 86400) / 3


def test_the_earliest_of_equally_deep_openings_counts(log):
    # without a window u2 has all three from the first a on
    assert [one["users"] for one in stages(log)] == [4, 3, 2]


def test_an_opening_must_lie_in_the_period(log):
    assert [one["users"] for one in stages(log, "--since", "2026-01-02")] == [2, 1, 0]


def test_maturity_is_judged_from_the_opening(log):
    rows = stages(log, "--window", "24 hours", "--as-of", "2026-01-04T10:00:00Z")
    assert [one["mature_users"] for one in rows] == [4, 3, 1]
    rows = stages(log, "--window", "24 hours", "--as-of", "2026-01-03T12:00:00Z")
    assert [one["mature_users"] for one in rows] == [4, 2, 1]
    assert [one["immature"] for one in rows] == [0, 1, 0]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--steps", "a,b,a"], "reuse"),
        (["--steps", "a,b", "--ties", "later"], "ties = later"),
        (["--steps", "a,b", "--window-from", "previous", "--window", "1d"], "window_from"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(log, flags, said):
    ran = run(log, *flags)
    assert ran.exit_code == 2
    assert "order = any" in ran.stderr
    assert said in ran.stderr


def test_a_gap_from_the_stage_before_is_refused(log, tmp_path):
    (tmp_path / "gap.toml").write_text(
        '[models.m.stages]\na = ["a"]\nb = { events = ["b"], within = "1 hour" }\n'
    )
    ran = run(log, "--config", str(tmp_path / "gap.toml"), "--model", "m")
    assert ran.exit_code == 2
    assert "within" in ran.stderr


def test_stages_may_share_events_where_events_may_be_reused(log):
    # an a fills two stages: u1 and u2 have three, u4 two, u3 one
    assert [one["users"] for one in stages(log, "--steps", "a,b,a", "--reuse")] == [4, 3, 2]
