"""`hourglass explain` as a person types it."""

import csv
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from tests.cli.short_logs import ALL, FOUR, GAP, NOON, WINDOW, answer, excluding, pair, said

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


Rows = list[dict[str, Any]]


def rows_of(folder: Path, events: str, config: str, *words: str) -> Rows:
    """What is said of the events of one person, in the words of a short log."""
    rows: Rows = answer(folder, ("explain", "u"), events, config, *words)["events"]
    for row in rows:
        at = datetime.fromisoformat(row["ts"]).replace(tzinfo=None) - NOON
        row["word"] = f"{row['event']}{at.total_seconds() / 60:g}"
    return rows


def reason_of(rows: Rows, word: str) -> str:
    found: str = next(row["reason"] for row in rows if row["word"] == word)
    return found


TOLERANT = ("--tie-tolerance", "2 minutes")
SHOWN = [
    # the events that count, and so many others: those of stages or exclusions before the rest
    ("x0 a10 x10 b11", pair(), (), 0, "a10 b11"),
    ("a0 a1 a10 b11", pair(), (), 0, "a10 b11"),
    ("q0 a1 b2 b3 b4", pair(), (), 1, "a1 b2 b3"),
    ("q0 a1 b2 b3 b4", pair(), (), 2, "a1 b2 b3 b4"),
    ("q0 a1 b2 b3 b4", pair(), (), 3, "q0 a1 b2 b3 b4"),
    ("a0 q1 b2 x3", pair() + excluding("a", "b", "x"), (), 1, "a0 b2 x3"),
    # as many of an instant as there are stages to fill
    ("a10 a10", pair(event="a"), (), 0, "a10 a10"),
    ("a10 a10 a10 b11", pair(), (), 0, "a10 a10 b11"),
    ("a10 a10 b10", pair(), (), 0, "a10 a10 b10"),
    ("a10=v a10=v a10=v a10=w b11=w", pair(), ("--hold", "p"), 0, "a10 a10 a10 b11"),
    # the latest before the instant at which it counts
    ("b8 b9 a10", pair(), TOLERANT, 0, "b9 a10"),
    ("b8 a10", pair(), TOLERANT, 0, "b8 a10"),
    ("b9 a10 b13", pair(GAP), TOLERANT, 0, "a10 b13"),
    ("b3=w a10=v b11=v", pair(), ("--hold", "p", *TOLERANT), 0, "a10 b11"),
    ("b8 x9 a10", pair(), TOLERANT, 0, "b8 a10"),
    ("b3 a10 b11", pair(), TOLERANT, 0, "a10 b11"),
    ("b9 a10 b10", pair(), TOLERANT, 0, "a10 b10"),
    ("b9 a10 b30", pair(), TOLERANT, 0, "b9 a10"),
    ("b8=v b9=w a10=v", pair(), ("--hold", "p", *TOLERANT), 0, "b8 b9 a10"),
    # in the order of the file
    ("b10 a10 a10 a10 b10", pair(), ("--ties", "row"), 0, "b10 a10 a10 b10"),
    ("b10 b10 b10 a10 b10", pair(), ("--ties", "row"), 0, "b10 b10 a10 b10"),
]


@pytest.mark.parametrize(
    ("events", "config", "words", "most", "shown"), SHOWN, ids=map(said, SHOWN)
)
def test_what_is_shown_beside_the_events_that_count(
    tmp_path: Path, events: str, config: str, words: tuple[str, ...], most: int, shown: str
) -> None:
    asked = (tmp_path, events, config, *words, *WINDOW)
    rows = rows_of(*asked, "--limit", str(most))
    assert " ".join(row["word"] for row in rows) == shown
    whole = [row for row in rows_of(*asked) if row["used"]]
    assert [row for row in rows if row["used"]] == whole  # the same, however few are shown


NOT_CHOSEN = {
    "comes only to a": [
        ("a0 a10 b11", "a0", pair(), ()),
        ("a4 a5 a11 b12", "a5", pair(), ("--since", "2026-01-05T12:05")),
        ("a0 a6 b7 a8", "a8", pair(), ("--since", "2026-01-05T12:05", "--limit", "2")),
        ("a0 a1 a6 b7", "a0", pair(), ("--limit", "1")),
        ("a0 a0 a6 b7 a8", "a8", pair(), ("--limit", "3")),
        ("b0 a2.5 a10 b11 c12", "a2.5", FOUR, TOLERANT),
    ],
    "comes only to b": [
        ("b0 a2 a10 b11 c12", "a2", FOUR, TOLERANT),
        ("a0 b1 c5.001 a10 b11 c12", "a0", FOUR, ()),
    ],
    "comes to b later": [("a0 b1 a3 b4", "a3", pair(), ())],
    "later entry leads to the same": [
        ("a0 a1 b2 c3", "a0", FOUR, ()),
        ("a0 a1 b2 c5", "a0", FOUR, ()),
    ],
}


