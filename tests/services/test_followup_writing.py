"""Writing one's side: drafts, sending, sealing, changing, deleting (rules L2 to L8)."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound
from shadowing.domain.followup.closing import Seal
from shadowing.domain.followup.moves import FollowUpMoveNotAllowed, Reflection
from shadowing.domain.followup.problems import BadAnswers
from shadowing.services.bookings import answering, debriefing
from shadowing.services.followup import desk, reading, writing
from shadowing.services.followup.checking import Given
from shadowing.store.tables import bookings, people
from shadowing.store.tables.followup import reflection, reflection_template, reflection_text
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import Ward
from tests.visits import HOST_SIDE, OBSERVER_SIDE, T2_SIDE, Visit


@pytest.fixture
def visit(work):
    return Visit(Ward(work))


def rows(work, table):
    with work.read() as tx:
        return tx.db.execute(table.select()).all()


def given(raw, **more):
    return Given(raw=raw, **more)


def problems(refused):
    return {problem.key: problem.code for problem in refused.value.problems}


def test_before_the_shift_one_is_asked_what_one_expects_and_it_locks_at_check_in(visit):
    """Rule L6."""
    visit.confirm()
    before = visit.desk("observer")
    assert [field.key for field in before.asked] == ["expect", "know_pre"]
    visit.send("observer", {"expect": "The phones.", "know_pre": "2"})

    visit.happen()
    after = visit.desk("observer")

    assert {field.key for field in after.asked}.isdisjoint({"expect", "know_pre"})
    assert [(one.field.key, one.lines) for one in after.before] == [
        ("expect", ("The phones.",)),
        ("know_pre", ("2 of 5",)),
    ]
    visit.save("observer", {"expect": "Something else."})
    assert visit.desk("observer").before[0].lines == ("The phones.",)


def test_what_one_expected_of_a_shift_that_was_called_off_stays_with_its_author(visit):
    """Rule L6: to be read again, or deleted; nobody else ever had it."""
    visit.confirm()
    visit.send("observer", {"expect": "The phones.", "know_pre": "2"})
    answering.cancel(visit.work, visit.ward.as_host(), shift_id=visit.shift.id)

    own = visit.desk("observer")
    assert (own.phase, own.before[0].lines) == (None, ("The phones.",))
    with pytest.raises(NotFound):
        visit.desk("host")
    writing.delete(visit.work, visit.ward.as_observer(), shift_id=visit.shift.id)
    assert rows(visit.work, reflection_text) == []


def test_a_draft_survives_and_needs_nothing_to_be_whole(visit):
    """Rule L7."""
    visit.happen()

    saved = visit.save("observer", {"time": "Looking for a phone.", "stops": "n1_3"})

    again = visit.desk("observer")
    assert saved.at == visit.work.clock.now == again.saved_at
    assert again.typed == {"time": "Looking for a phone.", "stops": "n1_3"}
    assert again.state is Reflection.DRAFT
    assert (again.answered, again.needed) == (2, 5)


def test_a_draft_keeps_what_is_too_long_and_drops_what_can_be_none(visit):
    """Rule L7: nothing typed is lost; what no database can hold is not kept."""
    visit.happen()

    saved = visit.save(
        "observer",
        {"time": "long " * 300, "contra": "NUL \x00 in it", "heard": "\ud800", "stops": "maybe"},
    )

    assert {problem.key for problem in saved.problems} == {"time", "contra", "heard", "stops"}
    assert visit.desk("observer").typed == {"time": "long " * 300}
    with pytest.raises(BadAnswers) as refused:
        visit.send("observer", {**OBSERVER_SIDE, "time": "long " * 300})
    assert problems(refused) == {"time": "too_long"}


def test_sending_says_everything_that_is_missing_at_once(visit):
    visit.happen()

    with pytest.raises(BadAnswers) as refused:
        visit.send("observer", {"stops": "n4_10"})

    assert problems(refused) == {
        "know_post": "answer_missing",
        "time": "answer_missing",
        "causes": "answer_missing",
        "contra": "answer_missing",
        "heard": "answer_missing",
        "phi_ok": "tick_missing",
    }
    assert rows(visit.work, reflection) == []


def test_neither_reads_the_other_before_both_are_in_and_then_both_read_the_same(visit):
    """Rule L4."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    for who in ("observer", "host"):
        sealed = visit.both(who)
        assert (sealed.seal, sealed.observer, sealed.host) == (Seal.SEALED, (), ())

    visit.send("host", HOST_SIDE, releases=frozenset({"under"}))

    for who in ("observer", "host"):
        opened = visit.both(who)
        assert opened.seal is Seal.BOTH_IN
        assert [one.lines for one in opened.observer] == [("Fewer forms at the start.",)]
        assert [one.lines for one in opened.host] == [("How often the phone rings.",)]


