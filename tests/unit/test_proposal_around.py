"""What is proposed around the stages: sensible on usual names, and in force as it is written."""

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hourglass.config import parse_config
from hourglass.proposals.around import Around, column_about_people, propose_around
from hourglass.proposals.stages import propose_stages
from hourglass.proposals.text import write_config

# Names of events by what is proposed: friction by stage (attempted, failed), triggers by name.
LOGS = {
    "the sample": (
        ["ad_impression", "trial_started", "order_paid", "trial_form_opened", "trial_form_error",
         "app_error", "app_opened", "cart_add", "quote_sent", "review_read"],
        {"try": (["trial_form_opened"], ["trial_form_error"])},
        {"abandoned_cart": ["cart_add"], "unanswered_quote": ["quote_sent"],
         "unused_trial": ["trial_started"]},
    ),
    "a shop with bugs": (
        ["home", "catalog", "product_view", "add_to_cart", "cart", "shipping_details",
         "payment_details", "purchase", "payment_error", "checkout_bug", "error_page"],
        {"buy": (["payment_details"], ["payment_error", "checkout_bug"])},
        {"abandoned_cart": ["add_to_cart"], "failed_payment": ["payment_error"]},
    ),
    "GA4 has no failures": (
        ["page_view", "view_item", "add_to_cart", "begin_checkout", "purchase"],
        {},
        {"abandoned_cart": ["add_to_cart"]},
    ),
    "Segment": (
        ["Page Viewed", "Signup Form Viewed", "Signup Failed", "Signed Up", "Checkout Started",
         "Checkout Completed", "Order Completed", "Payment Declined"],
        {"like": (["Signup Form Viewed"], ["Signup Failed"]),
         "buy": (["Checkout Started"], ["Payment Declined"])},
        {"abandoned_cart": ["Checkout Started"], "failed_payment": ["Payment Declined"]},
    ),
    "payments": (
        ["checkout_started", "checkout.session.completed", "charge.failed", "invoice.paid"],
        {},
        {"abandoned_cart": ["checkout_started"], "failed_payment": ["charge.failed"]},
    ),
    "nobody buys": (["landing", "signup", "cart_add", "quote_sent"], {}, {}),
    "a failure that nobody attempted": (["landing", "purchase", "payment_failed"], {},
                                        {"failed_payment": ["payment_failed"]}),
    "a stage that is not there": (["landing", "purchase", "demo_form_opened", "demo_form_error"],
                                  {}, {}),
    "many words": (["landing", "purchase", "order_page_of_the_old_shop_in_oslo_opened",
                    "order_of_last_week_was_late_error"], {}, {}),
}  # fmt: skip


@pytest.mark.parametrize("log", LOGS)
def test_friction_and_triggers_on_usual_names(log: str) -> None:
    names, friction, triggers = LOGS[log]
    stages = propose_stages(names)
    around = propose_around(stages, names)
    assert around.friction == friction
    assert {name: events for name, (events, _, _) in around.triggers.items()} == triggers
    bought = list(dict.fromkeys([*stages.get("buy", ()), *stages.get("repeat", ())]))
    assert all(without == bought for _, without, _ in around.triggers.values())


@pytest.mark.parametrize(
    ("channel", "physical"),
    [("store", True), ("Store Oslo", True), ("trade fair", True), ("phone", True),
     ("In-Store", True), ("call_center", True), ("POS", True), ("Messe", True),
     ("app store", False), ("Google Play Store", False), ("online shop", False),
     ("webshop", False), ("search", False),
     ("email", False), ("", False), ("paid social", False), ("phone app", False)],
)  # fmt: skip
def test_physical_channels(channel: str, physical: bool) -> None:
    assert list(propose_around({}, [], [channel]).physical) == [channel] * physical


def test_the_column_about_people() -> None:
    assert column_about_people(["ts", "Job Title", "Interests"]) == "Interests"
    assert column_about_people(["customer_type"]) == "customer_type"
    assert column_about_people(["ts", "country", "type", "user_id"]) is None


