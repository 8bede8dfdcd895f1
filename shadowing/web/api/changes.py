"""Changes of a shift over the API: another time, host or hours; asked for, answered, taken back.

Source: docs/rules.md, rules B9, B12 and B13.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import BadValue
from shadowing.domain.policy import Action
from shadowing.services.bookings import changes, looking, moving, other_hours, swapping
from shadowing.services.bookings.other_hours import Window
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
    return _shift(shift_id)


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


@bp.get("/shifts/<uuid:shift_id>/swap")
@needs(Action.SHIFT_SWAP)
def colleagues(shift_id: UUID) -> Response:
    """List who of the unit could host instead."""
    found = swapping.colleagues(work(), actor(), shift_id=shift_id)
    told = [{"id": str(each.id), "name": each.name, "role": each.role} for each in found]
    return answers.respond(HTTPStatus.OK, {"colleagues": told})


@bp.post("/shifts/<uuid:shift_id>/swap")
@needs(Action.SHIFT_SWAP)
def swap(shift_id: UUID) -> Response:
    """Ask a colleague to host instead; nothing changes before they accept."""
    host_id = reading.identity(reading.body("host"), "host")
    swapping.propose(work(), actor(), shift_id=shift_id, host_id=host_id)
    return _changed(shift_id, Kind.SWAP)


@bp.post("/shifts/<uuid:shift_id>/swap/accept")
@needs(Action.SHIFT_ACCEPT)
def accept_swap(shift_id: UUID) -> Response:
    """Host it, as the one who is asked."""
    return _answered(swapping.accept, shift_id, Kind.SWAP)


@bp.post("/shifts/<uuid:shift_id>/swap/decline")
@needs(Action.SHIFT_DECLINE)
def decline_swap(shift_id: UUID) -> Response:
    """Say no, as the one who is asked."""
    return _answered(swapping.decline, shift_id, Kind.SWAP)


@bp.post("/shifts/<uuid:shift_id>/swap/withdraw")
@needs(Action.SHIFT_SWAP)
def withdraw_swap(shift_id: UUID) -> Response:
    """Take the question back, as host or unit."""
    return _answered(swapping.withdraw, shift_id, Kind.SWAP)


@bp.get("/shifts/<uuid:shift_id>/hours")
@needs(Action.SHIFT_ACCEPT, Action.SHIFT_MOVE)
def hours(shift_id: UUID) -> Response:
    """Say which hours a host could offer, or which a visitor is offered."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    if view.part is By.OBSERVER:
        found = other_hours.offered(work(), actor(), shift_id=shift_id)
        mine = [answers.hours(each.proposal, each.reasons) for each in found]
        return answers.respond(HTTPStatus.OK, {"offered": mine})
    desk = other_hours.desk(work(), actor(), shift_id=shift_id)
    told = {
        "offered": [answers.hours(each) for each in desk.offered],
        "own": _window(desk.span),
        "suggestions": [_window(each) for each in desk.suggestions],
    }
    return answers.respond(HTTPStatus.OK, told)


@bp.post("/shifts/<uuid:shift_id>/hours")
@needs(Action.SHIFT_ACCEPT)
def offer_hours(shift_id: UUID) -> Response:
    """Offer one to three other hours, as the host."""
    windows = _windows(reading.body("windows"))
    other_hours.offer(work(), actor(), shift_id=shift_id, windows=windows)
    return _shift(shift_id)


@bp.post("/shifts/<uuid:shift_id>/hours/choose")
@needs(Action.SHIFT_MOVE)
def choose_hours(shift_id: UUID) -> Response:
    """Take one of the hours, as the visitor; the host's yes is given thereby."""
    chosen = reading.identity(reading.body("hours"), "hours")
    other_hours.choose(work(), actor(), shift_id=shift_id, proposal_id=chosen)
    return _shift(shift_id)


@bp.post("/shifts/<uuid:shift_id>/hours/refuse")
@needs(Action.SHIFT_MOVE)
def refuse_hours(shift_id: UUID) -> Response:
    """Take none of the hours; the request for the first time stands."""
    other_hours.refuse(work(), actor(), shift_id=shift_id)
    return _shift(shift_id)


def _window(window: Window) -> dict[str, str]:
    return {"start": window[0], "end": window[1]}


def _windows(body: Mapping[str, Any]) -> list[Window]:
    sent = body.get("windows", [])
    if not isinstance(sent, list) or not all(isinstance(each, dict) for each in sent):
        raise BadValue(field="windows", problem="not_hours")
    return [(reading.text(each, "start"), reading.text(each, "end")) for each in sent]


def _answered(answer: Answer, shift_id: UUID, kind: Kind) -> Response:
    answer(work(), actor(), shift_id=shift_id)
    return _changed(shift_id, kind)


def _changed(shift_id: UUID, kind: Kind) -> Response:
    change = changes.look(work(), actor(), shift_id=shift_id, kind=kind)
    return answers.respond(HTTPStatus.OK, answers.change(change))


def _shift(shift_id: UUID) -> Response:
    shift = looking.show(work(), actor(), shift_id=shift_id)
    return answers.respond(HTTPStatus.OK, answers.shift(shift))
