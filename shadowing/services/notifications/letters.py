"""What a letter says: facts in words, from rows that were just read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time, reference
from shadowing.adapters.mail.render import Facts
from shadowing.domain.bookings.invitations import CANCELLED, DEBRIEF, Event
from shadowing.domain.bookings.states import State
from shadowing.domain.followup.questions import Side
from shadowing.domain.interval import Interval
from shadowing.domain.notifications import JOINED, Sending, host_is_named
from shadowing.domain.reminders import (
    PREPARATION_CARD,
    REFLECTION_REMINDER,
    REQUEST_LAPSING,
    TALK_REMINDER,
)
from shadowing.services.notifications import changed, notices
from shadowing.services.notifications.extras import TIME_CHANGED, Extras
from shadowing.services.notifications.reading import Matter, Visit

TENTATIVE: Final = "TENTATIVE"
BRING: Final = "A photo ID"
BY_VIDEO: Final = "By video or phone. Nothing is recorded."
JOIN_CHANGED: Final = "Where to join has changed."
OTHER_NAME: Final = "other_name"
TOLD_START: Final = "told_start"
TOLD_END: Final = "told_end"
DEBRIEF_TOLD: Final = frozenset(
    {"shift-done", "both-sides-in", "ended-early", TALK_REMINDER, REFLECTION_REMINDER}
)
ASKS: Final = frozenset({"request-received", REQUEST_LAPSING})


def facts(matter: Matter, sending: Sending, *, extras: Extras, base_url: str) -> Facts:
    """Put together what one letter may say (rule N3).

    Args:
        matter: What it is about.
        sending: As which kind it goes out, with which event.
        extras: What only some kinds tell.
        base_url: Where our pages are.
    """
    said: dict[str, Any] = {
        "recipient_name": matter.recipient.name,
        "organization": matter.organization,
        "url": f"{base_url}{extras.path}",
        "deadline": extras.deadline,
        "changed": extras.changed,
        "news": extras.news,
        "missing": extras.missing,
        "alternatives": tuple(
            replace(each, url=f"{base_url}{each.url}") for each in extras.alternatives
        ),
    }
    if matter.visit is None:
        said[OTHER_NAME] = str(matter.parcel.facts.get(OTHER_NAME, ""))
        said["why"] = str(matter.parcel.facts.get("why", ""))
        return Facts(**said | dict(extras.day))
    visit = matter.visit
    said |= people_named(matter, visit) | _when(matter, visit, sending.event)
    said |= changed.facts(matter, visit, kind=sending.kind, extras=extras, base_url=base_url)
    said |= _event(matter, visit, sending.event) if sending.event else {}
    said |= notices.facts(matter, visit, kind=sending.kind)
    said |= _of_kind(matter, visit, sending.kind)
    if sending.kind in ASKS:
        said |= _request(matter, visit, extras, base_url)
    return Facts(**said)


def _event(matter: Matter, visit: Visit, event: Event) -> dict[str, str]:
    """Say which event of a calendar it is and how it stands; where to go, to the visitor."""
    said = {"event": "debrief" if event.kind == DEBRIEF else "shift"}
    if event.kind == DEBRIEF and visit.joint:
        said |= {"joint": visit.joint, "meeting_point": visit.joint_room}
    if event.status == CANCELLED:
        return said
    said |= _calendar(matter, event)
    visits = matter.side is Side.OBSERVER and event.kind != DEBRIEF
    return said | _place(visit) if visits else said


def _of_kind(matter: Matter, visit: Visit, kind: str) -> dict[str, str]:
    """Say what letters of one kind tell besides."""
    said: dict[str, str] = {}
    if kind == PREPARATION_CARD:
        said |= _place(visit)
    if kind in DEBRIEF_TOLD:
        said |= _debrief(matter, visit)
    if kind in {"unit-asked", "other-hours"}:
        said["answer_by"] = _moment(visit.shift.answer_by, matter, visit)
    if kind == "checked-in" and visit.shift.checked_in_at:
        said["at"] = plain_time.time_of_day(visit.shift.checked_in_at, visit.place.zone)
    if kind == "times-corrected":
        said["stayed"] = _stayed(visit)
    return said


def _stayed(visit: Visit) -> str:
    came, left = visit.shift.checked_in_at, visit.shift.checked_out_at
    return plain_time.time_range(came, left, visit.place.zone) if came and left else ""


def told(event: Event | None) -> dict[str, object]:
    """Say what to keep with a letter, for the next one about the event to be compared with."""
    if event is None:
        return {}
    return {TOLD_START: event.starts_at.isoformat(), TOLD_END: event.ends_at.isoformat()}


def people_named(matter: Matter, visit: Visit) -> dict[str, str]:
    """Name the other person; to the unit both, to the observer a blind slot's host only late."""
    shift = visit.shift
    if matter.side is Side.OBSERVER:
        if not host_is_named(shift.mode, state=shift.state):
            return {}
        return {"other_name": visit.host.full_name, "other_role": host_words(visit)}
    about = {"other_name": visit.observer.full_name, "other_role": visit.observer.title}
    return about if matter.side is Side.HOST else {**about, "host_name": visit.host.full_name}


