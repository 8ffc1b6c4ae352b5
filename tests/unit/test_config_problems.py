"""Every mistake in a configuration is reported, at once, with its line and its key."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.config import Config, find_config, parse_config
from hourglass.errors import ConfigError
from hourglass.schema import File


def problems(text: str, path: str | None = "hourglass.toml") -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, Path(path) if path else None)
    return caught.value.problems


def test_all_at_once_in_the_order_of_the_file() -> None:
    text = """\
model = "chekout"
colums = 1
[columns]
usr = "id"
[stages]
know = ["visit"]
tryy = ["trial"]
buy = ["order",
  "order"]
[models.checkout.stages]
cart = "cart"
pay = { events = "pay", within = "2 fortnights" }
[rules]
order = "strickt"
timezone = "Europe/Helsinky"
"""
    assert problems(text) == (
        'hourglass.toml:1: model: there is no model "chekout"; did you mean "checkout"?',
        'hourglass.toml:2: colums: unknown key; did you mean "columns"?',
        'hourglass.toml:4: columns.usr: unknown part of a column; did you mean "user"?',
        'hourglass.toml:7: stages.tryy: unknown stage; did you mean "try"?',
        'hourglass.toml:8: stages.buy: names the event "order" twice',
        'hourglass.toml:12: models.checkout.stages.pay.within: "2 fortnights" is not a duration; '
        'write a number and a unit, as "30 days" or "2h", or "none"',
        'hourglass.toml:14: rules.order: "strickt" is not among the values that this version '
        'counts by: "ordered" or "strict" or "any"; did you mean "strict"?',
        'hourglass.toml:15: rules.timezone: "Europe/Helsinky" is not a time zone; '
        'did you mean "Europe/Helsinki"?',
    )


PAIR = '[stages]\nknow = "a"\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("stages = 3", "1: stages: must be a table"),
        ("[[rules]]", "1: rules: must be a table"),
        ("models = []", "1: models: must be a table"),
        ("[models]\na = 3", "2: models.a: must be a table"),
        ("[models.a]\n", "1: models.a.stages: is missing"),
        ("[columns]\nuser = 3", "2: columns.user: 3 is not text; put it in double quotes"),
        ("[stages]\nbuy = 'a'", "1: stages: has 1; a funnel needs 2 to 32 stages"),
        (PAIR + "buy = 3", "3: stages.buy: must be a list of event names, or a table {events, "
         "where, within, min_gap, …}"),
        (PAIR + "buy = []", '3: stages.buy: names no event; write a list, as ["order_paid"]'),
        (PAIR + "buy = [' ']", "3: stages.buy: an event name is empty"),
        (PAIR + "buy = {}", "3: stages.buy.events: is missing"),
        (PAIR + "buy = ['a', 3]", "3: stages.buy: 3 is not text; put it in double quotes"),
        ("[check]\nmeasure = 'users'", "1: check: is a list of tables: write each as [[check]]"),
        (PAIR + "buy = { events = 3 }", "3: stages.buy.events: 3 is not a list of event names"),
        (PAIR + "buy = { events = 'a', wher = 'b' }",
         '3: stages.buy.wher: unknown key; did you mean "where"?'),
        (PAIR + "buy = { events = 'a', where = ' ' }", "3: stages.buy.where: is empty"),
        (PAIR + "buy = { events = 'a', within = 3 }",
         '3: stages.buy.within: 3 is not a duration; write one as "30 days" or "2h"'),
        (PAIR + "buy = { events = 'a', min_gap = '0s' }",
         '3: stages.buy.min_gap: "0s" is no time at all; "none" is no limit'),
        (PAIR + "buy = { events = 'a', min_gap = '2h', within = '1h' }",
         "3: stages.buy: within is shorter than min_gap, so nobody can reach the stage"),
        ("[stages]\nknow = { events = 'a', within = '1h' }\nbuy = 'b'",
         "2: stages.know.within: the first stage has no stage before it"),
        ("[models.hourglass.stages]\na = 'a'\nb = 'b'",
         "1: models.hourglass: is a built-in model, made of [stages]; choose another name"),
        ("[models.a.stages]\n'' = 'a'\nb = 'b'", '2: models.a.stages."": is empty'),
        ("[models.a.stages]\nb = 'b'",
         "1: models.a.stages: has 1; a funnel needs 2 to 32 stages"),
        ("[rules]\nwindow = '-3 days'", '2: rules.window: "-3 days" is not a duration; write a '
         'number and a unit, as "30 days" or "2h", or "none"'),
        ("[rules]\nwindow = '0 days'",
         '2: rules.window: "0 days" is no time at all; "none" is no limit'),
        ("[rules]\nrange = 'entrie'", '2: rules.range: "entrie" is not among the values that '
         'this version counts by: "entry" or "all"; did you mean "entry"?'),
        ("[rules]\nclosed = 'no'", '2: rules.closed: "no" is neither true nor false'),
        ("[rules]\nattribution = 'stage'", '2: rules.attribution: "stage" is not among the values '
         'that this version counts by: "first_touch" or "last_touch" or "entry" or "all" or '
         '"stage:NAME"; did you mean "stage:NAME"?'),
        (PAIR + "buy = {events = ['b'], nth = 0}",
         "3: stages.buy.nth: 0 is not a place in a row; the first is 1"),
        ("[[exclusions]]\nevents = ['x']\nfrom = 'buy'\nto = 'know'\n" + PAIR + "buy = 'b'",
         '1: exclusions: "buy" is not before "know"'),
        ("[rules]\ntie_tolerance = '2 secs'", '2: rules.tie_tolerance: "2 secs" is not a duration; '
         'write a number and a unit, as "30 days" or "2h", or "none"'),
        ("[rules]\nweek_start = 'mondya'", '2: rules.week_start: "mondya" is not a day of the '
         'week; did you mean "monday"?'),
        ("[rules]\nwindo = '1h'", '2: rules.windo: unknown rule; did you mean "window"?'),
        ("[zzz]\na = 'b'", f"1: zzz: unknown key; there are: {', '.join(File.model_fields)}"),
        ("[touchpoints]\nphysical = 'store'\nphysicl = 'fair'",
         '3: touchpoints.physicl: unknown key; did you mean "physical"?'),
        ("[touchpoints]", "1: touchpoints.physical: is missing"),
        ("[touchpoints]\nphysical = ['a', 'a']",
         '2: touchpoints.physical: names the channel "a" twice'),
        ("[touchpoints]\nphysical = [3]",
         '2: touchpoints.physical: [3] is not a list of channels;'
         ' write them as ["store", "phone"]'),
        ("[friction.tri]\nattempted = 'a'\nfailed = 'b'",
         '1: friction.tri: no model has such a stage; did you mean "try"?'),
        ("[friction.try]\nattempted = 'a'", "1: friction.try.failed: is missing"),
        ("[friction.try]\nattempted = []\nfailed = 'b'",
         '2: friction.try.attempted: names no event; write a list, as ["order_paid"]'),
        ("[friction.try]\nattempted = 'a'\nfailed = 'b'\ntried = 'c'",
         "4: friction.try.tried: unknown key; there are: attempted, failed"),
        ("queries = '../sql'", "1: queries: must be a folder beside or below this file"),
        ("queries = '/sql'", "1: queries: must be a folder beside or below this file"),
        ("queries = 'no_such_folder'", '1: queries: there is no folder "no_such_folder" here'),
        ("queries = ''", "1: queries: is empty"),
        ("queries = 3", "1: queries: 3 is not text; put it in double quotes"),
    ],
)  # fmt: skip
def test_one_problem(text: str, problem: str) -> None:
    assert problems(text) == (f"hourglass.toml:{problem}",)


def test_at_most_32_stages() -> None:
    def text(many: int) -> str:
        return "[models.m.stages]\n" + "".join(f'a{n} = "a"\n' for n in range(many))

    assert len(parse_config(text(32), None).models["m"].stages) == 32
    assert problems(text(33)) == (
        "hourglass.toml:1: models.m.stages: has 33; a funnel needs 2 to 32 stages",
    )


def test_values_are_shortened_and_escaped() -> None:
    (one,) = problems(f'[rules]\nweek_start = "\\u001b[2J\\n{"x" * 500}"\n')
    assert "\x1b" not in one
    assert "\n" not in one
    assert len(one) < 150


def test_text_from_elsewhere_has_a_name_too() -> None:
    assert problems("a = 1", None)[0].startswith("configuration:1: a: ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = ", "hourglass.toml:1:5: not TOML: "),
        ("\n[stages\n", "hourglass.toml:2:8: not TOML: "),
        ("a = 1\na = 2\n", "hourglass.toml:2:6: not TOML: "),
        ('a = "x', "hourglass.toml:1:7: not TOML: "),
        ("a = 1\nb = [\n  c\n]", "hourglass.toml:3:3: not TOML: "),
    ],
)
def test_syntax(text: str, problem: str) -> None:
    (found,) = problems(text)
    assert found.startswith(problem)


def test_nesting_beyond_reason_is_a_problem() -> None:
    assert "not TOML" in problems("a = " + "[" * 100_000)[0]


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "hourglass.toml"
    path.write_bytes(b"[rules]\nwhere = \"name = '\xe4'\"\n")
    with pytest.raises(ConfigError) as caught:
        find_config(path, tmp_path)
    assert caught.value.problems == (f"{path}:2: is not UTF-8 text (byte 0xe4)",)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: "):
        find_config(tmp_path, tmp_path)


KEYS = st.sampled_from(
    ["model", "columns", "stages", "models", "rules", "know", "buy", "events", "within", "window",
     "timezone", "queries", "user", "m", "week_start", "reuse", "tie_tolerance", "hold", "\x00"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["1 day", "none", "UTC", "monday", "", "hourglass"]),
        st.integers(-1, 1),
        st.booleans(),
        st.floats(),
        st.datetimes(),
        st.text("a \n", max_size=3),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_whatever_is_written_loads_or_is_explained(data: dict[str, object]) -> None:
    import tomlkit

    text = tomlkit.dumps(data)
    try:
        config = parse_config(text, None)
    except ConfigError as error:
        assert all(one.startswith("configuration:") for one in error.problems)  # noqa: PT017
    else:
        assert isinstance(config, Config)


@given(st.text(alphabet="[]{}=\"'\\#\n\r\tab.,1", max_size=40))
def test_no_text_is_a_crash(text: str) -> None:
    try:
        parse_config(text, None)
    except ConfigError as error:
        assert error.problems  # noqa: PT017


def test_lines_are_told_in_any_layout() -> None:
    text = (
        'a = """\n[stages]\nx = 1\n"""\n'
        'stages.know = "x"\r\n'
        '[models."a.b"]\nstages.q = "x"\nstages.r.s = 3\n'
        "[[zz]]\nq = 1\n"
        '[rules] # of counting\n"wndow" = """\n1h"""\n'
    )
    places = [one.split(": ")[:2] for one in problems(text)]
    assert places == [
        ["hourglass.toml:1", "a"],
        ["hourglass.toml:5", "stages"],
        ["hourglass.toml:8", 'models."a.b".stages.r.events'],
        ["hourglass.toml:8", 'models."a.b".stages.r.s'],
        ["hourglass.toml:9", "zz"],
        ["hourglass.toml:12", "rules.wndow"],
    ]


def test_a_long_list_is_told_at_once() -> None:
    names = "".join(f'"/user/{{{n}}}/[view]",\n' for n in range(5_000))
    assert problems(f'[stages]\nknow = [\n{names}]\nbuyy = "x"\n')[0].startswith(
        "hourglass.toml:5004: stages.buyy: "
    )
