"""A source as its format has it: rows that are events, and columns that play the roles."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from hourglass.engines.sqltext import identifier, literal
from hourglass.errors import DataError
from hourglass.formats import ROLES, UNRECOGNISED, Format
from hourglass.sources.places import NOBODY, Place, Writer, parse
from hourglass.sources.roles import REQUIRED, no_columns
from hourglass.sources.rows import ELEMENT, EVENT, make_rows, place, replaced, steps_of
from hourglass.sources.scans import TIME, Relation
from hourglass.sources.staging import Staging

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


def columns_read(form: Format, found: Sequence[str], needed: Collection[str]) -> set[str]:
    """Return the columns that reading by a format needs, for `needed` columns beside the roles."""
    texts = [*form.columns.values(), *form.dedupe, *form.among]
    texts += [place for name, place in form.values.items() if name.casefold() in needed]
    texts += [text.removeprefix("!") for text in form.recognise]
    texts += [text for text in (form.each, form.further_lines, form.currency) if text]
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
    named = [*found, *([ELEMENT] if form.each else ())]
    texts = {**form.columns, **wanted}
    places = {role: parse(texts[role], named) for role in ROLES if texts.get(role)}
    _refuse_strangers(form, found, wanted, places, files[0][1])
    places = {role: one for role, one in places.items() if one.choices}
    values = {
        name: one
        for name, text in form.values.items()
        if name not in found and (one := parse(text, named)).choices
    }
    made = make_rows(staging, source, form, found, [path for path, _ in files])
    columns = {role: _name(role, one, texts[role], form) for role, one in places.items()}
    writer = _writer(made.source, files)
    derived = {
        columns[role]: _written(role, places, form, writer)
        for role, one in places.items()
        if columns[role] != one.plain
    }
    # what no question asks for was not read
    derived |= {
        name: writer.value(one)
        for name, one in values.items()
        if set(one.columns) <= made.source.columns.keys()
    }
    source = _with(staging, made.source, derived) if derived else made.source
    roles = {**({"event": EVENT, "timestamp": TIME} if form.steps else {}), **columns}
    uncertain = {role: columns[role] for role in wanted if wanted[role]
                 and not places[role].certain}  # fmt: skip
    _refuse_empty(staging, source, uncertain, wanted)
    return Shaped(
        source=source,
        roles={role: roles[role] for role in ROLES if role in roles},
        values=tuple(values),
        further=made.further,
        notes=made.notes,
    )


def _refuse_strangers(
    form: Format,
    found: Sequence[str],
    wanted: Mapping[str, str],
    places: Mapping[str, Place],
    file: str,
) -> None:
    """Raise DataError where places are missing: configured ones, or one the format is built on."""
    wrong = {role: text for role, text in wanted.items() if text and not places[role].choices}
    if wrong:
        raise no_columns(wrong, found)
    needs = {f"which holds the {role}": form.columns[role] for role in REQUIRED
             if role in places and not places[role].choices}  # fmt: skip
    for column in (form.each, form.further_lines):
        if column and not parse(column, found).choices:
            needs["which its rows are told by"] = column
    if form.steps and not steps_of(form, found):
        needs["which holds times"] = " or ".join(form.steps)
    for what, text in needs.items():
        raise DataError(
            f"{file} is not of the format {form.name}: it has no column {text}, {what}",
            f"--source-format {UNRECOGNISED} reads by names of columns alone",
        )


def _name(role: str, one: Place, text: str, form: Format) -> str:
    """Name the column of a role as people know it."""
    said = []
    if role in form.lower_case:
        said.append("lower case")
    if role in form.nothing:
        said.append(f"not {', '.join(form.nothing[role])}")
    if role == "revenue" and form.revenue_of:
        said.append(f"of {', '.join(form.revenue_of)}")
    name = one.plain or text
    return f"{name} ({'; '.join(said)})" if said else name


def _written(role: str, places: Mapping[str, Place], form: Format, writer: Writer) -> str:
    """Write the value of a role."""
    nothing = (*(NOBODY if role in _PEOPLE else ("",)), *form.nothing.get(role, ()))
    value = writer.value(places[role], nothing, between=" " if role == "timestamp" else ".")
    if role in form.lower_case:
        value = f"lower({value})"
    if role == "revenue" and form.revenue_of:
        event = f"s.{identifier(EVENT)}"
        if "event" in places:
            event = _written("event", places, form, writer)
        events = ", ".join(map(literal, form.revenue_of))
        value = f"CASE WHEN {event} IN ({events}) THEN {value} END"
    return value


def _writer(source: Relation, files: Sequence[tuple[str, str]]) -> Writer:
    number = source.file
    if not source.staged:
        number = f"list_position({literal([path for path, _ in files])}, {number})"
    return Writer(columns=source.columns, file=number, names=[name for _, name in files])


def _with(staging: Staging, source: Relation, derived: Mapping[str, str]) -> Relation:
    """Add columns to the relation: to text once and for all, to Parquet whenever it is read."""
    added = ", ".join(f"{value} AS {identifier(name)}" for name, value in derived.items())
    if source.staged:
        rows = f"SELECT s.*{place(staging, source)}, {added} FROM {source.text} AS s"
        return replaced(staging, source, rows)
    of_engine = ("s.file_row_number", "s.filename")
    hidden = [one for one in (f"s.{source.row}", source.file) if one in of_engine]
    rows = f"SELECT {', '.join(['s.*', *hidden, added])} FROM {source.text} AS s"
    described = {str(name): str(kind) for name, kind, *_ in staging.rows(f"DESCRIBE {rows}")}
    kinds = {name: described[name] for name in derived}
    return source._replace(text=f"({rows})", columns={**source.columns, **kinds})


def _refuse_empty(
    staging: Staging, source: Relation, columns: Mapping[str, str], wanted: Mapping[str, str]
) -> None:
    """Raise DataError for a nested place that was asked for and is in no row."""
    for role, column in columns.items():
        rows = f"SELECT 1 FROM {source.text} AS s"
        there = f"{rows} WHERE {source.ref(column)} IS NOT NULL LIMIT 1"
        if not staging.rows(there) and staging.rows(f"{rows} LIMIT 1"):
            raise DataError(
                f'{role}: no row has a value at "{wanted[role]}"',
                f"correct {role} under [columns]; hourglass inspect shows what is there",
            )
