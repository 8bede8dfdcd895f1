"""Cohort days for tests: drafted by the ward's coordinator, with whom and what they need."""

from datetime import UTC, date, datetime

from shadowing.domain.bookings.cohort import Draft
from shadowing.domain.bookings.meetings import Draft as Meeting
from shadowing.services.bookings import asking, cohort, cohort_guests, meetings
from shadowing.services.bookings.asking import Ask
from shadowing.store import debriefs
from shadowing.store.tables.cohort import cohort_day

DAY = date(2027, 3, 22)
TALK = datetime(2027, 3, 22, 21, 30, tzinfo=UTC)
"""Half past four in Chicago, on the day of the ward's slots."""
GOAL = "See how a morning starts."


def written(**changes):
    """Give a day as a coordinator writes it."""
    plain = {"name": "Leaders’ day", "purpose": "All of us on the units at once.", "day": DAY}
    talk = {"start": "16:30", "minutes": 60, "room": "Board room, floor 2"}
    return Draft(**(plain | talk | changes))


def drafted(ward, *guests, **changes):
    """Draft a day that invites some, the ward's observer where nobody is named."""
    made = cohort.draft(
        ward.work,
        ward.as_coordinator(),
        written(**changes),
        program_id=ward.program,
        site_id=ward.site,
    )
    people = guests or (ward.observer,)
    cohort_guests.invite(ward.work, ward.as_coordinator(), day_id=made, person_ids=people)
    return made


def offer_meeting(ward, who=None, **changes):
    """Offer a reverse shadow on the day."""
    plain = {"what": "Bed-flow huddle", "room": "Hall B", "day": DAY, "start": "08:00"}
    rest = {"end": "08:30", "seats": 1, "open_to_visitors": True}
    who = who or ward.another_observer()
    draft = Meeting(**(plain | rest | changes))
    return meetings.offer(ward.work, ward.as_observer(who), draft, site_id=ward.site)


def planned(ward, *guests, **changes):
    """Plan such a day, with a reverse shadow on offer."""
    made = drafted(ward, *guests, **changes)
    offer_meeting(ward)
    cohort.plan(ward.work, ward.as_coordinator(), day_id=made)
    return made


def book(ward, who=None, **slot):
    """Book a slot of the day that its host said yes to in advance."""
    slot_id = ward.slot(**({"mode": "auto"} | slot))
    return asking.request(ward.work, ward.as_observer(who), Ask(slot_id, GOAL))


def talk_of(ward, shift):
    """Read the talk of a shift."""
    with ward.work.read() as tx:
        return debriefs.find(tx.db, shift_id=shift.id)


def state_of(ward, day_id):
    """Say where a day stands."""
    with ward.work.read() as tx:
        return tx.db.execute(cohort_day.select().where(cohort_day.c.id == day_id)).one().state


def moved_to(ward, day_id, **changes):
    """Give a day another time, place or name."""
    cohort.change(ward.work, ward.as_coordinator(), written(**changes), day_id=day_id)
