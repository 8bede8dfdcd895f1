"""Who stands in when a host is busy: named by the host, agreed in person, free to leave at once.

A backup is on a shift from its confirmation, if neither the reporting line nor a do-not-pair entry
stands between them and the visitor, and they are nowhere else then. Without one the unit's lead
stands in.

Source: docs/rules.md, rules D7, P6 and P7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shadowing.domain.bookings.states import AHEAD, By, State
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.bookings.telling import tell
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, hosting, journal, people, whereabouts
from shadowing.store.bookings import Shift
from shadowing.store.hosting import Backup
from shadowing.store.journal import Entry, Telling
from shadowing.store.people import Person

ASKED, AGREED, DECLINED, ENDED = "asked", "agreed", "declined", "ended"


@dataclass(frozen=True, slots=True)
class Naming:
    """One naming with both names: who hosts, who stands in, how it stands."""

    id: UUID
    backup_id: UUID
    host: str
    backup: str
    state: str


@dataclass(frozen=True, slots=True)
class Coming:
    """One shift on which somebody stands in."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    host: str
    visitor: str


@dataclass(frozen=True, slots=True)
class Mine:
    """What a host reads of backups.

    Attributes:
        own: Who stands in for them, or was asked to.
        for_others: For whom they stand in, or are asked to.
        colleagues: Who can be asked: id and name.
        coming: The shifts on which they stand in, the next ones first.
    """

    own: Naming | None
    for_others: tuple[Naming, ...]
    colleagues: tuple[tuple[UUID, str], ...]
    coming: tuple[Coming, ...]


def mine(work: Work, actor: Actor) -> Mine:
    """Read who stands in for a host, and for whom they do.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_SEE)
    with work.read() as tx:
        own = hosting.backup_of(tx.db, host_id=actor.person_id)
        others = hosting.backing(tx.db, person_id=actor.person_id)
        known = (*((own,) if own else ()), *others)
        ids = {person_id for each in known for person_id in (each.host_id, each.backup_id)}
        shifts = bookings.stood_in(tx.db, person_id=actor.person_id, since=tx.now)
        ids |= {one for each in shifts for one in (each.host_id, each.observer_id)}
        names = people.find_many(tx.db, ids=(*ids, actor.person_id))
        return Mine(
            own=_named(own, names) if own else None,
            for_others=tuple(_named(each, names) for each in others),
            colleagues=_colleagues(tx, names[actor.person_id]),
            coming=tuple(
                Coming(
                    each.id,
                    each.starts_at,
                    each.ends_at,
                    names[each.host_id].full_name,
                    names[each.observer_id].full_name,
                )
                for each in shifts
            ),
        )


def asked(work: Work, actor: Actor, *, backup_id: UUID) -> Naming:
    """Read one naming as the person who is named.

    Raises:
        NotFound: It is not to this person, or has ended.
    """
    authorise(actor, Action.AVAILABILITY_SEE)
    with work.read() as tx:
        found = _theirs(tx, actor, backup_id)
        names = people.find_many(tx.db, ids=(found.host_id, found.backup_id))
        return _named(found, names)


@repeated
def name(work: Work, actor: Actor, *, person_id: UUID) -> None:
    """Ask a colleague of one's unit to stand in, in place of whoever did.

    Raises:
        NotAllowed: *actor* does not act as a host.
        BadValue: Field ``backup``: it is nobody who hosts on the same unit.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        if person_id not in dict(_colleagues(tx, host)):
            raise BadValue(field="backup", problem="unknown_choice", value=str(person_id))
        current = hosting.backup_of(tx.db, host_id=host.id)
        if current and current.backup_id == person_id:
            return
        if current:
            _end(tx, current, by=By.HOST, person_id=host.id, to=ENDED)
        made = hosting.ask_backup(tx.db, host_id=host.id, backup_id=person_id, at=tx.now)
        _record(tx, made, host.id, By.HOST, before="", after=ASKED)
        facts = {"other_name": host.full_name, "path": f"/availability/backup/{made}"}
        _tell(tx, "backup-asked", made, to=person_id, facts=facts)


@repeated
def drop(work: Work, actor: Actor) -> None:
    """Go on without a backup: the unit's lead stands in again.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        current = hosting.backup_of(tx.db, host_id=host.id)
        if current:
            _end(tx, current, by=By.HOST, person_id=host.id, to=ENDED)


@repeated
def agree(work: Work, actor: Actor, *, backup_id: UUID) -> None:
    """The named person says yes, in person; shifts confirmed from now on name them.

    Raises:
        NotFound: It is not to this person, or has ended.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        found = _theirs(tx, actor, backup_id)
        hosting.keep_backup_of(tx.db, host_id=found.host_id)
        if found.state == ASKED:
            hosting.move_backup(tx.db, backup_id=found.id, to=AGREED)
            _record(tx, found.id, actor.person_id, By.BACKUP, before=ASKED, after=AGREED)


