"""`hourglass referrals`: a log to check by eye, each format, and whatever it refuses."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from hourglass.analyses.ids import short_id
from hourglass.analyses.question import Question
from hourglass.analyses.referrals import referrals
from hourglass.cli import app
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.sample.files import write
from hourglass.sample.log import generate
from hourglass.stages import Model, Stage, Step

DAY = 1.0
MICRO = DAY / 86_400_000_000
LOG = [
    # who, what, day, brought by; the window is 10 days, and the log ends on day 45
    ("anna", "order", 0, ""),
    ("ben", "visit", 2, "anna"),  # in time, and so is the purchase
    ("ben", "order", 5, ""),
    ("carl", "visit", 10, "anna"),  # at the very end of the window: inside
    ("carl", "order", 10 + MICRO, ""),  # a microsecond too late
    ("dora", "visit", 10 + MICRO, "anna"),
    ("emil", "visit", -1, "anna"),  # was there before
    ("finn", "visit", 3, "finn"),
    ("gus", "visit", 3, "hal"),
    ("hal", "visit", 3, "gus"),
    ("ivy", "visit", 4, "gus"),  # hangs from the cycle, is not in it
    ("jan", "order", 3, ""),
    ("jan", "visit", 3 + MICRO, "anna"),  # says so after buying
    ("kim", "visit", 3, "ghost"),
    ("lea", "order", 40, ""),  # her window is still open
    ("mia", "visit", 41, "lea"),
    ("nora", "visit", 6, "ben"),
    ("nora", "visit", 6.5, "anna"),  # the first name counts
    ("nora", "order", 7, ""),
    ("zoe", "visit", 45, ""),
]
START = dt.datetime(2026, 1, 10)
ASKED = ("--steps", "visit,buy=order", "--window", "10 days", "-q")
CONFIG = """
[columns]
referrer = "sponsor"
[stages]
know = ["visit"]
buy = ["order"]
[rules]
window = "10 days"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def instant(day: float) -> str:
        return (START + dt.timedelta(microseconds=round(day * 86_400_000_000))).isoformat()

    rows = "".join(f"{who},{what},{instant(day)},{by}\n" for who, what, day, by in LOG)
    (tmp_path / "log.csv").write_text(f"user_id,event,ts,sponsor\n{rows}")
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["referrals", *words])


