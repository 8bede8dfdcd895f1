"""What tests of the day have in common: a shift that is confirmed, and the five who may tap."""

from datetime import timedelta

from sqlalchemy import update

from shadowing.services.bookings import asking, clock, day, today
from shadowing.services.bookings.asking import Ask
from shadowing.store import days, journal
from shadowing.store.tables.bookings import shift as shifts
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import Ward

GOAL = "See how a morning starts."
PARTS = {
    "observer": "observer",
    "host": "host",
    "backup": "host",
    "manager": "unit_manager",
    "coordinator": "coordinator",
}
MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Day:
    """A shift of a ward on its day, with a backup host; the clock stands at its start."""

    def __init__(self, work, **unit):
        """Book it, and go to its start."""
        self.work = work
        self.ward = Ward(work, **unit)
        self.backup = self.ward.another_host()
        self.people = {
            "observer": self.ward.observer,
            "host": self.ward.host,
            "backup": self.backup,
            "manager": self.ward.manager,
            "coordinator": self.ward.coordinator,
        }
        ask = Ask(self.ward.slot(mode="auto"), GOAL)
        self.id = asking.request(work, self.ward.as_observer(), ask).id
        self.set(backup_id=self.backup)
        self.at(self.shift.starts_at)

    @property
    def shift(self):
        """The row as it stands."""
        return next(row for row in makers.shifts(self.work) if row.id == self.id)

    @property
    def kept(self):
        """What is kept of its day."""
        with self.work.read() as tx:
            return days.find(tx.db, shift_id=self.id)

    def set(self, **values):
        """Write values of the shift by hand."""
        with self.work.write() as tx:
            tx.db.execute(update(shifts).where(shifts.c.id == self.id).values(**values))

    def at(self, instant):
        """Set the clock."""
        self.work.clock.now = instant
        return self

    def actor(self, part):
        """Sign somebody in."""
        return makers.actor(self.work, self.people[part], PARTS[part])

    def check_in(self, part="host", **more):
        """Let somebody tap "here"."""
        return day.check_in(
            self.work, self.actor(part), shift_id=self.id, **({"well": "yes"} | more)
        )

    def check_out(self, part="host", code=""):
        """Let somebody tap "done"."""
        return day.check_out(self.work, self.actor(part), shift_id=self.id, code=code)

    def seen(self, part):
        """Read the day as somebody."""
        return today.read(self.work, self.actor(part), shift_id=self.id)

    def tick(self):
        """Let the clock do what is due."""
        return clock.run(self.work)

    def told(self, kind):
        """List in which parts people were told something of a kind."""
        names = {person_id: part for part, person_id in self.people.items()}
        with self.work.read() as tx:
            rows = tx.db.execute(outbox.select().order_by(outbox.c.id)).all()
        return [names[row.recipient_id] for row in rows if row.kind == kind]

    def audited(self):
        """List what is in the audit log of the shift: event, in which part, code."""
        with self.work.read() as tx:
            history = journal.history(tx.db, subject_id=self.id)
        return [(entry.event, entry.acting_as, entry.code) for _, entry in history]

    def everything_kept(self):
        """Read the whole audit log and outbox as text."""
        with self.work.read() as tx:
            rows = [*tx.db.execute(audit.select()), *tx.db.execute(outbox.select())]
        return "\n".join(map(repr, rows))
