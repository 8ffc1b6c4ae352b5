"""What holds for every test.

Hypothesis tries the same few examples for everybody and more of them in CI; neither is drawn anew
each time, so that what passed once passes again. New ones are looked for with
HYPOTHESIS_PROFILE=search.
"""

import importlib.util
import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
SHRUNK_IS_ENOUGH = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]

common = settings(deadline=None, phases=SHRUNK_IS_ENOUGH, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("quick", common, max_examples=40, derandomize=True)
settings.register_profile(
    "once", common, max_examples=40, derandomize=True, phases=[Phase.explicit, Phase.generate]
)  # whatever fails first will do
settings.register_profile("ci", common, max_examples=50, derandomize=True, print_blob=True)
settings.register_profile("search", common, max_examples=300, database=None, print_blob=True)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "quick")
)

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # started in the background: what tests start would not hear of Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

ENGINE_TESTS = "tests/engines/"
PUBLISHED_TESTS = "tests/published/"

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def skipping_is_failing(nodeid: str) -> bool:
    """In CI everything that a test needs is installed, so that a skip there hides a failure.

    The engines come last, with an extra of their own; until then their tests may be skipped.
    Files that others published are not ours to ship: where they are not, nothing can be compared.
    """
    if os.environ.get("CI") != "true" or nodeid.startswith(PUBLISHED_TESTS):
        return False
    return not nodeid.startswith(ENGINE_TESTS) or importlib.util.find_spec("chdb") is not None


def fail_instead(report: Report) -> Report:
    if report.skipped and not hasattr(report, "wasxfail") and skipping_is_failing(report.nodeid):
        report.outcome = "failed"
        report.longrepr = f"skipped, which in CI is a failure: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_instead((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return fail_instead((yield))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of event logs that others published; tests that need it are skipped without."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("HOURGLASS_TEST_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(f"no published event logs in {folder}; HOURGLASS_TEST_DATA may name a folder")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the files in tests/golden anew"
    )


@pytest.fixture(autouse=True, scope="session")
def hold_bundled_files_to_their_headers() -> None:
    """Check every SQL file wherever a test runs one; users run them unchecked."""
    from hourglass.engines.duckdb import DuckDBEngine

    DuckDBEngine.holds_bundled = True
