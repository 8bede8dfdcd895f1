"""Random people, random moves, on both databases: what must hold after every step holds (6.2).

No state outside the table, seats never negative or oversold, every exit gives its seat back once,
every move leaves one line in the audit log and the letters of its row, calendars are as wished.
"""

import os
import shutil
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from shadowing.domain.bookings.day import EndCode
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE, State
from shadowing.domain.errors import Refusal
from shadowing.services.bookings import (
    absence,
    afterwards,
    answering,
    asking,
    clock,
    counting,
    day,
    debriefing,
    leaving,
    moving,
    stepping,
    undoing,
    wishing,
)
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.recording import Times
from shadowing.services.work import Work
from shadowing.store.engine import is_sqlite, make_engine
from shadowing.store.tables.journal import audit
from tests import makers
from tests.conftest import TEMPLATE, Clock
from tests.makers import NOW, Ward
from tests.services.any_changes import AnyChanges
from tests.services.books import Books

pytestmark = pytest.mark.slow

GOAL = "See how a morning starts."
DAYS = (9, 9, 12, 20, 21, 40)
WAYS_OUT = (
    *(answering.decline, answering.cancel, answering.withdraw),
    *(leaving.decline, leaving.cancel),
)
STEPS = (stepping.pause, stepping.resume)
TIMES = (afterwards.enter, afterwards.correct)
MODES = ("ask", "auto", "blind", "ask", "auto", "ask")
PARTS = ("observer", "host", "manager", "coordinator")
GONE = {state.value for state in DID_NOT_TAKE_PLACE}
ALONG = {
    State.REQUESTED: ("host", answering.accept),
    State.HOST_ACCEPTED: ("manager", answering.approve),
    State.CONFIRMED: ("host", partial(day.check_in, well="yes")),
    State.CHECKED_IN: ("observer", day.check_out),
    State.COMPLETED: ("observer", debriefing.mark_held),
    State.ENDED_EARLY: ("host", debriefing.mark_held),
}
LIVES = 200 if "HYPOTHESIS_PROFILE" in os.environ else 10
names = count(1)
SEEN = set()
PHASES = tuple(Phase) if "HYPOTHESIS_PROFILE" in os.environ else (Phase.generate,)
"""A failure is shrunk where somebody asks for it: that takes many minutes with a database."""
ENOUGH = 9
"""States that these few lives come to at least; tests of their own lead to the others."""
BESIDE = {"undone", "hours.asked", "swap.asked", "move.asked", "invite.accepted", "wish.offered"}
few = st.integers(0, 7)


