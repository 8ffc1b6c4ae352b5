"""Checks as annotations of GitHub Actions, and text that its log takes for nothing else.

A line `::error title=…::message` becomes an annotation. The log reads any line that begins so,
after blanks too, and `##[` anywhere: text from data must not look like that.
"""

import re

from hourglass.render import checking
from hourglass.result import Result

MOST = 10
"""A step shows no more annotations of a kind."""
_LEVELS = {"failed": "error", "warned": "warning"}
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)", re.MULTILINE)


def annotations(result: Result) -> list[str]:
    """Return a line for each check that failed or warned, failures first, at most ten."""
    rows = [row for row in checking.rows_of(result) if row["outcome"] in _LEVELS]
    rows.sort(key=lambda row: list(_LEVELS).index(row["outcome"]))
    shown = rows if len(rows) <= MOST else rows[: MOST - 1]
    lines = [
        _line(_LEVELS[row["outcome"]], checking.name(row), checking.sentence(row)) for row in shown
    ]
    if rest := rows[len(shown) :]:
        failed = sum(row["outcome"] == "failed" for row in rest)
        level = "error" if failed else "warning"
        lines.append(_line(level, "hourglass check", f"{len(rest)} more, {failed} of them failed"))
    return lines


def harmless(text: str) -> str:
    """Return text in which no line is a command of the log."""
    return _COMMAND.sub(lambda match: "#\\x23" if match[0] == "##" else f"{match[1]}\\x3a", text)


def _line(level: str, title: str, message: str) -> str:
    return f"::{level} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
