"""The plotly.js inside the installed plotly package, and the ways a page may have it."""

import base64
import gzip
import hashlib
from functools import cache
from threading import Lock
from typing import Literal, NamedTuple

from plotly.offline import get_plotlyjs, get_plotlyjs_version

Where = Literal["inline", "directory", "cdn"]
"""Inside the page, in a file beside it that many pages share, or on the network."""
_ONE = Lock()
_CDN = "https://cdn.plot.ly/"


class Library(NamedTuple):
    """A script: its version, the CSP source that admits it, and its text or its address."""

    version: str
    csp_source: str
    packed: str = ""
    """Its gzip as base64; empty where it has an address."""
    src: str = ""
    integrity: str = ""


def found(where: Where) -> Library:
    """Say how a page has the library."""
    if where == "inline":
        return library()
    version = get_plotlyjs_version()
    if where == "directory":
        # a file from disk belongs to no origin, and can have no hash: its folder is trusted
        return Library(version=version, csp_source="'self' file:", src=file_name())
    return Library(
        version=version,
        csp_source=_CDN,
        src=f"{_CDN}plotly-{version}.min.js",
        integrity=csp_source(script()).strip("'"),
    )


def file_name() -> str:
    """Return the name of the file beside a page; another version has another."""
    return f"plotly-{get_plotlyjs_version()}.min.js"


def script() -> bytes:
    """Return the library as it is."""
    return bytes(get_plotlyjs().encode())


def library() -> Library:
    """Pack plotly.js; equal bytes for equal versions, since the gzip carries no time."""
    with _ONE:  # a second thread waits for the first rather than pack too
        return _packed()


@cache
def _packed() -> Library:
    source = script()
    packed = gzip.compress(source, compresslevel=9, mtime=0)
    return Library(
        version=get_plotlyjs_version(),
        packed=base64.b64encode(packed).decode("ascii"),
        csp_source=csp_source(source),
    )


def csp_source(script: bytes) -> str:
    """Name the CSP source, `'sha256-…'`, that admits exactly this script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode('ascii')}'"
