"""Which columns and keys hold ids, and how these are shown."""

import json

import pytest

from hourglass.analyses.ids import id_names, is_id, short_id, without_ids

NAMES = id_names({"user": "properties.who | visitor", "session": "params[visit key]", "event": "e"})


@pytest.mark.parametrize(
    "name",
    ["user_id", "anonymousId", "source_user_id", "Session ID", "messageId", "referred_by",
     "visitor", "who", "visit key", "properties.user_id"],
)  # fmt: skip
def test_ids_are_told_by_role_and_by_usual_name(name: str) -> None:
    assert is_id(name, NAMES)


@pytest.mark.parametrize("name", ["event", "e", "ts", "channel", "plan", "key", "properties"])
def test_what_else_there_is_holds_no_ids(name: str) -> None:
    assert not is_id(name, NAMES)


@pytest.mark.parametrize(
    "text", ["", "plain", "[b] no JSON", '{"cut": "o', '{"plan": "x", "n": [1]}']
)
def test_a_text_without_ids_stays_as_it_is(text: str) -> None:
    assert without_ids(text, NAMES) == text


def test_ids_inside_of_json_are_hidden_wherever_they_stand() -> None:
    text = '{"a": [{"user_id": "é", "ok": true}], "who": {"n": 5, "none": null}, "plan": 1.5}'
    assert json.loads(without_ids(text, NAMES)) == {
        "a": [{"user_id": short_id("é"), "ok": True}],
        "who": {"n": short_id("5"), "none": None},
        "plan": 1.5,
    }


def test_the_value_of_a_named_parameter_is_hidden_and_its_name_is_not() -> None:
    text = (
        '[{"key":"ga_session_id","value":{"int_value":77}},{"key":"plan","value":{"int_value":7}}]'
    )
    assert without_ids(text, NAMES) == text.replace("77", f'"{short_id("77")}"')


def test_json_too_deep_to_be_read_is_all_hash() -> None:
    deep = "[" * 100_000
    assert without_ids(deep, NAMES) in (deep, short_id(deep))
