"""Sentences: every refusal in plain words, its facts filled in, nothing left to guess."""

import re
from datetime import UTC, date, datetime

import pytest

from shadowing.domain.accounts import TooManyTries
from shadowing.domain.bookings.asking import NotCleared, NoticeTooShort, Overlap
from shadowing.domain.bookings.goal import GoalMissing
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.errors import BadValue, NotAllowed, Refusal
from shadowing.domain.participation import BadFilter
from shadowing.services.bookings.readiness import NotReady
from shadowing.store.engine import DatabaseBusy
from shadowing.web.sentences import PROBLEMS, SENTENCES, field_of, listed, sentence, status_of

ZONE = "America/Chicago"
NOW = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
FORBIDDEN = re.compile(r"\b(please|successfully|submit|invalid|observer|resource)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (
            Overlap(
                starts_at=datetime(2027, 3, 10, 19, 15, tzinfo=UTC),
                ends_at=datetime(2027, 3, 10, 23, 0, tzinfo=UTC),
            ),
            (
                "Choose another time. You have something from Wed, Mar 10, 1:15 pm to "
                "Wed, Mar 10, 5:00 pm."
            ),
        ),
        (
            NoticeTooShort(days=7, earliest=datetime(2028, 3, 15, 14, 0, tzinfo=UTC)),
            (
                "Choose a later shift. The team needs 7 days’ notice: Wed, Mar 15, 2028, 9:00 am "
                "or later."
            ),
        ),
        (
            NotCleared(missing=("Flu shot", "TB test", "Badge"), by=NOW),
            "Choose a later shift. There is no time left to complete: Flu shot, TB test and Badge.",
        ),
        (
            TooManyTries(minutes=1),
            "Wait 1 minute, then try again. A sign-in link by email works right away.",
        ),
        (
            MoveNotAllowed(state=State.CONFIRMED, wanted=State.NO_SHOW),
            SENTENCES["move_not_allowed"],
        ),
        (BadValue(field="to", problem="end_before_start"), "Choose an end after the start."),
        (BadValue(field="to", problem="out_of_range", most=3), "Check what you entered here."),
        (BadValue(field="to", problem="new one"), "Check what you entered here."),
        (BadFilter(field="to", problem="bad_date"), PROBLEMS["bad_date"]),
        (NoticeTooShort(), SENTENCES["refused"]),
    ],
)
def test_a_refusal_is_told_in_words(refusal, said):
    assert sentence(refusal, ZONE, at=NOW) == said


def test_a_day_is_told_without_a_zone():
    class Dated(Refusal):
        """One with a day."""

        code = "check_in_too_early"

    told = sentence(Dated(opens=date(2027, 3, 12)), "Pacific/Kiritimati", at=NOW)

    assert told == "Come back later. Check-in opens Fri, Mar 12."


def test_labels_that_are_sentences_end_once():
    missing = ("I watch, and touch nothing.", "Photo ID seen.")

    told = sentence(NotReady(missing=missing), ZONE, at=NOW)

    assert told == "Do this first, then check in: I watch, and touch nothing and Photo ID seen."


@pytest.mark.parametrize("words", [*SENTENCES.values(), *PROBLEMS.values()])
def test_the_words_are_those_of_the_house(words):
    assert words[0].isupper()
    assert words[-1] == "."
    assert not FORBIDDEN.search(words)


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed(action="x"), 404),
        (GoalMissing(), 422),
        (BadValue(field="goal", problem="missing"), 422),
        (Overlap(), 409),
        (TooManyTries(minutes=3), 429),
        (DatabaseBusy(), 503),
    ],
)
def test_a_refusal_has_its_status(refusal, status):
    assert status_of(refusal) == status


def test_a_field_is_named_by_the_refusal_or_its_facts():
    assert field_of(GoalMissing()) == "goal"
    assert field_of(BadValue(field="to", problem="missing")) == "to"
    assert field_of(Overlap()) == ""
    assert field_of(Refusal(field=3)) == ""


@pytest.mark.parametrize(
    ("words", "joined"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_people_do(words, joined):
    assert listed(words) == joined
