"""The way from files to `events`, one step after the other."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import duckdb

from hourglass.errors import DataError
from hourglass.reading import Decimal, Reading
from hourglass.sources import columns, needs, parquet, places, shaping
from hourglass.sources.clocks import find_clock
from hourglass.sources.container import Container
from hourglass.sources.creating import make_events
from hourglass.sources.day_times import day_and_time
from hourglass.sources.duplicates import find_key, key_names
from hourglass.sources.facts import Attached, Known
from hourglass.sources.inference import Roles, find_roles, some_nobody
from hourglass.sources.money import settle_amounts
from hourglass.sources.odd_ids import told_nameless, told_odd
from hourglass.sources.parquet import Unlike
from hourglass.sources.recognition import PLAIN, Recognition
from hourglass.sources.refusals import refuse_strangers, told_others, without_absent
from hourglass.sources.rejects import first_place
from hourglass.sources.roles import IDS, candidates, only_times
from hourglass.sources.scans import Relation
from hourglass.sources.shaping import Shaped
from hourglass.sources.staging import Staging
from hourglass.sources.times import Clock
from hourglass.sources.view import Shape


class Attaching:
    """One call of `attach`."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        containers: list[Container],
        wanted: dict[str, str],
        needed: Collection[str] | None,
        name: str,
    ) -> None:
        self.staging = Staging(connection)
        self.containers = containers
        self.wanted = wanted
        self.guessed: set[str] = set()
        self.needed = needed
        self.name = name
        self.numbered = False
        self.known = Known()
        self.reading = Reading()
        self.form = PLAIN
        self.unlike: Unlike | None = None
        self.recognition = Recognition(self.reading, containers)

    def take(self, reading: Reading) -> None:
        """Take what a person said of the text."""
        self.reading = reading
        self.recognition = Recognition(reading, self.containers)
        name = reading.event_name
        if name:
            self.wanted["event"] = name if name == places.FILE_NAME else places.quoted(name)

    def done(self, notes: Sequence[str]) -> Attached:
        """Make `events`, and say what is known about it."""
        source, found = self._source()
        self.form = self.recognition.chosen(self.staging, source, found)
        source, found, wrapped = self._unwrapped(source, found)
        self.wanted, absent = without_absent(
            self.wanted, self.known.roles, found, [one.file.name for one in self.containers]
        )
        self._look_for_times(source, found)
        source, read, clock_notes = self._moments(source, found)
        shaped = shaping.shape(
            self.staging,
            source,
            found,
            form=self.form,
            wanted=self.wanted,
            files=[(str(one.path), one.file.name) for one in self.containers],
        )
        source, found = shaped.source, [*found, *shaped.values]
        roles = self._roles(shaped, found)
        roles, key = find_key(self.staging, source, roles, self.reading, self.form)
        roles, decimal = settle_amounts(
            self.staging,
            source,
            roles,
            self.reading.decimal,
            self.form,
            earlier=self.known.decimal,
        )
        refuse_strangers(self.containers, self.wanted, self.form, roles.columns)
        guessed = {one: roles.columns[one] for one in roles.guessed}
        others = told_others(self.containers, guessed)
        if not self.form.name:
            others += told_nameless(self.staging, source, found, guessed)
        clock = Clock("read")
        if source.staged or read != roles.columns["timestamp"]:
            clock, clock_notes = self._clock(source, roles.columns["timestamp"])
        shape = self._shape(source, found, roles.columns, clock, decimal)
        odd = told_odd(self.staging, source, roles.columns)
        declared = key_names(source, found, roles.columns, self.reading, self.form)
        made = make_events(
            self.staging,
            shape,
            key,
            self.containers,
            name=self.name,
            form=self.form.name,
            in_order=self.reading.in_order,
            numbered=self.numbered,
            further=shaped.further,
            told_apart=bool(declared or self.reading.dedupe) or "event_id" in roles.columns,
        )
        return Attached(
            files=made.files,
            format=", ".join(dict.fromkeys(one.format for one in made.files)),
            roles=roles.columns,
            columns=columns.all_of(self.staging, self.name, made.shape, found),
            notes=(
                *notes,
                *wrapped,
                *absent,
                *self.recognition.told(self.form),
                *shaped.notes,
                *roles.notes,
                *columns.told_twins(self.staging.twins, self.containers, roles.columns),
                *others,
                *(self.unlike.notes([read or ""]) if self.unlike else ()),
                *clock_notes,
                *odd,
                *made.notes,
            ),
            examples=made.examples,
            key=declared,
            source_format=self.form.name,
            currencies=roles.currencies,
            decimal=decimal,
            statements=("SET TimeZone = 'UTC'", *self.staging.statements),
        )

    def _look_for_times(self, source: Relation, found: Sequence[str]) -> None:
        """Find what has the times where nobody says so, and no usual name, or not all of it."""
        if self.form.name or "timestamp" in self.wanted:
            return
        known = self.known.roles.get("timestamp", "")
        if known not in found and places.parse(known, found).choices:
            place: str | None = known  # as all rows before: there may be none here to tell it by
        else:
            place = day_and_time(self.staging, source, found)
        if not place and not candidates(found, "timestamp"):
            files = [one.dialect.columns for one in self.containers if one.dialect]
            place = only_times(found, files)
        if place:
            self.wanted["timestamp"] = place
            self.guessed.add("timestamp")

    def _place(self, source: Relation, column: str, condition: str) -> str:
        return first_place(self.staging, source, self.containers, column, condition)

    def _source(self) -> tuple[Relation, list[str]]:
        if self.containers[0].kind == "parquet":
            return self._parquet()
        source, found, self.containers = self.staging.text(self.containers, self._kept, self._timed)
        return source, found

    def _kept(self, found: Sequence[str]) -> list[str] | None:
        forms = self.recognition.fitting(found)
        return needs.kept(self.needed, found, forms, self.wanted, self.reading.dedupe)

    def _timed(self, found: Sequence[str]) -> str | None:
        """Name the column of the times, where its name and nothing else says it.

        A format may look at texts, and so does a key of whole rows.
        """
        if self.recognition.fitting(found) or self.reading.dedupe:
            return None
        place = self.wanted.get("timestamp")
        columns = [place] if place else candidates(found, "timestamp")
        return columns[0] if columns and columns[0] in found else None

    def _unwrapped(
        self, source: Relation, found: list[str]
    ) -> tuple[Relation, list[str], tuple[str, ...]]:
        """Take the elements of the one list inside of JSON objects that are no events themselves.

        Return what was done as a note.
        """
        if not source.lines or (self._plays("user", found) and self._plays("timestamp", found)):
            return source, found, ()
        one = self.staging.wrapper(found)
        if one is None or not (self._plays("user", one.inside) or self._fits(one.inside)):
            return source, found, ()
        source, found = self.staging.unwrapped(one, self._kept)
        self.form = self.recognition.chosen(self.staging, source, found)
        return source, found, (one.told,)

    def _plays(self, role: str, names: Sequence[str]) -> bool:
        """Say whether one of some columns plays a role, as told or by its name."""
        place = self.wanted.get(role) or self.form.columns.get(role)
        if place:
            return bool(places.parse(place, names).columns)
        return bool(candidates(names, role))

    def _fits(self, names: Sequence[str]) -> bool:
        return not self.recognition.said and bool(self.recognition.fitting(names))

    def _parquet(self) -> tuple[Relation, list[str]]:
        paths = [str(one.path) for one in self.containers]
        try:
            source, self.unlike = parquet.read(self.staging, paths)
        except DataError as error:
            raise DataError(
                f"{self.containers[0].file.name} could not be read: {error.message}",
                "export it again, or copy it again",
            ) from error
        return source, list(source.columns)

    def _moments(
        self, source: Relation, found: Sequence[str]
    ) -> tuple[Relation, str | None, list[str]]:
        """Read times file by file, where Parquet has them in types that nothing but text holds.

        Return the column of these times, and what was assumed.
        """
        place = self.wanted.get("timestamp") or self.form.columns.get("timestamp")
        named = [places.parse(place, found).plain] if place else candidates(found, "timestamp")
        column = named[0] if named else None
        if not self.unlike or not column or not self.unlike.is_text(column):
            return source, None, []
        moments, notes = self.unlike.moments(column, self._clock)
        return self.unlike.relation(self.staging, moments), column, notes

    def _clock(self, source: Relation, column: str) -> tuple[Clock, list[str]]:
        place = partial(self._place, source)
        return find_clock(self.staging, source, column, self.reading, place, form=self.form)

    def _roles(self, shaped: Shaped, found: Sequence[str]) -> Roles:
        return find_roles(
            self.staging,
            shaped.source,
            found,
            shaped.roles,
            named=self.wanted.keys() - self.guessed,
            form=self.form.name,
            files=[one.file.name for one in self.containers],
            known=self.known.roles,
        )

    def _shape(
        self,
        source: Relation,
        found: Sequence[str],
        roles: Mapping[str, str],
        clock: Clock,
        decimal: Decimal | None,
    ) -> Shape:
        heads = needs.heads(self.needed, found, [self.form], roles)
        ids = [roles[role] for role in IDS if role in roles]
        return Shape(
            source=source,
            roles=roles,
            clock=clock,
            decimal=decimal,
            others=columns.others(self.staging, source, found, roles, heads),
            nobody=some_nobody(self.staging, source, ids),
        )
