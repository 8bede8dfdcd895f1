"""The talk after a shift over the API: when it is, another time, "not yet", none (6.3)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import looking, talking
from shadowing.web.api import answers, reading
from shadowing.web.session import actor, needs, work

bp = Blueprint("api_talks", __name__, url_prefix="/api/v1")


@bp.get("/shifts/<uuid:shift_id>/debrief")
@needs(Action.DEBRIEF_MOVE)
def times(shift_id: UUID) -> Response:
    """Say when the talk is, and three times that both have free."""
    found = talking.times(work(), actor(), shift_id=shift_id)
    told = {**answers.span(found.now), "free": [answers.span(each) for each in found.free]}
    return answers.respond(HTTPStatus.OK, told)


@bp.post("/shifts/<uuid:shift_id>/debrief/move")
@needs(Action.DEBRIEF_MOVE)
def move(shift_id: UUID) -> Response:
    """Put the talk to another time that both have free."""
    start = reading.instant(reading.body("starts_at"), "starts_at")
    try:
        talking.move(work(), actor(), shift_id=shift_id, start=start)
    except NotFound:
        raise
    except Refusal as refusal:
        status, told = answers.problem(refusal)
        return answers.respond(status, told | ({"field": "starts_at"} if "field" in told else {}))
    return _shift(shift_id)


@bp.post("/shifts/<uuid:shift_id>/debrief/not-yet")
@needs(Action.DEBRIEF_MARK)
def not_yet(shift_id: UUID) -> Response:
    """Say that the two have not talked yet, where the other one said so."""
    talking.not_yet(work(), actor(), shift_id=shift_id)
    return _shift(shift_id)


@bp.post("/shifts/<uuid:shift_id>/debrief/drop")
@needs(Action.DEBRIEF_MARK)
def drop(shift_id: UUID) -> Response:
    """Let the talk be where too little was seen; nobody is asked why (F5)."""
    talking.drop(work(), actor(), shift_id=shift_id)
    return _shift(shift_id)


def _shift(shift_id: UUID) -> Response:
    shift = looking.show(work(), actor(), shift_id=shift_id)
    return answers.respond(HTTPStatus.OK, answers.shift(shift))
