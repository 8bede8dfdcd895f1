"""Promises: made after the talk, agreed, kept or answered, seen; and who may read them."""

from datetime import date

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound, Stale
from shadowing.domain.followup.commitments import DebriefFirst
from shadowing.domain.followup.moves import Commitment, FollowUpMoveNotAllowed
from shadowing.domain.followup.problems import BadAnswers
from shadowing.services.bookings import debriefing
from shadowing.services.followup import board, keeping, promising
from shadowing.services.followup.keeping import News
from shadowing.services.followup.wishes import Wish
from shadowing.services.followup.writing import FormClosed
from shadowing.store.tables.followup import commitment, commitment_entry
from shadowing.store.tables.journal import audit
from tests import makers
from tests.makers import Ward
from tests.visits import HOST_SIDE, OBSERVER_SIDE, PROMISE, Visit


def refused(visit, *rows, **more):
    with pytest.raises(BadAnswers) as answer:
        visit.promise(*rows, **more)
    return {problem.key: problem.code for problem in answer.value.problems}


def state(work):
    with work.read() as tx:
        return [row.state for row in tx.db.execute(commitment.select())]


def seen(visit, actor, **more):
    asked = {"tab": "all", "state": "", "number": 1} | more
    return [one.shown.promise.action for one in board.show(visit.work, actor, **asked).promises]


def test_promises_come_after_the_talk(visit):
    """Rule F6."""
    with pytest.raises(DebriefFirst):
        promising.prepare(visit.work, visit.ward.as_observer(), shift_id=visit.shift.id)
    with pytest.raises(DebriefFirst):
        visit.promise()

    visit.talk()

    sheet = promising.prepare(visit.work, visit.ward.as_observer(), shift_id=visit.shift.id)
    assert (sheet.room, sheet.promise.key, sheet.reason.key) == (3, "commit", "nocommit")


def test_a_waived_talk_opens_the_form_as_well(visit):
    """Rule F6: held or waived."""
    debriefing.waive(
        visit.work, visit.ward.as_coordinator(), shift_id=visit.shift.id, reason="Host left."
    )

    assert len(visit.promise()) == 1


def test_one_to_three_each_with_all_its_parts(promised):
    """Rules F7, F8: action, kind, owner, date, how the host will know."""
    visit, _ = promised
    with visit.work.read() as tx:
        (row,) = tx.db.execute(commitment.select()).all()
        (entry,) = tx.db.execute(commitment_entry.select()).all()

    assert (row.owner_id, row.host_id) == (visit.ward.observer, visit.ward.host)
    assert (row.state, row.due_on, row.first_due_on) == ("proposed", *[date(2027, 5, 1)] * 2)
    assert (entry.state, entry.by_id) == ("proposed", visit.ward.observer)
    assert visit.told("commitment-told") == [visit.ward.host]
    visit.promise(PROMISE, {**PROMISE, "action": "Another."}, made=1)
    with pytest.raises(FormClosed):
        visit.promise(made=3)


def test_every_row_says_what_it_lacks_and_blank_rows_are_none(visit):
    """Rules F7, F8: a redesign names its team; a date lies ahead."""
    visit.talk()
    blank = dict.fromkeys(PROMISE, "  ")

    found = refused(
        visit,
        blank,
        {**PROMISE, "kind": "redesign_by_team", "due": "2027-03-22"},
        {**blank, "action": "Something."},
    )

    assert found == {
        "commit.0.team": "answer_missing",
        "commit.0.due": "date_not_ahead",
        "commit.1.kind": "answer_missing",
        "commit.1.due": "answer_missing",
        "commit.1.tell": "answer_missing",
        "commit.1.saw": "answer_missing",
    }
    assert state(visit.work) == []


def test_no_more_than_there_is_room_for(visit):
    visit.talk()

    assert refused(visit, *[PROMISE] * 4)["commit"] == "too_many"


def test_a_reason_for_none_is_kept_and_the_host_is_told(visit):
    """Rule F7: a stated reason for none, which the host reads."""
    visit.talk()
    sheet = Wish(reason="I came to learn.", raw={"phi_ok": "y"})
    actor = visit.ward.as_observer()

    assert promising.make(visit.work, actor, shift_id=visit.shift.id, wish=sheet) == ()

    assert visit.both("host").reason == "I came to learn."
    assert visit.told("commitment-told") == [visit.ward.host]
    assert refused(visit, reason="And one more.") == {"nocommit": "promise_and_reason"}
    visit.promise()
    assert visit.both("host").reason == "", "a promise takes the place of the reason"


