"""Plotly figures. Colours are the names of the page's own, so that the theme decides them."""

import json
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any, NamedTuple, cast

import plotly.graph_objects as go

from hourglass.render.html.picture import shortened
from hourglass.result import Json

TREND_HEIGHT = 320
"""CSS pixels of the trend."""

LONGEST_LABEL = 24
"""Letters of a name on an axis."""
_FEW = 6
"""Ticks of an axis that a telephone has room for."""
RATE_TICKS = ".2~%"
"""How an axis of rates is written."""
HOVER = "%{customdata}<extra></extra>"
"""A pointer reads the words that stand beside each value; no value of a user is in a template."""


class Point(NamedTuple):
    """A rate with its interval (fractions, null where nobody could), and what a pointer reads."""

    at: str
    """ISO date of a bucket, or the name of a segment."""
    rate: float | None
    low: float | None
    high: float | None
    words: str
    pale: bool = False
    """A bucket still maturing; a row of people without a value, or of folded values."""


def chart_text(text: str) -> str:
    """Make text safe for plotly, which reads labels as a kind of HTML."""
    return escape(text, quote=False)


def trend(points: Sequence[Point]) -> dict[str, Json]:
    """Draw a line of rates over time with its interval as a band; young buckets dotted, open."""
    figure = go.Figure(layout=layout(height=TREND_HEIGHT))
    for stretch in _stretches(points):
        figure.add_trace(_band(stretch))
    solid = [None if point.pale else point.rate for point in points]
    figure.add_trace(_line(points, solid, "complete", pale=False))
    figure.update_layout(showlegend=any(point.pale for point in points))
    if any(point.pale for point in points):
        figure.add_trace(_line(points, _maturing(points), "still maturing", pale=True))
    figure.update_xaxes(type="date", tickformat="%-d %b\n%Y", showgrid=False)
    # on the points: plotly would mark hours between few of them, and Sundays for weeks
    every = -(-len(points) // _FEW)
    figure.update_xaxes(tickvals=[point.at for point in points[::every]])
    figure.update_yaxes(tickformat=RATE_TICKS, rangemode="tozero", nticks=6)
    return plain(figure)


def rates(points: Sequence[Point], overall: float | None, overall_words: str) -> dict[str, Json]:
    """Horizontal bars of rates with interval whiskers, the largest group first on top.

    A dotted line marks `overall`, the rate of everybody.
    """
    figure = go.Figure(layout=layout(height=rates_height(len(points))))
    figure.add_trace(_bars(points))
    names = [label(point.at) for point in points]
    # positions instead of names as categories: two long names may be cut to the same letters
    figure.update_yaxes(
        tickvals=list(range(len(points))), ticktext=names, range=[len(points) - 0.4, -0.6],
        showgrid=False, ticks="",
    )  # fmt: skip
    figure.update_xaxes(tickformat=RATE_TICKS, rangemode="tozero", nticks=6)
    if overall is not None:
        figure.add_vline(
            x=overall, line={"color": "var(--ink)", "width": 1.5, "dash": "dot"},
            annotation={"text": chart_text(overall_words), "yanchor": "bottom", "y": 1},
        )  # fmt: skip
    return plain(figure)


def daily(days: Sequence[str], numbers: Sequence[int], words: Sequence[str]) -> dict[str, Json]:
    """Bars of a number for each ISO date; `words` are what a pointer reads."""
    figure = go.Figure(layout=layout(height=TREND_HEIGHT))
    figure.add_trace(
        go.Bar(
            x=list(days),
            y=list(numbers),
            marker={"color": "var(--bar)"},
            customdata=[chart_text(one) for one in words],
            hovertemplate=HOVER,
        )
    )
    figure.update_xaxes(type="date", tickformat="%-d %b\n%Y", showgrid=False)
    figure.update_yaxes(rangemode="tozero", **whole(numbers))
    return plain(figure)


def whole(numbers: Sequence[int]) -> dict[str, int]:
    """Ticks of an axis of counts: no halves of few."""
    return {"dtick": 1} if max(numbers, default=0) < _FEW else {"nticks": 6}


def rates_height(count: int) -> int:
    """CSS pixels for so many bars."""
    return 96 + 32 * count


def _bars(points: Sequence[Point]) -> Any:  # noqa: ANN401
    known = [(row, point) for row, point in enumerate(points) if point.rate is not None]
    return go.Bar(
        orientation="h",
        y=[row for row, _ in known],
        x=[point.rate for _, point in known],
        width=0.62,
        marker={"color": ["var(--pale)" if p.pale else "var(--bar)" for _, p in known]},
        error_x={
            "array": [_distance(point.high, point.rate) for _, point in known],
            "arrayminus": [_distance(point.rate, point.low) for _, point in known],
            "color": "var(--ink)",
            "thickness": 1.5,
            "width": 4,
        },
        customdata=[chart_text(point.words) for _, point in known],
        hovertemplate=HOVER,
    )


def label(text: str) -> str:
    """Write a name on an axis: shortened, and safe."""
    return chart_text(shortened(text, LONGEST_LABEL))


def _distance(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else upper - lower


def _stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Find runs of neighbours that have an interval: a band may not leap over a gap."""
    runs = groupby(points, key=lambda point: point.low is not None and point.high is not None)
    return [list(run) for known, run in runs if known]


def _band(stretch: Sequence[Point]) -> Any:  # noqa: ANN401
    there = [point.at for point in stretch]
    alone = len(stretch) == 1
    return go.Scatter(
        x=there + there[::-1],
        y=[point.high for point in stretch] + [point.low for point in reversed(stretch)],
        fill=None if alone else "toself",
        fillcolor="var(--band)",
        mode="lines",
        line={"color": "var(--band)", "width": 10 if alone else 0},
        hoverinfo="skip",
        showlegend=False,
    )


def _line(points: Sequence[Point], y: list[float | None], name: str, *, pale: bool) -> Any:  # noqa: ANN401
    return go.Scatter(
        x=[point.at for point in points],
        y=y,
        mode="lines+markers",
        name=name,
        line={"color": "var(--above)", "width": 2.5, "dash": "dot" if pale else "solid"},
        marker={
            "size": [8 if point.pale == pale else 0 for point in points],
            "color": "var(--page)" if pale else "var(--above)",
            "opacity": 1,
            "line": {"color": "var(--above)", "width": 2},
        },
        customdata=[chart_text(point.words) for point in points],
        hovertemplate=HOVER,
    )


def _maturing(points: Sequence[Point]) -> list[float | None]:
    """Rates of maturing points and of the neighbour before each, where the dashed line begins."""
    after = [*(point.pale for point in points[1:]), False]
    return [
        point.rate if point.pale or follows else None
        for point, follows in zip(points, after, strict=True)
    ]


def layout(height: int) -> dict[str, Any]:
    """Return what all figures share: no template, the page's colours, its text."""
    axis = {
        "gridcolor": "var(--grid)", "linecolor": "var(--line)", "zeroline": False,
        "automargin": True, "fixedrange": False, "tickcolor": "var(--line)",
    }  # fmt: skip
    return {
        "template": "none",
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 56, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": "var(--ink)"},
        "hoverlabel": {
            "bgcolor": "var(--panel)", "bordercolor": "var(--line)",
            "font": {"color": "var(--ink)"}, "align": "left",
        },
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False,
                   "itemdoubleclick": False},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "var(--muted)",
                    "activecolor": "var(--ink)"},
        "xaxis": axis,
        "yaxis": axis,
    }  # fmt: skip


def plain(figure: Any) -> dict[str, Json]:  # noqa: ANN401
    """Return only lists, numbers and text, as JSON has them."""
    return cast("dict[str, Json]", json.loads(figure.to_json(validate=False)))
