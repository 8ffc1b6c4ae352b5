"""`[[check]]`: read as written, and every mistake in it said at once."""

import pytest

from hourglass.config import parse_config
from hourglass.errors import ConfigError
from hourglass.settings.checks import MEASURES

PAIR = '[stages]\nknow = "a"\nbuy = "b"\n[models.m.stages]\nx = "a"\ny = "b"\n'
RATE = "measure = 'step_rate'\nstage = 'buy'\n"


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, None)
    return [one.removeprefix("configuration:") for one in caught.value.problems]


def test_all_keys() -> None:
    (check,) = parse_config(
        PAIR + "[[check]]\nname = 'n'\nmeasure = 'step_rate'\nstage = 'y'\nmodel = 'm'\n"
        "by = 'channel'\nvalue = ''\nmin = 0.2\nmax = 1\nmax_drop = 0.1\nmax_change = 0.3\n"
        "min_people = 30\nconfidence = 0\nseverity = 'warn'\n",
        None,
    ).checks
    assert (check.min, check.max, check.max_drop, check.max_change) == (0.2, 1.0, 0.1, 0.3)
    assert (check.model, check.by, check.value) == ("m", "channel", "")
    assert (check.min_people, check.confidence, check.severity) == (30, 0.0, "warn")


def test_times_are_seconds_however_written() -> None:
    text = "[[check]]\nmeasure = 'freshness'\nmax = '26 hours'\nmin = 3\n"
    (check,) = parse_config(text, None).checks
    assert (check.min, check.max) == (3.0, 93_600.0)


def test_what_a_check_is_called() -> None:
    found = parse_config(
        PAIR + f"[[check]]\n{RATE}min = 0.2\n"
        "[[check]]\nmeasure = 'users'\nstage = 'y'\nmodel = 'm'\nby = 'c'\nvalue = 'd'\nmin = 1\n"
        "[[check]]\nquery = 'days_without_events'\nseverity = 'off'\n",
        None,
    ).checks
    titles = ["step_rate of buy", "users of y in m by c = d", "days_without_events"]
    assert [one.title for one in found] == titles


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "8: check.1: needs a measure, or a query; measures are users"),
        ("measure = 'step_rte'", '9: check.1.measure: there is no measure "step_rte"; did you '
         'mean "step_rate"?'),
        ("measure = 3", "9: check.1.measure: 3 is not text"),
        ("measure = 'freshness'\nquery = 'q'", "8: check.1: has a measure and a query"),
        ("query = 'q'\nmin = 1", "10: check.1.min: is not for a query"),
        ("measure = 'users'\nmin = 1", "8: check.1: users needs a stage"),
        ("measure = 'users'\nstage = 'buy'", "8: check.1: has no bound; add min, max, max_drop"),
        (RATE + "min = 20", "11: check.1.min: 20 is more than all; rates are fractions"),
        (RATE + "min = 0.3\nmax = 0.2", "11: check.1.min: 0.3 is more than max, 0.2"),
        (RATE + "min = '2 days'", '11: check.1.min: "2 days" is a time, and step_rate is none'),
        (RATE + "min = '2 dys'", '11: check.1.min: "2 dys" is not a duration'),
        (RATE + "min = 'none'", '11: check.1.min: "none" is no bound'),
        (RATE + "min = -0.1", "11: check.1.min: -0.1 is less than nothing"),
        (RATE + "min = nan", "11: check.1.min: NaN is not a number"),
        (RATE + "min = true", "11: check.1.min: true is not a number"),
        (RATE + "max_drop = 1", "11: check.1.max_drop: nothing can lose more than all of it"),
        (RATE + "min = 0.1\nconfidence = 95", "12: check.1.confidence: 95 is not a confidence"),
        (RATE + "min = 0.1\nmin_people = 0", "12: check.1.min_people: 0 is not a number of people"),
        (RATE + "min = 0.1\nvalue = 'x'", "12: check.1.value: is a value of which column?"),
        (RATE + "min = 0.1\nseverity = 'wrn'", '12: check.1.severity: "wrn" is not among'),
        (RATE + "min = 0.1\nmx = 1", '12: check.1.mx: unknown key; did you mean "max"?'),
        ("measure = 'step_rate'\nstage = 'byu'\nmin = 0.1", "10: check.1.stage: the model has no "
         'stage "byu"; did you mean "buy"?'),
        ("measure = 'users'\nstage = 'try'\nmin = 1", "10: check.1.stage: the model has no stage "
         '"try"; its stages are know, buy'),
        ("measure = 'step_rate'\nstage = 'know'\nmin = 0.1", "10: check.1.stage: the first stage "
         "has no stage before it"),
        (RATE + "model = 'n'\nmin = 0.1", '11: check.1.model: there is no model "n"'),
        (RATE + "model = 'm'\nmin = 0.1", '10: check.1.stage: the model has no stage "buy"'),
        (RATE + "model = 'buying-cycle'\nmin = 0.1", "10: check.1.stage: the model has no stage "
         '"buy"; its stages are awareness, decision'),
        ("measure = 'users'\nstage = 'buy'\nmin = 1\nconfidence = 0.9", "12: check.1.confidence: "
         "users is counted, not estimated"),
        ("measure = 'tie_share'\nmax = 0.1\nstage = 'buy'", "11: check.1.stage: tie_share is not "
         "about one stage"),
        ("measure = 'tie_share'\nmax = 0.1\nmodel = 'm'", "11: check.1.model: tie_share is the "
         "same for every model"),
        ("measure = 'tie_share'\nmax = 0.1\nby = 'c'", "11: check.1.by: tie_share is not broken"),
        ("measure = 'tie_share'\nmax_drop = 0.1", "10: check.1.max_drop: tie_share is of all rows"),
        ("measure = 'tie_share'\nmax = 0.1\nmin_people = 2", "11: check.1.min_people: tie_share is "
         "of rows"),
    ],
)  # fmt: skip
def test_one_problem(text: str, problem: str) -> None:
    (found,) = problems(f"{PAIR}\n[[check]]\n{text}")
    assert found.startswith(problem)


def test_all_problems_of_all_checks_at_once() -> None:
    bad = f"[[check]]\n{RATE}min = 20\n"
    places = [one.split(": ")[:2] for one in problems(PAIR + bad + bad)]
    assert places == [
        ["10", "check.1.min"],
        ["11", "check.2"],
        ["14", "check.2.min"],
    ]
    assert "another check is called" in problems(PAIR + bad + bad)[1]


def test_checks_in_brackets_have_numbers_too() -> None:
    found = problems("check = [{ measure = 'freshness', max = 1 }, { measure = 'zzz', max = 1 }]")
    assert found == [
        f'1: check.2.measure: there is no measure "zzz"; there are: {", ".join(MEASURES)}'
    ]


@pytest.mark.parametrize("text", ["check = 3", "check = [3]", "check = {}", "[check]\na = 1"])
def test_checks_of_another_shape_are_explained(text: str) -> None:
    assert problems(text)[0].startswith("1: check: ")


def test_stages_that_will_be_guessed_are_those_of_the_hourglass() -> None:
    check = "[[check]]\nmeasure = 'users'\nstage = '{}'\nmin = 1\n"
    assert parse_config(check.format("refer"), None).checks
    assert "no stage" in problems(check.format("pay"))[0]


def test_in_any_order_rows_are_numbers_of_stages() -> None:
    text = PAIR + "[rules]\norder = 'any'\n[[check]]\nmeasure = 'users'\nstage = 'any {}'\nmin = 1"
    assert parse_config(text.format(2), None).checks
    assert "no stage" in problems(text.format(3))[0]
