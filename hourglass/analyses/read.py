"""What was read, whatever the question, and what of its model the data lack."""

from hourglass.analyses.question import Delivery
from hourglass.engines import Engine
from hourglass.errors import DataError, nearest, unseen
from hourglass.nouns import many
from hourglass.result import InputFacts
from hourglass.stages import ANY, Model


def input_facts(engine: Engine, delivery: Delivery | None) -> InputFacts:
    """Return what was read, whatever the question."""
    delivery = delivery or Delivery()
    row = engine.ask("map/facts").first()
    return InputFacts(
        rows=row["rows"] + delivery.rejected + delivery.duplicates,
        users=row["users"],
        rejected=delivery.rejected,
        duplicates=delivery.duplicates,
        unmapped_events=row["unmapped_events"],
        first=row["first"],
        last=row["last"],
        without_user=row["without_user"],
        future=row["future"],
        merged_ids=delivery.merged_ids,
    )


def nobody_entered(facts: InputFacts, stage: str = "the first") -> str:
    """Say that nobody entered, and how many rows have nobody who could."""
    said = f"nobody entered: no event of {stage} stage in the period"
    if not facts.without_user:
        return said
    have = "has" if facts.without_user == 1 else "have"
    return f"{said} has a person; {many(facts.without_user, 'row')} of the data {have} none"


def missing_events(engine: Engine, model: Model) -> list[str]:
    """Say which events of the model the data lack, with the nearest name there is.

    Raises DataError if the data have none of them.
    """
    seen = engine.ask("map/seen").column("event")
    have = {*seen, ANY}
    wanted = dict.fromkeys(event for stage in model.stages for event in stage.events)
    lacking = [event for event in wanted if event not in have]
    if len(lacking) == len(wanted) and seen:
        raise DataError(
            f"none of the events of model {model.name} is in the data{nearest(lacking[0], seen)}",
            f"the data have {', '.join(seen[:8])}{' …' if len(seen) > 8 else ''};"
            " hourglass init EVENTS, or --db FILE, proposes stages for them",
        )
    excluding = dict.fromkeys(name for one in model.exclusions for name in one.step.events)
    places = [(f"stage {stage.name}", stage.events) for stage in model.stages]
    return [
        said
        for place, names in [*places, ("exclusion", excluding)]
        for said in unseen(place, (name for name in names if name != ANY), seen)
    ]