def test_what_is_private_or_only_counted_is_never_shown_to_the_other(visit):
    """Section 3.1: P, A and CO; the observer never sees the host's single score (L2)."""
    visit.happen()
    visit.send("observer", {**OBSERVER_SIDE, "mine": "Rosters."} | {"mine_portfolio": "finance"})
    visit.send("host", {**HOST_SIDE, "again": "no", "cost": "gt45", "expert": "1"})

    shown = repr(visit.both("observer")) + repr(visit.both("host"))

    for secret in ("Rosters.", "Waiting for an elevator", "More than 45", "How often the phone"):
        assert secret not in shown


def test_a_side_that_waited_fourteen_days_opens_to_the_other_alone(visit):
    """Rule L4: 14 days after the end, if the other side never came."""
    shift = visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    visit.work.clock.now = shift.ends_at + timedelta(days=14) - timedelta(seconds=1)
    assert visit.both("host").observer == ()

    visit.work.clock.now = shift.ends_at + timedelta(days=14)

    assert [one.lines for one in visit.both("host").observer] == [("Fewer forms at the start.",)]


def test_when_both_are_in_each_is_told_once_whatever_is_changed_later(visit):
    """Section 6.7, rule N5."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    assert visit.told("both-sides-in") == []
    visit.send("host", HOST_SIDE)
    visit.send("host", {**HOST_SIDE, "future": "Ask first."})
    visit.send("observer", {**OBSERVER_SIDE, "heard": "One form."})

    assert sorted(visit.told("both-sides-in")) == sorted([visit.ward.observer, visit.ward.host])


def test_no_text_reaches_the_log_or_a_letter(visit):
    """Rules L7, P16: that it was sent, and whether the check fired; never a word of it."""
    visit.happen()
    with pytest.raises(BadAnswers) as refused:
        visit.send("observer", {**OBSERVER_SIDE, "time": "Mr. Hale in room 412 waited."})
    (doubt,) = refused.value.problems
    assert (doubt.key, doubt.code) == ("time", "patient_detail")

    visit.send(
        "observer",
        {**OBSERVER_SIDE, "time": "Mr. Hale in room 412 waited."},
        fine={"time": doubt.facts["mark"]},
    )

    events = [row for row in rows(visit.work, audit) if row.event.startswith("reflection.")]
    assert [(row.event, row.code) for row in events] == [("reflection.submitted", "lint_fired")]
    assert [row.lint_fired for row in rows(visit.work, reflection)] == [1]
    told = repr(rows(visit.work, audit)) + repr(rows(visit.work, outbox))
    assert "Hale" not in told
    assert "room 412" not in told


def test_a_tick_is_for_what_was_found_and_not_for_what_is_added_later(visit):
    """Rule L3: a hit needs an edit or a tick."""
    visit.happen()
    with pytest.raises(BadAnswers) as refused:
        visit.send("observer", {**OBSERVER_SIDE, "time": "Room 4 is far."})
    mark = refused.value.problems[0].facts["mark"]

    with pytest.raises(BadAnswers) as again:
        visit.send(
            "observer",
            {**OBSERVER_SIDE, "time": "Room 4 is far. Mrs. Pell waited."},
            fine={"time": mark},
        )

    assert problems(again) == {"time": "patient_detail"}


def test_the_names_of_the_host_and_of_colleagues_are_found(visit):
    """Rule L3: host's and colleagues' names, from the unit as it is."""
    visit.ward.another_host(name="Ottoline Brisk")
    with visit.work.write() as tx:
        tx.db.execute(
            people.person.update()
            .where(people.person.c.id == visit.ward.host)
            .values(name="Rosalind Okonjo-Vale"),
        )
    visit.happen()

    for text in ("Brisk found the phone.", "Rosalind found the phone."):
        with pytest.raises(BadAnswers) as refused:
            visit.send("observer", {**OBSERVER_SIDE, "time": text})
        assert problems(refused) == {"time": "patient_detail"}


def test_a_draft_says_where_something_could_point_to_a_patient(visit):
    """Rule L3: a warning while one still writes; the draft is kept all the same."""
    visit.happen()

    saved = visit.save("observer", {"time": "Mr. Hale waited."})

    assert saved.doubts == ("time",)
    assert visit.desk("observer").typed == {"time": "Mr. Hale waited."}


def test_the_author_may_change_a_side_until_the_shift_is_closed(visit):
    """Rule L5."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    sent = visit.desk("observer").submitted_at
    visit.work.clock.advance(hours=3)
    visit.send("observer", {**OBSERVER_SIDE, "heard": "One form less."})
    assert visit.desk("observer").typed["heard"] == "One form less."
    assert visit.desk("observer").submitted_at == sent

    with visit.work.write() as tx:
        tx.db.execute(bookings.shift.update().values(state=State.CLOSED))

    with pytest.raises(writing.FormClosed):
        visit.send("observer", OBSERVER_SIDE)
    assert "One form less." in repr(visit.desk("observer").own), "one's own words stay readable"


