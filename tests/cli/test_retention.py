"""`hourglass retention`, and the lower half of `hourglass funnel`, on logs to count by eye."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

CONFIG = """
[stages]
know = ["ad"]
buy = ["order"]
repeat = { events = ["order", "renewal"], min_gap = "1 day" }
refer = ["invite"]

[models.checkout.stages]
cart = ["cart"]
pay = ["order"]
"""
EVENTS = """\
user_id,event,ts,cost,revenue,invited_by,channel
a,ad,2026-01-01,0.5,,,paid
a,ad,2026-01-02,0.5,,,paid
b,ad,2026-01-01,0.5,,,mail
c,ad,2026-01-01,0.5,,,mail
,ad,2026-01-01,10,,,paid
a,order,2026-01-03,1,20,,
b,order,2026-01-05,1,40,,
a,order,2026-01-10,1,30,,
a,order,2026-01-10T12:00:00,,5,,
a,invite,2026-01-11,,,,
d,ad,2026-01-12,0.5,,a,
d,order,2026-01-14,1,10,,
e,ad,2026-01-13,0.5,,a,
b,renewal,2026-02-09,,25,,
f,order,2025-12-01,,7,,
f,ad,2026-01-02,0.5,,,
f,order,2026-01-20,1,8,,
g,cart,2026-03-01,,,,
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "log.csv").write_text(EVENTS)
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def answer(command: str, *words: str) -> dict[str, Any]:
    done = run(command, "log.csv", "-q", *words, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def cells(found: dict[str, Any], name: str) -> dict[tuple[str, int], Any]:
    return {(row["cohort"], row["periods"]): row[name] for row in found["cohorts"]}


# f first bought in December, a, b and d in January; as-of is 1 March, in a month that is running


def test_the_grid_counts_who_bought_again_and_leaves_what_is_to_come_empty() -> None:
    found = answer("retention")
    assert [row["buyers"] for row in found["cohorts"][::4]] == [1, 3]
    assert cells(found, "again") == {
        ("2025-12-01", 0): 0, ("2025-12-01", 1): 1, ("2025-12-01", 2): 0, ("2025-12-01", 3): None,
        ("2026-01-01", 0): 1, ("2026-01-01", 1): 1, ("2026-01-01", 2): None,
        ("2026-01-01", 3): None,
    }  # fmt: skip
    running = cells(found, "running")
    assert running["2025-12-01", 2] is False
    assert running["2025-12-01", 3] is running["2026-01-01", 2] is None
    assert running["2026-01-01", 3] is None


def test_money_counts_all_that_a_cohort_paid_the_first_purchase_too() -> None:
    found = answer("retention", "--value", "revenue")
    revenue = cells(found, "revenue")
    assert revenue["2026-01-01", 0] == 20 + 30 + 5 + 40 + 10
    assert revenue["2026-01-01", 1] == 25
    assert cells(found, "revenue_per_buyer")["2026-01-01", 1] == pytest.approx(25 / 3)
    assert revenue["2026-01-01", 3] is None
    assert list(found["cohorts"][0])[3] == "revenue"


def test_the_curve_counts_those_who_had_the_time() -> None:
    # W is 35 days: a came back after 7, b after exactly 35, d not, f after 50; all are mature
    first, second = answer("retention", "--window", "35 days")["curve"]
    assert (first["people"], first["mature_people"], first["again"], first["ever"]) == (4, 4, 2, 3)
    assert (first["again_rate"], first["median_seconds"]) == (0.5, 35 * 86_400)
    # the second purchases lie 50, 20 and 40 days before as-of
    assert (second["people"], second["mature_people"], second["again"]) == (3, 2, 0)


def test_as_of_gives_what_would_have_been_said_then() -> None:
    (row,) = answer("retention", "--as-of", "2026-01-09")["curve"]
    assert (row["people"], row["ever"], row["mature_people"]) == (3, 0, 1)


def test_money_of_an_order_after_as_of_is_not_in_the_purchase_that_it_is_part_of() -> None:
    for moment, paid in (("2026-01-10T11:59:59Z", 30), ("2026-01-10T12:00:00Z", 35)):
        found = answer("retention", "--as-of", moment, "--value", "revenue")
        assert cells(found, "revenue")["2026-01-01", 0] == 20 + 40 + paid
        (row,) = found["summary"]
        assert (row["purchases"], row["revenue"]) == (4, 7 + 20 + 40 + paid)


def test_the_period_binds_first_purchases_and_knows_the_history() -> None:
    (row,) = answer("retention", "--since", "2026-01-04", "--until", "2026-01-20")["summary"]
    assert (row["buyers"], row["purchases"]) == (2, 3)  # b and d; f bought before


def test_an_order_too_near_to_a_purchase_is_part_of_it() -> None:
    (row,) = answer("retention")["summary"]
    assert (row["buyers"], row["purchases"], row["further"]) == (4, 7, 3)
    assert row["revenue"] == 145
    assert (row["gaps"], row["lapsed"]) == (3, None)


def test_who_has_lapsed_takes_thirty_gaps(folder: Path) -> None:
    rows = [f"u{n},order,2026-01-{day:02d}" for n in range(15) for day in (1, 3, 6)]
    rows += ["slow,order,2026-01-04", "now,order,2026-01-09"]
    (folder / "log.csv").write_text("user_id,event,ts\n" + "\n".join(rows) + "\n")
    (row,) = answer("retention")["summary"]
    # gaps of 2 and 3 days, so p90 is 3: on the 9th exactly 3 days are not more than that
    assert (row["gaps"], row["p90_seconds"], row["lapsed"]) == (30, 3 * 86_400, 1)
    assert row["lapsed_rate"] == pytest.approx(1 / 17)
    (folder / "log.csv").write_text("user_id,event,ts\n" + "\n".join(rows[1:]) + "\n")
    found = answer("retention")
    assert found["summary"][0]["lapsed"] is None
    assert any(note.startswith("who has lapsed is not said: 29 gaps") for note in found["notes"])


def test_values_of_a_breakdown_are_those_of_the_first_touch() -> None:
    found = answer("retention", "--by", "channel")["breakdown"]
    assert [(row["by"]["channel"], row["buyers"], row["purchases"]) for row in found] == [
        ("mail", 1, 2), ("paid", 1, 2), (None, 2, 3),
    ]  # fmt: skip


def test_other_models_have_the_purchases_of_the_hourglass() -> None:
    for model in ("buying-cycle", "checkout"):
        (row,) = answer("retention", "--model", model)["summary"]
        assert (row["buyers"], row["purchases"]) == (4, 7)


@pytest.mark.parametrize("command", ["retention", "referrals", "paths", "triggers", "touchpoints"])
def test_whose_purchases_they_are_is_said_if_the_model_asked_about_has_none(command: str) -> None:
    columns = CONFIG + '[columns]\nreferrer = "invited_by"\n'
    Path("hourglass.toml").write_text(columns)
    notes = answer(command, "--model", "checkout")["notes"]
    assert "purchases are those of model hourglass: checkout has no stage buy" in notes
    assert not [note for note in answer(command)["notes"] if "purchases are those of" in note]


def test_csv_is_the_grid() -> None:
    done = run("retention", "log.csv", "-q", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert (rows[-1]["cohort"], rows[-1]["periods"], rows[-1]["again"]) == ("2026-01-01", "3", "")
    assert rows[4]["again_rate"] == repr(1 / 3)


def test_the_grid_is_shown_one_row_a_cohort() -> None:
    lines = run("retention", "log.csv", "-q").stdout.splitlines()
    assert lines[2].split() == ["month", "buyers", "0", "1", "2", "3"]
    assert " ".join(lines[3].split()) == "2025-12-01 1 0.0 % 100.0 % 0.0 %"
    assert " ".join(lines[4].split()) == "2026-01-01 3 33.3 % 33.3 %"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--steps", "cart,order"), 0, ""),  # the configuration's hourglass says what buying is
        (("--entry", "first"), 2, "--entry has no say here"),
        (("--like", "posthog"), 2, "--like has no say here"),
        (("--by", "channel", "--attribution", "entry"), 2, "attribution = entry is of a funnel"),
        (("--unit", "day", "--as-of", "2030-01-01"), 2, "more than 400 days"),
        (("--purchases", "0"), 2, ""),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], code: int, said: str) -> None:
    done = run("retention", "log.csv", *words)
    assert done.exit_code == code
    assert said in done.stderr


