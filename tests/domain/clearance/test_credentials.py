"""One credential: said, checked, ticked, waived, run out. Rules C2, C7, C8, section 6.6."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shadowing.adapters import reference
from shadowing.domain.clearance import credentials, problems
from shadowing.domain.clearance.credentials import Claim, Held, pieces
from shadowing.domain.clearance.evidence import State
from shadowing.domain.clearance.pointers import (
    DoneInFuture,
    DoneTooLongAgo,
    NotAPointer,
    PointerTooLong,
    ReasonHoldsFinding,
    ReasonMissing,
    check_done,
    check_pointer,
    check_reason,
)
from shadowing.domain.clearance.states import By, CredentialMoveNotAllowed
from shadowing.domain.clearance.wording import text_version

REFERENCE = reference.load()
NOW = datetime(2027, 3, 8, 14, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
ADA, EVE, PARTNER = UUID(int=1), UUID(int=2), UUID(int=3)
HIPAA, TB, COND, ORI = map(REFERENCE.requirement, ("HIPAA", "TB", "COND", "ORI"))
NOTHING = Held(id=UUID(int=9), person_id=ADA, requirement="HIPAA")
DONE = Claim(done_on=TODAY - DAY, evidence="LMS certificate 123", by_id=ADA, at=NOW)
PENDING = credentials.claimed(NOTHING, HIPAA, DONE, by=By.SELF).held
VALID = credentials.verified(PENDING, valid_to=None, verifier_id=EVE, at=NOW).held


def moves(changed):
    return [(step.before.value, step.after.value, step.by.value) for step in changed.steps]


def test_what_somebody_says_waits_and_never_clears():
    changed = credentials.claimed(NOTHING, HIPAA, DONE, by=By.SELF)

    assert moves(changed) == [("missing", "pending", "self")]
    assert [piece.state for piece in pieces(changed.held)] == [State.PENDING]


def test_what_is_verified_holds_from_the_day_it_was_done_with_its_pointer_rule_c2():
    assert (VALID.state, VALID.done_on, VALID.evidence) == (
        State.VALID,
        DONE.done_on,
        DONE.evidence,
    )
    assert (VALID.verified_by_id, VALID.verified_at, VALID.claim) == (EVE, NOW, None)


def test_a_renewal_waits_beside_what_holds_and_takes_nothing_away():
    again = replace(DONE, done_on=TODAY)
    expiring = replace(VALID, state=State.EXPIRING)

    changed = credentials.claimed(expiring, HIPAA, again, by=By.SELF)

    assert moves(changed) == []
    assert [piece.state for piece in pieces(changed.held)] == [State.EXPIRING, State.PENDING]
    renewed = credentials.verified(changed.held, valid_to=None, verifier_id=EVE, at=NOW)
    assert moves(renewed) == [("expiring", "valid", "verifier")]
    assert renewed.held.done_on == TODAY


def test_a_renewal_that_is_sent_back_leaves_what_holds():
    beside = credentials.claimed(VALID, HIPAA, DONE, by=By.SELF).held

    back = credentials.rejected(beside, code="not_found", verifier_id=EVE)

    assert (back.held.state, back.held.rejected, moves(back)) == (State.VALID, "not_found", [])


def test_nobody_verifies_their_own_rule_c7():
    for act in (
        lambda: credentials.verified(PENDING, valid_to=None, verifier_id=ADA, at=NOW),
        lambda: credentials.rejected(PENDING, code="not_found", verifier_id=ADA),
        lambda: credentials.revoked(VALID, code="by_mistake", verifier_id=ADA),
    ):
        with pytest.raises(problems.OwnCredential):
            act()


def test_what_nobody_claimed_cannot_be_checked():
    with pytest.raises(problems.NothingToCheck):
        credentials.verified(NOTHING, valid_to=None, verifier_id=EVE, at=NOW)
    with pytest.raises(problems.NothingToCheck):
        credentials.rejected(VALID, code="not_found", verifier_id=EVE)


def test_what_was_verified_can_be_taken_back():
    gone = credentials.revoked(VALID, code="by_mistake", verifier_id=EVE)

    assert moves(gone) == [("valid", "missing", "verifier")]
    assert (gone.held.done_on, gone.held.evidence, gone.held.rejected) == (None, "", "by_mistake")
    with pytest.raises(CredentialMoveNotAllowed):
        credentials.revoked(gone.held, code="by_mistake", verifier_id=EVE)


def test_it_cannot_run_out_before_it_was_done():
    early = DONE.done_on - DAY
    with pytest.raises(problems.EndsBeforeDone):
        credentials.verified(PENDING, valid_to=early, verifier_id=EVE, at=NOW)
    with pytest.raises(problems.EndsBeforeDone):
        credentials.claimed(NOTHING, HIPAA, replace(DONE, valid_to=early), by=By.SELF)


def test_a_partners_proof_is_said_only_where_it_may_count_rule_c8():
    theirs = replace(DONE, partner_id=PARTNER)

    assert credentials.claimed(NOTHING, HIPAA, theirs, by=By.PARTNER).held.claim == theirs
    with pytest.raises(problems.NotFromPartner):
        credentials.claimed(NOTHING, ORI, theirs, by=By.PARTNER)


def tick(held=NOTHING, requirement=COND, version=None):
    version = text_version(requirement.text) if version is None else version
    return credentials.attested(
        held, requirement, version=version, on=TODAY, by_id=held.person_id, at=NOW
    )


def test_a_tick_keeps_the_version_of_its_words_rule_c7():
    ticked = tick()

    assert moves(ticked) == [("missing", "valid", "self")]
    assert ticked.held.text_version == text_version(COND.text) != ""


def test_words_that_changed_while_they_were_read_are_not_agreed_to_rule_c7():
    with pytest.raises(problems.NewWords):
        tick(version="0" * 16)


def test_what_has_to_be_shown_cannot_be_ticked_and_the_other_way_round_rule_c7():
    with pytest.raises(problems.NotTicked):
        tick(requirement=HIPAA)
    with pytest.raises(problems.NotTicked):
        credentials.claimed(NOTHING, COND, DONE, by=By.SELF)


def waive(held=NOTHING, requirement=TB, days=30, by_id=EVE):
    return credentials.waived(
        held,
        requirement,
        until=TODAY + days * DAY,
        reason="Second reading is booked.",
        by_id=by_id,
        today=TODAY,
        most=90,
    )


def test_a_waiver_ends_within_ninety_days_rule_c7():
    assert moves(waive(days=90)) == [("missing", "waived", "coordinator")]
    for days in (-1, 91):
        with pytest.raises(problems.WaiverTooLong) as refused:
            waive(days=days)
        assert refused.value.facts["latest"] == TODAY + 90 * DAY


def test_only_what_is_waivable_is_waived_and_never_ones_own_rule_c7():
    with pytest.raises(problems.NotWaivable):
        waive(requirement=HIPAA)
    with pytest.raises(problems.OwnCredential):
        waive(by_id=ADA)
    with pytest.raises(CredentialMoveNotAllowed):
        waive(held=VALID)


@pytest.mark.parametrize(
    ("state", "days_left", "wanted"),
    [
        ("valid", 31, []),
        ("valid", 30, [("valid", "expiring", "clock")]),
        ("valid", 0, [("valid", "expiring", "clock")]),
        ("valid", -1, [("valid", "expired", "clock")]),
        ("expiring", 0, []),
        ("expiring", -1, [("expiring", "expired", "clock")]),
        ("waived", 0, []),
        ("waived", -1, [("waived", "expired", "clock")]),
        ("pending", -1, []),
        ("missing", -1, []),
    ],
)
def test_days_pass_over_a_credential_section_6_6(state, days_left, wanted):
    held = replace(NOTHING, state=State(state))

    changed = credentials.turned(held, last=TODAY + days_left * DAY, first_reminder=30, today=TODAY)

    assert moves(changed) == wanted


def test_what_never_ends_is_left_in_peace():
    assert credentials.turned(VALID, last=None, first_reminder=30, today=TODAY).held == VALID
    near = credentials.turned(VALID, last=TODAY, first_reminder=0, today=TODAY)
    assert near.held.state is State.VALID


def test_what_runs_out_while_a_renewal_waits_goes_on_waiting():
    beside = credentials.claimed(VALID, HIPAA, DONE, by=By.SELF).held

    over = credentials.turned(beside, last=TODAY - DAY, first_reminder=30, today=TODAY)

    assert moves(over) == [("valid", "expired", "clock"), ("expired", "pending", "self")]
    assert credentials.verified(over.held, valid_to=None, verifier_id=EVE, at=NOW)


# ------------------------------------------------------------------ what may be written beside it


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LMS certificate 123",
        "Card 20270301 at employee health",
        "  Form C,\n signed in Jan 2027 ",
    ],
)
def test_where_the_proof_is_kept_may_be_said_rule_c2(text):
    assert check_pointer(text) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "titer 1:320",
        "TB negative",
        "quantiferon",
        "8 mm",
        "HBs antibody 12 IU",
        "scan.pdf",
        "card-front.JPG",
        "Mr. Smith’s file",
        "call 555-0101",
    ],
)
def test_a_finding_or_a_scan_is_sent_back_rule_c2(text):
    with pytest.raises(NotAPointer):
        check_pointer(text)
    with pytest.raises(ReasonHoldsFinding):
        check_reason(text)


def test_bounds_of_what_is_written():
    with pytest.raises(PointerTooLong):
        check_pointer("x" * 81)
    with pytest.raises(ReasonMissing):
        check_reason(" ")
    with pytest.raises(ReasonMissing):
        check_reason("x" * 201)
    with pytest.raises(DoneInFuture):
        check_done(TODAY + DAY, today=TODAY)
    with pytest.raises(DoneTooLongAgo):
        check_done(date(1949, 12, 31), today=TODAY)
    assert check_done(TODAY, today=TODAY) == TODAY
