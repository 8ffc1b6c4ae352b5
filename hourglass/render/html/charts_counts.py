"""Plotly figures of counts: bars side by side, a histogram, a grid of rates."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from hourglass.render.html.charts import (
    HOVER,
    LONGEST_LABEL,
    RATE_TICKS,
    chart_text,
    label,
    layout,
    plain,
    whole,
)
from hourglass.result import Json

_BESIDE = 45
"""Letters of all heads of a grid that fit side by side on a telephone."""


def bars_height(count: int) -> int:
    """CSS pixels for so many bars."""
    return 72 + 36 * count


def bars(
    names: Sequence[str],
    numbers: Sequence[int],
    words: Sequence[str],
    shown: Sequence[str],
    colours: Sequence[str],
) -> dict[str, Json]:
    """Draw one horizontal bar a name, the first on top; `shown` is written beside its bar.

    `colours` are names of the page's, as `above`.
    """
    figure = go.Figure(layout=layout(bars_height(len(names))))
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=list(range(len(names))),
            x=list(numbers),
            width=0.62,
            marker={"color": [f"var(--{one})" for one in colours]},
            text=[chart_text(one) for one in shown],
            textposition="outside",
            cliponaxis=False,
            customdata=[chart_text(one) for one in words],
            hovertemplate=HOVER,
        )
    )
    _named(figure, names)
    # room to the right of the longest bar for what is written there
    figure.update_xaxes(range=[0, 1.45 * max([*numbers, 1])], **whole(numbers))
    return plain(figure)


def columns(
    names: Sequence[str], numbers: Sequence[int], words: Sequence[str], height: int
) -> dict[str, Json]:
    """Draw upright bars, one a bin, from left to right."""
    figure = go.Figure(layout=layout(height))
    figure.add_trace(
        go.Bar(
            x=list(range(len(names))),
            y=list(numbers),
            width=0.92,
            marker={"color": "var(--bar)"},
            customdata=[chart_text(one) for one in words],
            hovertemplate=HOVER,
        )
    )
    figure.update_xaxes(
        tickvals=list(range(len(names))), ticktext=[label(one) for one in names], showgrid=False
    )
    figure.update_yaxes(rangemode="tozero", **whole(numbers))
    return plain(figure)


def grid_height(rows: Sequence[str], heads: Sequence[str]) -> int:
    """CSS pixels of a grid; heads that a telephone has no room for side by side are turned."""
    lengths = [min(len(one), LONGEST_LABEL) for one in heads]
    turned = 7 * max(lengths) if sum(lengths) > _BESIDE else 0
    return 104 + 26 * len(rows) + turned


def grid(
    rows: Sequence[str],
    heads: Sequence[str],
    rates: Sequence[Sequence[float | None]],
    words: Sequence[Sequence[str]],
    *,
    above: str = "",
    marks: Sequence[Sequence[str]] = (),
) -> dict[str, Json]:
    """Draw a grid of rates, darker for more, the number in each cell; null is an empty cell.

    `above` says what the heads are, where they do not say it themselves; `marks` stand behind the
    numbers.
    """
    figure = go.Figure(layout=layout(grid_height(rows, heads)))
    crowded = len(heads) > 14
    most = max((rate for row in rates for rate in row if rate is not None), default=0)
    figure.add_trace(
        go.Heatmap(
            z=[list(row) for row in rates],
            x=list(range(len(heads))),
            y=list(range(len(rows))),
            zmin=0,  # plotly heeds it only beside a zmax
            zmax=most or 1,
            colorscale=[[0, "var(--page)"], [1, "var(--bar)"]],
            textfont={"color": "var(--ink)"},  # plotly's own grey is faint on middle blue
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="" if crowded else f"%{{z:.0%}}{'%{text}' if marks else ''}",
            text=[list(row) for row in marks] or None,
            customdata=[[chart_text(one) for one in row] for row in words],
            hovertemplate=HOVER,
            hoverongaps=False,
        )
    )
    _named(figure, rows)
    figure.update_xaxes(
        tickvals=list(range(len(heads))),
        ticktext=[label(one) for one in heads],
        showgrid=False,
        side="top",
        title={"text": chart_text(above), "font": {"size": 12}},
    )
    return plain(figure)


def steps_height() -> int:
    """CSS pixels of bars by step."""
    return 380


def steps(
    stages: Sequence[str], segments: Sequence[tuple[str, Sequence[dict[str, Any]]]]
) -> dict[str, Json]:
    """Draw the step bars of a few segments: who went on, with whiskers, and hatched who did not.

    Each segment has, for every stage, the rate of the step with its bounds, and `words`.
    """
    figure = go.Figure(layout=layout(steps_height()))
    palette = ("above", "waist", "below", "pale")
    for at, (name, rows) in enumerate(segments):
        places = [stage + _offset(at, len(segments)) for stage in range(len(stages))]
        shared = {"x": places, "width": 0.74 / len(segments)}
        colour = f"var(--{palette[at % len(palette)]})"
        figure.add_trace(go.Bar(name=label(name), **shared, **_went_on(rows, colour)))
        figure.add_trace(go.Bar(**shared, **_did_not(rows, colour)))
    figure.update_layout(barmode="overlay", showlegend=True)
    figure.update_xaxes(
        tickvals=list(range(len(stages))), ticktext=[label(one) for one in stages], showgrid=False
    )
    figure.update_yaxes(tickformat=RATE_TICKS, range=[0, 1.02], nticks=6)
    return plain(figure)


def _went_on(rows: Sequence[dict[str, Any]], colour: str) -> dict[str, Any]:
    return {
        "y": [row["rate"] for row in rows],
        "marker": {"color": colour},
        "error_y": {
            "array": [_gap(row["high"], row["rate"]) for row in rows],
            "arrayminus": [_gap(row["rate"], row["low"]) for row in rows],
            "color": "var(--ink)",
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": [chart_text(row["words"]) for row in rows],
        "hovertemplate": HOVER,
    }


def _did_not(rows: Sequence[dict[str, Any]], colour: str) -> dict[str, Any]:
    hatched = {"shape": "/", "size": 5, "solidity": 0.16, "fgcolor": colour}
    return {
        "y": [None if row["rate"] is None else 1 - row["rate"] for row in rows],
        "base": [row["rate"] for row in rows],
        "showlegend": False,
        "hoverinfo": "skip",
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"color": colour, "width": 0.6},
            "pattern": hatched,
        },
    }


def _offset(at: int, count: int) -> float:
    return (at - (count - 1) / 2) * 0.8 / count


def _gap(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else upper - lower


def _named(figure: Any, names: Sequence[str]) -> None:  # noqa: ANN401
    """Write names beside rows; positions, since two long names may be cut to the same letters."""
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=[label(one) for one in names],
        range=[len(names) - 0.4, -0.6], showgrid=False, ticks="",
    )  # fmt: skip