@pytest.mark.parametrize("why", NOT_CHOSEN)
def test_why_an_entry_was_not_chosen(tmp_path: Path, why: str) -> None:
    for events, word, config, words in NOT_CHOSEN[why]:
        rows = rows_of(tmp_path, events, config, *words, *WINDOW)
        assert reason_of(rows, word).endswith(why), events


STRUCK = [
    ("a0 x1 y1 b2 c3", excluding("a", "b", "y") + excluding("b", "c", "x"), "y at 12:01"),
    ("a0 b1 x2 y2 c3", excluding("b", "c", "y") + excluding("a", "b", "x"), "y at 12:02"),
    ("a0 b1 x1 y1 c2", excluding("a", "c", "y") + excluding("a", "b", "x"), "y at 12:01"),
    ("a0 y1 x1 b2", excluding("a", "b", "yx"), "x at 12:01"),
    ("a0 y1 x2 b3", excluding("a", "b", "yx"), "y at 12:01"),
    ("a0 y1=no x1=yes b2", excluding("a", "b", "yx", "p = 'no'"), "y at 12:01"),
    ("a0 q1 b2", excluding("a", "b", "*"), "q at 12:01"),
    ("a0 x0.00000002 b2", excluding("a", "b", "x"), "x at 12:00"),
]


@pytest.mark.parametrize(("events", "exclusions", "strike"), STRUCK, ids=map(said, STRUCK))
def test_what_strikes_is_the_first_between_the_two_stages(
    tmp_path: Path, events: str, exclusions: str, strike: str
) -> None:
    asked = (FOUR + exclusions, "--exclusion", "void", *WINDOW)
    name, at = strike.split(" at ")
    strike = f"{name} at 2026-01-05 {at}:00"
    rows = rows_of(tmp_path, events, *asked)
    assert reason_of(rows, "a0") == f"its attempt is struck by {strike}"
    told = [row["event"] for row in rows if row["reason"].startswith("excludes: strikes")]
    assert told == [name]
    notes = answer(tmp_path, ("explain", "u"), events, *asked)["notes"]
    assert f"u does not count: {strike} struck an attempt that would have come further" in notes


@pytest.mark.parametrize(
    ("events", "how", "word", "reason"),
    [
        # what came before a strike, or with it, counts where it is kept
        ("a0 b1 x1 c2 a10 b11 c12", "keep", "a0",
         "earlier entry: not chosen because its attempt comes only to b"),
        ("a0 b1 x2 c3 a10 b11 c12", "void", "a0",
         "earlier entry: struck by x at 2026-01-05 12:02:00"),
        ("a0 a10 b11 c12", "void", "a0",
         "earlier entry: not chosen because its attempt comes only to a"),
        ("a0 b1 c2 a10 b11 c12", "void", "a10",
         "later entry: not chosen because its attempt comes to c later"),
        ("a0 b1 a1.5 c2 b3 c4", "void", "a1.5",
         "later entry: not chosen because its attempt comes to c later"),
        ("a0 b1 c2 a2 b3 c3.5 a20 x21", "void", "x21",
         "excludes: strikes the attempt from 2026-01-05 12:20:00"),
    ],
)  # fmt: skip
def test_what_an_entry_comes_to_where_exclusions_are(
    tmp_path: Path, events: str, how: str, word: str, reason: str
) -> None:
    config = FOUR + excluding("a", "c", "x")
    rows = rows_of(tmp_path, events, config, "--exclusion", how, *WINDOW)
    assert reason_of(rows, word) == reason


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("a0", "earlier entry: not chosen because its attempt comes only to a"),
        ("a8", "later entry: not chosen because another attempt is the better one"),
    ],
)
def test_entries_are_followed_from_the_first_one_on(tmp_path: Path, word: str, reason: str) -> None:
    log = "a0 a6 b7" if word == "a0" else "a6 b7 a8"
    asked = (log, pair() + excluding("a", "b", "x"), *WINDOW, "--limit", "1")
    assert reason_of(rows_of(tmp_path, *asked), word) == reason


UNORDERED = [
    ("a0 x0 b1 x2 c3 a20 b21 c22 d23", "a0",
     "earlier: the window it opens is struck by x at 12:02"),
    ("a0 x0.00000002 b1 x2 c3 a20 b21 c22 d23", "a0",
     "earlier: the window it opens is struck by x at 12:00"),
    ("a0 b1 x2 c3 d4 a20 b21 c22 d23", "a0",
     "earlier: the window it opens is struck by x at 12:02"),
    ("a0 b1 c2 d3 x3", "x3", "excludes: strikes the attempt from 12:01 and 1 more"),
    ("a0 b1 x3", "b1", "its attempt is struck by x at 12:03"),
    ("a0 b1 x5", "a0", "its attempt is struck by x at 12:05"),
    ("a0 b1 x5.001", "x5.001", "excludes: strikes the attempt from 12:01"),
    ("a0 y1 x1 b2", "a0", "earlier: the window it opens is struck by x at 12:01"),
    ("a0 a20 b21", "a0", "earlier: the window it opens comes only to any 1"),
    ("a0 b1 a20 b21 c22", "a0", "earlier: the window it opens comes only to any 2"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "word", "reason"), UNORDERED, ids=map(said, UNORDERED))
