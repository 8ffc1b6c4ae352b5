"""The documentation names what exists, and everything that exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hourglass.diagnostics import ExitCode
from hourglass.stages import MEANINGS, ROLLUPS
from tests.docs.reference import CLI, commands, flags, reference

CHECKOUT = Path(__file__).parents[2]
README = CHECKOUT / "README.md"
TEXTS = [
    README,
    CHECKOUT / "CHANGELOG.md",
    CHECKOUT / "benchmarks/README.md",
    *sorted((CHECKOUT / "docs").glob("*.md")),
]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\bhourglass (?:--[a-z-]+ )*([a-z]+)\b([^\n|]*)")
FLAG = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")

every_text = pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def typed_commands(text: str) -> Iterator[tuple[str, str]]:
    """Find each command that code in a text types: its name and the words after it."""
    code = [*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))]
    for piece in code:
        for line in piece.replace("\\\n", " ").splitlines():
            if not line.startswith(("hourglass: ", "  hint: ")):
                yield from COMMAND.findall(line)


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-")


def test_cli_md_says_what_the_help_says() -> None:
    assert read(CLI) == reference(), "run: python -m tests.docs.reference"


def test_every_option_says_what_it_does() -> None:
    for name, command in commands().items():
        assert command.help, name
        assert all(getattr(option, "help", None) for option in command.params), name


def test_the_readme_names_every_command() -> None:
    named = {name for name, _ in typed_commands(read(README))}
    assert set(commands()) <= named


@every_text
def test_commands_and_options_in_code_exist(text: Path) -> None:
    for name, words in typed_commands(read(text)):
        assert name in commands(), f"hourglass {name}"
        known = {flag for option in commands()[name].params for flag in flags(option)}
        unknown = set(FLAG.findall(words)) - known - {"--help"}
        assert not unknown, f"hourglass {name} {words}"


@every_text
def test_links_lead_somewhere(text: Path) -> None:
    for target in LINK.findall(read(text)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        at = text.parent / path if path else text
        assert at.exists(), target
        headings = re.findall(r"^#+ (.+)$", read(at), re.MULTILINE) if anchor else []
        assert not anchor or anchor in map(slug, headings), target


def test_every_exit_code_is_explained() -> None:
    rows = re.search(r"^## Exit codes\n(.*?)^## ", read(README), re.MULTILINE | re.DOTALL)
    assert rows
    explained = {int(code) for row in re.findall(r"^\| ([\d, ]+) \|", rows[1], re.MULTILINE)
                 for code in row.split(",")}  # fmt: skip
    assert explained == set(ExitCode)


def test_questions_that_write_no_page_are_named() -> None:
    options = {
        name: {flag for option in command.params for flag in flags(option)}
        for name, command in commands().items()
    }
    questions = {name for name, known in options.items() if "--where" in known} - {"report", "sql"}
    without = {name for name in questions if "--html" not in options[name]}
    for text, claim in (
        (read(CHECKOUT / "docs/report.md"), r"Every question but (.*?) takes `--html FILE`"),
        (read(README), r"`--html FILE`\s+writes the answer of one question .*? of all but (.*?):"),
    ):
        named = re.search(claim, text, re.DOTALL)
        assert named
        assert set(INLINE.findall(named[1])) == without


def test_all_seven_stages_and_models_are_named() -> None:
    for stage, meaning in MEANINGS.items():
        assert f"| {stage} | {meaning} |" in read(README)
    assert all(f"`{name}`" in read(CHECKOUT / "docs/semantics.md") for name in ROLLUPS)


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    script = read(CHECKOUT / ".ci/run")
    for command in ('pip install -e ".[test]" && pytest -n auto',
                    "pip install . && hourglass funnel sample_events.parquet"):  # fmt: skip
        assert f"`{command}`" in read(README)
        assert f"\n    {command}\n" in script
