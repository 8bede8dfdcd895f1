"""Credentials that come and go; for tests of what hangs on them."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from shadowing.adapters import reference
from shadowing.domain.clearance.credentials import Changed
from shadowing.domain.clearance.evidence import State
from shadowing.domain.clearance.wording import text_version
from shadowing.store.clearance import credentials
from shadowing.store.tables import bookings
from shadowing.store.tables.journal import audit, outbox

DAY = timedelta(days=1)


def on_record(work, person_id, code, *, shift_id=None):
    """Read what is on record for one requirement."""
    with work.read() as tx:
        return credentials.held(tx.db, person_id=person_id, requirement=code, shift_id=shift_id)


def put(work, person_id, code, **values):
    """Set values of a credential, as if somebody who may had done so."""
    with work.write() as tx:
        before = credentials.held(tx.db, person_id=person_id, requirement=code)
        changed = Changed(replace(before, **{"next_on": None, **values}))
        return credentials.keep(tx.db, changed, before=before, at=tx.now)


def lapse(work, person_id, code="HIPAA"):
    """Let something have run out yesterday."""
    return put(work, person_id, code, valid_to=work.clock().date() - DAY)


def restore(work, person_id, code="HIPAA"):
    """Let it hold again, from today on."""
    today = work.clock().date()
    return put(work, person_id, code, state=State.VALID, done_on=today, valid_to=None)


def words(*codes):
    """Say that the words of some requirements were shown as they stand."""
    known = reference.load()
    ticked = {}
    for code in codes:
        rule = known.unit_rules.get(code)
        text = (rule.label,) if rule else known.requirement(code).text
        ticked[code] = text_version(text)
    return ticked


def state_of(work, shift_id):
    """Say where a shift is."""
    with work.read() as tx:
        found = select(bookings.shift.c.state).where(bookings.shift.c.id == shift_id)
        return tx.db.execute(found).scalar_one()


def events_of(work, shift_id):
    """List how a shift's events stand, with the number of their changes."""
    with work.read() as tx:
        event = bookings.calendar_event
        rows = tx.db.execute(select(event).where(event.c.shift_id == shift_id)).all()
    return {(row.status, row.sequence) for row in rows}


def told(work, kind=None):
    """List who was told what, in order."""
    with work.read() as tx:
        rows = tx.db.execute(select(outbox).order_by(outbox.c.id)).all()
    return [(row.recipient_id, row.kind) for row in rows if kind in {None, row.kind}]


def moves_of(work, subject_id):
    """List the moves of a thing: to where, by whom, with which code."""
    with work.read() as tx:
        rows = tx.db.execute(
            select(audit).where(audit.c.subject_id == subject_id).order_by(audit.c.id)
        ).all()
    return [(row.to_state, row.acting_as, row.code) for row in rows]
