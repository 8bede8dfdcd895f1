"""By which way a letter reaches somebody: email, a text message, a printed sheet (N8, S1.5)."""

from __future__ import annotations

from enum import StrEnum

from shadowing.domain.pacing import ALWAYS_AT_ONCE, Turn, Wish
from shadowing.domain.phone import ASKED_FOR


class Way(StrEnum):
    """How it goes; ``NONE``: it cannot."""

    EMAIL = "email"
    TEXT = "text"
    SHEET = "sheet"
    NONE = ""


def way(turn: Turn, *, email: str, phone: str, wish: str, texts: bool, hosts: bool) -> Way:
    """Choose the way.

    What changes a calendar goes by email wherever there is an address. A host who can be reached
    by neither is told by the unit's lead, on a printed sheet.

    Args:
        turn: The letter.
        email: Of the reader, or empty.
        phone: Of the reader, or empty.
        wish: What the reader chose for what no calendar needs.
        texts: Whether text messages can be sent at all.
        hosts: Whether the reader is the host of the shift it is about.
    """
    reachable = bool(phone) and texts
    if not email:
        if reachable:
            return Way.TEXT
        return Way.SHEET if hosts else Way.NONE
    on_paper = turn.carries_event or turn.kind in ALWAYS_AT_ONCE
    if turn.kind == ASKED_FOR or (wish == Wish.TEXT and reachable and not on_paper):
        return Way.TEXT if reachable else Way.NONE
    return Way.EMAIL
