"""A logo as part of the page: a picture as a data: address."""

import base64
from pathlib import Path

from hourglass.errors import UsageError

LIMIT = 100_000
"""Bytes that a logo may have: every page carries it."""
_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}


def logo(path: Path) -> str:
    """Return the picture as a data: address; UsageError for what is none, or too large."""
    kind = _TYPES.get(path.suffix.casefold())
    if kind is None:
        raise UsageError(
            f"[report] logo: {path.name} is no picture that a page can show",
            f"one of {', '.join(_TYPES)}",
        )
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise UsageError(f"[report] logo: {path.name}: {problem.strerror}") from problem
    if len(content) > LIMIT:
        raise UsageError(
            f"[report] logo: {path.name} has {len(content):,} bytes, and {LIMIT:,} is the most",
            "a smaller picture will do: it is shown 56 pixels high",
        )
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
