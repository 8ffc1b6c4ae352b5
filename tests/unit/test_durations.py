"""Durations in sentences: as in the tables beside them, and whole days by their name."""

from datetime import timedelta

import pytest

from hourglass.durations import said


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=30), "30 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=7, hours=19, minutes=40), "7 d 20 h"),
        (timedelta(hours=6, minutes=32, seconds=12), "6 h 32 min"),
        (timedelta(seconds=1.5), "1.5 s"),
        (timedelta(), "0 s"),
    ],
)
def test_a_duration_reads_in_a_sentence_as_in_a_table(span: timedelta, text: str) -> None:
    assert said(span) == text
