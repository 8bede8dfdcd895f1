"""The roster over the API: read by page, written one person at a time (roster sync)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, request

from shadowing.domain.errors import BadValue
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.domain.roster_file import Fault, Row
from shadowing.services.availability import horizon, leavers
from shadowing.services.bookings import leavers as shift_leavers
from shadowing.services.people import syncing
from shadowing.web.api import answers, reading
from shadowing.web.people.words import reason
from shadowing.web.session import actor, needs, work

bp = Blueprint("api_people", __name__, url_prefix="/api/v1")

TEXTS: Final = (
    *("name", "email", "title", "credentials", "kind", "level", "portfolio", "phone"),
    *("unit", "host_role", "manager"),
)
"""What is said of a person in plain text; in the file each is a column of the same name."""
MANAGER: Final = "Use the id or the email of somebody who is known already."


@bp.get("/people")
@needs(Action.ROSTER_SEE)
def people() -> Response:
    """List the people of one's organization, those who left included."""
    asked = request.args
    limit = reading.count(asked, "limit", most=syncing.MOST, plain=syncing.PAGE)
    page = syncing.listed(work(), actor(), limit=limit, cursor=reading.text(asked, "cursor"))
    told = {"people": [_person(row) for row in page.rows], "next": page.next_cursor or None}
    return answers.respond(HTTPStatus.OK, told)


@bp.put("/people/<external_id>")
@needs(Action.ROSTER_SYNC)
def put(external_id: str) -> Response:
    """Add somebody, or bring them to what is said; with ``active: false`` their access ends."""
    try:
        done = syncing.put(work(), actor(), _row(external_id))
    except BadValue as fault:
        return answers.respond(*_problem(fault))
    if done.changed and Role.HOST in done.person.roles:
        horizon.renew_host(work(), host_id=done.person.id)
    if not done.person.active:
        shift_leavers.end_due(work())
        leavers.close_due(work())
    status = HTTPStatus.CREATED if done.made else HTTPStatus.OK
    return answers.respond(status, _person(done.person))


def _row(external_id: str) -> Row:
    """Read what was sent as a line of the roster's file; what was not sent is no column of it."""
    body = reading.body(*TEXTS, "roles", "active")
    cells = {"external_id": external_id, "name": "", "roles": _roles(body)}
    for name in TEXTS:
        if name in body:
            text = "" if body[name] is None else reading.text(body, name)
            cells[name] = " ".join(text.split())
    if "active" in body:
        if not isinstance(body["active"], bool):
            raise BadValue(field="active", problem="not_yes_or_no")
        cells["active"] = "yes" if body["active"] else "no"
    return Row(1, cells)


def _roles(body: Mapping[str, Any]) -> str:
    sent = body.get("roles", [])
    known = {role.value for role in Role}
    if not isinstance(sent, list) or not all(
        isinstance(each, str) and each in known for each in sent
    ):
        raise BadValue(field="roles", problem="unknown_role")
    return " ".join(sent)


def _problem(fault: BadValue) -> tuple[int, dict[str, Any]]:
    """Name every fault, the first of them as the problem itself."""
    status, body = answers.problem(fault)
    found = fault.facts.get("faults")
    faults = found if isinstance(found, tuple) else (Fault(1, *_one(fault)),)
    errors = [
        {"field": each.column, "code": each.problem, "detail": _words(each)} for each in faults
    ]
    return status, {**body, "detail": errors[0]["detail"], "errors": errors}


def _one(fault: BadValue) -> tuple[str, str]:
    return str(fault.facts["field"]), str(fault.facts["problem"])


def _words(fault: Fault) -> str:
    return MANAGER if fault.problem == "unknown_manager" else reason(fault)


def _person(row: syncing.Known) -> dict[str, Any]:
    """Put somebody into JSON, in the words in which they are written."""
    return {
        "id": str(row.id),
        "external_id": row.external_id,
        **{name: getattr(row, name) for name in TEXTS},
        "roles": sorted(role.value for role in row.roles),
        "active": row.active,
    }
