"""Everything that may go wrong around a command, as a table: fault, command, expected exit code.

`test_faults` runs a part of it, `tests.docs.reliability` all of it. Each case is a process of its
own in a folder of its own; whatever happens, earlier output and database must be as they were.
"""

import contextlib
import gzip
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[2]
OLD = b"what an earlier run wrote\n"
PATIENCE = 120
"""Seconds; a command that hangs is a failure too."""

CONFIG = """
[stages]
know = ["view"]
try = ["trial"]
buy = ["pay"]
[friction.try]
attempted = ["view"]
failed = ["error"]
[triggers.left]
events = ["trial"]
without = ["pay"]
within = "1 day"
[touchpoints]
physical = ["shop"]
[[check]]
name = "anybody"
measure = "users"
stage = "know"
min = 1
"""
LARGE = ("--people", "20000", "--seed", "3")


@dataclass(frozen=True, slots=True)
class Command:
    """How a command is called: what goes before and after its events."""

    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    output: str | None = "out.json"
    """The file that `--output` gets; null where there is no such flag."""
    reads: bool = True
    asks: bool = True
    """Whether it takes `--db`."""
    limited: bool = True
    """Whether it takes `--memory-limit`."""

    def words(self, *events: str) -> list[str]:
        """Return the command line over some events."""
        return [self.name, *self.before, *events, *self.after]

    def writing(self) -> list[str]:
        """Return the flags that name the output."""
        return ["--output", self.output] if self.output else []


COMMANDS = (
    Command("funnel"),
    Command("trend", after=("--unit", "day")),
    Command("compare", after=("--segment", "channel=shop", "--segment", "channel=mail")),
    Command("retention"),
    Command("referrals"),
    Command("triggers"),
    Command("touchpoints"),
    Command("paths"),
    Command("friction"),
    Command("people", output="out.csv"),
    Command("explain", before=("u1",)),
    Command("reconcile"),
    Command("sql", before=("funnel",), output="out.sql"),
    Command("check"),
    Command("inspect", output=None),
    Command("init", after=("--force",), output="new.toml", limited=False),
    Command("report", output="out.html"),
    Command("load", output=None, asks=False),
    Command("sample", output="out.csv", reads=False, asks=False),
    Command("doctor", reads=False),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong, the exit code it has, and how to run a command into it."""

    name: str
    code: int
    run: Callable[[Command, Path], "Ended"]
    concerns: Callable[[Command], bool]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    said: str


def cases() -> Iterator[tuple[Fault, Command]]:
    """Yield every fault with every command that it concerns."""
    for fault in FAULTS:
        for command in COMMANDS:
            if fault.concerns(command):
                yield fault, command


def prepare(folder: Path) -> None:
    """Fill a folder with events, in every state, and with what earlier runs wrote."""
    rows = ["user_id,event,ts,channel,revenue,referrer_id,session_id"]
    for user in range(40):
        for step, event in enumerate(("view", "error", "trial", "pay", "pay")[: user % 6]):
            day, channel = 1 + 3 * step + user % 3, "shop" if user % 2 else "mail"
            rows.append(f"u{user},{event},2026-01-{day:02}T10:00:00Z,{channel},9.5,u{user // 2},s")
    text = "\n".join(rows) + "\n"
    (folder / "events.csv").write_text(text)
    (folder / "hourglass.toml").write_text(CONFIG)
    done = started(["load", "events.csv", "--db", "events.duckdb", "-q"], folder).communicate()
    assert not done[1], done
    _damage(folder, text)
    for name in ("out.json", "out.csv", "out.sql", "out.html", "new.toml"):
        (folder / name).write_bytes(OLD)


def _damage(folder: Path, text: str) -> None:
    """Write the same events as files that broke off or were changed on the way."""
    packed = bytearray(gzip.compress(text.encode() * 20))
    packed[len(packed) // 2] ^= 0xFF
    (folder / "corrupt.csv.gz").write_bytes(packed)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM '{folder}/events.csv') TO '{folder}/whole.parquet'")
    whole = (folder / "whole.parquet").read_bytes()
    (folder / "half.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "whole.parquet").unlink()
    shutil.copy(folder / "events.duckdb", folder / "newer.duckdb")
    with duckdb.connect(str(folder / "newer.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")


def started(words: Sequence[str], folder: Path, **options: object) -> "subprocess.Popen[bytes]":
    """Start a command in a folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    usual = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-m", "hourglass", *words],
        cwd=folder,
        env={**env, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder.parent)},
        **{**usual, **options},
    )


def ended(words: Sequence[str], folder: Path, **options: object) -> Ended:
    """Run a command to its end."""
    process = started(words, folder, **options)
    try:
        _, said = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return Ended(-1, f"still running after {PATIENCE} s")
    return Ended(process.returncode, said.decode())


