"""Why each event of a person counts or not, beside the attempt that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from hourglass.analyses.attempts import microseconds
from hourglass.analyses.dealing import Row, Strike, Verdict, dealt
from hourglass.analyses.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge(Trail):
    """Judges each event of a person by the trail."""

    def verdicts(self, rows: Sequence[Row]) -> list[Verdict]:
        """Judge each event; `rows` hold all that the chosen attempt can be made of."""
        filled: dict[int, list[int]] = {}
        rules = self.question.rules
        tolerated = microseconds(rules.tie_tolerance)
        held = [row for row in rows if rules.hold is None or row.value == self.value]
        found = self.own or dealt(held, self.reached(), reuse=rules.reuse, tolerated=tolerated)
        for position, n in found.items():
            filled.setdefault(n, []).append(position)
        return [
            self._used(row, filled[row.n]) if row.n in filled else self._unused(row) for row in rows
        ]

    def _used(self, row: Row, positions: list[int]) -> Verdict:
        first, last = positions[0], positions[-1]
        at = self.reached()
        if first == self.taken[0]:
            names = [self.name(position) for position in positions[1:]]
            reason = "entry of the chosen attempt"
            reason += f", counts for {', '.join(names)} too" if names else ""
        else:
            reason = f"counts for {', '.join(map(self.name, positions))}"
        ahead = at[last] - row.ts_us
        if ahead:
            reason += f" at the instant of {self.name(self.before(last))}, {ahead / 1e6:g} s later"
            return Verdict(True, reason, "tie_tolerance")
        shared = [one for one in self.awaited if one in row.filling]
        rules = self.question.rules
        if last == self.depth and shared and not rules.reuse and rules.ties == "helpful":
            return Verdict(True, f"{reason}; already used for {self.name(shared[0])}", "reuse")
        return Verdict(True, reason, "entry" if first == self.taken[0] else None)

    def _unused(self, row: Row) -> Verdict:
        """Say what stands against an event before its place in the attempt is looked at."""
        if row.excludes and (struck := self._striking(row)):
            return struck
        if not row.stages:
            return self._beside_the_model(row)
        if not self.bounds.since_us <= row.ts_us < self.bounds.read_until_us:
            return Verdict(False, "outside the period", "range")
        if not row.fills:
            return self._narrowed(row)
        return self._unheld(row) or self._placed(row)

    def _placed(self, row: Row) -> Verdict:
        if not self.times:
            return self._lost_person(row)
        return self._in_earlier_line(row) or self._judge(row.ts_us, row.filling)

    def _in_earlier_line(self, row: Row) -> Verdict | None:
        """Say of an event that the file has it before that of the stage before, at its instant."""
        position = self._decisive(row.filling)
        if not self.own or position <= self.taken[0]:
            return None
        last = self.before(position)
        if row.ts_us != self.reached()[last] or row.n >= self.own[last]:
            return None
        reason = f"at the instant of {self.name(last)}, in an earlier line"
        return Verdict(False, reason, "ties")

    def _beside_the_model(self, row: Row) -> Verdict:
        if row.excludes:
            return Verdict(False, "strikes no attempt that is not struck already", "exclusion")
        return Verdict(False, "not in the model")

    def _unheld(self, row: Row) -> Verdict | None:
        """Say of an event that it does not carry the value that the attempt holds."""
        hold = self.question.rules.hold
        if hold is None or row.value == self.value is not None:
            return None
        if row.value is None:
            return Verdict(False, f"carries no {hold}", "hold")
        if self.times:
            return Verdict(False, f"another {hold} than that of the attempt, {self.value}", "hold")
        return None

    def _striking(self, row: Row) -> Verdict | None:
        strike = Strike(row.ts_us, row.event)
        struck = [entered for entered, one in self.strikes.items() if one == strike]
        if not struck:
            return None
        which = f"the attempt from {self.clock(struck[0])}"
        more = f" and {len(struck) - 1} more" if len(struck) > 1 else ""
        return Verdict(False, f"excludes: strikes {which}{more}", "exclusion")

    def _narrowed(self, row: Row) -> Verdict:
        """Say of an event that matches stages which none of them takes."""
        stage = self.question.model.stages[row.positions[0] - 1]
        if stage.nth is not None:
            return Verdict(False, f"not number {stage.nth} of {stage.name} in the period", "nth")
        return Verdict(False, f"not the first, which alone counts for {stage.name}", "first_time")

    def _lost_person(self, row: Row) -> Verdict:
        """Judge an event of somebody without any attempt that counts."""
        rules, ts = self.question.rules, row.ts_us
        if row.filling[0] > 1 and not rules.enters_anywhere:
            if self.strikes:
                return Verdict(False, "no attempt of this person counts", "exclusion")
            return Verdict(False, f"before its turn: {self.name(1)} was not reached", "order")
        if ts >= self.bounds.until_us:
            return Verdict(False, "outside the period", "range")
        if ts in self.strikes:
            return Verdict(False, f"its attempt is struck by {self._strike(ts)}", "exclusion")
        if ts in self.attempts:
            return Verdict(False, "an attempt that came further is struck", "exclusion")
        return self._only(rules.entry)

    def _strike(self, entered: int) -> str:
        strike = self.strikes[entered]
        return f"{strike.event} at {self.clock(strike.ts_us)}"

    def _only(self, entry: str) -> Verdict:
        return Verdict(False, f"only the {entry} entry may start an attempt", "entry")

    def _judge(self, ts: int, positions: Sequence[int]) -> Verdict:
        position = self._decisive(positions)
        first = self.taken[0]
        if position <= first:
            return self._entry(ts) if position == first else self._beside(ts, position)
        if position > self.depth:
            cut = self.strikes.get(self.times[0])
            if cut and ts > cut.ts_us:
                reason = f"after {self._strike(self.times[0])}, which strikes the attempt"
                return Verdict(False, reason, "exclusion")
            if position not in self.awaited:
                return self._ahead(ts)
        return self._next(position, ts)

    def _decisive(self, positions: Sequence[int]) -> int:
        """Which of its stages an event is judged for: one never reached, else the earliest."""
        first = self.taken[0]
        inside = [p for p in self.awaited if p in positions] + [p for p in positions if p > first]
        return inside[0] if inside else first if first in positions else positions[0]

    def _entry(self, ts: int) -> Verdict:
        entered, rules = self.times[0], self.question.rules
        if ts >= self.bounds.until_us:
            return Verdict(False, "outside the period: entries end with it", "range")
        kind = "earlier entry" if ts < entered else "later entry"
        if ts == entered:
            return Verdict(False, "another event of this instant is the entry", "entry")
        if rules.entry != "best":
            return Verdict(
                False, f"{kind}: only the {rules.entry} one may start an attempt", "entry"
            )
        if ts in self.strikes and rules.exclusion != "keep":
            return Verdict(False, f"{kind}: struck by {self._strike(ts)}", "exclusion")
        return Verdict(False, f"{kind}: not chosen because {self._lost(ts)}", "entry")

    def _lost(self, entered: int) -> str:
        """Why another attempt than that of an entry was chosen."""
        if entered not in self.attempts:
            return "another attempt is the better one"
        reached, arrived = self.attempts[entered]
        if reached < self.depth:
            return f"its attempt comes only to {self.name(reached)}"
        if arrived > self.times[-1]:
            return f"its attempt comes to {self.name(reached)} later"
        return "a later entry leads to the same"

    def _beside(self, ts: int, position: int) -> Verdict:
        """Judge an event that could begin an attempt with an earlier stage than the chosen one."""
        if ts >= self.bounds.until_us:
            return Verdict(False, "outside the period: entries end with it", "range")
        here, deepest = self.name(position), self.name(self.depth)
        return Verdict(False, f"no attempt from {here} comes to {deepest}", "closed")

    def _next(self, position: int, ts: int) -> Verdict:
        """Judge an event of a stage that the attempt could come to."""
        stage, at = self.question.model.stages[position - 1], self.reached()
        last = self.before(position)
        here, previous, before = self.name(position), self.name(last), at[last]
        if ts < before:
            return self._too_early(position, ts)
        if position in at and ts >= at[position]:
            return Verdict(False, f"{here} was reached already", "order")
        if position < self.depth and position not in at:
            return self._left_out(position, ts)
        if ts - before < microseconds(stage.min_gap):
            return Verdict(False, f"inside min_gap of {here}", "min_gap")
        if ts == before and self.question.rules.ties == "later":
            return Verdict(False, f"at the instant of {previous}, not later", "ties")
        return self._out_of_time(position, ts)

    def _too_early(self, position: int, ts: int) -> Verdict:
        if position in self.taken and self._tolerated(position, ts):
            return Verdict(False, f"{self.name(position)} was reached by another event", "order")
        previous = self.name(self.before(position))
        return Verdict(False, f"before its turn: {previous} was not reached yet", "order")

    def _left_out(self, position: int, ts: int) -> Verdict:
        """Judge an event of a stage that the attempt goes on without."""
        here = self.name(position)
        following = min(one for one in self.taken if one > position)
        if ts > self.reached()[following]:
            return Verdict(False, f"too late for {here}: {self.name(following)} came", "order")
        reason = f"{here} is optional: the attempt that counts is the better one without"
        return Verdict(False, reason, "optional")

    def _tolerated(self, position: int, ts: int) -> bool:
        """Whether an event before the stage before it would have done as well."""
        allowed = microseconds(self.question.rules.tie_tolerance)
        gap = self.question.model.stages[position - 1].min_gap
        return not gap and self.reached()[self.before(position)] - ts <= allowed

    def _out_of_time(self, position: int, ts: int) -> Verdict:
        here = self.name(position)
        strict = self.question.rules.order == "strict"
        if position <= self.depth:
            if strict:
                reason = "too early: something lies between it and what follows"
                return Verdict(False, reason, "order")
            if self.question.model.optional:
                reason = f"a later event of {here} leads on better"
                return Verdict(False, reason, "optional")
            return Verdict(False, f"too early to lead on from {here} in time", "within")
        if self.after_window(ts, self.times[-1]):
            return Verdict(False, "after the window", "window")
        if strict and ts in self.between:
            return Verdict(False, self._lay_between(*self.between[ts]), "order")
        return Verdict(False, f"later than within of {here}", "within")

    def _lay_between(self, event: str, ts: int) -> str:
        return f"{event} at {self.clock(ts)} lay between {self.name(self.depth)} and this"

    def _ahead(self, ts: int) -> Verdict:
        if self.question.rules.window_from == "entry" and self.after_window(ts, ts):
            return Verdict(False, "after the window", "window")
        return Verdict(False, f"before its turn: {self.missed()} was not reached", "order")
