"""One shift, as each part in it may see it: what is next, facts, invites, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.adapters.plain_time import (
    clock_change,
    day_long,
    day_short,
    time_range,
    zone_line,
)
from shadowing.domain.bookings.invitations import CANCELLED
from shadowing.domain.bookings.joining import link
from shadowing.domain.bookings.passes import GOOD_IN
from shadowing.domain.bookings.states import By, State
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, may
from shadowing.domain.ways import REMOTE
from shadowing.services import calendar
from shadowing.services.bookings import choosing, looking
from shadowing.services.bookings import today as of_day
from shadowing.services.bookings.looking import PAIR, View
from shadowing.web.find.words import Shown, shown
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, ground, needs, now, today, work, zone
from shadowing.web.shifts.changed import waits
from shadowing.web.shifts.details import ENDED, GOES, Sign, day_url, facts, invite, lack, talk
from shadowing.web.shifts.forms import (
    CheckInForm,
    EndForm,
    JoinForm,
    SettleForm,
    TimesForm,
    WaiveForm,
)
from shadowing.web.shifts.nexts import next_up, open_item
from shadowing.web.shifts.story import timeline
from shadowing.web.shifts.ticks import limit_words
from shadowing.web.shifts.today import told
from shadowing.web.shifts.words import away, chip, pill, promises, short

bp = Blueprint("shifts", __name__)

FORMS: Final[Mapping[str, type[HouseForm]]] = {
    "check_in": CheckInForm,
    "join_at": JoinForm,
    "end": EndForm,
    "times": TimesForm,
    "settle": SettleForm,
    "waive": WaiveForm,
}
CARD_FACES: Final = GOES - {State.REQUESTED}
ANSWERS: Final = {
    (By.HOST, "yes"): "accept",
    (By.HOST, "no"): "decline",
    (By.UNIT, "yes"): "approve",
    (By.UNIT, "no"): "decline",
}
BACK: Final = {
    Role.OBSERVER: ("My shifts", "/shifts/mine"),
    Role.HOST: ("Requests", "/requests"),
    Role.COORDINATOR: ("Shifts", "/requests"),
}


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


def page(shift_id: UUID, **sent: HouseForm) -> ResponseReturnValue:
    """Show a shift, with a form that was sent and has to be mended."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    day = of_day.read(work(), actor(), shift_id=shift_id)
    forms = {name: sent.get(name) or _blank(form, view) for name, form in FORMS.items()}
    _worded(forms, view)
    bad = next((form for form in forms.values() if form.errors), None)
    words = render_template(
        "shifts/show.html",
        **_told(view),
        day=day,
        today=told(view, day, now=now()),
        forms_sent=forms,
        bad=bad,
        errors=bad.errors if bad else {},
        early=view.shift.ends_at - now() > view.timing.early_end,
    )
    return words, HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK


def _blank(form: type[HouseForm], view: View) -> HouseForm:
    """Give a form to fill in; times begin with those that stand, or with the plan."""
    if form is JoinForm:
        return JoinForm(formdata=None, data={"join_at": view.shift.join_at})
    if form is not TimesForm:
        return form(formdata=None)
    shift, place = view.shift, ZoneInfo(view.zone)
    came, left = shift.checked_in_at or shift.starts_at, shift.checked_out_at or shift.ends_at
    times = {"came": came.astimezone(place).time(), "left": left.astimezone(place).time()}
    return TimesForm(formdata=None, data=times)


def _worded(forms: Mapping[str, HouseForm], view: View) -> None:
    if view.part is not By.OBSERVER:
        asked = f"I asked, and {short(view.observer)} is well today"
        forms["check_in"]["well"].label.text = asked
    codes = reference.load().lists["end_codes"]
    forms["end"]["code"].choices = [(code, str(row["label"])) for code, row in codes.items()]


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
        "facts": facts(view),
        "record": promises(view.record) if view.record else None,
        "timeline": timeline(view, now=now()),
        "invites": tuple(invite(each, view) for each in view.sent),
        "lacks": tuple(lack(each, view) for each in view.missing),
        "ready": _prepares(view) and not view.missing,
        "card": reference.load().card if _prepares(view) else None,
        "talk": talk(view),
        "day_url": day_url(view),
        "limits": tuple(limit_words(each) for each in view.limits),
        "others": _others(view),
        "planned": shift.interval.minutes,
        "when": away(shift.starts_at, now=now(), zone=view.zone),
        "own_time": _own_time(view),
        "clock_change": clock_change(shift.local_date, view.zone),
        "file": _file(view),
        "has_pass": view.face in GOOD_IN and shift.ends_at > now() and shift.kind != REMOTE,
        "says_where": _says_where(view),
        "join": link(shift.join_at) if shift.join_at and shift.ends_at > now() else "",
        "way_on": _way_on(view),
        "changes": tuple(waits(each) for each in view.changes),
        "back": BACK.get(actor().role, BACK[Role.HOST]),
    }


def _says_where(view: View) -> bool:
    """Say whether this host took a remote shift over, and so says where it is joined (B12)."""
    shift = view.shift
    took_over = view.part is By.HOST and shift.swapped_at is not None and view.face in GOES
    return took_over and shift.kind == REMOTE and view.face != State.CHECKED_IN


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
