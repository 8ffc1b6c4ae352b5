"""Checks as JUnit, annotations and Markdown: whole, and with whatever names data may have."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from hourglass.analyses.checks import COLUMNS
from hourglass.analyses.tables import table_of
from hourglass.render import checking, github, junit, table, text
from hourglass.result import InputFacts, Period, Result

SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[1] / "data" / "junit.xsd")
HOSTILE = "]]><x>&\"'\x00\x1b[31m\n::error::gone\r\n##[add-mask]|`*_\ufffe\u202e%,:\\"
RATE = {
    "measure": "step_rate",
    "stage": "buy",
    "value": 0.1,
    "low": 0.08,
    "high": 0.12,
    "confidence": 0.95,
    "people": 900,
    "min": 0.2,
    "min_people": 1,
    "severity": "fail",
}


def row(name: str, outcome: str, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return {**RATE, "check": name, "outcome": outcome, "reason": reason, **more}


def result(*rows: dict[str, Any], model: str = "m") -> Result:
    return Result(
        analysis="check",
        title="Passed: 1 check",
        model=model,
        rules={},
        period=Period(),
        tables=(table_of("checks", "Checks", COLUMNS, rows),),
        input=InputFacts(
            rows=1, users=1, rejected=0, duplicates=0, unmapped_events=0, first=None, last=None
        ),
    )


EVERY = result(
    row("good", "passed"),
    row("low", "failed", "below"),
    row("soft", "warned", "below", severity="warn"),
    row("few", "warned", "too_few", people=3, value=None, low=None, high=None),
)


def suite(of: Result) -> ET.Element:
    written = junit.render(of)
    SCHEMA.validate(written.decode())
    found = ET.fromstring(written).find("testsuite")
    assert found is not None
    return found


def test_junit_has_a_case_for_each_check() -> None:
    found = suite(EVERY)
    assert (found.get("tests"), found.get("failures"), found.get("skipped")) == ("4", "1", "1")
    good, low, soft, few = found
    assert [one.get("name") for one in found] == ["good", "low", "soft", "few"]
    assert {one.get("classname") for one in found} == {"hourglass.m.step_rate"}
    assert list(good) == []
    assert low[0].tag == "failure"
    assert low[0].get("type") == "below"
    assert low[0].get("message") == "10.0 % (8.0–12.0 %); wanted: at least 20.0 %"
    assert (soft[0].tag, str(soft[0].text)[:8]) == ("system-out", "warning:")
    assert few[0].tag == "skipped"
    assert "not enough data (3 people)" in str(few[0].get("message"))


def test_junit_of_no_checks_is_whole_too() -> None:
    assert suite(result()).get("tests") == "0"


def test_strict_failures_that_could_not_be_judged_are_failures() -> None:
    found = suite(result(row("few", "failed", "too_few", people=3)))
    assert (found.get("failures"), found.get("skipped")) == ("1", "0")
    assert found[0][0].tag == "failure"


def hostile() -> Result:
    return result(
        row(HOSTILE, "failed", "below", by=HOSTILE, segment=HOSTILE, stage=HOSTILE),
        {"check": "q", "outcome": "failed", "reason": "rows", "severity": "fail",
         "query": "q", "rows": 1, "problem": HOSTILE},
        model=HOSTILE,
    )  # fmt: skip


def test_hostile_names_stay_text_in_junit() -> None:
    found = suite(hostile())
    name = str(found[0].get("name"))
    assert "]]><x>&\"'\\x00\\x1b[31m\\n::error::gone" in name
    assert "\ufffd" in name
    assert "\\u202e" in name


def test_an_annotation_is_one_line_of_one_command() -> None:
    lines = github.annotations(hostile())
    assert len(lines) == 2
    for line in lines:
        assert line.isprintable() or "\ufffe" in line
        assert "\n" not in line
        assert "\r" not in line
        properties, message = re.fullmatch(r"::error title=(.*?)::(.*)", line).groups()  # type: ignore[union-attr]
        assert not re.search("[:,]", properties)
        assert re.search("%(?!25|0D|0A|3A|2C)", line) is None
        assert message


def test_annotations_are_ten_at_most_failures_first() -> None:
    assert github.annotations(result(row("good", "passed"))) == []
    many = [row(f"w{n}", "warned", "below") for n in range(6)]
    many += [row(f"f{n}", "failed", "below") for n in range(4)]
    lines = github.annotations(result(*many))
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 4 + ["::warning"] * 6
    lines = github.annotations(result(*many, row("w", "warned", "below")))
    assert len(lines) == 10
    assert lines[-1] == "::warning title=hourglass check::2 more, 0 of them failed"
    lines = github.annotations(result(*(row(f"f{n}", "failed", "below") for n in range(12))))
    assert lines[-1] == "::error title=hourglass check::3 more, 3 of them failed"


@pytest.mark.parametrize("width", [None, 40, 80])
def test_no_line_of_a_table_is_a_command_of_a_log(width: int | None) -> None:
    named = result(*(row("x" * n + " ::error::gone ##[error]x", "passed") for n in range(40)))
    shown = table.render(named, table.Look(width=width))
    assert width is None or re.search(r"^\s*::", shown, re.MULTILINE)
    tame = github.harmless(shown)
    assert not re.search(r"^\s*::", tame, re.MULTILINE)
    assert "##[" not in tame


def test_markdown_keeps_its_cells() -> None:
    written = text.render(hostile(), "md")
    rows = [line for line in written.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + 2  # heading and rule, two checks
    for line in rows:
        assert len(re.split(r"(?<!\\)\|", line)) == 4 + 2
        assert not re.search(r"(?<!\\)[<>`]", line)


@pytest.mark.parametrize(
    ("given", "found", "wanted"),
    [
        (row("a", "passed"), "10.0 % (8.0–12.0 %)", "at least 20.0 %"),
        (row("a", "passed", "within_chance"), "10.0 % (8.0–12.0 %), within chance",
         "at least 20.0 %"),
        (row("a", "failed", "below", value=0.19996, low=None), "20.0 %, exactly 19.996 %",
         "at least 20.0 %"),
        (row("a", "failed", "above", measure="median_seconds", value=94_800.0, low=None, min=None,
             max=94_000.0), "1 d 2 h, exactly 94,800 s", "at most 1 d 2 h"),
        (row("a", "passed", before=0.2, min=None, max_drop=0.5, max=0.9),
         "10.0 % (8.0–12.0 %), before 20.0 % (-50.0 %)",
         "at most 90.0 %, at most 50.0 % less than before"),
        (row("a", "passed", measure="users", value=1200.0, low=None, min=None, max_change=0.0,
             before=0.0), "1,200, before 0", "as before"),
        (row("a", "passed", measure="users", value=1200.0, low=None, min=None, max_change=0.1,
             before=1000.0), "1,200, before 1,000 (+20.0 %)", "within 10.0 % of before"),
        (row("a", "passed", measure="median_seconds", value=7200.0, low=None, min=60.0,
             max=86400.0), "2 h", "at least 1 min, at most 1 d"),
        (row("a", "warned", "no_value", value=None, low=None, people=None), "not enough data",
         "at least 20.0 %"),
        (row("a", "warned", "too_few", value=None, low=None, people=1, min_people=30),
         "not enough data (1 person)", "at least 20.0 %, of 30 people or more"),
        (row("a", "warned", "immature", before=0.3, value=0.3, low=None),
         "30.0 %, before 30.0 % (+0.0 %), some still have time to go on",
         "at least 20.0 %"),
        ({"query": "q", "rows": 0}, "no rows", "no rows"),
        ({"query": "q", "rows": 1, "problem": "p"}, "p", "no rows"),
        ({"query": "q", "rows": 3, "problem": "p; q; r"}, "p; q; r", "no rows"),
        ({"query": "q", "rows": 1234, "problem": "p; q; r"}, "1,234 rows: p; q; r; …", "no rows"),
        ({"query": "q", "rows": 1, "problem": "p" * 100_000}, "p" * 599 + "…", "no rows"),
        ({"query": "q", "rows": 2, "problem": None}, "2 rows", "no rows"),
    ],
)  # fmt: skip
def test_words(given: dict[str, Any], found: str, wanted: str) -> None:
    (one,) = checking.rows_of(result({"check": "c", "outcome": "passed", **given}))
    assert (checking.found(one), checking.wanted(one)) == (found, wanted)


@pytest.mark.parametrize(
    ("title", "segment", "name"),
    [
        ("step_rate of buy by channel", "email", "step_rate of buy by channel = email"),
        ("step_rate of buy by channel", None, "step_rate of buy by channel = (none)"),
        ("step_rate of buy by channel = email", "email", "step_rate of buy by channel = email"),
        ("step_rate of buy by channel = ", None, "step_rate of buy by channel = "),
        ("mine", "email", "mine, channel = email"),
    ],
)
def test_names_of_segments(title: str, segment: str | None, name: str) -> None:
    (one,) = checking.rows_of(result(row(title, "passed", by="channel", segment=segment)))
    assert checking.name(one) == name
