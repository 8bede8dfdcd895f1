"""Promises over the API: the board as each may read it, and for HR how many (8.1)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, request

from shadowing.domain.errors import BadValue
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services.followup import board
from shadowing.services.followup.board import PAGE, Promised
from shadowing.web.api import answers, reading
from shadowing.web.session import actor, needs, work

bp = Blueprint("api_commitments", __name__, url_prefix="/api/v1")

OF: Final = ("mine", "unit", "all")
STATES: Final = ("late", "in-time", "done", "declined")
MOST_PAGES: Final = 10_000


@bp.get("/commitments")
@needs(Action.COMMITMENT_SEE, Action.PARTICIPATION_SEE)
def commitments() -> Response:
    """List promises, as the role allows; HR is told how many, and nobody's."""
    if actor().role is Role.HR:
        return answers.respond(HTTPStatus.OK, {"commitments": [], "tally": _tally(_totals())})
    asked = request.args
    number = reading.count(asked, "page", most=MOST_PAGES, plain=1)
    tab, state = _one_of("of", OF) or "all", _one_of("state", STATES)
    shown = board.show(work(), actor(), tab=tab, state=state, number=number)
    more = number * PAGE < shown.matching
    told = {
        "commitments": [_promise(each) for each in shown.promises],
        "tally": _tally(shown.tally),
        "next": number + 1 if more else None,
    }
    return answers.respond(HTTPStatus.OK, told)


def _totals() -> board.Counted:
    return board.totals(work(), actor())


def _one_of(name: str, known: tuple[str, ...]) -> str:
    value = reading.text(request.args, name)
    if value and value not in known:
        raise BadValue(field=name, problem="unknown_choice")
    return value


def _tally(tally: board.Counted) -> dict[str, int]:
    return {
        "total": tally.total,
        "done": tally.done,
        "in_time": tally.in_time,
        "late": tally.late,
        "declined": tally.declined,
    }


def _promise(each: Promised) -> dict[str, Any]:
    """Put one promise into JSON: its owner is named, its host never (F14)."""
    promise = each.shown.promise
    told: dict[str, Any] = {
        "id": str(promise.id),
        "owner": {"name": each.shown.owner_name, "title": each.shown.owner_title},
        "unit": each.shown.unit_name,
        "saw": promise.saw,
        "action": promise.action,
        "kind": promise.kind,
        "team": promise.team or None,
        "state": promise.state,
        "due": promise.due_on.isoformat(),
        "first_due": promise.first_due_on.isoformat(),
        "days_late": each.days_late,
        "changed_at": answers.plain(promise.changed_at),
        "moves": list(each.can),
    }
    if each.part != "reader":
        told["shift"] = str(promise.shift_id)
    return told
