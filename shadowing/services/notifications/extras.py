"""What only some letters tell: what is missing, other times, a record of promises, a load."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time, reference
from shadowing.adapters.mail.render import News, OtherTime
from shadowing.domain.bookings.asking import AUDIENCES, in_audience
from shadowing.domain.bookings.invitations import DEBRIEF
from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import Standing, notice
from shadowing.domain.clearance import rules
from shadowing.domain.clearance.evidence import Missing
from shadowing.domain.followup.questions import Side
from shadowing.domain.interval import Interval
from shadowing.domain.notifications import BLIND, Sending
from shadowing.domain.people import PersonKind, external
from shadowing.domain.reminders import NOTICE_WITHDRAWN, REFLECTION_REMINDER, UNIT_NOTICE
from shadowing.domain.ways import REMOTE, like_first
from shadowing.services.notifications import cohort_days, requirement_news
from shadowing.services.notifications.paper import SHEET_WAITING
from shadowing.services.notifications.reading import Matter, Visit
from shadowing.services.work import Tx
from shadowing.store import (
    commitments,
    hosting,
    people,
    programs,
    proposals,
    reminders,
    slots,
    whereabouts,
)
from shadowing.store.bookings import Shift
from shadowing.store.slots import Offer, Search

OFFERED: Final = 3
LOOKED_AT: Final = 40
DAYS_AHEAD: Final = 60
FIRST_DAYS: Final = {1: "1st", 2: "2nd", 3: "3rd"}
OTHER_HOURS: Final = "other-hours"
OFFERS_OTHERS: Final = frozenset({OTHER_HOURS, "not-available", "stopped-for-care", "cancelled"})
TELLS_RECORD: Final = frozenset({"request-received", "move-asked", "swap-asked"})
SHIFT_PAGE: Final = "/shifts/{shift}"
TALK_PAGE: Final = "/shifts/{shift}/talk"
PAGES: Final = {
    "backup-free": "/availability/hosting",
    "calendar-said-no": "/shifts/{shift}/cancel",
    "both-sides-in": "/reflections/{shift}/both",
    "change-withdrawn": "/requests",
    "commitment-told": "/reflections/{shift}/both",
    "did-it-happen": "/shifts/{shift}/did-it-happen",
    "move-asked": "/shifts/{shift}/move/answer",
    "moved-away": "/requests",
    "not-available": "/shifts",
    "other-hours": "/shifts/{shift}/hours",
    "shift-done": "/reflections/{shift}",
    "swap-asked": "/shifts/{shift}/swap/answer",
    "unit-move-asked": "/shifts/{shift}/move/answer",
    REFLECTION_REMINDER: "/reflections/{shift}",
    SHEET_WAITING: "/sheets/{host}",
}
"""Where what a kind tells can be read, or done; the shift itself for all others."""
IN_LINE: Final = "You two are in one reporting line. The coordinator allows it; no is fine."
SEAT_OFFERED: Final = "seat-offered"
INVITED: Final = "invited"
INVITE_ANSWERED: Final = "invite-answered"
INVITES: Final = "/invites"
TO_THE_TEAM: Final = frozenset({UNIT_NOTICE, NOTICE_WITHDRAWN})
TIME_CHANGED: Final = "The time has changed."
RULES: Final = "/help"
"""What visitors and hosts may refuse; open to everybody."""

OWN_PAGES: Final = {
    "diary-unread": "/availability/diary",
    "hours-wanted": "/availability",
    "load-paused": "/availability",
}
"""Where what a letter tells without a shift can be read or done."""

MissingOf = Callable[[Tx, Shift], tuple[Missing, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Facts of some kinds of letters; what is left out is not mentioned.

    Attributes:
        path: Of the page where all this stands.
        deadline: By when something must be there, or until when a link works.
        missing: Labels of requirements, for the observer alone.
        alternatives: Other times, with paths for addresses.
        changed: What is new, where the same was told otherwise before.
        news: Of a day's message.
        day: Of a cohort day, in words.
    """

    path: str = "/"
    deadline: str = ""
    missing: tuple[str, ...] = ()
    alternatives: tuple[OtherTime, ...] = ()
    promise_record: str = ""
    load: str = ""
    changed: str = ""
    news: tuple[News, ...] = ()
    day: Mapping[str, str] = field(default_factory=dict)


def read(tx: Tx, matter: Matter, sending: Sending, *, missing_of: MissingOf) -> Extras:
    """Read what one letter tells besides the shift itself."""
    visit = matter.visit
    if visit is None:
        return _about_no_shift(tx, matter, sending)
    if sending.kind in requirement_news.OF_A_SHIFT:
        path = _path(matter, visit, kind=sending.kind)
        return Extras(**requirement_news.of_shift(matter, visit, kind=sending.kind, path=path))
    return _about_shift(tx, matter, visit, sending, missing_of=missing_of)


