"""The fictional hospital of a first run: its people, their hours, a year of shifts and promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.adapters.credentials import hash_password, new_pass_code
from shadowing.domain.bookings.states import TOOK_PLACE, State
from shadowing.domain.demo import cohort, events, followup, people, shifts, slots, waiting
from shadowing.domain.demo.hospital import Hospital, Raw, Rows
from shadowing.domain.errors import Refusal
from shadowing.domain.followup import templates
from shadowing.domain.people import Role
from shadowing.services.work import Work
from shadowing.store import days, demo
from shadowing.store.clearance import rechecks

ENTER_AS: Final = (
    (Role.OBSERVER, "ferrowby"),
    (Role.HOST, "okonjo"),
    (Role.UNIT_MANAGER, "odumarsh"),
    (Role.COORDINATOR, "tarrant"),
    (Role.HR, "solloway"),
    (Role.PRECEPTOR, "ekstrom"),
    (Role.PARTNER_COORDINATOR, "sandoval"),
    (Role.SYSADMIN, "oseiholm"),
)
HAS_A_PASS: Final = TOOK_PLACE | {State.CONFIRMED, State.CHECKED_IN, State.NO_SHOW}


class NotEmpty(Refusal):
    """The database holds people already; the demo is for an empty one."""

    code = "not_empty"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody of the demo to sign in as, one for each role."""

    role: Role
    name: str
    title: str
    email: str


def accounts() -> tuple[DemoAccount, ...]:
    """Name one person for each role."""
    raw = reference.demo_hospital()
    listed = {
        one["id"]: one for group in ("staff", "administrators", "hosts") for one in raw[group]
    }
    return tuple(_account(role, listed[code]) for role, code in ENTER_AS)


def _account(role: Role, raw: Raw) -> DemoAccount:
    title = raw.get("title") or reference.load().role(raw["role"]).label
    return DemoAccount(role=role, name=raw["name"], title=title, email=raw["mail"])


def is_empty(work: Work) -> bool:
    """Say whether nobody is in the database yet."""
    with work.read() as tx:
        return not demo.holds_people(tx.db)


def today(work: Work) -> date:
    """Name the day it is now at the first site of the demo."""
    zone = ZoneInfo(reference.demo_hospital()["sites"][0]["zone"])
    return work.clock().astimezone(zone).date()


def load(work: Work, *, password: str | None, today: date) -> tuple[DemoAccount, ...]:
    """Load the demo hospital as it stands on *today*, all of it or nothing.

    Nothing is queued to be sent: what happened before today was told at the time.

    Args:
        work: On an empty database, migrated.
        password: For everybody, or ``None`` for nobody (one-time links and "enter as" remain).
        today: The day the file counts from; the same day gives the same rows.

    Raises:
        NotEmpty: Somebody is in the database already.
    """
    if not is_empty(work):
        raise NotEmpty
    password_hash = hash_password(password) if password else None
    made = rows_for(today, password_hash=password_hash, domain=work.domain)
    with work.write() as tx:
        if demo.holds_people(tx.db):
            raise NotEmpty
        demo.insert_all(tx.db, made)
        for row in made["shift"]:
            if row["state"] in HAS_A_PASS:
                days.begin(tx.db, shift_id=UUID(str(row["id"])), pass_code=new_pass_code())
        rechecks.add_everybody(tx.db, at=tx.now)
    return accounts()


def rows_for(today: date, *, password_hash: str | None, domain: str) -> Rows:
    """Make every row of the demo as of *today*, by table.

    Args:
        today: The day the file counts from.
        password_hash: For everybody with an address, or ``None``.
        domain: The host in whose name calendar events are.
    """
    hospital = Hospital(raw=reference.demo_hospital(), reference=reference.load(), today=today)
    told = [shifts.tell(hospital, raw) for raw in hospital.raw["shifts"]]
    offered = slots.rows(hospital)
    offered["slot"] += waiting.meetings(hospital)
    seats = slots.seats(offered["slot"])
    gathered = cohort.rows(hospital)
    return {
        **people.rows(hospital, password_hash=password_hash),
        **offered,
        **gathered,
        "slot": [*offered["slot"], *gathered["slot"]],
        "shift": [shifts.rows(hospital, each, seats=seats) for each in told],
        "calendar_event": [row for each in told for row in events.rows(each, domain=domain)],
        **waiting.rows(hospital, told, offered["slot"]),
        **followup.rows(hospital, told, templates=templates.read(hospital.reference.reflections)),
        "audit": sorted(
            (row for each in told for row in shifts.audit(each)), key=lambda row: str(row["at"])
        ),
    }
