"""Which format an export is in: told by the columns that it has, and by some of their values."""

from collections.abc import Iterable, Sequence

from hourglass.engines.sqltext import literal
from hourglass.errors import DataError
from hourglass.formats import UNRECOGNISED, Format
from hourglass.reading import Reading
from hourglass.sources.container import Container
from hourglass.sources.files import load_hint
from hourglass.sources.places import Writer, parse
from hourglass.sources.presets import known, named
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging

PLAIN = Format(name="")
"""No format at all: columns are told by their usual names."""
_SAMPLE = 1000


class Recognition:
    """The formats that some files may have, as far as a person did not say it."""

    def __init__(self, reading: Reading, containers: Sequence[Container]) -> None:
        self.said = bool(reading.format)
        self.containers = containers
        self.formats = known(reading.formats)
        if reading.format:
            form = named(reading.format, reading.formats)
            self.formats = (form,) if form else ()

    def fitting(self, found: Sequence[str]) -> list[Format]:
        """Return the formats whose columns are among those `found`.

        DataError if separated text of several formats is to be read at once.
        """
        if self.said:
            return list(self.formats)
        self._refuse_mixed()
        return fitting(self.formats, found)

    def chosen(self, staging: Staging, source: Relation, found: Sequence[str]) -> Format:
        """Choose the format; DataError if it holds totals."""
        forms = self.fitting(found)
        if not self.said:
            forms = [one for one in _by_weight(forms) if _confirmed(one, staging, source, found)]
        form = forms[0] if forms else PLAIN
        if form.instead:
            raise _totals(form, self.containers[0].file.name)
        return form

    def told(self, form: Format) -> tuple[str, ...]:
        """Say which format was found, and how to have it otherwise."""
        if not form.name or self.said:
            return ()
        title = f" ({form.title})" if form.title else ""
        how = f"--source-format {UNRECOGNISED} reads by names of columns alone"
        return (f"format: {form.name}{title}; {how}",)

    def _refuse_mixed(self) -> None:
        kinds: dict[str, str] = {}
        for one in self.containers:
            if one.dialect and (forms := _by_weight(fitting(self.formats, one.dialect.columns))):
                kinds.setdefault(forms[0].name, one.file.name)
        if len(kinds) > 1:
            pairs = ", ".join(f"{name} is {form}" for form, name in kinds.items())
            raise DataError(
                f"files of several formats cannot be read together: {pairs}",
                load_hint(one.file for one in self.containers),
            )


def fitting(formats: Iterable[Format], found: Sequence[str]) -> list[Format]:
    """Return the formats whose columns are among those `found`."""
    return [one for one in formats if _fits(one, found)]


def refuse_totals(formats: Sequence[Format], found: Sequence[str], name: str) -> None:
    """Raise DataError for a file of totals, which has nobody's steps in it."""
    for one in fitting((one for one in formats if one.instead), found):
        raise _totals(one, name)


def _totals(form: Format, name: str) -> DataError:
    return DataError(
        f"{name} holds totals and no events ({form.title}): no funnel can be told from them",
        f"{form.instead} (or, if these are events, --source-format {UNRECOGNISED})",
    )


def _by_weight(formats: Sequence[Format]) -> list[Format]:
    """Sort formats: those that ask for more come first."""
    return sorted(formats, key=lambda one: -len(one.recognise) - len(one.among))


def _fits(one: Format, found: Sequence[str]) -> bool:
    names = {name.casefold() for name in found}
    if not one.recognise or not names >= {name.casefold() for name in one.among}:
        return False
    if one.only and len(names) > len(one.recognise):
        return False
    return all(
        entry[1:].casefold() not in names if entry.startswith("!") else parse(entry, found).choices
        for entry in one.recognise
    )


def _confirmed(one: Format, staging: Staging, source: Relation, found: Sequence[str]) -> bool:
    """Look for nested places, and for values that a column would not have, in the first rows."""
    rows = f"(SELECT * FROM {source.text} LIMIT {_SAMPLE}) AS s"
    writer = Writer(columns=source.columns, file="1", names=[""])
    places = (parse(entry, found) for entry in one.recognise if not entry.startswith("!"))
    for place in places:
        there = f"SELECT 1 FROM {rows} WHERE {writer.value(place)} IS NOT NULL LIMIT 1"
        if not place.certain and not staging.rows(there):
            return False
    for column, values in one.among.items():
        value = writer.value(parse(column, found))
        others = f"{value} NOT IN ({', '.join(map(literal, values))})"
        asked = f"SELECT count({value}), count(*) FILTER (WHERE {others}) FROM {rows}"
        filled, odd = (int(str(count)) for count in staging.rows(asked)[0])
        if odd or not filled:
            return False
    return True
