"""Student's t without scipy says what scipy says."""

import math

import pytest
from scipy.special import stdtrit

from hourglass.student import quantile


@pytest.mark.parametrize("probability", [0.9, 0.975, 0.995])
def test_quantiles_are_those_of_scipy(probability):
    for freedom in (*range(1, 402), 1_000, 12_345, 1_000_000, 10**9):
        expected = float(stdtrit(freedom, probability))
        assert math.isclose(quantile(probability, freedom), expected, rel_tol=2e-11), freedom


@pytest.mark.parametrize(("freedom", "table"), [(1, "12.706"), (10, "2.228"), (120, "1.980")])
def test_quantiles_are_those_of_printed_tables(freedom, table):
    assert f"{quantile(0.975, freedom):.3f}" == table
