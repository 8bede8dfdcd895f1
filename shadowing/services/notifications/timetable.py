"""What the clock tells: plans each moment once, takes notices back, knows what has gone stale.

A moment is planned with the mark that it is, in one transaction: of two workers that meet at it one
plans it, and one that is killed leaves it to the next. Whether it is still true is asked again when
the letter is sent.

Source: docs/rules.md, rules N6, N7, L8, B6.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import State
from shadowing.domain.programs import Rules
from shadowing.domain.reminders import (
    AN_HOUR,
    BEFORE_HOSTING,
    COUNTED,
    HOST_REMINDER,
    NOTICE_WITHDRAWN,
    PREPARATION_CARD,
    REFLECTION_REMINDER,
    REQUEST_LAPSING,
    UNIT_NOTICE,
    Anchor,
    Round,
    Window,
    rounds,
    windows,
    worth_recalling,
)
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, journal, people, programs, reflections, reminders
from shadowing.store.bookings import Shift
from shadowing.store.debriefs import Debrief
from shadowing.store.engine import DatabaseBusy
from shadowing.store.journal import Telling
from shadowing.store.reminders import Due, Told

LOG: Final = logging.getLogger(__name__)
WITH_HOST: Final = BEFORE_HOSTING[0] // AN_HOUR
SIDES: Final = ("observer", "host")


def plan(work: Work) -> int:
    """Queue what the clock has to tell now; safe to run as often and as many times as one likes.

    Returns:
        How many moments were planned or taken back.

    Raises:
        Exception: The first that failed, when all others had their turn.
    """
    planned = 0
    failed: list[Exception] = []
    while True:
        with work.read() as tx:
            found = due_now(tx)
            gone = reminders.notices_gone(tx.db, at=tx.now)
        acts = [partial(_tell, work, window, one) for window, one in found]
        acts += [partial(_take_back, work, one) for one in gone]
        done = sum(_done(act, failed) for act in acts)
        planned += done
        # Each list holds a batch: there may be more while any of it came to something.
        if not done or len(acts) < reminders.BATCH:
            break
    if failed:
        raise failed[0]
    return planned


def _done(act: Callable[[], int], failed: list[Exception]) -> int:
    """Plan one moment; what fails is kept, and holds up none of the others."""
    try:
        return act()
    except DatabaseBusy:
        raise
    except Exception as error:  # the others have their turn all the same
        LOG.exception("a moment could not be planned")
        failed.append(error)
        return 0


def due_now(tx: Tx) -> tuple[tuple[Window, Due], ...]:
    """List what is to be told now, each moment as the program of its shift has set it."""
    return tuple(
        (window, one)
        for several, program_ids in in_force(tx).items()
        for each in several
        for window in windows(each, now=tx.now)
        for one in reminders.due(tx.db, window, program_ids=program_ids)
    )


def in_force(tx: Tx) -> Mapping[tuple[Round, ...], tuple[UUID, ...]]:
    """List the rounds as programs have set them, each with the programs that have them so."""
    found: dict[tuple[Round, ...], tuple[UUID, ...]] = {}
    for program_id, rules in programs.every_rules(tx.db, known=reference.load()).items():
        each = _rounds(rules)
        found[each] = (*found.get(each, ()), program_id)
    return found


def _rounds(rules: Rules) -> tuple[Round, ...]:
    return rounds(
        unit_notice_days=rules.numbers("unit_notice_days"),
        card_hours=rules.numbers("card_hours"),
        reflection_hours=rules.numbers("reflection_reminders"),
    )


@repeated
def _tell(work: Work, window: Window, one: Due) -> int:
    with work.write() as tx:
        if not reminders.mark(tx.db, window, one, at=tx.now):
            return 0
        shift = bookings.find(tx.db, shift_id=one.shift_id)
        kind = window.round.kind
        facts = {"anchor": one.anchor.isoformat(), "until": window.ends(one.anchor).isoformat()}
        for recipient in _recipients(tx, shift, window):
            key = f"{kind}:{shift.id}:{window.hours}:{one.anchor.timestamp():.0f}:{recipient}"
            _queue(tx, shift, key=key, kind=kind, recipient=recipient, facts=facts)
        return 1


def _queue(
    tx: Tx, shift: Shift, *, key: str, kind: str, recipient: UUID, facts: dict[str, str]
) -> None:
    telling = Telling(key=key, kind=kind, recipient_id=recipient, shift_id=shift.id, facts=facts)
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def _recipients(tx: Tx, shift: Shift, window: Window) -> tuple[UUID, ...]:
    kind = window.round.kind
    if kind == UNIT_NOTICE:
        return _team(tx, shift, hours=window.hours)
    if kind == PREPARATION_CARD:
        return (shift.observer_id,)
    if kind == HOST_REMINDER:
        return (shift.host_id,)
    if kind == REQUEST_LAPSING:
        asked = {"requested_at": shift.requested_at, "answer_by": shift.answer_by}
        return (shift.host_id,) if worth_recalling(**asked) else ()
    if kind == REFLECTION_REMINDER:
        sent = reflections.sent_at(tx.db, shift_id=shift.id)
        return tuple(_person(shift, side) for side in SIDES if side not in sent)
    return tuple(_person(shift, side) for side in SIDES)


def _team(tx: Tx, shift: Shift, *, hours: int) -> tuple[UUID, ...]:
    """List who is told: the whole team; the host has a reminder of their own on the same day."""
    left_out = {shift.observer_id} | ({shift.host_id} if hours == WITH_HOST else set())
    known = reminders.team(tx.db, unit_id=shift.unit_id) if shift.unit_id else ()
    return tuple(one for one in known if one not in left_out)


def _person(shift: Shift, side: str) -> UUID:
    return shift.observer_id if side == "observer" else shift.host_id


@repeated
def _take_back(work: Work, one: Told) -> int:
    """Tell those who had the notice, unless a new one for a new time is on its way to them."""
    with work.write() as tx:
        if not reminders.take_back(tx.db, one, at=tx.now):
            return 0
        shift = bookings.find(tx.db, shift_id=one.shift_id)
        if _noticed_anew(tx, shift):
            return 1
        at = f"{one.anchor.timestamp():.0f}"
        for recipient in _not_told_otherwise(tx, shift):
            _queue(
                tx,
                shift,
                key=f"{NOTICE_WITHDRAWN}:{shift.id}:{at}:{recipient}",
                kind=NOTICE_WITHDRAWN,
                recipient=recipient,
                facts={"withdrawn": one.anchor.isoformat()},
            )
        return 1


def _not_told_otherwise(tx: Tx, shift: Shift) -> tuple[UUID, ...]:
    """List who had the notice, without the host and the lead: the change itself tells them."""
    unit = people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None
    told = {shift.host_id, unit.answers if unit else None}
    noticed = reminders.noticed(tx.db, shift_id=shift.id)
    return tuple(one for one in noticed if one not in told)


def _noticed_anew(tx: Tx, shift: Shift) -> bool:
    rules = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
    (notice,) = (each for each in _rounds(rules) if each.kind == UNIT_NOTICE)
    comes = any(
        window.after < shift.starts_at <= window.until for window in windows(notice, now=tx.now)
    )
    return comes and shift.state is State.CONFIRMED


def stale(
    tx: Tx, facts: Mapping[str, object], *, kind: str, shift: Shift, talk: Debrief | None, side: str
) -> bool:
    """Say whether what a letter calls to mind has moved, or is done.

    Args:
        tx: Where to look.
        facts: Kept with the letter when it was planned.
        kind: Which letter it is.
        shift: As it stands now.
        talk: The debrief as it stands now.
        side: Which side of it the reader is on, if on one.
    """
    if kind not in COUNTED:
        return False
    anchor = COUNTED[kind][0]
    if kind == REFLECTION_REMINDER:
        written = reflections.of_shift(tx.db, shift_id=shift.id).get(side)
        if written and (written.submitted_at or written.deleted_at):
            return True
    if anchor is Anchor.TALK and (talk is None or talk.state not in reminders.NOT_RECORDED):
        return True
    now = {
        Anchor.START: shift.starts_at,
        Anchor.END: shift.ends_at,
        Anchor.ANSWER: shift.answer_by,
        Anchor.TALK: talk.ends_at if talk else None,
    }[anchor]
    return now is None or facts.get("anchor") != now.isoformat()
