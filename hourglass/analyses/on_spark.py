"""What a cluster does not count: refused by name, never approximated."""

from collections.abc import Iterator

from hourglass.analyses.question import Question
from hourglass.config import Config
from hourglass.errors import UsageError


def refuse(question: Question, config: Config) -> None:
    """Raise UsageError for a rule that does not run on Spark."""
    if reason := next(_reasons(question, config), None):
        raise UsageError(
            f"{reason} does not run on Spark", "leave it out, or ask DuckDB: --engine duckdb"
        )


def _reasons(question: Question, config: Config) -> Iterator[str]:
    rules = question.rules
    if config.identity is not None:
        yield "[identity]"
    if rules.ties == "row":
        yield "ties = row: rows have no order there, so it"
