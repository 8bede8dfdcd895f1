"""You saw, we did: the promises somebody may see, and each one's story (F14, 8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.errors import NotFound
from shadowing.domain.followup.moves import COMMITMENT, Mover
from shadowing.domain.followup.moves import Commitment as State
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, may
from shadowing.services.followup import sheets
from shadowing.services.work import Tx, Work
from shadowing.store import board, bookings, commitments, people
from shadowing.store.board import Part, Reach, Shown, Tally
from shadowing.store.commitments import Step

PAGE: Final = 50
Counted: TypeAlias = Tally
ENROLLED: Final = (Relation.OBSERVER, Relation.HOST, Relation.UNIT, Relation.PROGRAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One promise as a reader of the board sees it.

    Attributes:
        days_late: Since the first date that was named; 0 when it is in time or settled.
        part: ``owner`` or ``host`` of it, or a ``reader``.
        host_name: For the two alone.
        can: What the reader can do: ``agree``, ``suggest``, ``reword``, ``update``, ``see``.
    """

    shown: Shown
    steps: tuple[Step, ...]
    days_late: int
    part: str
    host_name: str
    can: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One page of it.

    Attributes:
        tab: ``mine``, ``unit`` or ``all``.
        unit_name: Of the reader's own unit; empty if there is none.
        counts: Promises under each tab.
        tally: Of the tab that is open.
    """

    tab: str
    unit_name: str
    counts: dict[str, int]
    tally: Tally
    promises: tuple[Promised, ...]
    matching: int


def show(work: Work, actor: Actor, *, tab: str, state: str, number: int) -> Board:
    """Read one page of the board.

    Args:
        work: The database.
        actor: Whose board it is.
        tab: ``mine``, ``unit``, ``all``; anything else is the nearest there is.
        state: ``late``, ``in-time``, ``done``, ``declined``; anything else is all.
        number: Of the page, from 1.

    Raises:
        NotFound: This person has no part in the program (HR has totals, see :func:`totals`).
    """
    with work.read() as tx:
        reach, unit_id, unit_name = _reach(tx, actor)
        parts = {"mine": Part(mine=actor.person_id), "all": Part()}
        if unit_id:
            parts["unit"] = Part(unit_id=unit_id)
        tallies = {name: board.tally(tx.db, reach, part) for name, part in parts.items()}
        chosen = tab if tab in parts else _nearest(tallies)
        wanted = Part(mine=parts[chosen].mine, unit_id=parts[chosen].unit_id, state=state)
        found = board.page(tx.db, reach, wanted, offset=(number - 1) * PAGE, limit=PAGE)
        steps = commitments.steps(tx.db, ids=[each.promise.id for each in found])
        return Board(
            tab=chosen,
            unit_name=unit_name,
            counts={name: tally.total for name, tally in tallies.items()},
            tally=tallies[chosen],
            promises=tuple(
                _promised(each, steps.get(each.promise.id, ()), actor, reach.today)
                for each in found
            ),
            matching=_matching(tallies[chosen], state),
        )


def story(work: Work, actor: Actor, *, commitment_id: UUID) -> Promised:
    """Read one promise with all that became of it.

    Raises:
        NotFound: There is none that this person may see.
    """
    with work.read() as tx:
        reach, _, _ = _reach(tx, actor)
        shown = board.one(tx.db, reach, commitment_id=commitment_id)
        if shown is None:
            raise NotFound(commitment_id=commitment_id)
        steps = commitments.steps(tx.db, ids=(commitment_id,)).get(commitment_id, ())
        host = people.find(tx.db, person_id=shown.promise.host_id)
        return _promised(shown, steps, actor, reach.today, host_name=host.full_name)


def of_shift(work: Work, actor: Actor, *, shift_id: UUID) -> tuple[Promised, ...]:
    """Read the promises that came of one shift, as one of its two may.

    Raises:
        NotFound: It is no shift of theirs.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        if actor.person_id not in {shift.observer_id, shift.host_id}:
            raise NotFound(shift_id=shift_id)
        ids = [each.id for each in commitments.of_shift(tx.db, shift_id=shift_id)]
    return tuple(story(work, actor, commitment_id=one) for one in ids)


