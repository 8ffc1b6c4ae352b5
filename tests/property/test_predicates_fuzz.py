"""Whatever is typed as a predicate: one condition about events, or a refusal; no row gets lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hourglass.engines.connect import connect, lock_down, translated
from hourglass.errors import HourglassError
from hourglass.scope import scope_view

COLUMNS = {
    "user_id": "VARCHAR", "event": "VARCHAR", "ts": "TIMESTAMP", "plan": "VARCHAR", "n": "BIGINT",
    "place": "STRUCT(city VARCHAR)",
}  # fmt: skip
ROWS = 7
TOKENS = (
    "user_id", "event", "ts", "plan", "n", "place", "place.city", '"plan"', "events.n", "'a'", "1",
    "-1", "0.5", "1e400", "NULL", "TRUE", "=", "<>", "<", ">=", "+", "/", "||", "(", ")", "[", "]",
    "{", "}", ",", ".", ";", ":", "::", "->", "?", "$1", "#1", "*", "AND", "OR", "NOT", "IS", "IN",
    "BETWEEN", "LIKE", "CASE", "WHEN", "THEN", "END", "CAST", "AS", "INTEGER", "SELECT", "FROM",
    "EXISTS", "WHERE", "UNION", "ORDER BY", "LIMIT", "OVER", "FILTER", "DISTINCT", "COLLATE",
    "lower(", "coalesce(", "now()", "random()", "sum(", "count(*)", "read_text(", "list_filter(",
    "--", "/*", "*/", "\n", "'", '"', "\x00", "\u00e9",
)  # fmt: skip
SIDES = st.sampled_from(
    ["n", "1", "NULL", "n + 1", "n / 0", "length(plan)", "TRY_CAST(plan AS INTEGER)"]
)
ATOMS = st.one_of(
    st.tuples(SIDES, st.sampled_from(["=", "<>", "<", ">=", "IS NOT DISTINCT FROM"]), SIDES).map(
        " ".join
    ),
    st.sampled_from(["plan IS NULL", "plan LIKE 'a%'", "n IN (1, 2)", "place.city = 'x'"]),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map("NOT ({})".format),
        st.tuples(inner, st.sampled_from([" AND ", " OR "]), inner).map(
            lambda three: f"({three[0]}){three[1]}({three[2]})"
        ),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def connection():
    with connect() as opened:
        opened.execute(
            "CREATE TABLE events AS SELECT i::VARCHAR AS user_id, 'view' AS event,"
            " TIMESTAMP '2024-01-01' AS ts, [NULL, 'a', 'b', '7', '', 'ab', 'c'][i + 1] AS plan,"
            " nullif(i, 2)::BIGINT AS n, {'city': 'x'} AS place"
            f" FROM range({ROWS}) AS r(i)"
        )
        lock_down(opened, [])
        yield opened


def kept(connection, predicate: str) -> int | None:
    """Count the events that satisfy a predicate; null where it is refused."""
    try:
        view = scope_view(COLUMNS, where=predicate)
        with translated():
            return len(connection.execute(view).fetchall())
    except HourglassError as problem:
        refused = problem
    assert refused.message
    assert len(refused.message) < 1_000
    return None


@given(text=st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join))
@example(text="not " * 350 + "n = 1")
@example(text="n" + " + 1" * 300 + " > 1")
@example(text="abs(" * 500 + "n" + ")" * 500)
@example(text="\ud800")
@example(text="n = 1 USING SAMPLE 1")
@example(text="n = 1 QUALIFY true")
@example(text="n = 1;")
@example(text="1 = 1) OR (1 = 1")
def test_any_tokens_are_a_condition_or_refused(connection, text):
    assert kept(connection, text) in (None, *range(ROWS + 1))
    ((left,),) = connection.execute("SELECT count(*) FROM events").fetchall()
    assert left == ROWS


@given(text=st.text(max_size=30))
def test_any_text_is_a_condition_or_refused(connection, text):
    assert kept(connection, text) in (None, *range(ROWS + 1))


@given(condition=CONDITIONS)
def test_every_event_satisfies_it_or_not_or_is_unknown(connection, condition):
    parts = [condition, f"NOT ({condition})", f"({condition}) IS NULL"]
    counts = [kept(connection, part) for part in parts]
    assert sum(one for one in counts if one is not None) == ROWS or None in counts
    assert counts.count(None) in (0, 3), counts
