"""What a reader of the numbers must know, in a few lines: the rules in force, what was read."""

from collections.abc import Collection, Iterator, Mapping

from hourglass.calendar import local_day
from hourglass.nouns import counted, many, meaning
from hourglass.render import values
from hourglass.result import Json, Result
from hourglass.rules import Rules

_SILENT = frozenset({"count", "window_from", "attribution", "timezone", "week_start"})
"""Rules that other words already name, or that only matter beside others."""
_WORDS: Mapping[tuple[str, Json], str] = {
    ("order", "ordered"): "ordered",
    ("order", "strict"): "strict order",
    ("order", "any"): "any order",
    ("entry", "best"): "best entry",
    ("ties", "helpful"): "ties helpful",
    ("entry", "first"): "first entry only",
    ("entry", "last"): "last entry only",
    ("ties", "later"): "stages strictly later",
    ("closed", False): "open: an attempt may begin at any stage",
    ("exclusion", "drop"): "",
    ("exclusion", "void"): "",
    ("exclusion", "keep"): "",
    ("reuse", False): "one event one stage",
    ("reuse", True): "one event may fill several stages",
}
"""Rules that are said in words, defaults too where other tools differ in them."""
_SPANS = frozenset({"landmark", "horizon", "tie_tolerance"})
"""Rules that are durations."""
_LISTED = frozenset({"stages", "exclusions", "personas"})
"""Rules that are made of several; personas stand in the rows of the answer."""
_OPTIONS: Mapping[str, str] = {
    "within": "within {} of the stage before",
    "min_gap": "at least {} after the stage before",
    "optional": "optional",
    "first_time": "only the first ever",
    "nth": "only number {}",
    "where": "where {}",
    "steps": "with conditions of its events",
}
"""What may be said of a stage beside its events."""
_UNFOLLOWED = {**_OPTIONS, "min_gap": "at least {} after the one before"}
"""The same where no funnel is followed: what lies apart may be purchases."""
_DEFAULTS = Rules().as_json()
_OF_NO_DATA = frozenset({"doctor"})
"""Analyses that read no events, and have no period."""
_MUCH_MORE, _MANY = 1.5, 30
"""`ever` is pointed out from this many times `users` and this many people on."""


def heading(result: Result) -> str:
    """Return the title with the period and who was counted."""
    if result.analysis in _OF_NO_DATA:
        return values.visible(result.title)
    zone = result.period.timezone
    place = "" if zone == "UTC" else f" ({zone})"
    key = result.rules.get("count")
    by = f" · counted by {key}" if key else ""
    return values.visible(f"{result.title} · {values.period(result.period)}{place}{by}")


def lines(result: Result, said: Collection[str] = ()) -> list[str]:
    """Return the rules, the notes but for those already `said`, and the input facts."""
    notes = [note for note in result.notes if note not in said]
    found = [_rules(result), _stages(result.rules), *notes, *_out_of_order(result), _input(result)]
    return [values.visible(line) for line in found if line]


def _rules(result: Result) -> str:
    if not result.rules:
        return ""
    words = [word for name, value in result.rules.items() if (word := _rule(result, name, value))]
    broken_down = any(table.by and table.by != ("preset",) for table in result.tables)
    if broken_down and "attribution" in result.rules:
        words.append(f"broken down by {str(result.rules['attribution']).replace('_', ' ')}")
    if result.as_of is not None:
        words.append(
            f"as of {values.moment(result.as_of.replace(microsecond=0), result.period.timezone)}"
        )
    words.append(f"times in {result.period.timezone}")
    who = meaning(result.rules.get("count"))
    return f"Rules: {', '.join([*([who] if who else []), *words])}."


def _rule(result: Result, name: str, value: Json) -> str:
    if name in _SILENT | _LISTED:
        return ""
    if name == "window":
        return _window(value, result.rules.get("window_from", ""))
    if name == "range":
        bounded = result.period.since or result.period.until
        return f"period binds {'all events' if value == 'all' else 'entries'}" if bounded else ""
    if name in _SPANS and isinstance(value, int | float):
        return f"{name.replace('_', ' ')} {values.seconds(value)}" if value else ""
    if (name, value) in _WORDS:
        return _WORDS[name, value]
    return "" if value == _DEFAULTS.get(name) else f"{name.replace('_', ' ')} {value}"


def _stages(rules: Mapping[str, Json]) -> str:
    """Say what is asked of single stages, and what may not lie between two of them."""
    told = [*_of_stages(rules.get("stages"), _OPTIONS if "order" in rules else _UNFOLLOWED)]
    told += _of_exclusions(rules.get("exclusions"), rules.get("exclusion"))
    return f"Stages: {'; '.join(told)}." if told else ""


def _of_stages(stages: Json, words: Mapping[str, str]) -> Iterator[str]:
    for stage, options in stages.items() if isinstance(stages, dict) else ():
        if isinstance(options, dict):
            said = [_option(name, value, words) for name, value in options.items()]
            yield f"{stage} {', '.join(said)}"


def _option(name: str, value: Json, words: Mapping[str, str]) -> str:
    if name in ("within", "min_gap") and isinstance(value, int | float):
        return words[name].format(values.seconds(value))
    if (name, value) == ("first_time", "matching"):
        return "only the first that matches"
    return words.get(name, f"{name} {{}}").format(value)


def _of_exclusions(exclusions: Json, how: Json) -> Iterator[str]:
    for one in exclusions if isinstance(exclusions, list) else ():
        if isinstance(one, dict) and isinstance(one["events"], list):
            events = " or ".join(map(str, one["events"]))
            where = f" where {one['where']}" if one["where"] else ""
            yield f"no {events}{where} between {one['from']} and {one['to']} ({how})"


def _window(seconds: Json, start: Json) -> str:
    if not isinstance(seconds, int | float):
        return "no window"
    places = {"previous": " from the stage before", "entry": " from the entry"}
    return f"window {values.seconds(seconds)}{places.get(str(start), '')}"


def _out_of_order(result: Result) -> Iterator[str]:
    """Point at stages that many more did than reached: their place in the model may be wrong.

    In a period it says nothing: most of these people entered before it.
    """
    if result.period.since or result.period.until or result.rules.get("order") in {"any", "strict"}:
        return
    table = next((one for one in result.tables if one.name == "stages"), None)
    if table is None or not {"stage", "users", "ever"} <= set(table.names):
        return
    before = None
    for stage, users, ever in table.tuples("stage", "users", "ever"):
        # As many as at the stage before: most likely its very events (a purchase, a second one).
        same, before = ever == before, ever
        if not same and ever >= _MUCH_MORE * users and ever - users >= _MANY:
            yield (
                f"{stage}: {values.count(ever)} did it at some time, "
                f"{values.count(users)} in the order of the model."
            )


def _input(result: Result) -> str:
    if result.analysis in _OF_NO_DATA:
        return ""
    facts = result.input
    read = f"Read {many(facts.rows, 'row')} of {counted(facts.users, result.rules.get('count'))}"
    if facts.first is not None and facts.last is not None:
        zone = result.period.timezone
        first, last = (local_day(one, zone) for one in (facts.first, facts.last))
        read += f", {values.date(first)} to {values.date(last)}"
    left = {
        "rejected": facts.rejected,
        "duplicates left out": facts.duplicates,
        "in no stage": facts.unmapped_events,
    }
    parts = [f"{values.count(rows)} {what}" for what, rows in left.items() if rows]
    if facts.unmapped_events and facts.rows:
        parts[-1] += f" ({values.rate(facts.unmapped_events / facts.rows)})"
    return "; ".join([read, ", ".join(parts)]) + "." if parts else f"{read}."
