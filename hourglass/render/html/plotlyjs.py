"""The plotly.js inside the installed plotly package, packed small enough to travel in a page."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache

from plotly.offline import get_plotlyjs, get_plotlyjs_version


@dataclass(frozen=True, slots=True)
class Library:
    """A script as text: its version, its gzip as base64, and the CSP source that admits it."""

    version: str
    packed: str
    csp_source: str


@cache
def library() -> Library:
    """Pack plotly.js; equal bytes for equal versions, since the gzip carries no time."""
    source = get_plotlyjs().encode()
    packed = gzip.compress(source, compresslevel=9, mtime=0)
    return Library(
        version=get_plotlyjs_version(),
        packed=base64.b64encode(packed).decode("ascii"),
        csp_source=csp_source(source),
    )


def csp_source(script: bytes) -> str:
    """Name the CSP source, `'sha256-…'`, that admits exactly this script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode('ascii')}'"
