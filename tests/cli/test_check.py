"""`hourglass check` as a program: what it prints, what it writes, and every exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

WEEK = ("--since", "2026-03-09", "--until", "2026-03-15")
STAGES = '[stages]\nknow = "view"\nbuy = "pay"\n'
QUERY = "-- Rows.\n--\n{}-- returns problem VARCHAR\n{}\n"


def people(week: int, views: int, pays: int, channel: str) -> Iterator[str]:
    """Write people who view on the Monday of a week, of whom some pay an hour later."""
    day = 2 + 7 * week
    for number in range(views):
        user = f"{channel}{week}-{number}"
        yield f"{user},view,2026-03-{day:02}T10:00:00Z,{channel}"
        if number < pays:
            yield f"{user},pay,2026-03-{day:02}T11:00:00Z,{channel}"


# 2 and 9 March: 100 + 40 people, of whom 60 + 4 paid; then 100 + 40, of whom 30 + 4 paid
ROWS = [
    *people(0, 100, 60, "mail"), *people(0, 40, 4, "shop"),
    *people(1, 100, 30, "mail"), *people(1, 40, 4, "shop"),
]  # fmt: skip
DAYS = [f"d,other,2026-03-{day:02}T09:00:00Z,mail" for day in range(2, 16)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lines = ["user_id,event,ts,channel", *ROWS, *DAYS]
    (tmp_path / "export.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "hourglass.toml").write_text(STAGES)
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_STEP_SUMMARY", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def configure(*checks: str, before: str = STAGES) -> None:
    Path("hourglass.toml").write_text(before + "".join(f"[[check]]\n{one}\n" for one in checks))


def words_of(*words: str) -> list[str]:
    return ["check", *words] if "--db" in words else ["check", "export.csv", *words]


def run(*words: str, **environment: str) -> Any:
    """Type it, in this process."""
    return CliRunner().invoke(app, words_of(*words), env=environment)


def program(*words: str, code: str = "from hourglass.cli import app; app()") -> Any:
    """Run it as a program of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *words_of(*words)],
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(*words: str, code: int = 0) -> list[dict[str, Any]]:
    done = run(*words, "--format", "json", "-q")
    assert done.exit_code == code, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["checks"]
    return found


def rate(**keys: Any) -> str:
    said = {"measure": "total_rate", "stage": "buy", **keys}
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in said.items())


# --- exit codes, as programs -------------------------------------------------------------------

BUG = """
import hourglass.analyses.checks as checks
from hourglass.cli import app
checks.run_checks = lambda *given: 1 / 0
app()
"""


@pytest.mark.parametrize(
    ("code", "check", "words", "said"),
    [
        (0, rate(min=0.2), (), ""),
        (1, rate(min=0.9), (), ""),
        (1, rate(min=0.9, severity="warn"), ("--strict",), ""),
        (2, rate(min=20), (), "hourglass.toml:7: check.1.min: 20 is more than all"),
        (3, rate(min=0.2), ("--last-week", "--as-of", "2026-06-01"), "there are no rows in the"),
        (4, rate(min=0.2), ("--queries", "sql"), "mine.sql"),
        (5, rate(min=0.2), ("-o", "no/x.json"), "could not be written"),
        (6, rate(min=0.2), ("--memory-limit", "1MB"), "memory"),
    ],
)
def test_exit_codes(code: int, check: str, words: tuple[str, ...], said: str) -> None:
    configure(check)
    Path("sql/checks").mkdir(parents=True)
    Path("sql/checks/mine.sql").write_text(QUERY.format("", "select x as problem from events"))
    done = program(*words)
    assert done.returncode == code, done.stderr
    assert (done.stdout == "") == (code > 1)
    assert done.stdout[:6] == {0: "Passed", 1: "Failed"}.get(code, "")
    assert said in done.stderr
    assert ("hourglass: error: " in done.stderr) == (code > 1)


def test_exit_code_70_for_a_bug() -> None:
    done = program(code=BUG)
    assert (done.returncode, done.stdout) == (70, "")
    assert "this is a bug in hourglass: ZeroDivisionError" in done.stderr


# --- what each of them is for ------------------------------------------------------------------


