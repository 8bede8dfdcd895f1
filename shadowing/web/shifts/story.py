"""The timeline of a shift: what happened, what is next, what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.plain_time import day_short, moment, time_range
from shadowing.domain.bookings.states import AHEAD, TOOK_PLACE, WAITING, By, State
from shadowing.domain.followup.closing import Missing, reflection_due
from shadowing.services.bookings.looking import Happening, View
from shadowing.services.bookings.messages import Message
from shadowing.services.bookings.seeing import NOT_AVAILABLE
from shadowing.web.shifts.sent import lines
from shadowing.web.shifts.words import OFFICES, short

BY_THE_CLOCK: Final[Mapping[str, str]] = {
    "shift.host_accepted": "The host had said yes in advance",
    "shift.unit_approved": "The unit had said yes in advance",
    "shift.confirmed": "Confirmed",
    "shift.completed": "Checked out at the planned end, by itself",
    "shift.closed": "Closed",
    "shift.expired": "Lapsed without an answer",
    "shift.no_show": "Recorded as: did not happen",
    "shift.not_available": "Not available",
    "move.not_available": "The new time is not available",
    "swap.lapsed": "Nobody answered about hosting",
    "hours.lapsed": "Nobody chose other hours",
    "move.lapsed": "Nobody answered about the new time",
    "debrief.moved": "The talk moved along",
}
BY_SOMEBODY: Final[Mapping[str, str]] = {
    "shift.requested": "{who} asked",
    "shift.host_accepted": "{who} accepted",
    "shift.unit_approved": "{who} approved",
    "shift.confirmed": "Confirmed by {who_low}",
    "shift.checked_in": "{who} checked {in_whom}in",
    "shift.completed": "{who} checked out",
    "shift.ended_early": "Ended early",
    "shift.debriefed": "{who} recorded the talk",
    "shift.declined": "{who} said not this time",
    "shift.withdrawn": "{who} withdrew",
    "shift.cancelled_by_observer": "{who} cancelled",
    "shift.cancelled_by_host": "{who} called it off",
    "shift.clinical_override": "{who} stopped it for care",
    "shift.no_show": "{who} recorded: did not happen",
    "shift.times_corrected": "{who} put the times right",
    "shift.let_through": "{who} let the request through",
    "day.objected": "{who} said that this is wrong",
    "day.let_stand": "{who} looked at it, and it stands",
    "debrief.moved": "{who} moved the talk",
    "sheet.entered": "{who} entered what the host signed on paper",
    "shift.moved": "{who} moved it to this time",
    "move.asked": "{who} asked to move it",
    "move.host_yes": "{who} said yes to the new time",
    "move.done": "{who} said yes to the new time",
    "move.declined": "{who} said no to the new time",
    "move.withdrawn": "{who} took the move back",
    "shift.swapped": "{who} hosts it now",
    "swap.asked": "{who} asked a colleague to host",
    "swap.declined": "Not available to host",
    "swap.withdrawn": "{who} asked nobody else after all",
    "hours.asked": "{who} offered other hours",
    "hours.done": "{who} chose other hours",
    "hours.declined": "{who} kept the first time",
    "hours.withdrawn": "Other hours taken back",
    "calendar.answered": "{who} answered in the calendar",
}
BY_CODE: Final[Mapping[tuple[str, str], str]] = {
    ("shift.expired", "clearance"): "Released: not everything was finished in time",
    ("shift.expired", "conflict"): "Released: something came between",
    ("shift.debriefed", "waived"): "{who} let the talk be",
    ("shift.completed", "afterwards"): "It took place, said afterwards",
    ("shift.completed", "paper"): "{who} put it on record from a paper sheet",
    ("shift.completed", "settled"): "{who} settled that it took place",
    ("shift.no_show", "not_recorded"): "Not recorded: nobody said that it took place",
    ("shift.ended_early", "care"): "Stopped for care",
    ("shift.cancelled_by_observer", "unwell"): "{who} cancelled: not well",
    ("calendar.answered", "accepted"): "{who} said yes in the calendar",
    ("calendar.answered", "tentative"): "{who} said maybe in the calendar",
    ("calendar.answered", "declined"): "{who} said no in the calendar",
    ("calendar.answered", "talk_accepted"): "{who} said yes to the talk in the calendar",
    ("calendar.answered", "talk_tentative"): "{who} said maybe to the talk in the calendar",
    ("calendar.answered", "talk_declined"): "{who} said no to the talk in the calendar",
    ("shift.clinical_override", "unwell"): "{who} called it off: not well",
}
HIDDEN: Final[Mapping[str, str]] = {
    "shift.clinical_override": "Stopped for care",
    "shift.not_available": "Not available",
    "move.not_available": "The new time is not available",
}
SENT: Final[Mapping[str, str]] = {
    "shift.confirmed": "Invites sent",
    "shift.moved": "New invites sent",
    "shift.cancelled_by_observer": "Calendar events taken back",
    "shift.cancelled_by_host": "Calendar events taken back",
    "shift.clinical_override": "Calendar events taken back",
}
NOT_TOLD: Final = frozenset(
    {
        "swap.done",
        "hours.withdrawn",
        "hours.lapsed",
        "shift.cleared",
        "debrief.held",
        "debrief.waived",
    }
)
"""What another line says already."""
DUE: Final = "clock-alert"
AGAIN: Final = "Waiting for clearance again"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, as ``progress.timeline`` takes it."""

    state: str
    text: str
    when: str
    at: str = ""
    icon: str = "check"
    sent: tuple[str, ...] = ()


