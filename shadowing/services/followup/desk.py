"""What somebody has before them when they write their side of a shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shadowing.domain.errors import NotFound
from shadowing.domain.followup.closing import Seal
from shadowing.domain.followup.moves import Reflection
from shadowing.domain.followup.questions import Field, Kind, Phase, Side
from shadowing.domain.policy import Action, Actor
from shadowing.services.followup import pickers, sheets, writing
from shadowing.services.followup.pickers import Pickers
from shadowing.services.followup.sheets import Face, OneSide
from shadowing.services.work import Tx, Work
from shadowing.store import debriefs, people, reflections
from shadowing.store.bookings import Shift
from shadowing.store.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """One answer of one's own, in words."""

    field: Field
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One's own side, ready to be written or read.

    Attributes:
        me: The author.
        other: Whose side the other one is.
        unit_name: Where it was.
        phase: Whose questions are open; ``None`` when nothing can be written now.
        asked: The questions of that phase.
        typed: What is stored of the answers, as a form shows it.
        opened: Keys of the answers that are opened by a tick.
        locked: Keys of the answers that stay as they were sent (L4).
        before: One's answers from before the shift, to be seen again (L6).
        own: All of one's answers, where nothing can be written any more.
        state: Of this side.
        other_at: When the other side was sent, if it was.
        due: By when this side should be in (L8).
        answered: How many of the ``needed`` questions have an answer.
        notice: What stands above the form (L3).
    """

    shift: Shift
    side: Side
    me: Face
    other: Face
    unit_name: str
    zone: str
    phase: Phase | None
    asked: tuple[Field, ...]
    typed: Mapping[str, object]
    opened: frozenset[str]
    locked: frozenset[str]
    before: tuple[ReadBack, ...]
    own: tuple[ReadBack, ...]
    state: Reflection
    saved_at: datetime | None
    submitted_at: datetime | None
    other_at: datetime | None
    seal: Seal
    due: datetime
    minutes: int
    answered: int
    needed: int
    notice: str
    pickers: Pickers

    @property
    def sent(self) -> bool:
        """Whether this side is in."""
        return self.state in sheets.SENT


def show(work: Work, actor: Actor, *, shift_id: UUID) -> Desk:
    """Lay out one's own side of a shift.

    Raises:
        NotFound: It is not this person's, or there is nothing to write about yet.
    """
    with work.read() as tx:
        shift = sheets.find(tx, shift_id=shift_id)
        side = sheets.side_of(shift, actor, Action.REFLECTION_WRITE)
        own = sheets.one_side(tx, shift, side)
        if shift.state not in sheets.BEGUN and not own.text.answers:
            raise NotFound(shift_id=shift_id)
        return _desk(tx, shift, own)


def _desk(tx: Tx, shift: Shift, own: OneSide) -> Desk:
    known = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
    faces = sheets.faces(shift, known)
    phase = writing.phase_of(shift) if own.fact.state != Reflection.DELETED else None
    asked = own.asked(phase) if phase else ()
    needed = [each for each in asked if each.required and each.kind is not Kind.TICK]
    listed = pickers.read(tx, shift)
    held = debriefs.find(tx.db, shift_id=shift.id)
    return Desk(
        shift=shift,
        side=own.side,
        me=faces[own.side],
        other=faces[own.side.other],
        unit_name=sheets.where(tx, shift),
        zone=people.zone_of(tx.db, site_id=shift.site_id),
        phase=phase,
        asked=asked,
        typed=own.text.answers or _first(asked, own, known[own.fact.author_id]),
        opened=own.text.releases,
        locked=writing.locked_keys(tx, shift, own, asked),
        before=() if phase is Phase.PRE else _read_back(own, Phase.PRE, listed),
        own=() if asked else _read_back(own, Phase.POST, listed),
        state=Reflection(own.fact.state),
        saved_at=own.fact.saved_at,
        submitted_at=own.fact.submitted_at,
        other_at=reflections.sent_at(tx.db, shift_id=shift.id).get(own.side.other),
        seal=sheets.seal_of(tx, shift),
        due=sheets.due(shift, held.starts_at if held else None, pace=sheets.pace(tx, shift)),
        minutes=sum(form.minutes for form in own.forms if form.filled_by == own.side),
        answered=sum(each.key in own.answers for each in needed),
        needed=len(needed),
        notice=sheets.notice(tx, shift),
        pickers=listed,
    )


def _first(
    asked: tuple[Field, ...],
    own: OneSide,
    author: Person,
) -> Mapping[str, object]:
    """Fill in the author's own area, to be changed if it was another's (T1 ``mine_portfolio``)."""
    if own.side is Side.HOST or not author.portfolio:
        return {}
    return {each.key: author.portfolio for each in asked if each.kind is Kind.PORTFOLIO}


def _read_back(own: OneSide, phase: Phase, listed: Pickers) -> tuple[ReadBack, ...]:
    return tuple(
        ReadBack(field=each, lines=pickers.said(each, own.answers[each.key], listed))
        for each in own.asked(phase)
        if each.key in own.answers and each.kind is not Kind.TICK
    )
