"""Checks in words: what was found, and what was wanted."""

from collections.abc import Mapping
from typing import Any

from hourglass.errors import shortened
from hourglass.nouns import people
from hourglass.render import values
from hourglass.result import Result
from hourglass.settings.checks import MEASURES

Row = Mapping[str, Any]
"""One row of the table `checks`."""

_LONGEST_PROBLEM = 600
"""Characters of the problems of a check that are shown; CSV and JSON have all."""
_UNJUDGED = {
    "too_few": "not enough data",
    "too_few_before": "not enough data in the period before",
    "no_value": "not enough data",
    "immature": "some still have time to go on",
}


def rows_of(result: Result) -> list[dict[str, Any]]:
    """Return the checks of a result, in their order."""
    return result.table("checks").dicts()


def name(row: Row) -> str:
    """Return what a check is called, with the segment that it is about."""
    title, by, segment = str(row["check"]), row["by"], row["segment"]
    if by is None or title.endswith(f" by {by} = {segment or ''}"):
        return values.visible(title)
    own = f"{by} = {values.NONE if segment is None else segment}"
    plain = title.removesuffix(f" by {by}")
    return values.visible(f"{title}, {own}" if plain == title else f"{plain} by {own}")


def found(row: Row) -> str:
    """Say what the check found, and why it could not be judged if so."""
    if row["measure"] is None:
        return _problems(row)
    parts = [_measured(row)]
    if row["before"] is not None:
        parts.append(f"before {_amount(row, row['before'])}{_change(row)}")
    if row["reason"] in _UNJUDGED:
        few = row["reason"] == "too_few" and row["people"] is not None
        whose = f" ({people(row['people'])})" if few else ""
        parts.append(_UNJUDGED[row["reason"]] + whose)
    if row["reason"] == "within_chance":
        parts.append("within chance")
    return ", ".join(part for part in parts if part != values.NULL) or values.NULL


def wanted(row: Row) -> str:
    """Say what would have been right."""
    if row["measure"] is None:
        return "no rows"
    least, most = row["min"], row["max"]
    parts = [] if least is None else [f"at least {_amount(row, least)}"]
    parts += [] if most is None else [f"at most {_amount(row, most)}"]
    if row["max_drop"] is not None:
        parts.append(f"at most {values.rate(row['max_drop'])} less than before")
    if row["max_change"] is not None:
        change = values.rate(row["max_change"])
        parts.append(f"within {change} of before" if row["max_change"] else "as before")
    if row["reason"] in {"too_few", "too_few_before"}:
        parts.append(f"of {people(row['min_people'])} or more")
    return ", ".join(parts)


def sentence(row: Row) -> str:
    """Say what was found and what was wanted."""
    return f"{found(row)}; wanted: {wanted(row)}"


def _measured(row: Row) -> str:
    text = _amount(row, row["value"])
    if row["reason"] in {"below", "above"} and text in wanted(row):
        text += f", exactly {_exact(row)}"  # rounded it would look as if it held
    if row["low"] is not None and row["confidence"]:
        rate = MEASURES[row["measure"]].kind == "rate"
        spread = (values.interval if rate else values.mean_interval)(row["low"], row["high"])
        text += f" ({spread})"
    return text


def _amount(row: Row, value: float | None) -> str:
    kind = MEASURES[row["measure"]].kind
    whole = kind == "count" and value is not None
    return values.cell(round(value or 0) if whole else value, kind)


def _exact(row: Row) -> str:
    """Write the value with six digits, in the unit in which it stands before."""
    kind, value = MEASURES[row["measure"]].kind, row["value"]
    if kind == "rate":
        return f"{100 * value:.6g} %"
    return f"{value:,.6g} s" if kind == "seconds" else f"{value:,.6g}"


def _change(row: Row) -> str:
    if not row["before"] or row["value"] is None:
        return ""
    change = row["value"] / row["before"] - 1
    return f" ({change:+.1%})".replace("%", " %")


def _problems(row: Row) -> str:
    if not row["rows"]:
        return "no rows"
    told = values.visible(shortened(row["problem"] or "", _LONGEST_PROBLEM))
    if row["rows"] > 3 or not told:
        rows = f"{values.count(row['rows'])} row{'' if row['rows'] == 1 else 's'}"
        return f"{rows}: {told}; …" if told else rows
    return told
