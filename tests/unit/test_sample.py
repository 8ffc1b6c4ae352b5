"""The sample is always the same, and what it says about itself can be counted in its rows."""

import hashlib
import os
import subprocess
import sys
import tomllib
from collections import defaultdict
from datetime import datetime, timedelta
from math import sqrt
from pathlib import Path

import polars as pl
import pytest

from hourglass.errors import OutputError, UsageError
from hourglass.sample import plan
from hourglass.sample.files import write
from hourglass.sample.log import generate
from hourglass.stages import HOURGLASS

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "sample_events.parquet"
WINDOW = timedelta(days=30)
UNTIL = plan.START + timedelta(weeks=13)


@pytest.fixture(scope="module")
def made():
    return generate(6_000, 1)


@pytest.fixture(scope="module")
def truth(made):
    return made.truth


@pytest.fixture(scope="module")
def rows():
    """Events of the committed file in order of time, each event id once."""
    kept = {}
    for row in pl.read_parquet(COMMITTED).to_dicts():
        kept.setdefault(row["event_id"], row)
    return sorted(kept.values(), key=lambda row: row["ts"])


@pytest.fixture(scope="module")
def events(rows):
    """user_id -> events in order of time."""
    return grouped(rows, {})


@pytest.fixture(scope="module")
def joined(rows):
    """The same with anonymous ids joined to the ids they log in to."""
    logins = [row for row in rows if row["event"] == "login"]
    return grouped(rows, {row["anonymous_id"]: row["user_id"] for row in logins})


@pytest.fixture(scope="module")
def as_of(rows):
    return rows[-1]["ts"]


def grouped(rows, aliases):
    people = defaultdict(list)
    for row in rows:
        people[aliases.get(row["user_id"], row["user_id"])].append(row)
    return people


@pytest.fixture(scope="module")
def stages():
    """Position -> the events of the stage, as the configuration beside the tests has them."""
    written = tomllib.loads((ROOT / "tests/data/sample.toml").read_text())["stages"]
    assert tuple(written) == HOURGLASS
    return [one["events"] if isinstance(one, dict) else one for one in written.values()]


def matches(row, names):
    return row["event"] in names and (row["rating"] is None or row["rating"] >= 4)


def depth(person, stages, closes=datetime.max):
    """Deepest position within the window from any entry up to `closes`, each event used once."""
    best = 0
    for entry in person:
        if not matches(entry, stages[0]) or entry["ts"] > closes:
            continue
        at, used, position = entry["ts"], {entry["event_id"]}, 1
        for names in stages[1:]:
            following = [
                row
                for row in person
                if matches(row, names)
                and at <= row["ts"] <= entry["ts"] + WINDOW
                and row["event_id"] not in used
            ]
            if not following:
                break
            at, position = following[0]["ts"], position + 1
            used.add(following[0]["event_id"])
        best = max(best, position)
    return best


def reached(depths):
    depths = list(depths)
    return {
        stage: sum(one >= position for one in depths)
        for position, stage in enumerate(HOURGLASS, start=1)
    }


def within_chance(got, tried, likely, deviations=4.0):
    """Say whether `got` of `tried` is what chance makes of this probability."""
    return abs(got - tried * likely) <= deviations * sqrt(tried * likely * (1 - likely)) + 0.5


def first_impression(person):
    return next((row for row in person if row["event"] in ("ad_impression", "blog_view")), None)


# --- always the same ---------------------------------------------------------------------------


def test_committed_file_is_what_the_defaults_make(made):
    assert pl.read_parquet(COMMITTED).equals(made.frame)
    assert COMMITTED.stat().st_size < 2_000_000


def test_same_seed_gives_same_bytes_whatever_the_hash_seed(tmp_path):
    """Sets and hashes have no say in the file, nor has the number of threads."""
    digests = set()
    for hash_seed, threads in (("0", "1"), ("1", "2")):
        path = tmp_path / f"{hash_seed}.parquet"
        program = (
            "from pathlib import Path; from hourglass.sample.log import generate;"
            "from hourglass.sample.files import write;"
            f"write(generate(300, 5).frame, Path({str(path)!r}))"
        )
        settings = {**os.environ, "PYTHONHASHSEED": hash_seed, "POLARS_MAX_THREADS": threads}
        subprocess.run([sys.executable, "-c", program], check=True, env=settings, cwd=ROOT)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_other_seed_gives_other_people():
    assert not generate(50, 1).frame.equals(generate(50, 2).frame)


def test_smaller_sample_is_part_of_a_larger_one():
    small, large = generate(200, 3).frame, generate(400, 3).frame
    people = large.filter(pl.col("event_id").str.slice(1, 6).cast(pl.Int64) <= 200)
    assert people.equals(small)


