"""The same seventeen people under every preset, and who is moved by which rule."""

import json

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from tests.cli.test_like import log  # noqa: F401  (a fixture)


def reconciled(log, *flags):  # noqa: F811
    words = ["reconcile", str(log), "--steps", "A,B,C", "--window", "60 minutes", "-q"]
    ran = CliRunner().invoke(app, [*words, *flags, "--format", "json"])
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


def users(answer):
    return {
        one["by"]["preset"]: [stage["users"] for stage in one["stages"]]
        for one in answer["presets"]
    }


def row(answer, preset, rule):
    (found,) = [
        one for one in answer["differences"] if (one["preset"], one["rule"]) == (preset, rule)
    ]
    return found


def test_every_preset_stands_beside_the_rules_asked_for(log):  # noqa: F811
    assert users(reconciled(log)) == {
        "as asked": [16, 12, 11],
        "posthog": [16, 12, 12],  # its window is 14 days
        "clickhouse": [16, 12, 11],
        "mixpanel": [16, 13, 13],  # its window is 7 days
        "mixpanel-reentry": [16, 13, 13],
        "amplitude": [16, 13, 12],
        "umami": [16, 12, 12],
        "ga4": [16, 12, 12],
    }


def rates(answer, preset):
    (found,) = [one["stages"] for one in answer["presets"] if one["by"]["preset"] == preset]
    return [(stage["step_rate"], stage["total_rate"]) for stage in found]


def test_rates_are_of_the_stage_before_and_of_all_who_entered(log):  # noqa: F811
    assert rates(reconciled(log), "as asked") == [
        (None, 1),
        (pytest.approx(12 / 16), pytest.approx(12 / 16)),
        (pytest.approx(11 / 12), pytest.approx(11 / 16)),
    ]


def test_who_began_at_a_later_stage_did_not_come_from_the_one_before(log):  # noqa: F811
    # 11 begin at A; u07, u08, u13 and u14 at B; u04 and u12 at C; all of them come to C
    assert rates(reconciled(log, "--open"), "as asked") == [
        (None, pytest.approx(11 / 17)),
        (1, pytest.approx(15 / 17)),
        (1, 1),
    ]


def test_where_nobody_entered_there_are_stages_and_no_rates(log):  # noqa: F811
    answer = reconciled(log, "--since", "2027-01-01")
    assert users(answer)["ga4"] == [0, 0, 0]
    assert rates(answer, "ga4") == [(None, None)] * 3


def test_the_rule_that_makes_the_difference_is_named_with_the_people(log):  # noqa: F811
    moved = row(reconciled(log, "--show-ids"), "ga4", "window_from")
    assert (moved["people"], moved["deeper"], moved["less_deep"]) == (1, 1, 0)
    assert moved["examples"] == "u08"
    assert (moved["ours"], moved["theirs"]) == ("entry", "previous")


def test_durations_are_written_as_they_may_be_typed(log):  # noqa: F811
    answer = reconciled(log)
    said = [row(answer, "mixpanel", rule) for rule in ("window", "tie_tolerance")]
    assert [(one["ours"], one["theirs"]) for one in said] == [
        ("1 hour", "7 days"),
        ("0", "2 seconds"),
    ]
    assert row(reconciled(log, "--window", "90s"), "mixpanel", "window")["ours"] == "90 seconds"


def test_ids_are_short_hashes_unless_they_are_asked_for(log):  # noqa: F811
    assert len(row(reconciled(log), "ga4", "window_from")["examples"]) == 8


def test_at_most_three_people_are_shown(log):  # noqa: F811
    answer = reconciled(log, "--ties", "later", "--show-ids")
    moved = row(answer, "posthog", "ties")
    assert moved["people"] == 2
    assert moved["examples"] == "u05, u06"


def test_who_is_in_no_stage_any_more_got_less_deep_too(log):  # noqa: F811
    moved = row(reconciled(log, "--open", "--show-ids"), "ga4", "closed")
    # u13 never did A; u04, u07, u12 and u14 came to C only from B or C, not from their A
    assert (moved["people"], moved["deeper"], moved["less_deep"]) == (5, 0, 5)
    assert moved["examples"] == "u04, u07, u12"
    assert (moved["ours"], moved["theirs"]) == ("false", "true")


