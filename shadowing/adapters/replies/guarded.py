"""Reading a letter that a stranger may have written, without giving it this process."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from shadowing.adapters.guarded import Told, TooMuch, ask
from shadowing.adapters.replies.reading import LARGEST
from shadowing.domain.interval import Interval
from shadowing.domain.replies import Attendee, Bounce, Kind, Letter, Said

CHILD: Final = ("-m", "shadowing.adapters.replies.child")


def read_guarded(raw: bytes, *, ours: str, relay: str = "") -> Letter:
    """Read a letter as ``reading.read`` does, in a process of its own.

    One that is too large, or takes more time or memory than there is, is a calendar letter that
    can't be read.
    """
    if len(raw) > LARGEST:
        return _unread(raw)
    try:
        return _letter(ask(CHILD, {"ours": ours, "relay": relay}, raw))
    except TooMuch:
        return _unread(raw)


def _unread(raw: bytes) -> Letter:
    return Letter(
        message_id=f"<{hashlib.sha256(raw).hexdigest()}@too-much>",
        senders=frozenset(),
        subject="",
        automatic=False,
        forged=False,
        kind=Kind.CALENDAR,
    )


def _letter(told: Told) -> Letter:
    said = told["said"]
    return Letter(
        message_id=told["message_id"],
        senders=frozenset(told["senders"]),
        subject=told["subject"],
        automatic=told["automatic"],
        forged=told["forged"],
        kind=Kind(told["kind"]),
        said=_said(said) if said else None,
        bounces=tuple(Bounce(**each) for each in told["bounces"]),
    )


def _said(told: Told) -> Said:
    times = told["times"]
    stamp = told["stamp"]
    return Said(
        method=told["method"],
        method_differs=told["method_differs"],
        uid=told["uid"],
        sequence=told["sequence"],
        stamp=datetime.fromisoformat(stamp) if stamp else None,
        attendees=tuple(Attendee(**each) for each in told["attendees"]),
        comment=told["comment"],
        times=Interval(*map(datetime.fromisoformat, times)) if times else None,
    )
