"""Everything that goes to stderr, and the exit codes.

stdout belongs to results. A message here is one of `error`, `warn`, `note` and `detail`; errors
end the command and carry the exit code of their class.
"""

import contextlib
import errno
import os
import shlex
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from hourglass import interrupts
from hourglass.errors import (
    ConfigError,
    DataError,
    EngineError,
    HourglassError,
    OutputError,
    QueryError,
    UsageError,
)
from hourglass.render.values import visible
from hourglass.render.wrapping import wrapped


class ExitCode(IntEnum):
    """What the shell is told; a closed pipe is `DONE`."""

    DONE = 0
    """All went well, warnings or not."""
    CHECK_FAILED = 1
    """A check did not hold."""
    USAGE = 2
    """The command line, the configuration or a condition makes no sense."""
    DATA = 3
    """Data could not be read or does not fit what was asked, or a condition."""
    QUERY = 4
    """A SQL file is wrong."""
    OUTPUT = 5
    """The output could not be written: full disk, no permission, held by another process."""
    ENGINE = 6
    """The engine could not be reached or ran out of its limits, memory above all."""
    BUG = 70
    """A mistake in hourglass itself."""
    INTERRUPTED = 130
    """Ctrl-C."""
    TERMINATED = 143
    """SIGTERM."""


CODES: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (UsageError, ExitCode.USAGE),
    (DataError, ExitCode.DATA),
    (QueryError, ExitCode.QUERY),
    (OutputError, ExitCode.OUTPUT),
    (EngineError, ExitCode.ENGINE),
    (MemoryError, ExitCode.ENGINE),
    (BrokenPipeError, ExitCode.DONE),
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
)
"""Exit code by class of exception; whatever is not here is a bug."""

_OUT_OF_MEMORY = "OutOfMemoryException"
"""The engine's own class, by name: importing it would load the engine."""


@dataclass
class _Verbosity:
    quiet: bool = False
    verbose: bool = False
    debug: bool = False


_verbosity = _Verbosity()


def be(
    *, quiet: bool | None = None, verbose: bool | None = None, debug: bool | None = None
) -> None:
    """Set how much is said: errors alone (`quiet`), details (`verbose`), tracebacks (`debug`)."""
    _verbosity.quiet = _verbosity.quiet if quiet is None else quiet
    _verbosity.verbose = _verbosity.verbose if verbose is None else verbose
    _verbosity.debug = _verbosity.debug if debug is None else debug


def warn(text: str, *, always: bool = False) -> None:
    """Say that something may be wrong with the data or the question, though there is an answer.

    `always` says it where only errors are said, too.
    """
    if always or not _verbosity.quiet:
        _say(f"warning: {text}")


def note(text: str) -> None:
    """Say what was assumed or done on the person's behalf."""
    if not _verbosity.quiet:
        _say(f"note: {text}")


def step(name: str, seconds: float) -> None:
    """Say what only `--verbose` asks for: a step (a SQL file, by its name) and how long it took."""
    if _verbosity.verbose and not _verbosity.quiet:
        _say(f"{seconds:.3f} s {name}")


def tell(lines: list[str]) -> None:
    """Write lines as they are, for a program that reads stderr; `--quiet` leaves them."""
    _write(lines)


def error(exc: BaseException) -> ExitCode:
    """Print what went wrong and what to type next; return the exit code for it."""
    code = code_of(exc)
    if code is ExitCode.DONE:
        return code
    if _verbosity.debug:
        _write("".join(traceback.format_exception(exc)).rstrip("\n").split("\n"))
    for problem in _problems(exc, code):
        _say(f"error: {problem}")
    if hint := _hint(exc, code):
        _write(wrapped(f"  hint: {hint}"))
    return code


def code_of(exc: BaseException) -> ExitCode:
    """Return the exit code that belongs to an exception."""
    for kind, code in CODES:
        if isinstance(exc, kind):
            return code
    if type(exc).__name__ == _OUT_OF_MEMORY:
        return ExitCode.ENGINE
    if isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExitCode.OUTPUT
    if isinstance(exc, OSError) and exc.filename is not None and exc.strerror:
        return ExitCode.DATA  # a name too long, a folder that may not be entered
    return ExitCode.BUG


def run(action: Callable[[], int]) -> int:
    """Run a whole command and return its exit code; whatever it raises is reported here."""
    with interrupts.watched() as watch:
        try:
            return _settled(action, watch)
        except (KeyboardInterrupt, SystemExit) as late:
            # The engine stopped first, and Python raised for the signal only then.
            return _ended(late, watch.signal)
        finally:
            be(quiet=False, verbose=False, debug=False)
            _settle_stdout()


def _settled(action: Callable[[], int], watch: interrupts.Watch) -> int:
    try:
        return _flushed(action())
    except BaseException as exc:  # whatever it is, it is said in one line
        return _ended(exc, watch.signal)


def _flushed(code: int) -> int:
    """Flush stdout while a failure to do so can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _ended(exc: BaseException, signal_number: int | None) -> int:
    """Return the exit code; what an engine raises when a signal stops it is no failure of it."""
    if signal_number == signal.SIGINT:
        return error(KeyboardInterrupt())
    if signal_number == signal.SIGTERM:
        _say("error: terminated")
        return ExitCode.TERMINATED
    if isinstance(exc, SystemExit):
        return exc.code if isinstance(exc.code, int) else ExitCode.DONE
    return error(exc)


def _problems(exc: BaseException, code: ExitCode) -> tuple[str, ...]:
    if isinstance(exc, ConfigError):
        return exc.problems
    if isinstance(exc, HourglassError):
        return (exc.message,)
    if code is ExitCode.INTERRUPTED:
        return ("interrupted",)
    if code is ExitCode.ENGINE:
        return (f"out of memory: {_one_line(exc)}",)
    if code is ExitCode.OUTPUT:
        return (f"the output could not be written: {_one_line(exc)}",)
    return (_file_failure(exc) if code is ExitCode.DATA else _bug(exc),)


def _file_failure(exc: BaseException) -> str:
    return f"{getattr(exc, 'filename', '')} could not be used: {getattr(exc, 'strerror', '')}"


def _bug(exc: BaseException) -> str:
    return f"this is a bug in hourglass: {type(exc).__name__}{_place(exc)}: {_one_line(exc)}"


def _hint(exc: BaseException, code: ExitCode) -> str | None:
    if isinstance(exc, HourglassError):
        return exc.hint
    if code is ExitCode.ENGINE:
        return "give it more with --memory-limit, or ask for a shorter period"
    if code is ExitCode.BUG and not _verbosity.debug:
        return f"for a traceback to report: {shlex.join(['hourglass', '--debug', *sys.argv[1:]])}"
    return None


def _one_line(exc: BaseException) -> str:
    return " ".join(str(exc).split()) or type(exc).__name__


def _place(exc: BaseException) -> str:
    frames = traceback.extract_tb(exc.__traceback__)
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _say(text: str) -> None:
    first, *more = text.split("\n")
    # Further lines are set in deeper than a hint, so that no value can pass for one.
    lines = [f"hourglass: {first}", *(f"    {line}" for line in more)]
    _write([part for line in lines for part in wrapped(line)])


def _write(lines: list[str]) -> None:
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        if sys.stdout is not None:
            sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write("".join(visible(line) + "\n" for line in lines))
        sys.stderr.flush()


def _settle_stdout() -> None:
    """Leave nothing behind that the interpreter would fail to write when it ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
