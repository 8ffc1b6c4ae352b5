"""The oracle judged by hand, sentence by sentence, for the rules that are more than one number.

Where a sentence of the definition can be read in two ways, the test says which one was taken.
"""

from dataclasses import replace

import pytest

from tests.property import oracle
from tests.property.oracle import Ask, Event, Exclusion, Rules, Stage
from tests.property.test_oracle import DAY, HOUR, MINUTE, column, log, minutes, model


def optional(stages, *positions):
    return [
        replace(stage, optional=position in positions) for position, stage in enumerate(stages, 1)
    ]


def places(events, ask):
    """The minutes of p1's attempt, null for a stage it is without."""
    found = oracle.journeys(events, ask).get("p1", ())
    return [None if ts is None else ts / MINUTE for ts in found]


def valued(*rows):
    """Events of p1: name, minute and channel."""
    return [Event("p1", name, at * MINUTE, {"channel": value}) for name, at, value in rows]


def users(events, ask):
    """For each channel, the users a stage."""
    found = oracle.breakdown(events, ask, "channel")
    return {value: [row["users"] for row in rows] for value, rows in found.items()}


ABC = model("A", "B", "C")


# --- who is counted, and when ------------------------------------------------------------------


def test_any_property_may_be_counted_and_rows_without_it_are_left_out():
    # Empty text is no key, as everywhere it is no value.
    events = [
        Event("p1", "A", 0, {"visit": "v1"}),
        Event("p2", "B", 1, {"visit": "v1"}),
        Event("p1", "A", 2, {"visit": ""}),
        Event("p1", "A", 3, {"visit": None}),
    ]
    rules = Rules(count="visit")
    assert oracle.journeys(events, Ask(model("A", "B"), rules)) == {"v1": (0, 1)}


def test_from_one_stage_to_the_next_the_window_can_be_used_up_each_time():
    # "entry + window <= as-of" is said of one window; with `previous` the attempt may still grow
    # after that, so both maturity and `ever` take the whole reach, (stages - 1) windows.
    rules = Rules(window=HOUR, window_from="previous")
    for as_of, immature in [(119, 1), (120, 0)]:
        ask = Ask(ABC, rules, as_of=as_of * MINUTE)
        assert column("immature", log("A0"), ask) == [immature, 0, 0]
        assert column("mature_users", log("A0"), ask) == [1 - immature, 0, 0]
    for minute, ever in [(120, 1), (121, 0)]:
        ask = Ask(ABC, rules, until=MINUTE)
        assert column("ever", log(f"C{minute}"), ask) == [0, 0, ever]


def test_from_the_stage_before_any_event_of_a_stage_may_carry_on():
    rules = Rules(window=HOUR, window_from="previous")
    assert minutes(log("A0 B10 B50 C100"), Ask(ABC, rules)) == [0, 50, 100]


def test_the_first_and_the_last_are_those_of_the_period():
    ask = Ask(model("A", "B"), Rules(window=HOUR, entry="first"), since=5 * MINUTE)
    assert minutes(log("A0 A10 A100 B110"), ask) == [10]
    assert minutes(log("A0 A10 B15 A100"), replace(ask, rules=Rules(entry="last"))) == [100]


def test_strictly_later_is_strictly_later_though_events_may_be_used_again():
    # Both rules at once could let one event fill two stages at its instant; "each stage strictly
    # later" is taken at its word, as ClickHouse's strict_increase does.
    rules = Rules(ties="later", reuse=True)
    assert minutes(log("A0 B5"), Ask(model("A", "A|B", "B"), rules)) == [0, 5]


# --- optional stages ---------------------------------------------------------------------------


def test_an_optional_stage_counts_those_who_did_it_in_its_place():
    ask = Ask(optional(ABC, 2))
    assert places(log("A0 C10"), ask) == [0, None, 10]
    assert places(log("A0 B5 C10"), ask) == [0, 5, 10]
    assert places(log("A0 C10 B20"), ask) == [0, None, 10]
    events = log("A0 B5 C10", "A0 C10", "A0", "A0 B5")
    assert column("users", events, ask) == [4, 2, 2]
    assert column("dropped", events, ask) == [2, 1, None]
    assert column("step_rate", events, ask) == [None, 0.5, 0.5]


