"""Checks as JUnit XML: one case a check, as continuous integration reads it.

The elements and attributes are those that the schema of Jenkins' xUnit plugin (junit-10.xsd) has:
`failure` is a check that failed, `skipped` one that could not be judged; a warning passes, and
`system-out` says it. There are no times, so that the same numbers give the same bytes.
"""

import re
from xml.etree import ElementTree as ET

from hourglass.render import checking, values
from hourglass.result import Result

_REASONS = frozenset({"too_few", "too_few_before", "no_value", "immature"})
_NOT_XML = re.compile("[\ufffe\uffff]")
"""What XML does not have, beside what `values.visible` shows."""


def render(result: Result) -> bytes:
    """Return the checks of a result as one test suite."""
    rows = checking.rows_of(result)
    suite = ET.Element(
        "testsuite",
        name=_text(f"hourglass check {result.model}"),
        tests=str(len(rows)),
        failures=str(sum(row["outcome"] == "failed" for row in rows)),
        errors="0",
        skipped=str(sum(_is_skipped(row) for row in rows)),
    )
    for row in rows:
        suite.append(_case(result, row))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(result: Result, row: checking.Row) -> ET.Element:
    kind = row["measure"] or "query"
    case = ET.Element(
        "testcase",
        classname=_text(f"hourglass.{result.model}.{kind}"),
        name=_text(checking.name(row)),
        time="0",
    )
    said = _text(checking.sentence(row))
    if row["outcome"] == "failed":
        failure = ET.SubElement(case, "failure", type=row["reason"], message=said)
        failure.text = said
    elif _is_skipped(row):
        ET.SubElement(case, "skipped", message=said)
    elif row["outcome"] == "warned":
        ET.SubElement(case, "system-out").text = f"warning: {said}"
    return case


def _is_skipped(row: checking.Row) -> bool:
    return row["outcome"] == "warned" and row["reason"] in _REASONS


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", values.visible(text))
