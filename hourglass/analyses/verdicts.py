"""Why each event of a person counts or not, beside the attempt that was chosen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hourglass.analyses.attempts import Bounds, instant, microseconds
from hourglass.analyses.question import Question

_EPOCH = datetime(1970, 1, 1)


def moment_of(ts_us: int) -> datetime:
    """Naive UTC moment of whole microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=ts_us)


def clock(ts_us: int, zone: str) -> str:
    """Write whole microseconds since 1970 as the date and time of a zone, to the second."""
    local = moment_of(ts_us).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S}"


class Verdict(NamedTuple):
    """Whether an event counts, why, and the rule that decides (null: none needed)."""

    used: bool
    reason: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One event: its place in time, when (naive UTC), its name, and a bit for each stage."""

    n: int
    ts: datetime
    event: str
    stages: int

    @property
    def ts_us(self) -> int:
        """Whole microseconds since 1970."""
        return instant(self.ts, 0)

    @property
    def positions(self) -> list[int]:
        """Positions of the stages that it matches."""
        return [place + 1 for place in range(self.stages.bit_length()) if self.stages >> place & 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The chosen attempt, and what it was chosen from."""

    question: Question
    bounds: Bounds
    times: tuple[int, ...]
    """Microseconds at which each stage was reached; empty for a person who never entered."""
    attempts: Mapping[int, tuple[int, int]]
    """How far the attempt of each entry comes, and when it gets there; of very many the first."""
    between: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    """In strict order: what lies just before each event of the stage never reached, and when."""

    def name(self, position: int) -> str:
        """Name of the stage at a position."""
        return self.question.model.stages[position - 1].name

    def verdicts(self, rows: Sequence[Row]) -> list[Verdict]:
        """Judge each event; `rows` hold all that the chosen attempt can be made of."""
        filled: dict[int, list[int]] = {}
        rules = self.question.rules
        tolerated = microseconds(rules.tie_tolerance)
        found = dealt(rows, self.reached(), reuse=rules.reuse, tolerated=tolerated)
        for position, n in found.items():
            filled.setdefault(n, []).append(position)
        return [
            self._used(row, filled[row.n]) if row.n in filled else self._unused(row) for row in rows
        ]

    def reached(self) -> dict[int, int]:
        """Return when each stage that was reached was, by its position in the model."""
        return dict(enumerate(self.times, start=1))

    def missed(self) -> str:
        """Name what would have taken the person further."""
        after = len(self.times) + 1
        return self.name(after) if after <= len(self.question.model.stages) else ""

    def interruption(self) -> tuple[str, int] | None:
        """Find what lay between the stage reached and the next event of the one after, and when."""
        later = [ts for ts in sorted(self.between) if ts > self.times[-1]]
        return self.between[later[0]] if later else None

    def _used(self, row: Row, positions: list[int]) -> Verdict:
        if positions[0] == 1:
            names = [self.name(position) for position in positions[1:]]
            reason = "entry of the chosen attempt"
            reason += f", counts for {', '.join(names)} too" if names else ""
        else:
            reason = f"counts for {', '.join(map(self.name, positions))}"
        ahead = self.times[positions[-1] - 1] - row.ts_us
        if ahead:
            reason += f" at the instant of {self.name(positions[-1] - 1)}, {ahead / 1e6:g} s later"
            return Verdict(True, reason, "tie_tolerance")
        after = len(self.times) + 1
        if positions[-1] == after - 1 and self._shares(row, after):
            return Verdict(True, f"{reason}; already used for {self.name(after)}", "reuse")
        return Verdict(True, reason, "entry" if positions[0] == 1 else None)

    def _shares(self, row: Row, position: int) -> bool:
        """Whether an event that is used would also fit the stage that was never reached."""
        rules = self.question.rules
        return position in row.positions and not rules.reuse and rules.ties == "helpful"

    def _unused(self, row: Row) -> Verdict:
        ts, positions = row.ts_us, row.positions
        if not positions:
            return Verdict(False, "not in the model")
        if not self.bounds.since_us <= ts < self.bounds.read_until_us:
            return Verdict(False, "outside the period", "range")
        if not self.times:
            if positions[0] == 1:
                return Verdict(False, "outside the period", "range")
            return Verdict(False, f"before its turn: {self.name(1)} was not reached", "order")
        position = self._decisive(positions)
        if position == 1:
            return self._entry(ts)
        judge = self._ahead if position > len(self.times) + 1 else self._next
        return judge(position, ts)

    def _decisive(self, positions: Sequence[int]) -> int:
        """Which of its stages an event is judged for: the one never reached, else the earliest."""
        after = len(self.times) + 1
        return after if after in positions else next((p for p in positions if p > 1), 1)

    def _entry(self, ts: int) -> Verdict:
        entered = self.times[0]
        if ts >= self.bounds.until_us:
            return Verdict(False, "outside the period: entries end with it", "range")
        kind = "earlier entry" if ts < entered else "later entry"
        if ts == entered:
            return Verdict(False, "another event of this instant is the entry", "entry")
        if self.question.rules.entry != "best":
            only = self.question.rules.entry
            return Verdict(False, f"{kind}: only the {only} one may start an attempt", "entry")
        return Verdict(False, f"{kind}: not chosen because {self._lost(ts)}", "entry")

    def _lost(self, entered: int) -> str:
        """Why another attempt than that of an entry was chosen."""
        if entered not in self.attempts:
            return "another attempt is the better one"
        reached, arrived = self.attempts[entered]
        if reached < len(self.times):
            return f"its attempt comes only to {self.name(reached)}"
        if arrived > self.times[-1]:
            return f"its attempt comes to {self.name(reached)} later"
        return "a later entry leads to the same"

    def _next(self, position: int, ts: int) -> Verdict:
        """Judge an event of a stage that was reached, or of the one after."""
        stage, before = self.question.model.stages[position - 1], self.times[position - 2]
        here, previous = self.name(position), self.name(position - 1)
        if ts < before:
            if position <= len(self.times) and self._tolerated(position, ts):
                return Verdict(False, f"{here} was reached by another event", "order")
            return Verdict(False, f"before its turn: {previous} was not reached yet", "order")
        if position <= len(self.times) and ts >= self.times[position - 1]:
            return Verdict(False, f"{here} was reached already", "order")
        if ts - before < microseconds(stage.min_gap):
            return Verdict(False, f"inside min_gap of {here}", "min_gap")
        if ts == before and self.question.rules.ties == "later":
            return Verdict(False, f"at the instant of {previous}, not later", "ties")
        return self._out_of_time(position, ts)

    def _tolerated(self, position: int, ts: int) -> bool:
        """Whether an event before the stage before it would have done as well."""
        allowed = microseconds(self.question.rules.tie_tolerance)
        gap = self.question.model.stages[position - 1].min_gap
        return not gap and self.times[position - 2] - ts <= allowed

    def _out_of_time(self, position: int, ts: int) -> Verdict:
        before, here = self.times[position - 2], self.name(position)
        strict = self.question.rules.order == "strict"
        if position <= len(self.times):
            if strict:
                return Verdict(
                    False, "too early: something lies between it and what follows", "order"
                )
            return Verdict(False, f"too early to lead on from {here} in time", "within")
        if self._after_window(ts, before):
            return Verdict(False, "after the window", "window")
        if strict and ts in self.between:
            return Verdict(False, self._lay_between(*self.between[ts]), "order")
        return Verdict(False, f"later than within of {here}", "within")

    def _lay_between(self, event: str, ts: int) -> str:
        when = clock(ts, self.question.rules.timezone)
        return f"{event} at {when} lay between {self.name(len(self.times))} and this"

    def _ahead(self, position: int, ts: int) -> Verdict:
        if self.question.rules.window_from == "entry" and self._after_window(ts, ts):
            return Verdict(False, "after the window", "window")
        previous = self.name(position - 1)
        return Verdict(False, f"before its turn: {previous} was not reached", "order")

    def _after_window(self, ts: int, before: int) -> bool:
        rules = self.question.rules
        start = self.times[0] if rules.window_from == "entry" else before
        return ts - start > microseconds(rules.window)


