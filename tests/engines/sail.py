"""Sail, a Spark Connect server that needs no Java, started for tests on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def missing() -> str | None:
    """Say why the server cannot run here; null if it can."""
    try:
        import pysail  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError as problem:
        return f'needs pip install -e ".[test-engines,spark]": {problem.name} is missing'
    return None


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Yield the address of a server of its own, which keeps its files in `folder`."""
    with running(folder) as (address, _):
        yield address


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Yield the address of such a server and its process."""
    port = free_port()
    program = Path(sys.executable).parent / "sail"
    started = [str(program) if program.exists() else str(shutil.which("sail"))]
    environment = {
        **os.environ,
        "SAIL_EXECUTION__CHECKPOINT__PATH": str(folder),
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": "2",
    }
    with (folder / "sail.log").open("wb") as log:
        server = subprocess.Popen(
            [*started, "spark", "server", "--ip", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            wait(port, server)
            yield f"sc://127.0.0.1:{port}", server
        finally:
            server.terminate()
            server.wait(30)


def wait(port: int, server: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Return once a port answers; AssertionError if the server ends before."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nobody answers at port {port}")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
