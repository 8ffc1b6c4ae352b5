"""The rows of a trend by value: person and bucket take the place of the person here too."""

from hourglass.analyses.attempts import Bounds, microseconds
from hourglass.analyses.chosen import walk_depths
from hourglass.analyses.groups import combine
from hourglass.analyses.question import Question
from hourglass.analyses.touches import kept_channels, touch_entries
from hourglass.analyses.trend_pieces import in_pieces
from hourglass.engines import Maker
from hourglass.errors import UsageError

_ONE_ROW = ("first_touch", "last_touch", "entry")
"""What puts a person into exactly one row of a bucket."""


def refuse_overlaps(question: Question) -> None:
    """Raise UsageError for an attribution under which rows of one bucket overlap."""
    attribution = question.rules.attribution
    if question.persona_dimension is not None:
        raise UsageError(
            "personas are not followed over time: their rows overlap",
            "ask for one at a time: --where with the predicate of the persona",
        )
    if question.by and attribution not in _ONE_ROW:
        raise UsageError(
            f"attribution = {attribution} is not followed over time: its rows overlap",
            f"--attribution {', or '.join(_ONE_ROW)}",
        )


def break_down(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `segments` of all entrants, from `entrants`, `chosen` and `taken`; 0 is everybody.

    A value has a row of its own in every bucket or in none: the largest by the last stage over
    all buckets together.
    """
    engine.make("bucket_people", "trend/people")
    engine.alias("counted", "bucket_people")
    if not question.by:
        engine.make("segments", "groups/everybody")
        return
    if not in_pieces(question):
        _touch(engine, question, bounds)
    combine(engine, question)
    engine.alias("person_values", "group_values")
    engine.make("value_stages", "breakdown/value_stages")
    engine.make("ranks", "breakdown/ranks", {"top": question.top})
    engine.make("segments", "groups/segments")


def _touch(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `touches`: the value of each entrant, from what the funnel of the bucket may read."""
    rules = question.rules
    if rules.attribution == "entry":
        if question.claims:
            walk_depths(engine, question)
        touch_entries(engine, question, "trend")
        return
    values = {
        "direction": 1 if rules.attribution == "first_touch" else -1,
        "own_period": rules.range == "entry",
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
        "reach_us": microseconds(question.reach),
        "read_until_us": bounds.read_until_us,
    }
    kept = kept_channels(engine, question)
    if kept is None:
        engine.make("touches", "trend/touches", values)
    else:
        engine.make("touches", "compact/trend_touches", {**values, "model": kept})
