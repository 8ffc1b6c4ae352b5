"""Imports point one way, as docs/design.md says; every import in the package is looked at."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "hourglass"
LEVELS = (
    {"errors", "interrupts", "nouns", "durations"},
    {
        "result",
        "rows",
        "frames",
        "rules",
        "reading",
        "formats",
        "stages",
        "calendar",
        "files",
        "locks",
        "stats",
        "student",
        "predicates",
        "tomltext",
    },
    {
        "config",
        "conditions",
        "problems",
        "fields",
        "settings",
        "schema",
        "steps",
        "claims",
    },
    {
        "queries",
        "engines",
        "sources",
        "scope",
        "nested",
        "paths_in_predicates",
        "proposals",
        "database",
        "currencies",
        "meta",
        "identity",
        "identity_events",
        "identity_proposal",
        "identity_tables",
        "identity_views",
        "offsets",
    },
    {"analyses", "render", "sample"},
    {"keeping", "identity_keeping", "arrivals", "rejected", "meeting", "intake", "wishes", "load"},
    {"diagnostics"},
    {"cli", "__main__"},
)
LEVEL = {part: level for level, parts in enumerate(LEVELS) for part in parts}
"""Where each part stands; it may import from its own level and from those before."""

FORBIDDEN = {
    "render": {"engines", "sources", "analyses", "queries", "load", "duckdb"},
    "queries": {"engines"},
    "analyses": {"render", "duckdb"},
    "load": {"render"},
    "sample": {"analyses", "render"},
}
"""Imports that the levels would allow, and the design does not."""
CONSOLE = {"typer", "rich"}
"""Only these parts may talk to a terminal."""
CONSOLE_PARTS = {"cli", "render"}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted name of every import, inside functions and type checks too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "hourglass":
                yield from (f"hourglass.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def targets(path: Path) -> set[str]:
    """Return the parts of the package, and the packages of others, that a module imports."""
    names = (name.split(".") for name in imports(ast.parse(path.read_text("utf-8"))))
    return {name[1] if name[0] == "hourglass" and len(name) > 1 else name[0] for name in names}


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    part = part_of(path)
    assert part in LEVEL, f"say in this test on which level {part} stands"
    found = targets(path)
    upward = {other for other in found & LEVEL.keys() if LEVEL[other] > LEVEL[part]}
    assert not upward
    assert not found & FORBIDDEN.get(part, set())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_commands_and_renderers_know_a_console(path):
    part = part_of(path)
    if part not in CONSOLE_PARTS:
        assert not targets(path) & CONSOLE
    calls = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    assert not [call.lineno for call in calls if getattr(call.func, "id", "") == "print"]


def test_every_level_is_inhabited():
    assert {part_of(path) for path in MODULES} == set(LEVEL)