def test_neither_a_promise_nor_a_reason_is_not_enough(visit):
    """Rules F7, F16."""
    visit.talk()
    nothing = dict.fromkeys(PROMISE, "")

    assert refused(visit, nothing) == {"commit": "answer_missing", "nocommit": "answer_missing"}


def test_patient_detail_in_a_promise_is_found_in_every_part(visit):
    """Rules L3, P3."""
    visit.talk()
    bad = dict.fromkeys(("saw", "action", "tell", "team"), "Mr. Hale in room 412.")

    found = refused(visit, {**PROMISE, **bad})

    assert found == {f"commit.0.{name}": "patient_detail" for name in bad}


def test_sending_twice_promises_once(promised):
    visit, _ = promised

    with pytest.raises(Stale):
        visit.promise()

    assert state(visit.work) == ["proposed"]


@pytest.mark.parametrize(
    "sent",
    [
        {"due": "31/12/2027"},
        {"due": "0001-01-01"},
        {"kind": "shout"},
        {"action": "x" * 301},
        {"saw": "NUL \x00"},
        {"tell": "\ud800"},
        {"team": "t" * 100_000},
    ],
)
def test_hostile_parts_are_refused_in_words(visit, sent):
    visit.talk()

    (code,) = refused(visit, {**PROMISE, **sent}).values()

    assert code in {"bad_date", "unknown_choice", "too_long", "bad_character", "date_not_ahead"}


def test_a_shift_closes_with_the_talk_a_promise_and_both_sides(promised):
    """Rules F16, S4.3: and not before."""
    visit, _ = promised
    assert debriefing.close_due(visit.work) == 0
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)

    assert debriefing.close_due(visit.work) == 1

    assert [row.state for row in makers.shifts(visit.work)] == [State.CLOSED]
    with pytest.raises(FormClosed):
        visit.promise(made=1)


def test_a_shift_with_both_sides_but_no_promise_and_no_reason_does_not_close(visit):
    """Rules F16, S4.3."""
    visit.talk()
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)
    visit.work.clock.advance(days=30)

    assert debriefing.close_due(visit.work) == 0


def test_a_side_that_was_sent_and_deleted_does_not_hold_a_shift_open(promised):
    """Rule L5: that it was sent stays."""
    visit, _ = promised
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)
    promising.writing.delete(visit.work, visit.ward.as_host(), shift_id=visit.shift.id)

    assert debriefing.close_due(visit.work) == 1


def test_the_story_of_a_promise_to_its_end(promised):
    """Section 6.5; rules F9, F10, F13, S4.4: every change is told, and seen closes the loop."""
    visit, made = promised
    work, observer, host = visit.work, visit.ward.as_observer(), visit.ward.as_host()
    keeping.suggest(work, host, commitment_id=made, words="Say which elevator.")
    keeping.reword(work, observer, commitment_id=made, words="Keep elevator B for beds at noon.")
    keeping.agree(work, host, commitment_id=made)
    late = News(state=Commitment.IN_PROGRESS, note="The vendor is slow.", due=date(2027, 6, 1))
    keeping.update(work, observer, commitment_id=made, news=late)
    done = News(state=Commitment.DONE, note="In force since today.")
    keeping.update(work, observer, commitment_id=made, news=done)
    keeping.see(work, host, commitment_id=made)

    told = board.story(work, host, commitment_id=made)
    assert [step.state for step in told.steps] == [
        *["proposed"] * 3,
        "agreed_with_host",
        "in_progress",
        "done",
        "seen_by_host",
    ]
    assert told.steps[2].note == "Before: Keep one elevator for beds at noon."
    assert told.shown.promise.action == "Keep elevator B for beds at noon."
    assert (told.shown.promise.first_due_on, told.shown.promise.due_on) == (
        date(2027, 5, 1),
        date(2027, 6, 1),
    )
    assert told.shown.outcome == "done"
    to_host = [who for who in visit.told("commitment-told") if who == visit.ward.host]
    assert len(to_host) == 4, "made, reworded, under way, done"
    with work.read() as tx:
        events = [row.event for row in tx.db.execute(audit.select().order_by(audit.c.id))]
    assert events[-3:] == ["commitment.in_progress", "commitment.done", "commitment.seen_by_host"]


