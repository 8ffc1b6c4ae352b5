"""Amounts with commas and points are read by one rule for the column, or not at all."""

import duckdb
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files


def read(tmp_path, amounts: list[str], columns=None, **said):
    path = tmp_path / "export.csv"
    rows = [f'{number},a,2024-01-01,"{amount}"' for number, amount in enumerate(amounts)]
    path.write_text("\n".join(["user_id,event,ts,amount", *rows]) + "\n")
    connection = connect()
    facts = attach(connection, find_files([str(path)]), columns, reading=Reading(**said))
    if "revenue" not in facts.roles:
        return None, facts
    found = connection.execute("SELECT revenue FROM events ORDER BY user_id::INT").fetchall()
    return [amount for (amount,) in found], facts


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [
        (["49,90", "1,234", "5"], [49.9, 1.234, 5]),
        (["1.234,56", "1.234"], [1234.56, 1234]),
        (["1.234.567", "-2"], [1234567, -2]),
        (["1,234.56", "1,234", "7.5"], [1234.56, 1234, 7.5]),
        (["1,234,567", "1,234"], [1234567, 1234]),
        (["5.50", "1,234"], [5.5, 1234]),
        (["1.234", "2.5"], [1.234, 2.5]),
        (["1.234", "5"], [1.234, 5]),
        (["1 234,50", "1\u00a0234", "1\u202f234,5", "1'234,5"], [1234.5, 1234, 1234.5, 1234.5]),
        (["1 234.50", "1e3", ".5", "5."], [1234.5, 1000, 0.5, 5]),
        ([",5", "-0,25", "+1,5"], [0.5, -0.25, 1.5]),
        (["$1,234.56", "$5", "-$5", "$-5", "($12.50)", "7"], [1234.56, 5, -5, -5, -12.5, 7]),
        (["1.234,56 €", "-3,00€", "€ 2"], [1234.56, -3, 2]),
        (["EUR 12,50", "3,00 EUR"], [12.5, 3]),
        (["(12.50)", "3"], [-12.5, 3]),
        (["12,50 kr", "kr 3"], [12.5, 3]),
        (["10,00 zł", "1 200,50 zł"], [10, 1200.5]),
        (["US$10.00", "US$1,000.50"], [10, 1000.5]),
        (["\u22123.5", "2"], [-3.5, 2]),
        (["NULL", "\\N", "-", "n/a", "10.5"], [None, None, None, None, 10.5]),
    ],
)
def test_one_value_decides_for_the_whole_column(tmp_path, texts, amounts):
    assert read(tmp_path, texts)[0] == amounts


def test_the_decision_is_said(tmp_path):
    assert '"amount" has a decimal comma, as 49,90' in read(tmp_path, ["49,90"])[1].notes


@pytest.mark.parametrize("texts", [["1,234", "2"], ["1,50", "1.50"]])
def test_what_nobody_can_know_is_asked(tmp_path, texts):
    found, facts = read(tmp_path, texts)
    assert found is None
    assert facts.notes[0].startswith("columns: user = user_id, event = event, timestamp = ts (")
    assert any("is not taken for the revenue" in note for note in facts.notes)
    with pytest.raises(DataError, match="not clear") as caught:
        read(tmp_path, texts, {"revenue": "amount"})
    assert "--decimal comma" in caught.value.hint


def test_a_stated_sign_is_taken_and_what_does_not_fit_is_counted(tmp_path):
    assert read(tmp_path, ["1,234"], decimal="comma")[0] == [1.234]
    assert read(tmp_path, ["1,234"], decimal="point")[0] == [1234]
    found, facts = read(tmp_path, ["1,50", "1.50"], decimal="comma")
    assert found == [1.5, None]
    assert '1 of the values of "amount" are no amounts, as "1.50"' in facts.notes


def test_several_currencies_are_never_added_up(tmp_path):
    found, facts = read(tmp_path, ["$1.50", "2.50 €", "3"])
    assert found is None
    said = '"amount" is not taken for the revenue: they are of several currencies, as'
    assert f'{said} "$1.50" and "2.50 €"' in facts.notes
    with pytest.raises(DataError, match="several currencies") as caught:
        read(tmp_path, ["$1.50", "2.50 €"], {"revenue": "amount"}, decimal="point")
    assert "--decimal" not in caught.value.hint


@pytest.mark.parametrize(
    "texts",
    [
        ["EUR 5,00", "€ 5,00"],
        ["£5,00", "5,00 GBP"],
        ["5,00 kr", "5,00 kr.", "Kr 5,00"],
        ["$5,00", "$ 5,00"],
        ["US$5,00", "USD 5,00"],
    ],
)
def test_a_sign_and_a_code_may_mean_one_currency(tmp_path, texts):
    assert read(tmp_path, texts)[0] == [5.0] * len(texts)


@pytest.mark.parametrize("texts", [["$5,00", "USD 5,00"], ["5,00 kr", "5,00 SEK"], ["€ 5", "£ 5"]])
def test_signs_that_may_mean_several_currencies_are_no_code(tmp_path, texts):
    assert read(tmp_path, texts)[0] is None