def host_words(visit: Visit) -> str:
    """Say what the host does: the role they host in, or the title of an administrator."""
    roles = reference.load().roles
    if visit.unit is None or visit.shift.host_role not in roles:
        return visit.host.title
    return roles[visit.shift.host_role].label


def _when(matter: Matter, visit: Visit, event: Event | None) -> dict[str, str]:
    span = Interval(event.starts_at, event.ends_at) if event else visit.shift.interval
    zone, today = visit.place.zone, _today(matter, visit)
    local = span.start.astimezone(ZoneInfo(zone)).date()
    own = ""
    if not _same_clock(matter.home_zone, zone, span.start):
        line = plain_time.zone_line(matter.home_zone)
        own = f"{plain_time.time_range(span.start, span.end, matter.home_zone)} {line}"
    return {
        "unit": visit.what,
        "day_long": plain_time.day_long(span.start, zone, today=today),
        "day_short": plain_time.day_short(span.start, zone, today=today),
        "times": plain_time.time_range(span.start, span.end, zone),
        "zone_words": plain_time.zone_words(zone, span.start),
        "clock_change": plain_time.clock_change(local, zone) or "",
        "own_times": own,
        "length": plain_time.length(span.minutes),
        "how": BY_VIDEO if visit.remote and (event is None or event.kind != DEBRIEF) else "",
    }


def _same_clock(one: str, other: str, at: datetime) -> bool:
    return at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset()


def _calendar(matter: Matter, event: Event) -> dict[str, str]:
    """Say how the event stands, and whether its time is another than the one last told."""
    before = matter.told.get(TOLD_START), matter.told.get(TOLD_END)
    now = event.starts_at.isoformat(), event.ends_at.isoformat()
    joined = JOIN_CHANGED if matter.parcel.facts.get(JOINED) else ""
    return {
        "standing": "tentative" if event.status == TENTATIVE else "firm",
        "changed": TIME_CHANGED if before[0] and before != now else joined,
    }


def _place(visit: Visit) -> dict[str, str]:
    if visit.remote:
        return {"join_at": visit.join_at, "unit_phone": visit.unit.phone if visit.unit else ""}
    if visit.unit is None:
        return {"meeting_point": visit.room, "bring": BRING, "parking": visit.place.parking}
    return {
        "meeting_point": visit.unit.meeting_point,
        "unit_phone": visit.unit.phone,
        "attire": attire_words(visit.unit.attire),
        "bring": BRING,
        "parking": visit.place.parking,
    }


def attire_words(codes: Iterable[str]) -> str:
    """Say what to wear."""
    known = reference.load().attires
    return "; ".join(known[code].label for code in codes if code in known)


def _debrief(matter: Matter, visit: Visit) -> dict[str, str]:
    held = visit.debrief
    past = held is not None and held.ends_at <= matter.now
    if held is None or past or visit.shift.state is State.DEBRIEFED:
        return {}
    zone = visit.place.zone
    times = plain_time.time_range(held.starts_at, held.ends_at, zone)
    return {
        "debrief_day": plain_time.day_long(held.starts_at, zone, today=_today(matter, visit)),
        "debrief_times": f"{times}, {visit.joint_room}" if visit.joint_room else times,
    }


def _request(matter: Matter, visit: Visit, extras: Extras, base_url: str) -> dict[str, str]:
    """Say what the host decides on: the goal, the promise record, how much they host (B1)."""
    page = f"{base_url}/shifts/{visit.shift.id}"
    return {
        "goal": visit.shift.goal,
        "promise_record": extras.promise_record,
        "load": extras.load,
        "answer_by": _moment(visit.shift.answer_by, matter, visit),
        "yes_url": f"{page}?answer=yes",
        "hours_url": f"{page}/hours" if visit.unit else "",
        "no_url": f"{page}?answer=no",
    }


def _moment(at: datetime, matter: Matter, visit: Visit) -> str:
    return plain_time.moment(at, visit.place.zone, today=_today(matter, visit))


def _today(matter: Matter, visit: Visit) -> date:
    return matter.now.astimezone(ZoneInfo(visit.place.zone)).date()