def test_i_cannot_change_this_needs_its_reason_and_is_an_answer(promised):
    """Rule F12."""
    visit, made = promised
    observer = visit.ward.as_observer()
    keeping.agree(visit.work, visit.ward.as_host(), commitment_id=made)
    with pytest.raises(BadAnswers):
        keeping.update(
            visit.work, observer, commitment_id=made, news=News(state=Commitment.DECLINED)
        )

    why = News(state=Commitment.DECLINED, note="It waits for the rebuild.")
    keeping.update(visit.work, observer, commitment_id=made, news=why)

    shown = board.show(visit.work, observer, tab="mine", state="declined", number=1)
    assert (shown.matching, shown.promises[0].days_late) == (1, 0)


def test_each_move_is_for_the_one_whose_it_is(promised):
    """Section 6.5: the host agrees and sees, the owner updates; nobody else, and not too early."""
    visit, made = promised
    work, observer, host = visit.work, visit.ward.as_observer(), visit.ward.as_host()
    news = News(state=Commitment.DONE, note="Done.")
    for actor in (observer, visit.ward.as_coordinator(), visit.ward.as_manager()):
        for move in (keeping.agree, keeping.see):
            with pytest.raises(NotFound):
                move(work, actor, commitment_id=made)
    for actor in (host, visit.ward.as_coordinator()):
        with pytest.raises(NotFound):
            keeping.update(work, actor, commitment_id=made, news=news)
    with pytest.raises(FollowUpMoveNotAllowed):
        keeping.update(work, observer, commitment_id=made, news=news)
    with pytest.raises(FollowUpMoveNotAllowed):
        keeping.see(work, host, commitment_id=made)


def test_notes_hold_nothing_about_patients(promised):
    """Rule P3."""
    visit, made = promised
    words = "Mrs. Pell in room 9 knows."

    with pytest.raises(BadAnswers) as doubt:
        keeping.suggest(visit.work, visit.ward.as_host(), commitment_id=made, words=words)
    mark = doubt.value.problems[0].facts["mark"]
    keeping.suggest(visit.work, visit.ward.as_host(), commitment_id=made, words=words, fine=mark)

    assert state(visit.work) == ["proposed"]


def test_what_else_is_asked_after_the_talk_goes_to_the_observers_side(work):
    """T4: an invitation is read by the host like the rest of that side."""
    visit = Visit(Ward(work), template="T4")
    visit.talk()
    asked = promising.prepare(work, visit.ward.as_observer(), shift_id=visit.shift.id).others
    assert [field.key for field in asked][:2] == ["invite", "invite_what"]
    raw = {"phi_ok": "y", "invite": "not_yet", "invite_why": "No meeting before summer."}

    promising.make(
        work,
        visit.ward.as_observer(),
        shift_id=visit.shift.id,
        wish=Wish(rows=(PROMISE,), raw=raw),
    )

    sheet = visit.desk("observer")
    assert sheet.typed["invite_why"] == "No meeting before summer."
    assert visit.both("host").observer == (), "sealed like everything else"


def test_an_update_names_a_day_ahead_and_words_that_can_be_kept(promised):
    visit, made = promised
    observer = visit.ward.as_observer()
    keeping.agree(visit.work, visit.ward.as_host(), commitment_id=made)
    past = News(state=Commitment.IN_PROGRESS, note="Slow.", due=date(2027, 3, 22))
    for news in (past, News(state=Commitment.DONE, note="x" * 351)):
        with pytest.raises(BadAnswers):
            keeping.update(visit.work, observer, commitment_id=made, news=news)

    assert state(visit.work) == ["agreed_with_host"]


def test_a_promise_that_never_was_is_not_found(visit):
    with pytest.raises(NotFound):
        keeping.agree(visit.work, visit.ward.as_host(), commitment_id=visit.ward.host)
    with pytest.raises(NotFound):
        board.story(visit.work, visit.ward.as_host(), commitment_id=visit.ward.host)
