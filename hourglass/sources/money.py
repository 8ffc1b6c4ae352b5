"""What amounts are: their decimal sign, their currency, and which values are none."""

from collections.abc import Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import literal
from hourglass.errors import DataError
from hourglass.formats import Format
from hourglass.reading import Decimal
from hourglass.sources import amounts
from hourglass.sources.amounts import Amounts
from hourglass.sources.inference import Roles, judged
from hourglass.sources.places import NOBODY, Writer, parse
from hourglass.sources.roles import CURRENCY, candidates, described
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.types import is_number


def settle_amounts(
    staging: Staging,
    source: Relation,
    roles: Roles,
    wanted: Decimal | None,
    form: Format,
    *,
    earlier: Decimal | None = None,
) -> tuple[Roles, Decimal | None]:
    """Decide the decimal sign over all amounts, and say how many are none: they are null.

    That of `earlier` loads decides where all may be read both ways; JSON has no such. Where it is
    not to be known, a guessed column loses its role; DataError for one that was named.
    """
    column = roles.columns.get("revenue")
    if column is None:
        return roles, None
    beside = _currencies(staging, source, column, form)
    roles = roles._replace(currencies=_codes(beside))
    if mixed := next((one.mixed for one in beside if one.mixed), ""):
        if "revenue" in roles.guessed:
            return _without_amounts(roles, column, mixed, ""), None
        roles = roles._replace(notes=(*roles.notes, f'"{column}" is added up though {mixed}'))
    if (kind := source.columns[column]) != "VARCHAR":
        value = source.ref(column)
        wrong = amounts.too_large(value) if is_number(kind) else amounts.no_number(value)
        return _with_odd(roles, column, *_count(staging, source, column, wrong)), None
    text = judged(staging, source, roles.columns["timestamp"]).text
    row = staging.rows(amounts.profile(source.ref(column), text))[0]
    found = _amounts(row)
    if not beside:
        roles = roles._replace(currencies=found.codes)
    decimal, problem = amounts.chosen(found, wanted, None if source.lines else earlier)
    if problem:
        say = "" if found.currencies > 1 else "--decimal comma or --decimal point"
        return _without_amounts(roles, column, problem, say), None
    notes = list(roles.notes)
    if decimal:
        example = found.comma_example if decimal == "comma" else found.point_example
        where = f", as {example}" if example else " as in earlier loads" if earlier else ""
        notes.append(f'"{column}" has a decimal {decimal}{where}')
    roles = roles._replace(notes=tuple(notes))
    odd, example = found.odd, found.odd_example
    if wanted and (other := found.point if wanted == "comma" else found.comma):
        odd += other
        example = found.point_example if wanted == "comma" else found.comma_example
    if found.long:
        value = source.ref(column)
        plain = amounts.number(value, decimal) if decimal else f"TRY_CAST({value} AS DOUBLE)"
        wrong = amounts.too_large(plain)
        large, one = _count(staging, source._replace(text=text), column, wrong)
        odd, example = odd + large, example or one
    return _with_odd(roles, column, odd, example), decimal


def _count(staging: Staging, source: Relation, column: str, wrong: str) -> tuple[int, str | None]:
    """Count the values of a column that are `wrong`, and return the least of them."""
    value = source.ref(column)
    ((count, example),) = staging.rows(
        f"SELECT count(*), min({value}::VARCHAR) FROM {source.text} AS s WHERE {wrong}"
    )
    return int(str(count)), None if example is None else str(example)


def _with_odd(roles: Roles, column: str, odd: int, example: str | None) -> Roles:
    if not odd:
        return roles
    note = f'{odd:,} of the values of "{column}" are no amounts, as "{example}"'
    return roles._replace(notes=(*roles.notes, note))


class Beside(NamedTuple):
    """The currencies that stand beside amounts: who says it, the first and the last of them."""

    name: str
    first: str
    last: str

    @property
    def mixed(self) -> str:
        """Say that there are several; "" where there is one."""
        if self.first == self.last:
            return ""
        some = f'"{self.first}" and "{self.last}"'
        return f'"{self.name}" says that they are of several currencies, as {some}'


def _currencies(
    staging: Staging, source: Relation, amount: str, form: Format
) -> tuple[Beside, ...]:
    """Find the currencies beside the amounts, wherever something says them."""
    found = []
    for name, currency in _said_by(source, form).items():
        first, last = staging.rows(
            f"SELECT min(c), max(c) FROM (SELECT upper(trim({currency}::VARCHAR)) AS c"
            f" FROM {source.text} AS s WHERE {source.ref(amount)}::VARCHAR <> '')"
            f" WHERE c NOT IN ({_nobody()})"
        )[0]
        if first is not None:
            found.append(Beside(name, str(first), str(last)))
    return tuple(found)


def _codes(found: Sequence[Beside]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for one in found for code in (one.first, one.last)))


def _said_by(source: Relation, form: Format) -> dict[str, str]:
    """Write what may say the currency: the place that the format knows, else usual columns."""
    found = list(source.columns)
    place = parse(form.currency, found) if form.currency else None
    if form.currency and place and place.choices:
        return {form.currency: Writer(columns=source.columns, file="1", names=()).value(place)}
    return {column: source.ref(column) for column in candidates(found, CURRENCY)}


def _nobody() -> str:
    return ", ".join(literal(name.upper()) for name in NOBODY)


def _amounts(row: Sequence[object]) -> Amounts:
    """Take what the query of amounts says: numbers and texts by turns."""
    numbers = (int(str(one)) for one in (*row[:6], row[10], row[13]))
    comma, point, either, dotted, signs, odd, currencies, long = numbers
    texts = [None if one is None else str(one) for one in (*row[6:10], *row[11:13])]
    comma_example, point_example, either_example, odd_example, one, other = texts
    return Amounts(
        comma, point, either, dotted, signs, odd, comma_example, point_example, either_example,
        odd_example, currencies, one, other, long,
    )  # fmt: skip


def _without_amounts(roles: Roles, column: str, problem: str, say: str) -> Roles:
    if "revenue" not in roles.guessed:
        raise DataError(
            f'amounts in the column "{column}" are not clear: {problem}',
            f"say it: {say}" if say else 'export one currency, or revenue = "" under [columns]',
        )
    left = {role: name for role, name in roles.columns.items() if role != "revenue"}
    guessed = roles.guessed - {"revenue"}
    note = f'"{column}" is not taken for the revenue: {problem}{f" (say {say})" if say else ""}'
    notes = (described(left, guessed, roles.how), *roles.notes[1:], note)
    return roles._replace(columns=left, guessed=guessed, notes=notes)
