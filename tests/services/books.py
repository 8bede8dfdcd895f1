"""What must hold after every move of anybody: seats, the audit log, letters, calendars."""

from hypothesis.stateful import invariant

from shadowing.domain.bookings.invitations import outdated, wishes
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE, MOVES, By, State, check_undo
from shadowing.domain.bookings.telling import ONLY_WITH_EVENT, letters
from shadowing.store import bookings, calendar, debriefs, journal
from shadowing.store.tables import availability
from shadowing.store.tables.changes import shift_proposal
from shadowing.store.tables.journal import outbox
from tests import makers

BESIDE = {"called-off", "change-withdrawn"}
"""What is told beside the row: the coordinator of who is not well, who need not answer any more."""
GONE = {state.value for state in DID_NOT_TAKE_PLACE}


class Books:
    """The books of a database that is at ``work``."""

    def letters_of(self, shift_id):
        """List the letters about a shift: kind, to whom, with an event or without."""
        with self.work.read() as tx:
            rows = tx.db.execute(
                outbox.select().where(outbox.c.shift_id == shift_id).order_by(outbox.c.id)
            ).all()
        return [(row.kind, row.recipient_id, row.event_id is not None) for row in rows]

    def check_letters(self, before, after, earlier):
        """Of a move that rests in another state, everybody of its row is told, and once."""
        new = self.letters_of(before.id)[len(earlier) :]
        plain = [each for each in new if not each[2]]
        assert len(plain) == len(set(plain)), "the same thing is told once"
        if after.state == before.state or after.undo_until is not None or before.undo_until:
            return
        with self.work.read() as tx:
            last = journal.history(tx.db, subject_id=before.id)
            moved = [entry for _, entry in last if entry.to_state != entry.from_state]
            humans = [each for each in moved if each.acting_as != By.CLOCK]
            by = By(humans[-1].acting_as) if humans else By.CLOCK
        row = letters(
            State(before.state), after=after.state, mover=by, host_knows=not after.held_back
        )
        people = {
            By.OBSERVER: after.observer_id,
            By.HOST: after.host_id,
            By.BACKUP: after.backup_id,
            By.UNIT: self.ward.manager,
            By.COORDINATOR: self.ward.coordinator,
        }
        for letter in row:
            person_id = people[letter.to]
            told = [each for each in new if each[:2] == (letter.kind, person_id)]
            if person_id is None or letter.kind in ONLY_WITH_EVENT:
                continue
            assert len(told) == 1, (letter, new)
        wanted = {(letter.kind, people[letter.to]) for letter in row}
        others = [each for each in plain if each[:2] not in wanted and each[0] not in BESIDE]
        assert not others, (row, new)

    @invariant()
    def seats_are_counted_right(self):
        """Shifts that stand, holds, times that moves keep: never below nought, never too many."""
        with self.work.read() as tx:
            slots = tx.db.execute(availability.slot.select()).all()
            holds = [row.slot_id for row in tx.db.execute(availability.hold.select())]
            kept = [
                row.slot_id
                for row in tx.db.execute(
                    shift_proposal.select().where(shift_proposal.c.state == "open")
                )
                if row.slot_id
            ]
        standing = [row.slot_id for row in makers.shifts(self.work) if row.state not in GONE]
        for slot in slots:
            wanted = sum(each.count(slot.id) for each in (standing, holds, kept))
            assert slot.taken == wanted, slot
            assert 0 <= slot.taken <= slot.seats, slot

    @invariant()
    def every_change_is_in_the_log_once_and_in_the_table(self):
        """From nothing to ``requested``, then one line for each step of the table."""
        for row in makers.shifts(self.work):
            with self.work.read() as tx:
                history = [entry for _, entry in journal.history(tx.db, subject_id=row.id)]
            state = ""
            for entry in history:
                if entry.event == "shift.undone":
                    check_undo(State(state), to=State(entry.code))
                    state = entry.code
                    continue
                if entry.event != f"shift.{entry.to_state}":
                    continue
                assert entry.from_state == state, (entry, state)
                if state:
                    allowed = MOVES[State(state)].get(State(entry.to_state), ())
                    assert By(entry.acting_as) in allowed, entry
                state = entry.to_state
            assert state == row.state

    @invariant()
    def calendars_are_as_wished(self):
        """Rule N2; while an end can be undone nobody is told, and a held request has no events."""
        for row in makers.shifts(self.work):
            if row.undo_until is not None:
                continue
            with self.work.read() as tx:
                existing = calendar.of_shift(tx.db, shift_id=row.id)
                held = debriefs.find(tx.db, shift_id=row.id)
                shift = bookings.find(tx.db, shift_id=row.id)
            if shift.held_back:
                assert existing == ()
                continue
            wanted = wishes(
                shift.state,
                observer_id=shift.observer_id,
                host_id=shift.host_id,
                span=shift.interval,
                debrief=held.interval if held else None,
            )
            pair = (shift.observer_id, shift.host_id)
            late = self.work.clock.now
            assert not outdated(wanted, existing=existing, at=late, pair=pair), shift
