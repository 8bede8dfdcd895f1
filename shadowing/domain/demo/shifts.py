"""Rows for shifts: each with the way it came, as if every move had been made in its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.availability.bands import band_of
from shadowing.domain.availability.clock import minute_of
from shadowing.domain.bookings.states import AHEAD, WAITING, By, State
from shadowing.domain.bookings.timing import DEFAULTS, answer_by
from shadowing.domain.demo import cohort
from shadowing.domain.demo.hospital import A_DAY, Hospital, Raw, Row, key
from shadowing.domain.demo.slots import way
from shadowing.domain.interval import Interval
from shadowing.domain.ways import BESIDE

LEAD_DAYS: Final = 30
ASKED_AT: Final = "16:00"
ASKED_TODAY_AT: Final = "09:00"
GOAL: Final = "See the work that my decisions land on."
NEXT_MOVE: Final = timedelta(hours=20)
TAIL: Final = timedelta(minutes=30)

AGREED: Final = (State.REQUESTED, State.HOST_ACCEPTED, State.UNIT_APPROVED)
CONFIRMED: Final = (*AGREED, State.CLEARED, State.CONFIRMED)
BEFORE: Final[Mapping[State, tuple[State, ...]]] = {
    State.REQUESTED: (),
    State.HOST_ACCEPTED: AGREED[:1],
    State.UNIT_APPROVED: AGREED[:2],
    State.CLEARED: AGREED,
    State.CONFIRMED: CONFIRMED[:-1],
    State.COMPLETED: (*CONFIRMED, State.CHECKED_IN),
    State.ENDED_EARLY: (*CONFIRMED, State.CHECKED_IN),
    State.DEBRIEFED: (*CONFIRMED, State.CHECKED_IN, State.COMPLETED),
    State.CLOSED: (*CONFIRMED, State.CHECKED_IN, State.COMPLETED, State.DEBRIEFED),
    State.DECLINED: AGREED[:1],
    State.WITHDRAWN: AGREED[:1],
    State.EXPIRED: AGREED[:1],
    State.CANCELLED_BY_OBSERVER: CONFIRMED,
    State.CANCELLED_BY_HOST: CONFIRMED,
    State.CLINICAL_OVERRIDE: CONFIRMED,
    State.NO_SHOW: CONFIRMED,
}
ENTERED_BY: Final[Mapping[State, By]] = {
    State.REQUESTED: By.OBSERVER,
    State.HOST_ACCEPTED: By.HOST,
    State.UNIT_APPROVED: By.UNIT,
    State.CHECKED_IN: By.OBSERVER,
    State.COMPLETED: By.OBSERVER,
    State.ENDED_EARLY: By.HOST,
    State.DEBRIEFED: By.OBSERVER,
    State.DECLINED: By.HOST,
    State.WITHDRAWN: By.OBSERVER,
    State.CANCELLED_BY_OBSERVER: By.OBSERVER,
    State.CANCELLED_BY_HOST: By.HOST,
    State.CLINICAL_OVERRIDE: By.UNIT,
    State.NO_SHOW: By.HOST,
}
REASON: Final = {State.EXPIRED: "unanswered", State.NO_SHOW: "absent"}
POLICY: Final = {
    State.UNIT_APPROVED: "unit_auto_approve",
    State.CLEARED: "clearance",
    State.CONFIRMED: "no_final_check",
    State.EXPIRED: "unanswered",
    State.CLOSED: "complete",
}


@dataclass(frozen=True, slots=True)
class Passed:
    """One state a shift came into: when, and by whom; nobody for the clock."""

    state: State
    at: datetime
    by: By
    person: str | None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One shift of the file on the day of loading.

    Attributes:
        raw: As the file has it.
        unit: Code of the unit, or ``None`` for a reverse shadow.
        day: The local date it belongs to (A5).
        debrief: When the debrief is held, if a time is held for it.
        way: Every state it came into, in order; the last one is where it stands.
    """

    raw: Raw
    unit: str | None
    site: str
    zone: str
    day: date
    span: Interval
    band: str
    mode: str
    host_role: str
    debrief: Interval | None
    way: tuple[Passed, ...]

    @property
    def id(self) -> UUID:
        """The id of its row."""
        return key("shift", self.raw["id"])

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.way[-1].state

    def entered(self, state: State) -> datetime | None:
        """Say when it came into a state, if it did."""
        return next((passed.at for passed in self.way if passed.state is state), None)


def tell(hospital: Hospital, raw: Raw) -> Told:
    """Read one shift of the file."""
    reverse = raw.get("kind") == "reverse"
    unit = None if reverse else hospital.hosts[raw["host"]]["unit"]
    site = raw["site"] if reverse else hospital.units[unit or ""]["site"]
    zone = hospital.sites[site]["zone"]
    day = hospital.on(raw["date"])
    span = _span(hospital, raw, day=day, zone=zone)
    clinician = raw["obs"] if reverse else raw["host"]
    told = Told(
        raw=raw,
        unit=unit,
        site=site,
        zone=zone,
        day=day,
        span=span,
        band=_band(hospital, raw),
        mode="ask" if reverse else _mode(hospital, raw),
        host_role=hospital.hosts[clinician]["role"],
        debrief=_debrief(hospital, raw, end=span.end, zone=zone),
        way=(),
    )
    return _with_way(hospital, told)


