"""One shift, as each part in it may see it: what is next, facts, invites, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.adapters.plain_time import (
    clock_change,
    day_long,
    day_short,
    moment,
    time_range,
    zone_line,
)
from shadowing.domain.bookings.invitations import CANCELLED, SHIFT
from shadowing.domain.bookings.states import AHEAD, DID_NOT_TAKE_PLACE, By, State
from shadowing.domain.clearance.evidence import Effect, Missing, Reason
from shadowing.domain.clearance.rules import holding_back
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role, initials
from shadowing.domain.policy import Action, may
from shadowing.services import calendar
from shadowing.services.bookings import choosing, looking
from shadowing.services.bookings.looking import NOT_AVAILABLE, PAIR, Seen, Sent, View
from shadowing.web.find.words import Shown, shown
from shadowing.web.session import actor, ground, needs, now, today, work, zone
from shadowing.web.shifts.forms import CheckInForm, WaiveForm
from shadowing.web.shifts.story import timeline
from shadowing.web.shifts.words import (
    YOUR_HOST,
    away,
    day_of,
    next_up,
    open_item,
    pill,
    promises,
    short,
)

bp = Blueprint("shifts", __name__)

ENDED: Final = {state.value for state in DID_NOT_TAKE_PLACE} | {NOT_AVAILABLE}
GOES: Final = {state.value for state in AHEAD | {State.CHECKED_IN}}
CARD_FACES: Final = GOES - {State.REQUESTED}
DELIVERED: Final = {
    "sent": ("ok", "circle-check", "Sent"),
    "waiting": ("info", "hourglass", "On its way"),
    "failed": ("bad", "circle-x", "Not delivered"),
    "": ("line", "calendar", "On record"),
}
DROPPED: Final = ("line", "minus", "Not needed any more")
STATUS: Final = {"TENTATIVE": "on hold", "CONFIRMED": "firm", CANCELLED: "taken back"}
ANSWERS: Final = {
    (By.HOST, "yes"): "accept",
    (By.HOST, "no"): "decline",
    (By.UNIT, "yes"): "approve",
    (By.UNIT, "no"): "decline",
}
Sign = tuple[str, str, str]
BACK: Final = {
    Role.OBSERVER: ("My shifts", "/shifts/mine"),
    Role.HOST: ("Requests", "/requests"),
    Role.COORDINATOR: ("Shifts", "/requests"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A person as a chip shows one."""

    name: str
    title: str
    initials: str
    side: str


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


@bp.get("/shifts/<uuid:shift_id>")
@needs(Action.SHIFT_SEE)
def show(shift_id: UUID) -> ResponseReturnValue:
    """Show everything about one shift; a letter's yes or no leads to the page that asks again."""
    if (answer := request.args.get("answer")) in {"yes", "no"}:
        part = looking.show(work(), actor(), shift_id=shift_id).part
        if move := ANSWERS.get((part, answer)):
            return redirect(url_for(f"moves.{move}", shift_id=shift_id), 303)
    return page(shift_id)


@bp.get("/shifts/<uuid:shift_id>/calendar.ics")
@needs(Action.SHIFT_SEE)
def calendar_file(shift_id: UUID) -> ResponseReturnValue:
    """Give one's own events of a shift as a file, for a calendar that missed the invite."""
    data = calendar.of_shift(work(), actor(), shift_id=shift_id, base_url=ground().base_url)
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="shift.ics"'
    return answer


def page(
    shift_id: UUID, *, check_in: CheckInForm | None = None, waive: WaiveForm | None = None
) -> ResponseReturnValue:
    """Show a shift, with a form that was sent and has to be mended."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    check_in = check_in or CheckInForm(formdata=None)
    waive = waive or WaiveForm(formdata=None)
    if view.part is not By.OBSERVER:
        check_in.well.label.text = f"I asked, and {short(view.observer)} is well today"
    errors = check_in.errors or waive.errors
    forms = {"check_in": check_in, "waive": waive, "errors": errors}
    words = render_template("shifts/show.html", **_told(view), **forms)
    return words, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _told(view: View) -> dict[str, object]:
    """Put all that the page says into words."""
    shift = view.shift
    return {
        "view": view,
        "shift": shift,
        "pill": pill(view.face, part=view.part),
        "heard": _heard(view),
        "next": next_up(view, now=now()),
        "item": open_item(view),
        "observer": chip(view.observer, part=view.part),
        "host": chip(view.host, part=view.part),
        "title": _title(view),
        "facts": _facts(view),
        "record": promises(view.record) if view.record else None,
        "timeline": timeline(view, now=now()),
        "invites": tuple(_invite(each, view) for each in view.sent),
        "lacks": tuple(_lack(each, view) for each in view.missing),
        "ready": _prepares(view) and not view.missing,
        "card": reference.load().card if _prepares(view) else None,
        "talk": _talk(view),
        "others": _others(view),
        "planned": shift.interval.minutes,
        "when": away(shift.starts_at, now=now(), zone=view.zone),
        "own_time": _own_time(view),
        "clock_change": clock_change(shift.local_date, view.zone),
        "file": _file(view),
        "way_on": _way_on(view),
        "back": BACK.get(actor().role, BACK[Role.HOST]),
    }


def chip(person: Seen, *, part: By) -> Chip:
    """Show a person; a host who is not named yet by their role alone (A10)."""
    own = {By.OBSERVER: "a", By.HOST: "c"}.get(part)
    you = {"a": "You", "c": "You"}.get(person.side if person.side == own else "", "")
    theirs = "Your host" if own == "a" and person.side == "c" else ""
    name = person.name or YOUR_HOST
    words = ". ".join(filter(None, (person.words, you or theirs if person.name else "")))
    return Chip(name, words, initials(person.name) if person.name else "?", person.side)


def _title(view: View) -> str:
    day = day_long(view.shift.starts_at, view.zone, today=today()).partition(", ")[2]
    where = view.unit.name if view.unit else view.shift.what
    other = view.host if view.part is By.OBSERVER else view.observer
    return f"Shift on {day} with {short(other)}" if other.name else f"Shift on {day}, {where}"


def _heard(view: View) -> str:
    """Say once, after booking or asking, that it is done and what happens next."""
    if not request.args.get("booked") or view.part is not By.OBSERVER:
        return ""
    if view.face == State.CONFIRMED:
        return "Booked. Both of you get an invite for the shift and one for the talk after it."
    if view.face == State.UNIT_APPROVED:
        return "Booked, once the open items are done. Both of you have it on hold till then."
    return "Asked. You get an email as soon as there is an answer." if _waits(view) else ""


def _own_time(view: View) -> str:
    """Say the time on the viewer's own clock, where that is another than the site's."""
    if view.zone == zone():
        return ""
    day = day_short(view.shift.starts_at, zone(), today=today())
    hours = time_range(view.shift.starts_at, view.shift.ends_at, zone())
    return f"On your clock: {day}, {hours}, {zone_line(zone())}."


def _file(view: View) -> str:
    """Lead to the calendar file while something of the shift stands in one's own calendar."""
    stands = any(each.status != CANCELLED for each in view.sent)
    if view.part not in PAIR or not stands or view.shift.ends_at <= now():
        return ""
    return url_for("shifts.calendar_file", shift_id=view.shift.id)


