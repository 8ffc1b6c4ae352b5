"""Which people the command `people` lists: those of stages, or those of a trigger."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hourglass.analyses.people import Wanted
    from hourglass.cli.asking import Asked
    from hourglass.config import Config
    from hourglass.result import Result


class Listing(Protocol):
    """Which people are listed: as a result in memory, or as a relation that is written out."""

    def conditions(self, config: "Config") -> Sequence[str]:
        """Return predicates of the configuration beside those of stages."""
        ...

    def result(self, asked: "Asked") -> "Result":
        """List people."""
        ...

    def relation(self, asked: "Asked") -> tuple[str, list[str]]:
        """Make the relation of the list; return its name and what is to be warned of."""
        ...


@dataclass(frozen=True, slots=True)
class InStages:
    """People by the stages they reached."""

    wanted: "Wanted"
    brief: bool = field(kw_only=True)

    def conditions(self, config: "Config") -> Sequence[str]:
        """Return none: the conditions are those of stages."""
        return ()

    def result(self, asked: "Asked") -> "Result":
        """List people with the stage each reached."""
        from hourglass.analyses.people import people

        return people(asked.engine, asked.question, self.wanted, asked.delivery, brief=self.brief)

    def relation(self, asked: "Asked") -> tuple[str, list[str]]:
        """Make one row a person, with a column for each stage."""
        from hourglass.analyses.people import PEOPLE, select
        from hourglass.analyses.read import missing_events

        select(asked.engine, asked.question, self.wanted)
        return PEOPLE, missing_events(asked.engine, asked.question.model)


@dataclass(frozen=True, slots=True)
class Triggered:
    """People for whom the trigger `name` fired."""

    name: str
    most: int | None
    guarded: bool = field(kw_only=True)

    def conditions(self, config: "Config") -> Sequence[str]:
        """Return the condition of the trigger; UsageError if there is no such trigger."""
        from hourglass.analyses.triggers_configured import conditions, named

        return conditions(named(config.triggers, self.name))

    def result(self, asked: "Asked") -> "Result":
        """List people with the last time that it fired."""
        from hourglass.analyses.triggers_configured import named
        from hourglass.analyses.triggers_listed import listed

        trigger = named(asked.config.triggers, self.name)
        return listed(asked.engine, asked.question, trigger, asked.delivery, most=self.most)

    def relation(self, asked: "Asked") -> tuple[str, list[str]]:
        """Make one row a person."""
        from hourglass.analyses.triggers_configured import named
        from hourglass.analyses.triggers_listed import TRIGGERED, select

        trigger = named(asked.config.triggers, self.name)
        warnings = select(
            asked.engine, asked.question, trigger, most=self.most, guarded=self.guarded
        )
        return TRIGGERED, warnings
