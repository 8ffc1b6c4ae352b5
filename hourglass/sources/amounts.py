"""Amounts of money as text: which sign stands before the decimals, and which groups thousands."""

import re
from typing import NamedTuple

from hourglass.engines.sqltext import literal
from hourglass.reading import Decimal
from hourglass.sources.places import NOBODY

_SPACES = r"[ \x{00A0}\x{202F}'’]"
"""What groups thousands whatever the decimal sign is."""
_CURRENCY = r"(?:[A-Z]{0,2}[$]|[€£¥₹₽₺₩₪฿]|[A-Z]{3}|[Kk]r[.]?|zł|Kč|Ft|lei)"
_SURE = {"US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
         "Kr": "kr", "kr.": "kr", "Kr.": "kr"}  # fmt: skip
"""Signs that stand for the same currency as another sign or code, whatever else is there."""
_CODES = {**_SURE, "$": "USD", "¥": "JPY", "lei": "RON"}
_BEFORE, _AFTER = rf"^([-+(]?) ?{_CURRENCY} ?", rf" ?{_CURRENCY}(\)?)$"
_GROUPED = rf"\d{{1,3}}(?:{_SPACES}\d{{3}})+"
_POINT = rf"[-+]?(?:(?:\d+|{_GROUPED}|\d{{1,3}}(?:,\d{{3}})+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_COMMA = rf"[-+]?(?:(?:\d+|{_GROUPED}|\d{{1,3}}(?:\.\d{{3}})+)(?:,\d*)?|,\d+)"
_LARGE = "1e18"
"""Numbers of this size are no amounts: sums of them would lose the others, or could not be had."""
_LONG = 18
"""Signs that a number beneath it may take."""
_MINUS = "−"
"""What may stand for the sign minus."""
NONE = (*NOBODY, "-", "–", "—", "n/a", "N/A", "#N/A")
"""Texts that say that there is no amount."""
_EITHER, _DOTTED = r"[-+]?\d{1,3},\d{3}", r"[-+]?\d{1,3}\.\d{3}"
"""Texts that may be read both ways; the second is a plain number where nothing else is known."""


class Amounts(NamedTuple):
    """How many values of a column are written in which way, and one of each."""

    comma: int
    """Texts that only a decimal comma explains."""
    point: int
    """Texts that only a decimal point explains."""
    either: int
    """Texts as 1,234, which may be read both ways."""
    dotted: int
    """Texts as 1.234, which are plain numbers, or thousands where the comma is decimal."""
    signs: int
    """Texts that are amounts and that the engine would not read as numbers."""
    odd: int
    """Texts that are no amounts."""
    comma_example: str | None
    point_example: str | None
    either_example: str | None
    odd_example: str | None
    currencies: int = 0
    """How many currencies their signs say."""
    one_currency: str | None = None
    other_currency: str | None = None
    """A text with the first, and one with the last of them."""
    long: int = 0
    """Texts that may be numbers too large for amounts."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The first and the last currency as codes, as EUR for the sign of the euro."""
        texts = [text for text in (self.one_currency, self.other_currency) if text]
        signs = [one[0] for text in texts if (one := re.search(_CURRENCY, text))]
        return tuple(dict.fromkeys(_CODES.get(sign, sign) for sign in signs))


def _bare(text: str) -> str:
    """Write an amount without the sign of its currency, -5 for one in brackets."""
    plain = f"regexp_replace(replace({text}, '{_MINUS}', '-'), '{_BEFORE}', '\\1')"
    plain = f"regexp_replace({plain}, '{_AFTER}', '\\1')"
    return f"regexp_replace({plain}, '^\\((.*)\\)$', '-\\1')"


