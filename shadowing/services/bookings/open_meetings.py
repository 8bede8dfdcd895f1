"""Meetings for a program that asks, page by page: the third kind of slots there is (B16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shadowing.domain.availability.clock import instant
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.bookings import cursors, meetings, offers
from shadowing.services.bookings.meetings import Card
from shadowing.services.bookings.offers import Listing
from shadowing.services.work import Tx, Work
from shadowing.store import meetings as offered
from shadowing.store import people


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """Some meetings by start; ``next_cursor`` is empty on the last page."""

    cards: tuple[Card, ...]
    next_cursor: str


def page(work: Work, actor: Actor, wanted: Listing) -> MeetingsPage:
    """List the meetings that a clinician may ask to come along to; they have no unit and no role.

    Raises:
        NotAllowed: *actor* does not act as a clinician.
        BadValue: ``cursor`` was not given out by us.
    """
    authorise(actor, Action.MEETING_FIND)
    limit = max(1, min(wanted.limit, offers.MOST))
    with work.read() as tx:
        after, until = _span(tx, actor, wanted)
        narrowed = wanted.unit_ids or wanted.roles
        found = (
            ()
            if narrowed
            else offered.listed(
                tx.db,
                organization_id=actor.organization_id,
                after=after,
                until=until,
                bands=wanted.bands,
                past=cursors.read(wanted.cursor) if wanted.cursor else None,
                limit=limit + 1,
            )
        )
        more, found = len(found) > limit, found[:limit]
        return MeetingsPage(
            cards=meetings.cards_of(tx, actor, found),
            next_cursor=cursors.after(found[-1]) if more else "",
        )


def _span(tx: Tx, actor: Actor, wanted: Listing) -> tuple[datetime, datetime | None]:
    """Read the days that are wanted on the clock of the caller's own building."""
    _, zone = people.home(tx.db, person_id=actor.person_id)
    first = instant(wanted.first, "00:00", ZoneInfo(zone)) if wanted.first else tx.now
    until = instant(wanted.until, "00:00", ZoneInfo(zone)) if wanted.until else None
    return max(first, tx.now), until
