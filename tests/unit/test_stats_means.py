"""Intervals of means, against scipy and against a worked example."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from hourglass.stats import Sample, bounded_interval, mean_interval, welch

VALUES = st.lists(st.floats(0, 100).map(lambda value: round(value, 3)), min_size=2, max_size=12)


def sample(values: list[float]) -> Sample:
    return Sample(len(values), statistics.fmean(values), statistics.stdev(values))


@given(values=VALUES.filter(lambda values: len(set(values)) > 1))
def test_the_interval_of_a_mean_is_that_of_student(values: list[float]) -> None:
    low, high = mean_interval(sample(values))
    wanted = scipy_stats.ttest_1samp(values, 0).confidence_interval()
    assert (low, high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


@given(
    values=VALUES.filter(lambda values: statistics.stdev(values) > 0.1),
    base=VALUES.filter(lambda values: statistics.stdev(values) > 0.1),
)
def test_a_difference_of_means_is_judged_as_by_welch(
    values: list[float], base: list[float]
) -> None:
    low, high, p_value = welch(sample(values), sample(base))
    test = scipy_stats.ttest_ind(values, base, equal_var=False)
    wanted = test.confidence_interval()
    assert low == pytest.approx(wanted.low, abs=1e-9)
    assert high == pytest.approx(wanted.high, abs=1e-9)
    assert p_value == pytest.approx(test.pvalue, abs=1e-12)


def test_the_sleep_data_of_student() -> None:
    """R's `t.test(extra ~ group, data = sleep)`: -3.3654832 to 0.2054832, p = 0.07939."""
    first = sample([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = sample([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    low, high, p_value = welch(first, second)
    assert low == pytest.approx(-3.3654832, abs=1e-7)
    assert high == pytest.approx(0.2054832, abs=1e-7)
    assert p_value == pytest.approx(0.07939, abs=1e-5)


def test_where_nobody_differs_there_is_no_interval() -> None:
    assert mean_interval(Sample(9, 0.0, 0.0)) == mean_interval(Sample(9, 3.0)) == (None, None)
    assert mean_interval(Sample(9, 0.3, 5e-17)) == (None, None)


def test_a_mean_of_counts_is_never_negative() -> None:
    low, high = mean_interval(Sample(4, 0.25, 0.5))
    assert low is not None
    assert low < 0
    assert bounded_interval(Sample(4, 0.25, 0.5)) == (0, high)
    assert bounded_interval(Sample(1, 2.0)) == (None, None)


def test_too_few_people_have_no_interval() -> None:
    assert mean_interval(Sample(0)) == mean_interval(Sample(1, 3.0)) == (None, None)
    assert welch(Sample(1, 3.0), Sample(9, 2.0, 1.0)) == (None, None, None)
    assert welch(Sample(9, 3.0), Sample(9, 2.0)) == (None, None, None)
    low, high, p_value = welch(Sample(9, 3.0), Sample(9, 2.0, 1.0))
    assert None not in (low, high, p_value)
