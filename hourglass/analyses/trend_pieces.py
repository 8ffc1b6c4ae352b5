"""A trend as one funnel after another, a bucket each.

Some rules look at more of a person than the entries of a bucket: the n-th event in its period, the
values of all events, their order in the file. There each bucket is counted by the funnel itself,
and what it found is put together for the rows of the trend.
"""

from collections.abc import Sequence

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.funnel import count
from hourglass.analyses.mapping import map_events
from hourglass.analyses.question import Question
from hourglass.calendar import Bucket
from hourglass.engines import Engine, Maker
from hourglass.result import Period


def in_pieces(question: Question) -> bool:
    """Say whether the buckets of a trend have to be counted one by one."""
    return bool(question.rules.hold) or question.rules.ties == "row" or _renumbers(question)


def spanning(question: Question) -> Question:
    """Return a question whose mapped events hold the entries of every bucket."""
    if not _renumbers(question):
        return question
    model = question.model
    stages = tuple(stage._replace(nth=None) for stage in model.stages)
    return question._replace(model=model._replace(stages=stages))


def count_each(engine: Engine, question: Question, found: Sequence[Bucket]) -> None:
    """Make `entrants` and `taken` of all buckets, and with `question.by` their `touches`."""
    numbers = {"bucket": "INTEGER", "person_key": "BIGINT"}
    taken = dict.fromkeys(("stages", "first_us", "last_us"), "BIGINT")
    engine.define("bucket_taken", numbers | taken, ())
    engine.define("bucket_touches", {**numbers, "dimension": "INTEGER", "value": "VARCHAR"}, ())
    for number, bucket in enumerate(found, start=1):
        asked = _of(question, bucket)
        if _renumbers(question):
            map_events(engine, asked)
        count(engine, asked)
        entered = {**Bounds.of(asked).period, "any_stage": question.rules.enters_anywhere}
        engine.add("bucket_taken", "trend/counted", {"bucket": number, **entered})
        if question.by:
            engine.add("bucket_touches", "trend/touched", {"bucket": number})
    _put_together(engine, question)


def _put_together(engine: Maker, question: Question) -> None:
    engine.make("entrants", "trend/counted_entrants")
    engine.make("taken", "trend/counted_taken")
    if question.by:
        engine.make("touches", "trend/counted_touches")


def _renumbers(question: Question) -> bool:
    """Say whether each bucket has an n-th event of its own."""
    return question.rules.range == "entry" and any(one.nth for one in question.model.stages)


def _of(question: Question, bucket: Bucket) -> Question:
    """Ask for one bucket: its own period, or its entries in the whole one."""
    whole = question.period
    part = Period(
        since=max(bucket.start, whole.since or bucket.start),
        until=min(bucket.end, whole.until or bucket.end),
        timezone=whole.timezone,
    )
    if question.rules.range == "entry":
        return question._replace(period=part)
    return question._replace(entered=part)
