"""Our side of a comparison: a configuration, a loaded database, and questions about it."""

import subprocess
from pathlib import Path

from generate import STAGES
from rivals import DAYS
from timing import console_script


def configuration() -> str:
    """Write the seven stages as a hourglass.toml."""
    stages = "\n".join(f'{stage} = ["{event}"]' for stage, (event, _) in STAGES.items())
    columns = 'user = "user_id"\nevent = "event"\ntimestamp = "ts"'
    return f'[columns]\n{columns}\n\n[stages]\n{stages}\n\n[rules]\nwindow = "{DAYS} days"\n'


def configured(folder: Path, text: str | None = None) -> Path:
    """Write the configuration (or another one) to a folder."""
    config = folder / "hourglass.toml"
    config.write_text(text or configuration(), encoding="utf-8")
    return config


def loaded(file: Path, folder: Path, text: str | None = None) -> Path:
    """Load the file into a database in `folder`, with the configuration or another one."""
    database = folder / "events.duckdb"
    load = ["load", str(file), "--db", str(database), "--config", str(configured(folder, text))]
    subprocess.run([console_script(), *load, "-q"], check=True)
    return database


def about_file(question: str, file: Path, folder: Path, text: str | None = None) -> list[str]:
    """Ask a question of the file itself, by the configuration or by another one."""
    words = [*question.split(), str(file), "--config", str(configured(folder, text))]
    return [console_script(), *words, "--format", "json", "-q"]


def about_database(question: str, database: Path) -> list[str]:
    """Ask a question of a loaded database; one that writes a file has `-o NAME`, beside it."""
    words = question.split()
    if "-o" in words:
        place = words.index("-o") + 1
        words[place] = str(database.with_name(words[place]))
    else:
        words += ["--format", "json"]
    config = database.with_name("hourglass.toml")
    return [console_script(), *words, "--db", str(database), "--config", str(config), "-q"]
