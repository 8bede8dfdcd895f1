"""What is said once a shift has moved, or could not be moved, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Actor
from shadowing.services.work import Work
from shadowing.web.pages import safe_next
from shadowing.web.sentences import sentence
from shadowing.web.session import actor, now, work, zone


class Standing(Protocol):
    """A shift, as far as its state goes."""

    @property
    def id(self) -> UUID:
        """Which it is."""

    @property
    def state(self) -> State:
        """Where it is now."""

    @property
    def undo_until(self) -> datetime | None:
        """Until when that can be undone, if it can."""


class Answer(Protocol):
    """A service that moves a shift."""

    def __call__(self, work: Work, actor: Actor, *, shift_id: UUID) -> Standing:
        """Move it, or refuse."""


SAID: Final[Mapping[State, str]] = {
    State.HOST_ACCEPTED: "You said yes. The unit is asked now.",
    State.UNIT_APPROVED: "You said yes. It is confirmed once the visitor has what it takes.",
    State.CLEARED: "You said yes. The coordinator has a last look.",
    State.CONFIRMED: "Confirmed. Invites for the shift and the talk go to both.",
    State.DECLINED: "Not this time. The visitor only sees “not available”.",
    State.WITHDRAWN: "Withdrawn. Everybody who knew of it is told.",
    State.CANCELLED_BY_OBSERVER: "Cancelled. Your host and the unit are told now.",
    State.CANCELLED_BY_HOST: "Called off. The visitor only sees “not available”.",
    State.CLINICAL_OVERRIDE: "Stopped for care. Both are told now, and no reason is asked.",
    State.EXPIRED: "The shift was released: something has come between.",
    State.CHECKED_IN: "Checked in. The other person is told.",
    State.COMPLETED: "Checked out. Thank you for the time.",
    State.DEBRIEFED: "The talk is recorded. What was promised can be written down now.",
    State.ENDED_EARLY: "Ended early. Nobody is asked why, and it counts against nobody.",
}
UNDOABLE: Final[Mapping[State, str]] = {
    State.DECLINED: "Not this time. In 10 minutes the visitor sees “not available”.",
    State.WITHDRAWN: "Withdrawn. Nobody is told for 10 minutes.",
    State.CANCELLED_BY_OBSERVER: "Cancelled. Nobody is told for 10 minutes.",
}
BETWEEN: Final = (
    "It can’t be booked any more: your limit, a break, another visit or a full unit is in the way. "
    "Say “not this time”, or let it lapse."
)


def done(shift_id: UUID, answer: Answer) -> ResponseReturnValue:
    """Move a shift, or say why it cannot be moved."""
    try:
        moved = answer(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    return told(moved)


def told(shift: Standing) -> ResponseReturnValue:
    """Say that it is done, with its undo where there is one."""
    words = SAID.get(shift.state, "Done.")
    if shift.undo_until is None:
        flash(words, "success")
    else:
        undo = {"url": url_for("moves.undo", shift_id=shift.id), "fields": {}}
        said = {"text": UNDOABLE.get(shift.state, words), **undo}
        flash(said, "undo")  # type: ignore[arg-type] # the layout's own kind of message
    return back(shift.id)


def refused(shift_id: UUID, refusal: Refusal) -> ResponseReturnValue:
    """Say why it could not be done; the page it leads back to shows how things stand."""
    between = isinstance(refusal, NotAvailable)
    flash(BETWEEN if between else sentence(refusal, zone(), at=now()), "warning")
    return back(shift_id)


def back(shift_id: UUID) -> ResponseReturnValue:
    """Lead to where the form was pressed, or else to the shift."""
    wanted = safe_next(request.form.get("next"))
    return redirect(url_for("shifts.show", shift_id=shift_id) if wanted == "/" else wanted, 303)
