"""A source as its format has it: rows that are events, and columns that play the roles."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hourglass.engines.sqltext import identifier, literal
from hourglass.errors import DataError
from hourglass.formats import ROLES, Format
from hourglass.sources import scans
from hourglass.sources.places import NOBODY, Place, Writer, parse
from hourglass.sources.roles import no_column
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging

SHAPED = "hourglass_shaped"
EVENT, TIME = "name of the column", "time in it"
"""Columns of rows that were one column each: shown to people as the roles they play."""
ELEMENT = "{place}"
"""The column of the place of an element in its list, from 1."""

_PEOPLE = ("user", "session", "referrer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """The relation, and what plays a role in it."""

    source: Relation
    roles: Mapping[str, str]
    """Role to column of the relation, configured or of the format."""
    values: tuple[str, ...] = ()
    """Columns that the format adds."""
    further: Counter[int] = field(default_factory=Counter)
    """Rows by file that are lines of an earlier row and no events."""
    notes: tuple[str, ...] = ()


def steps_of(form: Format, found: Sequence[str]) -> dict[str, str]:
    """Return the columns of times at hand, each with the event that happened then."""
    steps: dict[str, str] = {}
    for pattern, event in form.steps.items():
        before, star, after = pattern.casefold().partition("*")
        for column in found:
            name = column.casefold()
            if not star and name == before:
                steps.setdefault(column, event)
            elif star and len(name) > len(before + after) and (
                name.startswith(before) and name.endswith(after)
            ):  # fmt: skip
                middle = column[len(before) : len(column) - len(after)]
                steps.setdefault(column, event.replace("*", middle))
    return steps


def columns_read(form: Format, found: Sequence[str], needed: Collection[str]) -> set[str]:
    """Return the columns that reading by a format needs, for `needed` columns beside the roles."""
    texts = [*form.columns.values(), *form.dedupe, *form.among]
    texts += [place for name, place in form.values.items() if name.casefold() in needed]
    texts += [text.removeprefix("!") for text in form.recognise]
    texts += [text for text in (form.each, form.further_lines) if text]
    read = {column for text in texts for column in parse(text, found).columns}
    return read | set(steps_of(form, found))


def shape(
    staging: Staging,
    source: Relation,
    found: Sequence[str],
    *,
    form: Format,
    wanted: Mapping[str, str],
    files: Sequence[tuple[str, str]],
) -> Shaped:
    """Bring a source into the shape that its format and the configuration say.

    `wanted` are configured places by role, which go before those of the format; `files` are path
    and name of each file. Raises DataError for a configured place that is not there, and for
    files that lack what the format needs.
    """
    shaping = _Shaping(staging, source)
    shaping.take(found, form, wanted, files)
    return shaping.done()


class _Shaping:
    def __init__(self, staging: Staging, source: Relation) -> None:
        self.staging = staging
        self.source = source
        self.further: Counter[int] = Counter()
        self.notes: list[str] = []

    def take(
        self,
        found: Sequence[str],
        form: Format,
        wanted: Mapping[str, str],
        files: Sequence[tuple[str, str]],
    ) -> None:
        self.form = form
        self.wanted = wanted
        self.files = files
        self.steps = steps_of(form, found)
        self.found = [*found, *([ELEMENT] if form.each else ())]
        self.places = {role: place for role in ROLES if (place := self._place(role))}

    def done(self) -> Shaped:
        values = {
            name: place
            for name, text in self.form.values.items()
            if name not in self.found and (place := parse(text, self.found)).choices
        }
        if self.form.each or self.steps or self.form.further_lines:
            self._make_rows()
        roles = {role: self._name(role, place) for role, place in self.places.items()}
        written = {
            **{roles[role]: self._written(role, place) for role, place in self.places.items()
               if roles[role] != place.plain},
            **{name: self._writer().value(place) for name, place in values.items()},
        }  # fmt: skip
        if written:
            self._add(written)
        if self.steps:
            roles = {"event": EVENT, "timestamp": TIME, **roles}
        self._refuse_nothing(roles)
        return Shaped(
            source=self.source,
            roles={role: roles[role] for role in ROLES if role in roles},
            values=tuple(values),
            further=self.further,
            notes=tuple(self.notes),
        )

    def _place(self, role: str) -> Place | None:
        """Find what plays a role; null is not known here."""
        text = self.wanted.get(role, self.form.columns.get(role))
        if not text:
            return None
        place = parse(text, self.found)
        if not place.choices and role in self.wanted:
            raise no_column(role, text, self.found)
        return place if place.choices else None

    def _name(self, role: str, place: Place) -> str:
        """Name the column of a role as people know it."""
        text = self.wanted.get(role) or self.form.columns[role]
        own = [name for name, said in (("lower case", role in self.form.lower_case),
               ("where it is one", role in self.form.nothing),
               (f"of {', '.join(self.form.revenue_of)}", role == "revenue"
                and self.form.revenue_of)) if said]  # fmt: skip
        if place.plain and not own:
            return place.plain
        name = place.plain or text
        return f"{name} ({', '.join(own)})" if own else name

    def _written(self, role: str, place: Place) -> str:
        nothing = (*(NOBODY if role in _PEOPLE else ("",)), *self.form.nothing.get(role, ()))
        value = self._writer().value(place, nothing)
        if role in self.form.lower_case:
            value = f"lower({value})"
        if role == "revenue" and self.form.revenue_of:
            events = ", ".join(map(literal, self.form.revenue_of))
            event = f"s.{identifier(EVENT)}" if self.steps else self._written(
                "event", self.places["event"])  # fmt: skip
            value = f"CASE WHEN {event} IN ({events}) THEN {value} END"
        return value

    def _writer(self) -> Writer:
        number = self.source.file
        if not self.source.staged:
            number = f"list_position({literal([path for path, _ in self.files])}, {number})"
        names = [name for _, name in self.files]
        return Writer(columns=self.source.columns, file=number, names=names)

    def _add(self, written: Mapping[str, str]) -> None:
        """Add columns to the relation: text once and for all, Parquet as it is asked."""
        added = ", ".join(f"{value} AS {identifier(name)}" for name, value in written.items())
        source = self.source
        if not source.staged:
            hidden = [source.row, *(["filename"] if source.file == "s.filename" else ())]
            rows = ", ".join(["s.*", *(f"s.{one}" for one in hidden), added])
            text = f"(SELECT {rows} FROM {source.text} AS s)"
            described = self.staging.rows(f"DESCRIBE {text[1:-1]}")
            kinds = {str(name): str(kind) for name, kind, *_ in described}
            added_kinds = {name: kinds[name] for name in written}
            self.source = replace(source, text=text, columns={**source.columns, **added_kinds})
            return
        self._replace(f"SELECT s.*{self._row()}, {added} FROM {source.text} AS s")

    def _make_rows(self) -> None:
        """Make a row of each event."""
        if not self.source.staged:
            self.source = self.staging.parquet(self.source, [path for path, _ in self.files])
        rows = f"SELECT s.*{self._row()} FROM {self.source.text} AS s"
        if self.form.further_lines:
            rows += self._without_lines(self.form.further_lines)
        if self.form.each:
            rows = self._each(rows, self.form.each)
        if self.steps:
            rows = self._unpivoted(rows)
        self._replace(rows)

    def _row(self) -> str:
        """Write the place of a row in its file, which it keeps whatever is made of it."""
        if self.source.place:
            return ""
        firsts = self.staging.first_rows(self.source)
        first = f"list_extract({literal(firsts)}, {self.source.file})"
        return f", s.rowid - {first} AS {identifier(scans.PLACE)}"

    def _without_lines(self, text: str) -> str:
        key = self._writer().value(parse(text, self.found))
        line = (
            f"{key} IS NOT NULL AND s.rowid NOT IN (SELECT min(s.rowid)"
            f" FROM {self.source.text} AS s WHERE {key} IS NOT NULL GROUP BY {key})"
        )
        counted = self.staging.rows(
            f"SELECT {self.source.file}, count(*) FROM {self.source.text} AS s"
            f" WHERE {line} GROUP BY ALL"
        )
        self.further = Counter({int(str(file)): int(str(count)) for file, count in counted})
        if total := self.further.total():
            self.notes.append(
                f"{total:,} rows are further lines of an earlier row (same {text}):"
                " no events of their own, they count as duplicates"
            )
        return f" WHERE NOT ({line})"

    def _each(self, rows: str, column: str) -> str:
        (name,) = parse(column, self.found).columns or (column,)
        whole = f"s.{identifier(name)}"
        elements = (
            f"CASE WHEN json_valid({whole}) AND json_array_length({whole}) > 0"
            f" THEN json_extract({whole}, '$[*]')::VARCHAR[] ELSE [NULL]::VARCHAR[] END"
        )
        self.notes.append(f'each element of "{name}" is a row')
        return (
            f"SELECT s.* EXCLUDE ({identifier(name)}), unnest({elements}) AS {identifier(name)},"
            f" generate_subscripts({elements}, 1) AS {identifier(ELEMENT)} FROM ({rows}) AS s"
        )

    def _unpivoted(self, rows: str) -> str:
        cells = ", ".join(
            f"{{e: {literal(event)}, t: s.{identifier(column)}}}"
            for column, event in self.steps.items()
        )
        filled = f"list_filter([{cells}], lambda p: trim(p.t) <> '')"
        cell = f"unnest(CASE WHEN len({filled}) > 0 THEN {filled} ELSE [{{e: NULL, t: NULL}}] END)"
        told = ", ".join(f"{column} = {event}" for column, event in self.steps.items())
        self.notes.append(f"each filled column of times is a row: {told}")
        return (
            f"SELECT * EXCLUDE (cell), cell.e AS {identifier(EVENT)}, cell.t AS {identifier(TIME)}"
            f" FROM (SELECT s.*, {cell} AS cell FROM ({rows}) AS s)"
        )

    def _replace(self, rows: str) -> None:
        """Put other rows into the place of those at hand."""
        self.staging.run(f"CREATE OR REPLACE TEMP TABLE {SHAPED} AS {rows}")
        self.staging.run(f"DROP TABLE {scans.STAGED}")
        self.staging.run(f"ALTER TABLE {SHAPED} RENAME TO {scans.STAGED}")
        self.source = self.staging.described(lines=self.source.lines)

    def _refuse_nothing(self, roles: Mapping[str, str]) -> None:
        """Raise DataError for a nested place that was asked for and is in no row."""
        for role, column in roles.items():
            if role not in self.wanted or self.places[role].certain:
                continue
            rows = f"SELECT 1 FROM {self.source.text} AS s"
            there = f"{rows} WHERE {self.source.ref(column)} IS NOT NULL LIMIT 1"
            if not self.staging.rows(there) and self.staging.rows(f"{rows} LIMIT 1"):
                raise DataError(
                    f'{role}: no row has a value at "{self.wanted[role]}"',
                    f"correct {role} under [columns]; hourglass inspect shows what is there",
                )
