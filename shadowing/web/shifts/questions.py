"""What is asked once more before a shift moves: what happens, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shadowing.domain.bookings.states import By, State
from shadowing.services.bookings.looking import View


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked once more before it is done: what happens, and who is told."""

    title: str
    lines: tuple[str, ...]
    button: str
    kind: str = ""


NO: Final = "{observer} only sees “not available”. Nobody asks why."
QUESTIONS: Final[Mapping[tuple[str, By], Question]] = {
    ("accept", By.HOST): Question(
        "Say yes to {observer}?",
        (
            "{observer} is told that you said yes.",
            "Where nothing else is open it is confirmed at once, and you both get your invites.",
            "You can call it off at any time, and no reason is asked.",
        ),
        "Accept",
    ),
    ("decline", By.HOST): Question(
        "Not this time?",
        (NO, "Your time is open again for others."),
        "Not this time",
    ),
    ("approve", By.UNIT): Question(
        "Say yes for your unit?",
        (
            "{host} has said yes to {observer} already.",
            "Where nothing else is open it is confirmed at once, and both get their invites.",
            "You can stop it for care at any time, and no reason is asked.",
        ),
        "Approve",
    ),
    ("decline", By.UNIT): Question(
        "Not this time?",
        (NO, "{host} is told that it does not take place."),
        "Not this time",
    ),
    ("confirm", By.COORDINATOR): Question(
        "Confirm this shift?",
        (
            "Host and unit have said yes, and all requirements are met.",
            "Both get their invites, for the shift and for the talk.",
        ),
        "Confirm",
    ),
    ("decline", By.COORDINATOR): Question(
        "Not this time?",
        (NO, "{host} is told that it does not take place."),
        "Not this time",
    ),
}
TAKE_BACK: Final = Question(
    "Take your request back?",
    (
        "Everybody who was asked is told that it is withdrawn.",
        "The time is open again for others.",
        "It does not count against you.",
    ),
    "Withdraw",
    "bad",
)
CANCELS: Final[Mapping[By, Question]] = {
    By.HOST: Question(
        "Call this shift off?",
        (
            "{observer} only sees “not available”, and gets other times offered.",
            "Both calendar events, the shift and the talk, are taken back.",
            "No reason is asked, and it is never counted.",
        ),
        "Call it off",
        "bad",
    ),
    By.UNIT: Question(
        "Stop this shift for care?",
        (
            "{observer} and {host} are told that care comes first.",
            "Both calendar events, the shift and the talk, are taken back.",
            "No reason is asked, and it is never counted.",
        ),
        "Stop for care",
        "bad",
    ),
    By.COORDINATOR: Question(
        "Stop this shift for the unit?",
        (
            "{observer} and {host} are told that care comes first.",
            "Both calendar events, the shift and the talk, are taken back.",
            "It is never counted.",
        ),
        "Stop for care",
        "bad",
    ),
}
LINE_UNKNOWN: Final = (
    "Of one of the two nobody knows whom they report to. Make sure that neither reports to the "
    "other, at any distance."
)
TOLD_LATER: Final = "Everybody concerned is told in 10 minutes. Until then you can undo it."
TOLD_NOW: Final = "{host} and the unit are told at once, and it can’t be undone."


def leaves(view: View, *, soon: bool) -> Question:
    """Give the question for a visitor who takes a shift back; *soon* everybody is told at once."""
    told = TOLD_NOW if soon else TOLD_LATER
    if view.face != State.CONFIRMED:
        return replace(TAKE_BACK, lines=(told, *TAKE_BACK.lines[1:]))
    both = "Both calendar events, the shift and the talk, are taken back."
    return Question("Cancel this shift?", (told, both), "Cancel shift", "bad")


def question(view: View, name: str) -> Question | None:
    """Give the question for a move, in the part of who looks; nothing where none is asked."""
    if name == "confirm" and view.line_unknown:
        asked = QUESTIONS[("confirm", By.COORDINATOR)]
        return replace(asked, lines=(LINE_UNKNOWN, *asked.lines))
    if name != "cancel":
        return QUESTIONS.get((name, view.part))
    if "decline" in view.moves:
        return QUESTIONS[("decline", view.part)]
    return CANCELS[view.part]