def test_0_where_all_holds() -> None:
    configure(rate(min=0.2))
    done = run()
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Passed: 7 checks · all data · counted by user\n")
    assert "total_rate of buy" in done.stdout


def test_1_where_one_does_not() -> None:
    configure(rate(min=0.9), rate(min=0.2, name="other"))
    done = run()
    assert done.exit_code == 1
    assert done.stdout.startswith("Failed: 1 of 8 checks · ")
    assert "failed  total_rate of buy" in done.stdout
    assert "passed  other" in done.stdout
    assert "error" not in done.stderr


def test_a_warning_is_0_and_with_strict_1() -> None:
    configure(rate(min=0.9, severity="warn"))
    done = run()
    assert done.exit_code == 0
    assert done.stdout.startswith("Passed: 7 checks, 1 with a warning")
    assert run("--strict").exit_code == 1
    configure(rate(min=0.9, severity="off"))
    assert run("--strict").exit_code == 0


def test_2_for_a_configuration_with_all_its_problems() -> None:
    configure(rate(min=20), rate(stage="byu", min=0.1))
    done = run()
    assert (done.exit_code, done.stdout) == (2, "")
    assert "hourglass.toml:7: check.1.min: 20 is more than all" in done.stderr
    assert 'hourglass.toml:10: check.2.stage: the model has no stage "byu"' in done.stderr


@pytest.mark.parametrize(
    ("check", "words", "said"),
    [
        (rate(max_drop=0.1), (), "so the period needs both ends"),
        (rate(measure="mature_total_rate", min=0.1), (), "without a window no entry is mature"),
        (rate(min=0.1), ("--steps", "view,other"), 'model steps has no stage "buy"'),
        (rate(measure="freshness", max="1 day"), ("--steps", "view,other"), 'no stage "buy"'),
        ('query = "rows_without_person"', (), 'did you mean "rows_without_a_person"'),
        (rate(min=0.1, by="chanel"), (), 'no column "chanel"'),
        ("", ("--by", "channel"), "a check names its own column"),
        ("", ("--tolerance", "0.1"), "--tolerance is about --against"),
        ("", ("-o", "x.xlsx"), "no format is known"),
        ("", ("--annotations", "gitlab"), "gitlab"),
    ],
)
def test_2_for_what_makes_no_sense(check: str, words: tuple[str, ...], said: str) -> None:
    if check:
        configure(check)
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2026-06-01"), "there are no rows in the period"),
        (("--until", "2025-06-01"), "there are no rows in the period"),
        (("--since", "2026-03-15T08:00", "--until", "2026-03-15T09:00"), "there are no rows"),
        (("--last-week", "--as-of", "2026-06-01"), "the events reach from 2026-03-02"),
        (("--steps", "a,b"), "none of the events of model steps is in the data"),
        (("--db", "none.duckdb"), "does not exist"),
        (("--against", "old.json"), "could not be read"),
        (("--against", "export.csv"), "is not JSON"),
        (("--against", "list.json"), "is not the result of a funnel"),
    ],
)
def test_3_for_data_that_say_nothing(words: tuple[str, ...], said: str) -> None:
    Path("list.json").write_text("[1]")
    done = run(*words)
    assert (done.exit_code, done.stdout) == (3, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("header", "body", "said"),
    [
        ("", "select 1 as problem", "returns problem INTEGER where its header says VARCHAR"),
        ("", "select nothing as problem from events", "nothing"),
        ("", "select 'x' as problem from read_csv('hourglass.toml')", "mine.sql"),
        ("-- severity wrn\n", "select 'x' as problem", "there is no severity wrn"),
        ("-- param nwo TIMESTAMP  x\n", "select 'x' as problem where getvariable('nwo') is null",
         'a check is given no nwo; did you mean "now"?'),
    ],
)  # fmt: skip
def test_4_for_a_file_that_cannot_be_run(header: str, body: str, said: str) -> None:
    Path("sql/checks").mkdir(parents=True)
    Path("sql/checks/mine.sql").write_text(QUERY.format(header, body))
    done = run("--queries", str(Path("sql").resolve()))
    assert (done.exit_code, done.stdout) == (4, "")
    assert said in done.stderr


