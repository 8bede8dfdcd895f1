"""The OpenAPI 3.1 document of the API, written once beside the calls it describes."""

from __future__ import annotations

from typing import Any, Final

from shadowing import __version__
from shadowing.domain.bookings.day import EndCode

Schema = dict[str, Any]

INSTANT: Final = {"type": "string", "format": "date-time", "description": "UTC"}
ID: Final = {"type": "string", "format": "uuid"}
TEXT: Final = {"type": "string"}
UNIT: Final = {
    "type": ["object", "null"],
    "properties": {"id": ID, "name": TEXT},
    "required": ["id", "name"],
}
HOST: Final = {
    "type": ["object", "null"],
    "description": "Null while the slot is blind and not confirmed.",
    "properties": {"name": TEXT, "role": TEXT},
    "required": ["name", "role"],
}
TIMES: Final = {"starts_at": INSTANT, "ends_at": INSTANT, "zone": TEXT}

SCHEMAS: Final[Schema] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457; `code` is stable.",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "code": TEXT,
            "detail": TEXT,
            "field": TEXT,
        },
        "required": ["type", "title", "status", "code", "detail"],
    },
    "Slot": {
        "type": "object",
        "properties": {
            "id": ID,
            **TIMES,
            "unit": UNIT,
            "host": HOST,
            "role": TEXT,
            "band": TEXT,
            "mode": TEXT,
            "bookable": {"type": "boolean"},
            "reasons": {"type": "array", "items": TEXT, "description": "Codes; empty = bookable."},
            "warnings": {
                "type": "array",
                "items": TEXT,
                "description": "Codes; none refuses.",
            },
        },
        "required": ["id", "starts_at", "ends_at", "zone", "unit", "bookable", "reasons"],
    },
    "Shift": {
        "type": "object",
        "properties": {
            "id": ID,
            "state": {"type": "string", "description": "As the caller may know it."},
            "slot": {"type": ["string", "null"], "format": "uuid"},
            **TIMES,
            "unit": UNIT,
            "host": HOST,
            "observer": {
                "type": "object",
                "properties": {"name": TEXT, "title": TEXT},
                "required": ["name", "title"],
            },
            "goal": TEXT,
            "moves": {"type": "array", "items": TEXT},
            "changes": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}},
            "debrief": {
                "type": "object",
                "properties": {"starts_at": INSTANT, "ends_at": INSTANT, "state": TEXT},
                "required": ["starts_at", "ends_at", "state"],
            },
        },
        "required": ["id", "state", "starts_at", "ends_at", "zone", "unit", "observer", "moves"],
    },
    "Change": {
        "type": "object",
        "description": "Another time, host or hours that somebody has to say yes to.",
        "properties": {
            "shift": ID,
            "kind": {"type": "string", "enum": ["move", "swap", "hours"]},
            "state": {
                "type": "string",
                "enum": ["open", "done", "declined", "withdrawn", "lapsed"],
            },
            **TIMES,
            "unit": TEXT,
            "host": HOST,
            "waits_for": TEXT,
            "answer_by": INSTANT,
            "moves": {"type": "array", "items": TEXT},
        },
        "required": ["shift", "kind", "state", "starts_at", "ends_at", "answer_by", "moves"],
    },
    "Line": {
        "type": "object",
        "properties": {
            "id": ID,
            "state": TEXT,
            "part": TEXT,
            **TIMES,
            "unit": TEXT,
            "with": {"type": ["string", "null"]},
        },
        "required": ["id", "state", "part", "starts_at", "ends_at", "zone", "unit", "with"],
    },
    "Record": {
        "type": "object",
        "properties": {
            "person": TEXT,
            "part": {"type": "string", "enum": ["observer", "host"]},
            "date": {"type": "string", "format": "date"},
            "minutes": {"type": "integer", "minimum": 0},
            "counts": {"type": "boolean"},
            "unit": TEXT,
            "role": TEXT,
            "band": TEXT,
            "cycle": {"type": ["string", "null"]},
        },
        "required": ["person", "part", "date", "minutes", "counts", "unit", "role", "band"],
    },
    "Ask": {
        "type": "object",
        "properties": {
            "slot": ID,
            "goal": {"type": "string", "minLength": 1, "maxLength": 200},
            "access_needs": {"type": "string", "maxLength": 200},
        },
        "required": ["slot", "goal"],
        "additionalProperties": False,
    },
}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema, words: str) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _problems(*statuses: int) -> Schema:
    shape = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": "A problem", "content": shape} for status in statuses}


