"""JSON whose rows stand in a list inside of an object, as `{"events": [...], "total": 2}`."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from hourglass.engines.jsontext import pointer
from hourglass.engines.sqltext import identifier
from hourglass.sources.scans import FILE, LINES, RAW, STAGED

_SAMPLE = 100


class Wrapper(NamedTuple):
    """The key of the list, the keys of its objects, and the keys beside it."""

    key: str
    inside: tuple[str, ...]
    beside: tuple[str, ...]

    @property
    def told(self) -> str:
        """Say what is read, and what is not."""
        rest = f"; not read beside it: {', '.join(self.beside)}" if self.beside else ""
        return f'each element of "{self.key}" is a row{rest}'

    @property
    def lines(self) -> str:
        """Write the table of a line for each element; a row without the list stays as it is."""
        raw, path = identifier(RAW), pointer([self.key])
        elements = f"json_extract({raw}, {path[:-1]}[*]')::VARCHAR[]"
        is_list = f"json_type({raw}, {path}) = 'ARRAY'"
        return (
            f"CREATE TEMP TABLE {LINES} AS SELECT unnest(CASE WHEN json_valid({raw}) THEN"
            f" CASE WHEN {is_list} THEN {elements} ELSE [{raw}] END ELSE [{raw}] END) AS line,"
            f" {identifier(FILE)} FROM {STAGED}"
        )


LISTS = f"""
SELECT key, to_json(any_value(json_keys(inside)))::VARCHAR FROM (
    SELECT key, json_extract({identifier(RAW)}, path || '[0]') AS inside
    FROM (
        SELECT {identifier(RAW)}, unnest(json_keys({identifier(RAW)})) AS key,
            '$."' || replace(key, '"', '\\"') || '"' AS path
        FROM (FROM {STAGED} WHERE json_valid({identifier(RAW)}) LIMIT {_SAMPLE})
    )
)
WHERE json_type(inside) = 'OBJECT'
GROUP BY key
"""
"""The keys whose value is a list of objects, each with one of these."""


def find(lists: Sequence[tuple[object, ...]], found: Sequence[str]) -> Wrapper | None:
    """Return the wrapper from the answer to `LISTS`; null if there is none, or several."""
    if len(lists) != 1:
        return None
    key, inside = str(lists[0][0]), json.loads(str(lists[0][1]))
    return Wrapper(
        key=key, inside=tuple(inside), beside=tuple(name for name in found if name != key)
    )
