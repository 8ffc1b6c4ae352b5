"""The lower half of the hourglass: what buyers go on to do, and what each stage costs and earns.

It is put below a funnel that was counted on the same engine, and only where there is something to
say: a stage `buy` for the purchases, referrers for the people referred, money for the money.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import sqrt

from hourglass.analyses.attempts import Bounds, microseconds
from hourglass.analyses.purchases import (
    MONEY,
    buying,
    carry_stages,
    gather,
    has_money,
    make_purchases,
    no_purchases,
    observe,
    places_told,
)
from hourglass.analyses.question import Question
from hourglass.analyses.referred import REFERRER
from hourglass.analyses.referred import count as count_referrals
from hourglass.analyses.tables import Row, table_of
from hourglass.engines import Engine
from hourglass.result import Kind, Result, Table
from hourglass.stages import Model
from hourglass.stats import Sample, bounded_interval

BUY, REPEAT, REFER = "buy", "repeat", "refer"

_LOWER: tuple[tuple[str, Kind, str], ...] = (
    ("stage", "text", "stage"),
    ("what", "text", ""),
    ("number", "count", "number"),
    ("per_buyer", "mean", "a buyer"),
    ("per_buyer_low", "mean", "a buyer low"),
    ("per_buyer_high", "mean", "a buyer high"),
)
_STAGE: tuple[tuple[str, Kind, str], ...] = (
    ("stage", "text", "stage"),
    ("users", "count", "people"),
)
_COST: tuple[tuple[str, Kind, str], ...] = (
    ("cost", "number", "cost"),
    ("cost_so_far", "number", "cost so far"),
    ("cost_per_person", "mean", "cost a person"),
)
_REVENUE: tuple[tuple[str, Kind, str], ...] = (("revenue", "number", "revenue"),)
_RETURN: tuple[tuple[str, Kind, str], ...] = (("return_on_cost", "mean", "return"),)

_OF_STAGE = {
    BUY: {"purchases": "purchases", "first": "first purchases"},
    REPEAT: {"further": "further purchases"},
    REFER: {"referred": "people referred", "bought": "of them bought", "waiting": "not yet"},
}
"""What is counted at a stage beside people, and how it is called."""


def with_lower_half(engine: Engine, question: Question, result: Result) -> Result:
    """Return the funnel `result` with the tables `lower` and `money`, as far as there is either.

    `lower` has every stage per buyer, and below the waist purchases (first, further) and people
    referred (bought, not yet); `money` the cost and the revenue of each stage. The engine must
    hold the funnel as it was counted. Where stages come in any order there is no lower half.
    """
    model, columns = question.model, engine.event_columns() or {}
    names = [stage.name for stage in model.stages]
    spends = has_money(engine)
    if question.rules.order == "any" or not (spends or BUY in names):
        return result
    refers = REFER in names and REFERRER in columns and question.rules.count != "session"
    users = dict(result.table("stages").tuples("stage", "users"))
    tables = []
    if BUY in names:
        _make_purchases(engine, question, simply=not (spends or refers))
        tables.append(_lower(engine, question, users, refers=refers))
    if spends and (money := _money(engine, question, users)):
        tables.append(money)
    stages, *rest = result.tables
    return result._replace(tables=(stages, *tables, *rest), notes=(*result.notes, *_notes(tables)))


def _make_purchases(engine: Engine, question: Question, *, simply: bool) -> None:
    """Make `spans` and `purchases`: of the buyers alone, where stage events say all there is."""
    model, bounds = question.model, Bounds.of(question)
    position = _position(model, BUY)
    window_us = min(bounds.window_us, microseconds(question.reach))
    reads = {"window_us": window_us, "read_until_us": bounds.read_until_us}
    engine.make("spans", "lower/spans", {"position": position, **reads})
    places = places_told(engine, question) if simply else None
    if places is None:
        until = question.read_until
        make_purchases(engine, question, until - timedelta.resolution if until else None)
        return
    engine.let("told", "purchases/told", places)
    engine.make("bought", "lower/bought")
    gather(engine, buying(question).min_gap)


def _position(model: Model, name: str) -> int | None:
    names = [stage.name for stage in model.stages]
    return names.index(name) + 1 if name in names else None


def _lower(engine: Engine, question: Question, users: Mapping[str, int], *, refers: bool) -> Table:
    counts = engine.ask("lower/purchases").first()
    if refers:
        observe(engine, question)
        count_referrals(engine, question._replace(by=()))
        counts |= engine.ask("lower/referred").first()
    shown = dict(_OF_STAGE)
    if REPEAT not in users:
        shown[BUY] = shown[BUY] | shown[REPEAT]
    rows: list[Row] = []
    for stage, people in users.items():
        rows.append({"stage": stage, "what": "people", "number": people,
                     "per_buyer": people / users[BUY] if users[BUY] else None})  # fmt: skip
        said = {name: label for name, label in shown.get(stage, {}).items() if name in counts}
        rows += [_per_buyer(stage, label, counts, name) for name, label in said.items()]
    return table_of("lower", "Per buyer", _LOWER, rows)


def _per_buyer(stage: str, label: str, counts: Mapping[str, int], name: str) -> Row:
    """Return a count with its mean over buyers, and Student's interval of that, from 0 on."""
    buyers, total, squares = counts["buyers"], counts[name], counts[f"{name}_squares"]
    mean = total / buyers if buyers else None
    low = high = None
    if mean is not None and buyers > 1:
        # whole numbers under the root: nothing is lost before it
        spread = sqrt((squares * buyers - total * total) / (buyers * (buyers - 1)))
        low, high = bounded_interval(Sample(buyers, mean, spread))
    return {"stage": stage, "what": label, "number": total,
            "per_buyer": mean, "per_buyer_low": low, "per_buyer_high": high}  # fmt: skip


