"""The API: the same services, rules and permissions as the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, request

from shadowing.domain.bookings.states import By
from shadowing.domain.errors import BadValue
from shadowing.domain.policy import REVERSE, Action
from shadowing.services import participation
from shadowing.services.bookings import (
    answering,
    day,
    leaving,
    listing,
    looking,
    offers,
    once,
    open_meetings,
    requesting,
    undoing,
)
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.offers import Listing
from shadowing.web.api import answers, reading
from shadowing.web.api.document import DOCUMENT
from shadowing.web.session import actor, needs, public, work
from shadowing.web.shifts.said import Standing

bp = Blueprint("api", __name__, url_prefix="/api/v1")
LONGEST_KEY = 120

Move = Callable[..., Standing]


@bp.get("/openapi.json")
@public
def describe() -> Response:
    """Give the OpenAPI document."""
    return answers.respond(HTTPStatus.OK, DOCUMENT)


@bp.get("/slots")
@needs(Action.SLOT_FIND, Action.MEETING_FIND)
def slots() -> Response:
    """List open slots by start, each with why it cannot be booked, if it cannot."""
    asked = request.args
    wanted = Listing(
        first=reading.day(asked, "from"),
        until=reading.day(asked, "to"),
        unit_ids=(reading.identity(asked, "unit"),) if asked.get("unit") else (),
        roles=reading.words(asked, "role"),
        bands=reading.words(asked, "band"),
        kinds=reading.words(asked, "kind"),
        limit=reading.count(asked, "limit", most=offers.MOST, plain=offers.PAGE),
        cursor=reading.text(asked, "cursor"),
    )
    if wanted.kinds == (REVERSE,):
        met = open_meetings.page(work(), actor(), wanted)
        said, following = [answers.meeting(card) for card in met.cards], met.next_cursor
    else:
        page = offers.slots_page(work(), actor(), wanted)
        said, following = [answers.slot(card) for card in page.cards], page.next_cursor
    return answers.respond(HTTPStatus.OK, {"slots": said, "next": following or None})


@bp.post("/shifts")
@needs(Action.SHIFT_REQUEST, Action.MEETING_ASK)
def ask() -> Response:
    """Ask for a slot; with an ``Idempotency-Key`` a repeat is given the first answer."""
    body = reading.body("slot", "goal", "access_needs")
    wanted = Ask(
        slot_id=reading.identity(body, "slot"),
        goal=reading.text(body, "goal"),
        access_needs=reading.text(body, "access_needs"),
    )
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        shift = requesting.request(work(), actor(), wanted)
        return answers.respond(*answers.said(_view(shift.id)))
    if len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise BadValue(field="Idempotency-Key", problem="bad_key")
    digest = hashlib.sha256(request.get_data()).hexdigest()
    told = once.request(work(), actor(), wanted, key=key, digest=digest, say=answers.said)
    return answers.respond(*told)


@bp.get("/shifts")
@needs(Action.SHIFT_SEE)
def own() -> Response:
    """List one's own shifts, as observer and as host."""
    lines = [answers.line(each) for each in listing.mine(work(), actor())]
    return answers.respond(HTTPStatus.OK, {"shifts": lines})


@bp.get("/shifts/<uuid:shift_id>")
@needs(Action.SHIFT_SEE)
def show(shift_id: UUID) -> Response:
    """Give one shift, as the caller may see it."""
    return answers.respond(HTTPStatus.OK, answers.shift(_view(shift_id)))


def _moved(move: Move, shift_id: UUID, **given: object) -> Response:
    moved = move(work(), actor(), shift_id=shift_id, **given)
    told = answers.shift(_view(moved.id))
    if moved.undo_until:
        told["undo_until"] = answers.plain(moved.undo_until)
    return answers.respond(HTTPStatus.OK, told)


@bp.post("/shifts/<uuid:shift_id>/accept")
@needs(Action.SHIFT_ACCEPT)
def accept(shift_id: UUID) -> Response:
    """Say yes, as the host."""
    return _moved(answering.accept, shift_id)


@bp.post("/shifts/<uuid:shift_id>/decline")
@needs(Action.SHIFT_DECLINE)
def decline(shift_id: UUID) -> Response:
    """Say not this time, as host, unit or coordinator."""
    return _moved(leaving.decline, shift_id)


@bp.post("/shifts/<uuid:shift_id>/approve")
@needs(Action.SHIFT_APPROVE)
def approve(shift_id: UUID) -> Response:
    """Say yes, as the unit."""
    return _moved(answering.approve, shift_id)


@bp.post("/shifts/<uuid:shift_id>/confirm")
@needs(Action.SHIFT_CONFIRM)
def confirm(shift_id: UUID) -> Response:
    """Confirm after a last look, as the coordinator."""
    return _moved(answering.confirm, shift_id)


@bp.post("/shifts/<uuid:shift_id>/withdraw")
@needs(Action.SHIFT_MOVE)
def withdraw(shift_id: UUID) -> Response:
    """Take a request back, as the observer."""
    return _moved(leaving.withdraw, shift_id)


@bp.post("/shifts/<uuid:shift_id>/cancel")
@needs(Action.SHIFT_CANCEL)
def cancel(shift_id: UUID) -> Response:
    """Cancel, in whatever part the caller has; a visitor may name another time and leave a note.

    With another time the answer is the new request, asked for in the same step (B10).
    """
    if _view(shift_id).part is not By.OBSERVER:
        if request.get_data():
            reading.body()
        return _moved(answering.cancel, shift_id)
    body = reading.body("instead", "note") if request.get_data() else {}
    note = reading.text(body, "note")
    if "instead" not in body:
        return _moved(leaving.cancel, shift_id, note=note)
    slot_id = reading.identity(body, "instead")
    return _moved(leaving.rebook, shift_id, slot_id=slot_id, note=note)


@bp.post("/shifts/<uuid:shift_id>/undo")
@needs(Action.SHIFT_SEE)
def undo(shift_id: UUID) -> Response:
    """Put a shift back where it was, within minutes of a way out."""
    return _moved(undoing.undo, shift_id)


@bp.post("/shifts/<uuid:shift_id>/check-in")
@needs(Action.SHIFT_CHECK_IN)
def check_in(shift_id: UUID) -> Response:
    """Say that the observer is here, and well."""
    body = reading.body("well", "id_seen")
    well, seen = "yes" if body.get("well") is True else "", body.get("id_seen") is True
    day.check_in(work(), actor(), shift_id=shift_id, well=well, id_seen=seen)
    return answers.respond(HTTPStatus.OK, answers.shift(_view(shift_id)))


@bp.post("/shifts/<uuid:shift_id>/check-out")
@needs(Action.SHIFT_CHECK_OUT)
def check_out(shift_id: UUID) -> Response:
    """Say that the visit is over; why it ended early may be told in a body, if there is one."""
    code = reading.text(reading.body("code"), "code") if request.get_data() else ""
    return _moved(day.check_out, shift_id, code=code)


def _view(shift_id: UUID) -> looking.View:
    return looking.show(work(), actor(), shift_id=shift_id)


@bp.get("/participation")
@needs(Action.PARTICIPATION_SEE)
def participated() -> Response:
    """List who took part, for HR; of one cycle where ``cycle`` names it."""
    asked = {"cycle": reading.text(request.args, "cycle")}
    found = participation.records(work(), actor(), raw=asked)
    records = [answers.record(each) for each in found]
    return answers.respond(HTTPStatus.OK, {"records": records})
