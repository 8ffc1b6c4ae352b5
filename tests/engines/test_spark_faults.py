"""What a person reads when a cluster refuses, goes away or does not answer in time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.errors import EngineError
from tests.engines import sail

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

TOKEN = "t0ken-of-the-cluster"
LONG = "select sum(a.id * b.id) from range(10000000) a cross join range(10000000) b"


@pytest.fixture(scope="module")
def guarded():
    """The address of a server of Spark Connect that takes one token and knows nothing else."""
    import grpc

    def refuse(_request, context):
        given = dict(context.invocation_metadata()).get("authorization")
        if given != f"Bearer {TOKEN}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Invalid authentication token")
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "the token was taken")

    class Anything(grpc.GenericRpcHandler):
        def service(self, _details):
            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Anything()])
    port = server.add_secure_port("localhost:0", grpc.local_server_credentials())
    server.start()
    yield f"sc://localhost:{port}"
    server.stop(None)


def connecting(address: str) -> EngineError:
    from hourglass.engines.spark_session import connect

    start = time.monotonic()
    with pytest.raises(EngineError) as failed:
        connect(address)
    assert time.monotonic() - start < 15
    return failed.value


def test_a_wrong_token_is_told_and_not_shown(guarded, monkeypatch) -> None:
    monkeypatch.setenv("HOURGLASS_TOKEN", "wr0ng")
    said = connecting(guarded)
    assert "the cluster refuses the session" in said.message
    assert said.hint == "set HOURGLASS_TOKEN to its token"
    assert "wr0ng" not in said.message


def test_the_right_token_is_taken(guarded, monkeypatch) -> None:
    monkeypatch.setenv("HOURGLASS_TOKEN", TOKEN)
    assert "the token was taken" in connecting(guarded).message


def test_a_server_that_goes_amid_a_query_is_told(tmp_path) -> None:
    from hourglass.engines.spark_session import connect, translated

    with sail.running(tmp_path) as (address, server):
        session = connect(address)
        threading.Timer(1, server.kill).start()
        start = time.monotonic()
        lost = pytest.raises(EngineError, match="session with the cluster was lost")
        with lost as failed, translated("funnel/stages.sql"):
            session.sql(LONG).toArrow()
        assert time.monotonic() - start < 60  # the client's own patience is ten minutes
        session.stop()
        assert server.wait(10) != 0, "the query ended before the server"
        assert "ask again" in str(failed.value.hint)


def test_a_server_that_goes_amid_a_funnel_is_six(tmp_path, monkeypatch) -> None:
    from hourglass.engines.spark import SparkEngine

    (tmp_path / "events.csv").write_text("user_id,event,ts\n1,a,2026-01-05\n1,b,2026-01-06\n")
    make = SparkEngine.make
    with sail.running(tmp_path) as (address, server):

        def make_and_lose(self, table, *rest):
            if table == "alive":
                server.kill()
            make(self, table, *rest)

        monkeypatch.setattr(SparkEngine, "make", make_and_lose)
        asked = ["funnel", str(tmp_path / "events.csv"), "--steps", "a,b", "--engine", "spark"]
        done = CliRunner().invoke(app, [*asked, "--master", address])
    assert done.exit_code == 6, done.output
    assert "the session with the cluster was lost" in done.stderr
    assert done.stdout == ""


def test_answers_are_asked_for_as_they_are(tmp_path) -> None:
    """For gRPC 1.85 now and then hands out a compressed answer without unpacking it."""
    from hourglass.engines.spark_session import connect

    with sail.serving(tmp_path) as address:
        session = connect(address)
        try:
            channel = dict(session.client._builder._channel_options)
        finally:
            session.stop()
    assert channel["grpc.compression_enabled_algorithms_bitset"] == 1