def dealt(
    rows: Iterable[Row], reached: Mapping[int, int], *, reuse: bool, tolerated: int = 0
) -> dict[int, int]:
    """Give each stage that was reached an event: position to the event's `n`.

    `reached` says when, in microseconds; an event is one of that instant, or, where none is, the
    latest that lies at most `tolerated` before it. Without `reuse` no event is given twice: a
    stage whose events are taken asks the stage that took one for another (augmenting paths, as in
    any bipartite matching).
    """
    known = list(rows)
    fit = {
        position: list(_fitting(known, position, ts, tolerated)) for position, ts in reached.items()
    }
    if reuse:
        return {position: found[0] for position, found in fit.items()}
    holder: dict[int, int] = {}

    def take(position: int, asked: set[int]) -> bool:
        for n in fit[position]:
            if n not in asked:
                asked.add(n)
                if n not in holder or take(holder[n], asked):
                    holder[n] = position
                    return True
        return False

    for position in fit:
        take(position, set())
    return {position: n for n, position in sorted(holder.items(), key=lambda one: one[1])}


def _fitting(rows: Sequence[Row], position: int, ts: int, tolerated: int) -> Iterator[int]:
    """Yield the events that a stage may have been reached with, the likeliest first."""
    those = [row for row in rows if row.stages >> (position - 1) & 1]
    exact = [row.n for row in those if row.ts_us == ts]
    yield from exact
    if not exact:
        yield from (row.n for row in reversed(those) if 0 < ts - row.ts_us <= tolerated)
