"""Changes of a shift over the API: another time asked for, answered, taken back (B9)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response

from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.policy import Action
from shadowing.services.bookings import changes, looking, moving
from shadowing.web.api import answers, reading
from shadowing.web.session import actor, needs, work
from shadowing.web.shifts.said import Answer

bp = Blueprint("api_changes", __name__, url_prefix="/api/v1")


@bp.post("/shifts/<uuid:shift_id>/move")
@needs(Action.SHIFT_MOVE)
def move(shift_id: UUID) -> Response:
    """Move to another slot, or ask those whose yes it needs; the answer says which."""
    body = reading.body("slot", "note")
    slot_id, note = reading.identity(body, "slot"), reading.text(body, "note")
    moving.ask(work(), actor(), shift_id=shift_id, slot_id=slot_id, note=note)
    shift = looking.show(work(), actor(), shift_id=shift_id)
    return answers.respond(HTTPStatus.OK, answers.shift(shift))


@bp.post("/shifts/<uuid:shift_id>/move/accept")
@needs(Action.SHIFT_ACCEPT)
def accept_move(shift_id: UUID) -> Response:
    """Say yes to a new time, as its host."""
    return _answered(moving.accept, shift_id, Kind.MOVE)


@bp.post("/shifts/<uuid:shift_id>/move/approve")
@needs(Action.SHIFT_APPROVE)
def approve_move(shift_id: UUID) -> Response:
    """Say yes to a new time, as its unit."""
    return _answered(moving.approve, shift_id, Kind.MOVE)


@bp.post("/shifts/<uuid:shift_id>/move/decline")
@needs(Action.SHIFT_DECLINE)
def decline_move(shift_id: UUID) -> Response:
    """Say no to a new time; the old one stands."""
    return _answered(moving.decline, shift_id, Kind.MOVE)


@bp.post("/shifts/<uuid:shift_id>/move/withdraw")
@needs(Action.SHIFT_MOVE)
def withdraw_move(shift_id: UUID) -> Response:
    """Take a move back; the old time stands."""
    return _answered(moving.withdraw, shift_id, Kind.MOVE)


def _answered(answer: Answer, shift_id: UUID, kind: Kind) -> Response:
    answer(work(), actor(), shift_id=shift_id)
    change = changes.look(work(), actor(), shift_id=shift_id, kind=kind)
    return answers.respond(HTTPStatus.OK, answers.change(change))
