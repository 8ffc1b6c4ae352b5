"""What is wrong between the keys of `[[check]]`, and between them and the models of the file."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from hourglass.errors import nearest, shown
from hourglass.settings.checks import MEASURES, Check, Measure, bound
from hourglass.stages import HOURGLASS, ROLLUPS

Found = Iterator[tuple[tuple[str, ...], str]]
"""Keys, and what is wrong with each."""
Table = Mapping[str, Any]

_OF_QUERIES = frozenset({"name", "query", "severity"})
_BOUNDS = ("min", "max", "max_drop", "max_change")
_AT_STAGES = frozenset({"freshness"})
"""Measures of rows that may be asked of one stage."""
_OF_MODELS = frozenset({"unmapped_share", "freshness"})
"""Measures of rows that depend on the model."""


def check_problems(data: Table) -> Found:
    """Yield what the types of single values cannot show; those are reported elsewhere."""
    checks = data.get("check")
    tables = checks if isinstance(checks, list) else []
    for number, table in enumerate(tables, start=1):
        if isinstance(table, dict):
            for key, message in _of_check(table, data):
                yield ("check", str(number), *key), message
    yield from _same_names([table for table in tables if isinstance(table, dict)])


def _of_check(table: Table, data: Table) -> Found:
    if "query" in table and "measure" in table:
        yield (), "has a measure and a query; make two checks of it"
    elif "query" in table:
        for key in table.keys() & Check.model_fields.keys() - _OF_QUERIES:
            yield (key,), "is not for a query: its file says what is wrong"
    elif "measure" not in table:
        yield (), f"needs a measure, or a query; measures are {', '.join(MEASURES)}"
    elif measure := MEASURES.get(_text(table, "measure") or ""):
        yield from _of_keys(table, table["measure"], measure)
        yield from _of_bounds(table, table["measure"], measure)
        yield from _of_stage(table, data)


def _of_keys(table: Table, name: str, measure: Measure) -> Found:
    rows, people = measure.about == "rows", measure.about == "people"
    if people and "stage" not in table:
        yield (), f"{name} needs a stage"
    if not people and name not in _AT_STAGES and "stage" in table:
        yield ("stage",), f"{name} is not about one stage"
    if not people and name not in _OF_MODELS and "model" in table:
        yield ("model",), f"{name} is the same for every model"
    for key in ("by", "value"):
        if rows and key in table:
            yield (key,), f"{name} is not broken down"
    if "value" in table and "by" not in table:
        yield ("value",), "is a value of which column? add by"
    if rows and "min_people" in table:
        yield ("min_people",), f"{name} is of rows, not of people"
    if not measure.interval and "confidence" in table:
        sure = ", ".join(one for one, about in MEASURES.items() if about.interval)
        yield ("confidence",), f"{name} is counted, not estimated; confidence is for {sure}"


def _of_bounds(table: Table, name: str, measure: Measure) -> Found:
    if not any(key in table for key in _BOUNDS):
        yield (), "has no bound; add min, max, max_drop or max_change"
    for key in ("max_drop", "max_change"):
        if measure.about == "rows" and key in table:
            yield (key,), f"{name} is of all rows, whatever the period; give it min or max"
    for key in ("min", "max"):
        value = table.get(key)
        if _number(table, key) is None:
            continue  # no number at all, which is said elsewhere
        if isinstance(value, str) and measure.kind != "seconds":
            yield (key,), f"{shown(value)} is a time, and {name} is none"
        elif measure.kind == "rate" and isinstance(value, int | float) and value > 1:
            yield (key,), f"{shown(value)} is more than all; rates are fractions: 20 % is 0.2"
    least, most = _number(table, "min"), _number(table, "max")
    if least is not None and most is not None and least > most:
        yield ("min",), f"{shown(table['min'])} is more than max, {shown(table['max'])}"
    drop = _number(table, "max_drop")
    if drop is not None and drop >= 1:
        yield ("max_drop",), "nothing can lose more than all of it; a fifth is 0.2"


def _of_stage(table: Table, data: Table) -> Found:
    model, stage = _text(table, "model"), _text(table, "stage")
    known = _models(data)
    if model is not None and model not in known:
        yield ("model",), f"there is no model {shown(model)}{nearest(model, known)}"
        return
    names = known.get(model or _usual(data, known) or "")
    if stage is None or names is None:
        return
    if stage not in names:
        guess = nearest(stage, names) or f"; its stages are {', '.join(names)}"
        yield ("stage",), f"the model has no stage {shown(stage)}{guess}"
    elif stage == names[0] and table["measure"] == "step_rate":
        yield ("stage",), "the first stage has no stage before it, so no step_rate"


def _models(data: Table) -> dict[str, list[str]]:
    """Return the stages of each model; of the whole hourglass where stages will be guessed."""
    given, models = data.get("stages"), data.get("models")
    named = given if isinstance(given, dict) and given else None
    own = models if isinstance(models, dict) else {}
    have = [one for one in HOURGLASS if named is None or one in named]
    known: dict[str, list[str]] = {}
    if named is not None or not own:
        known["hourglass"] = have
        for name, groups in ROLLUPS.items():
            known[name] = [group for group, members in groups.items() if {*members} & {*have}]
    for name, table in own.items():
        if isinstance(table, dict) and isinstance(stages := table.get("stages"), dict):
            known[name] = list(stages)
    rules = data.get("rules")
    if isinstance(rules, dict) and rules.get("order") == "any":
        known = {
            name: [f"any {count}" for count in range(1, len(stages) + 1)]
            for name, stages in known.items()
        }
    return known


def _usual(data: Table, known: Mapping[str, object]) -> str | None:
    """Return the model that is taken where none is named; null if the file does not say."""
    named = _text(data, "model")
    if named is not None:
        return named
    if "hourglass" in known:
        return "hourglass"
    return next(iter(known)) if len(known) == 1 else None


def _same_names(tables: list[Table]) -> Found:
    seen: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        texts = {key: _text(table, key) for key in ("name", "measure", "query", "stage", "model",
                                                    "by")}  # fmt: skip
        texts["value"] = table["value"] if isinstance(table.get("value"), str) else None
        title = Check.model_construct(None, **texts).title
        if title and seen.setdefault(title, number) != number:
            key = ("name",) if "name" in table else ()
            yield (
                ("check", str(number), *key),
                f"another check is called {shown(title)}; give this one a name of its own",
            )


def _text(table: Table, key: str) -> str | None:
    value = table.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _number(table: Table, key: str) -> float | None:
    try:
        return bound(table[key]) if key in table else None
    except PydanticCustomError:
        return None