def test_who_was_in_no_stage_before_gets_deeper_too(log, tmp_path):  # noqa: F811
    (tmp_path / "model.toml").write_text(
        '[models.abc.stages]\nA = "A"\nB = "B"\nC = "C"\n'
        '[[models.abc.exclusions]]\nevents = "X"\nfrom = "A"\nto = "B"\n'
    )
    words = ["reconcile", str(log), "--config", str(tmp_path / "model.toml"), "--model", "abc"]
    # only u11 did X between A and B: dropped from every stage, or at A still
    for ours, preset, theirs, deeper, less in [
        ("drop", "mixpanel", "keep", 1, 0),
        ("keep", "posthog", "drop", 0, 1),
    ]:
        flags = ["--exclusion", ours, "--show-ids", "-q", "--format", "json"]
        ran = CliRunner().invoke(app, [*words, *flags])
        assert ran.exit_code == 0, ran.stderr
        moved = row(json.loads(ran.stdout), preset, "exclusion")
        assert (moved["people"], moved["deeper"], moved["less_deep"]) == (1, deeper, less)
        assert moved["examples"] == "u11"
        assert (moved["ours"], moved["theirs"]) == (ours, theirs)


def test_where_others_are_counted_nobody_is_said_to_have_moved(log):  # noqa: F811
    assert row(reconciled(log), "umami", "count")["people"] is None


def test_what_cannot_be_reconciled_is_refused(log):  # noqa: F811
    ran = CliRunner().invoke(app, ["reconcile", str(log), "--steps", "A,B,C", "--by", "event"])
    assert ran.exit_code == 2
    assert "no breakdown" in ran.stderr


def test_presets_that_do_not_go_with_an_order_are_left_out_and_named(log):  # noqa: F811
    answer = reconciled(log, "--order", "strict")
    assert {one["by"]["preset"] for one in answer["presets"]} == {
        "as asked", "posthog", "clickhouse", "umami", "ga4",
    }  # fmt: skip
    assert any(note.startswith("amplitude is left out: order = strict") for note in answer["notes"])


def test_a_database_keeps_one_set_of_rules_and_the_others_are_counted_too(log, tmp_path):  # noqa: F811
    database = str(tmp_path / "e.duckdb")
    (tmp_path / "model.toml").write_text(
        '[models.abc.stages]\nA = "A"\nB = "B"\nC = "C"\n[rules]\nwindow = "60 minutes"\n'
    )
    run = CliRunner().invoke
    words = ["load", str(log), "--db", database, "--config", str(tmp_path / "model.toml"), "-q"]
    assert run(app, words).exit_code == 0
    ran = run(app, ["reconcile", "--db", database, "-q", "--format", "json"])
    assert ran.exit_code == 0, ran.stderr
    assert json.loads(ran.stdout)["presets"] == reconciled(log)["presets"]


HELD = """user_id,session_id,event,ts
u1,s1,A,2026-01-05T10:00:00Z
u1,s2,B,2026-01-05T10:10:00Z
u1,s1,C,2026-01-05T10:20:00Z
u2,s3,A,2026-01-05T10:00:00Z
u2,s3,B,2026-01-05T10:10:00Z
u2,s3,C,2026-01-05T10:20:00Z
"""
"""Only u2 does everything in one session; u1 leaves it for B."""


def test_one_value_all_along_is_asked_for_under_every_preset(tmp_path):
    file = tmp_path / "held.csv"
    file.write_text(HELD)
    counts = users(reconciled(file, "--hold", "session_id"))
    assert len(counts) == 8
    assert all(found == [2, 1, 1] for found in counts.values())  # for umami: s1 and s3, then s3


ROWS = """user_id,session_id,event,ts
u1,s1,A,2026-01-05T10:00:00Z
u1,s1,C,2026-01-05T10:00:00Z
u1,s1,B,2026-01-05T10:00:00Z
u2,s2,C,2026-01-05T10:00:00Z
u2,s2,A,2026-01-05T10:00:00Z
u3,s3,A,2026-01-05T10:00:00Z
u3,s3,B,2026-01-05T10:00:00Z
u3,s3,C,2026-01-05T10:00:00Z
"""
"""In this order u1 comes to C without B, u2 no further than A, u3 to C by B."""


def test_the_order_of_the_file_is_what_other_tools_do_not_look_at(tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "model.toml").write_text(
        '[models.abc.stages]\nA = "A"\nB = { events = "B", optional = true }\nC = "C"\n'
    )
    words = ["reconcile", str(tmp_path / "rows.csv"), "--config", str(tmp_path / "model.toml")]
    flags = ["--model", "abc", "--ties", "row", "--show-ids", "-q", "--format", "json"]
    ran = CliRunner().invoke(app, [*words, *flags])
    assert ran.exit_code == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert users(answer) == {  # what tolerates ties is left out
        "as asked": [3, 1, 2],
        "posthog": [3, 2, 3],
        "clickhouse": [3, 2, 3],
        "umami": [3, 1, 2],  # says nothing of ties
        "ga4": [3, 1, 2],
    }
    moved = row(answer, "posthog", "ties")
    assert (moved["people"], moved["deeper"], moved["less_deep"]) == (2, 1, 0)
    assert moved["examples"] == "u1, u2"