SHIFT_ID: Final = {"name": "id", "in": "path", "required": True, "schema": ID}
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
MOVE_TO: Final = {
    "type": "object",
    "properties": {"slot": ID, "note": {"type": "string", "maxLength": 200}},
    "required": ["slot"],
    "additionalProperties": False,
}
BAD_BODY: Final = (400, 415, 422)


def _move(words: str, *, body: Schema | None = None) -> Schema:
    told: Schema = {
        "summary": words,
        "parameters": [SHIFT_ID],
        "responses": {
            "200": _json(_ref("Shift"), "The shift as it is now"),
            **_problems(401, 404, 409, *(BAD_BODY if body else ())),
        },
    }
    if body:
        told["requestBody"] = {"required": bool(body.get("required")), **_body(body)}
    return {"post": told}


def _answer(words: str) -> Schema:
    return {
        "post": {
            "summary": words,
            "parameters": [SHIFT_ID],
            "responses": {
                "200": _json(_ref("Change"), "What became of it"),
                **_problems(401, 404, 409),
            },
        }
    }


def _body(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "schema": schema}


DAY: Final = {"type": "string", "format": "date", "description": "Local day of the site"}
LIST_SLOTS: Final = {
    "summary": "Open slots, each with why it cannot be booked, if it cannot",
    "parameters": [
        _query("from", DAY),
        _query("to", DAY),
        _query("unit", ID),
        _query("role", TEXT),
        _query("band", TEXT),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
        _query("cursor", TEXT),
    ],
    "responses": {
        "200": _json(
            {
                "type": "object",
                "properties": {
                    "slots": {"type": "array", "items": _ref("Slot")},
                    "next": {"type": ["string", "null"]},
                },
                "required": ["slots", "next"],
            },
            "A page of slots by start",
        ),
        **_problems(401, 404, 422),
    },
}
LIST_SHIFTS: Final = {
    "summary": "Own shifts, as observer and as host",
    "responses": {
        "200": _json(
            {
                "type": "object",
                "properties": {"shifts": {"type": "array", "items": _ref("Line")}},
                "required": ["shifts"],
            },
            "The latest first",
        ),
        **_problems(401, 404),
    },
}
ASK: Final = {
    "summary": "Ask for a slot",
    "parameters": [KEY],
    "requestBody": {"required": True, **_body(_ref("Ask"))},
    "responses": {
        "201": _json(_ref("Shift"), "Asked for, or confirmed at once"),
        **_problems(401, 404, 409, *BAD_BODY),
    },
}
SHOW: Final = {
    "summary": "One shift, as the caller may see it",
    "parameters": [SHIFT_ID],
    "responses": {"200": _json(_ref("Shift"), "The shift"), **_problems(401, 404)},
}

RECORDS: Final = {
    "summary": "Who took part, for HR: records, never content",
    "parameters": [_query("cycle", TEXT)],
    "responses": {
        "200": _json(
            {
                "type": "object",
                "properties": {"records": {"type": "array", "items": _ref("Record")}},
                "required": ["records"],
            },
            "The latest first",
        ),
        **_problems(401, 404, 409, 422),
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
        "/shifts": {"get": LIST_SHIFTS, "post": ASK},
        "/shifts/{id}": {"get": SHOW},
        "/shifts/{id}/accept": _move("The host says yes"),
        "/shifts/{id}/decline": _move("Host, unit or coordinator says not this time"),
        "/shifts/{id}/approve": _move("The unit says yes"),
        "/shifts/{id}/confirm": _move("The coordinator confirms after a last look"),
        "/shifts/{id}/withdraw": _move("The observer takes the request back"),
        "/shifts/{id}/cancel": _move("Cancel, in whatever part the caller has"),
        "/shifts/{id}/move": _move("Move to another slot, or ask for it", body=MOVE_TO),
        "/shifts/{id}/move/accept": _answer("The host of the new time says yes"),
        "/shifts/{id}/move/approve": _answer("The unit of the new time says yes"),
        "/shifts/{id}/move/decline": _answer("No to the new time; the old one stands"),
        "/shifts/{id}/move/withdraw": _answer("The observer takes the move back"),
        "/shifts/{id}/check-in": _move("The observer is here, and well", body=WELL),
        "/shifts/{id}/check-out": _move("The visit is over; a body is optional", body=WHY_EARLY),
    },
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
