"""Who brought whom: what tables of referrals, and the lower half of a funnel, are counted from."""

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.groups import group
from hourglass.analyses.mapping import scope_read
from hourglass.analyses.numbering import keys
from hourglass.analyses.question import Question
from hourglass.engines import Engine, Maker
from hourglass.scope import keyed_view, scope_view

REFERRER = "referrer_id"
_NAMING = ("named", "referrers", "links", "lines", "circling")


def count(engine: Engine, question: Question) -> None:
    """Make all that `referrals/parts` reads, of mapped events, `purchases` and `observed`."""
    bounds = Bounds.of(question)
    period = bounds.period
    _follow_names(engine, question)
    engine.make("buyers", "referrals/buyers", period)
    engine.make("referrals", "referrals/referrals")
    engine.make("customers", "referrals/customers")
    group(engine, question, "customers", until_us=bounds.until_us)


def _follow_names(engine: Engine, question: Question) -> None:
    """Make `named`, `referrers`, `links`, `lines` and `circling`, which no period binds."""
    content = scope_read(engine, question)
    if engine.remembers(content, *_NAMING):
        return
    _look_at_names(engine, question)
    engine.make("named", "referrals/named")
    engine.make("referrers", "referrals/referrers")
    engine.make("links", "referrals/links")
    make_lines(engine)
    engine.make("circling", "referrals/circling")
    engine.remember(content, *_NAMING)


def _look_at_names(engine: Maker, question: Question) -> None:
    """Make `naming`, events with whom they name, and `other_names`, ids that are another's."""
    columns, rules = engine.event_columns(), question.rules
    carry, words = {REFERRER: "VARCHAR"}, engine.dialect
    naming = scope_view(columns, count=rules.count, where=rules.where, carry=carry, dialect=words)
    engine.view("naming", keyed_view(naming, keys(engine, question)))
    if question.aliases and rules.count == "user":
        engine.alias("other_names", question.aliases)
    else:
        engine.define("other_names", {"alias": "VARCHAR", "person": "VARCHAR"}, [])


def make_lines(engine: Engine) -> None:
    """Make `lines` of `links`; without recursion, each round makes lines twice as long."""
    if engine.recursive:
        engine.make("lines", "referrals/lines")
        return
    engine.make("lines", "referrals/first_lines")
    going_on, most = engine.ask("referrals/open_lines").tuples[0]
    length = 1
    while going_on and length <= most:  # a line longer than there are links runs in a circle
        engine.make("lines", "referrals/longer_lines")
        going_on, _ = engine.ask("referrals/open_lines").tuples[0]
        length *= 2
