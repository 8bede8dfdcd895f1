"""Programs: what each is set to, stricter than its organization or as strict, and its cycles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.domain.programs import Rules, is_list, is_switch, settable
from shadowing.domain.reference.settings import Setting
from shadowing.services import programs
from shadowing.services.programs import (
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    TEMPLATES,
    Run,
    Seen,
    Wanted,
)
from shadowing.web.fields import (
    AreaField,
    DayField,
    IdField,
    LineField,
    MenuField,
    TickField,
    trouble_with,
)
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import listed, sentence
from shadowing.web.session import actor, needs, today, work

bp = Blueprint("programs", __name__)

AS_HOUSE: Final = ""
ON, OFF = "on", "off"
WAYS: Final = {
    "higher": "or more",
    "lower": "or less",
    "on": "or on",
    "off": "or off",
    "more": "or as many others, or more",
}
MOST_NUMBERS: Final = 6
TITLES: Final = {
    "booking": "Booking",
    "clearance": "Clearance",
    "day": "The day",
    "notice": "Notice",
    "follow_up": "Afterwards",
    "host_protection": "Sparing hosts",
    "pairing": "Who may join whom",
}


ONE: Final = "Enter a whole number, or leave it empty."
SEVERAL: Final = "Enter up to 6 whole numbers with commas between, or leave it empty."


class ProgramForm(HouseForm):
    """What a program is called, and what it begins with."""

    name = LineField("Name", needed="Enter the name of the program.", most=LONGEST_NAME)
    default_template = MenuField("Questions after a shift", needed="Choose the questions.")
    purpose = AreaField("What it is for", most=LONGEST_PURPOSE)
    final_check = TickField("A coordinator looks once more before a shift is confirmed")


class CycleForm(HouseForm):
    """One cycle: its name and its days."""

    cycle = IdField()
    label = LineField("Name", needed="Enter the name of the cycle.", most=LONGEST_LABEL)
    starts_on = DayField("First day", needed="Choose the first day.")
    ends_on = DayField("Last day", needed="Choose the last day.")


LABELS: Final = {
    "late_cancel_hours": "Late to cancel",
    "hold_minutes": "Seat held while asking",
    "request_answer_hours": "Time to answer a request",
    "answer_margin_hours": "Answer at least before the start",
    "yearly_cap_hours": "Most in a year",
    "wishes_open": "Waiting for at a time",
    "offer_hours": "Free seat kept for who waits",
    "invites_open": "Invitations open at a time",
    "invite_days": "Time to answer an invitation",
    "clearance_deadline_hours": "Cleared before the start",
    "waiver_max_days": "Longest waiver",
    "counted_limit": "Late cancels and absences",
    "employee_days": "Notice for our own people",
    "external_days": "Notice for people from outside",
    "unit_notice_days": "Notice to the unit’s team",
    "card_hours": "Preparation card",
    "debrief_within_hours": "Debrief within",
    "first_update_days": "First word on a promise",
    "next_update_days": "Next word on a promise",
    "overdue_lock_days": "Late promise blocks from",
    "reflection_due_hours": "Write up within",
    "reflection_reminders": "Reminders to write up",
    "cool_down_days": "Rest between two visitors",
    "max_per_month": "Most visitors a month",
    "hosts_may_loosen": "Hosts may loosen their own limits",
}
"""What a setting is called here; one without a name of its own shows the table's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as a form shows it; ``said`` is what is wrong with it."""

    name: str
    label: str
    why: str
    unit: str
    switch: bool
    house: str
    way: str
    value: str
    said: str


@bp.get("/programs")
@needs(Action.PROGRAM_SEE)
def index() -> ResponseReturnValue:
    """Show the programs of the organization."""
    return render_template("programs/index.html", lines=programs.mine(work(), actor()))


@bp.route("/programs/<uuid:program_id>", methods=["GET", "POST"])
@needs(Action.PROGRAM_SEE)
def show(program_id: UUID) -> ResponseReturnValue:
    """Show one program, and save how it is set."""
    seen = programs.show(work(), actor(), program_id=program_id)
    form = _form(seen)
    said: dict[str, str] = {}
    if form.submitted():
        wanted, said = _read(seen.rules)
        if not said:
            said = _save(seen, form, wanted)
        if not said and not form.errors:
            flash("Saved. It holds for what is asked for from now on.", "success")
            return redirect(url_for(".show", program_id=program_id), 303)
    return _page(seen, form=form, said=said)


@bp.post("/programs/<uuid:program_id>/cycles")
@needs(Action.PROGRAM_CHANGE)
def cycles(program_id: UUID) -> ResponseReturnValue:
    """Add a cycle, or change the days of one."""
    seen = programs.show(work(), actor(), program_id=program_id)
    form = CycleForm(prefix="cycle-")
    if form.submitted():
        first = form.starts_on.data or today()
        run = Run(form.label.data or "", first, form.ends_on.data or first)
        with form.mending():
            programs.set_cycle(
                work(), actor(), run, program_id=program_id, cycle_id=form.cycle.data
            )
            flash("Saved.", "success")
            return redirect(url_for(".show", program_id=program_id), 303)
    return _page(seen, cycle=form)


