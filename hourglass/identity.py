"""Ids of one person joined by union-find, in SQL, before anything is counted.

Links say that an alias and a person are one. A known person is an id that is nowhere an alias. Ids
that are not known are joined with each other, and each such group with the one known person that it
is linked to. A group linked to several known people (a shared device, a contradictory table) is
joined with none of them, unless these people are to be merged.
"""

from typing import NamedTuple

from hourglass.engines import Engine
from hourglass.nouns import many
from hourglass.sources.places import NOBODY

LINKS = "named_together"
"""The view that says which ids are named together: alias, person, from_table."""
PEOPLE = "id_people"
"""The table that says which ids are counted as another: alias, person."""
_NOBODY = "id_nobody"


class Joined(NamedTuple):
    """What came of the joining."""

    merged: int = 0
    """Ids that are counted as another."""
    people: int = 0
    """People that they are counted as."""
    shared: int = 0
    """Groups of ids that several known people are linked to."""
    links: int = 0
    merged_shared: bool = False
    """Whether such people became one."""

    def told(self) -> str:
        """Say it in a sentence."""
        if not self.links:
            return "identities: nowhere are two ids named together, so none is joined"
        merged, people = (
            many(self.merged, "id is", "ids are"),
            many(self.people, "other person", "other people"),
        )
        text = f"identities: {merged} counted as {people}"
        if not self.shared:
            return text
        shared = many(self.shared, "id", "ids")
        apart = ", who are one now" if self.merged_shared else " left apart"
        return f"{text}; {shared} of several known people{apart}"

    def as_json(self) -> dict[str, int | bool]:
        """Return its fields by name."""
        return self._asdict()


def join_ids(engine: Engine, *, merge_shared: bool = False) -> Joined:
    """Make the table `id_people` (alias, person) from the view `named_together`.

    Only ids that are counted as another are in it. The person of a group is its known id, else its
    smallest one; between merged people the smallest known one. Order of rows changes nothing.
    """
    define_nobody(engine)
    engine.make("id_links", "identity/links")
    engine.make("id_keys", "identity/keys")
    engine.make("id_edges", "identity/alias_edges")
    _find(engine)
    engine.make("id_groups", "identity/groups")
    engine.make("id_claimants", "identity/claimants")
    if merge_shared:
        engine.make("id_edges", "identity/person_edges")
        _find(engine)
    else:
        engine.make("id_forest", "identity/sole")
    engine.make(PEOPLE, "identity/people")
    row = engine.ask("identity/joined").first()
    return Joined(**row, merged_shared=merge_shared)


def define_nobody(engine: Engine) -> None:
    """Make the table `id_nobody` of the ids that say that there is none."""
    engine.define(_NOBODY, {"id": "VARCHAR"}, [(one,) for one in NOBODY])


def _find(engine: Engine) -> None:
    """Make `id_forest`: each node of `id_edges` with the smallest one it is connected to."""
    engine.make("id_forest", "identity/first_forest")
    while engine.ask("identity/progress").first()["moved"]:
        engine.make("id_forest", "identity/forest")