def test_without_a_stage_that_buys_the_hint_says_how_to_name_it(folder: Path) -> None:
    (folder / "hourglass.toml").write_text('[models.m.stages]\nx = ["ad"]\ny = ["cart"]\n')
    done = run("retention", "log.csv")
    assert done.exit_code == 3
    assert "nothing configured says what a purchase is" in done.stderr
    assert "name the events of the stage buy" in done.stderr


def test_events_that_nobody_did_are_named_with_the_nearest(folder: Path) -> None:
    text = CONFIG.replace('["order", "renewal"]', '["ordre"]').replace('["order"]', '["odrer"]')
    (folder / "hourglass.toml").write_text(text)
    done = run("retention", "log.csv")
    assert done.exit_code == 3
    assert "nobody buys: none of the events of buy and repeat in hourglass" in done.stderr
    assert 'did you mean "order"' in done.stderr
    (folder / "hourglass.toml").write_text(CONFIG.replace("renewal", "renewel"))
    done = run("retention", "log.csv")
    assert done.exit_code == 0
    assert 'stage repeat: no event "renewel" in the data; did you mean "renewal"' in done.stderr


def test_a_period_without_buyers_gives_zeros_and_a_warning() -> None:
    done = run("retention", "log.csv", "--since", "2027-01-01", "-f", "json")
    assert done.exit_code == 0
    assert "nobody bought for the first time in the period" in done.stderr
    found = json.loads(done.stdout)
    assert (found["cohorts"], found["curve"]) == ([], [])
    assert (found["summary"][0]["buyers"], found["summary"][0]["again_rate"]) == (0, None)
    assert run("retention", "log.csv", "--since", "2027-01-01").exit_code == 0


