"""`[identity]`: which ids are one person, and where the data say so."""

from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated

from pydantic import BeforeValidator, Field

from hourglass.errors import shown
from hourglass.fields import ColumnNames, EventNames, Filled, Part, problem
from hourglass.stages import ANY


def _listed(value: object) -> tuple[object, ...]:
    """Take one value for a list of one."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _files(value: object) -> object:
    """Refuse a path that leaves the folder."""
    names = _listed(value)
    for name in names:
        if isinstance(name, str) and _leaves(name):
            raise problem(f"{shown(name)} must be a file beside or below this one")
    return names


def _leaves(name: str) -> bool:
    paths = (PurePosixPath(name), PureWindowsPath(name))
    return any(path.is_absolute() or path.drive or ".." in path.parts for path in paths)


class Alias(Part):
    """Events whose two columns name the same person."""

    event: EventNames = (ANY,)
    alias: Filled = Field(alias="from")
    """Column of the id that a person had before."""
    person: Filled = Field(alias="to")
    """Column of the id that the person is known by."""


class Identity(Part):
    """`[identity]`: where ids of one person are told, and what contradictions come to."""

    alias: Annotated[tuple[Alias, ...], BeforeValidator(_listed)] = ()
    table: Annotated[tuple[Filled, ...], BeforeValidator(_files)] = ()
    """Files of two columns, alias and person, by their paths from the configuration's folder."""
    anonymous: ColumnNames | None = None
    """Columns whose id stands for the person of a row without a user; null is those of `alias`."""
    merge_shared: bool = False
    """Whether people who share an id become one."""

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Columns whose id stands for the person of a row without a user, the first filled one."""
        if self.anonymous is not None:
            return self.anonymous
        return tuple(dict.fromkeys(one.alias for one in self.alias))

    @property
    def columns(self) -> set[str]:
        """Columns of the events that are read for it."""
        told = {name for one in self.alias for name in (one.alias, one.person)}
        return told | set(self.stand_ins)
