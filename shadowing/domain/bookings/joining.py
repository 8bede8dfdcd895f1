"""Where a remote shift is joined: who is told, and from when (B17, N3)."""

from __future__ import annotations

import re
from typing import Final

from shadowing.domain.bookings.states import State
from shadowing.domain.ways import REMOTE, is_phone

TOLD_IN: Final = frozenset({State.CONFIRMED, State.CHECKED_IN})


def told(kind: str, join_at: str, *, state: State, in_it: bool) -> str:
    """Give the address to whoever is in the shift, from when it is confirmed until it is over.

    Args:
        kind: Of the shift.
        join_at: Its address.
        state: Of the shift.
        in_it: Whether it is its visitor or its host who asks.
    """
    return join_at if kind == REMOTE and in_it and state in TOLD_IN else ""


def link(join_at: str) -> str:
    """Give what a press opens: the page, or a call to the number, without the code behind it."""
    if not is_phone(join_at):
        return join_at
    number = re.split(r"[,;a-z]", join_at, maxsplit=1, flags=re.IGNORECASE)[0]
    return "tel:" + re.sub(r"[^0-9+]", "", number)
