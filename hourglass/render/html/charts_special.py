"""Plotly figures of other shapes: moves between stages, ratios with their intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from hourglass.render.html.charts import HOVER, chart_text, label, layout, plain, rates_height
from hourglass.result import Json

FLOW_HEIGHT = 460
"""CSS pixels of the moves."""
_GAP = 22
"""CSS pixels between stages, so that the names of small ones do not touch."""


_TIMES = (0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
"""Ticks of an axis of ratios."""


class Move(NamedTuple):
    """People who moved from one stage to another, by position, and what a pointer reads."""

    start: int
    end: int
    people: int
    words: str


class Ratio(NamedTuple):
    """A ratio with its interval, both above 0 (nulls where it cannot be had), and its words."""

    name: str
    ratio: float
    low: float | None
    high: float | None
    words: str
    marked: bool


def moves(stages: Sequence[str], found: Sequence[Move]) -> dict[str, Json]:
    """Draw moves as bands from the stages on the left to the stages on the right.

    Both sides hold every stage in its order, so that going back is a band that rises.
    """
    figure = go.Figure(layout=layout(FLOW_HEIGHT))
    middles = {
        (side, stage): middle for side in (0, 1) for stage, middle in _middles(side, found).items()
    }
    places = {place: at for at, place in enumerate(middles)}
    figure.add_trace(
        go.Sankey(
            arrangement="fixed",
            node={
                "label": [label(stages[stage - 1]) for _, stage in places],
                "x": [0.001 if side == 0 else 0.999 for side, _ in places],
                "y": list(middles.values()),
                "color": "var(--pale)",
                "line": {"width": 0},
                "pad": _GAP,
                "thickness": 14,
                "hoverinfo": "skip",
            },
            link={
                "source": [places[0, one.start] for one in found],
                "target": [places[1, one.end] for one in found],
                "value": [one.people for one in found],
                "color": ["var(--back)" if one.end < one.start else "var(--band)" for one in found],
                "customdata": [chart_text(one.words) for one in found],
                "hovertemplate": HOVER,
            },
        )
    )
    figure.update_layout(margin={"l": 8, "r": 8, "t": 40, "b": 16})
    return plain(figure)


def _middles(side: int, found: Sequence[Move]) -> dict[int, float]:
    """Return where the middle of each stage of a side is, from 0 on top to 1, by its people."""
    people: dict[int, int] = {}
    for one in sorted(found, key=lambda one: one.start if side == 0 else one.end):
        stage = one.start if side == 0 else one.end
        people[stage] = people.get(stage, 0) + one.people
    gap = _GAP / (FLOW_HEIGHT - 56)
    scale = (1 - gap * (len(people) - 1)) / (sum(people.values()) or 1)
    middles, top = {}, 0.0
    for stage, number in people.items():
        middles[stage] = round(min(0.999, max(0.001, top + number * scale / 2)), 5)
        top += number * scale + gap
    return middles


def ratios(found: Sequence[Ratio]) -> dict[str, Json]:
    """Draw each ratio as a point with its interval on a logarithmic axis; 1 is no difference."""
    figure = go.Figure(layout=layout(rates_height(len(found))))
    figure.add_trace(
        go.Scatter(
            mode="markers",
            x=[one.ratio for one in found],
            y=list(range(len(found))),
            marker={
                "size": 10,
                "color": ["var(--above)" if one.marked else "var(--pale)" for one in found],
            },
            error_x={
                "array": [0 if one.high is None else one.high - one.ratio for one in found],
                "arrayminus": [0 if one.low is None else one.ratio - one.low for one in found],
                "color": "var(--muted)",
                "thickness": 1.5,
                "width": 4,
            },
            customdata=[chart_text(one.words) for one in found],
            hovertemplate=HOVER,
        )
    )
    figure.update_yaxes(
        tickvals=list(range(len(found))), ticktext=[label(one.name) for one in found],
        range=[len(found) - 0.4, -0.6], showgrid=False, ticks="",
    )  # fmt: skip
    figure.update_xaxes(type="log", tickvals=_TIMES, ticktext=[f"×{one:g}" for one in _TIMES])
    figure.add_vline(x=1, line={"color": "var(--ink)", "width": 1.5, "dash": "dot"})
    return plain(figure)
