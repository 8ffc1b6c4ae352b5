"""A session with a Spark cluster through Spark Connect, and what its failures mean to a person."""

import logging
import os
import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hourglass.errors import DataError, EngineError, HourglassError, QueryError, UsageError

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

TOKEN = "HOURGLASS_TOKEN"  # noqa: S105  (the name of the variable)
"""The environment variable with the token of a cluster that wants one."""
INSTALL = 'pip install "hourglass[spark]"'

_PORT = 15002
_PATIENCE = 3.0
"""Seconds that an address may take to answer."""
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a value that does not fit is an error, never null
    # checkpoints that meet themselves in a join lose track of their columns with it
    "spark.sql.constraintPropagation.enabled": "false",
}
_CHANNEL = [("grpc.compression_enabled_algorithms_bitset", 1)]
"""No compressed answers: gRPC 1.85 hands some of them out as they came, about one in 10,000."""
_ADDRESS = "--master sc://host:15002, of a server that was started with Spark Connect"
_PATH = re.compile(
    r"PATH_NOT_FOUND|UNSUPPORTED_FILE_SYSTEM|No FileSystem for scheme|object.?store|FileNotFound"
    r"|AccessDenied|TABLE_OR_VIEW_NOT_FOUND|FAILED_READ_FILE|UnknownHost|class org.apache.hadoop"
    r"|failed to create plan",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"UNAVAILABLE|SESSION_CLOSED|SESSION_CHANGED|SESSION_NOT_FOUND|Connection refused"
    r"|Socket closed|DEADLINE_EXCEEDED|OPERATION_NOT_FOUND|RETRIES_EXCEEDED",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"UNAUTHENTICATED|PERMISSION_DENIED|Invalid authentication")
_STRANGER = re.compile(r"http2 header|http1.x server|UNIMPLEMENTED", re.IGNORECASE)
_UNFIT = re.compile(r"SQLSTATE: ?(22|42)")
"""A value or a statement that does not fit: no fault of the cluster, whatever else it tells."""
_LIMITS = re.compile(
    r"OutOfMemory|MEMORY|ResourcesExhausted|executor.*lost|Job aborted", re.IGNORECASE
)


def connect(master: str) -> "SparkSession":
    """Open a session in UTC at an address as `sc://host:15002`.

    The token of `HOURGLASS_TOKEN`, if there is one, goes along and is never shown. Raises
    UsageError for an address that is none and where the client is not installed, EngineError if
    nobody answers within seconds or the token is not taken.
    """
    host, port = _place(master)
    builder = _client()
    _answering(host, port, master)
    token = os.environ.get(TOKEN)
    address = f"{master.rstrip('/')}{_parameters(master, token)}"
    try:
        with translated():
            return _opened(_calling(builder, address))
    except QueryError as problem:  # nothing was asked yet
        raise EngineError(f"the cluster opens no session: {problem.message}", _ADDRESS) from None


def _calling(builder: "SparkSession.Builder", address: str) -> "SparkSession.Builder":
    from pyspark.sql.connect.client import DefaultChannelBuilder

    return builder.channelBuilder(DefaultChannelBuilder(address, _CHANNEL))


def _opened(builder: "SparkSession.Builder") -> "SparkSession":
    """Open a session with our settings; one that fails is not left behind as the active one."""
    session: SparkSession = builder.create()
    try:
        _retry_little(session)
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
    except BaseException:
        session.stop()
        raise
    return session


@contextmanager
def translated(doing: str | None = None) -> Iterator[None]:
    """Turn what the client raises into our errors; `doing` is a query file or what was read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions of its own dependencies
            yield
    except HourglassError:
        raise
    except Exception as problem:
        kind = type(problem).__module__
        if not kind.startswith(("pyspark", "grpc")):
            raise
        raise _meaning(problem, doing) from None


def first_line(problem: Exception) -> str:
    """Return the first line of what the cluster said, without the token."""
    whole = str(problem).strip()
    details = re.search(r'details = "([^"\n]*)', whole)
    line = details[1] if details else whole.split("\n", 1)[0]
    token = os.environ.get(TOKEN)
    return " ".join((line.replace(token, "…") if token else line).split())[:300]


def _meaning(problem: Exception, doing: str | None) -> HourglassError:
    said, line = f"{type(problem).__name__} {problem}", first_line(problem)
    if never_opened := _never_opened(said, line):
        return never_opened
    if doing and _PATH.search(said):
        return DataError(
            f"the cluster cannot read {doing}: {line}",
            "name a path that every machine of the cluster sees, or a table it knows",
        )
    if _LOST.search(said):
        return EngineError(
            f"the session with the cluster was lost: {line}",
            "ask again: a question only reads; see the log of the server if it is lost again",
        )
    if _LIMITS.search(said) and not _UNFIT.search(said):
        return EngineError(f"the cluster gave up: {line}", "give its executors more memory")
    place = f"{doing}: " if doing else ""
    return QueryError(f"{place}{line}")


def _never_opened(said: str, line: str) -> EngineError | None:
    """Say why there is no session; null if that is not what failed."""
    if "handshake failed" in said:
        return EngineError(
            "the cluster does not answer over TLS, without which no token is sent",
            f"name an address that has TLS, or ask without {TOKEN}",
        )
    if _STRANGER.search(said):
        return EngineError(f"whoever answers does not speak Spark Connect: {line}", _ADDRESS)
    if _REFUSED.search(said) and "grpc" in said.casefold():
        return EngineError(f"the cluster refuses the session: {line}", f"set {TOKEN} to its token")
    return None


def _place(master: str) -> tuple[str, int]:
    parts = urlsplit(master)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme != "sc" or not parts.hostname or port == -1:
        raise UsageError(f"--master {_shown(master)} is no address of Spark Connect", _ADDRESS)
    return parts.hostname, port or _PORT


def _shown(master: str) -> str:
    """Leave out what may follow an address: parameters hold tokens."""
    return master.split(";", maxsplit=1)[0]


def _answering(host: str, port: int, master: str) -> None:
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except OSError as problem:
        raise EngineError(
            f"nobody answers at {_shown(master)}: {problem.strerror or problem}", _ADDRESS
        ) from None


def _parameters(master: str, token: str | None) -> str:
    if token is None:
        return ""
    return f"{'' if ';' in master else '/'};token={token}"


def _client() -> "SparkSession.Builder":
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    warnings.filterwarnings("ignore", module="pyspark")  # it says more when the session is closed
    for name in ("pyspark", "DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pyspark.sql.connect.session import SparkSession
    except ImportError as problem:
        raise UsageError(
            "the client of Spark Connect is not installed", f"{INSTALL} ({problem.name})"
        ) from None
    return SparkSession.builder


def _retry_little(session: "SparkSession") -> None:
    """Give up a lost connection within seconds: the client's own patience is ten minutes."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    policy = DefaultPolicy(max_retries=3, initial_backoff=200, max_backoff=1000)
    session.client.set_retry_policies([policy])
