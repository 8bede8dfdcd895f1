"""The details of a shift: facts, the talk, invites, what clearance lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import url_for

from shadowing.adapters import reference
from shadowing.adapters.plain_time import moment
from shadowing.domain.bookings.invitations import CANCELLED, SHIFT
from shadowing.domain.bookings.joining import link
from shadowing.domain.bookings.states import AHEAD, DID_NOT_TAKE_PLACE, By, State
from shadowing.domain.clearance.evidence import Effect, Missing, Reason
from shadowing.domain.clearance.rules import holding_back
from shadowing.domain.people import Role, initials
from shadowing.domain.ways import REMOTE, is_phone
from shadowing.services.bookings.looking import PAIR, Sent, View
from shadowing.services.bookings.seeing import NOT_AVAILABLE
from shadowing.web.find.words import RAISED
from shadowing.web.session import actor, today
from shadowing.web.shifts.words import YOUR_HOST, Chip, day_of

Sign = tuple[str, str, str]
ENDED: Final = {state.value for state in DID_NOT_TAKE_PLACE} | {NOT_AVAILABLE}
GOES: Final = {state.value for state in AHEAD | {State.CHECKED_IN}}
DELIVERED: Final = {
    "sent": ("ok", "circle-check", "Sent"),
    "waiting": ("info", "hourglass", "On its way"),
    "failed": ("bad", "circle-x", "Not delivered"),
    "": ("line", "calendar", "On record"),
}
DROPPED: Final = ("line", "minus", "Not needed any more")
STANDS_IN: Final = frozenset({"confirmed", "checked_in"})
AWAY: Final = "By video or phone."
LATER: Final = "By video or phone. Where shows here once it is confirmed."
STATUS: Final = {"TENTATIVE": "on hold", "CONFIRMED": "firm", CANCELLED: "taken back"}


ANSWERED: Final = {
    "ACCEPTED": ". Yes in the calendar",
    "TENTATIVE": ". Maybe in the calendar",
    "DECLINED": ". No in the calendar",
}


@dataclass(frozen=True, slots=True)
class Invite:
    """One calendar event of one person, and how its message fared (N5)."""

    chip: Chip
    what: str
    pill: Sign


@dataclass(frozen=True, slots=True)
class Lack:
    """A requirement that is open, as ``progress.checklist`` takes it."""

    state: str
    text: str
    meta: str
    url: str = ""
    url_text: str = ""


def facts(view: View) -> tuple[tuple[str, ...], ...]:
    """List what to know: sign, term, words; what to wear and where to park for the visitor."""
    known, unit = reference.load(), view.unit
    ahead = view.face in GOES
    visits = view.part is By.OBSERVER and ahead
    asked = "accept" in view.moves
    whose = "Your goal" if view.part is By.OBSERVER else "Goal of the visit"
    every = [
        ("target", whose, f"“{view.goal}”" if view.goal and not asked else ""),
        ("info", "Access needs", view.access_needs),
        ("message-circle-question-mark", "A note from the visitor", _note(view)),
    ]
    if ahead and _raised(view):
        every.append(("shield-alert", "These hours", RAISED))
    if view.room:
        every = [("map-pin", "Meet", view.room if ahead else ""), *every]
    if view.shift.kind == REMOTE:
        return tuple(fact for fact in (*_join(view), *every, *_from_elsewhere(view)) if fact[2])
    if unit:
        wear = "; ".join(known.attires[code].label for code in unit.attire)
        every = [
            ("map-pin", "Meet", unit.meeting_point if ahead else ""),
            *every,
            ("phone", "On the day", f"{unit.name}, {unit.phone}" if unit.phone and ahead else ""),
            ("shirt", "Wear", wear if visits else ""),
            ("users-round", "If the host is busy", _stands_in(view)),
            ("building-2", "Site", f"{unit.site_name}, {unit.organization_name}"),
            ("map", "Parking", unit.parking if visits else ""),
            ("user-round-check", "Patients", known.consents[unit.consent].note if visits else ""),
        ]
    return tuple(fact for fact in every if fact[2])


def _raised(view: View) -> bool:
    """Say whether its hours are more sensitive than their unit (A8)."""
    unit = view.unit
    return unit is not None and unit.raised(view.shift.sensitivity) != unit


def _join(view: View) -> list[tuple[str, ...]]:
    """Say how a remote shift is joined: where, to who may know it (B17)."""
    address = view.shift.join_at
    by = "By phone:" if is_phone(address) else "By video:"
    where = ("monitor", "Join", by, link(address), address)
    later = ("monitor", "Join", LATER if view.part in PAIR else AWAY)
    return [
        where if address else later,
        ("eye-off", "Recording", "None, by anybody: no video, no sound, no pictures."),
    ]


def _from_elsewhere(view: View) -> Iterator[Sign]:
    """List what to know of a shift at which nobody stands on the unit: no pass, no clothes."""
    unit = view.unit
    if unit is None:
        return
    ahead = view.face in GOES
    yield "phone", "On the day", f"{unit.name}, {unit.phone}" if unit.phone and ahead else ""
    yield "users-round", "If the host is busy", _stands_in(view)
    yield "building-2", "Site", f"{unit.site_name}, {unit.organization_name}"
    if view.part is By.OBSERVER and ahead:
        yield "user-round-check", "Patients", reference.load().consents[unit.consent].note


def _stands_in(view: View) -> str:
    """Say who stands in (D7), once it is confirmed and while it is ahead or under way."""
    if view.face not in STANDS_IN:
        return ""
    if view.part is By.BACKUP:
        return "You stand in."
    return f"{view.backup.name} stands in." if view.backup else "The unit’s lead stands in."


def _note(view: View) -> str:
    return f"“{view.shift.note}”" if view.shift.note and view.part is By.HOST else ""


def day_url(view: View) -> str:
    """Give the page of the cohort day of the talk, to those who may see it as they act now."""
    who = actor()
    sees = {By.OBSERVER: Role.OBSERVER, By.COORDINATOR: Role.COORDINATOR}.get(view.part)
    if not view.joint[0] or view.debrief is None or who.hand_id or sees is not who.role:
        return ""
    return url_for("cohort.show", day_id=view.debrief.cohort_day_id)


def talk(view: View) -> str:
    """Say when the two talk, or that they did; the reason for none is for those concerned."""
    held = view.debrief
    if held is None or view.face in ENDED:
        return ""
    at = moment(held.starts_at, view.zone, today=today())
    if held.state == "waived":
        told = held.waived_reason if view.part is not By.UNIT else ""
        return f"It does not take place. {told}".strip()
    if held.state == "held":
        marked = moment(held.marked_at, view.zone, today=today()) if held.marked_at else at
        return f"Held. Recorded {marked}."
    day, room = view.joint
    if day:
        return f"{at}, {held.interval.minutes} minutes, {room}. It is the joint debrief of {day}."
    return f"{at}, {held.interval.minutes} minutes. The time is held for both."


def invite(each: Sent, view: View) -> Invite:
    person = view.observer if each.side == "a" else view.host
    what = "The shift" if each.kind == SHIFT else "The talk"
    version = f", version {each.sequence + 1}" if each.sequence else ""
    said = ANSWERED.get(each.answer, "")
    return Invite(
        chip=Chip(person.name or YOUR_HOST, person.words, initials(person.name), each.side),
        what=f"{what}, {STATUS[each.status]}{version}{said}",
        pill=DELIVERED.get(each.delivery, DROPPED),
    )


def lack(each: Missing, view: View) -> Lack:
    known = reference.load().requirements.get(each.code)
    help_text = f" {known.help}" if known and known.help else ""
    if each.reason is Reason.PENDING:
        return Lack("todo", each.label, "Being checked. Nothing to do for now.")
    if each.by == "unit_manager":
        return Lack("todo", each.label, "The unit does this with the visitor before the shift.")
    if holding_back((each,)):
        by = moment(view.clearance_by, view.zone, today=today())
        meta = f"Finish by {by}, or the shift is released."
    elif each.effect is Effect.BLOCK_ROOM:
        meta = "Until it is done, some rooms stay closed."
    else:
        meta = "Does not hold up the shift."
    said = f"{_ran_out(each)}{meta}{help_text}"
    if view.part is not By.OBSERVER or each.by not in {"", "observer"}:
        return Lack("warn", each.label, said)
    words = "Read and tick" if each.by else "Say it is done"
    return Lack("warn", each.label, said, url_for("requirements.one", code=each.code), words)


def _ran_out(each: Missing) -> str:
    if each.valid_to is None:
        return ""
    verb = "Ran out" if each.reason is Reason.EXPIRED else "Runs out before the shift ends, on"
    return f"{verb} {day_of(each.valid_to, today=today())}. "
