"""What is marked as going before buying: what has an effect, and seldom what has none."""

import json
import random

import pytest
from typer.testing import CliRunner

from hourglass.analyses.differences import LEAST, MARKED
from hourglass.analyses.triggers_found import compared
from hourglass.cli import app
from hourglass.sample import plan
from hourglass.sample.files import write
from hourglass.sample.log import generate

SEEDS = 200


def row(event, done, everyone, segment=0):
    """Return a row of counts: of those who did an event and of everyone, people and buyers."""
    others = everyone[0] - done[0], everyone[1] - done[1]
    rates = done[1] / done[0], others[1] / others[0]
    return {
        "segment": segment,
        "event": event,
        "with_users": done[0],
        "with_bought": done[1],
        "without_users": others[0],
        "without_bought": others[1],
        "ratio": rates[0] / rates[1] if rates[1] else None,
    }


def counts(dice, people, effects):
    """Draw who bought and, apart from that, who did each event; `effects` are events with one."""
    bought = [dice.random() < 0.15 for _ in range(people)]
    rows = []
    for number in range(10):
        effect = effects.get(number, 0.0)
        likely = 0.1 + 0.8 * dice.random() * (1 - effect)
        done = [dice.random() < likely + effect * one for one in bought]
        both = sum(a and b for a, b in zip(done, bought, strict=True))
        rows.append(row(f"e{number:02}", (sum(done), both), (people, sum(bought))))
    return rows


def false_share(seed, effects, people=200):
    """Return the share of events without an effect among the marked, and how many with one."""
    rows = compared(counts(random.Random(seed), people, effects))
    marked = {int(row["event"][1:]) for row in rows if row["ratio_marked"]}
    return len(marked - effects.keys()) / max(1, len(marked)), len(marked & effects.keys())


def test_without_any_effect_a_run_seldom_marks_anything():
    """The share of runs that mark anything is the false discovery rate where nothing is real."""
    shares = [false_share(seed, {})[0] for seed in range(SEEDS)]
    assert sum(shares) / SEEDS <= MARKED
    assert sum(shares) > 0  # they are drawn by chance, so that some run marks something


def test_beside_real_effects_few_of_the_marked_have_none():
    effects = dict.fromkeys(range(3), 0.4)
    found = [false_share(1_000 + seed, effects) for seed in range(SEEDS)]
    assert sum(share for share, _ in found) / SEEDS <= MARKED
    assert sum(real for _, real in found) / SEEDS > 2.7  # of three


def test_one_segment_more_is_more_tests():
    """In a breakdown q is over all rows of the table, not over those of one value."""
    rows = counts(random.Random(7), 300, {0: 0.3})
    alone = {row["event"]: row["ratio_q"] for row in compared(rows)}
    dull = [row(one["event"], (100, 20), (200, 40), segment=2) for one in rows]
    both = compared([*({**one, "segment": 1} for one in rows), *dull])
    assert both[0]["ratio_q"] == pytest.approx(2 * alone[both[0]["event"]])


def test_rows_stand_in_the_order_to_be_read():
    done = {
        "much less": (1_000, 20), "none": (1_000, 100), "more": (500, 100), "all": (200, 200),
        "nobody": (40, 0), "a few": (LEAST - 1, 10),
        "nearly everybody": (2_000 - LEAST + 1, 190), "just enough": (LEAST, 3),
    }  # fmt: skip
    found = compared([row(event, one, (2_000, 200)) for event, one in done.items()])
    assert [row["event"] for row in found] == [
        "all", "more", "much less", "nobody", "just enough", "none",
    ]  # fmt: skip
    assert [row["ratio_marked"] for row in found] == [True] * 4 + [False] * 2
    assert found[0]["ratio"] is None  # nobody without it bought
    assert (found[3]["ratio"], found[3]["ratio_low"]) == (0, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_whole_command_finds_what_is_planted_and_marks_no_noise(seed, tmp_path):
    people = 6_000 if seed == 1 else 3_000
    made = generate(people, seed)
    write(made.frame, tmp_path / "log.parquet")
    words = ["triggers", str(tmp_path / "log.parquet"), "--format", "json", "-q"]
    answer = json.loads(CliRunner().invoke(app, words).stdout)
    rows = {row["event"]: row for row in answer["triggers"]}
    quote, truth = rows["quote_sent"], made.truth.quotes
    assert (quote["with_users"], quote["with_bought"]) == (truth.people, truth.bought)
    assert (quote["without_users"], quote["without_bought"]) == (truth.others, truth.others_bought)
    assert quote["ratio_low"] < truth.ratio < quote["ratio_high"]
    assert quote["ratio_marked"]
    assert not [event for event in plan.NULL_EVENTS if rows[event]["ratio_marked"]]
