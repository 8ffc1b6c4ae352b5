"""What a group of a breakdown is called."""

from hourglass.render import values

_OWN = (values.NONE, values.OTHER)


def called(value: object) -> str:
    """Return the name of a group; in quotes where it would pass for a row that hourglass adds."""
    if value is None:
        return values.NONE
    text = str(value)
    return f'"{text}"' if text.strip('"') in _OWN else text
