"""What a letter says of a change: the time it would be, and the one that stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time
from shadowing.domain.interval import Interval
from shadowing.services.notifications.extras import Extras
from shadowing.services.notifications.reading import Matter, Visit


def facts(
    matter: Matter, visit: Visit, *, kind: str, extras: Extras, base_url: str
) -> dict[str, Any]:
    """Say when it would be and when it is; nothing for letters about no change (N3)."""
    if kind == "moved-away":
        told = matter.parcel.facts
        span = Interval(_instant(told["start"]), _instant(told["end"]))
        return _when(matter, span, zone=str(told["zone"])) | {"unit": str(told["unit"])}
    if kind == "cancelled-by-visitor" and matter.recipient.id == visit.host.id:
        return {"note": visit.shift.note}
    proposal = matter.proposal
    if proposal is None:
        return {}
    zone = matter.proposed_unit.zone if matter.proposed_unit else visit.place.zone
    said = _when(matter, proposal.interval, zone=zone)
    said["unit"] = matter.proposed_unit.name if matter.proposed_unit else visit.what
    said["before"] = _short(matter, visit)
    said["answer_by"] = plain_time.moment(proposal.answer_by, zone, today=_today(matter, zone))
    if matter.recipient.id == proposal.host_id:
        page = f"{base_url}{extras.path}"
        said |= {"goal": visit.shift.goal, "note": proposal.note, "yes_url": page, "no_url": page}
        said |= {"promise_record": extras.promise_record}
    return said


def _when(matter: Matter, span: Interval, *, zone: str) -> dict[str, str]:
    today = _today(matter, zone)
    local = span.start.astimezone(ZoneInfo(zone)).date()
    return {
        "day_long": plain_time.day_long(span.start, zone, today=today),
        "day_short": plain_time.day_short(span.start, zone, today=today),
        "times": plain_time.time_range(span.start, span.end, zone),
        "zone_words": plain_time.zone_words(zone, span.start),
        "clock_change": plain_time.clock_change(local, zone) or "",
        "own_times": "",
        "length": plain_time.length(span.minutes),
    }


def _short(matter: Matter, visit: Visit) -> str:
    """Say when the shift is as it stands: "Wed, Mar 10, 7:15 – 11:00 pm"."""
    zone, shift = visit.place.zone, visit.shift
    day = plain_time.day_short(shift.starts_at, zone, today=_today(matter, zone))
    return f"{day}, {plain_time.time_range(shift.starts_at, shift.ends_at, zone)}"


def _today(matter: Matter, zone: str) -> date:
    return matter.now.astimezone(ZoneInfo(zone)).date()


def _instant(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
