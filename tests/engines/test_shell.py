"""What `hourglass sql` prints runs as it is in the duckdb shell, and gives the same numbers."""

import csv
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.sessions import Shell

SAMPLE = Path(__file__).parents[2] / "sample_events.parquet"

pytestmark = pytest.mark.skipif(
    shutil.which("duckdb", path=Path(sys.executable).parent) is None,
    reason='needs pip install -e ".[test-engines]"',
)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("shell")
    shutil.copy(SAMPLE, folder / "events.parquet")
    shell = Shell(folder)
    shell.type("hourglass load events.parquet --db events.duckdb -q")
    assert shell.code == 0
    return shell


def rows(terminal: Shell, command: str) -> list[dict[str, str]]:
    output = terminal.type(command)
    assert terminal.code == 0, output
    return list(csv.DictReader(output.splitlines()))


@pytest.mark.parametrize(
    "options",
    [
        "",
        "--since 2026-02-01 --until 2026-02-28 --tz Europe/Helsinki",
        "--window '14 days' --model buying-cycle",
        "--steps 'trial_started,order_paid,order_paid' --window 30d --range all --since 2026-02-01",
        "--where \"country = 'DE' and event <> 'it''s'\"",
    ],
)
@pytest.mark.parametrize(
    ("data", "shell"),
    [
        ("--db events.duckdb", "duckdb -csv -readonly events.duckdb"),
        ("events.parquet", "duckdb -csv"),
    ],
)
def test_the_shell_gives_the_same_numbers(
    terminal: Shell, data: str, shell: str, options: str
) -> None:
    ours = rows(terminal, f"hourglass funnel {data} {options} --format csv -q")
    theirs = rows(terminal, f"hourglass sql funnel {data} {options} -q | {shell}")
    same = [name for name in ours[0] if name in theirs[0]]
    assert {"position", "stage", "users", "ever", "immature", "median_seconds"} <= set(same)
    for one, other in zip(ours, theirs, strict=True):
        for name in same:
            assert plain(other[name]) == close_to(plain(one[name])), name


@pytest.mark.parametrize("options", ["", "--by channel --since 2026-01-20"])
def test_the_shell_gives_the_same_k(terminal: Shell, options: str) -> None:
    ours = rows(terminal, f"hourglass referrals --db events.duckdb {options} --format csv -q")
    script = f"hourglass sql referrals --db events.duckdb {options} -q"
    theirs = rows(terminal, f"{script} | duckdb -csv -readonly events.duckdb")
    segments = [row for row in theirs if (row["segment"] == "0") is not bool(options)]
    for name in ("customers", "referred", "i", "bought", "c", "k"):
        assert [plain(row[name]) for row in segments] == [
            close_to(plain(row[name])) for row in ours
        ]


@pytest.mark.parametrize(
    ("question", "options", "same"),
    [
        ("paths", "--since 2026-01-20", ("from_stage", "to_stage", "people", "median_seconds")),
        ("friction", "--window 7d", ("attempted", "done", "failed", "never_done", "immature")),
        ("retention", "--since 2026-02-01", ("cohort", "buyers", "periods", "again", "revenue")),
        ("retention", "--where \"country = 'DE'\"", ("again_rate", "revenue_per_buyer")),
        ("trend", "--window 7d", ("position", "stage", "users", "step_rate", "total_rate")),
    ],
)
def test_the_shell_gives_the_same_rows(
    terminal: Shell, question: str, options: str, same: tuple[str, ...]
) -> None:
    stages = (SAMPLE.parent / "tests" / "data" / "sample.toml").read_text("utf-8")
    tried = '[friction.try]\nattempted = ["trial_form_opened"]\nfailed = ["trial_form_error"]\n'
    (terminal.folder / "tried.toml").write_text(f"{stages}\n{tried}", encoding="utf-8")
    asked = f"{question} --db events.duckdb {options} -c tried.toml -q"
    ours = rows(terminal, f"hourglass {asked} --format csv")
    theirs = rows(terminal, f"hourglass sql {asked} | duckdb -csv -readonly events.duckdb")
    for one, other in zip(ours, theirs, strict=True):
        for name in same:
            assert plain(other[name]) == close_to(plain(one[name])), name


def test_the_shell_gives_the_same_channels(terminal: Shell) -> None:
    asked = "touchpoints --db events.duckdb --since 2026-01-20 -q"
    ours = rows(terminal, f"hourglass {asked} --format csv")
    script = rows(terminal, f"hourglass sql {asked} | duckdb -csv -readonly events.duckdb")
    theirs = [row for row in script if row["by_kind"] == "false"]
    for one, other in zip(ours, theirs, strict=True):
        for name in ("position", "channel", "events", "people", "onward", "onward_rate"):
            assert plain(other[name]) == close_to(plain(one[name])), name


def test_the_shell_gives_the_same_people_with_and_without_an_event(terminal: Shell) -> None:
    asked = "triggers --db events.duckdb --since 2026-01-20 -q"
    ours = rows(terminal, f"hourglass {asked} --format csv")
    script = rows(terminal, f"hourglass sql {asked} | duckdb -csv -readonly events.duckdb")
    theirs = {row["event"]: row for row in script}
    names = ("with_users", "with_bought", "without_users", "without_bought", "ratio")
    for one in ours:
        assert [plain(theirs[one["event"]][name]) for name in names] == [
            close_to(plain(one[name])) for name in names
        ]


@pytest.mark.parametrize("data", ["", "--db events.duckdb"])
def test_where_the_stages_are_configured_the_shell_may_hold_the_database(
    terminal: Shell, data: str
) -> None:
    shutil.copy(SAMPLE.parent / "tests" / "data" / "sample.toml", terminal.folder / "our.toml")
    options = "--since 2026-02-01 -c our.toml -q"
    ours = rows(terminal, f"hourglass funnel --db events.duckdb {options} --format csv")
    theirs = rows(terminal, f"hourglass sql funnel {data} {options} | duckdb -csv events.duckdb")
    assert [row["users"] for row in theirs] == [row["users"] for row in ours]


def test_where_they_were_guessed_the_shell_is_asked_only_to_read(terminal: Shell) -> None:
    said = terminal.type("hourglass sql funnel --db events.duckdb -q | duckdb events.duckdb")
    assert "duckdb -readonly events.duckdb" in said


def plain(text: str) -> float | str | None:
    if text in {"", "NULL"}:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def close_to(value: float | str | None) -> object:
    """Leave out the last digit: shells of other versions interpolate p90 in another order."""
    return pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
