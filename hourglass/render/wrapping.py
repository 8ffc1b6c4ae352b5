"""Lines for people on stderr, wrapped at blanks where a terminal would break them in words."""

import os
import re
import sys
import textwrap

from hourglass.render.values import visible

_NARROW = 20
"""Terminals of fewer columns, or of none, are left to do it themselves."""
_INDENT = 4
_TYPED = re.compile(r"(^|[ :;])(hourglass|duckdb|pip|python|curl|cat|ls|mkdir|unzip) |(^|[ ])--\w")
"""What is meant to be copied into a shell: nothing is put into such a line."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_KEPT = "\0"
"""Stands for a blank inside of quotes, at which no line is broken."""


def wrapped(line: str) -> list[str]:
    """Break a line to the width of the terminal that stderr is; elsewhere it stays one."""
    width = _width()
    if width < _NARROW or len(line) <= width or _TYPED.search(line):
        return [line]
    indent = " " * (len(line) - len(line.lstrip(" ")) + _INDENT)
    text = _QUOTED.sub(lambda found: found[0].replace(" ", _KEPT), visible(line))
    parts = textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
        expand_tabs=False, replace_whitespace=False,
    )  # fmt: skip
    return [part.replace(_KEPT, " ") for part in parts]


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns if sys.stderr.isatty() else 0
    except (AttributeError, OSError, ValueError):  # it is closed, or no file
        return 0
