"""What pages say of requirements: how each stands, by when, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from flask import url_for

from shadowing.adapters.plain_time import day_short, moment
from shadowing.domain.clearance.evidence import Effect, Reason, State
from shadowing.services.clearance.own import Line, Need, Overview
from shadowing.web.sentences import listed
from shadowing.web.session import today

WHY_BACK: Final[Mapping[str, str]] = {
    "not_found": "The proof could not be found there. Say again where it is kept.",
    "another_person": "The proof was about somebody else. Name your own.",
    "too_old": "What you named is too old. Do it again, then say so.",
    "not_accepted": "This kind of proof does not count here. Ask your coordinator which does.",
    "incomplete": "A part is still missing. Complete it, then say so again.",
    "by_mistake": "It had been marked as done by mistake. Say when it was done.",
    "withdrawn_by_issuer": "Whoever issued the proof has withdrawn it. Do it again.",
}
"""What to do, by the code of why a claim was sent back or a credential taken back."""
SEND_BACK: Final = (
    ("not_found", "The proof is not where it should be"),
    ("another_person", "It is about somebody else"),
    ("too_old", "It is too old"),
    ("not_accepted", "This kind of proof does not count"),
    ("incomplete", "A part is missing"),
)
TAKE_BACK: Final = (
    ("by_mistake", "It was marked by mistake"),
    ("withdrawn_by_issuer", "The issuer has withdrawn it"),
)
CLEARS: Final = frozenset({State.VALID, State.EXPIRING, State.WAIVED})


@dataclass(frozen=True, slots=True)
class Told:
    """A requirement as ``progress.checklist`` takes it."""

    state: str
    text: str
    meta: str
    url: str = ""
    url_text: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """A person's requirements, by what there is to do."""

    todo: tuple[Told, ...]
    waiting: tuple[Told, ...]
    soon: tuple[Told, ...]
    fine: tuple[Told, ...]
    elsewhere: tuple[Told, ...]


def day(on: date) -> str:
    """Word a day."""
    noon = datetime.combine(on, time(12), tzinfo=UTC)
    return day_short(noon, "UTC", today=today())


def title(told: Overview) -> str:
    """Say in a word how somebody stands."""
    if told.cleared:
        return "You are cleared"
    open_now = len([line for line in told.lines if _is_todo(line)])
    waits = any(_is_waiting(line) for line in told.lines)
    if not open_now:
        return "Nearly there: something is being checked" if waits else "Not cleared yet"
    return f"{open_now} {'thing' if open_now == 1 else 'things'} to finish"


def groups(told: Overview) -> Groups:
    """Sort what is asked of a person by what there is to do."""
    lines = told.lines
    return Groups(
        todo=tuple(_todo(line) for line in lines if _is_todo(line)),
        waiting=tuple(_waiting(line) for line in lines if _is_waiting(line)),
        soon=tuple(_soon(line) for line in lines if _is_soon(line)),
        fine=tuple(_fine(line) for line in lines if line.missing is None and not _is_soon(line)),
        elsewhere=tuple(_elsewhere(line) for line in lines if _is_elsewhere(line)),
    )


def _is_waiting(line: Line) -> bool:
    return line.missing is not None and line.missing.reason is Reason.PENDING


def _is_elsewhere(line: Line) -> bool:
    asked_some = bool(line.units) and not line.needs
    return line.missing is not None and asked_some and not _is_waiting(line)


def _is_todo(line: Line) -> bool:
    return line.missing is not None and not _is_waiting(line) and not _is_elsewhere(line)


def _is_soon(line: Line) -> bool:
    runs_out = line.state is State.EXPIRING or line.state is State.WAIVED
    return line.missing is None and runs_out and line.valid_to is not None


def _todo(line: Line) -> Told:
    meta = " ".join(filter(None, (_back(line), _ran_out(line), _by(line), _help(line))))
    return Told("warn", line.requirement.label, meta, *_way(line))


def _waiting(line: Line) -> Told:
    since = line.held.claim if line.held else None
    said = f"You said so on {day(since.at.date())}. " if since else ""
    return Told("todo", line.requirement.label, f"{said}Nothing to do for you. {_by(line)}".strip())


