"""How many examples Hypothesis tries: the same few for everybody, more of them in CI.

Neither is drawn anew each time, so that what passed once passes again; new ones are looked for with
HYPOTHESIS_PROFILE=search.
"""

import os

from hypothesis import HealthCheck, Phase, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
SHRUNK_IS_ENOUGH = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]

common = settings(deadline=None, phases=SHRUNK_IS_ENOUGH, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("quick", common, max_examples=40, derandomize=True)
settings.register_profile("ci", common, max_examples=100, derandomize=True, print_blob=True)
settings.register_profile("search", common, max_examples=300, database=None, print_blob=True)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "quick")
)
