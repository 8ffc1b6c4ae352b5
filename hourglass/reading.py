"""How the text of an export is to be read where it does not say it itself."""

from typing import Literal, NamedTuple

from hourglass.errors import UsageError
from hourglass.formats import Format

DateOrder = Literal["dmy", "mdy"]
Decimal = Literal["comma", "point"]


class Reading(NamedTuple):
    """What a person says of an export: null, or empty, is to be found out from the data."""

    encoding: str | None = None
    """Encoding of text, by a name that Python knows."""
    columns: tuple[str, ...] = ()
    """Names of the columns of separated text that has no line of names."""
    timezone: str = "UTC"
    """IANA zone of times without an offset."""
    date_order: DateOrder | None = None
    """What comes first in dates as 02/05/2018, the day or the month."""
    decimal: Decimal | None = None
    """The sign before the decimals of amounts."""
    dedupe: tuple[str, ...] = ()
    """Columns whose values tell a duplicate; `row` alone is all of them, `none` keeps all rows."""
    format: str | None = None
    """Name of the export format; `none` takes columns by their usual names alone."""
    event_name: str | None = None
    """What every row is, where no column says it; `{file}` is the name of its file."""
    formats: tuple[Format, ...] = ()
    """Formats of the configuration, beside the bundled ones."""
    in_order: bool = False
    """Whether events have to stand in the order of the files."""


def parse_encoding(name: str) -> str:
    """Return the name of an encoding if it is one; UsageError if not."""
    try:
        b"a\x00".decode(name)
    except LookupError as error:
        raise UsageError(
            f'"{name}" is no encoding of text', "write it as utf-8, windows-1252, utf-16 or cp932"
        ) from error
    except ValueError:
        pass  # these bytes are not written so, but others may be
    return name


def parse_names(text: str) -> tuple[str, ...]:
    """Split names by commas; UsageError if one is empty or there twice."""
    names = tuple(name.strip() for name in text.split(","))
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        raise UsageError(
            f'"{text}" is no list of columns: one is empty or there twice',
            "write it as user_id,event,ts",
        )
    return names
