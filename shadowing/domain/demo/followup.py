"""Rows for what came of the shifts: debriefs, both sides' reflections, promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shadowing.domain.bookings.states import AHEAD, TOOK_PLACE, State
from shadowing.domain.demo.hospital import Hospital, Raw, Row, Rows, key
from shadowing.domain.demo.shifts import Told
from shadowing.domain.followup.conditions import START
from shadowing.domain.followup.questions import Field, Kind, Phase, Side
from shadowing.domain.followup.templates import Template, Templates, forms_for

JOIN: Final = "+"
CLOSING: Final = "phi_ok"
TELL: Final = "I write to you here, and you hear of every step."
WRITTEN_AFTER: Final = {Side.OBSERVER: timedelta(hours=3), Side.HOST: timedelta(hours=2)}
NOTED_AT: Final = "13:00"
REASONS_FOR_NONE: Final = ("nocommit", "clear_none")


@dataclass(frozen=True, slots=True)
class _Written:
    """What one side wrote, and whether it was sent."""

    given: Mapping[str, object]
    sent: bool
    waits_for: frozenset[str]


def rows(hospital: Hospital, shifts: Sequence[Told], *, templates: Templates) -> Rows:
    """List the rows of every table about what follows a shift."""
    by_shift = {each["shift"]: each for each in hospital.raw["reflections"]}
    debriefs = [_debrief(hospital, told, by_shift) for told in shifts if _has_debrief(told)]
    found: Rows = {"debrief": debriefs, "reflection": [], "reflection_text": []}
    for told in shifts:
        if told.state is State.CONFIRMED or told.state in TOOK_PLACE:
            for side in Side:
                written = _written(by_shift.get(told.raw["id"], {}), side=side)
                reflection, text = _reflection(
                    hospital, told, side=side, written=written, templates=templates
                )
                found["reflection"].append(reflection)
                found["reflection_text"].extend(text)
    found["reflection_template"] = _kept(templates, found["reflection"])
    by_id = {told.raw["id"]: told for told in shifts}
    promises = [(each, by_id[each["shift"]]) for each in hospital.raw["commitments"]]
    found["commitment"] = [_commitment(hospital, raw, told) for raw, told in promises]
    found["commitment_entry"] = [
        entry for raw, told in promises for entry in _entries(hospital, raw, told)
    ]
    return found


def _kept(templates: Templates, reflections: Sequence[Row]) -> list[Row]:
    """Keep every version of a template that something was written under."""
    used = {version for row in reflections for version in str(row["template_version"]).split(JOIN)}
    first = min(str(row["created_at"]) for row in reflections)
    return [
        {
            "version": template.version,
            "code": template.code,
            "source": template.source,
            "kept_at": datetime.fromisoformat(first),
        }
        for template in templates.all
        if template.version in used
    ]


def _has_debrief(told: Told) -> bool:
    return told.debrief is not None and (told.state in TOOK_PLACE or told.state in AHEAD)


def _debrief(hospital: Hospital, told: Told, by_shift: Mapping[str, Raw]) -> Row:
    held = told.debrief
    if held is None:
        raise ValueError("a debrief has a time")
    raw = told.raw.get("debrief", {"state": "held_slot"})
    marker = {"held": told.raw["obs"], "waived": hospital.coordinator}.get(raw["state"])
    observer = by_shift.get(told.raw["id"], {}).get("obs", {})
    reasons = (observer[name] for name in REASONS_FOR_NONE if name in observer)
    return {
        "shift_id": told.id,
        "starts_at": held.start,
        "ends_at": held.end,
        "state": raw["state"],
        "marked_by_id": key("person", marker) if marker else None,
        "marked_at": held.end if marker else None,
        "waived_reason": raw.get("reason", ""),
        "no_commitment_reason": next(reasons, ""),
        "cohort_day_id": key("cohort_day", raw["cohort_day"]) if "cohort_day" in raw else None,
        "cohort_version": 0 if "cohort_day" in raw else None,
    }


def _written(raw: Raw, *, side: Side) -> _Written | None:
    given = raw.get("obs" if side is Side.OBSERVER else "host")
    if given is None:
        return None
    waits_for = frozenset(raw.get("host_waiting_for", ()) if side is Side.HOST else ())
    draft = bool(given.get("draft"))
    answers = {name: value for name, value in given.items() if name != "draft"}
    return _Written(answers, sent=not draft and not waits_for, waits_for=waits_for)


def _reflection(
    hospital: Hospital,
    told: Told,
    *,
    side: Side,
    written: _Written | None,
    templates: Templates,
) -> tuple[Row, list[Row]]:
    identity = key("reflection", told.raw["id"], side)
    author = told.raw["obs" if side is Side.OBSERVER else "host"]
    forms = forms_for(templates, chosen=_template(hospital, told), side=side)
    at = told.span.end + WRITTEN_AFTER[side]
    sent = written is not None and written.sent
    row: Row = {
        "id": identity,
        "shift_id": told.id,
        "author_id": key("person", author),
        "side": side,
        "template": JOIN.join(form.code for form in forms),
        "template_version": JOIN.join(form.version for form in forms),
        "state": ("submitted" if sent else "draft") if written else "expected",
        "lint_fired": 0,
        "created_at": told.entered(State.CONFIRMED),
        "saved_at": at if written else None,
        "submitted_at": at if sent else None,
        "deleted_at": None,
    }
    if written is None:
        return row, []
    answers = _answers(hospital, told, forms=forms, written=written, side=side)
    return row, [{"reflection_id": identity, "answers": answers, "releases": {}}]


def _template(hospital: Hospital, told: Told) -> str:
    default: str = hospital.raw["programs"][0]["default_template"]
    chosen: str = told.raw.get("template", default)
    return chosen


def _answers(
    hospital: Hospital,
    told: Told,
    *,
    forms: Sequence[Template],
    written: _Written,
    side: Side,
) -> dict[str, object]:
    """Put together what one side wrote: what the file gives, and from its pool what it does not."""
    answers: dict[str, object] = {}
    for form in forms:
        for field in form.fields:
            if field.filled_by != side:
                continue
            if field.key in written.given:
                answers[field.key] = _plain(hospital, field, written.given[field.key])
            elif written.sent and _needed(field, answers):
                answers[field.key] = _from_pool(hospital, f"{form.code}.{field.key}", told)
    if written.sent:
        answers[CLOSING] = True
    return answers


def _needed(field: Field, answers: Mapping[str, object]) -> bool:
    """Say whether a form cannot be sent without it; what the debrief asks for may come later."""
    asked_for = field.required_if is not None and field.required_if.holds(answers, START)
    return field.phase is not Phase.DEBRIEF and (field.required or asked_for)


def _plain(hospital: Hospital, field: Field, value: object) -> object:
    if field.kind is Kind.ROLE_AND_ORGANIZATION and isinstance(value, Mapping):
        return {"role": value["role"], "organization": value["org"]}
    if field.kind is Kind.DATE and isinstance(value, int):
        return hospital.day(value).isoformat()
    return value


def _from_pool(hospital: Hospital, name: str, told: Told) -> str:
    pool: Sequence[str] = hospital.raw["text_pool"][name]
    return pool[int(told.raw["id"][1:]) % len(pool)]


def _commitment(hospital: Hospital, raw: Raw, told: Told) -> Row:
    entries = list(_entries(hospital, raw, told))
    due = hospital.day(raw["due"])
    return {
        "id": key("commitment", raw["id"]),
        "shift_id": told.id,
        "owner_id": key("person", raw["owner"]),
        "host_id": key("person", told.raw["host"]),
        "unit_id": key("unit", told.unit) if told.unit else None,
        "kind": raw.get("kind", "remove_obstacle"),
        "team": raw.get("team", ""),
        "saw": raw["saw"],
        "action": raw["will"],
        "tell": TELL,
        "due_on": due,
        "first_due_on": due,
        "state": entries[-1]["state"],
        "kept_between": 0,
        "created_at": entries[0]["at"],
        "changed_at": entries[-1]["at"],
    }


def _entries(hospital: Hospital, raw: Raw, told: Told) -> Iterator[Row]:
    """List what became of a promise; it begins as proposed, when the debrief is over."""
    log = [(hospital.day(each[0]), *each[1:]) for each in raw["log"]]
    if log[0][1] != "proposed":
        proposed = told.debrief.end if told.debrief else told.span.end
        yield _entry(
            raw, told, at=proposed, state="proposed", note="", due=hospital.day(raw["due"])
        )
    for day, state, *note in log:
        at = hospital.at(day, NOTED_AT, told.zone)
        yield _entry(raw, told, at=at, state=state, note=note[0] if note else "", due=None)


def _entry(
    raw: Raw,
    told: Told,
    *,
    at: datetime,
    state: str,
    note: str,
    due: date | None,
) -> Row:
    by_host = state in {"agreed_with_host", "seen_by_host"}
    return {
        "commitment_id": key("commitment", raw["id"]),
        "at": at,
        "by_id": key("person", told.raw["host"] if by_host else raw["owner"]),
        "state": state,
        "note": note,
        "due_on": due,
    }