def test_4_for_a_file_without_a_problem() -> None:
    Path("sql/checks").mkdir(parents=True)
    Path("sql/checks/mine.sql").write_text("-- Rows.\n-- returns n INTEGER\nselect 1 as n")
    done = run("--queries", str(Path("sql").resolve()))
    assert done.exit_code == 4
    assert "write -- returns problem VARCHAR" in done.stderr


@pytest.mark.parametrize("words", [("--junit", "no/x.xml"), ("-o", "no/x.json")])
def test_5_for_an_output_that_cannot_be_written(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 5
    assert "could not be written" in done.stderr


def test_5_for_a_summary_that_cannot_be_written() -> None:
    done = run(GITHUB_STEP_SUMMARY="no/summary.md")
    assert done.exit_code == 5
    assert "unset GITHUB_STEP_SUMMARY" in done.stderr


# --- numbers -----------------------------------------------------------------------------------


def test_each_measure_is_the_number_that_others_show() -> None:
    configure(
        rate(measure="users", min=1),
        rate(min=0.1),
        rate(measure="step_rate", min=0.1),
        rate(measure="median_seconds", min=1),
        rate(measure="freshness", min=1),
        'measure = "freshness"\nmin = 1',
        *(f'measure = "{one}_share"\nmax = 1.0' for one in
          ("rejected", "duplicate", "unmapped", "tie")),
    )  # fmt: skip
    with Path("export.csv").open("a") as export:
        export.write("u,view,yesterday,mail\nx,other,2026-03-14T09:00:00Z,mail\n" * 2)
        export.write(",other,2026-03-14T09:00:00Z,mail\n" * 3)  # of nobody: no tie
    found = rows("--as-of", "2026-03-16")[:10]
    events = len(ROWS) + len(DAYS) + 2
    assert [one["value"] for one in found] == [
        98.0, 98 / 280, 98 / 280, 3600.0,
        6 * 86400.0 + 13 * 3600, 15 * 3600.0,
        2 / (events + 5), 0.0, (len(DAYS) + 5) / (events + 5), 2 / events,
    ]  # fmt: skip
    assert [one["people"] for one in found[:4]] == [None, 280, 280, 98]


def test_events_later_than_the_clock_are_not_fresh() -> None:
    checks = ('measure = "freshness"\nmax = "3 days"', rate(measure="freshness", max="3 days"))
    configure(*checks)
    (fresh, stage, *_, late, _, _, _) = rows("--as-of", "2026-03-05")
    assert fresh["value"] == 15 * 3600.0
    assert stage["value"] == 2 * 86400 + 13 * 3600.0
    assert late["query"] == "events_in_the_future"
    assert late["outcome"] == "warned"


def test_an_event_at_the_clock_itself_is_not_of_the_future() -> None:
    Path("export.csv").write_text("user_id,event,ts\na,view,2026-03-10\na,pay,2026-03-11\n")
    assert rows("--as-of", "2026-03-11", "--strict")


def test_segments_are_those_of_a_breakdown() -> None:
    configure(
        rate(by="channel", min=0.3),
        *(rate(by="channel", value=value, min=0.3) for value in ("shop", "", "fax")),
    )
    found = rows(code=1)[:5]
    told = [(one["segment"], one["value"], one["outcome"]) for one in found]
    assert told == [
        ("mail", 90 / 200, "passed"),
        ("shop", 8 / 80, "failed"),
        ("shop", 8 / 80, "failed"),
        (None, None, "warned"),
        ("fax", None, "warned"),
    ]
    few = [one["segment"] for one in rows("--top", "1", code=1) if one["measure"]]
    assert few == ["mail", "shop", None, "fax"]


def test_a_change_is_against_the_period_before() -> None:
    configure(
        rate(max_drop=0.2),
        rate(by="channel", value="shop", max_drop=0.2),
        rate(measure="users", max_drop=0.4),
        rate(measure="users", stage="know", max_change=0.0),
        rate(measure="users", name="n", max_drop=0.4, min_people=100),
    )
    fell, shop, users, know, few = rows(*WEEK, code=1)[:5]
    assert (fell["before"], fell["value"]) == (64 / 140, 34 / 140)
    assert (fell["outcome"], fell["reason"]) == ("failed", "dropped")
    assert (shop["before"], shop["value"], shop["outcome"]) == (0.1, 0.1, "passed")
    assert (users["before"], users["value"], users["reason"]) == (64.0, 34.0, "dropped")
    assert (know["before"], know["value"], know["outcome"]) == (140.0, 140.0, "passed")
    assert (few["reason"], few["outcome"]) == ("too_few_before", "warned")


def test_under_a_window_only_what_is_over_is_compared() -> None:
    window = STAGES + '[rules]\nwindow = "5 days"\n'
    checks = [
        *(rate(measure=one, max_drop=0.2) for one in ("total_rate", "users", "median_seconds")),
        rate(measure="mature_total_rate", min=0.1),
    ]
    configure(*checks, before=window)
    found = rows(*WEEK, "--as-of", "2026-03-15", code=1)[:4]
    assert [one["reason"] for one in found] == ["dropped", "dropped", None, None]
    found = rows(*WEEK, "--as-of", "2026-03-10")[:4]
    assert [one["reason"] for one in found] == ["too_few", "immature", "immature", "too_few"]


OPEN = """[rules]
window = "3 days"
closed = false
[stages]
know = "view"
buy = "pay"
"""


def test_in_an_open_funnel_a_compared_step_is_of_those_who_came_from_the_stage_before() -> None:
    lines = ["user_id,event,ts,channel"]
    for user, events in {
        "p1": ["view,2026-03-10,mail"], "p2": ["view,2026-03-10,shop", "pay,2026-03-11,mail"],
        "p3": ["pay,2026-03-11,mail"], "p4": ["pay,2026-03-11,mail"],
        "p5": ["view,2026-03-03,mail", "pay,2026-03-04,mail"],
        "p6": ["view,2026-03-03,mail", "pay,2026-03-04,mail"],
    }.items():  # fmt: skip
        lines += [f"{user},{event}" for event in events]
    Path("export.csv").write_text("\n".join(lines) + "\n")
    each = {"measure": "step_rate", "max_drop": 0.1, "confidence": 0}
    configure(
        rate(**each), rate(measure="users", max_drop=0.1), rate(by="channel", value="mail", **each),
        before=OPEN,
    )  # fmt: skip
    step, users, mail = rows(*WEEK, "--as-of", "2026-04-01", code=1)[:3]
    assert (step["before"], step["value"], step["reason"]) == (1.0, 0.5, "dropped")
    assert (users["before"], users["value"], users["outcome"]) == (2.0, 3.0, "passed")
    assert (mail["before"], mail["value"], mail["people"]) == (1.0, 0.0, 1)
    overlapping = OPEN.replace("[stages]", 'attribution = "all"\n[stages]')
    configure(rate(by="channel", value="mail", **each), before=overlapping)
    (mail,) = rows(*WEEK, "--as-of", "2026-04-01", code=1)[:1]
    assert (mail["before"], mail["value"], mail["people"]) == (1.0, 0.0, 1)


def test_what_is_compared_waits_for_every_entry_not_for_one_of_each_person() -> None:
    lines = ["user_id,event,ts,channel", "p5,view,2026-03-03,mail", "p5,pay,2026-03-04,mail"]
    lines += ["p1,view,2026-03-10,mail", "p1,pay,2026-03-11,mail", "p1,view,2026-03-14,mail"]
    lines += ["p2,view,2026-03-10,shop", "p2,pay,2026-03-10,shop"]
    lines += ["p3,view,2026-03-03,shop", "p3,pay,2026-03-03,shop"]
    Path("export.csv").write_text("\n".join(lines) + "\n")
    checks = [rate(measure=one, max_change=0.9) for one in ("users", "median_seconds")]
    checks += [rate(measure="users", by="channel", max_drop=0.9)]
    configure(*checks, before=STAGES + '[rules]\nwindow = "3 days"\n')
    found = rows(*WEEK, "--as-of", "2026-03-16")[:4]
    assert [one["reason"] for one in found[:2]] == ["immature", "immature"]
    assert {one["segment"]: one["reason"] for one in found[2:]} == {
        "mail": "immature",
        "shop": None,
    }
    assert [one["reason"] for one in rows(*WEEK, "--as-of", "2026-03-17")[:4]] == [None] * 4
    first = STAGES + '[rules]\nwindow = "3 days"\nentry = "first"\n'
    configure(*checks, before=first)
    assert [one["reason"] for one in rows(*WEEK, "--as-of", "2026-03-16")[:4]] == [None] * 4


def test_customers_are_counted_as_retention_and_referrals_count_them() -> None:
    Path("hourglass.toml").write_text("")
    sample = ("sample", "-o", "sample.csv", "--people", "3000", "--seed", "3")
    assert CliRunner().invoke(app, [*sample, "-q"]).exit_code == 0
    checks = [f'measure = "{one}"\nmin = 0.0\nmax_drop = 0.99' for one in ("repeat_rate", "k")]
    checks += ['measure = "k"\nby = "channel"\nmin = 0.0\nname = "each"\nconfidence = 0.8']
    configure(*checks, before="")
    period = ("--since", "2026-02-01", "--until", "2026-02-28")

    def asked(command: str, *words: str, dates: tuple[str, ...] = period) -> dict[str, Any]:
        given = [command, "sample.csv", *dates, "-f", "json", "-q", *words]
        found: dict[str, Any] = json.loads(CliRunner().invoke(app, given).stdout)
        return found

    january = ("--since", "2026-01-04", "--until", "2026-01-31")
    done = CliRunner().invoke(app, ["check", "sample.csv", *period, "-f", "json", "-q"])
    repeat, k, *each = [one for one in json.loads(done.stdout)["checks"] if one["measure"]]
    (buyers,), (before,) = (asked("retention", dates=one)["summary"] for one in (period, january))
    assert (repeat["value"], repeat["people"]) == (buyers["again_rate"], buyers["mature_buyers"])
    assert (repeat["low"], repeat["high"]) == (buyers["again_low"], buyers["again_high"])
    assert repeat["before"] == before["again_rate"]
    (all_,), (before,) = (asked("referrals", dates=one)["referrals"] for one in (period, january))
    assert (k["value"], k["people"], k["before"]) == (all_["k"], all_["customers"], before["k"])
    assert (k["low"], k["high"]) == pytest.approx((all_["k_low"], all_["k_high"]))
    rows_by = {
        one["by"]["channel"]: one for one in asked("referrals", "--by", "channel")["breakdown"]
    }
    assert {one["segment"]: one["value"] for one in each} == {
        name: one["k"] if one["k"] == 0 or one["k_low"] is not None else None
        for name, one in rows_by.items()
    }
    for one in each:  # 80 % is narrower than 95 %, if anybody differs; neither is below 0
        wide = rows_by[one["segment"]]
        if one["value"]:
            assert wide["k_low"] <= one["low"] < one["high"] < wide["k_high"]
            assert (wide["k_low"] == one["low"]) == (one["low"] == 0.0)


@pytest.mark.parametrize(
    ("customers", "buyers", "bound", "reason"),
    [
        (40, 0, 0.1, "below"),  # at most 8.8 %, as a rate of none
        (10, 0, 0.1, "within_chance"),
        (10, 2, 0.5, "within_chance"),  # 0.2 ± 0.452, as `referrals` shows it: 0 to 0.652
        (10, 2, 0.7, "below"),
    ],
)
def test_k_is_judged_by_the_interval_of_referrals(
    customers: int, buyers: int, bound: float, reason: str
) -> None:
    lines = [f"c{n},pay,2026-01-01T00:00:00Z," for n in range(customers)]
    lines += [f"r{n},pay,2026-01-20T00:00:00Z,c0" for n in range(buyers)]
    lines += ["z,view,2026-02-20T00:00:00Z,nobody"]
    Path("export.csv").write_text("\n".join(["user_id,event,ts,invited_by", *lines]) + "\n")
    configure(f'measure = "k"\nmin = {bound}')
    period = ("--since", "2026-01-01", "--until", "2026-01-01")
    found = rows(*period, code=int(reason == "below"))[0]
    assert (found["value"], found["reason"]) == (buyers / customers, reason)
    if buyers:
        words = ["referrals", "export.csv", *period, "-f", "json", "-q"]
        (shown,) = json.loads(CliRunner().invoke(app, words).stdout)["referrals"]
        assert (found["low"], found["high"]) == (shown["k_low"], pytest.approx(shown["k_high"]))


def test_another_model() -> None:
    configure(
        'measure = "users"\nmodel = "m"\nstage = "x"\nmin = 1',
        'measure = "unmapped_share"\nmodel = "m"\nmax = 1.0',
        'measure = "freshness"\nmodel = "m"\nstage = "x"\nmin = 1',
        'measure = "users"\nmodel = "buying-cycle"\nstage = "decision"\nmin = 1',
        before=STAGES + '[models.m.stages]\nx = "other"\ny = "pay"\n',
    )
    found = rows("--as-of", "2026-03-16")[:4]
    events = len(ROWS) + len(DAYS)
    assert [one["value"] for one in found] == [1.0, 280 / events, 15 * 3600.0, 98.0]
    assert [one["model"] for one in found] == ["m", "m", "m", "buying-cycle"]


def test_guessed_stages_have_models_too() -> None:
    Path("hourglass.toml").write_text(
        '[[check]]\nmeasure = "users"\nmodel = "buying-cycle"\nstage = "decision"\nmin = 1\n'
    )
    lines = Path("export.csv").read_text().replace(",pay,", ",order_paid,")
    Path("export.csv").write_text(lines.replace(",view,", ",blog_view,"))
    assert rows()[0]["value"] == 98.0


@pytest.mark.parametrize(
    ("optional", "rules"), [("true", ""), ("false", "[rules]\nclosed = false\n")]
)
def test_rates_past_optional_stages_and_of_open_funnels(optional: str, rules: str) -> None:
    stages = f'a = "view"\nb = {{ events = "other", optional = {optional} }}\nc = "pay"\n'
    head = f"model = 'm'\n[models.m.stages]\n{stages}{rules}"
    extra = [f"x{n},other,2026-03-10T00:00:00Z,mail" for n in range(9)]
    extra += [f"{user},pay,2026-03-11T00:00:00Z,mail" for user in ("x0", "x1", "mail1-99")]
    with Path("export.csv").open("a") as export:
        export.write("\n".join(extra) + "\n")
    measures = ("step_rate", "total_rate")
    configure(*(rate(measure=one, stage="c", min=0.0) for one in measures), before=head)
    asked = CliRunner().invoke(app, ["funnel", "export.csv", "-f", "json", "-q"])
    shown = json.loads(asked.stdout)["stages"][2]
    for one in rows()[:2]:
        stem = one["measure"].removesuffix("_rate")
        assert one["value"] == pytest.approx(shown[one["measure"]])
        assert (one["low"], one["high"]) == pytest.approx(
            (shown[f"{stem}_low"], shown[f"{stem}_high"])
        )


def test_a_database_has_its_checks_with_it() -> None:
    configure(rate(min=0.9))
    loaded = CliRunner().invoke(app, ["load", "export.csv", "--db", "e.duckdb", "-q"])
    assert loaded.exit_code == 0
    Path("hourglass.toml").unlink()
    assert rows("--db", "e.duckdb", code=1)[0]["outcome"] == "failed"


# --- files -------------------------------------------------------------------------------------


def test_files_of_ones_own_stand_beside_the_bundled_ones() -> None:
    folder = Path("sql/checks")
    folder.mkdir(parents=True)
    (folder / "many.sql").write_text(
        QUERY.format("", "select user_id || ' paid' as problem, 1 as more from events"
                         " where event = 'pay'")
    )  # fmt: skip
    (folder / "soft.sql").write_text(
        QUERY.format("-- severity warn\n-- param since TIMESTAMP  x\n",
                     "select 'since ' || getvariable('since') as problem")
    )  # fmt: skip
    (folder / "days_without_events.sql").write_text(
        QUERY.format("", "select stage as problem from stages")
    )
    found = {
        one["query"]: one for one in rows("--queries", str(Path("sql").resolve()), *WEEK, code=1)
    }
    assert (found["many"]["rows"], found["many"]["outcome"]) == (98, "failed")
    assert found["many"]["problem"] == "mail0-0 paid; mail0-1 paid; mail0-10 paid"
    assert (found["soft"]["problem"], found["soft"]["outcome"]) == (
        "since 2026-03-09 00:00:00", "warned",
    )  # fmt: skip
    assert found["days_without_events"]["problem"] == "buy; know"
    assert len(found) == 8


def test_a_configuration_says_what_a_file_amounts_to() -> None:
    path = Path("export.csv")
    path.write_text(path.read_text() + ",view,2026-03-15T00:00:00Z,mail\n")
    assert {one["query"]: one for one in rows()}["rows_without_a_person"]["outcome"] == "warned"
    configure('query = "rows_without_a_person"\nseverity = "fail"\nname = "somebody"',
              'query = "one_busy_person"\nseverity = "off"')  # fmt: skip
    found = {one["query"]: one for one in rows(code=1)}
    assert found["rows_without_a_person"]["check"] == "somebody"
    assert "one_busy_person" not in found


BUNDLED = [
    ("rows_without_a_person", ",view,2026-03-10T00:00:00Z,mail", "1 of 4 rows name nobody"),
    ("events_in_the_future", "a,view,2026-03-13T00:00:01Z,mail",
     "1 later than 2026-03-13 00:00 UTC, up to 2026-03-13 00:00"),
    ("days_without_events", "a,view,2026-03-12T00:00:00Z,mail", "no event on 2026-03-11"),
    ("event_names_alike", "a,View,2026-03-10T00:00:00Z,mail",
     'most likely one event: "view" (2), "View" (1)'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "said"), BUNDLED, ids=[one[0] for one in BUNDLED])
def test_bundled_files_find_what_they_look_for(name: str, line: str, said: str) -> None:
    head = "user_id,event,ts,channel\na,view,2026-03-09T00:00:00Z,mail\n"
    head += "a,view,2026-03-10T00:00:00Z,mail\nb,pay,2026-03-10T00:00:00Z,shop\n"
    words = ("--as-of", "2026-03-13")
    Path("export.csv").write_text(head)
    assert all(one["outcome"] == "passed" for one in rows(*words))
    Path("export.csv").write_text(f"{head}{line}\n")
    found = {one["query"]: one for one in rows(*words) if one["outcome"] != "passed"}
    assert list(found) == [name]
    assert str(found[name]["problem"]).startswith(said)


def test_days_are_those_of_the_time_zone() -> None:
    lines = [f"a,{name},2026-03-{day}T23:30:00Z,x" for name, day in
             (("view", "09"), ("pay", "11"))]  # fmt: skip
    Path("export.csv").write_text("\n".join(["user_id,event,ts,channel", *lines]) + "\n")
    (gap,) = (one for one in rows("--tz", "Europe/Helsinki") if one["outcome"] == "warned")
    assert gap["problem"] == "no event on 2026-03-11"


def test_a_busy_person_and_a_missing_stage_are_found() -> None:
    with Path("export.csv").open("a") as export:
        export.write("robot,view,2026-03-10T00:00:00Z,mail\n" * 40)
    configure(before=STAGES + 'refer = "refr"\n')
    found = {one["query"]: one for one in rows() if one["outcome"] != "passed"}
    assert list(found) == ["one_busy_person", "stages_without_events"]
    assert found["one_busy_person"]["problem"] == "one person has 40 of 432 events (9.3 %)"
    assert found["stages_without_events"]["problem"] == 'stage refer: there is no event "refr"'


def test_people_are_who_they_are_counted_as() -> None:
    """A cookie stands for somebody, and the ids of one busy person are no two."""
    rows_ = [f",c{n},view,2026-03-10T00:00:{n % 60:02d}Z" for n in range(200)]
    rows_ += [f"{who},,view,2026-03-10T01:{n:02d}:00Z" for n in range(8) for who in ("r1", "r2")]
    rows_ += ["r1,r2,login,2026-03-10T00:00:00Z", ",,pay,2026-03-10T00:00:00Z"]
    Path("export.csv").write_text("\n".join(["user_id,cookie,event,ts", *rows_]) + "\n")
    told = '[identity]\nalias = { event = "login", from = "cookie", to = "user_id" }\n'
    configure(before=told + STAGES)
    found = {one["query"]: one["problem"] for one in rows() if one["outcome"] != "passed"}
    assert found == {
        "rows_without_a_person": "1 of 218 rows name nobody (0.5 %)",
        "one_busy_person": "one person has 17 of 217 events (7.8 %)",
    }


# --- against an earlier result -----------------------------------------------------------------


def earlier(*words: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["funnel", "export.csv", "-o", "old.json", *words])
    assert done.exit_code == 0
    found: dict[str, Any] = json.loads(Path("old.json").read_text())
    return found


def test_an_earlier_result_must_come_again() -> None:
    old = earlier()
    found = [one for one in rows("--against", "old.json") if one["query"] is None]
    assert len(found) == 2 * 4
    assert {one["outcome"] for one in found} == {"passed"}
    old["stages"][1]["users"] = 100
    Path("old.json").write_text(json.dumps(old))
    (failed,) = (one for one in rows("--against", "old.json", code=1) if one["outcome"] == "failed")
    assert failed["check"] == "users of buy as in old.json"
    assert (failed["value"], failed["before"]) == (98.0, 100.0)
    assert rows("--against", "old.json", "--tolerance", "0.02")
    assert rows("--against", "old.json", "--tolerance", "0.0199", code=1)


def test_what_was_counted_otherwise_is_not_compared() -> None:
    earlier("--window", "1 day")
    done = run("--against", "old.json")
    assert done.exit_code == 3
    assert "old.json was counted by another window: 86400 there, None here" in done.stderr
    assert run("--against", "old.json", "--window", "1 day").exit_code == 0
    old = earlier()
    old["stages"][0]["stage"] = "a"
    Path("old.json").write_text(json.dumps(old))
    done = run("--against", "old.json")
    assert done.exit_code == 3
    assert "old.json has other stages: a, buy there, know, buy here" in done.stderr


@pytest.mark.parametrize(
    "change",
    [{"schema_version": 2}, {"stages": 3}, {"stages": [{"stage": "know"}]}, {"rules": None}],
)
def test_half_a_result_is_refused(change: dict[str, Any]) -> None:
    Path("old.json").write_text(json.dumps(earlier() | change))
    assert run("--against", "old.json").exit_code == 3


# --- deliveries --------------------------------------------------------------------------------


def test_continuous_integration_gets_its_files() -> None:
    configure(rate(min=0.9), rate(name="a|b", min=0.9, severity="warn"))
    Path("summary.md").write_text("before\n")
    done = run("--junit", "checks.xml", "--annotations", "github", "-q",
               GITHUB_STEP_SUMMARY="summary.md")  # fmt: skip
    assert done.exit_code == 1
    error, warning = done.stderr.splitlines()
    assert error.startswith("::error title=total_rate of buy::35.0 %25 (")
    assert warning.startswith("::warning title=a|b::35.0 %25 (")
    assert Path("checks.xml").read_bytes().startswith(b"<?xml")
    summary = Path("summary.md").read_text()
    assert summary.startswith("before\n## Failed: 1 of 8 checks, 1 with a warning")
    assert "| warned | a\\|b | 35.0 % (" in summary


def test_a_full_summary_is_left_as_it_is() -> None:
    Path("summary.md").write_text("x" * 900_000)
    done = run(GITHUB_STEP_SUMMARY="summary.md")
    assert done.exit_code == 0
    assert "the summary of the run is full" in done.stderr
    assert Path("summary.md").stat().st_size == 900_000


def test_the_same_numbers_are_the_same_bytes() -> None:
    configure(rate(min=0.2))
    words = ("--as-of", "2026-03-16", "--junit", "x.xml", "-o")
    found = []
    for threads in ("1", "2"):  # programs of their own: each has other hashes
        assert program(*words, "x.json", "--threads", threads).returncode == 0
        found.append((Path("x.xml").read_bytes(), Path("x.json").read_bytes()))
    assert found[0] == found[1]
