"""Which columns of a source are worth reading for one question."""

from collections.abc import Collection, Mapping, Sequence

from hourglass.formats import Format
from hourglass.sources import keys
from hourglass.sources.places import parse
from hourglass.sources.roles import CANONICAL, CURRENCY, REQUIRED, called_times, candidates
from hourglass.sources.shaping import columns_read

Needed = Collection[str] | None
"""Columns asked for beside those with roles, `a.b` for the nested b of a; null is all."""

NEVER_MISSED = {"cost"}
"""Columns without a role that are used where they are there."""


def heads(
    needed: Needed, found: Sequence[str], forms: Sequence[Format], roles: Collection[str]
) -> set[str] | None:
    """Reduce what is needed to names of columns; null if some may be nested anywhere.

    `roles` are those that a column plays whatever it is called.
    """
    if needed is None:
        return None
    have = {name.casefold() for name in found}
    have |= {f"source_{name}" for name in have}
    played = {*REQUIRED, *roles, *(role for form in forms for role in form.columns)}
    have |= {name for role, name in CANONICAL.items() if role in played or candidates(found, role)}
    have |= {name.casefold() for form in forms for name in form.values}
    result = NEVER_MISSED & have
    for name in map(str.casefold, needed):
        head = name if name in have else name.split(".", 1)[0]
        if head not in have:
            return None
        result.add(head)
    return result


def kept(
    needed: Needed,
    found: Sequence[str],
    forms: Sequence[Format],
    wanted: Mapping[str, str],
    dedupe: tuple[str, ...],
) -> list[str] | None:
    """List the columns worth staging: those asked for and those that may play a role."""
    asked = heads(needed, found, forms, [role for role, text in wanted.items() if text])
    if asked is None or dedupe == keys.ROW:
        return None
    usual = [column for role in (*CANONICAL, CURRENCY) for column in candidates(found, role)]
    return [
        *asked,
        *usual,
        *([] if "timestamp" in wanted or candidates(found, "timestamp") else called_times(found)),
        *(name for text in wanted.values() for name in parse(text, found).columns),
        *(name for form in forms for name in columns_read(form, found, asked)),
        *(name.removeprefix("source_") for name in asked),
        *dedupe,
    ]


def among(asked: Collection[str] | None, columns: Mapping[str, str]) -> dict[str, str]:
    """Leave of columns, with their names in `events`, those asked for; null is all."""
    return {
        column: name
        for column, name in columns.items()
        if asked is None or column.casefold() in asked or name.casefold() in asked
    }
