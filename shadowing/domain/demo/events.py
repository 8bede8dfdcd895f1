"""Rows for calendar events: what each person's calendar holds after all that was told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from shadowing.domain.bookings.invitations import Event, Wish, outdated, raised, wishes
from shadowing.domain.demo.hospital import Row, key
from shadowing.domain.demo.shifts import Told


def rows(told: Told, *, domain: str) -> list[Row]:
    """Write the events of one shift as if each state had been announced when it was reached.

    So their sequences stand where later changes go on from (rule N2).

    Args:
        told: The shift.
        domain: The host in whose name the events are.
    """
    known: dict[tuple[UUID, str], Event] = {}
    resting = [
        passed
        for passed, following in zip(told.way, (*told.way[1:], None), strict=True)
        if following is None or following.at > passed.at
    ]
    for passed in resting:
        wanted = wishes(
            passed.state,
            observer_id=key("person", told.raw["obs"]),
            host_id=key("person", told.raw["host"]),
            span=told.span,
            debrief=told.debrief,
        )
        for event, wish in outdated(wanted, existing=known.values(), at=passed.at):
            following = (
                raised(event, to=wish, at=passed.at)
                if event
                else _new(told, wish, at=passed.at, domain=domain)
            )
            known[wish.person_id, wish.kind] = following
    return [asdict(event) for event in known.values()]


def _new(told: Told, wish: Wish, *, at: datetime, domain: str) -> Event:
    identity = key("calendar_event", str(told.id), str(wish.person_id), wish.kind)
    stamp = at.replace(microsecond=0)
    return Event(
        id=identity,
        shift_id=told.id,
        person_id=wish.person_id,
        kind=wish.kind,
        uid=f"shadow-{identity.hex}@{domain}",
        sequence=0,
        stamp=stamp,
        created_at=stamp,
        starts_at=wish.span.start,
        ends_at=wish.span.end,
        status=wish.status,
    )
