"""What a database keeps is what a new database of the same files keeps, whatever was done to it.

Loads of new and of changed files, other models and other identities follow each other. Few people
and instants let events of several loads meet at one instant, where stages compete for them.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hourglass.analyses import compact
from hourglass.cli import app
from hourglass.config import parse_config
from hourglass.load import load
from hourglass.wishes import Wishes

COLUMNS = """[columns]
user = "user_id"
event = "event"
timestamp = "ts"
channel = "channel"
"""
PEOPLE, EVENTS = ("u1", "u2", "u3", ""), ("a", "b", "c", "login")
ROWS = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(EVENTS),
    st.integers(0, 9),
    st.sampled_from(("web", "shop", "")),
    st.sampled_from(("d1", "d2", "")),
)
QUESTIONS = (
    "touchpoints",
    "funnel --by channel",
    "funnel --window 3s --since 2026-01-01T00:00:02 --until 2026-01-01T00:00:06",
    "funnel --window 4s --ties later",
    "triggers --by channel",
    "trend --by channel",
)
FILES = st.lists(ROWS, min_size=1, max_size=8)
MODELS = (
    'know = ["a"]\nbuy = ["b"]\nrepeat = ["b"]\n',
    'know = ["a"]\nbuy = { events = ["b"], where = "channel = \'web\'" }\nrefer = ["c"]\n',
    'know = ["a"]\nlike = ["*"]\nbuy = ["a", "b"]\n[models.other.stages]\nx = ["c"]\ny = ["b"]\n',
)
IDENTITIES = ("", '[identity]\nalias = { event = "login", from = "device", to = "user_id" }\n')
STEPS = st.lists(
    st.tuples(st.integers(0, 2), FILES, st.integers(0, 5), st.integers(0, 3)),
    min_size=2,
    max_size=4,
)
"""File written, its rows, model (beyond the last: as before), identity (so too)."""

KEPT = (
    "SELECT model, definition, events FROM compact_models",
    "SELECT * FROM compact_tally",
    "SELECT user_id FROM compact_people",
    "SELECT user_id, e.* EXCLUDE (person_key)"
    " FROM compact_events AS e JOIN compact_people USING (person_key)",
    "SELECT user_id, e.* EXCLUDE (person_key)"
    " FROM compact_ever AS e JOIN compact_people USING (person_key)",
    "SELECT user_id, e.* EXCLUDE (person_key)"
    " FROM compact_second AS e JOIN compact_people USING (person_key)",
)


def write(path: Path, rows) -> None:
    """Write the rows, and one that no other file has: of equal files only one is loaded."""
    lines = [f"{path.stem},named,2026-01-02T00:00:00Z,,"]
    lines += [
        f"{who},{event},2026-01-01T00:00:{second:02}Z,{channel},{device}"
        for who, event, second, channel, device in rows
    ]
    path.write_text("\n".join(["user_id,event,ts,channel,device", *lines, ""]))


def kept(database: Path) -> list[list[str]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return [sorted(map(repr, connection.execute(one).fetchall())) for one in KEPT]


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])  # a load takes a while
@given(STEPS)
def test_it_equals_that_of_a_new_database(steps):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = identity = 0
        for file, rows, other_model, other_identity in steps:
            model = other_model if other_model < len(MODELS) else model
            identity = other_identity if other_identity < len(IDENTITIES) else identity
            text = f"{COLUMNS}[stages]\n{MODELS[model]}{IDENTITIES[identity]}"
            config = parse_config(text, folder / "hourglass.toml")
            write(folder / f"{file}.csv", rows)
            arguments = [str(folder / f"{file}.csv")]
            load(folder / "old.duckdb", arguments, config, Wishes(renew=True))
        load(folder / "new.duckdb", sorted(map(str, folder.glob("*.csv"))), config)
        assert kept(folder / "old.duckdb") == kept(folder / "new.duckdb")


def answer(*words: str) -> dict[str, Any]:
    ran = CliRunner().invoke(app, [*words, "--format", "json", "-q"])
    assert ran.exit_code in (0, 3), ran.stderr
    return json.loads(ran.stdout) if ran.exit_code == 0 else {"refused": ran.stderr}


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(FILES, FILES, st.sampled_from(MODELS))
def test_what_is_kept_answers_as_the_files_do(rows, more, model):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hourglass.toml").write_text(f"{COLUMNS}[stages]\n{model}")
        files = [str(folder / "1.csv"), str(folder / "2.csv")]
        config = parse_config(f"{COLUMNS}[stages]\n{model}", folder / "hourglass.toml")
        for file, some in zip(files, (rows, more), strict=True):
            write(Path(file), some)
            load(folder / "kept.duckdb", [file], config)
        data = ["--config", str(folder / "hourglass.toml"), "--as-of", "2026-02-01"]
        for question in QUESTIONS:
            asked = [*question.split(), *data]
            assert answer(*asked, "--db", str(folder / "kept.duckdb")) == answer(*asked, *files)


@pytest.mark.parametrize(
    ("rows", "made_anew"),
    [
        pytest.param([("u9", "a", 3, "", "")], 0, id="somebody new"),
        pytest.param([("u1", "b", 3, "", "")], 0, id="another instant"),
        pytest.param([("u2", "b", 1, "", "")], 0, id="an instant of somebody else"),
        pytest.param([("u1", "a", 1, "", "")], 1, id="an instant of the same person"),
    ],
)
def test_new_rows_are_added_unless_they_meet_others(tmp_path, monkeypatch, rows, made_anew):
    config = parse_config(f"{COLUMNS}[stages]\n{MODELS[0]}", tmp_path / "hourglass.toml")
    write(tmp_path / "one.csv", [("u1", "a", 0, "", ""), ("u1", "b", 1, "", "")])
    load(tmp_path / "kept.duckdb", [str(tmp_path / "one.csv")], config)
    built = []
    build = compact._build
    monkeypatch.setattr(compact, "_build", lambda *given: (built.append(given), build(*given)))
    write(tmp_path / "two.csv", rows)
    load(tmp_path / "kept.duckdb", [str(tmp_path / "two.csv")], config)
    assert len(built) == made_anew


EARLIER = [
    ("went", "a", 10, "web", ""), ("went", "b", 20, "shop", ""),
    ("stayed", "a", 10, "", ""),
    ("came late", "b", 10, "web", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("stayed", "b", 30, "", "")], id="second stage of somebody who entered"),
        pytest.param([("went", "a", 15, "", "")], id="entry between two stages"),
        pytest.param([("went", "a", 5, "app", "")], id="entry before all, on another channel"),
        pytest.param([("went", "a", 10, "app", ""), ("went", "c", 10, "", "")], id="first touches"),
        pytest.param([("came late", "a", 20, "app", "")], id="entry after the second stage"),
        pytest.param([("came late", "a", 5, "", "")], id="entry of somebody who had none"),
        pytest.param([("went", "c", 40, "mail", "")], id="third stage"),
        pytest.param([("stayed", "x", 5, "web", "")], id="no stage"),
        pytest.param([("new", "a", 5, "web", ""), ("new", "b", 6, "", "")], id="somebody new"),
    ],
)
def test_what_is_added_is_that_of_a_new_database(tmp_path, monkeypatch, rows):
    text = f'{COLUMNS}[stages]\nknow = ["a"]\nbuy = ["b"]\nrefer = ["c"]\n'
    text += '[models.back.stages]\nlast = ["c"]\nmiddle = ["b"]\n'
    config = parse_config(text, tmp_path / "hourglass.toml")
    write(tmp_path / "one.csv", EARLIER)
    write(tmp_path / "two.csv", rows)
    files = [str(tmp_path / name) for name in ("one.csv", "two.csv")]
    load(tmp_path / "new.duckdb", files, config)
    load(tmp_path / "old.duckdb", files[:1], config)
    monkeypatch.setattr(compact, "_build", lambda *_: pytest.fail("made anew"))
    load(tmp_path / "old.duckdb", files[1:], config)
    assert kept(tmp_path / "old.duckdb") == kept(tmp_path / "new.duckdb")
