"""What the tests of a host's hours share: to say hours, to look at the slots, to book one."""

from datetime import timedelta

from sqlalchemy import select

from shadowing.services.availability import changing
from shadowing.services.availability.acts import EveryWeek, Given
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.availability import slot, weekly_hours
from tests import makers

GOAL = "See how a night starts."
WED, SAT, SUN = 2, 5, 6
NIGHT = Given(span="N12", start="19:30", end="23:30", mode="ask")
DAY = Given(span="D12", start="10:00", end="14:00", mode="auto")


def say(ward, *acts, agreed=()):
    return changing.change(ward.work, ward.as_host(), acts, agreed=agreed)


def rows(ward, **wanted):
    """List the host's slots by start, those of some state if one is asked for."""
    with ward.work.read() as tx:
        mine = select(slot).where(slot.c.host_id == ward.host).order_by(slot.c.starts_at)
        return tx.db.execute(mine.filter_by(**wanted)).all()


def starts(ward, **wanted):
    return [row.starts_at for row in rows(ward, **wanted)]


def rule_of(ward):
    with ward.work.read() as tx:
        return tx.db.scalar(select(weekly_hours.c.id))


def change_rule(ward, **changes):
    return EveryWeek(
        Given(**{"span": "D12", "start": "10:00", "end": "14:00"} | changes), (), rule_of(ward)
    )


def book(ward, row, observer=None):
    return asking.request(ward.work, ward.as_observer(observer), Ask(row.id, GOAL))


def bookable(ward):
    """List the slots that are far enough ahead to be asked for."""
    return [
        row for row in rows(ward, state="open") if row.starts_at > makers.NOW + timedelta(days=7)
    ]
