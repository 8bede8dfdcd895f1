"""Reading what a program sent: a query or a body, each fault named by its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from shadowing.domain.errors import BadValue

FIRST_YEAR = 1990
LAST_YEAR = 2100


def body(*known: str) -> Mapping[str, Any]:
    """Read the one JSON object that was sent.

    Raises:
        UnsupportedMediaType, BadRequest: It is no JSON, or no object.
        BadValue: ``unknown_field``: it holds something that is not *known*.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise BadRequest("Send one JSON object as the body.")
    for name in sent:
        if name not in known:
            raise BadValue(field=str(name)[:40], problem="unknown_field")
    return sent


def text(sent: Mapping[str, Any], name: str) -> str:
    """Read a text; what is not there is empty.

    Raises:
        BadValue: ``not_text``: it is something else, or cannot be stored.
    """
    value = sent.get(name, "")
    try:
        fine = isinstance(value, str) and "\x00" not in value and bool(value.encode() or not value)
    except UnicodeEncodeError:
        fine = False
    if not fine:
        raise BadValue(field=name, problem="not_text")
    return str(value)


def identity(sent: Mapping[str, Any], name: str) -> UUID:
    """Read an id.

    Raises:
        BadValue: ``not_an_id``.
    """
    try:
        return UUID(text(sent, name))
    except ValueError:
        raise BadValue(field=name, problem="not_an_id") from None


def day(sent: Mapping[str, str], name: str) -> date | None:
    """Read a local day, if one was sent.

    Raises:
        BadValue: ``not_a_date``, or ``out_of_range``: nobody books in such a year.
    """
    value = text(sent, name)
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError:
        raise BadValue(field=name, problem="not_a_date") from None
    if found and not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(field=name, problem="out_of_range")
    return found


def instant(sent: Mapping[str, Any], name: str) -> datetime:
    """Read an instant, with its offset.

    Raises:
        BadValue: ``not_an_instant``.
    """
    try:
        found = datetime.fromisoformat(text(sent, name))
    except ValueError:
        raise BadValue(field=name, problem="not_an_instant") from None
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(field=name, problem="not_an_instant")
    return found.astimezone(UTC)


def count(sent: Mapping[str, str], name: str, *, most: int, plain: int) -> int:
    """Read how many, from 1 to *most*; *plain* where nothing was sent.

    Raises:
        BadValue: ``out_of_range``.
    """
    value = text(sent, name)
    if not value:
        return plain
    digits = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not digits or not 1 <= int(value) <= most:
        raise BadValue(field=name, problem="out_of_range", most=most)
    return int(value)


def words(sent: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read a code, if one was sent."""
    value = text(sent, name)
    return (value,) if value else ()
