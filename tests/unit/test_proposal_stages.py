"""Guesses are sensible on the names that exports have, and whatever is written down loads."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hourglass.config import parse_config
from hourglass.formats import ROLES
from hourglass.proposals.stages import guessed_config, guessed_models, propose_stages
from hourglass.proposals.text import write_config
from hourglass.rules import Rules
from hourglass.stages import HOURGLASS, Stage, Step

# What known senders call their events, by the stage that is proposed; "-" is none.
LOGS = {
    "a shop": {
        "know": ["home", "promo_page"],
        "like": ["catalog", "search", "wishlist_add"],
        "trust": ["product_view", "review_page", "compare"],
        "try": ["add_to_cart", "cart", "shipping_details", "payment_details"],
        "buy": ["purchase"],
        "repeat": ["purchase"],
        "-": ["filter_results", "account_page", "support_chat", "error_page", "payment_error",
              "checkout_bug"],
    },
    "a music service": {
        "know": ["Home"],
        "buy": ["Submit Upgrade"],
        "repeat": ["Upgrade"],
        "-": ["NextSong", "Login", "Logout", "Downgrade", "Settings", "Help", "About",
              "Save Settings", "Error", "Submit Downgrade"],
    },
    "mails": {
        "know": ["email_open"],
        "like": ["email_clickthrough"],
        "-": ["sent_weekly_digest", "sent_reengagement_email"],
    },
    "permits": {
        "-": ["Confirmation of receipt", "T06 Determine necessity of stop advice",
              "T02 Check confirmation of receipt", "T05 Print and send confirmation of receipt",
              "T08 Draft and send request for advice", "T17 Check report Y to stop indication"],
    },
    "tickets": {
        "-": ["Take in charge ticket", "Require upgrade", "Closed", "Wait", "INVALID"],
    },
    "GA4": {
        "know": ["session_start", "first_visit", "page_view", "view_promotion", "first_open"],
        "like": ["view_item_list", "select_item", "add_to_wishlist", "sign_up", "search",
                 "view_search_results", "generate_lead", "file_download"],
        "trust": ["view_item"],
        "try": ["add_to_cart", "view_cart", "begin_checkout", "add_payment_info"],
        "buy": ["purchase", "in_app_purchase"],
        "repeat": ["app_store_subscription_renew"],
        "refer": ["share"],
        "-": ["scroll", "user_engagement", "remove_from_cart", "refund", "login", "click",
              "app_remove", "notification_receive", "tutorial_complete"],
    },
    "Segment": {
        "know": ["Page Viewed", "Promotion Clicked", "Application Installed"],
        "like": ["Products Searched", "Product List Viewed", "Product Added to Wishlist"],
        "trust": ["Product Viewed"],
        "try": ["Product Added", "Cart Viewed", "Checkout Started", "Payment Info Entered"],
        "buy": ["Order Completed"],
        "repeat": ["Order Completed"],
        "refer": ["Product Shared", "Product Reviewed", "Invite Sent"],
        "-": ["Product Removed", "Order Cancelled", "Order Refunded", "Coupon Entered"],
    },
    "a pixel": {
        "know": ["PageView"],
        "like": ["Lead", "CompleteRegistration", "Subscribe", "AddToWishlist"],
        "trust": ["ViewContent"],
        "try": ["AddToCart", "InitiateCheckout", "AddPaymentInfo"],
        "buy": ["Purchase"],
        "repeat": ["Purchase"],
        "-": ["Contact"],
    },
    "PostHog": {
        "know": ["$pageview"],
        "like": ["user signed up"],
        "try": ["trial started"],
        "buy": ["subscription_purchased"],
        "repeat": ["subscription_purchased"],
        "-": ["$pageleave", "$autocapture", "$identify", "trial ended", "trial_will_end"],
    },
    "payments tell one purchase several times": {
        "try": ["checkout_started"],
        "buy": ["checkout.session.completed"],
        "repeat": ["checkout.session.completed"],
        "-": ["charge.succeeded", "invoice.paid", "payment_intent.succeeded", "charge.failed",
              "customer.subscription.created", "customer.subscription.trial_will_end"],
    },
    "a subscription": {
        "know": ["ad_impression"],
        "like": ["newsletterSignup"],
        "trust": ["Pricing Page Viewed", "Webinar Attended", "case_study_downloaded"],
        "try": ["Demo Requested", "sample_ordered", "trial_started"],
        "buy": ["order_paid"],
        "repeat": ["subscription renewed", "order_repeated", "upgraded"],
        "refer": ["referral_sent", "invitation_sent", "review_written"],
        "-": ["cart_add", "invite_accepted", "subscription_cancelled", "trial_form_opened"],
    },
    "a CRM": {
        "like": ["Lead"],
        "trust": ["Marketing Qualified Lead", "MQL"],
        "try": ["Sales Qualified Lead", "Opportunity"],
        "buy": ["Customer"],
        "repeat": ["Customer"],
        "-": ["Created", "Evangelist", "customer_deleted", "user", "customer support"],
    },
    "names that only look alike": {
        "-": ["market_share", "share_price", "home_delivery", "follow_up_call", "like_minded",
              "order_status_viewed", "order_shipped", "purchase_history_viewed", "unsubscribed",
              "cart_abandoned", "trial_expired", "payment declined", "pricing_error", "", "  ",
              "/", "42", "demographics", "page" * 3000],
    },
}  # fmt: skip


@pytest.mark.parametrize("log", LOGS)
def test_proposals_on_real_names(log: str) -> None:
    names = [name for stage in LOGS[log].values() for name in stage]
    expected = {stage: named for stage, named in LOGS[log].items() if stage != "-"}
    assert propose_stages(names) == expected


def test_stages_come_in_their_order_and_names_as_in_the_data() -> None:
    proposed = propose_stages(["Order Paid", "order_paid", "ORDER-PAID", "AdImpression"])
    assert proposed == {
        "know": ["AdImpression"],
        "buy": ["Order Paid", "order_paid", "ORDER-PAID"],
        "repeat": ["Order Paid", "order_paid", "ORDER-PAID"],
    }
    assert list(proposed) == ["know", "buy", "repeat"]


def test_nothing_but_purchases_is_buying_again() -> None:
    assert propose_stages(["payment"]) == {"buy": ["payment"], "repeat": ["payment"]}
    assert list(guessed_models(["payment"])["hourglass"].stages) == [
        Stage(name=name, steps=(Step(events=("payment",)),)) for name in ("buy", "repeat")
    ]


def test_buying_among_other_events_is_no_funnel() -> None:
    names = ["payment", "blue", "green"]
    assert propose_stages(names) == {"buy": ["payment"]}
    assert guessed_config({}, names) is None
    assert guessed_models(names) == {}


def test_a_guess_is_the_configuration_that_it_writes() -> None:
    guess = guessed_config({"user": "who"}, ["landing", "purchase", "other"])
    assert guess is not None
    assert guess == parse_config(guess.text, None)
    assert guess.models == guessed_models(["landing", "purchase", "other"])
    assert guess.columns == {"user": "who"}
    assert guess.rules == Rules()
    assert [one.name for one in guess.models["hourglass"].stages] == ["know", "buy", "repeat"]


DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="the real logs are not beside this checkout")
def test_proposals_on_real_logs() -> None:
    with gzip.open(DATA / "retentioneering_ecom.csv.gz", "rt", encoding="utf-8") as stream:
        ecom = {row["event"] for row in csv.DictReader(stream)}
    assert list(propose_stages(sorted(ecom))) == ["know", "like", "trust", "try", "buy", "repeat"]
    pages = set()
    for path in DATA.glob("sparkify/*.json.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            pages |= {json.loads(line)["page"] for line in stream}
    assert list(propose_stages(sorted(pages))) == ["know", "buy", "repeat"]
    with gzip.open(DATA / "receipt.csv.gz", "rt", encoding="utf-8") as stream:
        receipt = {row["concept:name"] for row in csv.DictReader(stream)}
    assert propose_stages(sorted(receipt)) == {}


# What is written down

EVENTS = [("ad_click", 12_000), ('odd "name"\n', 30), ("order_paid", 7)]


def test_the_text_explains_itself() -> None:
    stages = {"know": ["ad_click"], "buy": ["order_paid"], "repeat": ["order_paid"]}
    text = write_config({"user": "visitor id"}, EVENTS, stages)
    lines = text.split("\n")
    assert 'user = "visitor id" # who did it: the people that are counted' in lines
    assert '# channel = ""  # where the person came from' in lines
    assert 'know = ["ad_click"] # first meets the business' in lines
    assert "# like = []  # shows interest" in lines
    assert '#   30  "odd \\"name\\"\\n"' in lines
    assert 'window = "30 days"' in lines
    assert text.endswith("\n")
    assert max(map(len, lines)) <= 100


def test_the_examples_in_comments_load_when_they_are_put_in_force() -> None:
    examples = ('model = "', "trust = {", "repeat = {", "where = ", "[models", "cart =", "pay =")
    lines = write_config({}, (), {}).split("\n")
    config = parse_config(
        "\n".join(
            line.removeprefix("# ") if line.removeprefix("# ").startswith(examples) else line
            for line in lines
        ),
        None,
    )
    assert [one.name for one in config.models["checkout"].stages] == ["cart", "pay"]
    assert [one.name for one in config.models["hourglass"].stages] == ["trust", "repeat"]
    assert config.model == "hourglass"
    assert config.rules.where == "country = 'FI'"


def test_too_few_stages_are_left_for_a_person_to_fill_in() -> None:
    text = write_config({}, EVENTS, {"buy": ["order_paid"]})
    assert '# buy = ["order_paid"]  # becomes a customer' in text
    assert parse_config(text, None).models == {}


def test_only_so_many_events_are_listed() -> None:
    text = write_config({}, [(f"event {n}", 1) for n in range(2_000)], {})
    assert "and 1,900 more" in text
    assert text.count('"event ') == 100


def test_a_stage_of_many_events_takes_a_line_each() -> None:
    names = [f"impression of kind {n}" for n in range(50)]
    text = write_config({}, (), {"know": names, "buy": ["order_paid"]})
    assert max(map(len, text.split("\n"))) <= 100
    assert list(parse_config(text, None).models["hourglass"].stages[0].events) == names


names = st.text(min_size=1, max_size=20).filter(str.strip)
columns = st.dictionaries(st.sampled_from(ROLES), st.text(max_size=10))
stages = st.dictionaries(
    st.sampled_from(HOURGLASS), st.lists(names, min_size=1, max_size=4, unique=True)
)


@given(columns, st.lists(st.tuples(names, st.integers(0, 10**12)), max_size=8), stages)
@example({}, [('"""\n\r\t\x00\\', 1), ("x" * 10_000, 2)], {"know": ["'''"], "buy": ["y" * 10_000]})
@example({"user": ""}, [("[stages]\nbuy = 3", 1), ("\u2028\x85\x9b", 1)], {"buy": ["#"]})
def test_whatever_is_written_loads_as_it_is(
    columns: dict[str, str], events: list[tuple[str, int]], stages: dict[str, list[str]]
) -> None:
    config = parse_config(write_config(columns, events, stages), None)
    assert config.columns == columns
    assert config.rules.window is not None
    if len(stages) < 2:
        assert config.models == {}
    else:
        found = {one.name: list(one.events) for one in config.models["hourglass"].stages}
        assert found == stages


@given(st.lists(names, max_size=10))
def test_every_event_goes_to_one_stage_at_most(names: list[str]) -> None:
    proposed = propose_stages(names)
    own = [name for stage, named in proposed.items() if stage != "repeat" for name in named]
    assert len(own) == len(set(own))
    assert set(own) <= set(names)
