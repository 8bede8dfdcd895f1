"""Where one page of a list ends and the next begins, for programs that read page by page."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from shadowing.domain.errors import BadValue
from shadowing.store.meetings import Meeting
from shadowing.store.slots import Offer


def after(last: Offer | Meeting) -> str:
    """Say where a page ended."""
    return urlsafe_b64encode(f"{last.starts_at.isoformat()} {last.id}".encode()).decode()


def read(text: str) -> tuple[datetime, UUID]:
    """Read where the page before ended.

    Raises:
        BadValue: ``unknown_cursor``: it was not given out by us.
    """
    try:
        starts_at, _, slot_id = urlsafe_b64decode(text.encode()).decode().partition(" ")
        return datetime.fromisoformat(starts_at).astimezone(UTC), UUID(slot_id)
    except (ValueError, OverflowError) as error:
        raise BadValue(field="cursor", problem="unknown_cursor") from error
