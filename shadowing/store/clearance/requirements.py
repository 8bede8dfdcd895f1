"""Requirements that an organization, a program or a unit has made its own: all their versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from shadowing.domain.clearance.rulebook import Own
from shadowing.domain.clearance.states import Life
from shadowing.domain.errors import NotFound
from shadowing.domain.reference.requirements import Requirement, Validity
from shadowing.store.base import AnyRow
from shadowing.store.tables.clearance import requirement

DAYS: Final = ("required_from", "required_to", "evidence_from")
NEVER: Final = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """One version as it is stored."""

    id: UUID
    own: Own
    urgent: bool
    made_at: datetime


def every(db: Connection) -> tuple[Own, ...]:
    """List every version that was ever in force, for the rules of clearance."""
    rows = db.execute(
        select(requirement).where(requirement.c.since.is_not(None)).order_by(requirement.c.version)
    )
    return tuple(_own(row) for row in rows)


def of_organization(db: Connection, *, organization_id: UUID) -> tuple[Kept, ...]:
    """List an organization's versions, drafts included, the newest first."""
    rows = db.execute(
        select(requirement)
        .where(requirement.c.organization_id == organization_id)
        .order_by(requirement.c.code, requirement.c.version.desc()),
    )
    return tuple(_kept(row) for row in rows)


def find(db: Connection, *, requirement_id: UUID, organization_id: UUID) -> Kept:
    """Read one version.

    Raises:
        NotFound: There is none by that id in this organization.
    """
    row = db.execute(
        select(requirement).where(
            requirement.c.id == requirement_id,
            requirement.c.organization_id == organization_id,
        ),
    ).first()
    if row is None:
        raise NotFound(requirement_id=requirement_id)
    return _kept(row)


def newest(db: Connection, *, organization_id: UUID, code: str) -> int:
    """Say how many versions an organization has of a code, none included."""
    found = db.execute(
        select(func.max(requirement.c.version)).where(
            requirement.c.organization_id == organization_id, requirement.c.code == code
        ),
    ).scalar()
    return found or NEVER


def taken(db: Connection, *, code: str) -> bool:
    """Say whether any organization uses a code."""
    found = db.execute(select(requirement.c.id).where(requirement.c.code == code).limit(1))
    return found.first() is not None


def add(db: Connection, own: Own, *, requirement_id: UUID, by_id: UUID, at: datetime) -> None:
    """Write a new version."""
    asked = own.requirement
    db.execute(
        insert(requirement).values(
            id=requirement_id,
            organization_id=UUID(own.owner),
            code=asked.code,
            version=own.version,
            unit_id=UUID(own.unit) if own.unit else None,
            program_id=UUID(own.program) if own.program else None,
            label=asked.label,
            help=asked.help,
            topic=asked.group,
            validity=_days(asked.validity),
            validity_external=_days(asked.validity_external),
            applies=plain(asked.applies),
            due=asked.due,
            on_lapse=asked.on_lapse,
            remind_days=list(asked.remind_days),
            waivable=asked.waivable,
            partner_equivalent=asked.partner_equivalent,
            attest=asked.attest,
            text=list(asked.text),
            state=own.state.value,
            since=own.since,
            binding_on=own.binding_on,
            made_by_id=by_id,
            made_at=at,
        ),
    )


def move(
    db: Connection,
    kept: Kept,
    *,
    to: Life,
    since: datetime | None,
    binding_on: date | None,
    urgent: bool,
) -> None:
    """Set where a version stands.

    Raises:
        NotFound: It moved meanwhile.
    """
    done = db.execute(
        update(requirement)
        .where(requirement.c.id == kept.id, requirement.c.state == kept.own.state.value)
        .values(state=to.value, since=since, binding_on=binding_on, urgent=urgent),
    )
    if done.rowcount != 1:
        raise NotFound(requirement_id=kept.id)


def seasonal(db: Connection) -> tuple[Kept, ...]:
    """List what may go out of season or come back."""
    states = (Life.ACTIVE.value, Life.OFF_SEASON.value)
    rows = db.execute(select(requirement).where(requirement.c.state.in_(states)))
    kept = (_kept(row) for row in rows)
    return tuple(each for each in kept if each.own.requirement.validity.kind == "season")


def _kept(row: AnyRow) -> Kept:
    return Kept(id=row.id, own=_own(row), urgent=row.urgent, made_at=row.made_at)


def _own(row: AnyRow) -> Own:
    return Own(
        requirement=Requirement(
            code=row.code,
            label=row.label,
            help=row.help,
            group=row.topic,
            validity=_validity(row.validity),
            validity_external=_validity(row.validity_external),
            applies=row.applies,
            due=row.due,
            on_lapse=row.on_lapse,
            remind_days=tuple(row.remind_days),
            waivable=row.waivable,
            partner_equivalent=row.partner_equivalent,
            attest=row.attest,
            text=tuple(row.text),
        ),
        owner=str(row.organization_id),
        unit=str(row.unit_id or ""),
        program=str(row.program_id or ""),
        version=row.version,
        state=Life(row.state),
        since=row.since,
        binding_on=row.binding_on,
    )


def _days(validity: Validity) -> dict[str, object]:
    days = {name: list(getattr(validity, name)) for name in DAYS}
    return {"kind": validity.kind, "months": validity.months, **days}


def _validity(raw: Mapping[str, Any]) -> Validity:
    days = {name: (raw[name][0], raw[name][1]) for name in DAYS}
    return Validity(kind=raw["kind"], months=raw["months"], **days)


def plain(rule: object) -> object:
    """Turn the read-only mapping of a rule into what JSON writes."""
    if isinstance(rule, Mapping):
        return {str(name): plain(value) for name, value in rule.items()}
    if isinstance(rule, tuple | list):
        return [plain(each) for each in rule]
    return rule
