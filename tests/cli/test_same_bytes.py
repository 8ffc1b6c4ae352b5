"""The same question over the same data: the same bytes, wherever and whenever it is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_events.parquet"
PLACES = (
    {"LC_ALL": "C", "PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "threads": "1"},
    {"LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "threads": "3"},
    {"LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77", "TZ": "UTC", "COLUMNS": "60", "threads": "2"},
)
"""Elsewhere it is another day, a comma is a decimal sign, and sets are in another order."""
PERIOD = (
    "--since", "2026-02-02", "--until", "2026-02-08", "--as-of", "2026-03-01",
    "--window", "7 days",
)  # fmt: skip
QUESTIONS = {
    "funnel.json": ("funnel", "--by", "channel", *PERIOD),
    "funnel.md": ("funnel", "--by", "channel", "--tz", "Europe/Helsinki"),
    "trend.csv": ("trend", "--by", "channel", "--window", "7 days"),
    "people.csv": ("people", *PERIOD),
    "triggers.json": ("triggers",),
    "referrals.json": ("referrals",),
    "report.html": ("report", *PERIOD),
    "report.md": ("report", *PERIOD),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Fewer people, for reports: they ask everything."""
    path = tmp_path_factory.mktemp("small") / "small.parquet"
    words = ["sample", "--people", "300", "--seed", "1", "--output", str(path), "-q"]
    subprocess.run([sys.executable, "-m", "hourglass", *words], cwd=ROOT, check=True)
    return path


def asked(data: Path, folder: Path, name: str, place: dict[str, str]) -> bytes:
    """Ask in a place; the number of threads comes with the configuration of the machine."""
    env = {**os.environ, **place, "PYTHONPATH": str(ROOT)}
    threads = env.pop("threads")
    words = [
        sys.executable,
        "-m",
        "hourglass",
        *QUESTIONS[name],
        str(SAMPLE),
        "--output",
        name,
        "-q",
    ]
    if not name.startswith("report"):  # a report says how it was asked
        words += ["--threads", threads]
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return (folder / name).read_bytes()


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=QUESTIONS)
def test_the_bytes_are_the_same(tmp_path, small, number):
    name = list(QUESTIONS)[number]
    first = PLACES[number % len(PLACES)]
    other = PLACES[(number + 1) % len(PLACES)]
    data = small if name.startswith("report") else SAMPLE
    content = asked(data, tmp_path, name, first)
    assert len(content) > 500
    assert asked(data, tmp_path, name, other) == content
