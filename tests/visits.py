"""A shift that is booked, takes place and is written about; for tests of what follows a shift."""

from datetime import timedelta

from shadowing.services.bookings import asking, day, debriefing
from shadowing.services.bookings.asking import Ask
from shadowing.services.followup import desk, promising, reading, writing
from shadowing.services.followup.checking import Given
from shadowing.services.followup.wishes import Wish
from shadowing.store.tables import bookings
from shadowing.store.tables.journal import outbox

OBSERVER_SIDE = {
    "know_post": "4",
    "time": "Waiting for an elevator.",
    "stops": "n1_3",
    "causes": ["waiting"],
    "contra": "I thought nights were calm.",
    "heard": "Fewer forms at the start.",
    "phi_ok": "y",
}
HOST_SIDE = {
    "cost": "none",
    "expert": "5",
    "under": "How often the phone rings.",
    "again": "same",
    "phi_ok": "y",
}
T2_SIDE = {
    "frame_why": "One moment at the desk.",
    "aim": "People go home on time.",
    "parts": ["space"],
    "misfit": "The checklist is for another ward.",
    "acts": ["none"],
    "voice": "unsure",
    "phi_ok": "y",
}
PROMISE = {
    "saw": "The elevator is held for beds at noon.",
    "action": "Keep one elevator for beds at noon.",
    "kind": "remove_obstacle",
    "team": "",
    "due": "2027-05-01",
    "tell": "I write to you here.",
}


class Visit:
    """One shift of a ward, from booking to what was promised."""

    def __init__(self, ward, *, template="T1"):
        """Begin with nothing booked."""
        self.ward = ward
        self.work = ward.work
        self.template = template
        self.shift = None

    def confirm(self):
        """Book it."""
        ask = Ask(self.ward.slot(mode="auto"), "See how a morning starts.")
        self.shift = asking.request(self.work, self.ward.as_observer(), ask)
        with self.work.write() as tx:
            tx.db.execute(bookings.shift.update().values(template=self.template))
        return self.shift

    def happen(self):
        """Let it take place, to its planned end."""
        shift = self.shift or self.confirm()
        self.work.clock.now = shift.starts_at
        day.check_in(self.work, self.ward.as_host(), shift_id=shift.id, well="yes")
        self.work.clock.now = shift.ends_at
        self.shift = day.check_out(self.work, self.ward.as_host(), shift_id=shift.id)
        return self.shift

    def talk(self):
        """Let them talk about it two hours later."""
        shift = self.shift or self.happen()
        self.work.clock.now = shift.ends_at + timedelta(hours=2)
        debriefing.mark_held(self.work, self.ward.as_observer(), shift_id=shift.id)
        return shift

    def promise(self, *rows, **more):
        """Let the observer promise."""
        ask = Wish(rows=rows or (PROMISE,), raw={"phi_ok": "y"}, **more)
        actor = self.ward.as_observer()
        return promising.make(self.work, actor, shift_id=self.shift.id, wish=ask)

    def actor(self, who):
        """Sign one of the pair in."""
        return self.ward.as_observer() if who == "observer" else self.ward.as_host()

    def desk(self, who):
        """Lay out one side."""
        return desk.show(self.work, self.actor(who), shift_id=self.shift.id)

    def save(self, who, raw):
        """Save a draft of one side."""
        sheet = Given(raw=raw)
        return writing.save_draft(self.work, self.actor(who), shift_id=self.shift.id, given=sheet)

    def send(self, who, raw, **more):
        """Send one side."""
        sheet = Given(raw=raw, **more)
        return writing.send(self.work, self.actor(who), shift_id=self.shift.id, given=sheet)

    def both(self, who):
        """Read both sides as one of the pair."""
        return reading.both(self.work, self.actor(who), shift_id=self.shift.id)

    def mine(self, who):
        """List what one of the pair writes."""
        return reading.mine(self.work, self.actor(who))

    def told(self, kind):
        """List who was told something of a kind."""
        with self.work.read() as tx:
            rows = tx.db.execute(outbox.select().order_by(outbox.c.id)).all()
        return [row.recipient_id for row in rows if row.kind == kind]
