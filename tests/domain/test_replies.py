"""What may come of a letter: every line of the rules for answers (rule N4, RFC 5546, RFC 6047)."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.domain.interval import Interval
from shadowing.domain.replies import (
    Asked,
    Attendee,
    Bounce,
    Kind,
    Letter,
    Outcome,
    PartStat,
    Said,
    Why,
    decide,
)

RAJ, OTHER = "raj@hospital.example", "other@hospital.example"
STAMP = datetime(2027, 3, 8, 15, tzinfo=UTC)
TIMES = Interval(STAMP, STAMP + timedelta(hours=3))
YES = (Attendee(RAJ, "ACCEPTED"),)


def letter(*, senders=(RAJ,), kind=Kind.CALENDAR, forged=False, automatic=False, **more):
    """Make a letter; what is more goes into its calendar."""
    bounces = more.pop("bounces", ())
    said = Said(**{"method": "REPLY", "uid": "one", "stamp": STAMP, "attendees": YES} | more)
    return Letter(
        message_id="<one@there>",
        senders=frozenset(senders),
        subject="",
        automatic=automatic,
        forged=forged,
        kind=kind,
        said=said if kind is Kind.CALENDAR else None,
        bounces=bounces,
    )


def asked(**more):
    """Make the event that was answered."""
    return Asked(**{"addresses": frozenset({RAJ}), "sequence": 0, "alive": True} | more)


def comes_to(event=None, **more):
    """Decide; give outcome and reason."""
    found = decide(letter(**more), asked() if event is None else event)
    return found.outcome, found.why


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_of_whoever_was_asked_counts(partstat):
    found = decide(letter(attendees=(Attendee(RAJ, partstat),)), asked())

    assert (found.outcome, found.partstat) == (Outcome.ANSWER, PartStat(partstat))


def test_an_answer_from_a_known_other_address_counts():
    both = asked(addresses=frozenset({RAJ, OTHER}))

    assert comes_to(both, senders=(OTHER,)) == (Outcome.ANSWER, Why.NONE)
    assert comes_to(both, attendees=(Attendee(OTHER, "ACCEPTED"),)) == (Outcome.ANSWER, Why.NONE)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"forged": True}, Why.FORGED),
        ({"senders": (OTHER,)}, Why.OTHER_SENDER),
        ({"senders": ()}, Why.OTHER_SENDER),
        ({"attendees": (Attendee(OTHER, "ACCEPTED"),)}, Why.NOT_ASKED),
        ({"attendees": ()}, Why.NO_ONE_ATTENDEE),
        ({"attendees": (*YES, Attendee(OTHER, "ACCEPTED"))}, Why.NO_ONE_ATTENDEE),
        ({"attendees": (Attendee(RAJ, "DELEGATED"),)}, Why.DELEGATED),
        ({"method_differs": True}, Why.METHOD_DIFFERS),
        ({"method": "COUNTER"}, Why.NO_TIMES),
        ({"method": "COUNTER", "times": TIMES, "senders": (OTHER,)}, Why.OTHER_SENDER),
    ],
)
def test_what_does_not_fit_is_kept_aside(more, why):
    assert comes_to(**more) == (Outcome.ASIDE, why)


def test_an_answer_to_an_earlier_version_is_looked_at():
    assert comes_to(asked(sequence=1), sequence=0) == (Outcome.ASIDE, Why.OLD_VERSION)


def test_the_later_of_two_answers_counts_and_of_equals_the_one_that_came_later():
    held = asked(answered=(0, STAMP))

    assert comes_to(held, stamp=STAMP - timedelta(seconds=1)) == (Outcome.IGNORED, Why.STALE)
    assert comes_to(held, stamp=STAMP) == (Outcome.ANSWER, Why.NONE)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "ADD", "PUBLISH", "DECLINECOUNTER", ""])
def test_nobody_else_changes_an_event(method):
    assert comes_to(method=method) == (Outcome.IGNORED, Why.NOT_OURS_TO_HEAR)


def test_what_is_over_or_unknown_is_not_answered():
    assert comes_to(asked(alive=False)) == (Outcome.IGNORED, Why.OVER)
    assert decide(letter(), None).why is Why.UNKNOWN_EVENT


def test_a_proposal_and_a_question_for_the_latest_version():
    assert comes_to(method="COUNTER", times=TIMES) == (Outcome.PROPOSAL, Why.NONE)
    assert comes_to(method="COUNTER", times=TIMES, attendees=()) == (Outcome.PROPOSAL, Why.NONE)
    assert comes_to(method="REFRESH") == (Outcome.RESEND, Why.NONE)


def test_letters_without_an_answer():
    assert comes_to(kind=Kind.OWN) == (Outcome.IGNORED, Why.OWN)
    assert comes_to(kind=Kind.HUMAN) == (Outcome.ASIDE, Why.HUMAN)
    assert comes_to(kind=Kind.HUMAN, automatic=True) == (Outcome.IGNORED, Why.HUMAN)
    failed = (Bounce(RAJ, "failed", "5.1.1", "<a@b>"),)
    assert comes_to(kind=Kind.REPORT, bounces=failed) == (Outcome.UNDELIVERED, Why.NONE)
    late = (Bounce(RAJ, "delayed", "4.4.1", "<a@b>"),)
    assert comes_to(kind=Kind.REPORT, bounces=late) == (Outcome.IGNORED, Why.DELAYED)
    assert comes_to(attendees=(Attendee(RAJ, "NEEDS-ACTION"),)) == (Outcome.IGNORED, Why.NO_ANSWER)