def test_deleting_removes_the_text_everywhere_and_leaves_the_fact(visit):
    """Rule L5: shared copies included; what stays is that it was sent."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)

    writing.delete(visit.work, visit.ward.as_observer(), shift_id=visit.shift.id)

    assert visit.both("host").observer == ()
    assert len(rows(visit.work, reflection_text)) == 1
    (gone,) = [row for row in rows(visit.work, reflection) if row.side == "observer"]
    assert (gone.state, gone.submitted_at is not None) == ("deleted", True)
    with pytest.raises(FollowUpMoveNotAllowed):
        visit.send("observer", OBSERVER_SIDE)
    with pytest.raises(FollowUpMoveNotAllowed):
        writing.delete(visit.work, visit.ward.as_observer(), shift_id=visit.shift.id)


def test_what_both_split_is_compared_and_stays_as_it_was_sent(work):
    """Rules L4, S2.2: unseen by each other, then side by side, then fixed."""
    visit = Visit(Ward(work), template="T2")
    visit.happen()
    split = {"steps": "7", "solving": "2", "learning": "1"}
    visit.send("observer", {**T2_SIDE, "frame": split})
    assert visit.both("host").compared == ()
    visit.send("host", {**HOST_SIDE, "frame_host": {"steps": "2", "solving": "7", "learning": "1"}})

    opened = visit.both("observer")
    assert opened.compared[0].rows[0] == ("Following set steps", 7, 2)
    assert (opened.gap.option, opened.gap.observer, opened.gap.host) == ("steps", 7, 2)

    visit.send("observer", {**T2_SIDE, "frame": {"steps": "0", "solving": "0", "learning": "10"}})
    assert visit.both("observer").compared[0].rows[0] == ("Following set steps", 7, 2)


def test_answers_are_read_under_the_version_they_were_given_under(visit):
    """A template in use is never changed under an answer."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    (kept,) = rows(visit.work, reflection_template)
    older = kept.source.replace("What would make your host", "What might make your host")
    with visit.work.write() as tx:
        tx.db.execute(reflection.update().values(template_version="an-older-one"))
        tx.db.execute(
            reflection_template.insert().values(
                version="an-older-one", code="T1", source=older, kept_at=kept.kept_at
            ),
        )

    prompts = [field.prompt for field in visit.desk("observer").asked]

    assert any(prompt.startswith("What might make your host") for prompt in prompts)


@pytest.mark.parametrize("who", ["as_manager", "as_coordinator"])
def test_nobody_but_the_pair_comes_near_a_side(visit, who):
    """Rules P1, P4 and section 8.1: not the unit, not the coordinator, not another organization."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)
    stranger = makers.person(visit.work, makers.organization(visit.work), roles=("observer", "hr"))
    for actor in (getattr(visit.ward, who)(), makers.actor(visit.work, stranger)):
        for reads in (desk.show, reading.both):
            with pytest.raises(NotFound):
                reads(visit.work, actor, shift_id=visit.shift.id)
        for writes in (writing.send, writing.save_draft):
            with pytest.raises(NotFound):
                writes(visit.work, actor, shift_id=visit.shift.id, given=given(OBSERVER_SIDE))
        with pytest.raises(NotFound):
            writing.delete(visit.work, actor, shift_id=visit.shift.id)
        assert reading.mine(visit.work, actor) == ()


def test_the_list_says_what_is_next(visit):
    """Rules L6, L8."""
    visit.confirm()
    assert [line.waits_for for line in visit.mine("observer")] == [("before",)]
    shift = visit.happen()
    (line,) = visit.mine("host")
    assert (line.waits_for, line.other_in, line.both_in) == (("side",), False, False)
    start = visit.both("host").debrief.starts_at
    assert line.due == min(shift.ends_at + timedelta(hours=72), start)
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)
    assert [(line.waits_for, line.both_in) for line in visit.mine("observer")] == [((), True)]
    debriefing.mark_held(visit.work, visit.ward.as_host(), shift_id=shift.id)
    assert [line.waits_for for line in visit.mine("observer")] == [("promise",)]
    assert [line.waits_for for line in visit.mine("host")] == [()]


def test_sides_of_a_shift_that_did_not_take_place_are_no_pair(visit):
    visit.confirm()

    with pytest.raises(NotFound):
        visit.both("observer")


def test_who_no_longer_hosts_has_nothing_to_write(visit):
    """Rule P8: a role that was taken away is not acted in."""
    visit.happen()
    with visit.work.write() as tx:
        tx.db.execute(people.person_role.delete().where(people.person_role.c.role == "host"))

    assert visit.mine("host") == ()
    with pytest.raises(NotFound):
        visit.desk("host")
