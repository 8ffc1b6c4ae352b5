"""`hourglass init`: the path on stdout, what was proposed on stderr, a file that loads as it is."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.config import find_config

EXPORT = """\
user_id,event,timestamp,channel
1,landing,2026-01-01,ad
1,trial_started,2026-01-02,
1,order_paid,2026-01-03,
2,landing,2026-01-01,fair
2,logout,2026-01-01,fair
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("HOURGLASS_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    return tmp_path


def run(*words, stdin=None):
    return CliRunner().invoke(app, ["init", *words], input=stdin)


def text() -> str:
    return Path("hourglass.toml").read_text(encoding="utf-8")


def test_path_on_stdout_and_the_proposal_on_stderr():
    done = run("export.csv")
    assert done.exit_code == 0
    assert done.stdout == "hourglass.toml\n"
    assert 'know = "landing"' in done.stderr
    assert 'repeat = "order_paid"' in done.stderr
    assert "1 of 4 names of events are in no stage" in done.stderr
    assert done.stderr.endswith("hourglass: note: next: hourglass funnel export.csv\n")


def test_the_file_loads_as_it_is():
    run("export.csv")
    config = find_config(None, Path())
    assert config is not None
    assert config.columns == {
        "user": "user_id", "event": "event", "timestamp": "timestamp", "channel": "channel",
    }  # fmt: skip
    assert [one.name for one in config.models["hourglass"].stages] == [
        "know", "try", "buy", "repeat",
    ]  # fmt: skip
    assert config.rules.as_json()["window"] == 30 * 86_400
    assert '#   1  "logout"\n' in text()


def test_dash_prints_it_and_writes_nothing(folder):
    done = run("export.csv", "-o", "-")
    assert done.exit_code == 0
    assert done.stdout.startswith("# What hourglass takes")
    assert "next:" not in done.stderr
    assert not (folder / "hourglass.toml").exists()


def test_quiet():
    done = run("export.csv", "-q")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "hourglass.toml\n", "")


SECOND = """\
user_id,{0},event,timestamp
,a1,landing,2026-01-01
u1,a1,order_paid,2026-01-02
null,a2,landing,2026-01-01
"""


@pytest.mark.parametrize("column", ["anonymous_id", "device id", "Visitor-ID"])
def test_a_second_id_is_proposed_as_a_comment_that_joins_it(folder, column):
    (folder / "export.csv").write_text(SECOND.format(column))
    done = run("export.csv")
    assert "names people before they are known: [identity], written as a comment" in done.stderr
    assert find_config(None, Path()).identity is None
    assert "with the first alone: 2.\n" in text()
    lines = text().splitlines()
    start = lines.index("# [identity]")
    lines[start : start + 2] = [line.removeprefix("# ") for line in lines[start : start + 2]]
    Path("joined.toml").write_text("\n".join(lines))
    asked = ["funnel", "export.csv", "--config", "joined.toml", "--format", "csv"]
    answer = CliRunner().invoke(app, asked)
    assert "identities: 1 id is counted as 1 other person" in answer.stderr
    assert [line.split(",")[1:3] for line in answer.stdout.splitlines()[1:3]] == [
        ["know", "2"], ["buy", "1"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows", ["u1,,landing,2026-01-01\n", "u1,u1,landing,2026-01-01\n", "u1,a1,landing,2026-01-01\n"]
)
def test_a_second_id_that_joins_nobody_is_not_proposed(folder, rows):
    (folder / "export.csv").write_text("user_id,anonymous_id,event,timestamp\n" + rows)
    run("export.csv")
    assert "[identity]" not in text()


def test_a_second_id_of_a_format_is_proposed(folder):
    rows = [{"userId": None, "event": "Landing"}, {"userId": "u", "event": "Order Completed"}]
    common = {"type": "track", "anonymousId": "a", "timestamp": "2026-01-01T00:00:00Z",
              "receivedAt": "2026-01-01T00:00:00Z"}  # fmt: skip
    lines = [json.dumps({**common, **row, "messageId": row["event"]}) for row in rows]
    (folder / "export.csv").write_text("\n".join(lines))
    run("export.csv")
    assert '# alias = { from = "anonymousId", to = "user_id" }\n' in text()


def test_another_file_is_named_in_what_to_type_next():
    done = run("export.csv", "-o", "my shop.toml")
    assert done.stdout == "my shop.toml\n"
    assert "hourglass funnel export.csv --config 'my shop.toml'\n" in done.stderr


def test_a_file_is_replaced_only_by_force():
    Path("hourglass.toml").write_text("# mine\n", encoding="utf-8")
    refused = run("export.csv")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "hourglass: error: hourglass.toml is there already\n"
        "  hint: add --force to replace it, or name another with --output\n"
    )
    assert text() == "# mine\n"
    assert run("export.csv", "--force").exit_code == 0
    assert "[stages]" in text()