class AnyMoves(AnyChanges, Books, RuleBasedStateMachine):
    """A unit that is asked each time, one that says yes in advance; hosts, two visitors."""

    def __init__(self, work):
        """Open slots of every mode, some with two seats."""
        super().__init__()
        self.work = work
        self.ward = Ward(work, auto_approve=False, sensitivity="S2")
        easy = makers.unit(work, self.ward.site, manager_id=self.ward.manager)
        self.visitors = [self.ward.observer, self.ward.another_observer()]
        self.hosts = [self.ward.host, self.ward.another_host()]
        self.slots = [
            makers.slot(
                work,
                self.hosts[number % 2],
                easy if number % 3 else self.ward.unit,
                starts_at=NOW + timedelta(days=days, hours=6 * (number % 2)),
                mode=mode,
                seats=1 + number % 2,
            )
            for number, (days, mode) in enumerate(zip(DAYS, MODES, strict=True))
        ]
        self.host_of = {slot: self.hosts[number % 2] for number, slot in enumerate(self.slots)}
        self.hosts += [self.ward.another_host(), self.ward.another_host(host_unit_id=easy)]
        self.people_beside()

    def teardown(self):
        """Note which states these lives have seen."""
        with self.work.read() as tx:
            history = tx.db.scalars(select(audit.c.event).distinct())
            SEEN.update(event.removeprefix("shift.") for event in history)

    def actor(self, part, shift):
        """Sign in whoever stands in a part to a shift."""
        people = {
            "observer": (shift.observer_id, "observer"),
            "host": (shift.host_id, "host"),
            "manager": (self.ward.manager, "unit_manager"),
            "coordinator": (self.ward.coordinator, "coordinator"),
        }
        return makers.actor(self.work, *people[part])

    def pick(self, number):
        """Choose one of the shifts there are."""
        rows = sorted(makers.shifts(self.work), key=lambda row: (row.requested_at, row.id.hex))
        return rows[number % len(rows)] if rows else None

    def tap(self, number, part, move):
        """Let somebody make a move of some shift; a refusal changes nothing."""
        shift = self.pick(number)
        if shift is not None:
            self.tap_as(self.actor(part, shift), shift, move)

    def tap_as(self, actor, shift, move):
        """Let *actor* make a move of a shift."""
        before = self.letters_of(shift.id)
        try:
            move(actor, shift)
        except Refusal:
            assert self.row(shift.id) == shift
            assert self.letters_of(shift.id) == before
            return
        self.check_letters(shift, self.row(shift.id), before)

    def row(self, shift_id):
        """Read a shift as it stands."""
        return next(row for row in makers.shifts(self.work) if row.id == shift_id)

    @initialize()
    def begin(self):
        """Begin with a shift that is confirmed, and one that waits for its unit."""
        for who, slot in zip(self.visitors, self.slots[1:5:3], strict=True):
            asking.request(self.work, makers.actor(self.work, who), Ask(slot, GOAL))

    @rule(who=st.integers(0, 1), slot=few)
    def ask(self, who, slot):
        """Ask for a slot."""
        asker = makers.actor(self.work, self.visitors[who])
        self.quietly(
            lambda: asking.request(self.work, asker, Ask(self.slots[slot % len(self.slots)], GOAL))
        )

    @rule(who=st.integers(0, 1), slot=few)
    def hold(self, who, slot):
        """Hold a seat while choosing."""
        asker = makers.actor(self.work, self.visitors[who])
        self.quietly(
            lambda: asking.hold(self.work, asker, Ask(self.slots[slot % len(self.slots)], GOAL))
        )

    @rule(shift=few, part=st.sampled_from(PARTS), answer=st.sampled_from(("accept", "approve")))
    def answer(self, shift, part, answer):
        """Say yes."""
        say = getattr(answering, answer)
        self.tap(shift, part, lambda who, one: say(self.work, who, shift_id=one.id))

    @rule(
        shift=few,
        part=st.sampled_from(PARTS),
        way=st.sampled_from(WAYS_OUT),
    )
    def leave(self, shift, part, way):
        """Decline, cancel or withdraw, at once or so that it can be undone."""
        self.tap(shift, part, lambda who, one: way(self.work, who, shift_id=one.id))

    @rule(shift=few, part=st.sampled_from(PARTS))
    def undo(self, shift, part):
        """Undo what can be undone."""
        self.tap(shift, part, lambda who, one: undoing.undo(self.work, who, shift_id=one.id))

    @rule(shift=few, slot=few)
    def move(self, shift, slot):
        """Ask to move to another slot; whoever is asked says yes later, or not."""
        to = self.slots[slot % len(self.slots)]
        self.tap(
            shift,
            "observer",
            lambda who, one: moving.ask(self.work, who, shift_id=one.id, slot_id=to),
        )

    @rule(
        shift=few,
        part=st.sampled_from(PARTS),
        way=st.sampled_from((moving.accept, moving.approve, moving.decline, moving.withdraw)),
    )
    def answer_move(self, shift, part, way):
        """Answer a move that waits."""
        self.tap(shift, part, lambda who, one: way(self.work, who, shift_id=one.id))

    @rule(shift=few, part=st.sampled_from(PARTS), code=st.sampled_from(("", *EndCode)))
    def come_and_go(self, shift, part, code):
        """Check in at the start if that can be, or else out."""
        self.tap(
            shift,
            part,
            lambda who, one: (
                day.check_out(self.work, who, shift_id=one.id, code=code)
                if one.state == State.CHECKED_IN
                else day.check_in(self.work, who, shift_id=one.id, well="yes")
            ),
        )

    @rule(
        shift=few,
        part=st.sampled_from(PARTS),
        way=st.sampled_from((day.not_well, absence.did_not_come, absence.object_to)),
    )
    def not_there(self, shift, part, way):
        """Not well, did not come, objected."""
        self.tap(shift, part, lambda who, one: way(self.work, who, shift_id=one.id))

    @rule(
        shift=few,
        part=st.sampled_from(PARTS),
        way=st.sampled_from(STEPS),
    )
    def step_out(self, shift, part, way):
        """Pause and come back: the shift itself stays as it was."""
        self.tap(shift, part, lambda who, one: way(self.work, who, shift_id=one.id))

    @rule(shift=few, part=st.sampled_from(PARTS), happened=st.booleans())
    def say(self, shift, part, happened):
        """Say whether it happened."""
        self.tap(
            shift,
            part,
            lambda who, one: afterwards.say(self.work, who, shift_id=one.id, happened=happened),
        )

    @rule(
        shift=few,
        part=st.sampled_from(PARTS),
        way=st.sampled_from(TIMES),
    )
    def times(self, shift, part, way):
        """Enter a sheet, or put times right."""
        times = Times("09:00", "10:30")
        self.tap(shift, part, lambda who, one: way(self.work, who, shift_id=one.id, times=times))

    @rule(shift=few, way=st.sampled_from((absence.took_place, absence.let_stand)))
    def settle(self, shift, way):
        """Settle what was recorded."""
        self.tap(
            shift,
            "coordinator",
            lambda who, one: way(self.work, who, shift_id=one.id, reason="The sheet says so."),
        )

    @rule(shift=few, part=st.sampled_from(PARTS))
    def talk(self, shift, part):
        """Record the talk."""
        self.tap(
            shift, part, lambda who, one: debriefing.mark_held(self.work, who, shift_id=one.id)
        )

    @rule(shift=few)
    def let_through(self, shift):
        """Let a request through that waits for the coordinator."""
        self.tap(
            shift,
            "coordinator",
            lambda who, one: counting.let_through(self.work, who, shift_id=one.id),
        )

    @rule(shift=few)
    def all_the_way(self, shift):
        """Go as far as there is a way without stops."""
        for _ in ALONG:
            self.one_step(shift)

    @rule(shift=few, steps=st.integers(1, 4))
    def along(self, shift, steps):
        """Go the way most shifts go, so that chance comes far."""
        for _ in range(steps):
            self.one_step(shift)

    def one_step(self, shift):
        """Make the move that most often comes next."""
        one = self.pick(shift)
        if one is None or one.state not in ALONG:
            return
        if one.state == State.CONFIRMED and one.starts_at > self.work.clock.now:
            self.go_to(shift, ends=False)
        part, move = ALONG[one.state]
        self.tap(shift, part, lambda who, row: move(self.work, who, shift_id=row.id))

    @rule(hours=st.sampled_from((1, 11, 24, 72, 400)))
    def wait(self, hours):
        """Let time pass; the clock does what is due."""
        self.work.clock.advance(hours=hours)
        clock.run(self.work)
        wishing.run(self.work)

    @rule(shift=few, ends=st.booleans())
    def go_to(self, shift, ends):
        """Go to the start or the end of a shift that lies ahead."""
        one = self.pick(shift)
        if one is None:
            return
        to = one.ends_at + timedelta(hours=3) if ends else one.starts_at
        if to > self.work.clock.now:
            self.work.clock.now = to
            clock.run(self.work)

    def quietly(self, act):
        """Do something that may be refused."""
        try:
            act()
        except Refusal:
            return


