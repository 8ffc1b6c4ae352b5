"""Statistics that every analysis shares; nothing here loads scipy before it is needed."""

import math
from statistics import NormalDist

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def wilson(successes: int, trials: int) -> tuple[float, float] | tuple[None, None]:
    """Return the 95 % Wilson interval (no continuity correction) of `successes / trials`.

    Two nulls where nobody could succeed. The bounds are exactly 0 and 1 at the ends, so that the
    rate itself always lies inside.
    """
    if trials == 0:
        return None, None
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a rate")
    rate, spread = successes / trials, _Z * _Z / trials
    centre = (rate + spread / 2) / (1 + spread)
    half = math.sqrt(rate * (1 - rate) * spread + spread * spread / 4) / (1 + spread)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high
