"""The hourglass in a terminal: centred bars, half a cell fine, on a square-root scale."""

import math
from collections.abc import Sequence

SCALE = "Bars: square-root scale; half the width is a quarter of the people."
RATE_SCALE = "Bars: the total rate; the longest is the highest of these."
_ZERO = "▕▏"
_LEVELS = "▁▂▃▄▅▆▇█"


def bar(value: int, largest: int, cells: int) -> str:
    """Return a bar for `value`, centred in an even number of `cells`; `largest` fills them.

    Anybody at all is at least one cell wide, nobody is a bare line.
    """
    if value <= 0:
        return _ZERO.center(cells)
    # Counted in halves of a cell on each side of the middle; each side has `cells` of them.
    halves = max(1, round(math.sqrt(value / largest) * cells))
    full, odd = divmod(min(halves, cells), 2)
    half_left, half_right = ("▐", "▌") if odd else ("", "")
    return (half_left + "█" * (2 * full) + half_right).center(cells)


def line(rate: float | None, highest: float, cells: int) -> str:
    """Return a bar for `rate` from the left, half a cell fine; `highest` fills the cells.

    Nobody is a bare line, and so is what is too little to draw; without a rate there is nothing.
    """
    if rate is None:
        return ""
    full, odd = divmod(round(rate / highest * 2 * cells) if highest else 0, 2)
    return "█" * full + ("▌" if odd else "") or _ZERO[1]


def spark(rates: Sequence[float | None]) -> str:
    """Return one small bar for each rate, as high as its share of the highest; null is a gap."""
    highest = max((rate for rate in rates if rate is not None), default=0.0)
    return "".join(
        " " if rate is None else _LEVELS[round(rate / highest * 7) if highest else 0]
        for rate in rates
    )
