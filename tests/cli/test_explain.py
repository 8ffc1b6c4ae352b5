"""`hourglass explain` as a person types it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXPORT = """user_id,event,ts
u-1042,cart,2026-01-01 10:00
u-1042,view,2026-01-02 10:00
u-1042,view,2026-01-20 10:00
u-1042,scroll,2026-01-20 10:01
u-1042,cart,2026-01-21 10:00
u-1042,cart,2026-01-21 11:00
u-1042,view,2026-01-22 10:00
u-1042,order,2026-02-28 10:00
other,view,2026-03-20 10:00
other,order,2026-03-20 10:00
"""
STEPS = ("--steps", "view,cart,order", "--window", "10 days")
ASKED = ("explain", "u-1042", "export.csv", *STEPS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    return tmp_path


def hourglass(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "hourglass", *words]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=settings)


def told(folder: Path, *words: str) -> list[list[str]]:
    done = hourglass(folder, *words, "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(done.stdout.decode().splitlines())
    return [[row["event"], row["used"], row["reason"], row["rule"]] for row in rows]


def test_each_event_says_why(folder: Path) -> None:
    assert told(folder, *ASKED) == [
        ["cart", "false", "before its turn: view was not reached yet", "order"],
        ["view", "false", "earlier entry: not chosen because its attempt comes only to view",
         "entry"],
        ["view", "true", "entry of the chosen attempt", "entry"],
        ["scroll", "false", "not in the model", ""],
        ["cart", "true", "counts for cart", ""],
        ["cart", "false", "cart was reached already", "order"],
        ["view", "false", "later entry: not chosen because its attempt comes only to view",
         "entry"],
        ["order", "false", "after the window", "window"],
    ]  # fmt: skip


def test_the_answer_in_a_sentence_and_in_the_zone(folder: Path) -> None:
    text = hourglass(folder, *ASKED, "--tz", "Europe/Helsinki").stdout.decode()
    flat = " ".join(text.split())
    assert (
        "u-1042 entered at 2026-01-20 12:00:00 and reached cart (2 of 3) at 2026-01-21 12:00:00; "
        "too late: order came only when the time for it was over" in flat
    )
    assert "2026-01-20T12:01:00+02:00" in text
    assert "window 10 d from the entry" in text


def test_the_json_has_the_events_and_the_journey(folder: Path) -> None:
    found = json.loads(hourglass(folder, *ASKED, "--format", "json").stdout)
    assert found["events"][4] == {
        "n": 5, "ts": "2026-01-21T10:00:00Z", "event": "cart", "stages": "cart", "used": True,
        "reason": "counts for cart", "rule": None,
    }  # fmt: skip
    assert found["journey"] == [
        {"position": 1, "stage": "view", "ts": "2026-01-20T10:00:00Z", "seconds": None},
        {"position": 2, "stage": "cart", "ts": "2026-01-21T10:00:00Z", "seconds": 86400.0},
        {"position": 3, "stage": "order", "ts": None, "seconds": None},
    ]


@pytest.mark.parametrize(
    ("words", "place", "verdict"),
    [
        (("--since", "2026-01-05"), 0, ["cart", "false", "outside the period", "range"]),
        (("--entry", "first"), 2,
         ["view", "false", "later entry: only the first one may start an attempt", "entry"]),
        (("--until", "2026-01-20"), 6,
         ["view", "false", "outside the period: entries end with it", "range"]),
        (("--window", "none"), 7, ["order", "true", "counts for order", ""]),
        (("--since", "2026-03-01"), 1, ["view", "false", "outside the period", "range"]),
    ],
)  # fmt: skip
def test_the_rule_that_decides(
    folder: Path, words: tuple[str, ...], place: int, verdict: list[str]
) -> None:
    assert told(folder, *ASKED, *words)[place] == verdict


def test_one_event_fills_one_stage(folder: Path) -> None:
    steps = ("--steps", "scroll,order,order")
    found = told(folder, "explain", "u-1042", "export.csv", *steps)
    assert found[-1] == [
        "order", "true", "counts for order; already used for order (2)", "reuse"
    ]  # fmt: skip
    found = told(folder, "explain", "u-1042", "export.csv", *steps, "--reuse")
    assert found[-1][2] == "counts for order, order (2)"


def test_in_strict_order_what_lay_between_is_named(folder: Path) -> None:
    asked = (*ASKED, "--order", "strict", "--since", "2026-01-10", "--tz", "Europe/Helsinki")
    found = told(folder, *asked)
    assert found[2] == ["view", "true", "entry of the chosen attempt", "entry"]
    lay = "scroll at 2026-01-20 12:01:00 lay between view"
    assert found[4] == ["cart", "false", f"{lay} and this", "order"]
    text = " ".join(hourglass(folder, *asked).stdout.decode().split())
    assert f"came no further than view (1 of 3); interrupted: {lay} and cart" in text


def test_in_any_order_the_stages_that_never_came_are_named(folder: Path) -> None:
    asked = (*ASKED, "--order", "any")
    assert told(folder, *asked)[:5] == [
        ["cart", "true", "opens the chosen window, counts for cart (any 1)", "entry"],
        ["view", "true", "counts for view (any 2)", ""],
        ["view", "false", "after the window", "window"],
        ["scroll", "false", "not in the model", ""],
        ["cart", "false", "after the window", "window"],
    ]
    found = json.loads(hourglass(folder, *asked, "-f", "json").stdout)
    assert [(row["stage"], row["came"]) for row in found["journey"]] == [
        ("any 1", "cart"), ("any 2", "view"), ("any 3", None),
    ]  # fmt: skip
    assert any("too late: inside the window there is no event of order" in s
               for s in found["notes"])  # fmt: skip


def test_what_is_tolerated_counts_a_little_later(folder: Path) -> None:
    steps = ("--steps", "scroll,view", "--tie-tolerance", "1 minute")
    found = told(folder, "explain", "u-1042", "export.csv", *steps)
    assert [row[1:] for row in found if row[1] == "true"] == [
        ["true", "counts for view at the instant of scroll, 60 s later", "tie_tolerance"],
        ["true", "entry of the chosen attempt", "entry"],
    ]


MODELS = """[models.checkout]
stages = { view = ["view"], cart = ["cart"], order = ["order"] }
[[models.checkout.exclusions]]
events = ["scroll"]
from = "view"
to = "order"
[models.second]
stages = { view = ["view"], cart = { events = ["cart"], nth = 4 }, order = ["order"] }
[models.short]
stages = { view = ["view"], cart = { events = ["cart"], optional = true }, order = ["order"] }
"""


def test_an_exclusion_says_what_it_strikes(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(MODELS, encoding="utf-8")
    asked = ("explain", "u-1042", "export.csv", "--model", "checkout", "--exclusion")
    reason = "excludes: strikes the attempt from 2026-01-02 10:00:00"
    strike = ["scroll", "false", f"{reason} and 1 more", "exclusion"]
    found = told(folder, *asked, "void")
    assert found[1][2:] == ["earlier entry: struck by scroll at 2026-01-20 10:01:00", "exclusion"]
    assert found[3] == strike
    assert found[6] == ["view", "true", "entry of the chosen attempt", "entry"]
    found = told(folder, *asked, "keep", "--entry", "first")
    assert found[3] == ["scroll", "false", reason, "exclusion"]
    assert found[4][2:] == [
        "after scroll at 2026-01-20 10:01:00, which strikes the attempt", "exclusion"
    ]  # fmt: skip
    text = hourglass(folder, *asked, "void", "--until", "2026-01-20").stdout.decode()
    assert "u-1042 does not count: scroll at 2026-01-20 10:01:00 struck" in " ".join(text.split())


def test_what_a_stage_takes_and_goes_on_without(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(MODELS, encoding="utf-8")
    asked = ("explain", "u-1042", "export.csv", "--model")
    carts = [row for row in told(folder, *asked, "second") if row[0] == "cart"]
    assert carts == [["cart", "false", "not number 4 of cart in the period", "nth"]] * 3
    text = " ".join(hourglass(folder, *asked, "second").stdout.decode().split())
    assert "never: no event came that cart takes" in text
    found = told(folder, *asked, "short")
    assert [row[0] for row in found if row[1] == "true"] == ["view", "order"]


def test_values_that_are_held_and_beginnings_at_any_stage(folder: Path) -> None:
    found = told(folder, *ASKED, "--open")
    assert found[-1] == ["order", "true", "entry of the chosen attempt", "entry"]
    assert found[2][2:] == ["no attempt from view comes to order", "closed"]
    rows = EXPORT.splitlines()
    held = [rows[0] + ",device", *(f"{row},{'x' if 'cart' in row else 'y'}" for row in rows[1:])]
    (folder / "export.csv").write_text("\n".join(held), encoding="utf-8")
    asked = (*ASKED, "--hold", "device", "--since", "2026-01-10")
    assert told(folder, *asked)[4][2:] == ["another device than that of the attempt, y", "hold"]
    text = " ".join(hourglass(folder, *asked).stdout.decode().split())
    assert "other value: cart came with another value of device, or with none" in text


def test_a_limit_and_where_say_what_is_not_shown(folder: Path) -> None:
    found = json.loads(
        hourglass(
            folder, *ASKED, "--limit", "1", "--where", "event <> 'order'", "-f", "json"
        ).stdout
    )
    assert [row["n"] for row in found["events"]] == [1, 3, 5]
    assert "4 of 7 events are not shown: 3 of stages, 1 of none" in found["notes"]
    assert "1 event of the person is left out by where" in found["notes"]


def test_somebody_who_never_entered(folder: Path) -> None:
    text = hourglass(folder, "explain", "u-1042", "export.csv", "--steps", "order,view,cart",
                     "--until", "2026-01-31").stdout.decode()  # fmt: skip
    assert "u-1042 did not enter: no event of order in the period" in " ".join(text.split())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("explain", "U-1024", "export.csv", *STEPS), 3, b'did you mean "u-1042"?'),
        (("explain", "\x1b[31m", "export.csv", *STEPS), 3, b'called "\\x1b[31m"'),
        ((*ASKED, "--by", "event"), 2, b"--by breaks counts down"),
        ((*ASKED, "-o", "x.pdf"), 2, b"no format is known"),
    ],
)
def test_failures(folder: Path, words: tuple[str, ...], code: int, said: bytes) -> None:
    done = hourglass(folder, *words)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
