"""A ward with many cleared people that is served for races, and what can be counted there."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from sqlalchemy import func, select

from shadowing.domain.units import BookedInTheWay
from shadowing.services.accounts.tokens import create_token
from shadowing.services.availability import changing, leaving
from shadowing.services.availability.acts import EveryWeek, Given
from shadowing.services.bookings import asking, closing_hours, wishing
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.wishing import Wanted
from shadowing.services.units import changing as unit_settings
from shadowing.services.units import looking
from shadowing.store import people
from shadowing.store.tables.availability import hold, weekly_hours
from shadowing.store.tables.availability import slot as slots
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.people import person
from tests import makers
from tests.journeys.storm import all_at_once, post

GOAL = "See how a morning starts."
GONE = ("declined", "withdrawn", "expired", "cancelled_by_observer", "cancelled_by_host")


class Town:
    """A ward with many cleared people, a manager, and a server of four processes."""

    def __init__(self, work, port, *, people):
        """Make the people once: rounds differ in slot, host and day."""
        self.work, self.port, self.days = work, port, count(10)
        self.ward = makers.Ward(work, cap=200)
        self.strict = makers.Ward(work, auto_approve=False, sensitivity="S2", cap=200)
        self.people = [self.ward.another_observer() for _ in range(people)]
        self.tokens = {one: self.token(one) for one in self.people}

    def token(self, person_id):
        """Let somebody call the API."""
        with self.work.read() as tx:
            email = tx.db.scalar(select(person.c.email).where(person.c.id == person_id))
        return create_token(self.work, email=email)

    def host(self, ward=None):
        """Make a host who may host every day."""
        return (ward or self.ward).another_host(max_per_month=31, cool_down_days=0)

    def slot(self, *, ward=None, host=None, unit_id=None, seats=1, mode="ask"):
        """Open a slot on a day of its own."""
        ward = ward or self.ward
        now = self.work.clock().replace(minute=0, second=0, microsecond=0)
        place = host or self.host(ward), unit_id or ward.unit
        start = now + timedelta(days=next(self.days))
        return makers.slot(self.work, *place, starts_at=start, seats=seats, mode=mode)

    def unit(self, *, cap):
        """Make a unit that takes so many at once."""
        return makers.unit(self.work, self.ward.site, manager_id=self.ward.manager, cap=cap)

    def lower(self, unit_id, cap, shown):
        """Let the lead lower it, and look at who is concerned until nobody else is."""
        lead, seen = self.ward.as_manager(), 0
        with self.work.read() as tx:
            wanted = looking.settings_of(people.find_unit(tx.db, unit_id=unit_id))
        about = {"unit_id": unit_id, "deputy_id": None}
        while True:
            try:
                unit_settings.change(self.work, lead, replace(wanted, cap=cap), seen=seen, **about)
            except BookedInTheWay as refusal:
                seen = refusal.facts["count"]
            else:
                return shown.append(seen)

    def weekly(self, number):
        """Let a new host open one day of every week; gives who they are, and those hours."""
        host = makers.actor(self.work, self.host(), "host")
        start, end = ("10:00", "14:00") if number < 7 else ("14:00", "18:00")
        day = Given(span="D12", start=start, end=end, mode="ask")
        changing.change(self.work, host, [EveryWeek(day, (number % 7,))])
        with self.work.read() as tx:
            mine = select(weekly_hours.c.id).where(weekly_hours.c.host_id == host.person_id)
            return host, tx.db.scalar(mine)

    def slots_of(self, host):
        """List what a host offers in time to be asked for."""
        soon = self.work.clock() + timedelta(days=9)
        with self.work.read() as tx:
            mine = select(slots.c.id).where(
                slots.c.host_id == host.person_id, slots.c.starts_at > soon
            )
            return tx.db.scalars(mine.order_by(slots.c.starts_at)).all()

    def waited_for(self):
        """Make a slot whose one seat is taken: the slot, who waits for it, and who has it."""
        slot_id, waits, has = self.slot(), self.people[7], self.people[6]
        booked = asking.request(self.work, self.ward.as_observer(has), Ask(slot_id, GOAL))
        wanted = Wanted(goal=GOAL, slot_id=slot_id)
        wishing.wish(self.work, self.ward.as_observer(waits), wanted)
        return slot_id, waits, booked

    def forget(self, person_id):
        """Let somebody wait for nothing any more."""
        actor = self.ward.as_observer(person_id)
        for each in wishing.mine(self.work, actor):
            wishing.stop(self.work, actor, wish_id=each.wish.id)

    def book(self, person_id, slot_id, ward=None):
        """Ask for a slot before the race."""
        actor = (ward or self.ward).as_observer(person_id)
        return asking.request(self.work, actor, Ask(slot_id, GOAL)).id

    def ask(self, person_id, slot_id, key=""):
        """Write out a request for a slot."""
        body = {"slot": str(slot_id), "goal": GOAL}
        return post("/api/v1/shifts", body, token=self.tokens[person_id], key=key)

    def move(self, person_id, shift_id, name, body=None):
        """Write out a move of a shift."""
        token = self.tokens[person_id]
        return post(f"/api/v1/shifts/{shift_id}/{name}", body or {}, token=token)

    def race(self, requests, meanwhile=None):
        """Send all at one instant; nobody sees an error page."""
        answers = all_at_once(self.port, requests, meanwhile)
        assert [answer.status for answer in answers if answer.status >= 500] == []
        return answers

    def count(self, *conditions):
        """Count shifts."""
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(shift).where(*conditions))

    def standing(self, slot_id, held=0):
        """Count the shifts that stand on a slot; the schema's own count says the same."""
        found = self.count(shift.c.slot_id == slot_id, shift.c.state.not_in(GONE))
        assert makers.taken(self.work, slot_id) == found + held
        return found

    def leave(self, host):
        """Let a host stop hosting: what was agreed with them ends."""
        seen = [each.shift_id for each in leaving.ahead(self.work, host)]
        leaving.leave(self.work, host, agreed=seen)
        closing_hours.cancel_own(self.work, host)

    def of_slot(self, slot_id, name):
        """Read one column of a slot."""
        with self.work.read() as tx:
            return tx.db.scalar(select(slots.c[name]).where(slots.c.id == slot_id))

    def offered(self, slot_id):
        """Count the seats of a slot that are kept for who waited."""
        kept = (hold.c.slot_id == slot_id, hold.c.offered)
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(hold).where(*kept))

    def confirmed_before(self, slot_id, unit_id):
        """Count the shifts of a slot that were in the log when the unit's settings changed."""
        changed = (audit.c.event == "unit.changed", audit.c.subject_id == unit_id)
        on_it = select(shift.c.id).where(shift.c.slot_id == slot_id)
        asked = (audit.c.event == "shift.requested", audit.c.subject_id.in_(on_it))
        with self.work.read() as tx:
            line = tx.db.scalar(select(func.max(audit.c.id)).where(*changed))
            before = select(func.count()).select_from(audit).where(*asked, audit.c.id < line)
            return tx.db.scalar(before)

    def invited(self, shift_id):
        """Count the invites that were queued about a shift."""
        about = (outbox.c.shift_id == shift_id, outbox.c.kind == "invitation")
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(outbox).where(*about))

    def noted(self, event, *shift_ids):
        """Count lines of the audit log about some shifts."""
        wanted = (audit.c.event == event, audit.c.subject_id.in_(shift_ids))
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(audit).where(*wanted))
