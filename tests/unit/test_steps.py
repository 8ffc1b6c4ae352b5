"""Funnels typed at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.errors import UsageError
from hourglass.steps import parse_steps


def spelled(text: str) -> list[tuple[str, tuple[str, ...]]]:
    model = parse_steps(text)
    assert model.name == "steps"
    return [(one.name, one.events) for one in model.stages]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("view,buy", [("view", ("view",)), ("buy", ("buy",))]),
        (" view , cart | basket ", [("view", ("view",)), ("cart|basket", ("cart", "basket"))]),
        ("a,b,a", [("a", ("a",)), ("b", ("b",)), ("a (2)", ("a",))]),
        ("a,a,a (2)", [("a", ("a",)), ("a (2)", ("a",)), ("a (2) (2)", ("a (2)",))]),
        (r"a\,b,c\|d,e\\", [("a,b", ("a,b",)), ("c|d", ("c|d",)), ("e\\", ("e\\",))]),
        ("order paid,C:\\x", [("order paid", ("order paid",)), ("C:\\x", ("C:\\x",))]),
        ("a\nb,ä", [("a\nb", ("a\nb",)), ("ä", ("ä",))]),
    ],
)
def test_steps(text: str, stages: list[tuple[str, tuple[str, ...]]]) -> None:
    assert spelled(text) == stages


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "--steps has 1; a funnel needs 2 to 32 stages"),
        ("view", "--steps has 1; a funnel needs 2 to 32 stages"),
        (",".join("a" * 33), "--steps has 33; a funnel needs 2 to 32 stages"),
        ("view,,buy", "--steps: a name in stage 2 is empty"),
        ("view,buy|", "--steps: a name in stage 2 is empty"),
        ("view, ", "--steps: a name in stage 2 is empty"),
        ("view,a|b|a", "--steps: stage 2 names an event twice"),
    ],
)
def test_wrong_steps(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_steps(text)
    assert caught.value.message == message
    assert caught.value.hint


names = st.text(min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.lists(names, min_size=1, max_size=3, unique=True), min_size=2, max_size=32))
def test_any_names_can_be_spelled(stages: list[list[str]]) -> None:
    def escaped(name: str) -> str:
        return "".join(f"\\{sign}" if sign in ",|\\" else sign for sign in name)

    model = parse_steps(",".join("|".join(map(escaped, stage)) for stage in stages))
    assert [list(one.events) for one in model.stages] == stages
    assert len({one.name for one in model.stages}) == len(stages)