def _about_shift(
    tx: Tx, matter: Matter, visit: Visit, sending: Sending, *, missing_of: MissingOf
) -> Extras:
    path = _path(matter, visit, kind=sending.kind)
    observer = matter.side is Side.OBSERVER
    about_shift = sending.event is None or sending.event.kind != DEBRIEF
    if sending.kind in TELLS_RECORD:
        line = IN_LINE if visit.shift.overridden_by_id else ""
        load = _load(tx, visit) if sending.kind == "request-received" else ""
        said = " ".join(filter(None, (line, load)))
        return Extras(path=path, promise_record=_record(tx, visit), load=said)
    if sending.kind == UNIT_NOTICE:
        return Extras(path=path, changed=_noticed_otherwise(tx, matter, visit))
    if sending.kind == "waiting-for-clearance" and observer:
        return Extras(
            path=path,
            missing=tuple(gap.label for gap in missing_of(tx, visit.shift)),
            deadline=_deadline(tx, matter, visit),
        )
    if sending.kind in OFFERS_OTHERS and observer and about_shift:
        lapsed = visit.shift.state is State.EXPIRED and visit.shift.reason == "clearance"
        return Extras(
            path=path,
            missing=tuple(gap.label for gap in missing_of(tx, visit.shift)) if lapsed else (),
            alternatives=_others(tx, matter, visit, kind=sending.kind, path=path),
        )
    waits = visit.shift.state in {State.UNIT_APPROVED, State.CLEARED}
    return Extras(path=path, deadline=_deadline(tx, matter, visit) if waits else "")


def _about_no_shift(tx: Tx, matter: Matter, sending: Sending) -> Extras:
    if cohort_days.is_about(matter.parcel):
        path, words = cohort_days.facts(tx, matter.parcel)
        return Extras(path=path, day=words)
    if sending.kind == INVITE_ANSWERED:
        return Extras(path=INVITES, alternatives=_worded(tx, matter, (_seat(tx, matter),)))
    if sending.kind in {SEAT_OFFERED, INVITED}:
        return _offered(tx, matter)
    own_page = str(matter.parcel.facts.get("path", OWN_PAGES.get(sending.kind, "/")))
    return Extras(**{"path": own_page, **requirement_news.facts(matter)})


def _offered(tx: Tx, matter: Matter) -> Extras:
    """Tell of hours that somebody waited for, or is invited to, and until when."""
    invite = matter.parcel.facts.get("invite")
    seat = _seat(tx, matter)
    until = datetime.fromisoformat(str(matter.parcel.facts["until"]))
    today = matter.now.astimezone(ZoneInfo(matter.home_zone)).date()
    return Extras(
        path=f"/invites/{invite}" if invite else f"/slots/{seat.id}/goal",
        deadline=plain_time.moment(until, matter.home_zone, today=today),
        alternatives=_worded(tx, matter, (seat,)),
    )


def _seat(tx: Tx, matter: Matter) -> Offer:
    return slots.find(tx.db, slot_id=UUID(str(matter.parcel.facts["slot"])))


def _path(matter: Matter, visit: Visit, *, kind: str) -> str:
    """Name the page where what a letter tells can be read, or done."""
    if kind in TO_THE_TEAM and not visit.is_theirs(matter.recipient.id):
        return RULES
    pattern = TALK_PAGE if matter.parcel.facts.get("talk") else PAGES.get(kind, SHIFT_PAGE)
    return pattern.format(shift=visit.shift.id, host=visit.host.id)


def _noticed_otherwise(tx: Tx, matter: Matter, visit: Visit) -> str:
    """Say that the time has changed to somebody who may have read another one."""
    before = reminders.may_have_read(
        tx.db,
        shift_id=visit.shift.id,
        recipient_id=matter.recipient.id,
        before=matter.parcel.id,
    )
    anchor = matter.parcel.facts.get("anchor")
    return TIME_CHANGED if any(each.get("anchor") != anchor for each in before) else ""


def _deadline(tx: Tx, matter: Matter, visit: Visit) -> str:
    """Say until when clearance can be completed (C5)."""
    shift, zone = visit.shift, visit.place.zone
    known = reference.load()
    settings = programs.rules(tx.db, program_id=shift.program_id, known=known)
    hours = settings.number("clearance_deadline_hours")
    by = rules.deadline(shift.starts_at, booked_at=shift.requested_at, hours=hours)
    today = matter.now.astimezone(ZoneInfo(zone)).date()
    return plain_time.moment(by, zone, today=today)


def _record(tx: Tx, visit: Visit) -> str:
    """Say what became of the observer's promises, in numbers alone (B1)."""
    found = commitments.promise_record(tx.db, owner_id=visit.observer.id, on=tx.now.date())
    total = found.kept + found.late + found.open
    if not total:
        return ""
    return f"Kept {found.kept} of {total} {'promise' if total == 1 else 'promises'} so far."


