"""A host offers other hours of the same shift; the visitor takes one of them, or none.

The host's yes is given with the offer; whatever else a request needs is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain import ways
from shadowing.domain.availability.other_hours import (
    MOST,
    Frame,
    NoHours,
    TooManyHours,
    suggested,
)
from shadowing.domain.bookings.proposals import Kind, NothingProposed, Standing
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.bookings.timing import answer_by
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves, places, scenes, waiting
from shadowing.services.bookings.asking import last_guard
from shadowing.services.bookings.telling import tell
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, people, proposals, slots
from shadowing.store.bookings import Shift
from shadowing.store.proposals import Proposal

OTHERWISE: Final = frozenset({"slot_full", "slot_gone", "already_asked"})
"""Said of the seat the request has already."""
Window = tuple[str, str]
Possible: TypeAlias = Proposal


@dataclass(frozen=True, slots=True)
class Desk:
    """What a host chooses from.

    Attributes:
        shift: The host's own shift, wall clock; the hours lie inside it.
        suggestions: Hours as long as those asked for.
        offered: What stands already.
    """

    span: Window
    label: str
    suggestions: tuple[Window, ...]
    offered: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the hours a visitor may choose; ``reasons`` say why they cannot."""

    proposal: Proposal
    reasons: tuple[Refusal, ...]


def desk(work: Work, actor: Actor, *, shift_id: UUID) -> Desk:
    """Lay out what a host may offer.

    Raises:
        NotFound: It is no request to this host.
        MoveNotAllowed: It was answered, withdrawn or has lapsed.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.SHIFT_ACCEPT)
        frame = _frame(tx, shift)
        asked = _wall(shift.interval, frame.zone)
        return Desk(
            span=(frame.span.start, frame.span.end),
            label=frame.span.label,
            suggestions=suggested(frame, asked=asked),
            offered=_open(tx, shift),
        )


@repeated
def offer(work: Work, actor: Actor, *, shift_id: UUID, windows: Iterable[Window]) -> Shift:
    """Offer one to three other hours; what was offered before is taken back.

    Raises:
        NotFound: It is no request to this host.
        MoveNotAllowed: It was answered, withdrawn or has lapsed.
        NoHours, TooManyHours, BadValue: About the hours.

    Source: docs/rules.md, rules A1, A6, B6 and B13.
    """
    wanted = tuple(dict.fromkeys(windows))
    if not wanted:
        raise NoHours
    if len(wanted) > MOST:
        raise TooManyHours(most=MOST)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_ACCEPT)
        frame = _frame(tx, shift)
        found = [frame.window(*each)[0] for each in wanted]
        for each in _open(tx, shift):
            waiting.end(tx, shift, each, state=Standing.WITHDRAWN, mover=mover)
        until = answer_by(tx.now, min(span.start for span in found))
        for span in found:
            waiting.propose(
                tx,
                shift,
                kind=Kind.HOURS,
                mover=mover,
                host_id=shift.host_id,
                unit_id=shift.unit_id,
                starts_at=span.start,
                ends_at=span.end,
                local_date=shift.local_date,
                answer_by=until,
            )
        longer = bookings.change(tx.db, shift, answer_by=max(until, shift.answer_by))
        tell(tx, longer, kind="other-hours", recipient=shift.observer_id)
        return longer


def offered(work: Work, actor: Actor, *, shift_id: UUID) -> tuple[Offered, ...]:
    """List the hours a visitor may choose from; none where the offer is over.

    Raises:
        NotFound: It is not this person's request.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        if shift.state is not State.REQUESTED:
            return ()
        found = _open(tx, shift)
        return tuple(Offered(each, _reasons(tx, shift, each.interval)) for each in found)


