"""What a configuration says, where it is found, and which model is taken."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from hourglass.config import Config, choose_model, find_config, parse_config
from hourglass.errors import ConfigError, UsageError
from hourglass.formats import ROLES
from hourglass.rules import Rules
from hourglass.schema import File, StageTable
from hourglass.stages import HOURGLASS, ROLLUPS, Stage, Step

FULL = """
model = "checkout"
queries = "sql"

[columns]
user = "visitor_id"
channel = ""

[stages]
repeat = { events = ["order_paid"], min_gap = "1 day" }
know = ["ad_impression", "blog_view"]
trust = { events = "review_read", where = "rating >= 4" }
buy = "order_paid"

[models.checkout.stages]
pay = ["order_paid"]
cart = { events = ["cart_view"], within = "2 hours" }

[rules]
window = "30 days"
range = "all"
timezone = "Europe/Helsinki"
week_start = "Sunday"
where = "country = 'FI'"
"""


@pytest.fixture
def full(tmp_path: Path) -> Config:
    (tmp_path / "sql").mkdir()
    return parse_config(FULL, tmp_path / "hourglass.toml")


def test_stages_come_in_the_order_of_the_hourglass(full: Config) -> None:
    hourglass = full.models["hourglass"]
    assert [one.name for one in hourglass.stages] == ["know", "trust", "buy", "repeat"]
    assert hourglass.stages[0].events == ("ad_impression", "blog_view")
    assert hourglass.stages[1].steps == (Step(events=("review_read",), where="rating >= 4"),)
    assert hourglass.stages[2] == Stage(name="buy", steps=(Step(events=("order_paid",)),))
    assert hourglass.stages[3].min_gap == timedelta(days=1)


def test_other_models_come_in_the_order_written(full: Config) -> None:
    stages = full.models["checkout"].stages
    assert [one.name for one in stages] == ["pay", "cart"]
    assert stages[1].within == timedelta(hours=2)


def test_models_roll_up_from_the_stages(full: Config) -> None:
    assert list(full.models) == ["hourglass", *ROLLUPS, "checkout"]
    assert [one.name for one in full.models["buying-cycle"].stages] == [
        "awareness", "consideration", "decision",
    ]  # fmt: skip


def test_a_roll_up_needs_two_groups() -> None:
    config = parse_config('[stages]\nlike = "a"\ntrust = "b"\n', None)
    assert "buying-cycle" not in config.models
    assert "buying-path" in config.models
    with pytest.raises(UsageError, match=r"too few of \[stages\] are configured for buying-cycle"):
        choose_model(config, "buying-cycle")


def test_the_rest_of_the_file(full: Config, tmp_path: Path) -> None:
    assert full.columns == {"user": "visitor_id", "channel": ""}
    assert full.queries == tmp_path / "sql"
    assert full.model == "checkout"
    assert full.text == FULL
    assert full.rules == Rules(
        window=timedelta(days=30),
        range="all",
        timezone="Europe/Helsinki",
        week_start="sunday",
        where="country = 'FI'",
    )


def test_an_empty_file_is_all_defaults() -> None:
    assert parse_config("", None) == Config()
    assert parse_config("[columns]\n[stages]\n[rules]\n[models]\n", None).models == {}


def test_every_rule_is_known_by_its_default() -> None:
    text = """
    [rules]
    count = "user"
    order = "ordered"
    window = "none"
    window_from = "entry"
    entry = "best"
    ties = "helpful"
    tie_tolerance = 0
    reuse = false
    range = "entry"
    exclusion = "drop"
    strict_repeat = "break"
    closed = true
    hold = "none"
    attribution = "first_touch"
    timezone = "UTC"
    week_start = "monday"
    """
    assert parse_config(text, None).rules == Rules()
    named = {line.split(" = ")[0].strip() for line in text.splitlines() if " = " in line}
    assert named | {"where"} == set(Rules().as_json())


def test_without_a_path_there_is_no_folder_of_queries() -> None:
    assert parse_config('queries = "sql"', None).queries is None


# Where it is found


def write(path: Path, window: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'[rules]\nwindow = "{window}"\n', encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOURGLASS_CONFIG", raising=False)


def days(config: Config | None) -> int | None:
    assert config is not None
    return config.rules.window.days if config.rules.window else None


def test_flag_beats_environment_beats_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "hourglass.toml", "1 day")
    variable, flag = write(tmp_path / "v.toml", "2 days"), write(tmp_path / "f.toml", "3 days")
    assert days(find_config(None, tmp_path)) == 1
    monkeypatch.setenv("HOURGLASS_CONFIG", str(variable))
    assert days(find_config(None, tmp_path)) == 2
    assert days(find_config(flag, tmp_path)) == 3
    monkeypatch.setenv("HOURGLASS_CONFIG", "")
    assert days(find_config(None, tmp_path)) == 1


def test_folders_above_are_searched_up_to_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "hourglass.toml", "1 day")
    below = tmp_path / "project" / "data"
    below.mkdir(parents=True)
    assert days(find_config(None, below)) == 1
    (tmp_path / "project" / ".git").mkdir()
    assert find_config(None, below) is None
    write(tmp_path / "project" / "hourglass.toml", "2 days")
    assert days(find_config(None, below)) == 2


def test_a_folder_of_that_name_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "hourglass.toml").mkdir()
    (tmp_path / ".git").mkdir()
    assert find_config(None, tmp_path) is None


def test_a_named_file_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: cannot be read: No such file"):
        find_config(tmp_path / "gone.toml", tmp_path)
    monkeypatch.setenv("HOURGLASS_CONFIG", str(tmp_path / "lost.toml"))
    with pytest.raises(ConfigError, match=r"lost\.toml: cannot be read"):
        find_config(None, tmp_path)


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "hourglass.toml"
    path.write_bytes(b'\xef\xbb\xbf[rules]\r\nwindow = "1 day"\r\n')
    assert days(find_config(None, tmp_path)) == 1


# Which model is taken

TWO = '[models.a.stages]\nx = "x"\ny = "y"\n'
MORE = '[models.beta.stages]\nx = "x"\ny = "y"\n'
SEVEN = '[stages]\nknow = "k"\nbuy = "b"\n'


@pytest.mark.parametrize(
    ("text", "asked", "taken"),
    [
        (SEVEN + TWO, None, "hourglass"),
        (SEVEN + TWO, "a", "a"),
        ('model = "a"\n' + SEVEN + TWO, None, "a"),
        ('model = "a"\n' + SEVEN + TWO, "buying-cycle", "buying-cycle"),
        (TWO, None, "a"),
    ],
)
def test_choose_model(text: str, asked: str | None, taken: str) -> None:
    assert choose_model(parse_config(text, None), asked).name == taken


@pytest.mark.parametrize(
    ("text", "asked", "message", "hint"),
    [
        (TWO + MORE, "btea", 'there is no model "btea"; did you mean "beta"?', "a, beta"),
        (TWO + MORE, None, "which model? there are: a, beta", "--model a"),
        ("", None, "no stages are configured", "--steps"),
        ("", "a", "no stages are configured", "--steps"),
        (TWO, "hourglass", "too few of [stages] are configured for hourglass", "[stages]"),
    ],
)
def test_no_model_to_take(text: str, asked: str | None, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose_model(parse_config(text, None), asked)
    assert caught.value.message == message
    assert hint in (caught.value.hint or "")


# What the documentation shows

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_every_example_in_the_documentation_loads(tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    examples = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) > 3
    for example in examples:
        parse_config(example, tmp_path / "hourglass.toml")


def test_the_documentation_names_every_key() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for key in (*File.model_fields, *ROLES, *HOURGLASS, *ROLLUPS, *StageTable.model_fields):
        assert key in text
    for rule in Rules().as_json():
        assert f"`{rule}`" in text or f"\n{rule} = " in text
