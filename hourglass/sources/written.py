"""Times as people write them, and clocks of a zone: SQL functions that a reading defines first.

They are temporary macros, so that the SQL over a source stays short enough to read; a lambda in
one gives a value a name, without which each use of it would be planned anew.
"""

from hourglass.engines.sqltext import literal

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
_GAP = "(?: at |[ ,T:])*"
_NUMBERS = r"^(\d{1,2})[-./](\d{1,2})[-./](\d{4})"
_ANY_MONTH = _MONTH.replace("(", "(?:", 1)
_ALL_NUMBERS = (
    r"\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"(,?[ T]([01]?\d|2[0-3]):\d\d(:\d\d)?|,? (0?[1-9]|1[0-2]):\d\d(:\d\d)? [AaPp][Mm])?"
)
"""What most dates of numbers look like as a whole: they are read in a third of the time."""
_SHORT_YEAR = rf"(?i)^(\d{{1,2}}(?:[./]\d{{1,2}}[./]|[-/ ]+{_ANY_MONTH}[-/ ]+))(\d\d)([ T,]|$)"
_CTIME = (
    rf"(?i)^{_WEEKDAY}{_MONTH} +(\d{{1,2}}) (\d\d:\d\d:\d\d)"
    r"( [A-Z]{3,4}| [-+]\d{4})? (\d{4})$"
)
_MONTH_FIRST = rf"(?i)^{_WEEKDAY}{_MONTH}\.?[ -]+(\d{{1,2}})(?:st|nd|rd|th)?,?[ -]+(\d{{4}})"
_DAY_FIRST = rf"(?i)^{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[.]?[-/ ]+{_MONTH}[.]?,?[-/ ]+(\d{{4}})"
_HALF_DAY = r"(?i)^(\S+) (\d{1,2})((?::\d\d){0,2}(?:\.\d+)?) ?([ap])\.?m\.?(.*)$"

_TOO_FAR = r":\d\d(?:\.\d+)? ?[-+](?:19|[2-9]\d|18:?(?:0[1-9]|[1-9]\d)|\d\d:?[6-9])(?::?\d*)$"
"""Offsets of more than 18 hours, and of more than 59 minutes in an hour."""

NO_BREAK = "\u00a0\u202f"
"""Spaces at which no line is broken."""
_ZONES = {"UTC": "+00:00", "UT": "+00:00", "GMT": "+00:00",
          "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
          "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
          "WET": "+00:00", "WEST": "+01:00", "CET": "+01:00", "CEST": "+02:00",
          "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00"}  # fmt: skip
"""Names of zones that say one offset: those of RFC 5322 (section 4.3), and of Europe."""


def spaced(value: str) -> str:
    """Write a text with plain spaces where it has no-break ones, as newer JavaScript writes."""
    return f"translate({value}, '{NO_BREAK}', '{' ' * len(NO_BREAK)}')"


def _number_of(month: str) -> str:
    return f"list_position({literal(list(_MONTHS))}, lower(left({month}, 3)))"


_CTIME_MONTH = _number_of(f"regexp_extract(t, '{_CTIME}', 1)")


def _named(pattern: str, year: int, month: int, day: int) -> str:
    """Bring a date with the name of its month into `YEAR-MONTH-DAY rest`."""
    part = {number: f"regexp_extract(t, '{pattern}', {number})" for number in (1, 2, 3)}
    return (
        f"WHEN regexp_matches(t, '{pattern}') THEN {part[year]} || '-' || {_number_of(part[month])}"
        f" || '-' || {part[day]} || ' ' || regexp_replace(t, '{pattern}{_GAP}', '')"
    )


def plain_offset(value: str) -> str:
    """Bring `+0200`, ` +02:00`, ` UTC` into the one form that the cast knows."""
    named = rf"regexp_replace(trim({value}), ' ?(UTC|GMT|Z|z)$', 'Z')"
    return rf"regexp_replace({named}, '(:\d\d(\.\d+)?) ?([+-]\d\d):?(\d\d)$', '\1\3:\4')"