def profile(value: str, relation: str) -> str:
    """Write the query for the `Amounts` of a column of text."""
    either = f"regexp_full_match(b, '{_EITHER}')"
    sign = f"regexp_extract(t, '{_CURRENCY}')"
    alike = " ".join(f"WHEN {literal(one)} THEN {literal(other)}" for one, other in _SURE.items())
    amounts = "FILTER (c OR p)"
    return (
        f"SELECT count(*) FILTER (c AND NOT p), count(*) FILTER (p AND NOT c),"
        f" count(*) FILTER ({either}), count(*) FILTER (regexp_full_match(b, '{_DOTTED}')),"
        " count(*) FILTER ((c OR p) AND d IS NULL),"
        " count(*) FILTER (NOT c AND NOT p), min(t) FILTER (c AND NOT p),"
        f" min(t) FILTER (p AND NOT c), min(t) FILTER ({either}), min(t) FILTER (NOT c AND NOT p),"
        f" count(DISTINCT m) {amounts}, min_by(t, m) {amounts}, max_by(t, m) {amounts},"
        f" count(*) FILTER ((c OR p) AND (length(b) > {_LONG} OR contains(lower(b), 'e')))"
        f" FROM (SELECT t, b, nullif(CASE {sign} {alike} ELSE {sign} END, '') AS m,"
        f" TRY_CAST(t AS DOUBLE) AS d, regexp_full_match(b, '{_quoted(_COMMA)}')"
        f" AS c, regexp_full_match(b, '{_quoted(_POINT)}') AS p"
        f" FROM (SELECT t, {_bare('t')} AS b"
        f" FROM (SELECT trim({value}) AS t FROM {relation} AS s) WHERE NOT {is_none('t')}))"
    )


def is_none(text: str) -> str:
    """Write the condition of a text that says that there is no amount."""
    return f"(trim({text}) IN ({', '.join(map(literal, NONE))}))"


def chosen(
    found: Amounts, wanted: Decimal | None, earlier: Decimal | None = None
) -> tuple[Decimal | None, str]:
    """Choose the decimal sign; "" or why it is not to be known.

    That of `earlier` amounts decides where they may be read both ways. Null is a point where
    nothing but plain numbers is there.
    """
    if found.currencies > 1:
        examples = f'"{found.one_currency}" and "{found.other_currency}"'
        return None, f"they are of several currencies, as {examples}"
    if wanted:
        return wanted, ""
    if found.comma and found.point:
        examples = f'"{found.comma_example}" and "{found.point_example}"'
        return None, f"some have a decimal comma, others a decimal point, as {examples}"
    known = earlier if not found.point and (found.either or found.dotted) else None
    if found.comma or known:
        return "comma" if found.comma else known, ""
    if found.either and not found.point:
        return None, f'the comma in "{found.either_example}" may group thousands or be decimal'
    return ("point" if found.signs else None), ""


def number(value: str, decimal: Decimal) -> str:
    """Write the number that a text is, null if it is none."""
    pattern, groups = (_COMMA, "[.") if decimal == "comma" else (_POINT, "[,")
    text = _bare(f"trim({value})")
    plain = f"regexp_replace({text}, '{_quoted(groups + _SPACES[1:])}', '', 'g')"
    if decimal == "comma":
        plain = f"replace({plain}, ',', '.')"
    fits = f"regexp_full_match({text}, '{_quoted(pattern)}')"
    return f"CASE WHEN {fits} THEN TRY_CAST({plain} AS DOUBLE) END"


def bounded(value: str) -> str:
    """Write a number, null where it is too large for an amount, or none that is finite."""
    return f"CASE WHEN abs({value}) < {_LARGE} THEN {value} END"


def too_large(number: str) -> str:
    """Write whether a number is too large for an amount.

    It compares as statistics of a Parquet file do, so that these mostly answer it.
    """
    return f"({number} >= {_LARGE} OR {number} <= -{_LARGE}) AND NOT isnan({number}::DOUBLE)"


def no_number(value: str) -> str:
    """Write whether a value of any other type, as an instant or a text in bytes, is no number."""
    return f"{value} IS NOT NULL AND TRY_CAST({value} AS DOUBLE) IS NULL"


def looks_like_amount(text: str) -> bool:
    """Say whether a text may be an amount, whatever its signs."""
    plain = text.strip().replace(_MINUS, "-")
    bare = re.sub(_AFTER, r"\1", re.sub(_BEFORE, r"\1", plain))
    digits = bare.lstrip("+-(").rstrip(")").strip()
    return any(map(str.isdigit, digits)) and all(
        sign in "0123456789.,eE+- '\u00a0\u202f’" for sign in digits
    )


def _quoted(pattern: str) -> str:
    return pattern.replace("'", "''")
