"""Why each event counts or not where any order does: windows, and the one that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from hourglass.analyses.dealing import Row, Verdict
from hourglass.analyses.verdicts import Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Judge):
    """The chosen window, in which the k-th stage to come is row k of the funnel.

    `taken` are the stages that came, in the order in which they did.
    """

    @property
    def depth(self) -> int:
        """How many stages came inside the window."""
        return len(self.taken)

    @property
    def awaited(self) -> list[int]:
        """Positions of the stages that did not come inside the window."""
        everything = range(1, len(self.question.model.stages) + 1)
        return [position for position in everything if position not in self.taken]

    def missed(self) -> str:
        """Name the stages that did not come inside the window."""
        return ", ".join(map(self.name, self.awaited))

    def _used(self, row: Row, positions: list[int]) -> Verdict:
        rows = [self.taken.index(position) + 1 for position in positions]
        named = [f"{self.name(p)} (any {k})" for p, k in zip(positions, rows, strict=True)]
        if 1 in rows:
            return Verdict(True, f"opens the chosen window, counts for {', '.join(named)}", "entry")
        return Verdict(True, f"counts for {', '.join(named)}")

    def _judge(self, ts: int, positions: Sequence[int]) -> Verdict:
        if ts < self.times[0]:
            return self._earlier(ts)
        if ts - self.times[0] > self.bounds.window_us:
            return Verdict(False, "after the window", "window")
        names = ", ".join(self.name(position) for position in positions)
        return Verdict(False, f"{names} came already in this window", "order")

    def _earlier(self, ts: int) -> Verdict:
        only = self.question.rules.entry
        if only != "best":
            return Verdict(False, f"earlier: only the {only} may open a window", "entry")
        if ts in self.strikes:
            return Verdict(
                False, f"earlier: the window it opens is struck by {self._strike(ts)}", "exclusion"
            )
        if ts not in self.attempts:
            return Verdict(False, "earlier: another window is the better one", "entry")
        k = self.attempts[ts][0]
        return Verdict(False, f"earlier: the window it opens comes only to any {k}", "entry")