def test_money_needs_a_column(folder: Path) -> None:
    (folder / "log.csv").write_text("user_id,event,ts\na,order,2026-01-01\n")
    found = answer("retention")
    assert "revenue" not in found["summary"][0]
    assert any("no column of the events is the revenue" in note for note in found["notes"])
    done = run("retention", "log.csv", "--value", "revenue")
    assert done.exit_code == 3
    assert "[columns] revenue" in done.stderr
    (folder / "log.csv").write_text(
        "user_id,event,ts,revenue\na,order,2026-01-01,\nb,ad,2026-01-01,3\n"
    )
    done = run("retention", "log.csv", "--value", "revenue")
    assert done.exit_code == 3
    assert "no purchase in the period has a revenue" in done.stderr


# the funnel: a, b, d and f buy; f bought before it was counted


def lower(*words: str) -> dict[tuple[str, str], Any]:
    return {(row["stage"], row["what"]): row for row in answer("funnel", *words)["lower"]}


def test_below_the_waist_a_funnel_counts_purchases_and_people_referred() -> None:
    found = lower()
    assert {key: row["number"] for key, row in found.items()} == {
        ("know", "people"): 6,
        ("buy", "people"): 4,
        ("buy", "purchases"): 6,  # a and b twice; of f the one after the advertisement
        ("buy", "first purchases"): 3,
        ("repeat", "people"): 2,
        ("repeat", "further purchases"): 3,
        ("refer", "people"): 1,
        ("refer", "people referred"): 2,
        ("refer", "of them bought"): 1,
        ("refer", "not yet"): 1,
    }
    assert found["know", "people"]["per_buyer"] == 1.5
    assert found["buy", "purchases"]["per_buyer"] == 1.5
    assert found["know", "people"]["per_buyer_low"] is None


def test_a_window_ends_the_lower_half_too() -> None:
    found = lower("--window", "9 days")
    assert found["repeat", "further purchases"]["number"] == 1  # a; b's renewal comes later
    assert found["refer", "people referred"]["number"] == 0
    found = lower("--window", "10 days")  # from the 2nd of January, as the best attempt does
    assert found["refer", "people referred"]["number"] == 1  # d came on the 12th, e on the 13th
    assert found["refer", "of them bought"]["number"] == 0


def test_money_is_that_of_the_events_of_a_stage() -> None:
    rows = {row["stage"]: row for row in answer("funnel")["money"]}
    assert [row["cost"] for row in rows.values()] == [13.5, 3, 2, None]
    assert [row["cost_so_far"] for row in rows.values()] == [13.5, 16.5, 18.5, 18.5]
    assert rows["buy"]["cost_per_person"] == 16.5 / 4
    assert [row["revenue"] for row in rows.values()] == [None, 77, 68, None]
    assert rows["know"]["return_on_cost"] == 0
    assert rows["refer"]["return_on_cost"] == 145 / 18.5