@pytest.mark.parametrize(("people", "weeks"), [(1, 1), (3, 1), (41, 2), (60, 60)])
def test_any_size_is_made(people, weeks):
    made = generate(people, 9, weeks)
    assert made.truth.reached["know"] == people
    assert made.truth.people == people
    assert len(made.truth.entrants_by_week) == weeks
    assert made.frame["ts"].max() < plan.START + timedelta(weeks=weeks)


@pytest.mark.parametrize(("people", "weeks"), [(0, 13), (10, 0), (-1, 13)])
def test_nothing_to_make_is_refused(people, weeks):
    with pytest.raises(UsageError):
        generate(people, 1, weeks)


# --- counted exactly ---------------------------------------------------------------------------


def test_size(rows, truth):
    assert 55_000 <= truth.rows <= 65_000
    assert truth.people == 6_000
    assert len(rows) == truth.rows - truth.duplicates
    assert 50 <= truth.duplicates <= 200


def test_people_reached_each_stage(events, stages, truth):
    assert reached(depth(person, stages) for person in events.values()) == truth.reached


def test_people_reached_each_stage_with_ids_joined(joined, stages, truth):
    assert reached(depth(person, stages) for person in joined.values()) == truth.reached_joined
    assert truth.reached_joined["trust"] > truth.reached["trust"]


def test_mature_people(events, stages, as_of, truth):
    closes = as_of - WINDOW
    assert reached(depth(person, stages, closes) for person in events.values()) == truth.mature


def test_people_by_first_channel(events, stages, truth):
    depths = defaultdict(list)
    for person in events.values():
        if first := first_impression(person):
            depths[first["channel"]].append(depth(person, stages))
    assert {channel: reached(some) for channel, some in depths.items()} == truth.channels


def test_whoever_comes_without_a_channel_never_has_one(events):
    for person in events.values():
        first = first_impression(person)
        if first and first["channel"] is None:
            assert {row["channel"] for row in person} == {None}


