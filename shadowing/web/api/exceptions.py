"""A coordinator's exceptions over the API, each with its reason: listed, given, ended."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from shadowing.domain.allowances import Kind
from shadowing.domain.errors import BadValue
from shadowing.domain.policy import Action
from shadowing.services import allowances
from shadowing.services.allowances import Given, Wanted
from shadowing.web.api import answers, reading
from shadowing.web.session import actor, needs, work

bp = Blueprint("api_exceptions", __name__, url_prefix="/api/v1")


@bp.get("/exceptions")
@needs(Action.ALLOWANCE_GIVE)
def standing() -> Response:
    """List the exceptions that stand, the latest first."""
    return _standing(HTTPStatus.OK)


@bp.post("/exceptions")
@needs(Action.ALLOWANCE_GIVE)
def give() -> Response:
    """Allow one person one thing, with a reason."""
    body = reading.body("kind", "person", "host", "day", "until", "reason")
    kind = reading.text(body, "kind")
    if kind not in {each.value for each in Kind}:
        raise BadValue(field="kind", problem="unknown_choice")
    wanted = Wanted(
        kind=Kind(kind),
        person=reading.text(body, "person"),
        host=reading.text(body, "host"),
        day=reading.day(body, "day"),
        until=reading.day(body, "until"),
        reason=reading.text(body, "reason"),
    )
    allowances.give(work(), actor(), wanted)
    return _standing(HTTPStatus.CREATED)


@bp.post("/exceptions/<uuid:allowance_id>/end")
@needs(Action.ALLOWANCE_GIVE)
def end(allowance_id: UUID) -> Response:
    """End one before its time."""
    allowances.end(work(), actor(), allowance_id=allowance_id)
    return _standing(HTTPStatus.OK)


def _standing(status: HTTPStatus) -> Response:
    found = allowances.listed(work(), actor())
    return answers.respond(status, {"exceptions": [_exception(each) for each in found]})


def _exception(each: Given) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "kind": each.kind.value,
        "person": each.person,
        "host": each.host or None,
        "cycle": each.cycle or None,
        "day": _day(each.local_date),
        "until": _day(each.ends_on),
        "reason": each.reason,
        "given_by": each.given_by,
        "given_at": answers.plain(each.given_at),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
