"""What a cluster says, told as the kind of error that it is."""

import pytest

from hourglass.engines.spark_session import translated
from hourglass.errors import DataError, EngineError, QueryError


class ClusterError(Exception):
    """Looks like what the client of Spark raises."""

    __module__ = "pyspark.errors.exceptions.connect"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Job aborted due to stage failure: java.lang.OutOfMemoryError", EngineError),
        ("[CANNOT_ALLOCATE_MEMORY] executor 3 lost", EngineError),
        (
            "[CAST_INVALID_INPUT] 'x' cannot be cast. SQLSTATE: 22018\nJob aborted due to",
            QueryError,
        ),
        ("[PATH_NOT_FOUND] Path does not exist. SQLSTATE: 42K03", DataError),
        ("UNAVAILABLE: Socket closed", EngineError),
    ],
)
def test_a_failure_is_told_as_what_it_is(said: str, kind: type[Exception]) -> None:
    with pytest.raises(kind), translated("query.sql"):
        raise ClusterError(said)