def test_money_of_a_period_and_of_another_model() -> None:
    rows = {row["stage"]: row for row in answer("funnel", "--until", "2026-01-05")["money"]}
    assert (rows["know"]["cost"], rows["buy"]["cost"], rows["buy"]["revenue"]) == (
        13.0 - 0.5,
        2,
        67,
    )
    found = answer("funnel", "--model", "checkout")
    assert "lower" not in found
    assert found["money"][1]["revenue"] == 120  # all orders; nobody's first are told apart


def test_money_at_the_first_instant_of_a_period_is_in_it_and_at_the_next_one_is_not(
    folder: Path,
) -> None:
    paid = "".join(
        f"{who},{what},2026-01-0{day},{amount},{amount}\n"
        for day, amount in ((1, 1), (2, 2), (3, 4), (4, 8))
        for who, what in (("a", "cart"), ("a", "order"))
    )
    (folder / "log.csv").write_text(f"user_id,event,ts,revenue,cost\n{paid}")
    asked = ("--steps", "cart,order", "--since", "2026-01-02", "--until", "2026-01-03")
    for row in answer("funnel", *asked)["money"]:
        assert (row["revenue"], row["cost"]) == (6, 6)


def test_a_funnel_with_nothing_to_add_says_nothing_more(folder: Path) -> None:
    (folder / "log.csv").write_text("user_id,event,ts\na,cart,2026-01-01\na,order,2026-01-02\n")
    assert answer("funnel", "--model", "checkout").keys().isdisjoint({"lower", "money"})
    any_order = answer("funnel", "--steps", "cart,order", "--order", "any")
    assert any_order.keys().isdisjoint({"lower", "money"})
    assert "refer" not in {
        row["stage"] for row in answer("funnel")["lower"] if row["what"] != "people"
    }


def test_a_purchase_of_the_journey_may_have_begun_before_it(folder: Path) -> None:
    rows = ("a,order,2026-01-01T10:00", "a,ad,2026-01-01T12:00", "a,order,2026-01-01T14:00")
    (folder / "log.csv").write_text("user_id,event,ts\n" + "\n".join(rows) + "\n")
    found = lower()
    assert (found["buy", "purchases"]["number"], found["buy", "first purchases"]["number"]) == (
        1,
        1,
    )


def test_an_until_ends_what_a_funnel_reads_where_it_binds_all_events(folder: Path) -> None:
    rows = ("a,ad,2026-01-01", "a,order,2026-01-02", "a,order,2026-01-05", "a,order,2026-01-06")
    (folder / "log.csv").write_text("user_id,event,ts\n" + "\n".join(rows) + "\n")
    for flags, further in ((("--range", "all"), 1), ((), 2)):
        found = lower("--until", "2026-01-05", *flags)
        assert found["repeat", "further purchases"]["number"] == further


def test_referred_people_are_credible_and_came_after_the_purchase(folder: Path) -> None:
    rows = [
        "user_id,event,ts,invited_by",
        "a,ad,2026-01-01,", "a,order,2026-01-03,", "a,ad,2026-01-04,a",  # names herself
        "early,ad,2026-01-02,a", "same,ad,2026-01-03,a",
        "late,order,2026-01-05,", "late,ad,2026-01-06,a",  # had bought before naming anybody
    ]  # fmt: skip
    (folder / "log.csv").write_text("\n".join(rows) + "\n")
    assert lower()["refer", "people referred"]["number"] == 1


def test_money_without_a_person_and_of_two_stages_counts_once(folder: Path) -> None:
    (folder / "log.csv").write_text(
        "user_id,event,ts,cost,revenue\n"
        "a,ad,2026-01-01,1,\na,cart,2026-01-02,2,\n,order,2026-01-03,4,9\n"
    )
    (row, *_) = (row for row in answer("funnel")["money"] if row["stage"] == "buy")
    assert (row["cost"], row["revenue"]) == (4, 9)
    (folder / "hourglass.toml").write_text(
        '[models.m.stages]\nlook = ["ad", "cart"]\nput = ["cart", "order"]\n'
    )
    assert [row["cost"] for row in answer("funnel")["money"]] == [3, 4]