def _way_on(view: View) -> Sign | None:
    """Lead on from a shift that does not take place: words, address, sign."""
    if view.face not in ENDED:
        return None
    return {
        By.OBSERVER: ("Find another shift", url_for("find.search"), "search"),
        By.HOST: ("Look at your hours", "/availability", "calendar-clock"),
    }.get(view.part, ("Back to requests", url_for("requests.waiting"), "inbox"))


def _waits(view: View) -> bool:
    return view.face in {State.REQUESTED, State.HOST_ACCEPTED}


def _prepares(view: View) -> bool:
    return view.part is By.OBSERVER and view.face in CARD_FACES


def _facts(view: View) -> tuple[Sign, ...]:
    """List what to know: sign, term, words; what to wear and where to park for the visitor."""
    known, unit = reference.load(), view.unit
    ahead = view.face in GOES
    visits = view.part is By.OBSERVER and ahead
    asked = "accept" in view.moves
    whose = "Your goal" if view.part is By.OBSERVER else "Goal of the visit"
    every = [
        ("target", whose, f"“{view.goal}”" if view.goal and not asked else ""),
        ("info", "Access needs", view.access_needs),
    ]
    if unit:
        wear = "; ".join(known.attires[code].label for code in unit.attire)
        every = [
            ("map-pin", "Meet", unit.meeting_point if ahead else ""),
            *every,
            ("phone", "On the day", f"{unit.name}, {unit.phone}" if unit.phone and ahead else ""),
            ("shirt", "Wear", wear if visits else ""),
            ("building-2", "Site", f"{unit.site_name}, {unit.organization_name}"),
            ("map", "Parking", unit.parking if visits else ""),
            ("user-round-check", "Patients", known.consents[unit.consent].note if visits else ""),
        ]
    return tuple(fact for fact in every if fact[2])


def _talk(view: View) -> str:
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
    return f"{at}, {held.interval.minutes} minutes. The time is held for both."


def _invite(each: Sent, view: View) -> Invite:
    person = view.observer if each.side == "a" else view.host
    what = "The shift" if each.kind == SHIFT else "The talk"
    version = f", version {each.sequence + 1}" if each.sequence else ""
    return Invite(
        chip=Chip(person.name or YOUR_HOST, person.words, initials(person.name), each.side),
        what=f"{what}, {STATUS[each.status]}{version}",
        pill=DELIVERED.get(each.delivery, DROPPED),
    )


def _lack(each: Missing, view: View) -> Lack:
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
    return Lack("warn", each.label, f"{_ran_out(each)}{meta}{help_text}")


def _ran_out(each: Missing) -> str:
    if each.valid_to is None:
        return ""
    verb = "Ran out" if each.reason is Reason.EXPIRED else "Runs out before the shift ends, on"
    return f"{verb} {day_of(each.valid_to, today=today())}. "


def _others(view: View) -> tuple[Shown, ...]:
    """Offer up to three other times to a visitor whose shift does not take place (B5, B10)."""
    who = actor()
    slot_id = view.shift.slot_id
    if view.part is not By.OBSERVER or view.face not in ENDED or slot_id is None:
        return ()
    if not may(who, Action.SLOT_FIND):
        return ()
    try:
        cards = choosing.alternatives(work(), who, slot_id=slot_id)
    except NotFound:
        return ()
    return tuple(
        shown(
            each,
            main_site=view.unit.site_name if view.unit else "",
            dated=day_short(each.starts_at, each.zone, today=today()),
        )
        for each in cards
    )