@repeated
def choose(work: Work, actor: Actor, *, shift_id: UUID, proposal_id: UUID) -> Shift:
    """Take one of the hours: the request moves there, and the host's yes is given thereby.

    Raises:
        NotFound: It is not this person's request.
        NothingProposed: The offer is over.
        Refusal: Any reason of ``reasons_against``; the first one found.

    Source: docs/rules.md, rules B7, B8.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        found = {each.id: each for each in _open(tx, shift)}
        if shift.state is not State.REQUESTED or proposal_id not in found:
            raise NothingProposed(shift_id=shift_id)
        chosen = found[proposal_id]
        reasons = _reasons(tx, shift, chosen.interval)
        if reasons:
            raise reasons[0]
        for each in found.values():
            state = Standing.DONE if each is chosen else Standing.WITHDRAWN
            waiting.end(tx, shift, each, state=state, mover=mover)
        moved = _moved(tx, shift, chosen.interval)
        waiting.note(tx, moved, mover=mover, event="shift.moved", code="other_hours")
        accepted = moves.step(
            tx, moved, to=State.HOST_ACCEPTED, mover=moves.CLOCK, code="other_hours"
        )
        rested = moves.advance(tx, accepted)
        moves.announce(tx, rested, before=State.REQUESTED, mover=mover)
        return rested


def _moved(tx: Tx, shift: Shift, span: Interval) -> Shift:
    frame = _frame(tx, shift)
    _, band = frame.window(*_wall(span, frame.zone))
    place = places.as_offer(tx, shift)
    values = {"starts_at": span.start, "ends_at": span.end, "band": band}
    if place is None:
        return bookings.change(tx.db, shift, **values)
    with last_guard(place):
        return bookings.change(tx.db, shift, **values)


@repeated
def refuse(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Take none of the hours; the request for the first time stands until it is answered.

    Raises:
        NotFound: It is not this person's request.
        NothingProposed: The offer is over.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        found = _open(tx, shift)
        if not found:
            raise NothingProposed(shift_id=shift_id)
        for each in found:
            waiting.end(tx, shift, each, state=Standing.DECLINED, mover=mover)
        kept = bookings.change(tx.db, shift)
        tell(tx, kept, kind="hours-not-chosen", recipient=shift.host_id)
        return kept


def lapse(tx: Tx, shift: Shift, each: Proposal) -> None:
    """Let hours lapse that nobody chose."""
    waiting.end(tx, shift, each, state=Standing.LAPSED, mover=moves.CLOCK)


def _open(tx: Tx, shift: Shift) -> tuple[Proposal, ...]:
    found = proposals.open_of(tx.db, shift_id=shift.id)
    return tuple(each for each in found if each.kind is Kind.HOURS)


def _frame(tx: Tx, shift: Shift) -> Frame:
    """Find the host's own shift of a request that still waits for the host."""
    if shift.state is not State.REQUESTED:
        raise MoveNotAllowed(state=shift.state, wanted=State.HOST_ACCEPTED)
    if shift.slot_id is None or shift.unit_id is None:
        raise NotFound(shift_id=shift.id)
    slot = slots.find(tx.db, slot_id=shift.slot_id)
    known = reference.load()
    return Frame(
        span=known.span(slot.span),
        local_date=slot.local_date,
        zone=ZoneInfo(people.zone_of(tx.db, site_id=shift.site_id)),
        rules=known.time_rules,
        handover=slot.handover,
        shortest=ways.shortest(slot.kind, block=60 * (known.setting("block_hours").least or 0)),
    )


def _wall(span: Interval, zone: ZoneInfo) -> Window:
    start, end = (at.astimezone(zone) for at in (span.start, span.end))
    return f"{start:%H:%M}", f"{end:%H:%M}"


def _reasons(tx: Tx, shift: Shift, span: Interval) -> tuple[Refusal, ...]:
    """Ask the rules about other hours for the seat that is kept already (B8)."""
    place = places.as_offer(tx, shift)
    if place is None:
        return ()
    wanted = replace(place, starts_at=span.start, ends_at=span.end)
    observer = people.find(tx.db, person_id=shift.observer_id)
    seen = scenes.view(tx, observer, offers=(wanted,), without=shift.id)
    return tuple(reason for reason in seen.reasons(wanted) if reason.code not in OTHERWISE)