def test_money_without_a_person_stays_at_the_stage_of_its_event(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(
        '[stages]\nknow = ["ad"]\nbuy = ["order"]\nrepeat = ["renewal"]\n'
    )
    (folder / "log.csv").write_text(
        "user_id,event,ts,revenue\n"
        "a,ad,2026-01-01,\na,renewal,2026-01-02,1\n,order,2026-01-03,4\n,renewal,2026-01-04,9\n"
    )
    rows = {row["stage"]: row["revenue"] for row in answer("funnel")["money"]}
    assert rows == {"know": None, "buy": 1 + 4, "repeat": 9}


def test_a_unit_is_over_when_its_last_instant_is() -> None:
    for as_of, running in (("2026-01-31T23:59:59.999999", False), ("2026-01-31T23:59:59", True)):
        found = cells(answer("retention", "--as-of", as_of), "running")
        assert found["2026-01-01", 0] is running


@pytest.mark.parametrize(
    ("minutes", "purchases"),
    [
        ((0, 30, 60), 2),  # exactly the gap is far enough, whatever lies between
        ((0, 40, 80, 120), 2),  # 40 belongs to 0, 120 to 80
        ((0, 30, 59), 1),
        ((0, 59, 61, 119, 121), 3),
        ((0, 0, 0), 1),
        ((0, 100, 130, 160, 220), 4),
    ],
)
def test_purchases_keep_the_gap_of_repeat(
    folder: Path, minutes: tuple[int, ...], purchases: int
) -> None:
    (folder / "hourglass.toml").write_text(CONFIG.replace("1 day", "1 hour"))
    rows = [f"a,order,2026-01-01T{one // 60:02d}:{one % 60:02d}:00,1" for one in minutes]
    (folder / "log.csv").write_text("user_id,event,ts,revenue\n" + "\n".join(rows) + "\n")
    (row,) = answer("retention")["summary"]
    assert (row["purchases"], row["revenue"]) == (purchases, len(minutes))


def test_values_are_ranked_by_buyers_and_the_rest_is_folded(folder: Path) -> None:
    channels = ("z", "z", "z", "b", "b", "c", "d", "")
    rows = [f"u{n},order,2026-01-01,{one}" for n, one in enumerate(channels)]
    (folder / "log.csv").write_text("user_id,event,ts,channel\n" + "\n".join(rows) + "\n")
    found = answer("retention", "--by", "channel", "--top", "2")["breakdown"]
    assert [(row["by"]["channel"], row["other"], row["buyers"]) for row in found] == [
        ("z", False, 3), ("b", False, 2), (None, True, 2), (None, False, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("money", [False, True])
@pytest.mark.parametrize(
    ("repeat", "purchases"),
    [('["order"]', 3), ('["renewal"]', 4), ('["order", "renewal"]', 4), ("[]", 3)],
)
def test_purchases_are_the_same_with_money_and_without(
    folder: Path, repeat: str, purchases: int, money: bool
) -> None:
    """Without, they come from stage events, where these have a row for each event."""
    stages = '[stages]\nknow = ["ad"]\nbuy = ["order"]\n'
    stages += "" if repeat == "[]" else f"repeat = {repeat}\n"
    (folder / "hourglass.toml").write_text(stages)
    rows = ["a,ad,2026-01-01", "a,order,2026-01-02", "a,order,2026-01-02", "a,order,2026-01-03"]
    rows.append("a,renewal,2026-01-04")
    ending = ",1" if money else ""
    text = f"user_id,event,ts{',revenue' if money else ''}\n"
    (folder / "log.csv").write_text(text + "".join(f"{row}{ending}\n" for row in rows))
    found = lower()
    assert found["buy", "purchases"]["number"] == purchases
    further = found["buy" if repeat == "[]" else "repeat", "further purchases"]
    assert further["number"] == purchases - 1


def test_a_unit_that_begins_at_as_of_is_to_come_unless_something_is_in_it() -> None:
    found = cells(answer("retention", "--as-of", "2026-02-01"), "again")
    assert found["2026-01-01", 0] == 1
    assert found["2026-01-01", 1] is None
    found = cells(answer("retention", "--as-of", "2026-02-09", "--unit", "day"), "again")
    assert found["2026-01-05", 35] == 1  # bought at that very instant


def test_a_grid_of_money_says_so_and_is_drawn_as_nothing_else() -> None:
    asked = ("retention", "log.csv", "-q", "--value", "revenue")
    assert run(*asked).stdout.startswith("Revenue a buyer by month of first purchase ")
    assert run(*asked, "--html", "money.html").exit_code == 0
    assert 'data-chart="retention' not in Path("money.html").read_text()
    assert run(*asked[:3], "--html", "people.html").exit_code == 0
    assert 'data-chart="retention' in Path("people.html").read_text()
