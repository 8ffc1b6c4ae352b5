"""Exports and tables that a Spark cluster reads, as the view `events`."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hourglass.engines.spark_reading import read
from hourglass.engines.spark_session import translated
from hourglass.engines.spark_text import SparkDialect, quoted, text
from hourglass.errors import DataError
from hourglass.sources.amounts import bounded
from hourglass.sources.money import Beside
from hourglass.sources.places import NOBODY
from hourglass.sources.roles import (
    CANONICAL,
    CURRENCY,
    candidates,
    described,
    missing,
    no_columns,
)
from hourglass.sources.times import EARLIEST, LATEST
from hourglass.sources.view import source_names

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

_ISO = r"^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_EPOCHS = (("s", 1e11, "* 1000000"), ("ms", 1e14, "* 1000"), ("us", 1e17, ""))


class Arrived(NamedTuple):
    """What became of the rows on their way into `events`."""

    columns: Mapping[str, str]
    """Role -> column of the source."""
    rejected: int
    duplicates: int
    rows: int
    notes: tuple[str, ...]


def attach(
    session: "SparkSession",
    names: Sequence[str],
    wanted: Mapping[str, str] | None = None,
    typed: Collection[str] = (),
    name: str = "events",
) -> Arrived:
    """Create the view `name` over paths that the cluster reads, or one table that it knows.

    `wanted` are the configured roles; columns of CSV are text but those of `typed`.
    Rows without an instant or an event name are left out and
    counted, and of rows with one event id all but the earliest. Raises DataError for what the
    cluster cannot read or that holds no events, UsageError for a path that only this machine has.
    """
    rows = read(session, names, typed)
    roles, notes = _roles(rows.columns, dict(wanted or {}))
    with translated(", ".join(names)):
        rows.createOrReplaceTempView("hourglass_source")
        _name_rows(session, rows, roles)
        repeats = 0
        if "event_id" in roles:
            repeats, shared = _repeats(session)
            if shared and "event_id" not in (wanted or {}):
                column = roles.pop("event_id")
                notes += (f'"{column}" is no event id: rows of several people or events share one',)
                repeats = 0
                _name_rows(session, rows, roles)
        for unfit in (_several_currencies, _unfit_amounts):
            if told := unfit(session, rows, roles, wanted or {}):
                notes += (told,)
                _name_rows(session, rows, roles)
        columns = [*map(CANONICAL.__getitem__, roles), *source_names(rows.columns, roles).values()]
        session.sql(_kept(columns, repeats > 0)).createOrReplaceTempView(name)
        total, good = session.sql(
            "SELECT count(*), count_if(hourglass_good) FROM hourglass_rows"
        ).collect()[0]
    if not good:
        raise DataError(
            f"none of the {total:,} rows of {', '.join(names)} is an event",
            f"look at {roles['timestamp']} and {roles['event']},"
            " or name other columns under [columns] in hourglass.toml",
        )
    return Arrived(roles, total - good, repeats, total, notes)


def _name_rows(session: "SparkSession", rows: "DataFrame", roles: Mapping[str, str]) -> None:
    written = _events(dict(rows.dtypes), roles, _moment(rows, roles["timestamp"]))
    session.sql(written).createOrReplaceTempView("hourglass_rows")


def _roles(
    found: Sequence[str], wanted: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    by_folded = {name.casefold(): name for name in found}
    roles: dict[str, str] = {}
    wrong = {
        role: name for role, name in wanted.items() if name and name.casefold() not in by_folded
    }
    if wrong:
        raise no_columns(wrong, found)
    for role, name in wanted.items():
        if name:
            roles[role] = by_folded[name.casefold()]
    guessed = set()
    for role in CANONICAL:
        if role in wanted:
            continue
        free = [name for name in candidates(found, role) if name not in roles.values()]
        if free:
            roles[role] = free[0]
            guessed.add(role)
    if problem := missing(found, roles):
        raise problem
    ordered = {role: roles[role] for role in CANONICAL if role in roles}
    return ordered, ((described(ordered, guessed),) if guessed else ())


def _moment(rows: "DataFrame", column: str) -> str:
    """Write the instant of a row, null where it is not understood."""
    kind = dict(rows.dtypes)[column]
    value = quoted(column)
    if kind in ("timestamp", "timestamp_ntz", "date"):
        return f"CAST({value} AS TIMESTAMP)"
    if kind == "string":
        return f"CASE WHEN trim({value}) RLIKE {text(_ISO)} THEN {_understood(value)} END"
    if kind in ("bigint", "int"):
        whole = f"CAST({value} AS BIGINT)"
        arms = " ".join(
            f"WHEN abs({whole}) < {int(bound)} THEN timestamp_micros({whole}{scale})"
            for _, bound, scale in _EPOCHS
        )
        return f"CASE {arms} END"
    raise DataError(
        f"{column} is {kind}, which is no instant",
        "name a column of timestamps, ISO texts or epochs: timestamp under [columns]",
    )


def _understood(value: str) -> str:
    return f"try_cast(replace(trim({value}), '/', '-') AS TIMESTAMP)"


def _events(found: Mapping[str, str], roles: Mapping[str, str], moment: str) -> str:
    event = f"CAST({quoted(roles['event'])} AS STRING)"
    good = (
        f"coalesce({moment} >= TIMESTAMP '{EARLIEST} 00:00:00'"
        f" AND {moment} < TIMESTAMP '{LATEST} 00:00:00'"
        f" AND trim({event}) <> '', false)"
    )
    values = {role: _role(role, column, found[column]) for role, column in roles.items()}
    values["timestamp"] = moment
    canonical = [f"{value} AS {CANONICAL[role]}" for role, value in values.items()]
    others = [
        f"{quoted(column)} AS {quoted(name)}"
        for column, name in source_names(list(found), roles).items()
    ]
    fields = ",\n  ".join([*canonical, *others, f"{good} AS hourglass_good"])
    return f"SELECT {fields}\nFROM hourglass_source"


def _role(role: str, column: str, kind: str) -> str:
    if role == "revenue":
        return bounded(f"try_cast({quoted(column)} AS DOUBLE)")
    words, value = SparkDialect(), quoted(column)
    fraction = kind.startswith(("double", "float", "decimal"))  # whole, where some rows have none
    plain = words.whole_text(value) if fraction else words.text(value)
    if role in ("user", "referrer", "session"):
        nobody = ", ".join(text(name) for name in NOBODY)
        return f"CASE WHEN {plain} IN ({nobody}) THEN NULL ELSE {plain} END"
    return plain if role == "event" else f"nullif({plain}, '')"


def _several_currencies(
    session: "SparkSession", rows: "DataFrame", roles: dict[str, str], wanted: Mapping[str, str]
) -> str | None:
    """Take amounts that a column beside them says several currencies of out of the roles.

    Return what to say of it; of a configured column that is all, as it is where files are read.
    """
    amount = roles.get("revenue")
    nobody = ", ".join(text(one.upper()) for one in NOBODY)
    for column in candidates(rows.columns, CURRENCY) if amount else ():
        first, last = session.sql(
            f"SELECT min(c), max(c) FROM (SELECT upper(trim(CAST({quoted(column)} AS STRING))) AS c"
            f" FROM hourglass_source WHERE CAST({quoted(str(amount))} AS STRING) <> '')"
            f" WHERE c NOT IN ({nobody})"
        ).collect()[0]
        mixed = Beside(column, first, last).mixed
        if not mixed:
            continue
        if "revenue" in wanted:
            return f'"{amount}" is added up though {mixed}'
        del roles["revenue"]
        return f'"{amount}" is not taken for the revenue: {mixed}'
    return None


def _unfit_amounts(
    session: "SparkSession", rows: "DataFrame", roles: dict[str, str], wanted: Mapping[str, str]
) -> str | None:
    """Take a column of texts that are no plain numbers out of the roles; return what to say of it.

    A decimal comma would be no money here, where DuckDB reads it. DataError where the column is
    a configured one.
    """
    column = roles.get("revenue")
    if column is None or dict(rows.dtypes)[column] != "string":
        return None
    value = quoted(column)
    odd = session.sql(
        f"SELECT min({value}) FROM hourglass_source"
        f" WHERE trim({value}) <> '' AND try_cast(trim({value}) AS DOUBLE) IS NULL"
    ).collect()[0][0]
    if odd is None:
        return None
    if "revenue" in wanted:
        raise DataError(
            f'{column}: "{odd[:40]}" is no plain number, as a cluster reads them',
            'name a column of numbers, or write revenue = "" under [columns]',
        )
    del roles["revenue"]
    return f'"{column}" is not taken for the revenue: "{odd[:40]}" is no plain number'


def _repeats(session: "SparkSession") -> tuple[int, bool]:
    """Count rows whose event id was there before; and say whether several people share one."""
    found = session.sql(
        "SELECT coalesce(sum(n - 1), 0), coalesce(bool_or(shared), false) FROM ("
        "SELECT count(*) AS n,"
        " coalesce(min(user_id) <> max(user_id), false) OR min(event) <> max(event) AS shared"
        " FROM hourglass_rows WHERE hourglass_good AND event_id IS NOT NULL"
        " GROUP BY event_id HAVING count(*) > 1)"
    ).collect()[0]
    return int(found[0]), bool(found[1])


def _kept(columns: Sequence[str], repeats: bool) -> str:
    """Write the rows that are events: of those with one event id only the earliest."""
    fields = ", ".join(map(quoted, columns))
    good = f"SELECT {fields} FROM hourglass_rows WHERE hourglass_good"
    if not repeats:
        return good
    return (
        f"SELECT {fields} FROM (SELECT *, CASE WHEN event_id IS NULL THEN 1 ELSE row_number()"
        " OVER (PARTITION BY event_id ORDER BY ts, user_id, event) END AS hourglass_nth"
        f" FROM ({good})) WHERE hourglass_nth = 1"
    )
