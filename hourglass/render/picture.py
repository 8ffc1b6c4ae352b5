"""The hourglass in a terminal: centred bars, half a cell fine, on a square-root scale."""

import math

SCALE = "Bars: square-root scale; half the width is a quarter of the people."
_ZERO = "▕▏"


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
