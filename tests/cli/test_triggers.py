"""`hourglass triggers` and `people --trigger`, by hand, and what has to be configured."""

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
know = ["visit"]
try = ["trial"]
buy = { events = ["order"], where = "amount > 0" }

[triggers.abandoned_cart]
events = ["cart"]
where = "amount >= 10"
without = ["order"]
within = "24 hours"

[triggers.asked]
events = ["=question", "chat"]
"""
EVENTS = [
    ("anna", "visit", "01T10:00", 0),
    ("anna", "cart", "01T11:00", 50),
    ("anna", "order", "02T11:00", 50),  # at the end of the 24 hours: it does not fire
    ("ben", "visit", "01T10:00", 0),
    ("ben", "cart", "01T11:00", 50),  # fires on the 2nd
    ("ben", "cart", "01T12:00", 50),  # and an hour later
    ("ben", "order", "02T12:30", 50),  # after both
    ("carla", "visit", "01T10:00", 0),
    ("carla", "cart", "01T11:00", 5),  # too little in it
    ("carla", "=question", "01T12:00", 0),
    ("carla", "chat", "01T12:00", 0),  # at the same instant
    ("=dora", "visit", "20T10:00", 0),
    ("=dora", "cart", "20T11:00", 20),  # fires on the 21st
    ("emil", "cart", "25T09:00", 20),  # still has time on the 25th
    ("finn", "visit", "25T10:00", 0),
]
LIST = """user_id,trigger,fired,events,event_ts,times,first_fired,bought
=dora,abandoned_cart,2026-03-21T11:00:00.000000Z,cart,2026-03-20T11:00:00.000000Z,1,2026-03-21T11:00:00.000000Z,
ben,abandoned_cart,2026-03-02T12:00:00.000000Z,cart,2026-03-01T12:00:00.000000Z,2,2026-03-02T11:00:00.000000Z,2026-03-02T12:30:00.000000Z
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = "".join(f"{user},{name},2026-03-{at},{amount}\n" for user, name, at, amount in EVENTS)
    (tmp_path / "export.csv").write_text(f"user_id,event,ts,amount\n{rows}")
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def answer(*words: str) -> dict[str, Any]:
    done = run("triggers", "export.csv", "-q", *words, "--format", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def configured(*words: str) -> dict[str, tuple[Any, ...]]:
    names = ("fired", "pending", "users", "mature_users", "bought", "bought_rate")
    rows = answer("--configured", *words)["configured"]
    return {row["trigger"]: tuple(row[name] for name in names) for row in rows}


def crowd(folder: Path) -> None:
    """Eighty people: of the forty who ask thirty buy, of the others ten, after the landmark."""
    rows = []
    for number in range(80):
        asks, buys = number < 40, number < 30 or number >= 70
        rows.append((f"p{number}", "visit", "01T10:00"))
        rows += [(f"p{number}", "chat", "08T10:00")] * asks  # at the landmark
        rows += [(f"p{number}", "scroll", "08T10:01")]  # a minute after it
        rows += [(f"p{number}", "trial", "02T10:00")] * (number < 29)  # one too few
        rows += [(f"p{number}", "order", "09T10:00")] * buys
    rows += [("early", "visit", "01T10:00"), ("early", "order", "01T10:00")]
    rows += [("late", "visit", "15T10:00"), ("end", "scroll", "20T10:00")]
    text = "".join(f"{user},{name},2026-03-{at},1\n" for user, name, at in rows)
    (folder / "export.csv").write_text(f"user_id,event,ts,amount\n{text}")


def test_what_goes_before_buying_by_hand(folder: Path) -> None:
    crowd(folder)
    found = answer("--horizon", "10 days")
    assert found["analysis"] == "triggers"
    assert (found["rules"]["landmark"], found["rules"]["horizon"]) == (604_800, 864_000)
    (row,) = found["triggers"]
    assert row["event"] == "chat"
    assert (row["with_users"], row["with_bought"], row["with_rate"]) == (40, 30, 0.75)
    assert (row["without_users"], row["without_bought"], row["without_rate"]) == (40, 10, 0.25)
    assert row["ratio"] == 3
    assert row["ratio_marked"] is True
    assert row["ratio_p"] == row["ratio_q"]
    (states,) = found["followed"]
    assert list(states.values())[:5] == [82, 1, 1, 80, 40]
    notes = " · ".join(found["notes"])
    assert "1 event tested, 2 left out with fewer than 30 people on a side" in notes
    assert "goes before, not causes" in notes
    assert "as they are purchases: order" in notes


def test_the_landmark_and_the_horizon_may_be_others(folder: Path) -> None:
    crowd(folder)
    (states,) = answer("--landmark", "8 days", "--horizon", "10 days")["followed"]
    assert (states["customers"], states["users"]) == (41, 40)  # they bought at the landmark
    found = answer("--landmark", "6d", "--horizon", "1d")
    assert not found["triggers"]
    assert found["followed"][0]["bought"] == 0


def test_triggers_configured_by_hand() -> None:
    assert configured() == {
        "abandoned_cart": (3, 1, 2, 0, 0, None),
        "asked": (2, 0, 1, 0, 0, None),
    }
    assert configured("--window", "3 days") == {
        "abandoned_cart": (3, 1, 2, 2, 1, 0.5),
        "asked": (2, 0, 1, 1, 0, 0.0),
    }
    # the period binds the events that start a trigger; the rest is read on
    assert configured("--since", "2026-03-20", "--window", "1h")["abandoned_cart"] == (
        1,
        1,
        1,
        1,
        0,
        0,
    )
    assert configured("--until", "2026-03-01", "--window", "90m")["abandoned_cart"][:5] == (
        2,
        0,
        1,
        1,
        1,
    )
    assert configured("--as-of", "2026-03-02T11:30", "--window", "1h")["abandoned_cart"] == (
        1,
        1,
        1,
        0,
        0,
        None,
    )


def test_the_window_is_said() -> None:
    assert answer("--configured")["rules"]["window"] == 30 * 86_400
    assert any("as the rules have no window" in one for one in answer("--configured")["notes"])
    assert answer("--configured", "--window", "5 days")["rules"]["window"] == 5 * 86_400


def test_every_format_and_a_breakdown(folder: Path) -> None:
    done = run("triggers", "export.csv", "--configured", "-q")
    assert done.stdout.startswith("Triggers of hourglass · all data · counted by user\n")
    assert "abandoned_cart" in done.stdout
    done = run("triggers", "export.csv", "--configured", "-q", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["trigger"] for row in rows] == ["abandoned_cart", "asked"]
    for form in ("jsonl", "md"):
        assert (
            "asked" in run("triggers", "export.csv", "-q", "--configured", "--format", form).stdout
        )
    crowd(folder)
    found = answer("--horizon", "10 days", "--by", "amount")
    (group,) = found["breakdown"]
    assert group["by"] == {"amount": "1"}
    assert [row["event"] for row in group["triggers"]] == ["chat"]
    shown = run("triggers", "export.csv", "-q", "--horizon", "10 days", "--limit", "1").stdout
    assert "chat" in shown


def test_a_list_to_act_on(folder: Path) -> None:
    asked = ("people", "export.csv", "--trigger", "abandoned_cart")
    done = run(*asked, "-q", "--format", "csv")
    assert (done.exit_code, done.stdout) == (0, LIST)
    assert run(*asked, "-q", "--spreadsheet", "-o", "act.csv").exit_code == 0
    assert (folder / "act.csv").read_text("utf-8") == LIST.replace("\n=dora", "\n'=dora")
    assert run(*asked, "-q", "-o", "act.parquet").exit_code == 0
    shown = run(*asked, "--limit", "1", "-q").stdout
    assert "1 of 2 people are listed" in shown
    assert "1 more may fire: their time is not over" in shown
    found = json.loads(run(*asked, "-q", "--format", "json").stdout)
    assert [row["user_id"] for row in found["people"]] == ["=dora", "ben"]
    done = run(
        "people", "export.csv", "--trigger", "asked", "-q", "--spreadsheet", "--format", "csv"
    )
    assert '"\'=question, chat"' in done.stdout


def test_a_list_names_the_events_that_made_it_fire_and_no_others(folder: Path) -> None:
    """What its condition leaves out did not, nor what another event of the instant stopped."""
    with (folder / "hourglass.toml").open("a") as config:
        config.write(
            '[triggers.loud]\nevents = ["chat", "call"]\nwhere = "amount >= 3"\n'
            '[triggers.silent]\nevents = ["chat", "post"]\nwithout = ["post"]\nwithin = "1 hour"\n'
        )
    rows = [("gina", "chat", 3), ("gina", "call", 1), ("gina", "post", 0), ("finn", "order", 1)]
    text = "".join(f"{user},{name},2026-03-01T10:00,{amount}\n" for user, name, amount in rows)
    text += "finn,visit,2026-03-02T10:00,0\n"
    (folder / "export.csv").write_text(f"user_id,event,ts,amount\n{text}")
    for trigger, event in (("loud", "chat"), ("silent", "post")):
        done = run("people", "export.csv", "--trigger", trigger, "-q", "--format", "json")
        assert [row["events"] for row in json.loads(done.stdout)["people"]] == [event]


def test_a_database_brings_its_triggers(folder: Path) -> None:
    assert run("load", "export.csv", "--db", "events.duckdb", "-q").exit_code == 0
    expected = configured()
    (folder / "hourglass.toml").unlink()
    done = run("triggers", "--db", "events.duckdb", "--configured", "-q", "--format", "json")
    rows = json.loads(done.stdout)["configured"]
    assert {row["trigger"]: row["fired"] for row in rows} == {
        name: counts[0] for name, counts in expected.items()
    }
    done = run(
        "people", "--db", "events.duckdb", "--trigger", "abandoned_cart", "-q", "--format", "csv"
    )
    assert done.stdout == LIST


def test_without_purchases_what_can_be_counted_is(folder: Path) -> None:
    config = CONFIG.replace("buy = {", "trust = {")
    (folder / "hourglass.toml").write_text(config)
    found = answer()
    assert "triggers" not in found
    assert {row["trigger"]: row["fired"] for row in found["configured"]}["abandoned_cart"] == 3
    assert all(row["bought"] is None for row in found["configured"])
    assert any("who bought is not known: model " in one for one in found["notes"])
    (folder / "hourglass.toml").write_text(config.split("[triggers", maxsplit=1)[0])
    done = run("triggers", "export.csv")
    assert done.exit_code == 3
    assert "nothing configured says what a purchase is" in done.stderr
    assert 'buy = ["…"]' in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("triggers", "--landmark", "none"), 2, "--landmark is a time"),
        (("triggers", "--horizon", "0d"), 2, "--horizon is a time"),
        (("triggers", "--horizon", "soon"), 2, '"soon" is not a duration'),
        (("triggers", "--by", "amuont"), 2, 'did you mean "amount"'),
        (("triggers", "--by", "amount", "--attribution", "entry"), 2, "is of a funnel"),
        (("triggers", "--order", "strict"), 2, "--order has no say here"),
        (("people", "--trigger", "asked", "--ties", "later"), 2, "--ties has no say here"),
        (("people", "--trigger", "abandonned"), 2, 'did you mean "abandoned_cart"'),
        (("people", "--trigger", "asked", "--stage", "buy"), 2, "--trigger asks for other people"),
    ],
)
def test_failures_say_what_to_type(words: tuple[str, ...], code: int, said: str) -> None:
    done = run(words[0], "export.csv", *words[1:])
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert "hint: " in done.stderr


