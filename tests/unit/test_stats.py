"""Intervals and tests: figures of the literature and of scipy, and what holds for any counts.

Wilson intervals: R. G. Newcombe, Two-sided confidence intervals for the single proportion,
Statistics in Medicine 17 (1998) 857-872.

Differences: R. G. Newcombe, Interval estimation for the difference between independent
proportions, Statistics in Medicine 17 (1998) 873-890, table II, method 10.

Fisher's test: R. A. Fisher, The Design of Experiments (1935), chapter II, and A. Agresti,
Categorical Data Analysis (2nd edition 2002), section 3.5.

False discoveries: Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57
(1995) 289-300, section 3.2.
"""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from hourglass.stats import adjusted, fisher, katz, newcombe, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_published_examples(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_is_scipys_and_holds_the_rate(counts):
    successes, trials = counts
    low, high = wilson(successes, trials)
    known = binomtest(successes, trials).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((known.low, known.high), abs=1e-9)
    assert 0 <= low <= successes / trials <= high <= 1


def test_nobody_has_no_interval():
    assert wilson(0, 0) == (None, None)


def test_more_than_all_is_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@pytest.mark.parametrize(
    ("ours", "theirs", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_examples_of_differences(ours, theirs, low, high):
    assert newcombe(*ours, *theirs) == pytest.approx((low, high), abs=5e-5)


counts = st.integers(1, 1_000_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_the_interval_holds_the_difference_and_turns_with_the_sides(ours, theirs):
    low, high = newcombe(*ours, *theirs)
    difference = ours[0] / ours[1] - theirs[0] / theirs[1]
    assert -1 <= low <= difference <= high <= 1
    assert newcombe(*theirs, *ours) == pytest.approx((-high, -low), abs=1e-12)


def test_the_lady_who_tasted_tea():
    # three of the four cups with milk first, and one of the four others, were said to be so
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70, abs=1e-12)
    assert fisher(4, 4, 0, 4) == pytest.approx(2 / 70, abs=1e-12)


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_fishers_p_adds_up_all_tables_at_most_as_likely(trials, base_trials, data):
    ours, theirs = data.draw(st.integers(0, trials)), data.draw(st.integers(0, base_trials))
    chances = {
        some: math.comb(trials, some) * math.comb(base_trials, ours + theirs - some)
        for some in range(ours + theirs + 1)
    }
    expected = sum(one for one in chances.values() if one <= chances[ours])
    found = fisher(ours, trials, theirs, base_trials)
    assert found == pytest.approx(expected / sum(chances.values()), rel=1e-9)


def test_without_people_on_a_side_nothing_is_tested():
    assert newcombe(0, 0, 1, 2) == newcombe(1, 2, 0, 0) == (None, None)
    assert fisher(0, 0, 1, 2) is None
    assert fisher(1, 2, 0, 0) is None


def test_aspirin_against_heart_attacks():
    # Agresti, An Introduction to Categorical Data Analysis, 2.2.4: placebo against aspirin
    assert katz(189, 11_034, 104, 11_037) == pytest.approx((1.43, 2.30), abs=0.01)


@given(counts, counts)
def test_katz_is_symmetric_about_the_ratio_in_logarithms(ours, theirs):
    low, high = katz(*ours, *theirs)
    (a, n), (c, m) = ours, theirs
    if not all((a, n - a, c, m - c)):
        assert (low, high) == (None, None)
        return
    spread = 1.959963984540054 * math.sqrt(1 / a - 1 / n + 1 / c - 1 / m)
    ratio = (a / n) / (c / m)
    assert (low, high) == pytest.approx((ratio * math.exp(-spread), ratio * math.exp(spread)))


HEART_ATTACKS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
"""The fifteen p of the thrombolysis trial that Benjamini and Hochberg work through."""


def test_benjamini_and_hochberg_reject_four():
    q_values = adjusted(HEART_ATTACKS)
    assert [q <= 0.05 for q in q_values] == [True] * 4 + [False] * 11
    assert q_values[:5] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625, 0.0603], abs=1e-9)


@given(st.lists(st.none() | st.floats(0, 1), max_size=12))
def test_a_q_is_the_least_rate_at_which_its_p_is_rejected(p_values):
    tested = sorted(p for p in p_values if p is not None)
    for p, q in itertools.zip_longest(p_values, adjusted(p_values)):
        if p is None:
            assert q is None
            continue
        by_rank = [one * len(tested) / rank for rank, one in enumerate(tested, 1) if one >= p]
        assert q == pytest.approx(min([*by_rank, 1.0]), abs=1e-12)
