"""`hourglass compare` as a person types it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

ASKED = ("compare", "export.csv", "--steps", "view,pay")
MARCH = ("--since", "2026-03-30", "--until", "2026-04-05")
EVENTS = """user_id,event,ts,channel,country
a,view,2026-03-22T21:59:59Z,mail,fi
b,view,2026-03-22T22:00:00Z,mail,fi
b,pay,2026-03-23T10:00:00Z,mail,fi
c,view,2026-03-29T20:59:59Z,,se
d,view,2026-03-29T21:00:00Z,mail,se
d,pay,2026-03-29T21:30:00Z,mail,se
e,view,2026-04-05T20:59:59Z,shop,fi
f,view,2026-04-05T21:00:00Z,shop,fi
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "export.csv").write_text(EVENTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, [*ASKED, *words])


def answer(*words: str) -> dict[str, Any]:
    done = run(*words, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def people(found: dict[str, Any]) -> list[tuple[int, int]]:
    return [(row["base_users"], row["users"]) for row in found["compare"]]


def test_the_period_before_has_as_many_days_of_the_zone() -> None:
    found = answer(*MARCH, "--previous", "--tz", "Europe/Helsinki")
    base, side = found["sides"]
    # clocks went forward on 29 March: the week before began an hour of elapsed time later
    assert (base["since"], base["until"]) == ("2026-03-22T22:00:00Z", "2026-03-29T21:00:00Z")
    assert (side["since"], side["until"]) == ("2026-03-29T21:00:00Z", "2026-04-05T21:00:00Z")
    assert people(found) == [(2, 2), (1, 1)]


def test_another_period_may_be_the_base() -> None:
    assert people(answer(*MARCH, "--base-until", "2026-03-22")) == [(2, 2), (1, 0)]
    base = ("--base-since", "2026-03-23", "--base-until", "2026-03-29")
    assert people(answer(*MARCH, *base)) == [(2, 2), (1, 0)]


def test_the_last_week_against_the_one_before() -> None:
    found = answer("--last-week", "--as-of", "2026-04-08", "--previous", "--tz", "Europe/Helsinki")
    assert people(found) == [(2, 2), (1, 1)]


def test_two_segments_the_first_is_the_base() -> None:
    found = answer("--segment", "channel=mail", "--segment", "channel=shop")
    assert people(found) == [(3, 2), (2, 0)]
    assert [row["segment"] for row in found["sides"]] == ["channel=mail", "channel=shop"]
    assert people(answer("--segment", "channel=", "--segment", "country=fi")) == [(1, 4), (0, 1)]


def test_the_change_is_split_and_csv_holds_the_split() -> None:
    words = (*MARCH, "--base-until", "2026-03-29", "--tz", "Europe/Helsinki", "--by", "channel")
    found = answer(*words)
    (change,) = found["change"]
    assert change["stage"] == "pay"
    parts = [part["mix"] + part["rate"] for part in found["split"]]
    assert sum(parts) == pytest.approx(change["change"], abs=1e-12)
    shown = list(csv.DictReader(io.StringIO(run(*words, "-f", "csv").stdout)))
    assert [row["channel"] for row in shown] == ["mail", "shop", ""]
    assert [row["base_entrants"] for row in shown] == ["2", "0", "1"]


def test_top_folds_the_rest_after_the_split() -> None:
    words = (*MARCH, "--base-until", "2026-03-29", "--by", "country", "--by", "channel")
    every, few = answer(*words), answer(*words, "--top", "1")
    assert every["change"] == few["change"]
    assert [part["other"] for part in few["split"]] == [False, True]


def test_markdown_and_the_table_say_the_same() -> None:
    words = (*MARCH, "--previous")
    assert "| pay |" in run(*words, "-f", "md").stdout
    done = run(*words)
    assert "pay" in done.stdout
    assert "intervals and tests take the sides as independent" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "name one thing to compare with"),
        ((*MARCH, "--previous", "--base-since", "2026-01-01"), 2, "name one thing"),
        ((*MARCH, "--previous", "--segment", "channel=mail"), 2, "name one thing"),
        (("--segment", "channel=mail"), 2, "two segments are compared, not 1"),
        (("--segment", "channel", "--segment", "a=b"), 2, '"channel" is not a segment'),
        (("--segment", "channel=mail", "--segment", "channel=mail"), 2, "both segments are"),
        (("--segment", "channel=mail", "--segment", "channel=shp"), 3, "channel=shop"),
        (("--segment", "chanel=mail", "--segment", "channel=shop"), 2, "channel"),
        (("--previous",), 2, "--previous needs a period with both ends"),
        (("--since", "2026-03-30", "--previous"), 2, "--previous needs a period with both ends"),
        (("--base-until", "2026-03-30"), 2, "say which period is compared with the base"),
        ((*MARCH, "--base-until", "2026-03-31"), 2, "the two periods overlap"),
        ((*MARCH, "--base-until", "2026-03-32"), 2, "is not a date"),
        ((*MARCH, "--base-since", "2026-02-02", "--base-until", "2026-02-01"), 2, "the base ends"),
        ((*MARCH, "--previous", "--stage", "pay"), 2, "--stage says which change --by splits"),
        ((*MARCH, "--previous", "--by", "channel", "--stage", "pey"), 2, 'did you mean "pay"'),
        ((*MARCH, "--previous", "-o", "out.xyz"), 2, "no format is known"),
    ],
)
def test_mistakes_are_named(words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_days_too_young_to_count_on_one_side_are_said(folder: Path) -> None:
    rows = [f"p{day},view,2026-03-{day:02}T12:00:00Z,,fi" for day in range(1, 31)]
    (folder / "export.csv").write_text("\n".join([EVENTS.split(maxsplit=1)[0], *rows]) + "\n")
    asked = ("--since", "2026-03-16", "--previous", "--window", "10 days")

    def said(*words: str) -> list[str]:
        return [one for one in answer(*words)["notes"] if one.startswith("old enough to count")]

    (warning,) = said(*asked, "--until", "2026-03-29")
    assert "are 4.5 of 14 days of the side compared, and 14 of 14 days of the base" in warning
    assert "--until 2026-03-19" in warning
    assert said(*asked, "--until", "2026-03-19") == []
    assert said("--since", "2026-03-10", "--until", "2026-03-16", "--previous") == []
