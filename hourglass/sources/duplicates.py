"""Which columns tell that two rows are one event, found in the rows themselves."""

from collections.abc import Mapping, Sequence

from hourglass.formats import Format
from hourglass.reading import Reading
from hourglass.sources import columns, keys
from hourglass.sources.inference import Roles
from hourglass.sources.keys import HASHES, Key, find_hashes, repeated
from hourglass.sources.roles import described
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging


def find_key(
    staging: Staging, source: Relation, roles: Roles, reading: Reading, form: Format
) -> tuple[Roles, Key | None]:
    """Find what tells duplicates; null if there are none.

    A guessed event id that is none is taken back from the roles.
    """
    key = keys.chosen(source, roles.columns, reading.dedupe, form.dedupe)
    if key is None and not reading.dedupe:
        return _without_shared_ids(staging, source, roles)
    return roles, key if key and _any_repeated(staging, source, key) else None


def key_names(
    source: Relation,
    found: Sequence[str],
    roles: Mapping[str, str],
    reading: Reading,
    form: Format,
) -> tuple[str, ...] | None:
    """Name the columns of the declared key as `events` does."""
    key = keys.chosen(source, roles, reading.dedupe, form.dedupe)
    if key is None:
        return () if reading.dedupe else None
    return columns.named(key.columns, found, roles)


def _without_shared_ids(
    staging: Staging, source: Relation, roles: Roles
) -> tuple[Roles, Key | None]:
    """Take back a guessed event id that several people or events share.

    The key is the event id if some are there more than once.
    """
    column = roles.columns.get("event_id")
    key = Key((column,)) if column else None
    if key is None or not _any_repeated(staging, source, key):
        return roles, None
    ref, user, event = (source.ref(roles.columns[r]) for r in ("event_id", "user", "event"))
    shared = "event_id" in roles.guessed and staging.rows(
        f"SELECT 1 FROM {source.text} AS s WHERE {repeated(source, key)}"
        f" GROUP BY {ref} HAVING count(DISTINCT {user}) > 1 OR count(DISTINCT {event}) > 1 LIMIT 1"
    )
    if not shared:
        return roles, key
    left = {role: name for role, name in roles.columns.items() if role != "event_id"}
    guessed = roles.guessed - {"event_id"}
    note = f'"{column}" is no event id: rows of several people or events share one'
    notes = (described(left, guessed, roles.how), note)
    return roles._replace(columns=left, guessed=guessed, notes=notes), None


def _any_repeated(staging: Staging, source: Relation, key: Key) -> bool:
    """Make the table of hashes that several rows have in a key; say whether there are any."""
    staging.rows(find_hashes(source, key))
    return bool(staging.rows(f"FROM {HASHES} LIMIT 1"))