def test_depth_beats_optional_stages():
    # Waiting for B at 20 would lose C.
    assert places(log("A0 C10 B20"), Ask(optional(ABC, 2))) == [0, None, 10]


def test_an_optional_stage_at_the_end_is_depth_like_any_other():
    # "Deepest" is read as the last stage come to, optional or not; that depth beats optional
    # stages then says that none is taken at the cost of a later stage.
    ask = Ask(optional(ABC, 3), Rules(window=HOUR))
    assert places(log("A0 B1 A100 B101 C102"), ask) == [100, 101, 102]
    assert column("dropped", log("A0 B1"), ask) == [0, None, None]


def test_of_two_optional_stages_the_deeper_is_kept_then_both_if_possible():
    ask = Ask(optional(model("A", "B", "C", "D"), 2, 3))
    assert places(log("A0 C5 B6 C7 D10"), ask) == [0, 6, 7, 10]
    assert places(log("A0 C5 B6"), ask) == [0, None, 5]


def test_of_as_many_optional_stages_the_one_written_first_is_taken():
    # "The earliest next" is taken stage by stage; a stage that is left out is later than any.
    ask = Ask(optional(model("A", "B", "C", "D"), 2, 3))
    assert places(log("A0 C5 B6 D10"), ask) == [0, 6, None, 10]


def test_limits_and_times_count_from_the_stage_before_on_the_attempt():
    # Without B, the stage before C is A: that is where the attempt was.
    stages = optional(model("A", "B", "C", within=10 * MINUTE), 2)
    assert places(log("A0 C10"), Ask(stages)) == [0, None, 10]
    assert places(log("A0 B5 C15"), Ask(stages)) == [0, 5, 15]
    assert places(log("A0 C11"), Ask(stages)) == [0]
    assert column("mean_seconds", log("A0 B5 C9", "A0 C10"), Ask(stages)) == [None, 300, 420]


# --- open funnels ------------------------------------------------------------------------------


def test_an_open_attempt_may_begin_anywhere():
    ask = Ask(ABC, Rules(closed=False))
    assert places(log("B0 C10"), ask) == [None, 0, 10]
    assert places(log("C0"), ask) == [None, None, 0]
    assert places(log("A0 C10"), ask) == [None, None, 10]
    assert places(log("C0 A5 B10"), ask) == [None, None, 0]


def test_an_open_attempt_is_the_deepest_then_the_one_with_most_stages():
    ask = Ask(ABC, Rules(closed=False))
    assert places(log("B0 C10 A20 B30 C40"), ask) == [20, 30, 40]


def test_open_rates_are_of_those_who_came_from_the_stage_before():
    events = log("A0 B1 C2", "B0 C1", "C0", "A0")
    ask = Ask(ABC, Rules(closed=False))
    assert column("users", events, ask) == [2, 2, 3]
    assert column("step_rate", events, ask) == [None, 0.5, 1.0]
    assert column("dropped", events, ask) == [1, 0, None]
    assert column("total_rate", events, ask) == [0.5, 0.5, 0.75]


def test_open_and_first_takes_the_first_event_of_each_stage():
    # "Only the person's first" is said of stage 1; where attempts may begin at any stage it is
    # read stage by stage, so that what `closed` finds is among what `open` finds.
    ask = Ask(model("A", "B"), Rules(closed=False, entry="first", window=HOUR))
    assert places(log("B0 A10 A200 B210"), ask) == [None, 0]
    assert places(log("B0 A10 B20"), ask) == [10, 20]


# --- any order ---------------------------------------------------------------------------------


def test_in_any_order_different_stages_are_counted():
    ask = Ask(ABC, Rules(order="any", window=HOUR))
    assert minutes(log("C0 A10 B20"), ask) == [0, 10, 20]
    assert minutes(log("C0 C10 C20"), ask) == [0]
    assert minutes(log("C0 A10 B61"), ask) == [0, 10]
    assert minutes(log("C0 A50 B100"), ask) == [0, 50]
    assert minutes(log("C0 A50 B61"), ask) == [0, 50]
    assert minutes(log("C0 A70 B80 C90"), ask) == [70, 80, 90]


