import time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import shadowing
from shadowing.domain.patient_detail import Detail, lint

REFERENCE = Path(shadowing.__file__).parent / "reference" / "reflection_templates.yaml"
TABLE = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
NAMES = ("Rosalind Quaye, RN", "José Núñez-Ortega", "Will Mark", "Bo Li", "Dr. Anne van der Berg")

FOUND = [
    (Detail.LONG_DIGIT_RUN, "record 4471920 was missing", "4471920"),
    (Detail.LONG_DIGIT_RUN, "MRN00123456", "00123456"),
    (Detail.DATE, "since 3/14/2027 it waits", "3/14/2027"),
    (Detail.DATE, "since 2027-03-14.", "2027-03-14"),
    (Detail.DATE, "am 14.3.27 kam", "14.3.27"),
    (Detail.DATE, "on 3/14 it broke", "3/14"),
    (Detail.DATE, "on 10/12 it broke", "10/12"),
    (Detail.DATE, "from 3/14-3/16", "3/14"),
    (Detail.DATE, "on March 14th", "March 14th"),
    (Detail.DATE, "on the 2nd of february", "2nd of february"),
    (Detail.DATE, "on 14 Mar. we saw", "14 Mar."),
    (Detail.DATE, "in Sept 2026 too", "Sept 2026"),
    (Detail.AGE, "a 92-year-old came", "92-year-old"),
    (Detail.AGE, "she is 94 and waits", "she is 94"),
    (Detail.AGE, "aged 101 or so", "aged 101"),
    (Detail.AGE, "a 90 y/o came", "90 y/o"),
    (Detail.AGE, "95 years of age", "95 years of age"),
    (Detail.AGE, "ninety-three years old", "ninety-three years old"),
    (Detail.AGE, "in her nineties", "her nineties"),
    (Detail.AGE, "a centenarian", "centenarian"),
    (Detail.BED_OR_ROOM, "in room 412 waits", "room 412"),
    (Detail.BED_OR_ROOM, "Bed #3b is free", "Bed #3b"),
    (Detail.BED_OR_ROOM, "Rm. B12 is cold", "Rm. B12"),
    (Detail.BED_OR_ROOM, "bed no. 7", "bed no. 7"),
    (Detail.BED_OR_ROOM, "bay 4 rang", "bay 4"),
    (Detail.PHONE, "call 555-0134 now", "555-0134"),
    (Detail.PHONE, "call (212) 555-0134", "(212) 555-0134"),
    (Detail.PHONE, "call 1-212-555-0134", "1-212-555-0134"),
    (Detail.PHONE, "call +44 20 7946 0958", "+44 20 7946 0958"),
    (Detail.PHONE, "ext. 4471 rings", "ext. 4471"),
    (Detail.EMAIL, "write to r.quaye+x@example.org.", "r.quaye+x@example.org"),
    (Detail.TITLE_AND_NAME, "then Mr. H waited", "Mr. H"),
    (Detail.TITLE_AND_NAME, "then mrs okafor waited", "mrs okafor"),
    (Detail.TITLE_AND_NAME, "then Dr Özil came", "Dr Özil"),
    (Detail.TITLE_AND_NAME, "Nurse O'Brien helped", "Nurse O'Brien"),
    (Detail.COLLEAGUE, "then Rosalind rebuilt it", "Rosalind"),
    (Detail.COLLEAGUE, "then rosalind rebuilt it", "rosalind"),
    (Detail.COLLEAGUE, "Rosalind Quaye's list", "Rosalind Quaye"),
    (Detail.COLLEAGUE, "then Jose came", "Jose"),
    (Detail.COLLEAGUE, "ask NÚÑEZ-ORTEGA", "NÚÑEZ-ORTEGA"),
    (Detail.COLLEAGUE, "then Will came", "Will"),
    (Detail.COLLEAGUE, "then Bo came", "Bo"),
    (Detail.COLLEAGUE, "then Anne came", "Anne"),
    (Detail.THE_PATIENT_IN, "the patient in the corner", "the patient in"),
    (Detail.THE_PATIENT_IN, "That  lady in the chair", "That  lady in"),
]
HARMLESS = [
    "Someone waited 50 minutes for the medicine they needed to go home.",
    "Staffing is short 24/7, and 1/2 of the pumps are broken; 3 of 4 carts too.",
    "Version 4.5 of the form has 12 pages and 1.2.3.4 is an address.",
    "About 5000 steps a shift, 10-15 calls an hour, a 95% target, 90 minutes late.",
    "She was 95 minutes late.",
    "The building is 90 years in use.",
    "We may do it in march time; a decade of waiting.",
    "The nurse manager and Nurse Managers agree; MS Teams is slow; miss the point.",
    "The doctor on call and the Doctor On call.",
    "There are 4 rooms, one bed and no beds free.",
    "I will mark it; grace under load; a bond of trust; bo and li are no words.",
    "The patient waited; patients in pain wait less.",
    "@home and a@b are no addresses.",
    "van der and la are in many names.",
    "",
]


