"""What groups of a breakdown are called."""

import polars as pl
import pytest

from hourglass.render import showing
from hourglass.render.groups import called
from hourglass.render.html.tables import value_cell
from hourglass.result import Column, Table

CHANNELS = Table(
    name="parts",
    title="Parts",
    data=pl.DataFrame(
        {
            "channel": [None, "(none)", "(other)", None],
            "other": [False, False, False, True],
            "people": [4, 3, 2, 1],
        }
    ),
    columns=(
        Column(name="channel", kind="text", label="channel"),
        Column(name="other", kind="flag", label="other"),
        Column(name="people", kind="count", label="people"),
    ),
    by=("channel",),
)
SHOWN = ("(none)", '"(none)"', '"(other)"', "(other)")


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "(none)"), ("(none)", '"(none)"'), ('"(other)"', '""(other)""'), ("none", "none")],
)
def test_a_value_is_told_from_the_rows_that_are_added(value, name):
    assert called(value) == name


def test_tables_and_pages_tell_both_apart():
    (column,) = showing.group_columns(CHANNELS, range(4))
    assert column.cells == SHOWN
    assert tuple(value_cell(CHANNELS, row).text for row in CHANNELS.dicts()) == SHOWN