def totals(work: Work, actor: Actor) -> Tally:
    """Count the promises of one's organization: what HR may know of them.

    Raises:
        NotFound: The person does not look at participation either.
    """
    if not may(actor, Action.PARTICIPATION_SEE, Relation.ORGANIZATION):
        raise NotFound(subject="commitments")
    with work.read() as tx:
        _, zone = people.home(tx.db, person_id=actor.person_id)
        today = tx.now.astimezone(ZoneInfo(zone)).date()
        return board.totals(tx.db, organization_id=actor.organization_id, today=today)


def is_enrolled(actor: Actor) -> bool:
    """Say whether somebody acts in a role that reads the board."""
    roles = {Role.OBSERVER, Role.HOST, Role.UNIT_MANAGER, Role.COORDINATOR}
    return actor.role in roles and any(
        may(actor, Action.COMMITMENT_SEE, relation) for relation in ENROLLED
    )


def _reach(tx: Tx, actor: Actor) -> tuple[Reach, UUID | None, str]:
    if not is_enrolled(actor):
        raise NotFound(subject="commitments")
    program = people.program_of(tx.db, organization_id=actor.organization_id)
    own = program.organization_id == actor.organization_id
    overseen = program.id if own and actor.role is Role.COORDINATOR else None
    leads = may(actor, Action.COMMITMENT_SEE, Relation.UNIT)
    led = people.units_of_manager(tx.db, person_id=actor.person_id) if leads else ()
    person = people.find(tx.db, person_id=actor.person_id)
    _, zone = people.home(tx.db, person_id=actor.person_id)
    reach = Reach(
        person_id=actor.person_id,
        program_id=program.id,
        overseen=overseen,
        unit_ids=tuple(unit.id for unit in led),
        now=tx.now,
        today=tx.now.astimezone(ZoneInfo(zone)).date(),
    )
    if person.host_unit_id:
        unit = people.find_unit(tx.db, unit_id=person.host_unit_id)
        return reach, unit.id, unit.name
    return (reach, led[0].id, led[0].name) if led else (reach, None, "")


def _nearest(tallies: dict[str, Tally]) -> str:
    """Open the reader's own unit, or their own promises, or everything."""
    return next(
        (name for name in ("unit", "mine") if name in tallies and tallies[name].total), "all"
    )


def _matching(tally: Tally, state: str) -> int:
    known = {
        "late": tally.late,
        "in-time": tally.in_time,
        "done": tally.done,
        "declined": tally.declined,
    }
    return known.get(state, tally.total)


def _promised(
    shown: Shown,
    steps: tuple[Step, ...],
    actor: Actor,
    today: date,
    *,
    host_name: str = "",
) -> Promised:
    promise = shown.promise
    part = {promise.owner_id: "owner", promise.host_id: "host"}.get(actor.person_id, "reader")
    late = (today - promise.first_due_on).days if promise.state in board.OPEN else 0
    return Promised(
        shown=shown,
        steps=steps,
        days_late=max(late, 0),
        part=part,
        host_name=host_name if part != "reader" else "",
        can=_can(State(promise.state), part, actor),
    )


def _can(state: State, part: str, actor: Actor) -> tuple[str, ...]:
    """List what the rules let this reader do now; the services check the same tables."""
    onward = COMMITMENT[state]
    ways: tuple[tuple[str, State], ...] = ()
    by = Mover.OWNER
    if part == "host" and sheets.may_as(actor, Action.COMMITMENT_AGREE, Relation.HOST):
        ways = (("agree", State.AGREED), ("suggest", State.PROPOSED), ("see", State.SEEN))
        by = Mover.HOST
    elif part == "owner" and sheets.may_as(actor, Action.COMMITMENT_UPDATE, Relation.OBSERVER):
        ways = (("reword", State.PROPOSED), ("update", State.IN_PROGRESS))
    return tuple(name for name, to in ways if to in onward and by in onward[to].by)
