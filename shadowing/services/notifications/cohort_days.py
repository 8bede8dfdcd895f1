"""What letters about a cohort day tell: read afresh, so that they say what holds when sent."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time
from shadowing.domain.bookings.cohort import Standing
from shadowing.domain.interval import Interval
from shadowing.services.work import Tx
from shadowing.store import cohort, cohort_guests
from shadowing.store.outbox import Parcel

DAY: Final = "cohort_day"
OFF: Final = "cohort-day-off"
MEETING: Final = "meeting-wanted"


def is_about(parcel: Parcel) -> bool:
    """Say whether a letter is about a cohort day."""
    return DAY in parcel.facts


def stale(tx: Tx, parcel: Parcel) -> bool:
    """Say whether what a letter tells has been overtaken: called off, or invited once more."""
    if not is_about(parcel):
        return False
    day = cohort.find(tx.db, day_id=UUID(str(parcel.facts[DAY])))
    guests = {each.id for each in cohort_guests.of_day(tx.db, day_id=day.id)}
    invited = parcel.recipient_id in guests
    if parcel.kind == MEETING:
        return day.state == Standing.CANCELLED or not invited
    comes = day.state == Standing.PLANNED and invited
    return comes if parcel.kind == OFF else not comes


def facts(tx: Tx, parcel: Parcel) -> tuple[str, dict[str, str]]:
    """Give the page of a day, and what is told of it: when and where all talk together."""
    day = cohort.find(tx.db, day_id=UUID(str(parcel.facts[DAY])))
    paths = {OFF: "/", MEETING: f"/meetings/new?day={day.local_date.isoformat()}"}
    path = paths.get(parcel.kind, f"/cohort-days/{day.id}")
    return path, _when(day.talk, day.zone, now=tx.now) | {
        "unit": day.name,
        "purpose": day.purpose,
        "meeting_point": f"{day.room}, {day.site_name}",
    }


def _when(span: Interval, zone: str, *, now: datetime) -> dict[str, str]:
    today = now.astimezone(ZoneInfo(zone)).date()
    return {
        "day_long": plain_time.day_long(span.start, zone, today=today),
        "day_short": plain_time.day_short(span.start, zone, today=today),
        "times": plain_time.time_range(span.start, span.end, zone),
        "zone_words": plain_time.zone_words(zone, span.start),
        "length": plain_time.length(span.minutes),
    }
