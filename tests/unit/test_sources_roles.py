"""Usual names are recognised however they are written."""

import pytest

from hourglass.formats import ROLES
from hourglass.sources.roles import CANONICAL, USUAL, candidates, folded


@pytest.mark.parametrize(
    "name", ["user_id", "User ID", "userId", "USER-ID", "$user_id", "properties.user_id"]
)
def test_case_and_punctuation_do_not_matter(name):
    assert folded(name) == "userid"
    assert candidates([name], "user") == [name]


def test_a_column_called_properties_keeps_its_name():
    assert folded("properties") == "properties"


def test_the_likeliest_name_comes_first():
    assert candidates(["device_id", "visitor_id", "user_id"], "user") == [
        "user_id", "visitor_id", "device_id",
    ]  # fmt: skip


def test_every_role_has_names_and_a_column_of_events():
    assert set(CANONICAL) == set(USUAL) == set(ROLES)


@pytest.mark.parametrize("role", USUAL)
def test_no_name_is_listed_twice(role):
    names = [folded(name) for name in USUAL[role]]
    assert len(names) == len(set(names))
