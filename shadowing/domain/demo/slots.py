"""Rows for availability: weekly hours as the hosts gave them, and the slots they become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.availability.hours import Audience, Hours, Mode, Place, WeeklyHours, drafts
from shadowing.domain.demo.hospital import Hospital, Row, Rows, key
from shadowing.domain.demo.people import break_until, paused
from shadowing.domain.reference.spans import WEEKDAYS
from shadowing.domain.ways import IN_PERSON, REMOTE, Way

HORIZON_DAYS: Final = 90
HANDOVER: Final = "handover"


def rows(hospital: Hospital) -> Rows:
    """List weekly hours and slots of every host, over the horizon of rule A5."""
    weekly = {code: _weekly(hospital, code) for code in hospital.hosts}
    return {
        "weekly_hours": [
            _weekly_row(code, each) for code, hours in weekly.items() for each in hours
        ],
        "slot": [row for code, hours in weekly.items() for row in _slots(hospital, code, hours)],
    }


def seats(slots: list[Row]) -> dict[tuple[UUID, datetime], UUID]:
    """Find the slots again by host and start, their natural key."""
    return {(row["host_id"], row["starts_at"]): row["id"] for row in slots}  # type: ignore[misc] # rows made below


def way(options: Iterable[str | Mapping[str, Any]]) -> Way:
    """Read how hours are joined, and how sensitive they are above their unit."""
    said: dict[str, Any] = {}
    for option in options:
        said |= option if isinstance(option, Mapping) else {}
    join_at = str(said.get("join", ""))
    return Way(
        kind=REMOTE if join_at else IN_PERSON,
        seats=int(said.get("seats", 1)),
        join_at=join_at,
        sensitivity=str(said.get("sensitivity", "")),
    )


def _way_row(said: Way) -> Row:
    return {
        "kind": said.kind,
        "seats": said.seats,
        "join_at": said.join_at,
        "sensitivity": said.sensitivity,
    }


def _weekly(hospital: Hospital, code: str) -> tuple[WeeklyHours, ...]:
    return tuple(
        WeeklyHours(
            weekday=WEEKDAYS[day],
            hours=Hours(
                span=hospital.reference.span(span),
                start=start,
                end=end,
                mode=Mode(mode),
                audience=Audience.ANYONE,
                handover=HANDOVER in options,
                way=way(options),
            ),
        )
        for days, span, start, end, mode, *options in hospital.hosts[code]["avail"]
        for day in days
    )


def _weekly_row(code: str, weekly: WeeklyHours) -> Row:
    hours = weekly.hours
    return {
        "id": key("weekly_hours", code, str(weekly.weekday), hours.span.code, hours.start),
        "host_id": key("person", code),
        "weekday": weekly.weekday,
        "span": hours.span.code,
        "local_start": hours.start,
        "local_end": hours.end,
        "mode": hours.mode,
        "audience": hours.audience,
        "handover": hours.handover,
        **_way_row(hours.way),
        "valid_from": None,
        "valid_to": None,
    }


def _slots(hospital: Hospital, code: str, weekly: tuple[WeeklyHours, ...]) -> list[Row]:
    host = hospital.hosts[code]
    unit = hospital.units[host["unit"]]
    kind = hospital.reference.unit_kind(unit["kind"])
    longest = hospital.reference.setting("block_hours").most or 0
    place = Place(
        zone=ZoneInfo(hospital.sites[unit["site"]]["zone"]),
        rules=hospital.reference.time_rules,
        block_minutes=60 * kind.block_hours,
        longest_minutes=60 * longest,
    )
    last = hospital.day(HORIZON_DAYS)
    return [
        {
            "id": key("slot", code, draft.starts_at.isoformat()),
            "host_id": key("person", code),
            "unit_id": key("unit", host["unit"]),
            "starts_at": draft.starts_at,
            "ends_at": draft.ends_at,
            "local_date": draft.local_date,
            "span": draft.span,
            "band": draft.band,
            "mode": draft.mode,
            "audience": draft.audience,
            "handover": draft.handover,
            "host_role": host["role"],
            "site_id": None,
            "what": "",
            "room": "",
            **_way_row(draft.way),
            "state": "hidden" if _hidden(hospital, code, draft.starts_at) else "open",
        }
        for draft in drafts(weekly, (), place, first=hospital.today, last=last)
    ]


def _hidden(hospital: Hospital, code: str, starts_at: datetime) -> bool:
    """Say whether a slot is hidden: hosting cost too much (A4), or it lies in a break (A3)."""
    until = break_until(hospital, code)
    return paused(hospital, code) or (until is not None and starts_at < until)
