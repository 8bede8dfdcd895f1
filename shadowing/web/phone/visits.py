"""One shift on a phone: answer a request, call it off, check in and out, say that one talked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import moment
from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.joining import link
from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.phone import Purpose
from shadowing.domain.policy import Actor
from shadowing.services.bookings import (
    absence,
    afterwards,
    answering,
    day,
    debriefing,
    looking,
    moving,
    stepping,
    today,
)
from shadowing.services.bookings.looking import View
from shadowing.services.phone import Opened
from shadowing.services.work import Work
from shadowing.web.sentences import sentence
from shadowing.web.session import now, work
from shadowing.web.shifts.said import BETWEEN, SAID
from shadowing.web.shifts.words import chip, pill, promises, short

Do = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Press:
    """One button: what it does, what stands on it, how it looks."""

    do: str
    text: str
    kind: str = ""


def _check_in(work: Work, actor: Actor, *, shift_id: UUID) -> object:
    well = "yes" if request.form.get("well") else ""
    return day.check_in(work, actor, shift_id=shift_id, well=well)


DOES: Final[Mapping[str, Do]] = {
    "accept": answering.accept,
    "decline": answering.decline,
    "cancel": answering.cancel,
    "check-in": _check_in,
    "check-out": day.check_out,
    "mark-held": debriefing.mark_held,
    "pause": stepping.pause,
    "resume": stepping.resume,
    "asked-yes": partial(stepping.asked_each, each="yes"),
    "asked-no": partial(stepping.asked_each, each="no"),
    "preferred-not": partial(stepping.preferred_not, more=1),
    "no-show": absence.did_not_come,
    "happened-yes": partial(afterwards.say, happened=True),
    "happened-no": partial(afterwards.say, happened=False),
    "accept-move": moving.accept,
    "decline-move": moving.decline,
}
PRESSES: Final[Mapping[Purpose, tuple[Press, ...]]] = {
    Purpose.ANSWER: (
        Press("accept", "Yes"),
        Press("decline", "Not this time", "2"),
        Press("accept-move", "Yes, move it"),
        Press("decline-move", "Leave it where it is", "2"),
    ),
    Purpose.SHIFT: (Press("cancel", "Call it off", "bad"),),
    Purpose.DAY: (
        Press("happened-yes", "Yes, it took place"),
        Press("happened-no", "No, it did not", "2"),
        Press("check-in", "Check in"),
        Press("no-show", "The visitor did not come", "2"),
        Press("check-out", "Check out"),
        Press("pause", "Ask the visitor to step out", "2"),
        Press("resume", "The visitor is back in", "2"),
        Press("asked-yes", "Each patient was asked", "2"),
        Press("asked-no", "Not each patient was asked", "2"),
        Press("preferred-not", "One patient preferred not", "2"),
    ),
    Purpose.TALK: (Press("mark-held", "We talked"),),
}
SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {
    "happened": ("happened-yes", "happened-no"),
    "patients": ("asked-yes", "asked-no", "preferred-not"),
}
"""What one answer of the day may be."""
TITLES: Final[Mapping[Purpose, str]] = {
    Purpose.ANSWER: "Can {visitor} join you?",
    Purpose.SHIFT: "{visitor} joins you",
    Purpose.DAY: "The day with {visitor}",
    Purpose.TALK: "Your talk with {visitor}",
}
LINES: Final[Mapping[Purpose, str]] = {
    Purpose.ANSWER: "No need to answer to say no. {visitor} then only sees “not available”.",
    Purpose.SHIFT: "You can call it off at any time. No reason is asked, and it is never counted.",
    Purpose.DAY: "You can stop at any time, and no reason is needed. Whoever taps first counts.",
    Purpose.TALK: "Say so when you two have talked. What was promised can be written down then.",
}
DONE_ALREADY: Final = "Nothing can be done here now. It stands as you see it above."


def page(opened: Opened, token: str) -> ResponseReturnValue:
    """Show the shift of a link and what can be done, or do it."""
    shift_id = opened.shift_id
    if shift_id is None:
        raise NotFound(subject="phone link")
    view = looking.show(work(), opened.actor, shift_id=shift_id)
    presses = _presses(view, opened)
    if request.method == "POST":
        wanted = request.form.get("do", "")
        if wanted in {each.do for each in presses}:
            _do(opened, shift_id, wanted)
        else:
            flash(DONE_ALREADY, "warning")
        return redirect(url_for("phone.link", token=token), 303)
    return _shown(view, opened, token, presses)


def _presses(view: View, opened: Opened) -> tuple[Press, ...]:
    """List the buttons of a purpose that do something now."""
    purpose = opened.purpose
    can = set(view.moves)
    if purpose is Purpose.DAY:
        can |= set(today.read(work(), opened.actor, shift_id=view.shift.id).moves)
        can |= {one for name, ones in SEVERAL.items() if name in can for one in ones}
    for change in view.changes:
        if change.kind is Kind.MOVE:
            can |= {f"{one}-move" for one in change.can}
    return tuple(each for each in PRESSES[purpose] if each.do in can)


def _do(opened: Opened, shift_id: UUID, wanted: str) -> None:
    try:
        moved = DOES[wanted](work(), opened.actor, shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        between = isinstance(refusal, NotAvailable)
        said = BETWEEN if between else sentence(refusal, opened.zone, at=now())
        flash(said, "warning")
    else:
        state = getattr(moved, "state", None)
        flash(SAID.get(state, "Done.") if isinstance(state, State) else "Done.", "success")


def _shown(
    view: View, opened: Opened, token: str, presses: tuple[Press, ...]
) -> ResponseReturnValue:
    visitor = short(view.observer)
    purpose = opened.purpose
    on = now().astimezone(ZoneInfo(view.zone)).date()
    opens = check_in_window(view.shift.starts_at, view.shift.ends_at, settings=view.timing).start
    early = purpose is Purpose.DAY and view.face == State.CONFIRMED and now() < opens
    return render_template(
        "phone/shift.html",
        view=view,
        shift=view.shift,
        token=token,
        purpose=purpose.value,
        title=TITLES[purpose].format(visitor=visitor),
        line=LINES[purpose].format(visitor=visitor),
        pill=pill(view.face, part=view.part),
        observer=chip(view.observer, part=view.part),
        record=promises(view.record) if view.record and purpose is Purpose.ANSWER else None,
        presses=presses,
        moves=[each for each in view.changes if each.kind is Kind.MOVE and each.can],
        opens=moment(opens, view.zone, today=on) if early else "",
        answer_by=moment(view.shift.answer_by, view.zone, today=on),
        asks=any(each.do == "accept" for each in presses),
        well=f"I asked, and {visitor} is well today",
        idle=DONE_ALREADY,
        join=link(view.shift.join_at) if view.shift.join_at else "",
    )
