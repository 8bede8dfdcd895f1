"""What the OpenAPI document says of changes: another time, host or hours, talks, exceptions."""

from __future__ import annotations

from typing import Final

from shadowing.domain.allowances import Kind
from shadowing.domain.availability.other_hours import MOST
from shadowing.web.api.shapes import (
    BAD_BODY,
    ID,
    INSTANT,
    TEXT,
    Schema,
    answer_call,
    answered,
    look_call,
    move_call,
    named,
    one_of,
    problems,
    sent,
)

MOVE_TO: Final = {
    "type": "object",
    "properties": {"slot": ID, "note": {"type": "string", "maxLength": 200}},
    "required": ["slot"],
    "additionalProperties": False,
}
COLLEAGUES: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"id": ID, "name": TEXT, "role": TEXT},
        "required": ["id", "name", "role"],
    },
}
SPANS: Final = {"type": "array", "items": named("Span")}
WINDOWS: Final = {"type": "array", "items": named("Window")}
OFFERED: Final = {"type": "array", "items": named("OtherHours")}
DAY: Final = {"type": "string", "format": "date"}
ALLOW: Final = {
    "type": "object",
    "description": "`day` for shorter notice, `host` for a reporting line, `until` for a promise.",
    "properties": {
        "kind": {"enum": [kind.value for kind in Kind]},
        "person": {"type": "string", "format": "email"},
        "host": {"type": "string", "format": "email"},
        "day": DAY,
        "until": DAY,
        "reason": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    "required": ["kind", "person", "reason"],
    "additionalProperties": False,
}
STANDING: Final = answered(
    {
        "type": "object",
        "properties": {"exceptions": {"type": "array", "items": named("Exception")}},
        "required": ["exceptions"],
    },
    "The exceptions that stand, the latest first",
)
EXCEPTION_ID: Final = {"name": "id", "in": "path", "required": True, "schema": ID}

CHANGES: Final[Schema] = {
    "/shifts/{id}/move": move_call("Move to another slot, or ask for it", body=MOVE_TO),
    "/shifts/{id}/move/accept": answer_call("The host of the new time says yes"),
    "/shifts/{id}/move/approve": answer_call("The unit of the new time says yes"),
    "/shifts/{id}/move/decline": answer_call("No to the new time; the old one stands"),
    "/shifts/{id}/move/withdraw": answer_call("The observer takes the move back"),
    "/shifts/{id}/swap": {
        **look_call(
            "Who of the unit could host instead",
            {"colleagues": COLLEAGUES},
            needed=("colleagues",),
        ),
        **answer_call("Host or unit asks a colleague to host", body=one_of("host", ID)),
    },
    "/shifts/{id}/swap/accept": answer_call("The colleague who is asked hosts it"),
    "/shifts/{id}/swap/decline": answer_call("The colleague who is asked says no"),
    "/shifts/{id}/swap/withdraw": answer_call("Host or unit takes the question back"),
    "/shifts/{id}/hours": {
        **look_call(
            "Hours a host could offer, or those a visitor is offered",
            {"offered": OFFERED, "own": named("Window"), "suggestions": WINDOWS},
            needed=("offered",),
        ),
        **move_call(
            "The host offers other hours of the same shift",
            body=one_of("windows", {**WINDOWS, "minItems": 1, "maxItems": MOST}),
        ),
    },
    "/shifts/{id}/hours/choose": move_call("The visitor takes one", body=one_of("hours", ID)),
    "/shifts/{id}/hours/refuse": move_call("The visitor takes none; the first time stands"),
    "/shifts/{id}/debrief": look_call(
        "When the talk is, and times that both have free",
        {"starts_at": INSTANT, "ends_at": INSTANT, "free": SPANS},
        needed=("starts_at", "ends_at", "free"),
    ),
    "/shifts/{id}/debrief/move": move_call(
        "Put the talk to another time", body=one_of("starts_at", INSTANT)
    ),
    "/shifts/{id}/debrief/not-yet": move_call("They have not talked, as the other one said"),
    "/shifts/{id}/debrief/drop": move_call("No talk, where too little was seen"),
    "/exceptions": {
        "get": {
            "summary": "Exceptions that stand, for a coordinator",
            "responses": {"200": STANDING, **problems(401, 404)},
        },
        "post": {
            "summary": "Allow one person one thing, with a reason",
            "requestBody": {"required": True, **sent(ALLOW)},
            "responses": {"201": STANDING, **problems(401, 404, *BAD_BODY)},
        },
    },
    "/exceptions/{id}/end": {
        "post": {
            "summary": "End an exception before its time",
            "parameters": [EXCEPTION_ID],
            "responses": {"200": STANDING, **problems(401, 404)},
        }
    },
}
