"""Purchases of a real shop: its log ships with BTYDplus, and the manual says how large it is."""

import json
from pathlib import Path

from typer.testing import CliRunner

from hourglass.cli import app

STAGES = '[stages]\nbuy = ["order"]\nrepeat = ["order"]\n'


def test_the_grocery_log_has_the_published_customers_and_purchases(
    real_data: Path, tmp_path: Path
) -> None:
    """1,525 customers who all first bought in the first quarter of 2006, and 10,483 purchases."""
    config = tmp_path / "hourglass.toml"
    config.write_text(STAGES)
    words = ["--event-name", "order", "--config", str(config), "-q", "-f", "json"]
    ran = CliRunner().invoke(app, ["retention", str(real_data / "grocery_elog.csv"), *words])
    assert ran.exit_code == 0, ran.stderr
    found = json.loads(ran.stdout)
    (summary,) = found["summary"]
    assert (summary["buyers"], summary["purchases"]) == (1_525, 10_483)
    assert sorted({row["cohort"] for row in found["cohorts"]}) == [
        "2006-01-01", "2006-02-01", "2006-03-01",
    ]  # fmt: skip
