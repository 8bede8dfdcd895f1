"""A requirement that a coordinator writes: what it may say, and the code it gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize
from uuid import UUID

from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.policy import Actor
from shadowing.domain.reference.requirements import Requirement, Validity
from shadowing.services.work import Tx
from shadowing.store import people
from shadowing.store.clearance import requirements

REMINDERS: Final = (30, 7)
LONGEST_CODE: Final = 30
WHOM: Final[Mapping[str, Mapping[str, object]]] = {
    "everyone": {"always": True},
    "outside": {"person": "external"},
    "patients": {"patient_area": True},
    "in_person": {"slot_kind": ["in_person"]},
    "remote": {"slot_kind": ["remote"]},
}
EFFECTS: Final = ("block", "warn", "block_room")
VALID: Final = ("none", "cycle", "months")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A requirement that a coordinator would like to ask for.

    Attributes:
        whom: Key of ``WHOM``.
        text: Words to be ticked; empty where proof is shown and checked.
    """

    label: str
    help: str
    whom: str
    unit_id: UUID | None
    valid: str
    months: int
    effect: str
    waivable: bool
    text: str


def free_code(tx: Tx, label: str) -> str:
    """Make a code of a name that nobody has yet."""
    plain = normalize("NFKD", label).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Z0-9]+", "_", plain.upper()).strip("_")[:LONGEST_CODE] or "OWN"
    base, number = f"OWN_{stem}", 1
    code = base
    while requirements.taken(tx.db, code=code):
        number += 1
        code = f"{base}_{number}"
    return code


def made(tx: Tx, actor: Actor, wanted: Wanted, code: str) -> Requirement:
    """Make a requirement of what a coordinator wants.

    Raises:
        BadValue, NotFound: A choice that is none; a unit of another organization.
    """
    for name, value, known in (
        ("whom", wanted.whom, WHOM),
        ("effect", wanted.effect, EFFECTS),
        ("valid", wanted.valid, VALID),
    ):
        if value not in known:
            raise BadValue(field=name, problem="unknown_choice")
    if wanted.valid == "months" and not wanted.months:
        raise BadValue(field="months", problem="missing")
    if wanted.unit_id is not None:
        unit = people.find_unit(tx.db, unit_id=wanted.unit_id)
        if unit.organization_id != actor.organization_id:
            raise NotFound(unit_id=wanted.unit_id)
    months = wanted.months if wanted.valid == "months" else 0
    validity = Validity(kind=wanted.valid, months=months)
    text = tuple(line.strip() for line in wanted.text.splitlines() if line.strip())
    return Requirement(
        code=code,
        label=wanted.label,
        help=wanted.help,
        group="own",
        validity=validity,
        validity_external=validity,
        applies=WHOM[wanted.whom],
        due="before_confirm",
        on_lapse=wanted.effect,
        remind_days=REMINDERS if wanted.valid == "months" else (),
        waivable=wanted.waivable,
        partner_equivalent=not text,
        attest="observer" if text else "",
        text=text,
    )
