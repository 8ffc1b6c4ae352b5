"""`hourglass touchpoints`: a few people by hand, and what has to be configured."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

ASKED = ("touchpoints", "export.csv", "-q")
CONFIG = """
[columns]
channel = "utm_source"

[stages]
know = ["visit"]
like = ["follow"]
buy = ["order"]
repeat = ["order"]

[touchpoints]
physical = ["store"]
"""
EVENTS = [
    ("anna", "visit", "01T10:00", "ads"),
    ("anna", "visit", "02T10:00", "store"),
    ("anna", "follow", "03T10:00", "ads"),
    ("anna", "order", "04T10:00", "store"),
    ("ben", "visit", "01T10:00", "ads"),
    ("ben", "follow", "01T10:00", "mail"),  # at the very instant of the visit: he went on
    ("ben", "order", "05T10:00", ""),  # of ads and mail at one instant the name that sorts first
    ("carla", "follow", "01T09:00", "ads"),  # before her visit: she did not go on from it
    ("carla", "visit", "01T10:00", "store"),
    ("dora", "visit", "01T10:00", ""),
    ("dora", "follow", "08T10:00", "ads"),  # exactly seven days later
    ("emil", "order", "06T10:00", "phone"),  # a first and only touch: the order itself
    ("emil", "order", "06T10:00", "phone"),  # and a second order at once
    ("finn", "visit", "20T10:00", "ads"),  # has time until the 27th
    ("gita", "follow", "25T00:00", "ads"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = "".join(f"{user},{name},2026-03-{at},{way}\n" for user, name, at, way in EVENTS)
    (tmp_path / "export.csv").write_text(f"user_id,event,ts,utm_source\n{rows}")
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


def lines(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = ("stage", "channel", "kind", "events", "people", "onward", "immature", "mature_onward")
    return [tuple(row[name] for name in names) for row in rows]


def test_the_log_by_hand() -> None:
    assert lines(answer("--window", "7 days")["touchpoints"]) == [
        ("know", "ads", "digital", 3, 3, 2, 1, 2),
        ("know", "store", "physical", 2, 2, 1, 0, 1),
        ("know", None, "unknown", 1, 1, 1, 0, 1),
        ("like", "ads", "digital", 4, 4, 1, 1, 1),
        ("like", "mail", "digital", 1, 1, 1, 0, 1),
        ("buy", "store", "physical", 1, 1, 0, 0, 0),
        ("buy", "phone", "digital", 2, 1, 1, 0, 1),
        ("buy", None, "unknown", 1, 1, 0, 0, 0),
        ("repeat", "store", "physical", 1, 1, None, None, None),
        ("repeat", "phone", "digital", 2, 1, None, None, None),
        ("repeat", None, "unknown", 1, 1, None, None, None),
    ]


def test_events_of_two_stages_are_pointed_out() -> None:
    assert "of buy and repeat at once, and counted at each of them: order" in answer()["notes"]


def test_kinds_count_each_person_once() -> None:
    know = [row for row in answer("--window", "7 days")["kinds"] if row["stage"] == "know"]
    assert [(row["kind"], row["events"], row["people"], row["onward"]) for row in know] == [
        ("digital", 3, 3, 2), ("physical", 2, 2, 1), ("unknown", 1, 1, 1),
    ]  # fmt: skip


def test_buyers_by_first_and_last_touch() -> None:
    rows = answer()["buyers"]
    found = {row["channel"]: (row["kind"], row["first_touch"], row["last_touch"]) for row in rows}
    assert found == {
        "ads": ("digital", 2, 2),  # anna's last is the follow: the order itself is not before it
        "phone": ("digital", 1, 1),  # emil has nothing but the order
    }
    assert rows[0]["first_touch_rate"] == pytest.approx(2 / 3)


def test_of_several_events_at_one_instant_one_is_the_nth() -> None:
    rows = ["anna,visit,2026-03-01,web", "anna,visit,2026-03-01,mail", "anna,follow,2026-03-02,web"]
    rows += ["ben,visit,2026-03-01,web", "ben,follow,2026-03-01,web", "ben,follow,2026-03-01,ads"]
    Path("export.csv").write_text("\n".join(["user_id,event,ts,utm_source", *rows]) + "\n")
    first = '{ events = ["visit"], nth = 1 }'
    Path("hourglass.toml").write_text(CONFIG.replace('["visit"]', first))
    found = answer()["touchpoints"]
    told = [(row["stage"], row["channel"], row["events"], row["onward"]) for row in found]
    assert sorted(told, key=str) == [
        ("know", "mail", 1, 1), ("know", "web", 1, 1),
        ("like", "ads", 1, 0), ("like", "web", 2, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("model", [None, "path"])
def test_only_what_passes_the_condition_of_buy_is_the_purchase_itself(model: str | None) -> None:
    rows = ["anna,order,2026-03-01,app,50", "anna,order,2026-03-01,mail,5"]
    lines = ["user_id,event,ts,utm_source,revenue", *rows]
    Path("export.csv").write_text("\n".join(lines) + "\n")
    small, large = (f'{{ events = ["order"], where = "revenue {is_}" }}' for is_ in ("< 9", "> 9"))
    Path("hourglass.toml").write_text(
        '[columns]\nchannel = "utm_source"\n'
        f"[stages]\ntry = {small}\nbuy = {large}\n"
        f"[models.path.stages]\nlook = {small}\npay = {large}\n"
    )
    found = answer(*(("--model", model) if model else ()))["buyers"]
    told = {row["channel"]: (row["first_touch"], row["last_touch"]) for row in found}
    assert told == {"app": (1, 0), "mail": (0, 1)}


def test_a_period_binds_events_and_reads_on() -> None:
    period = ("--since", "2026-03-01", "--until", "2026-03-01", "--window", "7 days")
    assert lines(answer(*period)["touchpoints"])[:2] == [
        ("know", "ads", "digital", 2, 2, 2, 0, 2),
        ("know", "store", "physical", 1, 1, 0, 0, 0),
    ]
    moment = ("--until", "2026-03-03T10:00")  # of anna's follow, which is the first event out
    assert lines(answer(*moment)["touchpoints"])[0][:6] == ("know", "ads", "digital", 2, 2, 2)
    everything = answer(*moment, "--range", "all")["touchpoints"]
    assert lines(everything)[0][:6] == ("know", "ads", "digital", 2, 2, 1)
    (ben,) = answer("--since", "2026-03-05", "--until", "2026-03-05")["buyers"]
    assert (ben["channel"], ben["first_touch"], ben["last_touch"]) == ("ads", 1, 1)


def test_channels_beyond_the_top_are_one_row() -> None:
    know = [row for row in answer("--top", "1")["touchpoints"] if row["stage"] == "know"]
    assert [(row["channel"], row["channel_other"], row["kind"], row["people"]) for row in know] == [
        ("ads", False, "digital", 3), (None, True, None, 2), (None, False, "unknown", 1),
    ]  # fmt: skip


def test_without_a_list_of_physical_channels_no_kind_is_known() -> None:
    Path("hourglass.toml").write_text(CONFIG.partition("[touchpoints]")[0])
    found = answer()
    assert {row["kind"] for row in found["touchpoints"]} == {"unknown"}
    assert any("no channel is known to be digital or physical" in one for one in found["notes"])


def test_a_physical_channel_that_the_data_lack_is_a_warning() -> None:
    Path("hourglass.toml").write_text(CONFIG.replace('["store"]', '["stroe"]'))
    done = run("touchpoints", "export.csv")
    assert done.exit_code == 0
    assert '[touchpoints] physical: no channel "stroe" in the data; did you mean "store"?' in (
        done.stderr
    )


def test_nobody_knows_what_a_purchase_is() -> None:
    Path("hourglass.toml").write_text('[columns]\nchannel = "utm_source"\n')
    found = answer("--steps", "visit,follow")
    assert "buyers" not in found
    assert found["notes"][-1].startswith("no first and last touch of buyers: model steps has no")


def test_the_table_names_what_has_no_channel() -> None:
    done = run(*ASKED, "--top", "1")
    assert "know    (none)   unknown" in done.stdout
    assert "know    (other)  –" in done.stdout
    assert "Rules: window 30 d, ties helpful, one event one stage, as of" in done.stdout


def test_csv_has_a_line_for_each_stage_and_channel_and_value() -> None:
    done = run(*ASKED, "-f", "csv")
    assert next(csv.DictReader(io.StringIO(done.stdout)))["channel"] == "ads"
    done = run(*ASKED, "--by", "user_id", "-f", "csv")
    first = next(csv.DictReader(io.StringIO(done.stdout)))
    assert (first["user_id"], first["stage"], first["channel"]) == ("anna", "know", "ads")


def test_without_a_channel_it_says_what_to_write(folder: Path) -> None:
    Path("hourglass.toml").write_text(CONFIG.replace('"utm_source"', '""'))
    done = run(*ASKED)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "no column of the events is the channel" in done.stderr
    assert 'under [columns] in hourglass.toml write channel = "utm_source"' in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "channel"), "touchpoints are by channel anyway"),
        (("--order", "strict"), "--order has no say here: no funnel is followed"),
        (("--attribution", "entry", "--by", "user_id"), "attribution = entry is of a funnel"),
    ],
)
def test_what_has_no_meaning_here_is_refused(words: tuple[str, ...], said: str) -> None:
    done = run(*ASKED, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