@pytest.mark.parametrize(("kind", "text", "found"), FOUND, ids=[text for _, text, _ in FOUND])
def test_detail_that_could_point_to_a_person_is_found_rule_l3(kind, text, found):
    assert [(hit.kind, hit.text) for hit in lint(text, names=NAMES)][:1] == [(kind, found)]


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_work_is_left_alone_rule_l3(text):
    assert lint(text, names=NAMES) == ()


def test_every_kind_the_table_names_is_looked_for_rule_l3():
    assert {str(kind) for kind in Detail} == set(TABLE["lint"]["looks_for"])
    assert {kind for kind, _, _ in FOUND} == set(Detail)


def test_the_sentence_of_the_example_page_has_its_two_hits():
    text = "The pharmacy window is shut on Sundays. Mr. H in room 412 waited 50 minutes."

    assert [hit.text for hit in lint(text)] == ["Mr. H", "room 412"]


@pytest.mark.parametrize(
    "text",
    [
        "12/31/2027", "31.12.2027", "1/13/27", "2027-12-31", "2027-01-01", "1900-01-01",
        "2100-06-15", "13/12", "1/13", "01/12", "1-1-1900",
    ],
)  # fmt: skip
def test_a_day_of_the_calendar_is_a_date_rule_l3(text):
    assert [(hit.kind, hit.text) for hit in lint(f"on {text} it")] == [(Detail.DATE, text)]


@pytest.mark.parametrize(
    "text",
    [
        "2027-13-01", "2027-00-01", "2027-01-32", "2027-01-00", "1899-01-01", "2101-01-01",
        "13/13/2027", "32/1/2027", "0/1/2027", "1/0/27", "1/2/3", "1/1/1899", "1/1/2101", "1/12",
        "12/1", "13/13", "00/12", "32/10", "200/300/2027",
    ],
)  # fmt: skip
def test_other_numbers_are_none_rule_l3(text):
    assert lint(f"on {text} it") == ()


def test_short_names_are_told_from_words_by_their_capital():
    names = ["Ada Moss", "Bo Q"]

    assert [hit.text for hit in lint("ask ada, Ada, moss and Bo, not Q", names=names)] == [
        "Ada",
        "moss",
        "Bo",
    ]


def test_what_touches_is_two_hits_not_one():
    assert [hit.text for hit in lint("Ada92-year-old", names=["Ada"])] == ["Ada", "92-year-old"]


def test_names_are_nobodys_business_where_none_are_given():
    assert lint("Rosalind rebuilt the whole assignment.") == ()
    assert lint("Rosalind rebuilt it.", names=["", ", RN", "X", "the van"]) == ()


def test_two_names_in_a_text_are_two_hits():
    hits = lint("Rosalind asked José first, then Quaye.", names=NAMES)

    assert [hit.text for hit in hits] == ["Rosalind", "José", "Quaye"]


WORDS = st.sampled_from([*(found for _, _, found in FOUND), "and", "12", "/", "-", ".", "é", "\n"])


@given(st.lists(st.text(max_size=6) | WORDS, max_size=20).map(" ".join))
def test_hits_lie_in_order_apart_and_where_they_say(text):
    hits = lint(text, names=NAMES)

    assert all(text[hit.start : hit.end] == hit.text and hit.text for hit in hits)
    assert all(one.end <= two.start for one, two in pairwise(hits))
    assert hits == lint(text, names=NAMES), "the same text, the same hits"


HOSTILE = [
    "1", "a", "@", "a@", "a.", "-", "/", "1/", "1-", "1.", "+1", "+1 ", "(", "\u00a0", " ", "Mr ",
    "Mr.", "room ", "room #", "bed no. ", "the patient ", "she is 9", "90 ", "90-", "ninety-",
    "jan ", "1 of ", "a@a.", "a.a@", "555-", "Rosalind ", "Rosalind-", "é", "'", "ext ", "1st of ",
    "Mr" + " " * 3, "aged ", "\n", "9" * 5 + " ", "x" * 61 + " ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_fifty_kilobytes_made_to_hurt_take_no_time(piece):
    """Bounded patterns: twice the text, twice the time, and little of it."""
    started = time.process_time()
    lint((piece * 50_000)[:50_000] + "!", names=NAMES)

    assert time.process_time() - started < 1