def zoned(value: str) -> str:
    """Write the instant of a text with an offset, or the name of a zone; null where none is meant.

    The engine would take any two digits for hours and for minutes, and for a name that several
    zones have (BST, IST) some one of them, at another offset than it says in the other half of
    the year.
    """
    text = f"trim({value})"
    plain = f"TRY_CAST({plain_offset(value)} AS TIMESTAMPTZ)"
    zones, offsets = literal(list(_ZONES)), literal(list(_ZONES.values()))
    name = f"upper(regexp_extract({text}, '[A-Za-z]+$'))"
    offset = f"list_extract({offsets}, list_position({zones}, {name}))"
    named = f"TRY_CAST(regexp_replace({text}, ' ?[A-Za-z]+$', '') || {offset} AS TIMESTAMPTZ)"
    return (
        f"CASE WHEN lower({text}[-1]) BETWEEN 'a' AND 'y' AND NOT contains({text}[12:], '/')"
        f" THEN {named} WHEN NOT regexp_matches({text}, '{_TOO_FAR}') THEN {plain} END"
        " AT TIME ZONE 'UTC'"
    )


def _parsed(date: str) -> str:
    """Write the moment of a date of numbers in one order, with or without a time of day."""
    forms, halves = (
        literal([f"{date} {one}".strip() for one in some])
        for some in (("%H:%M:%S", "%H:%M", ""), ("%I:%M:%S %p", "%I:%M %p"))
    )
    plain = "translate(t, './T,', '-- ')"  # what has no sign in its place is left out
    return (
        f"CASE WHEN t[-1] IN ('M', 'm') THEN try_strptime({plain}, {halves})"
        f" ELSE try_strptime({plain}, {forms}) END"
    )


