"""The pass of a visitor: while it is good, and the code by which it can be checked.

Source: docs/rules.md, rule C10.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shadowing.domain.bookings.states import State

GOOD_IN: Final = frozenset({State.CONFIRMED, State.CHECKED_IN})
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody takes for another: no I, L, O or U."""
LENGTH: Final = 16
GROUP: Final = 4
MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})


def is_good(state: State, *, ends_at: datetime, now: datetime) -> bool:
    """Say whether a pass holds: while its shift is confirmed or under way, to the planned end."""
    return state in GOOD_IN and now < ends_at


def spelled(code: str) -> str:
    """Write a code as people read it out: four by four."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read(text: str) -> str:
    """Read a code as people type it: in any case, with or without what stands between."""
    plain = text.upper().translate(MISREAD)
    return "".join(letter for letter in plain if letter in LETTERS)
