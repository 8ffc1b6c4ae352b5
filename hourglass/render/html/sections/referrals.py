"""What customers bring: K and its parts, the trees of referrals, the referred against others."""

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.html import charts_counts
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report
from hourglass.render.html.sections.words import dated, missing, sentences
from hourglass.render.html.tables import Row, rows_of, sheet
from hourglass.result import Result

_HEADING = "Referrals"
_FOLDED = {"named": "What the names of referrers are worth", "champions": "Champions",
           "generations": "Generations"}  # fmt: skip


def section(report: Report) -> Section:
    """Show the referrals of a report, or say why there are none."""
    result = report.results.get("referrals")
    if result is None:
        return missing(report, "referrals", "referrals", _HEADING)
    return of(result, report)


def of(result: Result, report: Report | None = None) -> Section:
    """Draw customers, whom they brought and who of these bought."""
    row = rows_of(result.table("referrals"))[0]
    zone = result.period.timezone
    return Section(
        id="referrals",
        heading=_HEADING,
        finding=dated(result, report, _finding(row)),
        charts=(_chart(row),) if row["customers"] else (),
        sheets=tuple(
            sheet(
                one, zone, prefix="" if one.name == "referrals" else "referrals-", most=20,
                fold=_FOLDED.get(one.name, ""),
            )
            for one in result.tables
        ),
        notes=sentences(result.notes, said=report.funnel.notes if report else ()),
    )  # fmt: skip


def _finding(row: Row) -> str:
    if not row["customers"]:
        return "No customers yet: nobody first bought so long ago that W is over."
    k, spread = values.mean(row["k"]), values.mean_interval(row["k_low"], row["k_high"])
    told = f"K is {k} ({spread})" if spread != values.NULL else f"K is {k}"
    if not row["referred"]:
        return f"{told}: {people(row['customers'])} bought, and brought nobody inside W."
    several = f"each of {values.count(row['customers'])} customers"
    return (
        f"{told}: {several if row['customers'] > 1 else 'the one customer'} brought"
        f" {values.mean(row['i'])} people, and {values.rate(row['c'])} of these bought."
    )


def _chart(row: Row) -> Chart:
    parts = (
        ("customers", row["customers"], ""),
        ("people referred", row["referred"], f"i = {values.mean(row['i'])}"),
        ("of them bought", row["bought"], f"c = {values.rate(row['c'])}"),
    )
    shown = [", ".join(filter(None, (values.count(number), part))) for _, number, part in parts]
    return Chart(
        id="referrals-chart",
        label="The parts of K: customers, the people they brought inside W, who of these bought",
        figure=charts_counts.bars(
            [one for one, _, _ in parts],
            [number for _, number, _ in parts],
            [f"{one}: {text}" for (one, _, _), text in zip(parts, shown, strict=True)],
            shown,
            ("waist", "below", "above"),
        ),
        height=charts_counts.bars_height(3),
    )
