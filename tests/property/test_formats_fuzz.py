"""Whatever stands where a format has its values: events or a reason, and no row is lost."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files
from hourglass.sources.presets import bundled

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(),
    st.sampled_from(["", "u1", "null", "buy", "2024-01-01 10:00:00", "2024-01-01T10:00:00Z",
                     "1709287200", "1,5", '{"a": 1', "[1]", "{}", "a\tb", 'say "hi"', "\x00"]),
    st.sampled_from([1709287200, 1709287200123, 1709287200123456]),
    st.text(max_size=4),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "value", "time", "id", "name"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)
TAME = st.sampled_from(["2024-01-01 10:00:00", "2024-01-01 10:00:01", "2024-02-01", "", None])
"""Times may stand for anybody and anything, so that most rows of these are events."""
FORMATS = [one._replace(only=False) for one in bundled() if not one.instead]


def places(form):
    """The paths of a format, as lists of keys."""
    texts = [*form.columns.values(), *form.values.values(), *form.steps, *form.dedupe]
    texts += [text for text in (form.each, form.further_lines) if text]
    for text in texts:
        for part in re.split(r"\||\+", text):
            if part.strip()[:1] not in ('"', "{"):
                yield [key.strip("] ") for key in re.split(r"[.\[]", part.replace("*", "x"))]


@st.composite
def exports(draw):
    form = draw(st.sampled_from(FORMATS))
    values = draw(st.sampled_from([TAME, VALUES, st.one_of(TAME, TAME, TAME, VALUES)]))
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        row: dict[str, object] = {}
        for path in places(form):
            inside = row
            for key in path[:-1]:
                inside = inside.setdefault(key, {})
                if not isinstance(inside, dict):
                    break
            else:
                if not isinstance(inside.get(path[-1]), dict):
                    inside[path[-1]] = draw(values)
        if form.each and draw(st.booleans()):
            row[form.each] = [row[form.each]] * draw(st.integers(0, 3))
        rows.append(row)
    return form, rows


def as_csv(rows):
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        cells = (row.get(name) for name in names)
        writer.writerow(
            json.dumps(one) if isinstance(one, dict | list) else "" if one is None else one
            for one in cells
        )
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


@pytest.mark.parametrize("kind", ["json", "csv", "parquet"])
@given(export=exports(), named=st.booleans(), local=st.booleans())
def test_no_format_loses_a_row(folder, kind, export, named, local):
    form, rows = export
    path = folder / f"export.{kind}"
    text = as_csv(rows) if kind == "csv" else "".join(json.dumps(row) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    reading = Reading(
        format=form.name if named else None, timezone="Europe/Berlin" if local else "UTC"
    )
    with connect() as connection:
        if kind == "parquet":
            made = folder / "made.parquet"
            made.unlink(missing_ok=True)
            try:
                connection.execute(f"COPY (FROM read_json('{path}')) TO '{made}'")
            except Exception:  # what the engine cannot read makes no Parquet
                return
            path = made
        try:
            facts = attach(connection, find_files([str(path)]), reading=reading)
        except DataError:
            return
        ((kept,),) = connection.execute("SELECT count(*) FROM events").fetchall()
        assert facts.rows == kept + facts.rejected + facts.duplicates
        assert facts.rows >= len(rows) or kind == "csv"
        assert connection.execute("SELECT * FROM events").fetchall() is not None