def _target(command: Command) -> list[str]:
    return ["--db", "events.duckdb"] if command.name == "load" else command.writing()


def _on(*events: str) -> Callable[[Command, Path], Ended]:
    def run(command: Command, folder: Path) -> Ended:
        return ended([*command.words(*events), *_target(command)], folder)

    return run


def _newer(command: Command, folder: Path) -> Ended:
    events = ["events.csv"] if command.name == "load" else []
    words = [*command.words(*events), "--db", "newer.duckdb", *command.writing()]
    return ended(words, folder)


def _to_nobody(command: Command, folder: Path) -> Ended:
    reader, writer = os.pipe()
    os.close(reader)
    flags = ["--output", "-"] if command.name in ("report", "init") else []
    flags = ["--db", "fresh.duckdb"] if command.name == "load" else flags
    try:
        return ended([*_words(command), *flags], folder, stdout=writer)
    finally:
        os.close(writer)


def _words(command: Command) -> list[str]:
    return command.words(*(["events.csv"] if command.reads else []))


def _on_a_full_disk(command: Command, folder: Path) -> Ended:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    return ended([*_words(command), *command.writing()], folder, preexec_fn=limit)


def _where_nothing_may_be_written(command: Command, folder: Path) -> Ended:
    """Write below /proc, where not even the superuser may."""
    assert command.output is not None
    return ended([*_words(command), "--output", f"/proc/{command.output}"], folder)


def _with_little_memory(command: Command, folder: Path) -> Ended:
    if not (large := folder / "large.parquet").exists():
        ended(["sample", *LARGE, "--output", large.name, "-q"], folder)
    words = [*command.words(large.name), *_target(command), "--memory-limit", "3MB"]
    return ended(words, folder)


def _interrupted_by(number: signal.Signals) -> Callable[[Command, Path], Ended]:
    """Send a signal to a command that waits for the rest of its input."""

    def run(command: Command, folder: Path) -> Ended:
        def heed() -> None:  # a shell lets what it starts in the background ignore Ctrl-C
            if number != signal.SIGKILL:
                signal.signal(number, signal.SIG_DFL)

        words = [*command.words("-"), *_target(command)]
        process = started(words, folder, stdin=subprocess.PIPE, preexec_fn=heed)
        assert process.stdin is not None
        assert process.stderr is not None
        content = (folder / "events.csv").read_bytes() + b"u1,view,2026-01-01,,,,\n" * 20_000
        with contextlib.suppress(BrokenPipeError):  # then its exit code is wrong, and says so
            process.stdin.write(content)  # more than a pipe holds: it has begun to read
            process.stdin.flush()
            process.send_signal(number)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
        said = process.stderr.read().decode()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        return Ended(process.returncode, said)

    return run


def problems(fault: Fault, command: Command, folder: Path) -> list[str]:
    """Run one case; say what is not as it should be."""
    before = {name: (folder / name).read_bytes() for name in ("events.duckdb", "newer.duckdb")}
    end = fault.run(command, folder)
    last = end.said.strip().splitlines()[-1:]
    told = command.name == "doctor" and fault.run is _newer  # what it finds is its answer
    found = [] if end.code == fault.code else [f"exit code {end.code}, not {fault.code}: {last}"]
    if "Traceback" in end.said or "bug in hourglass" in end.said:
        found.append(f"it says {end.said!r}")
    if end.code > 0 and not told and "hourglass: error: " not in end.said:
        found.append(f"no error is said: {end.said!r}")
    found += [f"{name} changed" for name, old in before.items() if old != _content(folder / name)]
    if command.output and not told and _content(folder / command.output) != OLD:
        found.append(f"{command.output} changed")
    if fault.code >= 0:
        left = [
            one.name for one in folder.iterdir() if one.name.endswith((".tmp", ".lock", ".wal"))
        ]
        found += [f"{name} was left" for name in left]
    return found


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _reads(command: Command) -> bool:
    return command.reads


def _writes(command: Command) -> bool:
    return command.output is not None


FAULTS = (
    Fault("truncated Parquet", 3, _on("half.parquet"), _reads),
    Fault("corrupt gzip", 3, _on("corrupt.csv.gz"), _reads),
    Fault("database of a newer version", 3, _newer, lambda one: one.asks or one.name == "load"),
    Fault("closed pipe", 0, _to_nobody, lambda _: True),
    Fault("full disk", 5, _on_a_full_disk, _writes),
    Fault("read-only output", 5, _where_nothing_may_be_written, _writes),
    Fault("out of memory", 6, _with_little_memory, lambda one: one.reads and one.limited),
    Fault("Ctrl-C", 130, _interrupted_by(signal.SIGINT), _reads),
    Fault("SIGTERM", 143, _interrupted_by(signal.SIGTERM), _reads),
    Fault("SIGKILL", -9, _interrupted_by(signal.SIGKILL), _reads),
)
