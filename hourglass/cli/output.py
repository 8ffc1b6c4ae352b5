"""Where an answer goes: standard output, or a file replaced in one step."""

import contextlib
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hourglass import diagnostics
from hourglass.errors import OutputError, UsageError, quoted
from hourglass.files import replace_file

if TYPE_CHECKING:
    from hourglass.cli.options import ColorName, FormatName
    from hourglass.render.table import Look
    from hourglass.result import Result

_ENDINGS: dict[str, "FormatName"] = {
    "": "table",
    ".txt": "table",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".md": "md",
    ".markdown": "md",
}
_MARKS = "█▐▌▕▏▁▂▃▄▅▆▇–·×≥…─"
"""Signs that tables and pictures use where the encoding can take them."""


def chosen_format(
    format: "FormatName | None",  # noqa: A002
    output: str | None,
    *,
    pages: bool = True,
) -> "FormatName":
    """Return the format asked for, or the one that the file's ending says; UsageError if neither.

    Commands call it before they start to work, so that a mistyped ending costs no waiting; with
    `pages` they have --html too.
    """
    if format is not None:
        return format
    if output is None or output == "-":
        return "table"
    ending = Path(output).suffix.casefold()
    if ending not in _ENDINGS:
        raise UsageError(
            f'no format is known by the ending of "{output}"',
            f"a page with charts is written by --html {quoted(output)}"
            if pages and ending in (".html", ".htm")
            else "add --format csv, or json, jsonl, md, table:"
            f" --output {quoted(output)} --format csv",
        )
    return _ENDINGS[ending]


def write(
    result: "Result",
    format: "FormatName | None" = None,  # noqa: A002
    output: str | None = None,
    color: "ColorName" = "auto",
    html: Path | None = None,
) -> None:
    """Write `result` to stdout or to the file `output`, and as a page to the file `html`.

    OutputError if one cannot be written.
    """
    chosen = chosen_format(format, output)
    if chosen == "table":
        from hourglass.render import table

        write_text(table.render(result, look(output, color)), output)
    else:
        from hourglass.render import text

        write_bytes(text.render(result, chosen).encode(errors="backslashreplace"), output)
    if chosen in ("csv", "jsonl") and result.input is not None:  # they have no place for it
        for note in result.input.left_out():
            diagnostics.note(note)
    if html is not None:
        from hourglass.render.html.answer import render_answer

        write_bytes(render_answer(result, command()), str(html))


def command() -> str:
    """Return what was typed, as a shell would take it again, but for parameters of a cluster."""
    return shlex.join(["hourglass", *map(_without_token, sys.argv[1:])])


def _without_token(word: str) -> str:
    """Cut an address of Spark Connect before its parameters, which hold tokens."""
    return word.split(";", maxsplit=1)[0] if word.startswith(("sc://", "--master=sc://")) else word


def write_text(text: str, output: str | None = None) -> None:
    """Write text for people: UTF-8 in files, what the terminal can take on stdout."""
    encoding = "utf-8" if _is_file(output) else _stdout_encoding()
    write_bytes(text.encode(encoding, errors="backslashreplace"), output)


def write_bytes(data: bytes, output: str | None = None) -> None:
    """Write bytes to stdout, or in one step to the file `output`, and then say so."""
    if _is_file(output):
        assert output is not None
        replace_file(Path(output), data)
        diagnostics.note(f"wrote {output}")
    else:
        _write_stdout(data)


def look(output: str | None = None, color: "ColorName" = "auto") -> "Look":
    """Say how a table may look where it goes: its width, its signs, its colours."""
    from hourglass.render.table import Look

    if _is_file(output):
        return Look(color=color == "always")
    terminal = sys.stdout is not None and sys.stdout.isatty()
    return Look(
        width=shutil.get_terminal_size().columns if terminal else _columns(),
        ascii=not _takes_marks(_stdout_encoding()),
        color=_in_color(color, terminal),
    )


def _is_file(output: str | None) -> bool:
    return output is not None and output != "-"


def _stdout_encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def _takes_marks(encoding: str) -> bool:
    try:
        _MARKS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _columns() -> int | None:
    """Return the width that the environment asks for; null is as wide as the content."""
    with contextlib.suppress(ValueError):
        width = int(os.environ.get("COLUMNS", ""))
        return width if width > 0 else None  # 0 is said where nobody knows
    return None


def _in_color(color: "ColorName", terminal: bool) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _write_stdout(data: bytes) -> None:
    if sys.stdout is None:
        raise OutputError("standard output is closed", "name a file with --output")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"standard output could not be written: {error.strerror}",
            "name a file with --output",
        ) from error
