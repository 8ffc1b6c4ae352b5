"""Usual names are recognised however they are written."""

import pytest

from hourglass.formats import ROLES
from hourglass.sources.roles import CANONICAL, CURRENCY, USUAL, candidates, folded, only_times


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
    assert set(CANONICAL) == set(USUAL) - {CURRENCY} == set(ROLES)


@pytest.mark.parametrize("role", USUAL)
def test_no_name_is_listed_twice(role):
    names = [folded(name) for name in USUAL[role]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ([["id", "won_date"]], "won_date"),
        ([["id", "wonDate", "Plan"]], "wonDate"),
        ([["id", "Signup At"], ["id", "SIGNUP_AT"]], "Signup At"),
        ([["id", "first_contact_date"], ["id", "won_date"]], "first_contact_date|won_date"),
        ([["id", "Sign-up time (UTC)", "status"]], "Sign-up time (UTC)"),
        ([["id", "created_on_utc"]], "created_on_utc"),
        ([["id", "signup_at", "won_date"]], None),
        ([["id", "won_date"], ["id"]], "won_date"),
        ([["id", "won_date"], ["id", "a_at"], ["id"]], None),
        ([["id", "candidate", "status", "dates"]], None),
    ],
)
def test_a_lone_column_that_is_called_as_times_are_is_the_timestamp(files, place):
    columns = {name.casefold(): name for names in reversed(files) for name in names}
    assert only_times(list(columns.values()), files) == place