def _span(hospital: Hospital, raw: Raw, *, day: date, zone: str) -> Interval:
    """Read the hours; before the start of their span they are after midnight."""
    start, end = raw["time"]
    opens = hospital.reference.span(raw["span"]).start if "span" in raw else start
    first = day + A_DAY * (minute_of(start) < minute_of(opens))
    last = first + A_DAY * (minute_of(end) <= minute_of(start))
    return Interval(hospital.at(first, start, zone), hospital.at(last, end, zone))


def _band(hospital: Hospital, raw: Raw) -> str:
    rules = hospital.reference.time_rules
    span = hospital.reference.span(raw.get("span", "OC24"))
    return band_of(span, minute_of(raw["time"][0]), rules)


def _mode(hospital: Hospital, raw: Raw) -> str:
    for _, span, start, end, mode, *_ in hospital.hosts[raw["host"]]["avail"]:
        if span == raw["span"] and [start, end] == raw["time"]:
            return str(mode)
    return str(raw.get("mode", "ask"))


def _way(hospital: Hospital, raw: Raw) -> Row:
    """Say how a shift is joined, and how sensitive it is above its unit: as its hours are."""
    if "kind" in raw:
        return {"kind": raw["kind"], "join_at": "", "sensitivity": ""}
    found = BESIDE
    for _, span, start, end, _, *options in hospital.hosts[raw["host"]]["avail"]:
        if span == raw["span"] and [start, end] == raw["time"]:
            found = way(options)
    return {"kind": found.kind, "join_at": found.join_at, "sensitivity": found.sensitivity}


def _debrief(hospital: Hospital, raw: Raw, *, end: datetime, zone: str) -> Interval | None:
    """Say when the debrief is: so many hours on by the clock on the wall, else a day after."""
    if "debrief" not in raw and State(raw["state"]) not in {State.UNIT_APPROVED, State.CLEARED}:
        return None
    if gathered := raw.get("debrief", {}).get("cohort_day"):
        return cohort.joint_talk(hospital, gathered)
    hours = raw.get("debrief", {}).get("after_h", 24)
    wall = end.astimezone(ZoneInfo(zone)) + timedelta(hours=hours)
    start = hospital.at(wall.date(), f"{wall:%H:%M}", zone)
    return Interval(start, start + TAIL)


def _with_way(hospital: Hospital, told: Told) -> Told:
    asked = _asked(hospital, told)
    way: list[Passed] = []
    latest = hospital.now(told.zone)
    steps = _steps(told)
    stride = min(NEXT_MOVE, (min(latest, told.span.start) - asked) / (len(steps) + 1))
    for entered in steps:
        by, code = _by(hospital, told, entered)
        at = _fixed(told, entered, asked=asked, hospital=hospital)
        if at is None:
            at = way[-1].at + (timedelta(0) if by is By.CLOCK else stride)
        person = _person(hospital, told, by)
        way.append(Passed(entered, max(at, way[-1].at) if way else at, by, person, code))
    return replace(told, way=tuple(way))


def _steps(told: Told) -> tuple[State, ...]:
    """List the states of a shift's way; one that ended early and was talked about is debriefed."""
    state = State(told.raw["state"])
    talked = told.raw.get("debrief", {}).get("state") in {"held", "waived"}
    further = (State.DEBRIEFED,) if state is State.ENDED_EARLY and talked else ()
    return (*BEFORE[state], state, *further)


def _asked(hospital: Hospital, told: Told) -> datetime:
    days = told.raw.get("asked")
    if days is None:
        return hospital.at(told.day - LEAD_DAYS * A_DAY, ASKED_AT, told.zone)
    return hospital.at(hospital.day(days), ASKED_AT if days else ASKED_TODAY_AT, told.zone)


def _by(hospital: Hospital, told: Told, state: State) -> tuple[By, str]:
    """Say in which part a state is reached, and by which policy where that is nobody's."""
    in_advance = told.mode in {"auto", "blind"} and "override" not in told.raw
    if state is State.HOST_ACCEPTED and in_advance:
        return By.CLOCK, f"slot_{told.mode}"
    if state is State.UNIT_APPROVED:
        if told.unit is None:
            return By.CLOCK, "no_unit"
        kind = hospital.reference.unit_kind(hospital.units[told.unit]["kind"])
        if hospital.reference.sensitivities[kind.sensitivity].automatic:
            return By.CLOCK, POLICY[state]
    if state is State.DEBRIEFED and told.raw["debrief"]["state"] == "waived":
        return By.COORDINATOR, "waived"
    if state not in ENTERED_BY:
        return By.CLOCK, POLICY.get(state, "")
    return ENTERED_BY[state], REASON.get(state, "")


