"""What somebody sees of a shift: only what their part in it allows (section 8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.states import (
    AHEAD,
    TOOK_PLACE,
    By,
    State,
)
from shadowing.domain.bookings.timing import DEFAULTS, TimingSettings
from shadowing.domain.clearance.evidence import Missing
from shadowing.domain.followup import closing
from shadowing.domain.followup.settings import DEFAULTS as PACE
from shadowing.domain.followup.settings import FollowUpSettings
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import (
    answering,
    changes,
    clearing,
    debriefing,
    messages,
    moves,
    readiness,
)
from shadowing.services.bookings.changes import Change
from shadowing.services.bookings.messages import Message
from shadowing.services.bookings.pace import follow_up, timing
from shadowing.services.bookings.possible import possible
from shadowing.services.bookings.readiness import Limit, Tick
from shadowing.services.bookings.seeing import (
    FOR_THE_PROGRAM,
    LEARN_NO_MORE,
    NOT_AVAILABLE,
    SEEN_BY,
    SILENT,
    TOLD_APART,
    Seen,
    as_told,
    face,
    seen_host,
    seen_person,
)
from shadowing.services.work import Tx, Work
from shadowing.store import (
    bookings,
    calendar,
    cohort,
    colleagues,
    commitments,
    debriefs,
    journal,
    meetings,
    people,
    reflections,
)
from shadowing.store.bookings import Shift
from shadowing.store.debriefs import Debrief
from shadowing.store.people import Unit

History = tuple[tuple[datetime, journal.Entry], ...]
NO_TO_A_CHANGE: Final = frozenset({"move.declined", "move.lapsed"})
"""Told to a visitor as "not available", like a no to the shift itself (8.1)."""
ON_SITE: Final = frozenset({State.UNIT_APPROVED, State.CLEARED, State.CONFIRMED, State.CHECKED_IN})
STANDS_IN: Final = frozenset({State.CONFIRMED, State.CHECKED_IN})
PAIR: Final = frozenset({By.OBSERVER, By.HOST})


@dataclass(frozen=True, slots=True)
class Sent:
    """One calendar event as it went out (N5): to whom, which version, how that went, the answer."""

    name: str
    side: str
    kind: str
    status: str
    sequence: int
    delivery: str
    answer: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline: what, in whose part as this viewer may know it, when.

    Attributes:
        event: ``shift.<state>`` or ``debrief.<state>``; ``shift.not_available`` where which end it
            was is not theirs to know.
        by: Nobody where the clock did it, or who did is not told.
    """

    event: str
    by: By | None
    at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class View:
    """A shift as one person sees it.

    Attributes:
        face: Its state as they may know it: ``not_available`` for every end that is told as such.
        part: In which part they see it.
        moves: What they can do now: ``accept``, ``decline``, ``approve``, ``cancel``,
            ``check-in``, ``check-out``, ``mark-held``, ``waive``.
        goal: Empty where it is not theirs to read.
        record: Kept, late and open promises of the observer, for the host who is asked (B1).
        written: Sides that are in, for the two who write them.
        changes: New times, hosts or hours that wait for an answer, where they have a part in them.
        messages: What was sent about it and how that went, as far as they may know (N5).
        open_items: What it still needs to close, for the two; of the talk alone for others (8.1).
        ticks: What they tick for this shift before or at check-in.
        limits: What has to be kept to on the unit, without why (C4).
        backup: Who stands in, from the confirmation on; nobody means the unit's lead (D7).
        room: Where the meeting of a reverse shadow is.
        line_unknown: For the coordinator's last look: of one of the two nobody knows whom they
            report to (P6).
        timing: How long things may take, as the program has set it; ``pace`` what follows.
        joint: The cohort day whose joint talk its talk is, and in which room (B14).
    """

    shift: Shift
    face: str
    part: By
    observer: Seen
    host: Seen
    unit: Unit | None
    zone: str
    goal: str
    moves: tuple[str, ...]
    missing: tuple[Missing, ...]
    clearance_by: datetime
    debrief: Debrief | None
    sent: tuple[Sent, ...]
    timeline: tuple[Happening, ...]
    record: commitments.PromiseRecord | None
    written: tuple[str, ...]
    open_items: tuple[closing.Missing, ...]
    changes: tuple[Change, ...]
    ticks: tuple[Tick, ...] = ()
    limits: tuple[Limit, ...] = ()
    messages: tuple[Message, ...] = ()
    backup: Seen | None = None
    room: str = ""
    line_unknown: bool = False
    timing: TimingSettings = DEFAULTS
    pace: FollowUpSettings = PACE
    joint: tuple[str, str] = ("", "")

    @property
    def access_needs(self) -> str:
        """What the visitor needs to take part; empty where it is not theirs to read."""
        return self.shift.access_needs


def show(work: Work, actor: Actor, *, shift_id: UUID) -> View:
    """Read a shift as *actor* may see it.

    Raises:
        NotFound: They have no part in it, or there is none.
    """
    with work.read() as tx:
        return view(tx, actor, shift_id=shift_id)