@repeated
def leave(work: Work, actor: Actor, *, backup_id: UUID) -> None:
    """The named person says no, or stops at once; the host is told, and no reason is asked.

    Raises:
        NotFound: It is not to this person, or has ended.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        found = _theirs(tx, actor, backup_id)
        hosting.keep_backup_of(tx.db, host_id=found.host_id)
        to = DECLINED if found.state == ASKED else ENDED
        _end(tx, found, by=By.BACKUP, person_id=actor.person_id, to=to)
        backup = people.find(tx.db, person_id=found.backup_id)
        facts = {"other_name": backup.full_name, "path": "/availability/hosting"}
        _tell(tx, "backup-left", found.id, to=found.host_id, facts=facts)


def chosen(tx: Tx, shift: Shift) -> UUID | None:
    """Say who stands in on a shift that is being confirmed; nobody means the unit's lead."""
    named = hosting.keep_backup_of(tx.db, host_id=shift.host_id)
    if named is None or named.state != AGREED or named.backup_id == shift.observer_id:
        return None
    backup = people.find(tx.db, person_id=named.backup_id)
    if not _hosts(backup) or _kept_apart(tx, shift, backup.id):
        return None
    # Asked about the backup as if the shift were theirs: hosting, visiting, and standing in count.
    busy = whereabouts.busy(tx.db, person_id=backup.id, span=shift.interval)
    elsewhere = whereabouts.standing_in(
        tx.db, person_id=backup.id, span=shift.interval, without=shift.id
    )
    taken = any(span.overlaps(shift.interval) for span in (*busy, *elsewhere))
    return None if taken else backup.id


def anew(tx: Tx, shift: Shift, *, was: UUID | None, but: UUID | None = None) -> Shift:
    """Choose again who stands in on a shift that has another host or time.

    Whoever does no more is told here; whoever does now is told of the shift with the change.

    Args:
        tx: In which the shift was changed.
        shift: As it is now.
        was: Who stood in before, if anybody did.
        but: Who gave it away, and does not stand in on it.
    """
    found = chosen(tx, shift) if shift.state is State.CONFIRMED else None
    if found == but:
        found = None
    same = found == shift.backup_id
    kept = shift if same else bookings.change(tx.db, shift, backup_id=found)
    if was and was not in {found, kept.host_id}:
        tell(tx, kept, kind="backup-free", recipient=was)
    return kept


def _colleagues(tx: Tx, host: Person) -> tuple[tuple[UUID, str], ...]:
    if host.host_unit_id is None:
        return ()
    return hosting.colleagues(tx.db, host_id=host.id, unit_id=host.host_unit_id)


def _hosts(person: Person) -> bool:
    return person.active and Role.HOST in person.roles and person.left_hosting_at is None


def _kept_apart(tx: Tx, shift: Shift, backup_id: UUID) -> bool:
    barred = people.barred(tx.db, person_id=shift.observer_id, on=shift.local_date)
    return backup_id in people.line(tx.db, person_id=shift.observer_id) | barred


def _theirs(tx: Tx, actor: Actor, backup_id: UUID) -> Backup:
    found = hosting.find_backup(tx.db, backup_id=backup_id)
    if found.backup_id != actor.person_id:
        raise NotFound(backup_id=backup_id)
    return found


def _end(tx: Tx, naming: Backup, *, by: By, person_id: UUID, to: str) -> None:
    """End a naming: shifts ahead go on with the unit's lead."""
    hosting.move_backup(tx.db, backup_id=naming.id, to=to, at=tx.now)
    _record(tx, naming.id, person_id, by, before=naming.state, after=to)
    for shift in bookings.backed_up_ahead(
        tx.db, host_id=naming.host_id, backup_id=naming.backup_id, states=AHEAD
    ):
        bookings.change(tx.db, bookings.lock(tx.db, shift_id=shift.id), backup_id=None)


def _named(naming: Backup, names: Mapping[UUID, Person]) -> Naming:
    host, backup = names[naming.host_id], names[naming.backup_id]
    return Naming(naming.id, backup.id, host.full_name, backup.full_name, naming.state)


def _record(tx: Tx, naming_id: UUID, person_id: UUID, by: By, *, before: str, after: str) -> None:
    entry = Entry(f"backup.{after}", "backup", naming_id, person_id, by)
    journal.record(tx.db, replace(entry, from_state=before, to_state=after), at=tx.now)


def _tell(tx: Tx, kind: str, naming_id: UUID, *, to: UUID, facts: dict[str, str]) -> None:
    told = Telling(f"{kind}:{naming_id}", kind, to, facts=facts)
    journal.tell(tx.db, told, at=tx.now, domain=tx.domain)
