"""Paths into JSON text as Spark expressions.

Spark reads JSON by a schema, and a key of any letters may be the name of a field. Members that are
no texts are read as their text.
"""

from collections.abc import Sequence
from json import dumps

from hourglass.engines.spark_text import quoted, text

_STRICT = "map('allowSingleQuotes', 'false')"
_LIST = r"^\s*\["


def text_at(column: str, keys: Sequence[str]) -> str:
    """Write the text at a path into a column; what is no JSON as a whole has nothing at any path.

    A list of objects with `key` and `value` may have it too, to be looked for by a lambda: not
    every server takes one in a filter, so that such a list ends the question.
    """
    json = quoted(column)
    # in brackets, since what follows a value that is complete would not be looked at
    read = f"from_json(concat('[', {json}, ']'), {text(f'ARRAY<{_schema(keys)}>')}, {_STRICT})"
    value = ".".join([f"get({read}, 0)", *map(quoted, keys)])
    names = [f"contains({json}, {_member(name)})" for name in ("key", "value", keys[0])]
    parameters = " AND ".join([f"{json} RLIKE {text(_LIST)}", *names])
    told = text(f"{column}: parameters in a list of JSON text do not run on Spark")
    return f"CASE WHEN {parameters} THEN CAST(raise_error({told}) AS STRING) ELSE {value} END"


def _member(name: str) -> str:
    return text(dumps(name, ensure_ascii=False))


def _schema(keys: Sequence[str]) -> str:
    """Write the type of an object that has a text at a path, and nothing else of interest."""
    kind = "STRING"
    for key in reversed(keys):
        kind = f"STRUCT<{quoted(key)}: {kind}>"
    return kind
