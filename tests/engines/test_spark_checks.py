"""Checks on a cluster find what they find on DuckDB, in the same words."""

import json

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from tests.engines import sail
from tests.engines.test_spark_commands import alike, write_log

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

STAGES = """
[columns]
referrer = "invited_by"

[stages]
know = ["view", "ad"]
try = ["trial"]
buy = ["order"]
refer = ["invited"]

[models.short.stages]
seen = ["view"]
paid = ["order"]
"""
CHECKS = [
    'measure = "users"\nstage = "try"\nby = "channel"\nmin = 3',
    'measure = "step_rate"\nstage = "buy"\nmin = 0.99',
    'measure = "total_rate"\nstage = "buy"\nmax_drop = 0.1\nmin_people = 2',
    'measure = "step_rate"\nstage = "buy"\nby = "device"\nvalue = "a"\nmax_change = 0.05',
    'measure = "mature_total_rate"\nstage = "buy"\nmin = 0.1',
    'measure = "median_seconds"\nstage = "try"\nmax = "1 hour"',
    'measure = "repeat_rate"\nby = "device"\nmin = 0.2',
    'measure = "k"\nmin = 0.1',
    'measure = "freshness"\nmax = "2 days"',
    'measure = "freshness"\nstage = "refer"\nmax = "2 days"',
    'measure = "unmapped_share"\nmodel = "short"\nmax = 0.1',
    'measure = "tie_share"\nmax = 0.01',
    'measure = "rejected_share"\nmax = 0',
    'measure = "total_rate"\nmodel = "short"\nstage = "paid"\nmin = 0.3',
]
HEAD = "user_id,event,ts,channel\n"
ODD = [
    *(f"u{n},view,2026-03-09T10:00:00Z,mail" for n in range(240)),
    *["robot,pay,2026-03-10T23:30:00Z,mail"] * 40,
    ",view,2026-03-09T00:00:00Z,mail",
    "a,View,2026-03-12T22:30:00Z,mail",
    "a,vi-ew,2026-03-12T22:30:00Z,mail",
    "a,View,2026-03-18T22:30:00Z,mail",
    "a,view,2026-03-23T10:00:01Z,mail",
]


def both(master, path, config, *typed):
    asked = ["check", str(path), "--config", str(config), *typed, "-f", "json"]
    here = CliRunner().invoke(app, asked)
    there = CliRunner().invoke(app, [*asked, "--engine", "spark", "--master", master])
    assert here.exit_code == there.exit_code, there.stderr
    alike(json.loads(there.stdout), json.loads(here.stdout))
    return here.exit_code, json.loads(there.stdout)["checks"]


def test_every_measure_is_the_same(master, tmp_path) -> None:
    write_log(tmp_path / "events.parquet")
    config = tmp_path / "hourglass.toml"
    config.write_text(STAGES + "".join(f"[[check]]\n{one}\n" for one in CHECKS))
    period = ("--since", "2026-03-20", "--until", "2026-04-01", "--as-of", "2026-04-20")
    code, found = both(master, tmp_path / "events.parquet", config, *period, "--window", "5d")
    assert code == 1
    assert {one["outcome"] for one in found} == {"passed", "failed", "warned"}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki"])
def test_every_file_finds_the_same(master, tmp_path, zone: str) -> None:
    (tmp_path / "events.csv").write_text(HEAD + "\n".join(ODD) + "\n")
    config = tmp_path / "hourglass.toml"
    config.write_text('[stages]\nknow = "view"\nbuy = "pay"\nrefer = "refr"\n')
    typed = ("--tz", zone, "--as-of", "2026-03-20T12:00:00Z")
    code, found = both(master, tmp_path / "events.csv", config, *typed)
    assert code == 0
    assert {one["outcome"] for one in found} == {"warned"}
