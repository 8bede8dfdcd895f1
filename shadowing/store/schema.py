"""Every table there is, so that migrations can be compared with them."""

from __future__ import annotations

from shadowing.store.base import metadata
from shadowing.store.tables import (
    accounts,
    availability,
    bookings,
    changes,
    clearance,
    cohort,
    day,
    diary,
    followup,
    hosting,
    inviting,
    journal,
    messages,
    people,
    replies,
    wishes,
)

ROOMS = (
    people,
    accounts,
    availability,
    bookings,
    changes,
    clearance,
    cohort,
    day,
    diary,
    followup,
    hosting,
    inviting,
    journal,
    messages,
    replies,
    wishes,
)

__all__ = ["ROOMS", "metadata"]
