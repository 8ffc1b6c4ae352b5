"""Terminal sessions in Markdown: fenced `console` blocks, read and run.

A line that starts with `$ ` is a command (continued while it ends with a backslash); the lines
after it are what it prints, on both streams. A line `…` stands for any lines, `…` inside a line
for any text. A command that fails is followed by `$ echo $?`, which shows its exit code.
"""

import os
import re
import subprocess
import sys
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
