"""What is next for a shift, in a title and a sentence, for each part in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.plain_time import moment, time_of_day
from shadowing.domain.bookings.states import By, State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.followup.closing import Missing, reflection_due
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings.looking import View
from shadowing.services.bookings.seeing import NOT_AVAILABLE
from shadowing.web.shifts.words import CRD, HST, OBS, UNIT, YOUR_HOST, short


@dataclass(frozen=True, slots=True)
class Next:
    """What is next, in a title and a sentence."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """The facts that sentences are filled with."""

    host: str
    observer: str
    answer_by: str
    ready_by: str
    opens: str
    came: str
    talk: str
    write_by: str
    late_hours: int


def facts(view: View, *, now: datetime) -> Said:
    """Put the facts of a shift into words, on the clock of its site."""
    zone, shift = view.zone, view.shift
    today = now.astimezone(ZoneInfo(zone)).date()
    window = check_in_window(shift.starts_at, shift.ends_at, settings=view.timing)
    held = view.debrief
    talk_at = held.starts_at if held else shift.ends_at + view.pace.debrief_within
    return Said(
        host=short(view.host, instead=YOUR_HOST if view.part is OBS else "The host"),
        observer=short(view.observer),
        answer_by=moment(shift.answer_by, zone, today=today),
        ready_by=moment(view.clearance_by, zone, today=today),
        opens="is open"
        if window.start <= now
        else f"opens {moment(window.start, zone, today=today)}",
        came=time_of_day(shift.checked_in_at or shift.starts_at, zone),
        talk=moment(talk_at, zone, today=today),
        write_by=moment(_write_by(view, talk_at), zone, today=today),
        late_hours=view.timing.late_cancel // timedelta(hours=1),
    )


def _write_by(view: View, talk_at: datetime) -> datetime:
    return reflection_due(view.shift.ends_at, debrief_start=talk_at, settings=view.pace)


WAIT_UNIT: Final = "The unit answers by {answer_by}. No answer means “not available”."
NO_CAUSE: Final = "Nobody says why, and it does not count against you."
STOPPED: Final = "Care comes first. Nobody is asked why, and it counts against nobody."

NEXT: Final[dict[tuple[By, str], tuple[str, str]]] = {
    (OBS, State.REQUESTED): (
        "Waiting for an answer",
        "{host} answers by {answer_by}. No answer means “not available”.",
    ),
    (OBS, State.HOST_ACCEPTED): ("The host said yes", WAIT_UNIT),
    (OBS, State.UNIT_APPROVED): (
        "Everybody said yes",
        "Finish what is open by {ready_by}, or the shift is released.",
    ),
    (OBS, State.CLEARED): ("All checks are done", "The coordinator has a last look."),
    (OBS, State.CONFIRMED): ("You are set", "Check-in {opens}."),
    (OBS, State.CHECKED_IN): (
        "You are on the shift",
        "Checked in at {came}. Step out when asked. Check out when you leave, early or not.",
    ),
    (OBS, State.DEBRIEFED): ("Your part is done", "{host} has time to write their side."),
    (OBS, State.CLOSED): ("Closed", "Both sides are in, and what was promised is on the board."),
    (OBS, NOT_AVAILABLE): ("This shift is not available", NO_CAUSE),
    (OBS, State.EXPIRED): (
        "The shift was released",
        "Not everything was finished by {ready_by}. It does not count against you.",
    ),
    (OBS, State.WITHDRAWN): ("You took your request back", "It does not count against you."),
    (OBS, State.CANCELLED_BY_OBSERVER): (
        "You cancelled this shift",
        "{host} and the unit were told, and both calendar events were taken back.",
    ),
    (OBS, State.CLINICAL_OVERRIDE): ("Stopped for care", STOPPED),
    (OBS, State.NO_SHOW): (
        "Recorded as: did not happen",
        "If that is wrong, tell your coordinator within 7 days.",
    ),
    (HST, State.REQUESTED): (
        "{observer} would like to join you",
        "No need to answer to say no. The request lapses {answer_by}, and nobody is told why.",
    ),
    (HST, State.HOST_ACCEPTED): ("You said yes", "The unit answers by {answer_by}."),
    (HST, State.UNIT_APPROVED): (
        "Waiting for clearance",
        "Nothing for you to do. You hear when it is confirmed, or released on {ready_by}.",
    ),
    (HST, State.CLEARED): ("All checks are done", "The coordinator has a last look."),
    (HST, State.CONFIRMED): (
        "{observer} is coming",
        "Check-in {opens}. You can stop it at any time, before or during.",
    ),
    (HST, State.CHECKED_IN): (
        "{observer} is with you",
        "Checked in at {came}. Say “let’s pause here” and they step out. No report is needed.",
    ),
    (HST, State.DEBRIEFED): ("Your part is done", "Next, {observer} says what they promise."),
    (HST, State.CLOSED): ("Closed", "You hear of every step in what was promised."),
    (HST, State.DECLINED): ("Not this time", "{observer} only sees “not available”."),
    (HST, State.WITHDRAWN): ("Withdrawn", "{observer} took the request back."),
    (HST, State.EXPIRED): ("The request lapsed", "Your time is open again. Nobody is told why."),
    (HST, State.CANCELLED_BY_OBSERVER): ("Cancelled by the visitor", "Your time is open again."),
    (HST, State.CANCELLED_BY_HOST): (
        "You called it off",
        "{observer} only sees “not available”. It is never counted.",
    ),
    (HST, State.CLINICAL_OVERRIDE): ("Stopped for care", STOPPED),
    (HST, State.NO_SHOW): ("Recorded as: did not happen", "Nothing for you to do."),
    (UNIT, State.REQUESTED): ("Waiting for the host", "You are asked when the host says yes."),
    (UNIT, State.HOST_ACCEPTED): (
        "Your unit’s yes is needed",
        "The host said yes. Answer by {answer_by}. No answer means no, and nobody is told why.",
    ),
    (UNIT, State.UNIT_APPROVED): (
        "Waiting for clearance",
        "Nothing for you to do. It is confirmed, or released on {ready_by}.",
    ),
    (UNIT, State.CLEARED): ("All checks are done", "The coordinator has a last look."),
    (UNIT, State.CONFIRMED): (
        "A visitor is coming to your unit",
        "You can stop it for care at any time. No reason is asked.",
    ),
    (UNIT, State.CHECKED_IN): ("The visitor is on your unit", "Checked in at {came}."),
    (UNIT, State.CLOSED): ("Closed", "What was promised to your unit is on the board."),
    (UNIT, NOT_AVAILABLE): ("Released", "Nobody comes. Nothing for you to do."),
    (UNIT, State.EXPIRED): ("Released", "Nobody comes. Nothing for you to do."),
    (UNIT, State.WITHDRAWN): ("Withdrawn by the visitor", "Nobody comes."),
    (UNIT, State.CANCELLED_BY_OBSERVER): ("Cancelled by the visitor", "Nobody comes."),
    (UNIT, State.CLINICAL_OVERRIDE): ("Stopped for care", STOPPED),
    (CRD, State.REQUESTED): ("Waiting for the host", "It lapses {answer_by}."),
    (CRD, State.HOST_ACCEPTED): ("Waiting for the unit", "It lapses {answer_by}."),
    (CRD, State.UNIT_APPROVED): ("Waiting for clearance", "It is released on {ready_by}."),
    (CRD, State.CLEARED): ("Waiting for the final check", "All checks are done."),
    (CRD, State.CONFIRMED): ("Confirmed", "Both have their invites."),
    (CRD, State.CHECKED_IN): ("Happening now", "Checked in at {came}."),
    (CRD, State.CLOSED): ("Closed", "What was promised lives on, on the board."),
}
AWAY: Final[dict[tuple[By, str], tuple[str, str]]] = {
    (OBS, State.CONFIRMED): (
        "You are set",
        "Check-in {opens}. Join at the address below; no pass is needed.",
    ),
    (OBS, State.CHECKED_IN): (
        "You have joined",
        "Checked in at {came}. Leave the call when asked. Check out when it is over, early or not.",
    ),
    (HST, State.CONFIRMED): (
        "{observer} joins by video or phone",
        "Check-in {opens}. Nothing is recorded. You can stop it at any time.",
    ),
    (HST, State.CHECKED_IN): (
        "{observer} has joined",
        "Checked in at {came}. Say “let’s pause here” and they leave. No report is needed.",
    ),
    (UNIT, State.CONFIRMED): (
        "A visitor joins by video or phone",
        "Nothing is recorded. You can stop it for care at any time. No reason is asked.",
    ),
    (UNIT, State.CHECKED_IN): ("The visitor has joined", "Checked in at {came}."),
}
"""Said instead where nobody stands on the unit (B17)."""
ELSE: Final = ("Nothing to do", "This is how things stand. What happened is listed here.")

NEVER_BEGUN: Final = (
    "Nobody checked in",
    "The planned end is past. Your coordinator records whether it took place.",
)
LATE: Final = (
    " It was under {late_hours} hours before, so it is counted: you and the coordinator see that."
)
LINE_UNKNOWN: Final = (
    "All checks are done. Of one of the two nobody knows whom they report to: make sure that "
    "neither reports to the other, then confirm."
)
OPEN: Final[Mapping[tuple[By, Missing], tuple[str, str]]] = {
    (OBS, Missing.OBSERVER_SIDE): (
        "Write your side",
        "Due {write_by}. About 6 minutes. You both see the answers when both are in.",
    ),
    (HST, Missing.HOST_SIDE): (
        "Write your side",
        "Due {write_by}. About 3 minutes. You both see the answers when both are in.",
    ),
    (OBS, Missing.DEBRIEF): (
        "Talk it over",
        "Held for you two: {talk}. Record it here when you have talked.",
    ),
    (HST, Missing.DEBRIEF): (
        "Talk it over",
        "Held for you two: {talk}. Record it here when you have talked.",
    ),
    (OBS, Missing.PROMISE_OR_REASON): (
        "Say what you promise",
        "One to three things you will do, or why there is none. {host} reads it.",
    ),
    (UNIT, Missing.DEBRIEF): ("The shift is over", "The two talk it over by {talk}."),
    (CRD, Missing.DEBRIEF): (
        "The talk is not recorded yet",
        "Held for {talk}. If it cannot take place, let it be, and say why.",
    ),
}
ORDER: Final = (
    Missing.OBSERVER_SIDE,
    Missing.HOST_SIDE,
    Missing.DEBRIEF,
    Missing.PROMISE_OR_REASON,
)


def open_item(view: View) -> Missing | None:
    """Name the next thing that somebody in this part does after a shift."""
    mine = [item for item in ORDER if item in view.open_items and (view.part, item) in OPEN]
    return next(iter(mine), None)


def next_up(view: View, *, now: datetime) -> Next:
    """Say what is next."""
    said = facts(view, now=now)
    item = open_item(view)
    known = NEXT | AWAY if view.shift.kind == REMOTE else NEXT
    title, text = OPEN[view.part, item] if item else known.get((view.part, view.face), ELSE)
    if view.face == State.CONFIRMED and view.shift.ends_at <= now:
        title, text = NEVER_BEGUN
    if view.face == State.CANCELLED_BY_OBSERVER and view.part is OBS and view.shift.late:
        text += LATE
    if view.line_unknown:
        text = LINE_UNKNOWN
    words = {name: getattr(said, name) for name in said.__slots__}
    return Next(title.format_map(words), text.format_map(words))