def _person(hospital: Hospital, told: Told, by: By) -> str | None:
    if by is By.CLOCK:
        return None
    if by is By.UNIT:
        return str(hospital.units[told.unit or ""]["manager"])
    if by is By.COORDINATOR:
        return hospital.coordinator
    return str(told.raw["obs"] if by is By.OBSERVER else told.raw["host"])


def _fixed(told: Told, state: State, *, asked: datetime, hospital: Hospital) -> datetime | None:
    """Say when a state was reached that the file or the hours of the shift tell the time of."""
    start, end = _actual(hospital, told)
    talked = told.debrief.end if told.debrief else end + NEXT_MOVE
    paused = hospital.units[told.unit].get("paused") if told.unit else None
    stopped = hospital.now(told.zone) + A_DAY * paused["since"] if paused else start - 3 * TAIL
    return {
        State.REQUESTED: asked,
        State.CHECKED_IN: start,
        State.COMPLETED: end,
        State.ENDED_EARLY: end,
        State.DEBRIEFED: talked,
        State.EXPIRED: answer_by(asked, told.span.start),
        State.CANCELLED_BY_OBSERVER: start - timedelta(hours=told.raw.get("hours_before", 72)),
        State.CANCELLED_BY_HOST: start - 5 * A_DAY,
        State.CLINICAL_OVERRIDE: stopped,
        State.NO_SHOW: start + TAIL + TAIL,
        State.CLOSED: _closed(hospital, told, talked=talked),
    }.get(state)


def _closed(hospital: Hospital, told: Told, *, talked: datetime) -> datetime:
    """Say when a shift closed: the debrief over, and every promise agreed on."""
    agreed = [
        hospital.at(hospital.day(each["log"][0][0]), "13:00", told.zone)
        for each in hospital.raw["commitments"]
        if each["shift"] == told.raw["id"]
    ]
    return max((talked + A_DAY, *agreed))


def _actual(hospital: Hospital, told: Told) -> tuple[datetime, datetime]:
    """Say when it took place, where that is not as planned."""
    if "actual" not in told.raw:
        return told.span.start, told.span.end
    start, end = told.raw["actual"]
    return hospital.at(told.day, start, told.zone), hospital.at(told.day, end, told.zone)


def rows(hospital: Hospital, told: Told, *, seats: Mapping[tuple[UUID, datetime], UUID]) -> Row:
    """Make the row of one shift.

    Args:
        hospital: The file on its day.
        told: The shift.
        seats: Ids of slots by host and start.
    """
    raw, state = told.raw, told.state
    host_id = key("person", raw["host"])
    asked = told.way[0].at
    return {
        "id": told.id,
        "program_id": key("program", hospital.raw["programs"][0]["id"]),
        "slot_id": seats.get((host_id, told.span.start)) if state in AHEAD else None,
        "observer_id": key("person", raw["obs"]),
        "host_id": host_id,
        "unit_id": key("unit", told.unit) if told.unit else None,
        "site_id": key("site", told.site),
        **_way(hospital, raw),
        "what": raw.get("what", ""),
        "starts_at": told.span.start,
        "ends_at": told.span.end,
        "local_date": told.day,
        "band": told.band,
        "mode": told.mode,
        "host_role": told.host_role,
        "template": raw.get("template", hospital.raw["programs"][0]["default_template"]),
        "state": state,
        "reason": REASON.get(state, ""),
        "version": len(told.way),
        "goal": raw.get("why", GOAL),
        "requested_at": asked,
        "answer_by": _answer_by(told, asked=asked),
        "late": raw.get("hours_before", 72) < DEFAULTS.late_cancel // timedelta(hours=1),
        **_attendance(hospital, told),
        **_override(raw),
    }


def _override(raw: Raw) -> Row:
    """Say who allowed a shift across a reporting line, and why (P6)."""
    override = raw.get("override")
    return {
        "overridden_by_id": key("person", override["by"]) if override else None,
        "override_reason": override["reason"] if override else "",
    }


def _answer_by(told: Told, *, asked: datetime) -> datetime:
    """Say when it lapses; what a host has said yes to waits for the others up to the margin."""
    if told.state in WAITING - {State.REQUESTED}:
        return told.span.start - DEFAULTS.answer_margin
    return answer_by(asked, told.span.start)


def _attendance(hospital: Hospital, told: Told) -> Row:
    start, end = _actual(hospital, told)
    came = told.entered(State.CHECKED_IN) is not None
    return {
        "checked_in_at": start if came else None,
        "checked_in_by_id": key("person", told.raw["obs"]) if came else None,
        "checked_out_at": end if came else None,
        "minutes": Interval(start, end).minutes if came else None,
    }


def audit(told: Told) -> Iterator[Row]:
    """List the lines of the audit log: one for each state it came into (rule P16)."""
    before = ""
    for passed in told.way:
        yield {
            "at": passed.at,
            "person_id": key("person", passed.person) if passed.person else None,
            "acting_as": passed.by,
            "event": f"shift.{passed.state}",
            "subject": "shift",
            "subject_id": told.id,
            "from_state": before,
            "to_state": passed.state,
            "code": passed.code,
        }
        before = passed.state
