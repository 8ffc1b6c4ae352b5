"""Intervals beside rates, for tables of any analysis."""

import polars as pl

from hourglass.stats import wilson


def with_bounds(frame: pl.DataFrame, stem: str, successes: str, trials: str) -> pl.DataFrame:
    """Add `STEM_low` and `STEM_high`: the Wilson interval of two columns of counts.

    Null where nobody could succeed, and where the successes are.
    """
    bounds = [
        (None, None) if some is None else wilson(some, of)
        for some, of in frame.select(successes, trials).iter_rows()
    ]
    return frame.with_columns(
        pl.Series(f"{stem}_{name}", [one[place] for one in bounds], dtype=pl.Float64)
        for place, name in enumerate(("low", "high"))
    )