def timeline(view: View, *, now: datetime) -> tuple[Entry, ...]:
    """Tell a shift from the request to what came of it."""
    today = now.astimezone(ZoneInfo(view.zone)).date()
    told = [each for each in view.timeline if each.event not in NOT_TOLD]
    sent = _sent(view, today=today)
    rest = {each.at: place for place, each in enumerate(told)}
    past = [
        (
            each.at,
            Entry(
                state="done",
                text=_text(each, view, first=told[:place]),
                when=_when(each, view, today=today, sent=each.at in sent),
                at=each.at.isoformat(),
                sent=sent.get(each.at, ()) if rest[each.at] == place else (),
            ),
        )
        for place, each in enumerate(told)
    ]
    # What the clock sent is a line of its own, in its place.
    past += [
        (at, Entry("done", line, moment(at, view.zone, today=today), at.isoformat(), "mail"))
        for at, said in sent.items()
        if at not in rest
        for line in said
    ]
    past.sort(key=lambda each: each[0])
    return (*(entry for _, entry in past), *_to_come(view, now=now))


def _sent(view: View, *, today: date) -> dict[datetime, tuple[str, ...]]:
    """Say what was sent with each change, by its instant (N5)."""
    found: dict[datetime, list[Message]] = {}
    for each in view.messages:
        found.setdefault(each.at, []).append(each)
    return {at: lines(same, zone=view.zone, today=today) for at, same in found.items()}


def _when(each: Happening, view: View, *, today: date, sent: bool) -> str:
    """Say when it happened; what is not on record as sent is told by what such a change sends."""
    said = "" if sent else SENT.get(each.event, "")
    return ". ".join(filter(None, (moment(each.at, view.zone, today=today), said)))


def _text(each: Happening, view: View, *, first: Iterable[Happening]) -> str:
    if each.event == "shift.unit_approved" and any(
        before.event == "shift.confirmed" for before in first
    ):
        return AGAIN
    if each.by is None:
        every = {**BY_THE_CLOCK, **HIDDEN}
        return BY_CODE.get((each.event, each.code), every.get(each.event, _plain(each.event)))
    who = _who(each.by, view)
    pattern = BY_CODE.get((each.event, each.code), BY_SOMEBODY.get(each.event, "{event}"))
    return pattern.format(
        who=who,
        who_low=who[0].lower() + who[1:] if each.by in OFFICES else who,
        in_whom="" if each.by is By.OBSERVER else f"{_whom(view)} ",
        event=_plain(each.event),
    )