DEFINITIONS = (
    # the clock of a zone at an instant, and the instant before or after a change of the clocks
    "CREATE OR REPLACE TEMP MACRO hourglass_wall(u, zone) AS timezone(zone, u AT TIME ZONE 'UTC')",
    "CREATE OR REPLACE TEMP MACRO hourglass_before(t, zone) AS"
    " t - (hourglass_wall(t - INTERVAL 1 DAY, zone) - (t - INTERVAL 1 DAY))",
    "CREATE OR REPLACE TEMP MACRO hourglass_after(t, zone) AS"
    " t - (hourglass_wall(t + INTERVAL 1 DAY, zone) - (t + INTERVAL 1 DAY))",
    # the first of two instants; of none, the one that the offset before the change gives
    "CREATE OR REPLACE TEMP MACRO hourglass_utc(moment, zone) AS list_transform([moment],"
    " lambda t: CASE"
    " WHEN NOT (t BETWEEN TIMESTAMP '1800-01-01' AND TIMESTAMP '2300-01-01') THEN t"
    " WHEN hourglass_wall(hourglass_before(t, zone), zone) <> t"
    " AND hourglass_wall(hourglass_after(t, zone), zone) = t"
    " THEN hourglass_after(t, zone) ELSE hourglass_before(t, zone) END)[1]",
    # years of two digits to four, a decimal comma to a point, an offset by its name to a plain one
    r"CREATE OR REPLACE TEMP MACRO hourglass_plain(t) AS"
    rf" regexp_replace(regexp_replace(CASE WHEN regexp_matches(t, '{_SHORT_YEAR}') THEN"
    rf" regexp_extract(t, '{_SHORT_YEAR}', 1)"
    rf" || CASE WHEN regexp_extract(t, '{_SHORT_YEAR}', 2)::INTEGER < 69 THEN '20' ELSE '19' END"
    rf" || regexp_replace(t, '{_SHORT_YEAR}', '\2\3') ELSE t END,"
    r" '(:\d\d),(\d)', '\1.\2'), ' ?(?:GMT|UTC)([-+]\d\d:?\d\d)(?: \(.*\))?$', ' \1')",
    # any way of writing a date to YEAR-MONTH-DAY, what follows it kept
    r"CREATE OR REPLACE TEMP MACRO hourglass_dated(t, date_order) AS CASE"
    r" WHEN regexp_matches(t, '^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}') THEN"
    rf" regexp_replace(t, '^(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_GAP}', '\1-\2-\3 ')"
    rf" WHEN regexp_matches(t, '{_NUMBERS}') THEN CASE date_order"
    rf" WHEN 'dmy' THEN regexp_replace(t, '{_NUMBERS}{_GAP}', '\3-\2-\1 ')"
    rf" WHEN 'mdy' THEN regexp_replace(t, '{_NUMBERS}{_GAP}', '\3-\1-\2 ') END"
    r" WHEN regexp_matches(t, '^\d{8}$') THEN"
    r" regexp_replace(t, '^(\d{4})(\d\d)(\d\d)$', '\1-\2-\3 ')"
    r" WHEN regexp_matches(t, '^\d{8}[T ]?\d{6}') THEN"
    r" regexp_replace(t, '^(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)', '\1-\2-\3 \4:\5:\6') "
    rf"WHEN regexp_matches(t, '{_CTIME}') THEN regexp_extract(t, '{_CTIME}', 5) || '-'"
    rf" || {_CTIME_MONTH} || '-' || regexp_replace(t, '{_CTIME}', '\2 \3\4') "
    f"{_named(_MONTH_FIRST, 3, 1, 2)} {_named(_DAY_FIRST, 3, 2, 1)} END",
    # hours of half a day to hours of a day
    rf"CREATE OR REPLACE TEMP MACRO hourglass_hours(t) AS CASE"
    rf" WHEN NOT regexp_matches(t, '{_HALF_DAY}') THEN trim(t)"
    rf" WHEN regexp_extract(t, '{_HALF_DAY}', 2)::INTEGER BETWEEN 1 AND 12 THEN"
    rf" trim(regexp_extract(t, '{_HALF_DAY}', 1) || ' '"
    rf" || regexp_extract(t, '{_HALF_DAY}', 2)::INTEGER % 12"
    rf" + CASE lower(regexp_extract(t, '{_HALF_DAY}', 4)) WHEN 'p' THEN 12 ELSE 0 END"
    rf" || coalesce(nullif(regexp_extract(t, '{_HALF_DAY}', 3), ''), ':00')"
    rf" || regexp_extract(t, '{_HALF_DAY}', 5)) END",
    "CREATE OR REPLACE TEMP MACRO hourglass_written(value, date_order) AS list_transform("
    f"list_transform(list_transform([trim({spaced('value')})], lambda t: hourglass_plain(t)),"
    " lambda t: hourglass_dated(t, date_order)),"
    " lambda t: hourglass_hours(t))[1]",
    r"CREATE OR REPLACE TEMP MACRO hourglass_naive(t) AS regexp_full_match(t,"
    r" '\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?)?')",
    f"CREATE OR REPLACE TEMP MACRO hourglass_numbers(t) AS regexp_full_match(t, '{_ALL_NUMBERS}')",
    "CREATE OR REPLACE TEMP MACRO hourglass_of_numbers(t, date_order) AS"
    f" if(date_order = 'mdy', {_parsed('%m-%d-%Y')}, {_parsed('%d-%m-%Y')})",
    # the instant of a written time
    r"CREATE OR REPLACE TEMP MACRO hourglass_instant(value, date_order, zone) AS list_transform("
    f"[trim({spaced('value')})], lambda v: CASE"
    " WHEN hourglass_numbers(v) AND zone = 'UTC' THEN hourglass_of_numbers(v, date_order)"
    " WHEN hourglass_numbers(v) THEN hourglass_utc(hourglass_of_numbers(v, date_order), zone)"
    " ELSE list_transform("
    "[hourglass_written(v, date_order)], lambda t: CASE WHEN NOT hourglass_naive(t)"
    f" THEN {zoned('t')}"
    " WHEN zone = 'UTC' THEN TRY_CAST(t AS TIMESTAMP)"
    " ELSE hourglass_utc(TRY_CAST(t AS TIMESTAMP), zone) END)[1] END)[1]",
)
"""What the SQL of written times and of zones uses."""