def test_in_any_order_one_event_is_one_stage():
    ask = Ask(model("A", "A|B"), Rules(order="any"))
    assert minutes(log("A0"), ask) == [0]
    assert minutes(log("A0 A5"), ask) == [0, 5]
    assert minutes(log("A0"), Ask(model("A", "A|B"), Rules(order="any", reuse=True))) == [0, 0]


def test_in_any_order_ever_is_so_many_different_stages_at_any_time():
    # A row is no stage here, so the events of "the stage" are read as of that many stages.
    ask = Ask(ABC, Rules(order="any", window=HOUR))
    assert column("ever", log("A0 B500", "A0"), ask) == [2, 1, 0]
    assert column("users", log("A0 B500", "A0"), ask) == [2, 0, 0]


# --- exclusions --------------------------------------------------------------------------------


def struck(how, events, *between, **rules):
    first, last = between or (1, 2)
    exclusion = Exclusion(lambda event: event.name == "X", first, last)
    ask = Ask(ABC, Rules(exclusion=how, window=HOUR, **rules), exclusions=[exclusion])
    return minutes(log(events), ask)


@pytest.mark.parametrize(
    ("events", "drop", "void", "keep"),
    [
        ("A0 B10 C20", [0, 10, 20], [0, 10, 20], [0, 10, 20]),
        ("A0 X5 B10 C20", [], [], [0]),
        ("A0 X0 B10 C20", [0, 10, 20], [0, 10, 20], [0, 10, 20]),
        ("A0 X10 B10 C20", [0, 10, 20], [0, 10, 20], [0, 10, 20]),
        ("A0 B10 X15 C20", [0, 10, 20], [0, 10, 20], [0, 10, 20]),
        ("A0 X60", [], [], [0]),
        ("A0 X61", [0], [0], [0]),
        ("A0 X5 A6 B10 C20", [6, 10, 20], [6, 10, 20], [6, 10, 20]),
        ("A0 X5 B10 C20 A100", [], [100], [0]),
        ("A0 X5 B10 C20 A100 B110", [100, 110], [100, 110], [100, 110]),
    ],
)
def test_an_excluding_event_between_two_stages(events, drop, void, keep):
    # In the last two, the struck attempt is as deep as B, the first it came to after the strike.
    assert struck("drop", events) == drop
    assert struck("void", events) == void
    assert struck("keep", events) == keep


def test_repeating_a_later_stage_does_not_undo_a_strike_but_a_new_entry_does():
    assert struck("void", "A0 B10 X15 B20 C30", 2, 3) == []
    assert struck("keep", "A0 B10 X15 B20 C30", 2, 3) == [0, 10]
    assert struck("void", "A0 B10 X15 A16 B20 C30", 2, 3) == [16, 20, 30]


def test_each_entry_makes_one_attempt_by_the_earliest_next_event():
    # Read to the letter: even where `within` needs the later B, the earliest is taken. (Without
    # exclusions that attempt would be found; so an exclusion may matter that never strikes.)
    exclusion = Exclusion(lambda event: event.name == "X", 1, 2)
    ask = Ask(model("A", "B", "C", within=10 * MINUTE), exclusions=[exclusion])
    assert minutes(log("A0 B10 B35 C40"), ask) == [0, 10]
    assert minutes(log("A0 B10 B35 C40"), replace(ask, exclusions=())) == [0, 35, 40]


def test_where_the_later_stage_never_comes_the_window_ends_the_span():
    # That is the window of the rules; how long `within` left for the stage does not matter.
    assert struck("drop", "A0 B10 X55", 2, 3) == []
    assert struck("drop", "A0 B10 X61", 2, 3) == [0, 10]
    assert struck("drop", "A0 B10 X61", 2, 3, window_from="previous") == []
    assert struck("drop", "A0 B10 X71", 2, 3, window_from="previous") == [0, 10]


def test_an_exclusion_needs_the_earlier_stage():
    assert struck("drop", "A0 X5", 2, 3) == [0]


