"""The attempt of a person that was chosen, and what it was chosen from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hourglass.analyses.attempts import Bounds, microseconds
from hourglass.analyses.dealing import Strike, clock
from hourglass.analyses.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The chosen attempt, and what it was chosen from."""

    question: Question
    bounds: Bounds
    times: tuple[int, ...]
    """Microseconds at which each stage was reached; empty for a person who never entered."""
    taken: tuple[int, ...]
    """The positions of these stages: an attempt may be without some, or begin later."""
    attempts: Mapping[int, tuple[int, int]]
    """How far the attempt of each entry comes, and when it gets there; of very many the first."""
    between: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    """In strict order: what lies just before each event of the stage never reached, and when."""
    strikes: Mapping[int, Strike] = field(default_factory=dict)
    """What strikes the attempt of an entry, if an exclusion does."""
    own: Mapping[int, int] = field(default_factory=dict)
    """Where rows tell events of one instant apart: which event each stage was reached with."""
    value: str | None = None
    """What all events of the attempt carry, where it holds a property."""

    def name(self, position: int) -> str:
        """Name of the stage at a position."""
        return self.question.model.stages[position - 1].name

    @property
    def depth(self) -> int:
        """How far the person came: the row of the funnel, 0 for who never entered."""
        return self.taken[-1] if self.taken else 0

    @property
    def awaited(self) -> list[int]:
        """Positions of the stages that would have taken the person further."""
        found = []
        for position in range(self.depth + 1, len(self.question.model.stages) + 1):
            found.append(position)
            if self.taken and position not in self.question.model.optional:
                break
        return found if self.taken or not self.question.rules.closed else found[:1]

    def reached(self) -> dict[int, int]:
        """Return when each stage that was reached was, by its position in the model."""
        return dict(zip(self.taken, self.times, strict=True))

    def before(self, position: int) -> int:
        """Position of the stage that the attempt has before another one."""
        return max(one for one in self.taken if one < position)

    def missed(self) -> str:
        """Name what would have taken the person further."""
        return " or ".join(map(self.name, self.awaited))

    def interruption(self) -> tuple[str, int] | None:
        """Find what lay between the stage reached and the next event of the one after, and when."""
        later = [ts for ts in sorted(self.between) if ts > self.times[-1]]
        return self.between[later[0]] if later else None

    def clock(self, ts: int) -> str:
        """Write an instant as the date and time of the question's zone."""
        return clock(ts, self.question.rules.timezone)

    def after_window(self, ts: int, before: int) -> bool:
        """Whether an instant comes too late: after the entry, or the stage reached at `before`."""
        rules = self.question.rules
        start = self.times[0] if rules.window_from == "entry" else before
        return ts - start > microseconds(rules.window)