def test_one_word_among_many_amounts_does_not_hide_the_rest(tmp_path):
    found, facts = read(tmp_path, ["2.50"] * 12 + ["free"])
    assert found == [2.5] * 12 + [None]
    assert '1 of the values of "amount" are no amounts, as "free"' in facts.notes
    found, facts = read(tmp_path, ["2.50"] * 8 + ["free"])
    assert found is None
    assert (
        '"amount" is not taken for the revenue: 1 of 9 values looked at are no amounts, as "free"'
        ' (revenue = "amount" under [columns] takes it)'
    ) in facts.notes


def test_words_that_say_there_is_none_hide_no_amount(tmp_path):
    """As a dump has them: nothing at sign-ups, which come first, and amounts at purchases."""
    found, facts = read(tmp_path, ["NULL"] * 2_000 + ["2.50"])
    assert found == [None] * 2_000 + [2.5]
    assert not any("no amounts" in note for note in facts.notes)


def test_texts_that_nobody_takes_for_amounts_are_not_doubted_aloud(tmp_path):
    assert not any("revenue" in note for note in read(tmp_path, ["blue", "green", "3"])[1].notes)


CURRENCIES = "user_id,event,ts,amount,currency\n1,a,2024-01-01,100,{}\n2,a,2024-01-01,9,{}\n"


def beside_currencies(tmp_path, one, other, columns=None):
    (tmp_path / "export.csv").write_text(CURRENCIES.format(one, other))
    files = find_files([str(tmp_path / "export.csv")])
    return attach(connect(), files, columns, needed=())


def test_amounts_are_not_added_up_where_a_column_says_several_currencies(tmp_path):
    facts = beside_currencies(tmp_path, "EUR", "JPY")
    assert "revenue" not in facts.roles
    mixed = '"currency" says that they are of several currencies, as "EUR" and "JPY"'
    assert f'"amount" is not taken for the revenue: {mixed}' in facts.notes
    # whoever names the column may have amounts that were changed into one
    facts = beside_currencies(tmp_path, "EUR", "JPY", {"revenue": "amount"})
    assert facts.roles["revenue"] == "amount"
    assert f'"amount" is added up though {mixed}' in facts.notes


@pytest.mark.parametrize("other", ["eur", "", "NULL"])
def test_one_currency_is_one_however_it_is_written(tmp_path, other):
    assert beside_currencies(tmp_path, "EUR", other).roles["revenue"] == "amount"


HUGE = "999999999999999999999999999999"


@pytest.mark.parametrize(
    ("texts", "amounts", "example"),
    [
        (["10", HUGE, "-1e18"], [10, None, None], "-1e18"),
        (["10", "1e400"], [10, None], "1e400"),
        (["1e17", "1e18"], [1e17, None], "1e18"),
        (["2,50", "1.000.000.000.000.000.000,00"], [2.5, None], "1.000.000.000.000.000.000,00"),
        (["2.50", *["7"] * 20, "inf"], [2.5, *[7] * 20, None], "inf"),
    ],
)
def test_numbers_beyond_all_money_are_no_amounts(tmp_path, texts, amounts, example):
    found, facts = read(tmp_path, texts)
    assert found == amounts
    note = f'{amounts.count(None)} of the values of "amount" are no amounts, as "{example}"'
    assert note in facts.notes


@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT", "HUGEINT", "DECIMAL(38, 5)", "BIGINT"])
def test_nor_are_they_in_parquet(tmp_path, kind):
    path = tmp_path / "export.parquet"
    rows = f"(VALUES (1, 2.5::{kind}), (2, 3e18::{kind}), (3, NULL)) AS t(user_id, amount)"
    duckdb.sql(f"COPY (SELECT *, 'a' AS event, DATE '2024-01-01' AS ts FROM {rows}) TO '{path}'")
    connection = connect()
    facts = attach(connection, find_files([str(path)]))
    found = connection.execute("SELECT revenue FROM events ORDER BY user_id").fetchall()
    assert found == [(pytest.approx(2.5, abs=0.5),), (None,), (None,)]
    assert any(note.startswith('1 of the values of "amount" are no') for note in facts.notes)


def revenue_in_parquet(tmp_path, value: str, columns=None):
    path = tmp_path / "export.parquet"
    row = f"'u' AS user_id, 'a' AS event, DATE '2024-01-01' AS ts, {value} AS revenue"
    duckdb.sql(f"COPY (SELECT {row}) TO '{path}'")
    connection = connect()
    facts = attach(connection, find_files([str(path)]), columns)
    return connection.execute("SELECT revenue FROM events").fetchall(), facts.notes


@pytest.mark.parametrize("value", ["'NaN'", "'inf'", "'-inf'"])
def test_an_amount_is_finite(tmp_path, value):
    found, notes = revenue_in_parquet(tmp_path, f"{value}::DOUBLE")
    assert found == [(None,)]
    told = any("are no amounts" in note for note in notes)
    assert told == (value != "'NaN'")  # which says that there is none


@pytest.mark.parametrize("value", ["TIMESTAMP '2024-01-01'", "DATE '2024-01-01'", "'\\x41'::BLOB"])
def test_what_is_of_no_type_of_numbers_is_no_amount(tmp_path, value):
    found, notes = revenue_in_parquet(tmp_path, value, {"revenue": "revenue"})
    assert found == [(None,)]
    assert any(note.startswith('1 of the values of "revenue" are no') for note in notes)
