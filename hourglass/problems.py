"""Every mistake in a `hourglass.toml` at once, each with its key, in words of our own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hourglass.errors import nearest, shown
from hourglass.fields import outside
from hourglass.schema import BUILT_IN, File
from hourglass.settings.check_problems import check_problems
from hourglass.stages import HOURGLASS, MAX_STAGES, MIN_STAGES, ROLLUPS

Location = tuple[str | int, ...]
Problem = tuple[tuple[str, ...], str]
"""The key that a problem is about, part by part, and what is wrong with it."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dotted(key: tuple[str, ...]) -> str:
    """Return a key as the file would have it, with dots between its parts."""
    return ".".join(part if _BARE.fullmatch(part) else shown(part) for part in key)


def validated(data: Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    """Return a `File`, or null, and every problem with its key."""
    problems = list(_beyond_types(data))
    try:
        return File.model_validate(data), problems
    except ValidationError as failure:
        found = [_in_words(one, data) for one in failure.errors(include_url=False)]
        return None, found + problems


def _in_words(error: ErrorDetails, data: Mapping[str, Any]) -> Problem:
    location = _in_file(error["loc"], data)
    value = error.get("input")
    match error["type"]:
        case "ours":
            message = error["msg"]
        case "extra_forbidden":
            message = _unknown(location)
        case "missing":
            message = "is missing"
        case "string_type":
            message = f"{shown(value)} is not text; put it in double quotes"
        case "literal_error":
            message = outside(value, _words(location))
        case "bool_type":
            message = f"{shown(value)} is neither true nor false"
        case "int_type" | "int_from_float" | "float_type":
            message = f"{shown(value)} is not a number"
        case "tuple_type" | "list_type" if isinstance(value, dict) and _tables_in(
            _annotation(location)
        ):
            message = f"is a list of tables: write each as [[{dotted(location)}]]"
        case "tuple_type" | "list_type":
            message = f"{shown(value)} is not a list"
        case _:
            message = "must be a table"
    return location, message


def _in_file(location: Location, data: object) -> tuple[str, ...]:
    """Cut a location where the file has no more keys; tables of a list count from 1."""
    kept: list[str] = []
    for part in location:
        if isinstance(data, dict) and isinstance(part, int):  # one table for a list of one
            continue
        if isinstance(data, list) and isinstance(part, int) and isinstance(data[part], dict):
            kept.append(str(part + 1))
            data = data[part]
            continue
        if not isinstance(data, dict) or part == "[key]":
            break
        kept.append(str(part))
        data = data.get(part)
    return tuple(kept)


_KINDS: Mapping[tuple[str, ...], str] = {
    ("columns",): "part of a column",
    ("stages",): "stage",
    ("rules",): "rule",
}
"""What the keys of some tables are called."""


def _unknown(location: tuple[str, ...]) -> str:
    *above, key = location
    known = _keys(above)
    guess = nearest(key, known) or f"; there are: {', '.join(known)}"
    return f"unknown {_KINDS.get(tuple(above), 'key')}{guess}"


def _keys(path: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that the table at `path` of the file may have."""
    return tuple(
        field.alias or key
        for table in _tables_in(_annotation(path))
        for key, field in table.model_fields.items()
    )


def _words(path: Sequence[str]) -> tuple[object, ...]:
    """Return the values that the key at `path` of the file may have."""
    return tuple(_literals_in(_annotation(path)))


def _annotation(path: Sequence[str]) -> object:
    inner: object = File
    for part in path:
        tables = _tables_in(inner)
        inner = next(
            (one.model_fields[part].annotation for one in tables if part in one.model_fields), inner
        )
    return inner


def _tables_in(annotation: object) -> list[type[BaseModel]]:
    """Return the tables within a type such as `dict[str, Annotated[StageTable, …]]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [table for part in get_args(annotation) for table in _tables_in(part)]


def _literals_in(annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _literals_in(part)


def _beyond_types(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is wrong between keys; whatever is of a wrong type is reported elsewhere."""
    stages, models = data.get("stages"), data.get("models")
    if isinstance(stages, dict) and stages:  # empty is as good as not there
        ordered = {name: stages[name] for name in HOURGLASS if name in stages}
        yield from _of_stages(("stages",), ordered, len(stages))
    for name, model in models.items() if isinstance(models, dict) else ():
        if name in BUILT_IN:
            yield ("models", name), "is a built-in model, made of [stages]; choose another name"
        if isinstance(model, dict) and isinstance(named := model.get("stages"), dict):
            yield from _of_stages(("models", name, "stages"), named, len(named))
        if isinstance(model, dict):
            yield from _of_exclusions(("models", name), model, _names(model.get("stages")))
    yield from _of_friction(data.get("friction"), models)
    yield from check_problems(data)
    yield from _of_exclusions((), data, tuple(one for one in HOURGLASS if one in _names(stages)))
    default = data.get("model")
    names = (*BUILT_IN, *(models if isinstance(models, dict) else ()))
    if isinstance(default, str) and default.strip() and default not in names:
        yield ("model",), f"there is no model {shown(default)}{nearest(default, names)}"


def _of_friction(friction: object, models: object) -> Iterator[Problem]:
    """Find stages that no model has: the hourglass, those rolled up from it, those of the file."""
    tables = models.values() if isinstance(models, dict) else ()
    own = [one.get("stages") for one in tables if isinstance(one, dict)]
    written = [name for stages in own if isinstance(stages, dict) for name in stages]
    groups = [group for rolled in ROLLUPS.values() for group in rolled]
    names = dict.fromkeys([*HOURGLASS, *groups, *written])
    for name in friction if isinstance(friction, dict) else ():
        if name not in names and name.strip():
            guess = nearest(name, names) or f"; the stages are {', '.join(names)}"
            yield ("friction", name), f"no model has such a stage{guess}"


def _of_stages(at: tuple[str, ...], stages: Mapping[str, Any], many: int) -> Iterator[Problem]:
    if not MIN_STAGES <= many <= MAX_STAGES:
        yield at, f"has {many}; a funnel needs {MIN_STAGES} to {MAX_STAGES} stages"
    first, value = next(iter(stages.items()), ("", None))
    for key in ("within", "min_gap"):
        if isinstance(value, dict) and key in value:
            yield (*at, first, key), "the first stage has no stage before it"
    if isinstance(value, dict) and value.get("optional") is True:
        yield (*at, first, "optional"), "an attempt begins with the first stage"


def _names(stages: object) -> tuple[str, ...]:
    return tuple(stages) if isinstance(stages, dict) else ()


def _of_exclusions(
    at: tuple[str, ...], table: Mapping[str, Any], stages: Sequence[str]
) -> Iterator[Problem]:
    """Find exclusions between stages that are not there, or not in this order."""
    found = table.get("exclusions")
    for exclusion in found if isinstance(found, list) and stages else ():
        given = exclusion if isinstance(exclusion, dict) else {}
        named = [given.get("from", stages[0]), given.get("to", stages[-1])]
        for name in named:
            if isinstance(name, str) and name not in stages:
                yield (*at, "exclusions"), f"there is no stage {shown(name)}{nearest(name, stages)}"
        places = [stages.index(name) for name in named if name in stages]
        if len(places) == len(named) and places[0] >= places[1]:
            yield (*at, "exclusions"), f"{shown(named[0])} is not before {shown(named[1])}"
