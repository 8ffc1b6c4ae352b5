"""The last step from files to `events`: a view or a table of the rows whose shape is known."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import identifier
from hourglass.sources import scans, view
from hourglass.sources.container import Container
from hourglass.sources.counting import count_repeats, count_rows, file_facts
from hourglass.sources.facts import FileFacts
from hourglass.sources.keys import Key
from hourglass.sources.overlaps import LOADING, READING, told_overlaps
from hourglass.sources.refusals import refuse_nothing, refuse_other_orders
from hourglass.sources.rejects import collect_rejects
from hourglass.sources.staging import Staging
from hourglass.sources.view import Shape


class Made(NamedTuple):
    """What was made of files."""

    shape: Shape
    """The shape given, which says now whether rows had to be left out."""
    files: tuple[FileFacts, ...]
    examples: tuple[str, ...]
    """The first rows that cannot be events, as they are told."""
    notes: tuple[str, ...]


def make_events(
    staging: Staging,
    shape: Shape,
    key: Key | None,
    containers: Sequence[Container],
    *,
    name: str,
    form: str,
    in_order: bool,
    numbered: bool,
    further: Counter[int],
    told_apart: bool,
) -> Made:
    """Make the relation `name` of all rows, and the table of those that cannot be events.

    Rows that repeat a `key` are left out, null where none does. Where no id and no declared key has
    `told_apart` all events, it is said which several files have. `numbered` rows get the numbers of
    their files along; `further` rows were read of each file and left out before. DataError if there
    is no event.
    """
    repeats = count_repeats(staging, shape, key, containers) if key else Counter[int]()
    rows = count_rows(staging, shape.source, containers)
    several = len(containers) > 1 and not told_apart
    shape, is_table = _create(
        staging,
        shape,
        name,
        rows=rows.total(),
        repeats=repeats.total(),
        in_order=in_order,
        paths=[str(one.path) for one in containers],
        numbered=numbered,
        several=several,
    )
    table = "rejects" if name == "events" else f"{name}_rejects"
    rejects = collect_rejects(staging, shape, containers, table)
    facts = file_facts(containers, form, rows + further, rejects, repeats + further)
    refuse_nothing(facts, rejects)
    if rejects.examples:
        refuse_other_orders(staging, table, containers)
    notes = _overlapping(staging, shape, containers, name, is_table=is_table) if several else ()
    if several and is_table and not numbered:
        staging.run(f"ALTER TABLE {identifier(name)} DROP COLUMN {identifier(scans.FILE)}")
    if shape.source.text == scans.STAGED:
        staging.run(f"DROP TABLE {scans.STAGED}")
    return Made(shape, facts, rejects.examples, notes)


def _create(
    staging: Staging,
    shape: Shape,
    name: str,
    *,
    rows: int,
    repeats: int,
    in_order: bool,
    paths: Sequence[str],
    numbered: bool,
    several: bool,
) -> tuple[Shape, bool]:
    """Make the relation `name`; say whether rows had to be left out, and whether it is a table.

    A view does where nothing of a row must be worked out. Else a table is made of all rows
    first, so that the time of each is read once. Of the `rows` read, `repeats` are duplicates.
    If they are `numbered`, rows get the numbers of their files along; and those of `several` files
    in a table, whose rows are compared.
    """
    staged = shape.source.staged
    light = not staged or (shape.is_light and not repeats)
    cheap = light and view.is_cheap(shape.clock)
    if view_suffices := cheap and not in_order:
        shape = shape._replace(bad_rows=bool(staging.rows(shape.any_bad())))
        view_suffices = not (staged and shape.bad_rows)
    if view_suffices and staged:
        shape = _held(staging, shape, name)
    old = "TABLE" if staging.rows(view.table_exists(name)) else "VIEW"
    staging.rows(f"DROP {old} IF EXISTS temp.{identifier(name)}")
    kind = "VIEW" if view_suffices else "TABLE"
    made = shape if view_suffices else shape._replace(bad_rows=False)
    along = paths if numbered or (several and not view_suffices) else None
    select = made.select(bool(repeats), along)
    if in_order:
        select += f" ORDER BY {shape.source.file}, s.{shape.source.row}"
    staging.run(f"CREATE TEMP {kind} {identifier(name)} AS {select}")
    if view_suffices:
        return shape, False
    staging.run(shape.drop_bad(name))
    left = staging.rows(f"SELECT count(*) FROM {identifier(name)}")[0][0]
    return shape._replace(bad_rows=left != rows - repeats), True


def _overlapping(
    staging: Staging, shape: Shape, containers: Sequence[Container], name: str, *, is_table: bool
) -> tuple[str, ...]:
    """Say how many events several files have: read from a table, where instants are worked out."""
    paths = [str(one.path) for one in containers]
    spans, told = shape.spans(paths), shape.told(paths)
    if is_table:
        file, rows = identifier(scans.FILE), identifier(name)
        spans = f"SELECT min(ts), max(ts), count(*) FROM {rows} GROUP BY {file}"
        told = f"SELECT user_id AS person, event, ts, {file} AS file FROM {rows}"
    files = [one.file.name for one in containers]
    remedy = READING if name == "events" else LOADING
    return told_overlaps(staging.rows, spans, told, files, remedy)


def _held(staging: Staging, shape: Shape, name: str) -> Shape:
    """Let the rows staged be the rows of `events`, for as long as there is a view of them."""
    held = identifier(f"hourglass_{name}")
    staging.rows(f"DROP TABLE IF EXISTS temp.{held}")
    staging.run(f"ALTER TABLE {scans.STAGED} RENAME TO {held}")
    return shape._replace(source=shape.source._replace(text=held))