def view(tx: Tx, actor: Actor, *, shift_id: UUID) -> View:
    """Read a shift as *actor* may see it, within a transaction that is open already.

    Raises:
        NotFound: They have no part in it, were never told of it, or there is none.
    """
    shift = bookings.find(tx.db, shift_id=shift_id)
    part = moves.seen_as(answering.as_one_of(tx, shift, actor, Action.SHIFT_SEE).by)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None
    observer, host = _pair(tx, shift, part=part)
    told, open_items = as_told(shift, actor, part=part), _open_items(tx, shift, part=part)
    return View(
        shift=told,
        face=face(shift, part=part),
        part=part,
        observer=observer,
        host=host,
        unit=unit,
        backup=_backup(tx, shift),
        zone=people.zone_of(tx.db, site_id=shift.site_id),
        goal=told.goal,
        moves=possible(tx, shift, actor, open_items),
        missing=_missing(tx, shift, part=part),
        clearance_by=clearing.release_at(tx, shift),
        debrief=debriefs.find(tx.db, shift_id=shift.id),
        sent=_sent(tx, shift, part=part, names=(observer.name, host.name)),
        timeline=_timeline(journal.history(tx.db, subject_id=shift.id), part=part),
        record=_record(tx, shift, part=part),
        written=tuple(reflections.sent_at(tx.db, shift_id=shift.id)) if part in PAIR else (),
        open_items=open_items,
        changes=changes.of_shift(tx, shift, actor),
        ticks=readiness.ticks(tx, shift, parts=readiness.parts_of(tx, shift, actor)),
        limits=readiness.limits(tx, shift) if shift.state in ON_SITE else (),
        messages=messages.told(tx, shift, part=part),
        room="" if unit else meetings.room_of(tx.db, slot_id=shift.slot_id),
        line_unknown=_line_unknown(tx, shift, part=part),
        timing=timing(tx, shift),
        pace=follow_up(tx, shift),
        joint=cohort.joint_of(tx.db, shift_id=shift.id),
    )


def _pair(tx: Tx, shift: Shift, *, part: By) -> tuple[Seen, Seen]:
    known = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
    return (
        seen_person(known[shift.observer_id], side="a"),
        seen_host(shift, known[shift.host_id], part=part),
    )


def _line_unknown(tx: Tx, shift: Shift, *, part: By) -> bool:
    if part is not By.COORDINATOR or shift.state is not State.CLEARED:
        return False
    return colleagues.line_unknown(tx.db, ids=(shift.observer_id, shift.host_id))


def _backup(tx: Tx, shift: Shift) -> Seen | None:
    if shift.backup_id is None or shift.state not in STANDS_IN:
        return None
    return seen_person(people.find(tx.db, person_id=shift.backup_id), side="c")


def _open_items(tx: Tx, shift: Shift, *, part: By) -> tuple[closing.Missing, ...]:
    if shift.state not in TOOK_PLACE - {State.CLOSED}:
        return ()
    found = debriefing.still_missing(tx, shift)
    if part in PAIR:
        return found
    return tuple(item for item in found if item is closing.Missing.DEBRIEF)


def _missing(tx: Tx, shift: Shift, *, part: By) -> tuple[Missing, ...]:
    # Host and unit read "waiting for clearance" and never the items (6.2, 8.1).
    if shift.state not in AHEAD or part not in {By.OBSERVER, By.COORDINATOR}:
        return ()
    return clearing.before_the_day(clearing.of_shift(tx, shift))


def _sent(tx: Tx, shift: Shift, *, part: By, names: tuple[str, str]) -> tuple[Sent, ...]:
    who = {shift.observer_id: (names[0], "a"), shift.host_id: (names[1], "c")}
    own = {By.OBSERVER: shift.observer_id, By.HOST: shift.host_id}
    if part in {By.UNIT, By.BACKUP}:
        return ()
    rows = calendar.deliveries(tx.db, shift_id=shift.id)
    return tuple(
        Sent(*who[row.person_id], row.kind, row.status, row.sequence, row.delivery, row.answer)
        for row in rows
        if row.person_id in who and own.get(part, row.person_id) == row.person_id
    )


def _known_to(entry: journal.Entry, part: By) -> bool:
    """Keep from the visitor who was asked to host, until somebody does (B12)."""
    return part is not By.OBSERVER or not entry.event.startswith("swap.")


def _without_undone(history: History) -> History:
    """Leave out what was undone before anybody was told, and the undoing."""
    kept: list[tuple[datetime, journal.Entry]] = []
    for at, entry in history:
        if entry.event == "shift.undone" and kept:
            kept.pop()
        else:
            kept.append((at, entry))
    return tuple(kept)


def _told_as(event: str, *, silent: bool, refused: bool) -> str:
    if silent:
        return f"shift.{NOT_AVAILABLE}"
    return f"move.{NOT_AVAILABLE}" if refused else event


def _timeline(history: History, *, part: By) -> tuple[Happening, ...]:
    lines = []
    told = [one for one in _without_undone(history) if _known_to(one[1], part)]
    for at, entry in told:
        by = By(entry.acting_as)
        if part not in SEEN_BY.get(entry.event, {part}):
            continue
        silent = part in LEARN_NO_MORE and entry.to_state in SILENT and entry.code != TOLD_APART
        neutral = entry.code in FOR_THE_PROGRAM and part not in {by, By.COORDINATOR}
        hidden = silent or (part is By.OBSERVER and entry.to_state == State.CLINICAL_OVERRIDE)
        refused = part in {By.OBSERVER, By.UNIT} and entry.event in NO_TO_A_CHANGE
        lines.append(
            Happening(
                event=_told_as(entry.event, silent=silent, refused=refused),
                by=None if hidden or refused or by is By.CLOCK else by,
                at=at,
                code="" if silent or neutral else entry.code,
            ),
        )
    return tuple(lines)


def _record(tx: Tx, shift: Shift, *, part: By) -> commitments.PromiseRecord | None:
    if part is not By.HOST:
        return None
    return commitments.promise_record(tx.db, owner_id=shift.observer_id, on=tx.now.date())
