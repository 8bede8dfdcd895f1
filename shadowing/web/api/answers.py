"""What the API says: things as JSON, refusals as problems (RFC 9457) with a stable code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response
from werkzeug.exceptions import HTTPException

from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.participation import Record
from shadowing.services.bookings import listing, looking, meetings
from shadowing.services.bookings.cards import Card
from shadowing.services.bookings.changes import Change
from shadowing.services.bookings.other_hours import Possible
from shadowing.web.sentences import sentence, status_of

PROBLEM = "application/problem+json"
NOT_TOLD = frozenset({"not_found", "not_allowed", "not_yours", "not_signed_in"})


def plain(value: object) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    """Put a fact into a form JSON has: instants in UTC, ids and codes as text."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def problem(refusal: Refusal) -> tuple[int, dict[str, Any]]:
    """Put a refusal into a problem; what is not for this caller to know has no facts."""
    status = status_of(refusal)
    hidden = refusal.code in NOT_TOLD
    code = "not_found" if status == HTTPStatus.NOT_FOUND else refusal.code
    body = {
        "type": f"urn:shadowing:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": sentence(refusal),
    }
    field = refusal.facts.get("field") or refusal.field
    if field and not hidden:
        body["field"] = field
    return status, body


def http_problem(error: HTTPException) -> tuple[int, dict[str, Any]]:
    """Put an error of the protocol itself into a problem."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR.value
    phrase = HTTPStatus(status).phrase
    return status, {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "code": phrase.lower().replace(" ", "_"),
        "detail": error.description or phrase,
    }


def respond(status: int, body: Mapping[str, Any]) -> Response:
    """Answer with JSON, as a problem where something went wrong."""
    kind = PROBLEM if status >= HTTPStatus.BAD_REQUEST else "application/json"
    answer = Response(json.dumps(body), status=status, content_type=kind)
    answer.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def shift(view: looking.View) -> dict[str, Any]:
    """Put a shift, as one person may see it, into JSON."""
    told: dict[str, Any] = {
        "id": str(view.shift.id),
        "state": view.face,
        "slot": _id(view.shift.slot_id),
        "kind": view.shift.kind,
        "starts_at": plain(view.shift.starts_at),
        "ends_at": plain(view.shift.ends_at),
        "zone": view.zone,
        "unit": {"id": str(view.unit.id), "name": view.unit.name} if view.unit else None,
        "host": {"name": view.host.name, "role": view.host.words} if view.host.name else None,
        "observer": {"name": view.observer.name, "title": view.observer.words},
        "moves": list(view.moves),
        "changes": [change(each) for each in view.changes],
    }
    if view.goal:
        told["goal"] = view.goal
    if view.debrief:
        told["debrief"] = {
            "starts_at": plain(view.debrief.starts_at),
            "ends_at": plain(view.debrief.ends_at),
            "state": view.debrief.state,
        }
        if view.debrief.cohort_day_id:
            name, room = view.joint
            day = {"id": str(view.debrief.cohort_day_id), "name": name, "room": room}
            told["debrief"]["cohort_day"] = day
    return told


def change(each: Change) -> dict[str, Any]:
    """Put a change that waits, or waited, into JSON."""
    return {
        "shift": str(each.shift.id),
        "kind": each.kind.value,
        "state": each.state.value,
        "starts_at": plain(each.starts_at),
        "ends_at": plain(each.ends_at),
        "zone": each.zone,
        "unit": each.unit_name,
        "host": {"name": each.host.name, "role": each.host.words} if each.host.name else None,
        "waits_for": each.waits_for.value,
        "answer_by": plain(each.answer_by),
        "moves": list(each.can),
    }


def hours(each: Possible, reasons: Iterable[Refusal] = ()) -> dict[str, Any]:
    """Put hours that a host offers instead into JSON, with why they cannot be taken."""
    return {
        "id": str(each.id),
        "starts_at": plain(each.starts_at),
        "ends_at": plain(each.ends_at),
        "answer_by": plain(each.answer_by),
        "reasons": [reason.code for reason in reasons],
    }


def span(each: Interval) -> dict[str, str]:
    """Put a stretch of time into JSON."""
    return {"starts_at": plain(each.start), "ends_at": plain(each.end)}


def line(each: listing.Line) -> dict[str, Any]:
    """Put one shift of a list into JSON."""
    return {
        "id": str(each.shift.id),
        "state": each.face,
        "part": each.part.value,
        "kind": each.shift.kind,
        "starts_at": plain(each.shift.starts_at),
        "ends_at": plain(each.shift.ends_at),
        "zone": each.zone,
        "unit": each.unit_name,
        "with": each.other.name or None,
    }


def slot(card: Card) -> dict[str, Any]:
    """Put a slot, as one person may see it, into JSON; a blind slot's host has no name."""
    host = {"name": card.host_name, "role": card.role_label} if card.host_name else None
    return {
        "id": str(card.slot_id),
        "starts_at": plain(card.starts_at),
        "ends_at": plain(card.ends_at),
        "zone": card.zone,
        "unit": {"id": str(card.unit_id), "name": card.unit_name},
        "host": host,
        "role": card.host_role,
        "band": card.band,
        "kind": card.kind,
        "mode": card.mode,
        "bookable": card.bookable,
        "reasons": [reason.code for reason in card.reasons],
        "warnings": list(card.warnings),
    }


def meeting(card: meetings.Card) -> dict[str, Any]:
    """Put a meeting that can be asked for into the shape of a slot; it has a name and no unit."""
    each = card.meeting
    return {
        "id": str(each.id),
        "starts_at": plain(each.starts_at),
        "ends_at": plain(each.ends_at),
        "zone": each.zone,
        "unit": None,
        "what": each.what,
        "host": {"name": each.host_name, "role": each.host_title},
        "band": each.band,
        "kind": "reverse",
        "mode": "ask",
        "bookable": not card.reasons,
        "reasons": [reason.code for reason in card.reasons],
        "warnings": [],
    }


def record(each: Record) -> dict[str, Any]:
    """Put one participation record into JSON: never the other person, never content."""
    return {
        "person": each.person,
        "part": each.part.value,
        "date": each.date.isoformat(),
        "minutes": each.minutes,
        "counts": each.counts,
        "unit": each.unit,
        "role": each.role_kind,
        "band": each.band,
        "cycle": each.cycle or None,
    }


def said(result: looking.View | Refusal) -> tuple[int, dict[str, Any]]:
    """Answer a request for a shift: 201 with it, or the problem."""
    if isinstance(result, Refusal):
        return problem(result)
    return HTTPStatus.CREATED.value, shift(result)


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None
