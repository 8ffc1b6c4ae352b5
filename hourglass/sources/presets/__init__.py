"""The export formats that are known: those bundled here, one file each, and a user's own."""

import functools
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from hourglass.errors import UsageError, nearest
from hourglass.formats import UNRECOGNISED, Format
from hourglass.settings.formats import FormatTable, as_format


@functools.cache
def bundled() -> tuple[Format, ...]:
    """Return the formats of this folder, by name."""
    found = sorted(
        (one for one in files(__name__).iterdir() if one.name.endswith(".toml")),
        key=lambda one: one.name,
    )
    return tuple(
        as_format(
            one.name.removesuffix(".toml"),
            FormatTable.model_validate(tomllib.loads(one.read_text("utf-8"))),
        )
        for one in found
    )


def known(own: Sequence[Format] = ()) -> tuple[Format, ...]:
    """Return all formats, a user's own first; one of a bundled name stands in its place."""
    taken = {one.name for one in own}
    return (*own, *(one for one in bundled() if one.name not in taken))


def named(name: str, own: Sequence[Format] = ()) -> Format | None:
    """Return the format of a name, null for `none`; UsageError for a name that is not known."""
    if name == UNRECOGNISED:
        return None
    formats = {one.name: one for one in known(own)}
    if name not in formats:
        readable = sorted(one.name for one in formats.values() if not one.instead)
        raise UsageError(
            f'there is no format "{name}"{nearest(name, formats)}',
            f"formats are {', '.join(readable)}, and {UNRECOGNISED}",
        )
    return formats[name]