def test_what_an_opening_comes_to(tmp_path: Path, events: str, word: str, reason: str) -> None:
    config = FOUR + excluding("a", "d", "xy")
    rows = rows_of(tmp_path, events, config, "--order", "any", *WINDOW)
    full = re.sub(r"12:\d\d", lambda found: f"2026-01-05 {found[0]}:00", reason)
    assert reason_of(rows, word) == full


def test_openings_are_followed_from_the_first_one_on(tmp_path: Path) -> None:
    asked = ("a0 a10 a20 b21", FOUR, "--order", "any", *WINDOW, "--limit", "1")
    reason = "earlier: the window it opens comes only to any 1"
    assert reason_of(rows_of(tmp_path, *asked), "a0") == reason


@pytest.mark.parametrize(
    ("events", "words", "came"),
    [
        ("a0 b0 c1", (), "a b c"),
        ("b0 a1 b2", (), "b a"),
        ("c0 b5 a5.001", (), "c b"),
        ("a0 b10 c11", (), "b c"),
        ("c12 b15 a20", ALL, "c b"),
    ],
)
def test_in_any_order_which_stages_came(
    tmp_path: Path, events: str, words: tuple[str, ...], came: str
) -> None:
    asked = (FOUR, "--order", "any", *words, "--window", "5 minutes" if not words else "1 hour")
    rows = answer(tmp_path, ("explain", "u"), events, *asked)["journey"]
    assert [row["came"] for row in rows if row["came"]] == came.split()


@pytest.mark.parametrize(
    ("events", "words", "lay"),
    [
        ("a0 w1 x2 b3", (), "x at 12:02 lay between a"),
        ("a0 y1 x1 b2", (), "x at 12:01 lay between a"),
        ("a0 b1 b2 c3", (), "b at 12:02 lay between b"),
        ("a0 b1 b2 x2 c3", ("--strict-repeat", "pass"), "x at 12:02 lay between b"),
        ("a0 b1 c2 x2.5 b3 c4 d4", ("--strict-repeat", "pass"), "b at 12:03 lay between c"),
    ],
)
def test_what_lies_just_before_is_named(
    tmp_path: Path, events: str, words: tuple[str, ...], lay: str
) -> None:
    rows = rows_of(tmp_path, events, FOUR, "--order", "strict", *words, *WINDOW)
    assert (
        rows[-1]["reason"]
        == lay.replace("12:", "2026-01-05 12:").replace(" lay", ":00 lay") + " and this"
    )


@pytest.mark.parametrize(
    ("ids", "typed", "meant"),
    [
        (["anna"], "anna12", "anna"),
        (["anna"], "anna123", None),
        (["anna4567"], "annb4568", "anna4567"),
        (["anna4567"], "annb4578", None),
        (["ANNA"], "anna", "ANNA"),
        (["anna"], "bnna", "anna"),
        (["anna"], "annb", "anna"),
        (["anna"], "bnnb", None),
        (["x" * 100], "x" * 99 + "y", "x" * 100),
        (["x" * 101], "x" * 100 + "y", None),
        ([*(f"anna{n}x" for n in range(6)), "annaz"], "annay", "annaz"),
        (
            [f"anna{n}" for n in (5, 4, 3, 2, 1, 0)],
            "annax",
            "anna4",
        ),  # the first five are looked at
    ],
)
def test_an_id_that_differs_a_little_is_named(
    tmp_path: Path, ids: list[str], typed: str, meant: str | None
) -> None:
    rows = [f"{one},a,2026-01-05" for one in ids]
    (tmp_path / "log.csv").write_text("\n".join(["user_id,event,ts", *rows]), encoding="utf-8")
    given = ["explain", typed, str(tmp_path / "log.csv"), "--steps", "a,b", "-q"]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 3
    flat = "".join(done.stderr.split())
    assert (f'"{meant}"?' in flat) if meant else ("didyoumean" not in flat)


def test_the_list_of_everybody_is_of_the_same_funnel(folder: Path) -> None:
    done = hourglass(folder, "explain", "nobody", "export.csv", "--steps", "view,cart")
    assert done.returncode == 3
    assert b"hourglass people export.csv --steps view,cart --all lists everybody" in done.stderr
