"""The OpenAPI 3.1 document of the API, written once beside the calls it describes."""

from __future__ import annotations

from typing import Final

from shadowing import __version__
from shadowing.domain.bookings.day import EndCode
from shadowing.web.api.changes_document import CHANGES
from shadowing.web.api.shapes import (
    BAD_BODY,
    ID,
    KIND,
    SCHEMAS,
    SHIFT_ID,
    TEXT,
    Schema,
    answered,
    asked,
    move_call,
    named,
    paged,
    problems,
    sent,
)

KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key and body is given the first answer; another body is 422.",
    "schema": {"type": "string", "maxLength": 120},
}
WELL: Final = {
    "type": "object",
    "properties": {"well": {"type": "boolean"}, "id_seen": {"type": "boolean"}},
    "required": ["well"],
    "additionalProperties": False,
}
WHY_EARLY: Final = {
    "type": "object",
    "properties": {"code": {"enum": [code.value for code in EndCode]}},
    "additionalProperties": False,
}
INSTEAD: Final = {
    "type": "object",
    "description": "With another slot, that is asked for in the same step and answered.",
    "properties": {"instead": ID, "note": {"type": "string", "maxLength": 200}},
    "additionalProperties": False,
}
DAY: Final = {"type": "string", "format": "date", "description": "Local day of the site"}
LIST_SLOTS: Final = {
    "summary": "Open slots, each with why it cannot be booked, if it cannot",
    "parameters": [
        asked("from", DAY),
        asked("to", DAY),
        asked("unit", ID),
        asked("role", TEXT),
        asked("band", TEXT),
        asked("kind", KIND),
        asked("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
        asked("cursor", TEXT),
    ],
    "responses": {
        "200": answered(paged("slots", "Slot"), "A page of slots by start"),
        **problems(401, 404, 422),
    },
}
LIST_SHIFTS: Final = {
    "summary": "Own shifts, as observer and as host",
    "responses": {
        "200": answered(
            {
                "type": "object",
                "properties": {"shifts": {"type": "array", "items": named("Line")}},
                "required": ["shifts"],
            },
            "The latest first",
        ),
        **problems(401, 404),
    },
}
ASK: Final = {
    "summary": "Ask for a slot",
    "parameters": [KEY],
    "requestBody": {"required": True, **sent(named("Ask"))},
    "responses": {
        "201": answered(named("Shift"), "Asked for, or confirmed at once"),
        **problems(401, 404, 409, *BAD_BODY),
    },
}
SHOW: Final = {
    "summary": "One shift, as the caller may see it",
    "parameters": [SHIFT_ID],
    "responses": {"200": answered(named("Shift"), "The shift"), **problems(401, 404)},
}

RECORDS: Final = {
    "summary": "Who took part, for HR: records, never content",
    "parameters": [asked("cycle", TEXT)],
    "responses": {
        "200": answered(
            {
                "type": "object",
                "properties": {"records": {"type": "array", "items": named("Record")}},
                "required": ["records"],
            },
            "The latest first",
        ),
        **problems(401, 404, 409, 422),
    },
}
LIST_COMMITMENTS: Final = {
    "summary": "Promises, as the role allows; for HR only how many there are",
    "parameters": [
        asked("of", {"enum": ["mine", "unit", "all"]}),
        asked("state", {"enum": ["late", "in-time", "done", "declined"]}),
        asked("page", {"type": "integer", "minimum": 1}),
    ],
    "responses": {
        "200": answered(
            {
                "type": "object",
                "properties": {
                    "commitments": {"type": "array", "items": named("Commitment")},
                    "tally": named("Tally"),
                    "next": {"type": ["integer", "null"], "description": "The next page."},
                },
                "required": ["commitments", "tally"],
            },
            "A page of promises",
        ),
        **problems(401, 404, 422),
    },
}
LIST_PEOPLE: Final = {
    "summary": "The roster of the caller's organization, for a system administrator",
    "parameters": [
        asked("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
        asked("cursor", TEXT),
    ],
    "responses": {
        "200": answered(paged("people", "Person"), "A page of people, those who left included"),
        **problems(401, 404, 422),
    },
}
PUT_PERSON: Final = {
    "summary": "Add somebody, or bring them to what is said; repeated, it changes nothing",
    "parameters": [
        {
            "name": "external_id",
            "in": "path",
            "required": True,
            "description": "By what the other system knows them, for ever.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 80},
        }
    ],
    "requestBody": {"required": True, **sent(named("PutPerson"))},
    "responses": {
        "200": answered(named("Person"), "Known already; this is how they are kept now"),
        "201": answered(named("Person"), "New"),
        **problems(401, 404, *BAD_BODY),
    },
}

DOCUMENT: Final[Schema] = {
    "openapi": "3.1.0",
    "info": {"title": "Shadowing", "version": __version__},
    "servers": [{"url": "/api/v1"}],
    "security": [{"token": []}],
    "paths": {
        "/slots": {"get": LIST_SLOTS},
        "/participation": {"get": RECORDS},
        "/commitments": {"get": LIST_COMMITMENTS},
        "/people": {"get": LIST_PEOPLE},
        "/people/{external_id}": {"put": PUT_PERSON},
        "/shifts": {"get": LIST_SHIFTS, "post": ASK},
        "/shifts/{id}": {"get": SHOW},
        "/shifts/{id}/accept": move_call("The host says yes"),
        "/shifts/{id}/decline": move_call("Host, unit or coordinator says not this time"),
        "/shifts/{id}/approve": move_call("The unit says yes"),
        "/shifts/{id}/confirm": move_call("The coordinator confirms after a last look"),
        "/shifts/{id}/withdraw": move_call("The observer takes the request back"),
        "/shifts/{id}/cancel": move_call(
            "Cancel, in whatever part the caller has; a visitor may send a body", body=INSTEAD
        ),
        "/shifts/{id}/undo": move_call("Undo a way out, within minutes, as whoever took it"),
        **CHANGES,
        "/shifts/{id}/check-in": move_call("The observer is here, and well", body=WELL),
        "/shifts/{id}/check-out": move_call(
            "The visit is over; a body is optional", body=WHY_EARLY
        ),
    },
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