def test_what_came_at_the_instant_of_a_strike_came_before_it():
    # Strictly between A and C, at B's own instant: events of one instant count as helps.
    assert struck("keep", "A0 B10 X10 C20", 1, 3) == [0, 10]


def test_in_any_order_an_exclusion_voids_the_attempt_and_a_completed_one_stands():
    # Whatever `exclusion` says: of `any` it is said that it voids.
    for how in ("drop", "void", "keep"):
        assert struck(how, "C0 X5 A10 B20", order="any") == [10, 20]
        assert struck(how, "C0 A1 B2 X5", order="any") == [0, 1, 2]
        assert struck(how, "C0 X5", order="any") == []


# --- one event of several ----------------------------------------------------------------------


def first_time(how):
    stage = Stage(
        lambda event: event.name == "A" and event.properties["channel"] == "ads",
        first_time=how,
        named=lambda event: event.name == "A",
    )
    return Ask([stage, *model("B")], since=MINUTE)


def test_the_first_such_event_ever_must_pass():
    assert minutes(valued(("A", 5, "ads")), first_time("event")) == [5]
    assert minutes(valued(("A", 5, "web"), ("A", 6, "ads")), first_time("event")) == []
    assert minutes(valued(("A", 0, "ads"), ("A", 6, "ads")), first_time("event")) == []


def test_the_first_that_passes():
    assert minutes(valued(("A", 5, "web"), ("A", 6, "ads")), first_time("matching")) == [6]
    assert minutes(valued(("A", 0, "web"), ("A", 6, "ads")), first_time("matching")) == [6]
    assert minutes(valued(("A", 0, "ads"), ("A", 6, "ads")), first_time("matching")) == []


def test_the_first_time_looks_at_the_unfiltered_history():
    rules = Rules(where=lambda event: event.ts >= 5 * MINUTE)
    ask = replace(first_time("matching"), rules=rules)
    assert minutes(valued(("A", 3, "ads"), ("A", 6, "ads")), ask) == []


def test_of_first_events_at_one_instant_each_is_the_first():
    # No order of theirs is known, and what the file says must not decide (but `ties = row`).
    events = valued(("A", 5, "web"), ("A", 5, "ads"))
    assert minutes(events, first_time("event")) == [5]
    assert minutes(events, replace(first_time("event"), rules=Rules(ties="row"))) == []


def test_the_nth_event_in_the_period():
    stages = [replace(model("A")[0], nth=2), *model("B")]
    assert minutes(log("A0 A10 B20"), Ask(stages)) == [10, 20]
    assert minutes(log("A0 B5"), Ask(stages)) == []
    assert minutes(log("A0 A10 A15 B20"), Ask(stages, since=MINUTE)) == [15, 20]
    later = [*model("A"), replace(model("B")[0], nth=2)]
    assert minutes(log("A0 B5 B10"), Ask(later, until=9 * MINUTE)) == [0]
    assert minutes(log("B0 A5 B10 B20"), Ask(later)) == [5, 10]


# --- hold --------------------------------------------------------------------------------------


def test_all_events_of_an_attempt_carry_the_same_value():
    ask = Ask(model("A", "B"), Rules(hold="channel"))
    assert minutes(valued(("A", 0, "ads"), ("B", 1, "web"), ("B", 2, "ads")), ask) == [0, 2]
    assert minutes(valued(("A", 0, "ads"), ("A", 1, "web"), ("B", 2, "ads")), ask) == [0, 2]
    assert minutes(valued(("A", 0, None), ("B", 1, None)), ask) == []
    assert minutes(valued(("A", 0, ""), ("B", 1, "")), ask) == []


def test_the_first_entry_is_the_first_whatever_it_carries():
    # `hold` is a condition of attempts and does not say which event is the first.
    ask = Ask(model("A", "B"), Rules(hold="channel", entry="first"))
    assert minutes(valued(("A", 0, None), ("A", 1, "ads"), ("B", 2, "ads")), ask) == []


# --- attribution -------------------------------------------------------------------------------

TWO_CHANNELS = valued(("A", 0, "ads"), ("A", 100, "web"), ("B", 110, "mail"), ("X", 120, "tv"))


