"""What ``availability expand`` prints, and what it refuses, naming the field."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.availability.document import expand
from shadowing.domain.errors import BadValue
from tests.domain.availability.walls import DAILY, DAY, ZONES, change_days, window

EXAMPLE = {
    "zone": "Europe/Berlin",
    "from": "2027-03-20",
    "to": "2027-04-05",
    "patterns": [
        {
            "weekdays": ["mon", "tue"],
            "start": "19:00",
            "end": "07:00",
            "valid_from": None,
            "valid_to": None,
            "every_weeks": 1,
        }
    ],
    "exceptions": [
        {"date": "2027-03-29", "closed": True},
        {"date": "2027-03-30", "start": "08:00", "end": "12:00"},
    ],
    "busy": [["2027-03-22T18:00:00Z", "2027-03-22T19:00:00Z"]],
    "slot_minutes": 180,
}
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def changed(place, value):
    """Give the example with one value changed, added or, with ``...``, left out."""
    document = deepcopy(EXAMPLE)
    *way, last = place
    at = document
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return document


def refusal(document):
    with pytest.raises(BadValue) as refused:
        expand(document)
    return refused.value.facts["field"], refused.value.facts["problem"]


def told(instant):
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_the_example_of_the_contract():
    found = expand(EXAMPLE)

    assert found == {
        "windows": [
            ["2027-03-22T18:00:00Z", "2027-03-23T06:00:00Z"],
            ["2027-03-23T18:00:00Z", "2027-03-24T06:00:00Z"],
            ["2027-03-30T06:00:00Z", "2027-03-30T10:00:00Z"],
        ],
        "slots": [
            ["2027-03-22T21:00:00Z", "2027-03-23T00:00:00Z"],
            ["2027-03-23T00:00:00Z", "2027-03-23T03:00:00Z"],
            ["2027-03-23T03:00:00Z", "2027-03-23T06:00:00Z"],
            ["2027-03-23T18:00:00Z", "2027-03-23T21:00:00Z"],
            ["2027-03-23T21:00:00Z", "2027-03-24T00:00:00Z"],
            ["2027-03-24T00:00:00Z", "2027-03-24T03:00:00Z"],
            ["2027-03-24T03:00:00Z", "2027-03-24T06:00:00Z"],
            ["2027-03-30T06:00:00Z", "2027-03-30T09:00:00Z"],
        ],
    }


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_windows_in_one_zone_rule_a5(zone):
    changes = change_days(zone) or (date(2027, 7, 1),)
    near = {change + n * DAY for change in changes for n in (-1, 0, 1)}
    for start, end in DAILY:
        whole_year = {
            "zone": zone,
            "from": "2027-01-01",
            "to": "2028-01-01",
            "patterns": [{"weekdays": WEEK, "start": start, "end": end}],
            "slot_minutes": 210,
        }

        found = expand(whole_year)
        times = [tuple(each) for each in found["windows"]]

        if (start, end) != ("08:00", "08:00"):
            truth = [window(day, start, end, zone) for day in near]
            wanted = {(told(opens), told(closes)) for opens, closes in truth if opens < closes}
            assert wanted <= set(times)
            assert len(times) == 365 - sum(opens >= closes for opens, closes in set(truth))
        lengths = {
            datetime.fromisoformat(closes) - datetime.fromisoformat(opens)
            for opens, closes in found["slots"]
        }
        assert lengths <= {timedelta(minutes=210)}


def test_what_is_not_needed_may_be_left_out():
    document = {key: EXAMPLE[key] for key in ("zone", "from", "to", "patterns", "slot_minutes")}
    document["patterns"] = [{"weekdays": ["mon"], "start": "08:00", "end": "09:00"}]

    assert len(expand(document)["windows"]) == 2


def test_weeks_without_a_first_date_are_counted_from_the_range():
    document = changed(["patterns", 0, "every_weeks"], 2) | {"exceptions": [], "to": "2027-04-18"}

    starts = [start[:10] for start, _ in expand(document)["windows"]]

    # 2027-03-20 is a Saturday; the Mondays of the second and of the fourth week after it.
    assert starts == ["2027-03-29", "2027-03-30", "2027-04-12", "2027-04-13"]


def test_the_last_date_of_a_pattern_is_part_of_it():
    document = changed(["patterns", 0, "valid_to"], "2027-03-22")

    assert expand(document | {"exceptions": []})["windows"] == [
        ["2027-03-22T18:00:00Z", "2027-03-23T06:00:00Z"]
    ]


def test_an_empty_range_is_no_fault():
    assert expand(changed(["to"], "2027-03-20")) == {"windows": [], "slots": []}


def test_busy_time_may_name_its_offset_and_parts_of_a_second():
    busy = [["2027-03-22T19:00:00+01:00", "2027-03-22T19:00:00.000001+01:00"]]

    assert expand(changed(["busy"], busy))["slots"] == expand(EXAMPLE)["slots"]


@pytest.mark.parametrize(
    ("place", "value", "field", "problem"),
    [
        (["zone"], ..., "zone", "missing"),
        (["zone"], 7, "zone", "not_text"),
        (["zone"], "Europe/Atlantis", "zone", "unknown_zone"),
        (["from"], "2027-02-29", "from", "not_a_date"),
        (["from"], "20270320", "from", "not_a_date"),
        (["from"], "1066-10-14", "from", "out_of_range"),
        (["to"], "9999-12-31", "to", "out_of_range"),
        (["to"], "2027-03-19", "to", "end_before_start"),
        (["to"], "2028-04-25", "to", "too_many"),
        (["too"], "2027-03-19", "too", "unknown_key"),
        (["patterns"], {}, "patterns", "not_a_list"),
        (["patterns"], [[]], "patterns[0]", "not_an_object"),
        (["patterns"], [{}] * 1001, "patterns", "too_many"),
        (["patterns", 0, "weekdays"], "mon", "patterns[0].weekdays", "not_a_list"),
        (["patterns", 0, "weekdays", 1], "Monday", "patterns[0].weekdays[1]", "unknown_weekday"),
        (["patterns", 0, "weekdays", 1], 1, "patterns[0].weekdays[1]", "not_text"),
        (["patterns", 0, "start"], "7pm", "patterns[0].start", "not_a_time"),
        (["patterns", 0, "start"], None, "patterns[0].start", "not_a_time"),
        (["patterns", 0, "end"], ..., "patterns[0].end", "missing"),
        (["patterns", 0, "every_week"], 2, "patterns[0].every_week", "unknown_key"),
        (["patterns", 0, "every_weeks"], 0, "patterns[0].every_weeks", "out_of_range"),
        (["patterns", 0, "every_weeks"], True, "patterns[0].every_weeks", "not_a_whole_number"),
        (["patterns", 0, "valid_from"], "soon", "patterns[0].valid_from", "not_a_date"),
        (["exceptions", 0, "closed"], "yes", "exceptions[0].closed", "not_true_or_false"),
        (["exceptions", 0, "closed"], False, "exceptions[0].start", "missing"),
        (["exceptions", 0, "start"], "08:00", "exceptions[0]", "contradicts"),
        (["exceptions", 1, "date"], "2027-03-29", "exceptions[1]", "contradicts"),
        (["exceptions", 1, "end"], "24:00", "exceptions[1].end", "not_a_time"),
        (["busy", 0], ["2027-03-22T18:00:00Z"], "busy[0]", "missing"),
        (["busy", 0, 1], "2027-03-22T19:00:00", "busy[0][1]", "not_an_instant"),
        (["busy", 0, 1], "2027-03-22T25:00:00Z", "busy[0][1]", "not_an_instant"),
        (["busy", 0, 1], "2027-03-22T18:00:00Z", "busy[0][1]", "end_before_start"),
        (["slot_minutes"], 0, "slot_minutes", "out_of_range"),
        (["slot_minutes"], 180.0, "slot_minutes", "not_a_whole_number"),
    ],
)
def test_a_fault_is_told_with_its_place(place, value, field, problem):
    assert refusal(changed(place, value)) == (field, problem)


def test_a_pattern_that_ends_before_it_begins_is_refused():
    document = changed(["patterns", 0, "valid_from"], "2027-03-22")
    document["patterns"][0]["valid_to"] = "2027-03-21"

    assert refusal(document) == ("patterns[0].valid_to", "end_before_start")


@pytest.mark.parametrize("document", [None, [], "text", 3, {}])
def test_what_is_no_such_document_is_refused(document):
    assert refusal(document)[1] in {"not_an_object", "missing"}


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["mon", "07:00", "2027-03-20", "9999-12-31", "0001-01-01", "UTC"])
    | st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
places = st.sampled_from(
    [
        [],
        *([key] for key in EXAMPLE),
        *(["patterns", 0, key] for key in EXAMPLE["patterns"][0]),
        ["patterns", 0],
        ["exceptions", 0],
        ["exceptions", 1, "date"],
        ["exceptions", 1, "end"],
        ["busy", 0],
        ["busy", 0, 0],
        ["busy", 0, 1],
    ]
)


def answer(document):
    try:
        return expand(document)
    except BadValue as refused:
        return refused.facts


@given(place=places, value=anything)
def test_no_document_can_do_worse_than_be_refused(place, value):
    found = answer(changed(place, value) if place else value)

    assert ("windows" in found) != ("problem" in found)
    assert found.get("field") != ""
    assert sorted(found.get("windows", [])) == found.get("windows", [])
    assert sorted(found.get("slots", [])) == found.get("slots", [])


PROGRAM = """
import json, sys
from shadowing.domain.availability.document import expand
for document in json.load(sys.stdin):
    print(json.dumps(expand(document)))
"""


@pytest.mark.slow
def test_the_answer_does_not_depend_on_where_the_process_runs_rule_a5():
    documents = json.dumps(
        [
            EXAMPLE
            | {
                "zone": zone,
                "from": "2027-01-01",
                "to": "2028-01-01",
                "patterns": [{"weekdays": WEEK, "start": start, "end": end}],
            }
            for zone in ZONES
            for start, end in DAILY
        ]
    )
    answers = {
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM],
            input=documents,
            env=os.environ | {"TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for zone in ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Chatham")
    }

    assert len(answers) == 1
    assert answers.pop().count("\n") == len(ZONES) * len(DAILY)