def asked(*words: str) -> dict[str, Any]:
    done = run("log.csv", *words, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_k_is_what_the_customers_brought() -> None:
    (row,) = asked()["referrals"]
    # customers are anna, ben, carl, jan and nora; ben, carl and nora came, ben and nora bought
    assert (row["customers"], row["referred"], row["bought"]) == (5, 3, 2)
    assert (row["i"], row["c"], row["k"]) == (3 / 5, 2 / 3, 2 / 5)
    # brought: 2, 1, 0, 0, 0; mean 0.6, variance 0.8, t with 4 degrees 2.776: 0.6 ± 1.110
    assert (row["i_low"], row["i_high"]) == (0.0, pytest.approx(1.7106, abs=1e-4))


def test_a_purchase_at_the_very_end_of_the_window_is_inside(folder: Path) -> None:
    log = folder / "log.csv"
    late, last = "carl,order,2026-01-20T00:00:00.000001,", "carl,order,2026-01-20T00:00:00,"
    assert late in log.read_text()
    log.write_text(log.read_text().replace(late, last))
    (row,) = asked()["referrals"]
    assert (row["customers"], row["referred"], row["bought"]) == (5, 3, 3)


def test_everybody_who_names_somebody_is_told_apart() -> None:
    assert {row["fate"]: row["people"] for row in asked()["named"]} == {
        "counted": 3, "before": 1, "after": 1, "no_purchase": 1, "outside": 0, "immature": 1,
        "late": 1, "self": 1, "cycle": 2, "unknown": 1,
    }  # fmt: skip


def test_times_are_from_the_purchase_of_the_referrer() -> None:
    first, purchase = asked()["cycle_times"]
    day = 86_400
    assert (first["people"], first["median_seconds"], first["p90_seconds"]) == (
        3,
        2 * day,
        8.4 * day,
    )
    assert (purchase["people"], purchase["median_seconds"]) == (2, 3.5 * day)


def test_trees_champions_and_new_buyers() -> None:
    found = asked("--show-ids")
    # anna: ben (nora), carl, dora, emil; gus: ivy; lea: mia
    assert found["tree"] == [{"trees": 3, "people": 10, "generations": 2, "largest": 6}]
    assert [(one["generation"], one["people"], one["bought"]) for one in found["generations"]] == [
        (1, 6, 2),
        (2, 1, 1),
    ]
    assert [tuple(one.values()) for one in found["champions"]] == [
        ("anna", 4, 2), ("ben", 1, 1), ("gus", 1, 0), ("lea", 1, 0),
    ]  # fmt: skip
    (buyers,) = found["new_buyers"]
    assert (buyers["new_buyers"], buyers["referred"]) == (6, 3)
    assert [one["user_id"] for one in asked("--top", "1")["champions"]] == [short_id("anna")]


def test_a_period_binds_first_purchases() -> None:
    found = asked("--since", "2026-01-15", "--until", "2026-01-17")  # days 5, 6 and 7
    (row,) = found["referrals"]
    assert (row["customers"], row["referred"], row["bought"]) == (2, 1, 1)  # ben and nora
    fates = {row["fate"]: row["people"] for row in found["named"]}
    assert (fates["counted"], fates["outside"]) == (1, 5)


def test_as_of_says_whose_window_is_over() -> None:
    (row,) = asked("--as-of", "2026-01-20")["referrals"]  # day 10, when that of anna ends
    assert (row["customers"], row["referred"]) == (1, 2)
    (row,) = asked("--as-of", "2026-01-19T23:59:59.999999")["referrals"]
    assert (row["customers"], row["k"]) == (0, None)


def test_by_says_what_customers_of_a_value_bring(folder: Path) -> None:
    text = (folder / "log.csv").read_text().splitlines()
    channels = {"anna": "ads", "ben": "web", "nora": "web", "carl": "web"}
    lines = [f"{line},{channels.get(line.split(',')[0], '')}" for line in text[1:]]
    (folder / "log.csv").write_text("\n".join([f"{text[0]},channel", *lines]) + "\n")
    found = asked("--by", "channel")["breakdown"]
    assert [
        (one["by"]["channel"], one["customers"], one["referred"], one["k"]) for one in found
    ] == [
        ("web", 3, 1, 1 / 3),
        ("ads", 1, 2, 1.0),
        (None, 1, 0, 0.0),
    ]


def test_a_database_says_the_same(folder: Path) -> None:
    loaded = CliRunner().invoke(app, ["load", "log.csv", "--db", "e.duckdb", "-q"])
    assert loaded.exit_code == 0, loaded.stderr
    (folder / "hourglass.toml").unlink()
    done = run("--db", "e.duckdb", "-f", "json")
    assert done.exit_code == 0, done.stderr
    expected = {**asked("-c", str(_config(folder)))}
    assert json.loads(done.stdout) == expected


def _config(folder: Path) -> Path:
    path = folder / "other.toml"
    path.write_text(CONFIG)
    return path


def test_a_referrer_may_be_named_by_any_of_their_ids(folder: Path) -> None:
    """Anna is joined from a cookie; naming that is naming her, and she cannot refer herself."""
    text = (
        (folder / "log.csv")
        .read_text()
        .replace("visit,2026-01-12T00:00:00,anna", "visit,2026-01-12T00:00:00,c1")
    )
    assert ",c1" in text
    rows = [line + "," for line in text.splitlines()[1:]]
    rows += ["c1,visit,2026-01-10T00:00:01,,", "anna,login,2026-01-10T00:00:02,c1,c1"]
    (folder / "log.csv").write_text("user_id,event,ts,sponsor,cookie\n" + "\n".join(rows) + "\n")
    (folder / "hourglass.toml").write_text(
        CONFIG + '[identity]\nalias = { event = "login", from = "cookie", to = "user_id" }\n'
    )
    found = asked()
    (row,) = found["referrals"]
    assert (row["customers"], row["referred"], row["bought"]) == (5, 3, 2)
    fates = {one["fate"]: one["people"] for one in found["named"]}
    assert (fates["self"], fates["unknown"]) == (2, 1)


@pytest.mark.parametrize("kept", [False, True])
def test_a_referrer_may_be_named_by_an_id_that_no_user_column_holds(
    folder: Path, kept: bool
) -> None:
    """Links carry the sharer's cookie, or a code that only an alias table knows."""
    header, *rows = (folder / "log.csv").read_text().splitlines()
    named = {"visit,2026-01-12T00:00:00,anna": "c1", "visit,2026-01-20T00:00:00,anna": "CODE"}
    for row, other in named.items():
        assert any(line.endswith(row) for line in rows), row
        rows = [line.replace(row, row.replace("anna", other)) for line in rows]
    rows = [f"{line}," for line in rows]
    rows += [",visit,2026-01-01T00:00:00,,c1", "anna,login,2026-01-10T00:00:02,,c1"]
    before = asked()
    (folder / "log.csv").write_text("\n".join([f"{header},cookie", *rows]) + "\n")
    (folder / "codes.csv").write_text("code,user\nCODE,anna\n")
    (folder / "hourglass.toml").write_text(
        CONFIG + '[identity]\nalias = { event = "login", from = "cookie", to = "user_id" }\n'
        'table = "codes.csv"\n'
    )
    data = ["log.csv"]
    if kept:
        data = ["--db", "log.duckdb"]
        CliRunner().invoke(app, ["load", "log.csv", *data])
    found = json.loads(run(*data, "-f", "json").stdout)
    assert found["named"] == before["named"]
    assert found["referrals"] == before["referrals"]


def test_whole_ids_that_became_fractions_are_still_ids() -> None:
    """Where most people have no referrer, other tools write whole numbers as fractions."""
    nan = float("nan")
    frame = pl.DataFrame(
        {
            "user_id": [7, 8, 8, 9],
            "event": ["order", "visit", "order", "visit"],
            "ts": [START + dt.timedelta(days=day) for day in (0, 1, 2, 20)],
            "sponsor": [None, 7.0, nan, nan],
        }
    )
    frame.write_parquet("log.parquet")
    done = run("log.parquet", "-f", "json")
    assert done.exit_code == 0, done.stderr
    (row,) = json.loads(done.stdout)["referrals"]
    assert (row["customers"], row["referred"], row["bought"]) == (2, 1, 1)


def test_flat_formats_hold_k_and_its_parts() -> None:
    rows = list(csv.DictReader(io.StringIO(run("log.csv", "-q", "-f", "csv").stdout)))
    assert [(row["customers"], row["k"]) for row in rows] == [("5", "0.4")]
    lines = run("log.csv", "-q", "-f", "jsonl", "--by", "event").stdout.splitlines()
    assert [json.loads(line)["customers"] for line in lines] == [3, 2]
    table = run("log.csv", "-q").stdout
    assert "K 95 %" in table
    assert "window 10 d" in table
    assert "K = i × c = bought ÷ customers" in run("log.csv", "-q", "-f", "md").stdout


def test_revenue_is_left_out_where_there_is_none_and_says_why() -> None:
    found = asked()
    assert [row["measure"] for row in found["means"]] == ["referrals made"]
    assert any("no column holds revenue" in note for note in found["notes"])


def test_rows_are_judged_from_30_people_on_each_side() -> None:
    path = Path("sample.parquet")
    write(generate(6_000, 1).frame, path)
    Path("hourglass.toml").unlink()
    done = run(str(path), "-q", "-f", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    buy, repeat = found["rates"]
    assert buy["difference_q"] == pytest.approx(buy["difference_p"])  # the only row judged
    assert min(repeat["referred_people"], repeat["others_people"]) < 30
    assert repeat["difference_q"] is None


def test_q_is_adjusted_over_rates_and_means_together(folder: Path) -> None:
    """40 customers brought by one, 40 by nobody; every second and every fifth of them buy again."""
    rows = ["r0,order,2026-01-01,"]
    for number in range(40):
        rows += [f"a{number},order,2026-01-0{1 + number % 9},r0", f"b{number},order,2026-01-02,"]
        rows += [f"a{number},order,2026-01-10,"] * (number % 2)
        rows += [f"b{number},order,2026-01-10,"] * (number % 5 == 0)
    rows += [f"n{number},visit,2026-01-10,b1" for number in range(3)]
    rows += ["z,visit,2026-03-01,"]
    text = "\n".join(["user_id,event,ts,sponsor", *rows])
    (folder / "log.csv").write_text(text + "\n")
    found = asked()
    judged = sorted(
        (row["difference_p"], row["difference_q"]) for row in (*found["rates"], *found["means"])
    )
    assert len(judged) == 3
    ordered = [p * 3 / place for place, (p, _) in enumerate(judged, 1)]
    for place, (_, q) in enumerate(judged):
        assert q == pytest.approx(min(1, *ordered[place:], 1))


def test_where_leaves_events_out_before_anything_else() -> None:
    done = run("log.csv", "--where", "event <> 'visit'", "-f", "json")
    assert "nobody names a referrer" in done.stderr
    (row,) = json.loads(done.stdout)["referrals"]
    assert (row["customers"], row["referred"]) == (5, 0)


def test_a_referrer_of_whom_where_leaves_nothing_is_unknown(folder: Path) -> None:
    rows = ("a,order,2026-03-02,free,", "b,visit,2026-03-03,pro,a", "b,order,2026-03-04,pro,",
            "c,visit,2026-04-30,pro,")  # fmt: skip
    (folder / "log.csv").write_text("user_id,event,ts,plan,sponsor\n" + "\n".join(rows) + "\n")
    for words, fate in (("plan <> ''", "counted"), ("plan = 'pro'", "unknown")):
        done = run("log.csv", "--where", words, "-f", "json")
        people = {row["fate"]: row["people"] for row in json.loads(done.stdout)["named"]}
        assert people == {**dict.fromkeys(people, 0), fate: 1}


@pytest.mark.parametrize(("people", "seed"), [(6_000, 1), (1_500, 5)])
def test_the_planted_referrals_are_found(people: int, seed: int) -> None:
    sample = generate(people, seed)
    write(sample.frame, Path("sample.parquet"))
    Path("hourglass.toml").unlink()
    done = run("sample.parquet", "-q", "-f", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    (row,), brought = found["referrals"], sample.truth.brought
    assert (row["customers"], row["referred"], row["bought"]) == (
        brought.customers, brought.referred, brought.bought,
    )  # fmt: skip
    named = {one["fate"]: one["people"] for one in found["named"]}
    for fate in ("late", "self", "cycle", "unknown"):
        assert named[fate] == sample.truth.referrals[fate]
    valid = sum(named.values()) - sum(named[one] for one in ("late", "self", "cycle", "unknown"))
    assert valid == sample.truth.referrals["valid"]


def test_without_a_column_of_referrers_it_says_how_to_name_one(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(CONFIG.replace('referrer = "sponsor"', ""))
    done = run("log.csv")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "referrals need a column that says who brought a person" in done.stderr
    assert 'write referrer = "COLUMN" under [columns]' in done.stderr
    assert "sponsor" in done.stderr


def test_ids_of_another_kind_are_pointed_out(folder: Path) -> None:
    text = (folder / "log.csv").read_text()
    for name in ("anna", "ben", "finn", "gus", "hal", "lea"):
        text = text.replace(f",{name}\n", f",{name}@example.org\n")
    (folder / "log.csv").write_text(text)
    done = run("log.csv")
    assert done.exit_code == 0
    assert "warning: no referrer is a person of the data" in done.stderr


def test_nobody_names_anybody(folder: Path) -> None:
    (folder / "log.csv").write_text("user_id,event,ts,sponsor\na,order,2026-01-01,\n")
    done = run("log.csv")
    assert done.exit_code == 0
    assert "warning: nobody names a referrer" in done.stderr


def test_a_period_without_customers_is_a_warning() -> None:
    done = run("log.csv", "--since", "2027-01-01")
    assert done.exit_code == 0
    assert "warning: no customers" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--count", "session"), 2, "referrers are people, and sessions are counted here"),
        (("--by", "event", "--attribution", "entry"), 2, "attribution = entry is of a funnel"),
        (("--by", "nothing"), 2, 'there is no column "nothing" to break down by'),
        (("--window", "10 dys"), 2, "not a duration"),
        (("--order", "strict"), 2, "--order has no say here"),
    ],
)
def test_what_does_not_go_together_is_refused(words: tuple[str, ...], code: int, said: str) -> None:
    done = run("log.csv", *words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_without_a_stage_that_says_what_a_purchase_is(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(CONFIG.split("[stages]", maxsplit=1)[0])
    done = run("log.csv", "--steps", "visit,order")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "nothing configured says what a purchase is" in done.stderr


def test_an_ending_without_a_format_costs_no_waiting() -> None:
    assert run("log.csv", "-o", "answer.xyz").exit_code == 2


LONG = 100_000
COUNTS = Model(
    name="hourglass",
    stages=(
        Stage(name="know", steps=(Step(events=("visit",)),)),
        Stage(name="buy", steps=(Step(events=("order",)),)),
    ),
)


@pytest.mark.parametrize(("closed", "people"), [(False, LONG - 1), (True, LONG)])
def test_lines_as_long_as_the_log_end(closed: bool, people: int) -> None:
    """A chain, or a cycle, of 100,000 people takes a matter of rounds, not of people."""
    engine = DuckDBEngine.in_memory()
    engine.connection.execute(
        "CREATE TABLE events AS SELECT 'p' || i AS user_id, 'order' AS event,"
        " TIMESTAMP '2026-01-01' AS ts, 'p' || ((i + 1) % $long) AS referrer_id"
        " FROM range($people) AS t(i)"
        " UNION ALL SELECT 'p' || ($long - 1), 'order', TIMESTAMP '2026-01-01', NULL",
        {"long": LONG, "people": people},
    )
    result = referrals(engine, Question(model=COUNTS))
    named = dict(result.table("named").frame.select("fate", "people").iter_rows())
    assert named["cycle"] == (LONG if closed else 0)
    (tree,) = result.table("tree").frame.to_dicts()
    assert tree["generations"] == (0 if closed else LONG - 1)
    assert result.table("generations").frame.height == (0 if closed else 20)