@pytest.mark.parametrize(
    ("attribution", "expected"),
    [
        ("first_touch", {"ads": [1, 1]}),
        ("last_touch", {"mail": [1, 1]}),
        ("entry", {"web": [1, 1]}),
        ("stage:first", {"ads": [1, 0], "web": [1, 1]}),
        ("stage:second", {"mail": [1, 1]}),
        ("all", {"ads": [1, 0], "web": [1, 0], "mail": [0, 0]}),
    ],
)
def test_where_a_person_came_from(attribution, expected):
    first, second = model("A", "B")
    stages = [replace(first, name="first"), replace(second, name="second")]
    ask = Ask(stages, Rules(window=HOUR, attribution=attribution))
    assert users(TWO_CHANNELS, ask) == expected


def test_who_never_entered_is_without_a_value_at_the_entry():
    ask = Ask(model("A", "B"), Rules(attribution="entry"))
    assert users(valued(("B", 0, "ads")), ask) == {None: [0, 0]}
    assert users(valued(("A", 0, ""), ("B", 1, "ads")), ask) == {None: [1, 1]}


def test_of_equal_entries_the_value_that_sorts_first():
    # A value comes before none: none is no value that could sort.
    ask = Ask(model("A", "B"), Rules(attribution="entry"))
    assert users(valued(("A", 0, "web"), ("A", 0, "ads"), ("A", 0, None)), ask) == {"ads": [1, 0]}
    assert users(valued(("B", 0, "web"), ("A", 1, "web"), ("B", 0, "ads")), ask) == {"web": [1, 0]}


def test_a_person_stays_in_the_row_of_the_entry_when_only_mature_ones_count():
    # "Each person in exactly one row": the row does not change with the set of entries.
    ask = Ask(model("A", "B"), Rules(window=HOUR, attribution="entry"), as_of=120 * MINUTE)
    rows = oracle.breakdown(TWO_CHANNELS, ask, "channel")
    assert [row["users"] for row in rows["web"]] == [1, 1]
    assert [row["mature_users"] for row in rows["web"]] == [1, 0]
    assert rows.keys() == {"web"}


def test_without_the_stage_or_its_value_in_no_row():
    stages = [replace(stage, name=name) for stage, name in zip(ABC, "abc", strict=True)]
    ask = Ask(stages, Rules(attribution="stage:b"))
    assert users(valued(("A", 0, "ads"), ("B", 1, None), ("C", 2, "ads")), ask) == {}


def test_a_named_stage_stays_what_it_is():
    # "That stage must carry it" is read as a condition of the attempt: the first entry stays the
    # first, and the second event the second.
    first, second = model("A", "B")
    stages = [replace(first, name="a"), second]
    ask = Ask(stages, Rules(entry="first", attribution="stage:a"))
    assert users(valued(("A", 0, "ads"), ("A", 1, "web"), ("B", 2, "tv")), ask) == {
        "ads": [1, 1],
        "web": [0, 0],
    }
    ask = Ask([replace(first, name="a", nth=2), second], Rules(attribution="stage:a"))
    assert users(valued(("A", 0, "ads"), ("A", 1, "web")), ask) == {"web": [1, 0]}


def test_in_any_order_the_first_is_the_one_that_opens():
    # Of `any` "only the first stage may be named": rows are no stages, so it is `any 1`.
    ask = Ask(model("A", "B"), Rules(order="any", attribution="stage:any 1"))
    assert users(valued(("B", 0, "ads"), ("A", 1, "web")), ask) == {"ads": [1, 1], "web": [1, 0]}


def test_in_the_rest_everybody_is_once_by_the_deepest_row():
    ask = Ask(model("A", "B"), Rules(window=DAY, attribution="all"))
    events = valued(
        ("A", 0, "ads"), ("A", 1, "tv"), ("B", 2, "tv"), ("A", 3, "web"), ("B", 4, "web")
    )
    own, rest = oracle.folded(events, ask, "channel", 1)
    assert own == {"tv"}
    assert [row["users"] for row in rest] == [1, 1]
