"""The job and the crontab of the README do what they say."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

README = Path(__file__).parents[2] / "README.md"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="they are written for a POSIX shell")


def block(kind: str) -> str:
    section = README.read_text(encoding="utf-8").split("\n## In CI and from cron\n")[1]
    found = re.search(rf"^```{kind}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found, kind
    return found[1]


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=kept | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the configuration of the README, and an export of the last two weeks."""
    (tmp_path / "hourglass.toml").write_text(block("toml"))
    (tmp_path / "exports").mkdir()
    export(tmp_path, buyers=60)
    return tmp_path


def export(folder: Path, buyers: int, ago: int = 0) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    rows = ["user_id,event,ts"]
    for day in range(ago + 1, ago + 16):
        for number in range(100):
            user, at = f"u{day}-{number}", today - timedelta(days=day) + timedelta(hours=12)
            rows.append(f"{user},trial_started,{at.isoformat()}")
            if number < buyers:
                rows.append(f"{user},order_paid,{(at + timedelta(hours=1)).isoformat()}")
    (folder / "exports" / "events.csv").write_text("\n".join(rows) + "\n")


def test_the_job_checks_and_leaves_its_files(folder: Path) -> None:
    commands = re.findall(r"^ +- run: (hourglass .*)$", block("yaml"), re.MULTILINE)
    assert len(commands) == 1
    shutil.copy(README.parent / "sample_events.parquet", folder)
    summary = folder / "summary.md"
    done = shell(commands[0], folder, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    assert ET.parse(folder / "checks.xml").getroot().tag == "testsuites"
    assert "## Passed: " in summary.read_text(encoding="utf-8")
    written = (folder / "hourglass.toml").read_text()
    (folder / "hourglass.toml").write_text(written.replace("min = 0.20", "min = 0.90"))
    done = shell(commands[0], folder, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    assert "::error title=try to buy::" in done.stderr


def cron(folder: Path) -> subprocess.CompletedProcess[str]:
    """Do what cron would do with the last line of the crontab."""
    (folder / "daily.sh").write_text(block("sh"))
    (folder / "daily.sh").chmod(0o755)
    line = block("cron").strip().splitlines()[-1]
    command = line.split(maxsplit=5)[5]
    assert "%" not in command, "cron would read it as the end of a line"
    return shell(command.replace("/srv/numbers", str(folder)), folder)


def test_cron_is_silent_while_all_is_well(folder: Path) -> None:
    for _ in range(2):
        done = cron(folder)
        assert (done.stdout, done.stderr) == ("", "")
    assert (folder / "week.html").stat().st_size > 100_000


def test_cron_mails_what_failed(folder: Path) -> None:
    export(folder, buyers=5)
    done = cron(folder)
    assert done.stdout.startswith("Failed: 1 of ")
    assert "failed  try to buy" in done.stdout
    assert not (folder / "week.html").exists()


def test_cron_mails_a_delivery_that_stopped(folder: Path) -> None:
    export(folder, buyers=60, ago=30)
    done = cron(folder)
    assert done.stdout.startswith("hourglass: error: there are no rows in the period")