def _form(seen: Seen) -> ProgramForm:
    form = ProgramForm(data=None)
    names = reference.load().reflections["templates"]
    labels = {each["code"]: str(each["name"]) for each in names if each["code"] in TEMPLATES}
    form.default_template.choices = [
        (code, f"{code}: {labels.get(code, '')}") for code in TEMPLATES
    ]
    if not form.is_submitted():
        form.name.data = seen.program.name
        form.default_template.data = seen.program.default_template
        form.final_check.data = seen.program.final_check
        form.purpose.data = seen.program.purpose
    return form


def _read(rules: Rules) -> tuple[dict[str, Any], dict[str, str]]:
    """Read what was typed for each setting; say what cannot be read."""
    wanted: dict[str, Any] = {}
    said: dict[str, str] = {}
    for each in settable(rules.known):
        text = request.form.get(f"set-{each.name}", "").strip()
        if text == AS_HOUSE:
            wanted[each.name] = None
        elif is_switch(each) and text in {ON, OFF}:
            wanted[each.name] = text == ON
        elif is_list(each) and (found := _numbers(text)):
            wanted[each.name] = found
        elif not is_switch(each) and not is_list(each) and _is_number(text):
            wanted[each.name] = int(text)
        else:
            said[each.name] = trouble_with(text) or (SEVERAL if is_list(each) else ONE)
    return wanted, said


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6  # noqa: PLR2004 (no setting is longer)


def _numbers(text: str) -> tuple[int, ...]:
    """Read several numbers, the greatest first, each once; nothing where they cannot be read."""
    parts = [part for part in re.split(r"[\s,;]+", text) if part]
    if len(parts) > MOST_NUMBERS or not all(map(_is_number, parts)):
        return ()
    return tuple(sorted({int(part) for part in parts}, reverse=True))


def _save(seen: Seen, form: ProgramForm, settings: dict[str, Any]) -> dict[str, str]:
    wanted = Wanted(
        name=form.name.data or "",
        default_template=form.default_template.data or "",
        final_check=form.final_check.data,
        purpose=form.purpose.data or "",
        settings=settings,
    )
    try:
        programs.change(work(), actor(), wanted, program_id=seen.program.id)
    except NotFound:
        raise
    except Refusal as refusal:
        name = str(refusal.facts.get("name", ""))
        if name in settings:
            return {name: sentence(refusal)}
        form.refuse(refusal)
    return {}


def _page(
    seen: Seen,
    *,
    form: ProgramForm | None = None,
    cycle: CycleForm | None = None,
    said: dict[str, str] | None = None,
) -> ResponseReturnValue:
    shown = form or _form(seen)
    faults = said or {}
    groups: dict[str, list[Line]] = {}
    for each in settable(seen.rules.known):
        title = TITLES.get(each.group, each.group.replace("_", " ").capitalize())
        groups.setdefault(title, []).append(_line(seen.rules, each, faults.get(each.name, "")))
    status = 422 if faults or shown.errors or (cycle and cycle.errors) else 200
    return render_template(
        "programs/show.html",
        seen=seen,
        program=seen.program,
        form=shown,
        errors=bool(faults) or bool(cycle and cycle.errors),
        faults=faults,
        groups=groups,
        cycle=cycle or CycleForm(formdata=None, prefix="cycle-"),
        runs_now=any(one.starts_on <= today() <= one.ends_on for one in seen.cycles),
    ), status


def _line(rules: Rules, setting: Setting, said: str) -> Line:
    house = rules.house.get(setting.name, setting.value)
    own = rules.own.get(setting.name)
    sent = request.form.get(f"set-{setting.name}") if request.method == "POST" else None
    # What cannot be shown is not shown again.
    typed = None if sent is None else "".join(letter for letter in sent if letter.isprintable())
    return Line(
        name=setting.name,
        label=LABELS.get(setting.name, setting.name.replace("_", " ").capitalize()),
        why=setting.why,
        unit=setting.unit,
        switch=is_switch(setting),
        house=_worded(house, setting),
        way=WAYS[setting.more["stricter"]],
        value=typed if typed is not None else _plain(own),
        said=said,
    )


def _worded(value: Any, setting: Setting) -> str:  # noqa: ANN401 - a number, a switch, or nothing
    if value is None:
        return "no limit"
    if isinstance(value, bool):
        return ON if value else OFF
    said = listed([str(each) for each in value]) if is_list(setting) else value
    return f"{said} {setting.unit.replace('_', ' ')}".strip()


def _plain(value: Any) -> str:  # noqa: ANN401 - a number, a switch, or nothing
    if value is None:
        return AS_HOUSE
    if isinstance(value, bool):
        return ON if value else OFF
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
