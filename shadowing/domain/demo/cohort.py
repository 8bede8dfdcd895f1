"""Rows for cohort days: the day, whom it invites, and the meetings on offer on it (B14, B16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shadowing.domain.availability.bands import band_of
from shadowing.domain.demo.hospital import Hospital, Raw, Row, Rows, key
from shadowing.domain.interval import Interval

ALL_DAY: Final = "OC24"
ASKED_BEFORE: Final = -3
"""Days from today to when the days were opened."""


def rows(hospital: Hospital) -> Rows:
    """List the cohort days of the file, with their guests and meetings."""
    days = hospital.raw["cohort_days"]
    return {
        "cohort_day": [_day(hospital, raw) for raw in days],
        "cohort_guest": [
            {
                "day_id": key("cohort_day", raw["id"]),
                "person_id": key("person", code),
                "invited_at": _opened(hospital, raw),
            }
            for raw in days
            for code in raw["observers"]
        ],
        "slot": [meeting(hospital, raw, one) for raw in days for one in raw["meetings"]],
    }


def joint_talk(hospital: Hospital, code: str) -> Interval:
    """Say when the joint talk of a day of the file is."""
    raw = next(each for each in hospital.raw["cohort_days"] if each["id"] == code)
    zone = hospital.sites[raw["site"]]["zone"]
    starts = hospital.at(hospital.on(raw["date"]), raw["joint_debrief"], zone)
    return Interval(starts, starts + timedelta(minutes=raw["minutes"]))


def _day(hospital: Hospital, raw: Raw) -> Row:
    talk = joint_talk(hospital, raw["id"])
    opened = _opened(hospital, raw)
    return {
        "id": key("cohort_day", raw["id"]),
        "program_id": key("program", raw["program"]),
        "site_id": key("site", raw["site"]),
        "name": raw["name"],
        "purpose": raw["purpose"],
        "local_date": hospital.on(raw["date"]),
        "talk_starts_at": talk.start,
        "talk_ends_at": talk.end,
        "room": raw["room"],
        "state": raw["state"],
        "version": 0,
        "made_by_id": key("person", raw["by"]),
        "made_at": opened,
        "planned_at": opened,
    }


def _opened(hospital: Hospital, raw: Raw) -> datetime:
    zone = hospital.sites[raw["site"]]["zone"]
    return hospital.at(hospital.day(ASKED_BEFORE), "10:00", zone)


def meeting(hospital: Hospital, raw: Raw, one: Raw) -> Row:
    """Let clinicians come along to a meeting; *raw* says on which day and at which site (B16)."""
    zone = hospital.sites[raw["site"]]["zone"]
    day = hospital.on(raw["date"])
    starts, ends = (hospital.at(day, time, zone) for time in one["time"])
    known = hospital.reference
    hour, minute = (int(part) for part in one["time"][0].split(":"))
    return {
        "id": key("slot", one["host"], starts.isoformat()),
        "host_id": key("person", one["host"]),
        "unit_id": None,
        "starts_at": starts,
        "ends_at": ends,
        "local_date": day,
        "span": "",
        "band": band_of(known.span(ALL_DAY), 60 * hour + minute, known.time_rules),
        "kind": "reverse",
        "mode": "ask",
        "audience": "anyone",
        "handover": False,
        "host_role": "",
        "seats": one["seats"],
        "site_id": key("site", raw["site"]),
        "what": one["what"],
        "room": one["room"],
        "join_at": "",
        "sensitivity": "",
        "state": "open",
    }