@pytest.fixture(params=("sqlite", "postgresql"))
def fresh(request, tmp_path):
    """Give a new, migrated database each time; all of them go at the end."""
    opened, made = [], []

    def sqlite():
        copy = tmp_path / f"any{next(names)}.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite"), copy)
        return f"sqlite:///{copy}"

    def postgresql():
        server, name = request.getfixturevalue("postgresql"), f"any_{next(names)}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        made.append(name)
        return server.url(name)

    def make():
        engine = make_engine((sqlite if request.param == "sqlite" else postgresql)())
        assert is_sqlite(engine) is (request.param == "sqlite")
        opened.append(engine)
        return Work(engine, clock=Clock())

    yield make
    for engine in opened:
        engine.dispose()
    for name in made:
        request.getfixturevalue("postgresql").run(f"DROP DATABASE {name} WITH (FORCE)")


def test_whatever_anybody_does_the_books_are_right(fresh):
    """Section 6.2; rules B5, N2, N5, P16: the whole life of shifts, by chance and repeatable."""
    run_state_machine_as_test(
        lambda: AnyMoves(fresh()),
        settings=settings(
            settings.get_profile("house"), max_examples=LIVES, stateful_step_count=40, phases=PHASES
        ),
    )

    assert {State.CONFIRMED, State.CHECKED_IN} <= SEEN
    assert len(SEEN & set(State)) >= ENOUGH, "chance came nowhere near most states"
    assert len(SEEN & BESIDE) >= len(BESIDE) // 2, "and hardly anything happened beside"
