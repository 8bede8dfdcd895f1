"""Rows for what waits on the day of loading: meetings, invitations, wishes, changes, exceptions.

Each is as the product would have left it yesterday; the worker of the demo goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from shadowing.domain.bookings.proposals import Kind, lapses_at
from shadowing.domain.bookings.states import By
from shadowing.domain.demo.cohort import meeting
from shadowing.domain.demo.hospital import Hospital, Raw, Row, Rows, key
from shadowing.domain.demo.shifts import Told

INVITE_DAYS: Final = timedelta(days=14)


def meetings(hospital: Hospital) -> list[Row]:
    """List the meetings that administrators let clinicians come along to (B16)."""
    return [meeting(hospital, raw, raw) for raw in hospital.raw["meetings"]]


def rows(hospital: Hospital, told: Iterable[Told], slots: Iterable[Row]) -> Rows:
    """List what waits for an answer, and what was allowed."""
    shifts = {each.raw["id"]: each for each in told}
    free = sorted(slots, key=lambda row: str(row["starts_at"]))
    return {
        "shift_proposal": [
            _proposal(hospital, raw, shifts[raw["shift"]], free)
            for raw in hospital.raw["proposals"]
        ],
        "leader_invite": [_invite(hospital, raw, free) for raw in hospital.raw["invites"]],
        "wish": [_wish(hospital, raw) for raw in hospital.raw["wishes"]],
        "allowance": [_allowance(hospital, raw) for raw in hospital.raw["allowances"]],
    }


def _slot(hospital: Hospital, free: Iterable[Row], *, host: str, days: int) -> Row:
    """Find the first open slot of a host from a day on; the file names hosts who have some."""
    first = hospital.day(days)
    return next(
        row
        for row in free
        if row["host_id"] == key("person", host)
        and row["state"] == "open"
        and row["local_date"] >= first  # type: ignore[operator] # a row of ``slots``
    )


def _said(hospital: Hospital, raw: Raw) -> datetime:
    return hospital.now(hospital.home_zone) + timedelta(days=raw["asked"])


def _proposal(hospital: Hospital, raw: Raw, shift: Told, free: Iterable[Row]) -> Row:
    """Propose another time (B9) or another host (B12) for a shift."""
    moves = raw["kind"] == Kind.MOVE
    place: Row = {
        "id": None,
        "unit_id": key("unit", shift.unit) if shift.unit else None,
        "starts_at": shift.span.start,
        "ends_at": shift.span.end,
        "local_date": shift.day,
    }
    if moves:
        place = _slot(hospital, free, host=raw["host"], days=raw["days"])
    made_at, starts_at = _said(hospital, raw), place["starts_at"]
    until = lapses_at(made_at, starts_at=starts_at, stands_until=shift.span.start)  # type: ignore[arg-type] # as above
    return {
        "id": key("proposal", raw["shift"]),
        "shift_id": shift.id,
        "kind": raw["kind"],
        "state": "open",
        "made_by_id": key("person", raw["by"]),
        "acting_as": By.OBSERVER if moves else By.HOST,
        "made_at": made_at,
        "answer_by": until,
        "slot_id": place["id"],
        "host_id": key("person", raw["host"]),
        **{name: place[name] for name in ("unit_id", "starts_at", "ends_at", "local_date")},
        "note": raw.get("note", ""),
    }


def _invite(hospital: Hospital, raw: Raw, free: Iterable[Row]) -> Row:
    """Invite an administrator to hours of a host (B15)."""
    made_at = _said(hospital, raw)
    return {
        "id": key("invite", raw["host"], raw["person"]),
        "host_id": key("person", raw["host"]),
        "person_id": key("person", raw["person"]),
        "slot_id": _slot(hospital, free, host=raw["host"], days=raw["days"])["id"],
        "why": raw["why"],
        "made_at": made_at,
        "until": made_at + INVITE_DAYS,
        "state": "open",
    }


def _wish(hospital: Hospital, raw: Raw) -> Row:
    """Let somebody wait for a seat; where one is free the worker offers it (B5)."""
    return {
        "id": key("wish", raw["person"], raw.get("unit", ""), raw.get("role", "")),
        "person_id": key("person", raw["person"]),
        "slot_id": None,
        "unit_id": key("unit", raw["unit"]) if "unit" in raw else None,
        "host_role": raw.get("role", ""),
        "band": raw.get("band", ""),
        "first_on": hospital.day(raw["first"]),
        "last_on": hospital.day(raw["last"]),
        "goal": raw["goal"],
        "access_needs": "",
        "made_at": _said(hospital, raw),
        "state": "waiting",
    }


def _allowance(hospital: Hospital, raw: Raw) -> Row:
    """Allow one person one thing, with a reason (B4, F11, P6)."""
    return {
        "id": key("allowance", raw["kind"], raw["person"]),
        "kind": raw["kind"],
        "person_id": key("person", raw["person"]),
        "host_id": None,
        "slot_id": None,
        "local_date": hospital.day(raw["day"]) if "day" in raw else None,
        "cycle_id": key("cycle", raw["cycle"]) if "cycle" in raw else None,
        "ends_on": hospital.day(raw["until"]) if "until" in raw else None,
        "reason": raw["reason"],
        "given_by_id": key("person", raw["by"]),
        "given_at": _said(hospital, raw),
    }
