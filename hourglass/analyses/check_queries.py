"""Checks that are SQL files: every row that one returns is a problem, no rows are none."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from hourglass.analyses.question import Question
from hourglass.engines import Engine, Values
from hourglass.errors import QueryError, UsageError, nearest
from hourglass.queries import CHECKS, Catalog, Query
from hourglass.settings.checks import Check, Severity

_SEVERITY = re.compile(r"^-- *severity +(\S+) *$", re.MULTILINE)
_GIVEN = ("now", "since", "until", "timezone")
"""Values that a file may ask for."""


class Queried(NamedTuple):
    """What a file found: how many rows, and the first of their problems."""

    name: str
    title: str
    severity: Severity
    rows: int
    problems: tuple[str, ...]


def planned(catalog: Catalog, checks: Iterable[Check]) -> list[tuple[Query, str, Severity]]:
    """Return every file of `checks/` with its title and severity, but for those switched off.

    Raises UsageError for a check of a file that is not there, QueryError for a file that does not
    keep to what a check is.
    """
    names = [one.removeprefix(CHECKS) for one in catalog.names() if one.startswith(CHECKS)]
    said = {one.query: one for one in checks if one.query is not None}
    for name in said:
        if name not in names:
            raise UsageError(
                f'there is no check "{name}"{nearest(name, names)}',
                f"files of checks/ are {', '.join(names)}",
            )
    found: list[tuple[Query, str, Severity]] = []
    for name in names:
        query = catalog.find(CHECKS + name)
        check = said.get(name)
        severity = (check.severity if check else None) or _severity(query)
        if severity != "off":
            found.append((query, check.name or name if check else name, severity))
    return found


def ask(
    engine: Engine, question: Question, query: Query, title: str, severity: Severity
) -> Queried:
    """Run one file; QueryError if it cannot be run."""
    values: Values = {
        "now": question.clock,
        "since": question.period.since,
        "until": question.period.until,
        "timezone": question.period.timezone,
    }
    engine.make("problems", query.name, values)
    found = engine.fetch("check/problems")
    return Queried(
        name=query.name.removeprefix(CHECKS),
        title=title,
        severity=severity,
        rows=found["rows"][0] if found.height else 0,
        problems=tuple(found["problem"].drop_nulls()),
    )


def _severity(query: Query) -> Severity:
    """Read the severity off the header, and hold the header to what a check is."""
    if query.returns.get("problem") != "VARCHAR":
        raise QueryError(
            f"{query.path}: a check returns a column that says what is wrong",
            "write -- returns problem VARCHAR",
        )
    if unknown := next((one for one in query.params if one not in _GIVEN), None):
        raise QueryError(
            f"{query.path}: a check is given no {unknown}{nearest(unknown, _GIVEN)}",
            f"it is given {', '.join(_GIVEN)}",
        )
    match _SEVERITY.search(query.text):
        case None:
            return "fail"
        case found if found[1] == "fail":
            return "fail"
        case found if found[1] == "warn":
            return "warn"
        case found:
            raise QueryError(
                f"{query.path}: there is no severity {found[1]}", "write -- severity warn, or fail"
            )
