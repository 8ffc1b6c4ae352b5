"""Whatever a configuration says: it is taken or refused, with all that is wrong in it."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from hourglass.config import Config, parse_config
from hourglass.errors import ConfigError, HourglassError

TABLES = (
    "",
    "columns", "stages", "models", "models.m", "models.m.stages", "rules", "source", "formats.x",
    "touchpoints", "triggers.t", "friction.try", "identity", "personas", "report", "exclusions",
    "check",
)  # fmt: skip
KEYS = (
    "user", "event", "timestamp", "know", "buy", "repeat", "cart", "events", "where", "within",
    "min_gap", "optional", "first_time", "nth", "window", "order", "timezone", "week_start", "hold",
    "attribution", "from", "to", "without", "attempted", "failed", "alias", "table", "title",
    "logo", "sections", "name", "measure", "stage", "min", "max", "queries", "model", "physical",
    "encoding", "decimal", "merge_shared", "a.b", "\u00fc", "",
)  # fmt: skip
WORDS = st.sampled_from(
    ["view", "*", "1 day", "none", "0s", "-1 day", "9999999999 weeks", "Europe/Helsinki", "monday",
     "rating >= 4", "1) or (1", "users", "first_touch", "stage:", "../x", "/etc", "\x00", "\u202e",
     "true", ""]
) | st.text(max_size=8)  # fmt: skip
SCALARS = (
    WORDS
    | st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats()
    | st.sampled_from(["2024-01-01", "1979-05-27T07:32:00Z", "inf", "0x10"])
)


def written(value: object) -> str:
    """Write a value as TOML; JSON is nearly that."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return {"inf": "inf", "-inf": "-inf", "nan": "nan"}.get(str(value), repr(value))
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            pairs = (f"{json.dumps(key)} = {written(one)}" for key, one in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case _:
            return json.dumps(value)


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5)
FILES = st.dictionaries(st.sampled_from(TABLES), BODIES, max_size=5)
LISTS = ("exclusions", "check")


def taken(text: str) -> Config | None:
    """Parse a configuration; null where it is refused, with at least one reason."""
    try:
        found = parse_config(text, None)
    except HourglassError as problem:
        refused = problem
    else:
        assert found.text == text
        return found
    problems = refused.problems if isinstance(refused, ConfigError) else (refused.message,)
    assert problems
    assert all(problem.strip() for problem in problems)
    return None


@given(files=FILES)
@example(files={"stages": {"know": ["view"], "buy": ["pay"]}, "rules": {"window": "1 day"}})
def test_any_values_are_taken_or_refused(files):
    lines = []
    for table, body in sorted(files.items()):
        lines.append(f"[[{table}]]" if table in LISTS else f"[{table}]" if table else "")
        lines += [f"{json.dumps(key)} = {written(value)}" for key, value in body.items()]
    found = taken("\n".join(lines))
    if found is not None:
        assert taken(found.text) == found


@given(text=st.text(max_size=80))
@example(text="[" * 5000)
@example(text="a = " + "[" * 2000 + "]" * 2000)
@example(text="a" + ".a" * 1100 + " = 1")  # deeper than calls may go
@example(text="[stages]\nknow = ['\ud800']")
@example(text="a = 1" + "0" * 5000)
@example(text="[rules]\nwindow = '" + "9" * 5000 + " days'")
def test_any_text_is_taken_or_refused(text):
    taken(text)


@given(
    cut=st.integers(0, 400),
    put=st.text(max_size=5) | st.sampled_from(["[", "]", '"', "'''", "=", "\n[", "{"]),
)
def test_a_configuration_with_a_mistake_is_taken_or_refused(cut, put):
    whole = (
        '[columns]\nuser = "who"\n[stages]\nknow = ["view"]\n'
        'try = { events = ["trial"], where = "rating >= 4", within = "2 hours" }\n'
        'buy = ["pay"]\n[rules]\nwindow = "30 days"\ntimezone = "Europe/Helsinki"\n'
        '[triggers.left]\nevents = ["cart"]\nwithout = ["pay"]\nwithin = "24 hours"\n'
        '[[check]]\nname = "n"\nmeasure = "users"\nstage = "buy"\nmin = 1\n'
    )
    taken(whole[:cut] + put + whole[cut:])
    taken(whole[:cut] + put)
