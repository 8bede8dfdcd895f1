"""What the OpenAPI document is made of: shapes that are named once, and ways to speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shadowing.domain.allowances import Kind
from shadowing.domain.people import PersonKind, Role
from shadowing.domain.roster import LEVELS

Schema = dict[str, Any]

INSTANT: Final = {"type": "string", "format": "date-time", "description": "UTC"}
ID: Final = {"type": "string", "format": "uuid"}
TEXT: Final = {"type": "string"}
UNIT: Final = {
    "type": ["object", "null"],
    "properties": {"id": ID, "name": TEXT},
    "required": ["id", "name"],
}
COHORT_DAY: Final = {
    "type": "object",
    "description": "The day whose joint debrief it is; left out where the two talk on their own.",
    "properties": {"id": ID, "name": TEXT, "room": TEXT},
    "required": ["id", "name", "room"],
}

HOST: Final = {
    "type": ["object", "null"],
    "description": "Null while the slot is blind and not confirmed.",
    "properties": {"name": TEXT, "role": TEXT},
    "required": ["name", "role"],
}
KIND: Final = {
    "enum": ["in_person", "remote", "reverse"],
    "description": "Beside a host, by video or phone; reverse is a meeting, for clinicians.",
}
TIMES: Final = {"starts_at": INSTANT, "ends_at": INSTANT, "zone": TEXT}
NUMBER: Final = {"type": "integer", "minimum": 0}
TALLIED: Final = ("total", "done", "in_time", "late", "declined")
MAYBE: Final = {"type": ["string", "null"]}
PERSON: Final[Schema] = {
    "name": {"type": "string", "minLength": 1, "maxLength": 120},
    "roles": {
        "type": "array",
        "items": {"enum": [role.value for role in Role]},
        "minItems": 1,
    },
    "email": {**MAYBE, "maxLength": 254},
    "title": {**MAYBE, "maxLength": 120},
    "credentials": {**MAYBE, "maxLength": 40},
    "kind": {"enum": [kind.value for kind in PersonKind]},
    "level": {"enum": list(LEVELS)},
    "portfolio": {**MAYBE, "description": "A code of an area of decisions."},
    "phone": {**MAYBE, "maxLength": 40},
    "unit": {**MAYBE, "description": "The code of the unit a host works on."},
    "host_role": {**MAYBE, "description": "The code of what a host does there."},
    "manager": {**MAYBE, "description": "External id or address of their manager; or `unknown`."},
    "active": {"type": "boolean", "description": "False ends their access and what is ahead."},
}

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
            "errors": {
                "type": "array",
                "description": "Every fault, where several were found at once.",
                "items": {
                    "type": "object",
                    "properties": {"field": TEXT, "code": TEXT, "detail": TEXT},
                    "required": ["field", "code", "detail"],
                },
            },
        },
        "required": ["type", "title", "status", "code", "detail"],
    },
    "Slot": {
        "type": "object",
        "properties": {
            "id": ID,
            **TIMES,
            "unit": UNIT,
            "what": {"type": "string", "description": "What a meeting is called."},
            "host": HOST,
            "role": TEXT,
            "band": TEXT,
            "kind": KIND,
            "mode": TEXT,
            "bookable": {"type": "boolean"},
            "reasons": {"type": "array", "items": TEXT, "description": "Codes; empty = bookable."},
            "warnings": {
                "type": "array",
                "items": TEXT,
                "description": "Codes; none refuses.",
            },
        },
        "required": ["id", "starts_at", "ends_at", "zone", "unit", "kind", "bookable", "reasons"],
    },
    "Shift": {
        "type": "object",
        "properties": {
            "id": ID,
            "state": {"type": "string", "description": "As the caller may know it."},
            "slot": {"type": ["string", "null"], "format": "uuid"},
            "kind": KIND,
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
            "undo_until": {
                **INSTANT,
                "description": "Until then nobody is told, and it can be undone.",
            },
            "debrief": {
                "type": "object",
                "properties": {
                    "starts_at": INSTANT,
                    "ends_at": INSTANT,
                    "state": TEXT,
                    "cohort_day": COHORT_DAY,
                },
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
    "OtherHours": {
        "type": "object",
        "description": "Hours that the host offers instead; the host's yes is given with them.",
        "properties": {
            "id": ID,
            "starts_at": INSTANT,
            "ends_at": INSTANT,
            "answer_by": INSTANT,
            "reasons": {
                "type": "array",
                "items": TEXT,
                "description": "Codes; empty = can be had.",
            },
        },
        "required": ["id", "starts_at", "ends_at", "answer_by", "reasons"],
    },
    "Window": {
        "type": "object",
        "description": "Wall clock of the site, like 07:30.",
        "properties": {"start": TEXT, "end": TEXT},
        "required": ["start", "end"],
    },
    "Span": {
        "type": "object",
        "properties": {"starts_at": INSTANT, "ends_at": INSTANT},
        "required": ["starts_at", "ends_at"],
    },
    "Exception": {
        "type": "object",
        "properties": {
            "id": ID,
            "kind": {"enum": [kind.value for kind in Kind]},
            "person": TEXT,
            "host": MAYBE,
            "cycle": MAYBE,
            "day": {**MAYBE, "format": "date"},
            "until": {**MAYBE, "format": "date"},
            "reason": TEXT,
            "given_by": TEXT,
            "given_at": INSTANT,
        },
        "required": ["id", "kind", "person", "reason", "given_by", "given_at"],
    },
    "Commitment": {
        "type": "object",
        "description": "A promise; `shift` for its owner and its host alone.",
        "properties": {
            "id": ID,
            "shift": ID,
            "owner": {
                "type": "object",
                "properties": {"name": TEXT, "title": TEXT},
                "required": ["name", "title"],
            },
            "unit": TEXT,
            "saw": TEXT,
            "action": TEXT,
            "kind": TEXT,
            "team": MAYBE,
            "state": TEXT,
            "due": {"type": "string", "format": "date"},
            "first_due": {"type": "string", "format": "date"},
            "days_late": {"type": "integer", "minimum": 0},
            "changed_at": INSTANT,
            "moves": {"type": "array", "items": TEXT},
        },
        "required": ["id", "owner", "unit", "action", "state", "due", "days_late", "moves"],
    },
    "Tally": {
        "type": "object",
        "properties": dict.fromkeys(TALLIED, NUMBER),
        "required": list(TALLIED),
    },
    "Line": {
        "type": "object",
        "properties": {
            "id": ID,
            "state": TEXT,
            "part": TEXT,
            "kind": KIND,
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
    "Person": {
        "type": "object",
        "properties": {
            "id": ID,
            "external_id": {"type": ["string", "null"], "maxLength": 80},
            **PERSON,
        },
        "required": ["id", "external_id", *PERSON],
    },
    "PutPerson": {
        "type": "object",
        "description": "What is left out stays as it is; null or an empty text empties it.",
        "properties": PERSON,
        "required": ["name", "roles"],
        "additionalProperties": False,
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
SHIFT_ID: Final = {"name": "id", "in": "path", "required": True, "schema": ID}
BAD_BODY: Final = (400, 415, 422)


def named(name: str) -> Schema:
    """Name a shape that the document describes."""
    return {"$ref": f"#/components/schemas/{name}"}


def paged(what: str, name: str) -> Schema:
    """Give a page of a list: what is in it, of which shape, and where the next begins."""
    return {
        "type": "object",
        "properties": {
            what: {"type": "array", "items": named(name)},
            "next": {"type": ["string", "null"]},
        },
        "required": [what, "next"],
    }


def answered(schema: Schema, words: str) -> Schema:
    """Say that something is answered, and in which shape."""
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def problems(*statuses: int) -> Schema:
    """Say with which statuses a call may be refused."""
    shape = {"application/problem+json": {"schema": named("Problem")}}
    return {str(status): {"description": "A problem", "content": shape} for status in statuses}


def sent(schema: Schema) -> Schema:
    """Say what is sent."""
    return {"content": {"application/json": {"schema": schema}}}


def asked(name: str, schema: Schema) -> Schema:
    """Describe one part of a query."""
    return {"name": name, "in": "query", "schema": schema}


def move_call(words: str, *, body: Schema | None = None) -> Schema:
    """Describe a call that moves a shift and answers with it."""
    told: Schema = {
        "summary": words,
        "parameters": [SHIFT_ID],
        "responses": {
            "200": answered(named("Shift"), "The shift as it is now"),
            **problems(401, 404, 409, *(BAD_BODY if body else ())),
        },
    }
    if body:
        told["requestBody"] = {"required": bool(body.get("required")), **sent(body)}
    return {"post": told}


def answer_call(words: str, *, body: Schema | None = None) -> Schema:
    """Describe a call that answers a change and says what became of it."""
    told = move_call(words, body=body)
    told["post"]["responses"]["200"] = answered(named("Change"), "What became of it")
    return told


def look_call(words: str, fields: Mapping[str, Schema], *, needed: Iterable[str]) -> Schema:
    """Describe a call that reads something about a shift and changes nothing."""
    shape = {"type": "object", "properties": dict(fields), "required": list(needed)}
    return {
        "get": {
            "summary": words,
            "parameters": [SHIFT_ID],
            "responses": {"200": answered(shape, "How it stands"), **problems(401, 404, 409)},
        }
    }


def one_of(name: str, schema: Schema) -> Schema:
    """Describe a body of one field."""
    return {
        "type": "object",
        "properties": {name: schema},
        "required": [name],
        "additionalProperties": False,
    }
