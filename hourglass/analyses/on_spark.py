"""What a cluster does not count: refused by name, never approximated."""

from collections.abc import Iterator

from hourglass.analyses.question import Question
from hourglass.errors import UsageError


def refuse(question: Question) -> None:
    """Raise UsageError for a rule that does not run on Spark."""
    if reason := next(_reasons(question), None):
        raise UsageError(
            f"{reason} does not run on Spark", "leave it out, or ask DuckDB: --engine duckdb"
        )


def _reasons(question: Question) -> Iterator[str]:
    rules = question.rules
    if rules.ties == "row":
        yield "ties = row: rows have no order there, so it"