def test_where_nothing_is_configured_it_is_shown_how(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(CONFIG.split("[triggers", maxsplit=1)[0])
    for words in (
        ("triggers", "export.csv", "--configured"),
        ("people", "export.csv", "--trigger", "x"),
    ):
        done = run(*words)
        assert done.exit_code == 2
        assert "no trigger is configured" in done.stderr
        assert "[triggers.abandoned_cart]" in done.stderr


def test_where_every_event_is_a_purchase_none_goes_before_one(folder: Path) -> None:
    (folder / "hourglass.toml").write_text('[stages]\nknow = "visit"\nbuy = "*"\n')
    done = run("triggers", "export.csv")
    assert done.exit_code == 2
    assert "every event is a purchase" in done.stderr


def test_an_event_that_the_data_lack_is_said(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(CONFIG + '\n[triggers.typo]\nevents = "cartt"\n')
    done = run("triggers", "export.csv", "--configured")
    assert done.exit_code == 0
    assert 'trigger typo: no event "cartt" in the data; did you mean "cart"?' in done.stderr


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('events = "cart"\nwithout = "order"', "toml:1: triggers.x: without needs a time"),
        ('without = "order"\nwithin = "1h"', "hourglass.toml:1: triggers.x.events: is missing"),
        ('events = "cart"\nwithn = "1h"', 'toml:3: triggers.x.withn: unknown key; did you'),
        ('events = []', "hourglass.toml:2: triggers.x.events: names no event"),
        ('events = "cart"\nwithin = 3', "hourglass.toml:3: triggers.x.within: 3 is not a duration"),
    ],
)  # fmt: skip
def test_mistakes_in_the_configuration_are_placed(folder: Path, written: str, said: str) -> None:
    (folder / "hourglass.toml").write_text(f"[triggers.x]\n{written}\n")
    done = run("triggers", "export.csv")
    assert done.exit_code == 2
    assert said in done.stderr
