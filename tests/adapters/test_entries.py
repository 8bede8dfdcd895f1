"""What a calendar entry says, in an invitation and in a feed alike (rule N3)."""

from dataclasses import replace

from shadowing.adapters.entries import Entry, words

ENTRY = Entry(
    kind="shift",
    status="CONFIRMED",
    other_name="Rosalind Okonjo-Vale, RN",
    other_role="Charge nurse",
    place="4 West",
    site="Main Campus",
    url="https://shadowing.example.org/shifts/1",
    meeting_point="4 West desk",
    phone="555-0110",
    attire="Closed shoes",
    bring="A photo ID",
    parking="Garage B",
)


def test_a_shift_says_with_whom_where_and_what_to_bring():
    said = words(ENTRY)

    assert said.summary == "Shadow shift with Rosalind Okonjo-Vale, RN"
    assert said.location == "4 West, Main Campus"
    assert said.description.split("\n") == [
        "With: Rosalind Okonjo-Vale, RN, Charge nurse",
        "Meet at: 4 West desk",
        "Unit phone: 555-0110",
        "Wear: Closed shoes",
        "Bring: A photo ID",
        "Park: Garage B",
        "All about it, or to cancel: https://shadowing.example.org/shifts/1",
    ]


def test_what_is_on_hold_says_so_first():
    assert words(replace(ENTRY, status="TENTATIVE")).summary.startswith("On hold: shadow shift")


def test_a_host_who_is_not_named_yet_leaves_no_gap():
    """Rule A10."""
    said = words(replace(ENTRY, other_name="", other_role=""))

    assert said.summary == "Shadow shift"
    assert "With" not in said.description


def test_a_debrief_needs_no_meeting_point():
    said = words(replace(ENTRY, kind="debrief"))

    assert said.summary.startswith("Debrief with")
    assert "Meet at" not in said.description


def test_what_is_cancelled_cannot_be_cancelled_again():
    assert "to cancel" not in words(replace(ENTRY, status="CANCELLED")).description