def _money(engine: Engine, question: Question, users: Mapping[str, int]) -> Table | None:
    """Return cost and revenue by stage, null where no event of it has any; no table for neither."""
    model, bounds = question.model, Bounds.of(question)
    buys = _position(model, BUY)
    if buys is None:
        no_purchases(engine)
    carry_stages(engine, question, model.stages, "spending", "spending_steps")
    values = {
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
        "buying": buys,
        "repeating": None if buys is None else _position(model, REPEAT) or buys,
    }
    found = engine.ask("lower/money", values)
    sums = {row["position"]: row for row in found.dicts()}
    has = [name for name in MONEY if any(one is not None for one in found.column(name))]
    if not has:
        return None
    rows = list(_rows(users, sums))
    columns = _STAGE + (_COST if "cost" in has else ()) + (_REVENUE if "revenue" in has else ())
    columns += _RETURN if len(has) == len(MONEY) else ()
    return table_of("money", "Money", columns, rows)


def _rows(
    users: Mapping[str, int], sums: Mapping[int, Mapping[str, float | None]]
) -> Iterator[Row]:
    spent = earned = 0.0
    for position, (stage, people) in enumerate(users.items(), start=1):
        cost, revenue = (sums.get(position, {}).get(name) for name in MONEY)
        spent, earned = spent + (cost or 0), earned + (revenue or 0)
        yield {
            "stage": stage,
            "users": people,
            "cost": cost,
            "cost_so_far": spent,
            "cost_per_person": spent / people if people else None,
            "revenue": revenue,
            "return_on_cost": earned / spent if spent else None,
        }


def _notes(tables: list[Table]) -> Iterator[str]:
    names = [table.name for table in tables]
    if "lower" in names:
        yield (
            "per buyer: of the people at buy; purchases from there on, people referred who came"
            " after it, as far as the funnel reads"
        )
    if "money" in names:
        told = tables[-1].names
        apart = ", further purchases at repeat" if REPEAT in tables[-1].column("stage") else ""
        yield f"money: of all events of the stages in the period, whoever did them{apart}"
        if "cost" in told:
            yield "cost a person: cost so far ÷ people; return: revenue so far ÷ cost so far"
