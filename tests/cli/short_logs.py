"""Logs as short as `a0 b1 x2`, and what `hourglass` answers about them in this process."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from hourglass.cli import app

NOON = datetime(2026, 1, 5, 12)
FOUR = """[models.m]
stages = { a = ["a"], b = ["b"], c = ["c"], d = ["d"] }
"""
WINDOW = ("--window", "5 minutes")
ALL = ("--range", "all", "--since", "2026-01-05T12:05", "--until", "2026-01-05T12:20")
GAP, WITHIN = ', min_gap = "2 minutes"', ', within = "3 minutes"'


def said(case: tuple[Any, ...]) -> str:
    """Name a case by its log and the words it is asked with; a model is left out."""
    parts = (" ".join(part) if isinstance(part, tuple) else str(part) for part in case)
    return ", ".join(part for part in parts if part and "[" not in part)


def pair(b: str = "", event: str = "b", more: str = "") -> str:
    """A model of two stages, a and b, with what is asked of the second, and maybe a third."""
    return f'[models.m]\nstages = {{ a = ["a"], b = {{ events = ["{event}"]{b} }}{more} }}\n'


def excluding(first: str, last: str, events: str, where: str = "") -> str:
    """One exclusion of the model, as the configuration has it."""
    named = ", ".join(f'"{event}"' for event in events)
    condition = f'where = "{where}"\n' if where else ""
    bounds = f'from = "{first}"\nto = "{last}"\n'
    return f"[[models.m.exclusions]]\nevents = [{named}]\n{bounds}{condition}"


def answer(
    folder: Path, command: tuple[str, ...], events: str, config: str, *words: str
) -> dict[str, Any]:
    """Ask about one person u of the events `a0 b1=v`: names, minutes, what they carry as `p`.

    A day later somebody else does something, so that every window is over.
    """
    rows = ["user_id,event,ts,p,k", f"zz,other,{NOON + timedelta(days=1)},,0"]
    for number, word in enumerate(events.split(), start=1):
        what, _, value = word.partition("=")
        at = NOON + timedelta(minutes=float(what[1:]))
        rows.append(f"u,{what[0]},{at},{value},{number}")
    (folder / "hourglass.toml").write_text(config, encoding="utf-8")
    (folder / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    given = [*command, str(folder / "log.csv"), "--config", str(folder / "hourglass.toml"),
             "--model", "m", "-f", "json", "-q", *words]  # fmt: skip
    found = CliRunner().invoke(app, given)
    assert found.exit_code == 0, found.stderr
    answered: dict[str, Any] = json.loads(found.stdout)
    return answered


def minute(at: str | None) -> float | None:
    """The minute of a log that an instant of an answer is."""
    if at is None:
        return None
    since = datetime.fromisoformat(at).replace(tzinfo=None) - NOON
    return round(since.total_seconds() / 60, 3)
