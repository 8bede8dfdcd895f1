"""What else happens around shifts, by chance: other times, hours and hosts, offers, clearance."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select

from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.units import PauseKind
from shadowing.services.bookings import (
    backups,
    clock,
    inviting,
    leaving,
    moving,
    other_hours,
    pausing,
    swapping,
    undoing,
    wishing,
)
from shadowing.services.bookings.swapping import SWAPPABLE
from shadowing.services.bookings.wishing import Wanted
from shadowing.services.clearance import checking
from shadowing.services.clearance.own import Said
from shadowing.services.units import changing
from shadowing.services.units.changing import Pause
from shadowing.store.clearance import credentials
from shadowing.store.tables.availability import hold
from shadowing.store.tables.clearance import verifier
from shadowing.store.tables.inviting import leader_invite
from shadowing.store.tables.wishes import wish, wish_offer
from tests import makers

GOAL = "See how a morning starts."
HOURS = (("08:00", "11:00"), ("13:30", "16:30"), ("10:00", "14:00"))
PARTS = ("observer", "host", "manager", "coordinator")
few = st.integers(0, 7)
maybe = st.one_of(st.none(), few)


class AnyChanges:
    """Rules of a machine that has ``work``, ``ward``, ``hosts``, ``visitors`` and ``slots``."""

    def people_beside(self):
        """Let the second host stand in for the first, and somebody check training records."""
        work = self.work
        first, second = (makers.actor(work, host, "host") for host in self.hosts[:2])
        backups.name(work, first, person_id=self.hosts[1])
        backups.agree(work, second, backup_id=backups.mine(work, second).for_others[0].id)
        nurse = makers.person(work, self.ward.organization, roles=("host",))
        with work.write() as tx:
            what = {"organization_id": self.ward.organization, "requirement": "HIPAA"}
            tx.db.execute(verifier.insert().values(**what, person_id=nurse))
        self.nurse = makers.actor(work, nurse, "host")

    def slot_of(self, number):
        """Choose one of the slots."""
        return self.slots[number % len(self.slots)]

    def one_of(self, number, states):
        """Choose one of the shifts in some states; of all, where there is none."""
        rows = sorted(makers.shifts(self.work), key=lambda row: (row.requested_at, row.id.hex))
        found = [row for row in rows if row.state in states] or rows
        return found[number % len(found)]

    def act(self, number, part, move, *, states=AHEAD, **more):
        """Let somebody do something to a shift in one of some states."""
        one = self.one_of(number, states)
        about = {"shift_id": one.id, **more}
        self.tap_as(self.actor(part, one), one, lambda who, _: move(self.work, who, **about))

    @rule(shift=few, slot=few)
    def rebook(self, shift, slot):
        """Cancel and ask for another time in the same step (B10)."""
        self.act(shift, "observer", leaving.rebook, slot_id=self.slot_of(slot))

    @rule(shift=few, part=st.sampled_from(PARTS), undone=st.booleans())
    def think_better_of_it(self, shift, part, undone):
        """Cancel or decline, and undo it at once."""
        one = self.one_of(shift, AHEAD)
        who = self.actor(part, one)
        way = leaving.cancel if part == "observer" else leaving.decline
        for act in (way, undoing.undo)[: 1 + undone]:
            row = self.row(one.id)
            self.tap_as(who, row, lambda who, row, act=act: act(self.work, who, shift_id=row.id))

    @rule(shift=few, windows=st.sets(st.sampled_from(HOURS), min_size=1), chosen=maybe)
    def offer_hours(self, shift, windows, chosen):
        """Offer other hours of the same shift; take one of them, or none, or do not answer."""
        asked = {State.REQUESTED}
        self.act(shift, "host", other_hours.offer, states=asked, windows=sorted(windows))
        one = self.one_of(shift, asked)
        found = other_hours.offered(self.work, self.actor("observer", one), shift_id=one.id)
        if chosen and found:
            wanted = found[chosen % len(found)].proposal.id
            self.act(shift, "observer", other_hours.choose, states=asked, proposal_id=wanted)
        elif chosen == 0:
            self.act(shift, "observer", other_hours.refuse, states=asked)

    @rule(shift=few, part=st.sampled_from(("host", "manager")), host=few, answer=maybe)
    def ask_another_host(self, shift, part, host, answer):
        """Ask somebody else to host; they answer, or it is taken back, or nobody does."""
        one, to = self.one_of(shift, SWAPPABLE), self.hosts[host % len(self.hosts)]
        self.act(shift, part, swapping.propose, states=SWAPPABLE, host_id=to)
        if answer is None:
            return
        answers = swapping.accept, swapping.accept, swapping.decline, swapping.withdraw
        way, before = answers[answer % len(answers)], self.row(one.id)
        asked = makers.actor(self.work, to, "host")
        who = self.actor(part, before) if way is swapping.withdraw else asked
        self.tap_as(who, before, lambda who, row: way(self.work, who, shift_id=row.id))

    @rule(shift=few, slot=few, answer=maybe)
    def ask_for_another_time(self, shift, slot, answer):
        """Ask to move; whoever is asked answers, or it is taken back, or nobody does."""
        to = self.slot_of(slot)
        one = self.one_of(shift, AHEAD)
        self.act(shift, "observer", moving.ask, slot_id=to)
        if answer is None:
            return
        way = (moving.accept, moving.accept, moving.decline, moving.withdraw)[answer % 4]
        host = makers.actor(self.work, self.host_of[to], "host")
        who = self.actor("observer", one) if way is moving.withdraw else host
        for act in (way, moving.approve):
            self.tap_as(who, self.row(one.id), lambda who, row, act=act: self.on(act, who, row))
            who = self.actor("manager", one)

    def on(self, act, who, row):
        """Do *act* to a shift."""
        return act(self.work, who, shift_id=row.id)

    @rule(who=st.integers(0, 1), slot=few, answer=maybe)
    def invite(self, who, slot, answer):
        """Invite an administrator to hours of one's own (B15); they answer, or do not."""
        slot_id = self.slot_of(slot)
        host = makers.actor(self.work, self.host_of[slot_id], "host")
        about = {"person_id": self.visitors[who], "slot_id": slot_id}
        self.quietly(lambda: inviting.invite(self.work, host, why="Come and see.", **about))
        with self.work.read() as tx:
            found = tx.db.execute(
                select(leader_invite).where(leader_invite.c.state == "open")
            ).all()
        if answer is None or not found:
            return
        row = found[answer % len(found)]
        visitor = makers.actor(self.work, row.person_id)
        host = makers.actor(self.work, row.host_id, "host")
        about = {"invite_id": row.id}
        self.quietly(
            (
                lambda: inviting.accept(self.work, visitor, goal=GOAL, **about),
                lambda: inviting.decline(self.work, visitor, **about),
                lambda: inviting.accept(self.work, visitor, goal=GOAL, **about),
                lambda: inviting.take_back(self.work, host, **about),
            )[answer % 4]
        )

    @rule(who=st.integers(0, 1), slot=few)
    def wait_for(self, who, slot):
        """Wait for a seat."""
        wanted = Wanted(goal=GOAL, slot_id=self.slot_of(slot))
        visitor = makers.actor(self.work, self.visitors[who])
        self.quietly(lambda: wishing.wish(self.work, visitor, wanted))
        wishing.run(self.work)

    @rule(who=st.integers(0, 1), number=few, way=st.sampled_from((wishing.stop, wishing.pass_on)))
    def wait_no_longer(self, who, number, way):
        """Wait no longer, or let the seat that is offered go to somebody else."""
        visitor = makers.actor(self.work, self.visitors[who])
        mine = wishing.mine(self.work, visitor)
        if mine:
            wish_id = mine[number % len(mine)].wish.id
            self.quietly(lambda: way(self.work, visitor, wish_id=wish_id))

    @rule(who=st.integers(0, 1))
    def clearance_is_taken_back(self, who):
        """Take a training record back: nothing that is agreed may begin without it (C6)."""
        self.work.clock.advance(minutes=1)
        with self.work.read() as tx:
            held = credentials.held(tx.db, person_id=self.visitors[who], requirement="HIPAA")
        about = {"credential_id": held.id, "code": "by_mistake"}
        self.quietly(lambda: checking.take_back(self.work, self.nurse, **about))
        clock.run(self.work)

    @rule(who=st.integers(0, 1))
    def clearance_comes_back(self, who):
        """Enter it again."""
        said = Said(done_on=self.work.clock.now.date(), evidence="LMS certificate 123")
        about = {"person_id": self.visitors[who], "code": "HIPAA", "said": said, "valid_to": None}
        self.quietly(lambda: checking.enter(self.work, self.nurse, **about))
        clock.run(self.work)

    @rule(days=st.integers(0, 20), stops=st.booleans())
    def pause_unit(self, days, stops):
        """Pause the unit that is asked (A7); what is booked stands, or is stopped for care."""
        until = (self.work.clock.now + timedelta(days=days)).date()
        wanted = Pause(until, PauseKind.SURGE, stops=stops)
        lead = self.ward.as_manager()
        self.quietly(lambda: changing.pause(self.work, lead, wanted, unit_id=self.ward.unit))
        pausing.stop_due(self.work)

    @rule()
    def resume_unit(self):
        """Take people again."""
        changing.resume(self.work, self.ward.as_manager(), unit_id=self.ward.unit)

    @invariant()
    def what_is_offered_is_kept(self):
        """For each wish to which a seat is offered one seat is kept, and for no other (B5)."""
        now = self.work.clock.now
        with self.work.read() as tx:
            kept = tx.db.execute(select(hold).where(hold.c.offered, hold.c.expires_at > now)).all()
            offered = tx.db.execute(
                select(wish.c.person_id, wish_offer.c.slot_id)
                .join(wish_offer, wish_offer.c.wish_id == wish.c.id)
                .where(wish_offer.c.answer == "", wish_offer.c.until > now)
            ).all()
        assert {(row.person_id, row.slot_id) for row in kept} == set(map(tuple, offered))
        assert len(kept) == len(offered)
