"""Terminal sessions in Markdown: fenced `console` blocks, read and run.

A line that starts with `$ ` is a command (continued while it ends with a backslash); the lines
after it are what it prints, on both streams. A line `…` stands for any lines, `…` inside a line
for any text. A command that fails is followed by `$ echo $?`, which shows its exit code.

python -m tests.docs.sessions README.md docs/semantics.md   writes down what is printed now.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COLUMNS = "96"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A command and what the text says that it prints."""

    command: str
    expected: str

    def fits(self, output: str) -> bool:
        return re.fullmatch(_pattern(self.expected), output, re.DOTALL) is not None


def exchanges(markdown: str) -> list[Exchange]:
    """Read all commands of all sessions of a text, in their order."""
    return [one for block in BLOCK.findall(markdown) for one in _of_block(block)]


def _of_block(block: str) -> Iterator[Exchange]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        typed = re.match(r"(?:.*\\\n)*.*\n", part)
        assert typed
        yield Exchange(typed[0].rstrip("\n"), part[typed.end() :])


def _pattern(expected: str) -> str:
    any_lines = re.sub(r"^…\n", "\0", expected, flags=re.MULTILINE)
    return re.escape(any_lines).replace(re.escape("\0"), "(?:.*\n)?").replace("…", "[^\n]*")


class Shell:
    """A terminal in a folder of its own, where `hourglass` is the one under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0
        scripts = str(Path(sys.executable).parent)
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        path = os.pathsep.join([scripts, os.environ.get("PATH", "")])
        self.environment = kept | {
            "PATH": path,
            "COLUMNS": COLUMNS,
            "PYTHONUTF8": "1",
            "NO_COLOR": "1",
        }

    def type(self, command: str) -> str:
        """Run one line and return what it printed on both streams, in the order printed."""
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"(exit {self.code}); {command}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        self.code = done.returncode
        return done.stdout


def retold(markdown: str, shell: Shell) -> str:
    """Return a text with what its commands print now, where that is not what it says."""

    def fresh(block: re.Match[str]) -> str:
        told = "".join(_told(one, shell.type(one.command)) for one in _of_block(block[1]))
        return f"```console\n{told}```"

    return BLOCK.sub(fresh, markdown)


def _told(exchange: Exchange, output: str) -> str:
    said = exchange.expected if exchange.fits(output) else output
    return f"$ {exchange.command}\n{said}"


def main() -> None:
    """Bring the sessions of the texts named on the command line up to date."""
    for text in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy("sample_events.parquet", folder)
            new = retold(text.read_text(encoding="utf-8"), Shell(Path(folder)))
        text.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