def test_columns_that_are_configured_are_taken_over(folder):
    (folder / "odd.csv").write_text(EXPORT.replace("event,", "was hat er getan,"), encoding="utf-8")
    assert run("odd.csv").exit_code == 3
    (folder / "hourglass.toml").write_text(
        '[columns]\nevent = "was hat er getan"\nchannel = ""\n', encoding="utf-8"
    )
    assert run("odd.csv", "--force").exit_code == 0
    config = find_config(None, Path())
    assert config is not None
    assert config.columns["event"] == "was hat er getan"
    assert config.columns["channel"] == ""
    assert len(config.models["hourglass"].stages) == 4


def test_a_broken_file_can_be_replaced():
    Path("hourglass.toml").write_text("[stages", encoding="utf-8")
    done = run("export.csv", "--force")
    assert done.exit_code == 0
    assert "its columns are not taken over: hourglass.toml:1:8: not TOML" in done.stderr
    assert run("export.csv", "--config", "gone.toml", "-o", "-").exit_code == 2


def test_too_few_stages_are_to_be_filled_in(folder):
    export = EXPORT.replace("landing", "a").replace("trial_started", "b").replace("logout", "c")
    (folder / "export.csv").write_text(export, encoding="utf-8")
    done = run("export.csv")
    assert done.exit_code == 0
    assert (
        "hourglass: warning: fewer than 2 stages could be told from the names of events;"
        " fill in [stages] in hourglass.toml: know, like, trust, try, repeat, refer\n"
    ) in done.stderr
    config = find_config(None, Path())
    assert config is not None
    assert config.models == {}
    assert '# buy = ["order_paid"]  # becomes a customer\n' in text()


def test_standard_input():
    done = run("-", "-o", "-", stdin=EXPORT)
    assert done.exit_code == 0
    assert 'buy = ["order_paid"]' in done.stdout


def test_a_database(folder):
    loaded = CliRunner().invoke(app, ["load", "export.csv", "--db", "events.duckdb", "-q"])
    assert loaded.exit_code == 0, loaded.stderr
    done = run("--db", "events.duckdb")
    assert done.exit_code == 0
    assert "next: hourglass funnel --db events.duckdb\n" in done.stderr
    assert 'buy = ["order_paid"]' in text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 2),
        (("export.csv", "--db", "events.duckdb"), 2),
        (("exprt.csv",), 3),
        (("--db", "gone.duckdb"), 3),
        (("export.csv", "-o", "missing/hourglass.toml"), 5),
    ],
)
def test_errors(folder, words, code):
    done = run(*words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.count("hourglass: error: ") == 1
    assert "  hint: " in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [".git", "export.csv"]


def test_rows_that_are_no_events_are_counted(folder):
    (folder / "export.csv").write_text(EXPORT + "3,landing,soon,\n", encoding="utf-8")
    assert "warning: 1 of 6 rows are no events" in run("export.csv").stderr


def test_help_shows_an_example():
    assert "Example: hourglass init" in run("--help").stdout


SAMPLE = Path(__file__).parents[2] / "sample_events.parquet"


@pytest.fixture(params=["an export", "a database"])
def asked_of(request, folder):
    """Return the words that name the sample, as an export and as a database."""
    if request.param == "an export":
        return [str(SAMPLE)]
    assert CliRunner().invoke(app, ["load", str(SAMPLE), "--db", "s.duckdb"]).exit_code == 0
    return ["--db", "s.duckdb"]


def test_what_stands_around_the_stages_of_the_sample_is_in_force(asked_of):
    """docs/sample-data.md says what is planted: the trial form, quotes, carts, places."""
    done = run(*asked_of)
    assert done.exit_code == 0
    assert '    friction: try attempted by "trial_form_opened", failed by "trial_form_error"\n' in (
        done.stderr
    )
    config = find_config(None, Path())
    assert config is not None
    assert list(config.triggers) == ["abandoned_cart", "unanswered_quote", "unused_trial"]
    assert list(config.personas) == ["business", "family", "travel", "sport", "garden"]
    assert config.touchpoints is not None
    assert config.touchpoints.physical == ("store", "fair", "phone")
    for command in ("friction", "triggers", "touchpoints"):
        answer = CliRunner().invoke(app, [command, *asked_of, "--format", "json"])
        assert answer.exit_code == 0, answer.stderr
    listed = CliRunner().invoke(app, ["people", *asked_of, "--trigger", "unanswered_quote"])
    assert listed.exit_code == 0, listed.stderr
    by = CliRunner().invoke(app, ["funnel", *asked_of, "--by", "persona", "--format", "csv"])
    assert by.exit_code == 0, by.stderr


def test_no_more_is_said_where_nothing_stands_around(folder):
    (folder / "bare.csv").write_text("user_id,event,timestamp\n1,landing,2026-01-01\n")
    done = run("bare.csv")
    assert done.exit_code == 0
    assert "around the stages" not in done.stderr
