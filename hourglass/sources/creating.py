"""The last step from files to `events`: a view or a table of the rows whose shape is known."""

from collections.abc import Sequence

from hourglass.engines.sqltext import identifier
from hourglass.sources import scans, view
from hourglass.sources.staging import Staging
from hourglass.sources.view import Shape


def create(
    staging: Staging,
    shape: Shape,
    name: str,
    *,
    rows: int,
    repeats: int,
    in_order: bool,
    numbered: Sequence[str] | None,
) -> Shape:
    """Make the relation `name`; return the shape that says whether rows had to be left out.

    A view does where nothing of a row must be worked out. Else a table is made of all rows
    first, so that the time of each is read once. Of the `rows` read, `repeats` are duplicates;
    `numbered` are the paths of the files whose rows get their numbers along, if they do.
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
    select = made.select(bool(repeats), numbered)
    if in_order:
        select += f" ORDER BY {shape.source.file}, s.{shape.source.row}"
    staging.run(f"CREATE TEMP {kind} {identifier(name)} AS {select}")
    if view_suffices:
        return shape
    staging.run(shape.drop_bad(name))
    left = staging.rows(f"SELECT count(*) FROM {identifier(name)}")[0][0]
    return shape._replace(bad_rows=left != rows - repeats)


def _held(staging: Staging, shape: Shape, name: str) -> Shape:
    """Let the rows staged be the rows of `events`, for as long as there is a view of them."""
    held = identifier(f"hourglass_{name}")
    staging.rows(f"DROP TABLE IF EXISTS temp.{held}")
    staging.run(f"ALTER TABLE {scans.STAGED} RENAME TO {held}")
    return shape._replace(source=shape.source._replace(text=held))