def _load(tx: Tx, visit: Visit) -> str:
    """Say how much of the host's own limit this would be (A4)."""
    shift = visit.shift
    rules = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
    load = whereabouts.loads(
        tx.db,
        host_ids=(shift.host_id,),
        span=shift.interval,
        rules=rules,
    )[shift.host_id]
    month = (shift.local_date.year, shift.local_date.month)
    hosted = {
        (one.slot_id, one.day) for one in load.hosted if (one.day.year, one.day.month) == month
    }
    nth = len(hosted | {(shift.slot_id, shift.local_date)})
    name = calendar.month_name[shift.local_date.month]
    return (
        f"This would be your {FIRST_DAYS.get(nth, f'{nth}th')} of {load.max_per_month} in {name}."
    )


def _alternatives(tx: Tx, matter: Matter, visit: Visit) -> tuple[OtherTime, ...]:
    """Offer three other times: the same host, else the unit, else the role (B10).

    The same host only where it was the observer who could not come.
    """
    shift = visit.shift
    by_host = shift.state is State.CANCELLED_BY_OBSERVER and not _hidden(visit)
    found: dict[object, Offer] = {}
    groups: list[dict[str, tuple[object, ...]]] = []
    groups += [{"host_ids": (shift.host_id,)}] if by_host else []
    groups += [{"unit_ids": (shift.unit_id,)}] if shift.unit_id else []
    groups += [{"roles": (shift.host_role,)}]
    avoided = people.line(tx.db, person_id=shift.observer_id)
    avoided |= people.barred(tx.db, person_id=shift.observer_id, on=tx.now.date())
    avoided |= frozenset() if by_host else {shift.host_id}
    ahead = Interval(tx.now, tx.now + timedelta(days=DAYS_AHEAD + 1))
    busy = whereabouts.busy(tx.db, person_id=shift.observer_id, span=ahead)
    says = hosting.says(tx.db, person_id=shift.observer_id)
    for kinds, group in product(like_first(shift.kind), groups):
        wanted = replace(_search(matter, visit, group), says=says, kinds=kinds)
        for offer in slots.search(tx.db, wanted, limit=LOOKED_AT):
            fits = offer.host_id not in avoided and offer.taken < offer.seats
            free = not any(offer.interval.overlaps(other) for other in busy)
            if fits and free and offer.id != shift.slot_id and len(found) < OFFERED:
                found.setdefault(offer.id, offer)
    return _worded(tx, matter, found.values())


def _others(tx: Tx, matter: Matter, visit: Visit, *, kind: str, path: str) -> tuple[OtherTime, ...]:
    """Offer other shifts; or the other hours of this one that its host offers."""
    if kind == OTHER_HOURS:
        return _hours(tx, matter, visit, path)
    return _alternatives(tx, matter, visit)


def _hours(tx: Tx, matter: Matter, visit: Visit, path: str) -> tuple[OtherTime, ...]:
    """List the hours that a host offers instead."""
    found = proposals.open_of(tx.db, shift_id=visit.shift.id)
    zone, today = visit.place.zone, matter.now.date()
    return tuple(
        OtherTime(
            day=plain_time.day_short(each.starts_at, zone, today=today),
            times=plain_time.time_range(each.starts_at, each.ends_at, zone),
            url=path,
        )
        for each in found
    )


def _hidden(visit: Visit) -> bool:
    return visit.shift.mode == BLIND


def _search(matter: Matter, visit: Visit, group: dict[str, tuple[object, ...]]) -> Search:
    today = matter.now.date()
    level = visit.observer.level
    outside = visit.unit is None or external(
        PersonKind(visit.observer.kind),
        person_org=visit.observer.organization_id,
        unit_org=visit.unit.organization_id,
    )
    return Search(
        first=today,
        last=today + timedelta(days=DAYS_AHEAD),
        not_before=matter.now + notice(Standing.EXTERNAL if outside else Standing.EMPLOYEE),
        audiences=tuple(each for each in AUDIENCES if in_audience(each, level=level)),
        not_host=visit.observer.id,
        **group,  # type: ignore[arg-type] # one of the fields, by name
    )


def _worded(tx: Tx, matter: Matter, offers: Iterable[Offer]) -> tuple[OtherTime, ...]:
    listed = sorted(offers, key=lambda offer: offer.starts_at)
    units = people.units(tx.db, ids=[offer.unit_id for offer in listed])
    return tuple(
        _other(offer, zone=units[offer.unit_id].zone, today=matter.now.date()) for offer in listed
    )


def _other(offer: Offer, *, zone: str, today: date) -> OtherTime:
    name, post = offer.host_name, offer.host_post_nominal
    known = "" if offer.mode == BLIND else ", ".join(part for part in (name, post) if part)
    away = "by video or phone" if offer.kind == REMOTE else ""
    return OtherTime(
        day=plain_time.day_short(offer.starts_at, zone, today=today),
        times=plain_time.time_range(offer.starts_at, offer.ends_at, zone),
        url=f"/slots/{offer.id}/goal",
        who=", ".join(part for part in (known, away) if part),
    )
