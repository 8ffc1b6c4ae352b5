"""`[touchpoints]`: which channels are places that people go to."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from hourglass.errors import shown
from hourglass.fields import Part, problem


def _listed(value: object) -> object:
    """Take one value for a list of one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return tuple(value)
    raise problem(f'{shown(value)} is not a list of channels; write them as ["store", "phone"]')


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        twice = next(one for one in values if values.count(one) > 1)
        raise problem(f"names the channel {shown(twice)} twice")
    return values


class Touchpoints(Part):
    """`[touchpoints]`: values of the channel column, as they stand in the data."""

    physical: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_distinct)]
    """Channels such as a store, a fair or the phone; every other channel is digital."""