def _soon(line: Line) -> Told:
    until = day(line.valid_to) if line.valid_to else ""
    said = f"Waived until {until}." if line.state is State.WAIVED else f"Runs out on {until}."
    if line.held and line.held.claim:
        return Told("warn", line.requirement.label, f"{said} Your renewal is being checked.")
    return Told("warn", line.requirement.label, f"{said} {_help(line)}", *_way(line, again=True))


def _fine(line: Line) -> Told:
    ends = f"Holds through {day(line.valid_to)}." if line.valid_to else "Done, with no end."
    by = f" Checked by {line.verifier}." if line.verifier and not line.ticked else ""
    from_ = f" Accepted from {line.partner}." if line.partner else ""
    return Told("ok", line.requirement.label, f"{ends}{by}{from_}{_coming(line)}")


def _elsewhere(line: Line) -> Told:
    shown = list(line.units[:3])
    more = len(line.units) - len(shown)
    where = listed([*shown, f"{more} more"]) if more else listed(shown)
    meta = f"Only for {where}. {_effect(line)}{_help(line)}"
    return Told("todo", line.requirement.label, meta, *_way(line))


def _effect(line: Line) -> str:
    lack = line.missing
    if lack is not None and lack.effect is Effect.BLOCK_ROOM:
        return "Without it, some rooms stay closed. "
    return ""


def _coming(line: Line) -> str:
    if line.binding_on is None:
        return ""
    return f" New words or rules hold for shifts booked before from {day(line.binding_on)} on."


def _back(line: Line) -> str:
    return WHY_BACK.get(line.held.rejected, "") if line.held else ""


def _ran_out(line: Line) -> str:
    lack = line.missing
    if lack is None:
        return ""
    if lack.reason is Reason.NEW_TEXT:
        return "The words have changed. Read them and tick again."
    if lack.valid_to is None:
        return ""
    if lack.reason is Reason.EXPIRED:
        return f"Ran out on {day(lack.valid_to)}."
    return f"Runs out on {day(lack.valid_to)}, before a shift of yours ends."


def _by(line: Line) -> str:
    """Say by when, for which shift, and what happens otherwise (C5)."""
    holding = [need for need in line.needs if need.holds_back]
    if holding:
        return f"Finish by {_moment(holding[0])} for {_shift(holding[0])}, or it is released."
    if line.needs:
        return f"Asked for {_shift(line.needs[0])}. It does not hold up the shift."
    return "Needed before a first shift can be confirmed."


def _moment(need: Need) -> str:
    return moment(need.by, need.zone, today=today())


def _shift(need: Need) -> str:
    return f"{need.unit} on {day_short(need.starts_at, need.zone, today=today())}"


def _help(line: Line) -> str:
    asked = line.requirement
    return asked.help if asked.help != asked.label else ""


def _way(line: Line, *, again: bool = False) -> tuple[str, str]:
    address = url_for("requirements.one", code=line.requirement.code)
    if line.ticked:
        return address, "Read and tick"
    if line.shown:
        return address, "Renew it" if again else "Say it is done"
    return "", ""


def by_whom(line: Line) -> str:
    """Say who ticks what is not the person's own to do."""
    return {
        "unit_manager": "The unit does this with you before the shift.",
        "host": "Your host does this with you on the day.",
        "coordinator": "Your coordinator does this.",
    }.get(line.requirement.attest, "")


@dataclass(frozen=True, slots=True)
class Detail:
    """One requirement of a person, as those see it who look after them."""

    label: str
    code: str
    until: str
    note: str


def detail(line: Line) -> Detail:
    """Word one requirement of somebody else."""
    held = line.held
    parts = []
    if held and held.state is State.WAIVED and held.waived_reason:
        parts.append(f"Waived: {held.waived_reason}")
    if held and held.claim:
        parts.append("A claim is being checked.")
    if line.partner:
        parts.append(f"Accepted from {line.partner}.")
    if line.verifier and not line.ticked:
        parts.append(f"Checked by {line.verifier}.")
    if line.needs:
        parts.append(f"{_by(line)}")
    elif line.units and line.missing:
        parts.append("Only some units ask for it.")
    state = line.state
    if line.missing is not None and line.missing.reason is Reason.PENDING:
        state = State.PENDING
    until = day(line.valid_to) if line.valid_to else ""
    return Detail(line.requirement.label, f"credential_{state}", until, " ".join(parts))
