"""Figures that others published about logs that anyone can get, computed again from their files."""

import csv
import json

import pytest
from typer.testing import CliRunner


def funnel(*arguments):
    """The JSON of `hourglass funnel`."""
    from hourglass.cli import app

    ran = CliRunner().invoke(app, ["funnel", *map(str, arguments), "--format", "json"])
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


def column(answer, name):
    return [stage[name] for stage in answer["stages"]]


@pytest.fixture(scope="module")
def olist(real_data, tmp_path_factory):
    """Leads and deals of two files as one log: who, what, when, and where they came from."""
    path = tmp_path_factory.mktemp("olist") / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["user_id", "event", "timestamp", "origin"])
        for lead in rows(real_data / "olist_mql.csv"):
            out.writerow([lead["mql_id"], "lead", lead["first_contact_date"], lead["origin"]])
        for deal in rows(real_data / "olist_closed_deals.csv"):
            out.writerow([deal["mql_id"], "deal", deal["won_date"], ""])
    return path


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_the_walkthrough_of_funneljoin(real_data):
    log = real_data / "funneljoin_activity.csv"
    answer = funnel(log, "--steps", "landing,registration,purchase")
    assert column(answer, "users") == [4, 3, 2]
    assert column(answer, "total_rate") == [1.0, 0.75, 0.5]
    assert column(answer, "step_rate") == [None, 0.75, pytest.approx(2 / 3)]


def test_the_showcase_of_retentioneering(real_data):
    log = real_data / "retentioneering_ecom.csv.gz"
    answer = funnel(log, "--steps", "catalog,add_to_cart,cart,purchase")
    assert column(answer, "users") == [600, 511, 431, 225]
    assert [round(100 * rate, 1) for rate in column(answer, "total_rate")[1:]] == [85.2, 71.8, 37.5]
    assert [round(100 * rate, 1) for rate in column(answer, "step_rate")[2:]] == [84.3, 52.2]


def test_one_deal_of_olist_was_won_before_the_first_contact(olist):
    answer = funnel(olist, "--steps", "lead,deal")
    assert column(answer, "ever") == [8000, 842]
    assert column(answer, "users") == [8000, 841]


def test_leads_of_olist_by_origin(olist):
    answer = funnel(olist, "--steps", "lead,deal", "--by", "origin")
    found = {group["by"]["origin"]: group["stages"] for group in answer["breakdown"]}
    ever = {origin: [stage["ever"] for stage in stages] for origin, stages in found.items()}
    assert ever == {
        "social": [1350, 75],
        "organic_search": [2296, 271],
        "paid_search": [1586, 195],
        "unknown": [1099, 179],
        "direct_traffic": [499, 56],
        "email": [493, 15],
        "referral": [284, 24],
        "other": [150, 4],
        "display": [118, 6],
        "other_publicities": [65, 3],
        None: [60, 14],
    }
    days = found["social"][1]["mean_seconds"] / 86_400
    assert 61.0 <= days < 62.0  # published as 61.0 in whole days: the hours of the day are cut off