@pytest.mark.parametrize(
    ("values", "personas"),
    [
        (["a"], {}),
        ([], {}),
        (["admin", "guest"], {"admin": "role = 'admin'", "guest": "role = 'guest'"}),
        (["home,work", "work"], {"home": "role like '%home%'", "work": "role like '%work%'"}),
        (["x; y", "x"], {"x": "role like '%x%'", "y": "role like '%y%'"}),
        (
            ["man,woman"],
            {
                "man": "list_contains(string_split(role, ','), 'man')",
                "woman": "role like '%woman%'",
            },
        ),
        (["1", "2"], {"role 1": "role = '1'", "role 2": "role = '2'"}),
        (["it's", "not"], {"it's": "role = 'it''s'", "not": "role = 'not'"}),
        ([f"free text {n}" for n in range(13)], {}),
        (["a, b", "c"], {one: f"role like '%{one}%'" for one in "abc"}),
    ],
)  # fmt: skip
def test_personas_by_values(values: list[str], personas: dict[str, str]) -> None:
    assert propose_around({}, [], (), "role", values).personas == personas


texts = st.text("ab,;|% '\"\\_é", min_size=1, max_size=6)


@given(st.text(min_size=1, max_size=8), st.lists(texts, max_size=6, unique=True))
@example("Job Title", ["a_", "ab", "a_,ab"])
@example('a"b', ["100%", "100"])
def test_personas_are_those_whose_value_has_the_kind(column: str, values: list[str]) -> None:
    around = propose_around({}, [], (), column, values)
    config = parse_config(write_config({}, (), {}, around=around), None)
    assert config.personas == around.personas
    separators = [
        one for one in (", ", "; ", " | ", ",", ";", "|") if any(one in v for v in values)
    ]
    for name, predicate in config.personas.items():
        kind = name.removeprefix(f"{column} ")
        for value in values:
            has = kind in (value.split(separators[0]) if separators else [value])
            quoted = '"' + column.replace('"', '""') + '"'
            text = f"SELECT {predicate} FROM (SELECT ? AS {quoted})"
            with duckdb.connect() as connection:
                assert connection.execute(text, [value]).fetchone() == (has,), (kind, value)


NAMES = [*"abc", "order_paid", "payment_failed", "checkout_started", "trial form opened",
         "trialFormError", "trial_started", "cart 'add'", "cart_add", "signup form",
         "signup error"]  # fmt: skip
names = st.lists(st.sampled_from(NAMES))


@given(names, st.lists(st.sampled_from(["store", 'fair "x"', "web", "\\"]), unique=True))
def test_whatever_is_proposed_is_in_force(names: list[str], channels: list[str]) -> None:
    stages = propose_stages(names)
    around = propose_around(stages, list(dict.fromkeys(names)), channels)
    config = parse_config(write_config({}, (), stages, around=around), None)
    assert {name: list(one.events) for name, one in config.triggers.items()} == {
        name: events for name, (events, _, _) in around.triggers.items()
    }
    assert {
        stage: (list(one.attempted), list(one.failed)) for stage, one in config.friction.items()
    } == around.friction
    physical = list(config.touchpoints.physical) if config.touchpoints else []
    assert physical == list(around.physical)


def test_what_is_not_proposed_is_there_as_an_example() -> None:
    text = write_config({}, (), {"try": ["a"], "buy": ["b"]}, around=Around())
    starts = ("[", "attempted =", "failed =", "events =", "without =", "within =", "parent =",
              "physical =", "name =", "measure =", "stage =", "min =")  # fmt: skip
    lines = [line.removeprefix("# ") for line in text.split("\n")[text.count("\n") // 2 :]]
    there = [line for line in lines if line.startswith(starts) and "models" not in line]
    config = parse_config(
        '[stages]\ntry = ["a"]\nbuy = ["b"]\n' + "\n".join(there[there.index("[friction.try]") :]),
        None,
    )
    assert (set(config.friction), set(config.triggers)) == ({"try"}, {"abandoned_cart"})
    assert (list(config.personas), len(config.checks)) == (["parent"], 1)
    assert config.touchpoints is not None