def test_entrants_by_week(events, truth):
    firsts = [first["ts"] for person in events.values() if (first := first_impression(person))]
    weeks = [(first - plan.START).days // 7 for first in firsts]
    assert tuple(weeks.count(week) for week in range(13)) == truth.entrants_by_week
    assert sum(truth.entrants_by_week[-4:]) > sum(truth.entrants_by_week[:4])


def test_purchases(events, truth):
    counts = [sum(row["event"] == "order_paid" for row in person) for person in events.values()]
    assert tuple(sum(count >= n for count in counts) for n in (1, 2, 3)) == truth.purchases


def test_referrals(events, truth):
    sorts = defaultdict(int)
    names = {user: next((r for r in p if r["referrer_id"]), None) for user, p in events.items()}
    for user, naming in names.items():
        if naming is None:
            continue
        referrer = naming["referrer_id"]
        orders = [row["ts"] for row in events[user] if row["event"] == "order_paid"]
        back = names.get(referrer)
        if referrer == user:
            sorts["self"] += 1
        elif referrer not in events:
            sorts["unknown"] += 1
        elif back is not None and back["referrer_id"] == user:
            sorts["cycle"] += 1
        elif orders and orders[0] < naming["ts"]:
            sorts["late"] += 1
        else:
            sorts["valid"] += 1
    assert dict(sorts) == {sort: n for sort, n in truth.referrals.items() if sort != "none"}
    assert sum(truth.referrals.values()) == truth.people
    assert (truth.referrals["unknown"], truth.referrals["cycle"]) == (1, 2)


# --- planted, within chance --------------------------------------------------------------------


@pytest.fixture(scope="module")
def closed(joined, as_of):
    """People whose first event lies a window before the last: their way is known to its end."""
    closes = as_of - WINDOW
    firsts = ((person, first_impression(person)) for person in joined.values())
    return [person for person, first in firsts if first and first["ts"] <= closes]


@pytest.fixture(scope="module")
def depths(closed, stages):
    return [depth(person, stages) for person in closed]


@pytest.mark.parametrize("position", range(2, 7))
def test_planted_step_rates(depths, truth, position):
    came = sum(one >= position for one in depths)
    went_on = sum(one > position for one in depths)
    assert within_chance(went_on, came, truth.planted[HOURGLASS[position]])


@pytest.mark.parametrize("channel", [*plan.CHANNELS, plan.REFERRED_CHANNEL], ids=str)
def test_planted_effect_of_the_channel(closed, depths, truth, channel):
    came = [
        d for p, d in zip(closed, depths, strict=True) if first_impression(p)["channel"] == channel
    ]
    liked = sum(one >= 2 for one in came)
    assert within_chance(liked, len(came), truth.like_by_channel[channel])


def has(person, event):
    return any(row["event"] == event for row in person)


def test_planted_friction(closed, depths):
    tried = [p for p, d in zip(closed, depths, strict=True) if d >= 3]
    opened = [person for person in tried if has(person, "trial_form_opened")]
    failed = [person for person in opened if has(person, "trial_form_error")]
    smooth = [person for person in opened if not has(person, "trial_form_error")]
    assert within_chance(len(opened), len(tried), plan.FORM_OPENED)
    assert within_chance(len(failed), len(opened), plan.FORM_ERROR)
    for people, likely in (
        (failed, plan.TRIAL_AFTER_ERROR),
        (smooth, plan.TRIAL_WITHOUT_ERROR),
    ):
        assert within_chance(sum(has(p, "trial_started") for p in people), len(people), likely)


def test_planted_trigger(closed):
    tried = [person for person in closed if has(person, "trial_started")]
    filled = [person for person in tried if has(person, "cart_add")]
    empty = [person for person in tried if not has(person, "cart_add")]
    assert within_chance(len(filled), len(tried), plan.CART)
    for people, likely in ((filled, plan.BUY_WITH_CART), (empty, plan.BUY_WITHOUT_CART)):
        assert within_chance(sum(has(p, "order_paid") for p in people), len(people), likely)


@pytest.mark.parametrize("event", plan.NULL_EVENTS)
def test_null_events_know_nothing_of_buying(closed, event):
    weights = plan.NULL_EVENTS[event]
    likely = 1 - weights[0] / sum(weights)
    for bought in (True, False):
        people = [person for person in closed if has(person, "order_paid") == bought]
        assert within_chance(sum(has(person, event) for person in people), len(people), likely)


def test_people_with_and_without_a_quote_at_equal_exposure(events, as_of, truth):
    counts = dict.fromkeys(((True, True), (True, False), (False, True), (False, False)), 0)
    for person in events.values():
        first = first_impression(person)
        if first is None or first["ts"] + timedelta(days=37) > as_of:
            continue
        landmark = first["ts"] + timedelta(days=7)
        orders = [row["ts"] for row in person if row["event"] == "order_paid"]
        if orders and orders[0] <= landmark:
            continue
        quoted = any(row["event"] == "quote_sent" and row["ts"] <= landmark for row in person)
        bought = bool(orders) and orders[0] <= landmark + timedelta(days=30)
        counts[quoted, bought] += 1
    quotes = truth.quotes
    assert counts[True, True] == quotes.bought
    assert counts[True, False] == quotes.people - quotes.bought
    assert counts[False, True] == quotes.others_bought
    assert counts[False, False] == quotes.others - quotes.others_bought


def test_planted_effect_of_a_quote():
    """Over several seeds people with a quote buy as much oftener as planted."""
    made = [generate(2_000, seed).truth.quotes for seed in range(10, 16)]
    ratio = sum(one.bought for one in made) / sum(one.people for one in made)
    ratio /= sum(one.others_bought for one in made) / sum(one.others for one in made)
    planted = sum(one.ratio for one in made) / len(made)
    assert 0.75 * planted < ratio < 1.33 * planted
    assert generate(1, 1).truth.quotes.ratio is None


def test_a_quote_moves_nothing_else(made, monkeypatch):
    monkeypatch.setattr(plan, "QUOTE", 0.9)
    other = generate(300, 1).frame.filter(pl.col("event") != "quote_sent")
    few = made.frame.filter(pl.col("event_id").str.slice(1, 6).cast(pl.Int64) <= 300)
    assert other.equals(few.filter(pl.col("event") != "quote_sent"))


@pytest.mark.parametrize(("nth", "likely"), [(1, plan.REPEAT), (2, plan.THIRD)])
def test_planted_repeat_curve(events, as_of, nth, likely):
    tried = again = 0
    for person in events.values():
        orders = [row["ts"] for row in person if row["event"] == "order_paid"]
        if len(orders) >= nth and orders[nth - 1] <= as_of - WINDOW:
            tried += 1
            again += len(orders) > nth and orders[nth] <= orders[nth - 1] + WINDOW
    assert within_chance(again, tried, likely)


def test_planted_referrals(events, as_of):
    """Referred people per customer, and K, for customers observed for a whole window."""
    firsts = {}
    for user, person in events.items():
        orders = [row["ts"] for row in person if row["event"] == "order_paid"]
        firsts[user] = (person[0]["ts"], orders[0] if orders else None)
    customers = {u: o for u, (_, o) in firsts.items() if o and o <= as_of - WINDOW}
    referred = bought = 0
    for user, person in events.items():
        referrer = next((row["referrer_id"] for row in person if row["referrer_id"]), None)
        if referrer in customers and referrer != user and person[0]["referrer_id"]:
            opens, (came, ordered) = customers[referrer], firsts[user]
            referred += opens <= came <= opens + WINDOW
            bought += ordered is not None and opens <= ordered <= opens + WINDOW
    spread = 4 * sqrt(len(customers) * 1.5)  # variance a customer is near 1
    assert abs(referred - plan.REFERRED_PER_BUYER * len(customers)) < spread
    assert 0.5 * plan.K_FACTOR < bought / len(customers) < 2 * plan.K_FACTOR


# --- what real exports are like ----------------------------------------------------------------


def test_waits_leave_room_in_the_window():
    longest = sum(plan.WAITS[stage][-1] for stage in (*HOURGLASS[1:], "form"))
    assert longest // 86_400_000_000 < WINDOW.days


def test_rows_are_as_untidy_as_real_ones(events, made):
    frame = made.frame
    assert not frame["ts"].is_sorted()
    twice = frame.filter(frame["event_id"].is_duplicated())
    assert twice.unique().height == twice["event_id"].n_unique()
    physical = frame.filter(pl.col("channel").is_in(list(plan.PHYSICAL)))
    assert physical["ts"].dt.microsecond().sum() == 0
    ties = sum(len({row["ts"] for row in person}) < len(person) for person in events.values())
    assert ties > 20
    anonymous = frame.filter(pl.col("user_id").str.starts_with("anon-"))["user_id"].n_unique()
    assert 0.03 < anonymous / made.truth.people < 0.07


def test_columns_hold_what_they_say(made):
    frame = made.frame
    assert frame.filter(pl.col("revenue").is_not_null())["event"].unique().to_list() == [
        "order_paid"
    ]
    revenue = frame["revenue"].drop_nulls()
    assert (revenue.round(2) == revenue).all()
    assert revenue.min() > 0
    assert frame["rating"].drop_nulls().is_between(1, 5).all()
    assert frame["user_id"].null_count() == 0
    assert frame["ts"].is_between(plan.START, UNTIL, closed="left").all()


def test_csv_and_parquet_hold_the_same(tmp_path):
    frame = generate(80, 4).frame
    write(frame, tmp_path / "log.csv")
    write(frame, tmp_path / "log.parquet")
    text = pl.read_csv(tmp_path / "log.csv", schema_overrides={"ts": pl.String})
    assert text["ts"].str.contains(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$").all()
    moments = text["ts"].str.strip_suffix("Z").str.to_datetime("%Y-%m-%dT%H:%M:%S%.6f")
    back = text.with_columns(moments.alias("ts")).cast(dict(frame.schema))
    assert back.equals(frame)
    assert pl.read_parquet(tmp_path / "log.parquet").equals(frame)


def test_unwritable_output_is_an_output_error(tmp_path):
    frame = generate(2, 1).frame
    with pytest.raises(OutputError):
        write(frame, tmp_path / "missing" / "log.parquet")


@pytest.mark.parametrize("name", ["log.json", "log", "log.parquett", "-"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(UsageError) as wrong:
        write(generate(1, 1).frame, tmp_path / name)
    assert wrong.value.hint
    assert not list(tmp_path.iterdir())


# --- the document ------------------------------------------------------------------------------


def test_document_states_the_truth(truth):
    text = (ROOT / "docs/sample-data.md").read_text(encoding="utf-8")
    for position, stage in enumerate(HOURGLASS):
        rate = f"{truth.planted[stage]:.3f}" if position else ""
        cells = (stage, rate, truth.reached[stage], truth.reached_joined[stage])
        row = " | ".join(str(cell) for cell in (*cells, truth.mature[stage]))
        assert f"| {row} |".replace("|  |", "| |") in text
    for channel, rate in truth.like_by_channel.items():
        counts = truth.channels[channel]
        assert f"| {channel or 'none'} | {rate:.2f} | {counts['know']} | {counts['like']} |" in text
    assert f"{truth.rows:,} rows" in text
    assert f"{truth.duplicates} duplicate" in text
    assert ", ".join(str(count) for count in truth.entrants_by_week) in text
    assert ", ".join(str(count) for count in truth.purchases) in text
    quotes = truth.quotes
    assert f"| with | {quotes.people} | {quotes.bought} |" in text
    assert f"| without | {quotes.others} | {quotes.others_bought} |" in text
    assert f"{quotes.ratio:.2f} times" in text
    for sort in ("valid", "late", "self", "cycle", "unknown"):
        assert f"| {sort} | {truth.referrals[sort]} |" in text
    brought = truth.brought
    assert f"the {brought.customers} customers observed" in text
    assert f"brought {brought.referred} people" in text
    assert f"K = {brought.bought} / {brought.customers}" in text
    for planted in (plan.REFERRED_PER_BUYER, plan.K_FACTOR):
        assert f"{planted:.3f}" in text


def test_truth_is_frozen(truth):
    with pytest.raises(AttributeError):
        truth.people = 1