def _plain(event: str) -> str:
    return event.partition(".")[2].replace("_", " ").capitalize()


def _who(by: By, view: View) -> str:
    if by is view.part:
        return "You"
    if by is By.OBSERVER:
        return short(view.observer)
    if by is By.HOST:
        return short(view.host, instead="Your host")
    return OFFICES.get(by, "Somebody")


def _whom(view: View) -> str:
    return "you" if view.part is By.OBSERVER else short(view.observer)


def _to_come(view: View, *, now: datetime) -> Iterable[Entry]:
    if view.face == NOT_AVAILABLE:
        return
    state = State(view.face)
    if state in WAITING:
        yield from _waited_for(view, now=now)
    if state in AHEAD:
        yield _later(view, "The shift", view.shift.starts_at, icon="footprints", now=now)
    if state is State.CHECKED_IN:
        day = day_short(view.shift.starts_at, view.zone)
        hours = time_range(view.shift.starts_at, view.shift.ends_at, view.zone)
        yield Entry("next", "The shift, now", f"{day}, {hours}", icon="footprints")
    if state in AHEAD | {State.CHECKED_IN} | TOOK_PLACE - {State.CLOSED}:
        yield from _afterwards(view, now=now)


def _waited_for(view: View, *, now: datetime) -> Iterable[Entry]:
    today = now.astimezone(ZoneInfo(view.zone)).date()
    by = f"By {moment(view.shift.answer_by, view.zone, today=today)}"
    ready = f"By {moment(view.clearance_by, view.zone, today=today)}"
    if view.face == State.REQUESTED:
        text = "Your answer" if view.part is By.HOST else "The host’s answer"
        yield Entry("alert", text, by, icon=DUE)
    elif view.face == State.HOST_ACCEPTED:
        text = "Your answer" if view.part is By.UNIT else "The unit’s answer"
        yield Entry("alert", text, by, icon=DUE)
    if view.missing and view.part is By.OBSERVER:
        count = len(view.missing)
        text = f"Finish: {view.missing[0].label}" if count == 1 else f"Finish {count} things"
        yield Entry("alert", text, ready, icon=DUE)
    elif view.face == State.UNIT_APPROVED:
        yield Entry("alert", "Clearance", ready, icon=DUE)


def _afterwards(view: View, *, now: datetime) -> Iterable[Entry]:
    over = view.face in TOOK_PLACE
    held = view.debrief
    if not over or Missing.DEBRIEF in view.open_items:
        length = (held.interval.minutes if held else None) or _minutes(view)
        at = held.starts_at if held else None
        when = moment(at, view.zone) if at else _within(view)
        yield Entry("later", f"{length}-minute talk", when, icon="messages-square")
    sides = {Missing.OBSERVER_SIDE, Missing.HOST_SIDE}
    if view.part in {By.OBSERVER, By.HOST} and (not over or sides & set(view.open_items)):
        start = held.starts_at if held else view.shift.ends_at + view.pace.debrief_within
        by = reflection_due(view.shift.ends_at, debrief_start=start, settings=view.pace)
        yield _later(view, "Both write up", by, icon="notebook-pen", now=now, word="By ")
    if not over or Missing.PROMISE_OR_REASON in view.open_items:
        yield Entry(
            "later",
            "Promises, or why there are none",
            "After the talk",
            icon="handshake",
        )


def _within(view: View) -> str:
    hours = int(view.pace.debrief_within.total_seconds()) // 3600
    return f"Within {hours} hours of the shift"


def _minutes(view: View) -> int:
    return int(view.pace.debrief_length.total_seconds()) // 60


def _later(
    view: View, text: str, at: datetime, *, icon: str, now: datetime, word: str = ""
) -> Entry:
    today = now.astimezone(ZoneInfo(view.zone)).date()
    return Entry(
        "later",
        text,
        f"{word}{moment(at, view.zone, today=today)}",
        at.isoformat(),
        icon,
    )
