"""The settings of what follows a shift, with the defaults of section 2.5.

A program may be stricter than these; nobody is looser than the limits on the settings page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSettings:
    """How long things take and how long they may wait.

    Attributes:
        debrief_length: Of the conversation (15 to 60 minutes).
        debrief_within: After the end of the shift; the conversation ends by then (F1).
        debrief_limit: Later than this only a coordinator may set it (F2).
        night_rest: No debrief this long after a night shift, unless at once (F1).
        at_once: A debrief that starts this soon after the end counts as "at once".
        seal: After this the side that is in opens to the other person alone (L4).
        reflection_due: After the end, at the latest (L8).
        reflection_reminders: After the end; then silence (L8).
        close_without_reflections: A shift may close this long after its end (F16).
        host_answer: A promise the host has not answered goes ahead after this (6.5).
        host_reminders: And after this many reminders.
        first_update: After the debrief (F10).
        next_update: After the update before (F10).
        overdue_lock: A promise this late holds back its owner's next booking (F11).
        most_promises: Per shift (F7).
    """

    debrief_length: timedelta = timedelta(minutes=30)
    debrief_within: timedelta = timedelta(hours=48)
    debrief_limit: timedelta = timedelta(days=7)
    night_rest: timedelta = timedelta(hours=8)
    at_once: timedelta = timedelta(minutes=30)
    seal: timedelta = timedelta(days=14)
    reflection_due: timedelta = timedelta(hours=72)
    reflection_reminders: tuple[timedelta, ...] = (
        timedelta(hours=24),
        timedelta(hours=72),
        timedelta(hours=168),
    )
    close_without_reflections: timedelta = timedelta(days=7)
    host_answer: timedelta = timedelta(days=7)
    host_reminders: int = 2
    first_update: timedelta = timedelta(days=14)
    next_update: timedelta = timedelta(days=30)
    overdue_lock: timedelta = timedelta(days=30)
    most_promises: int = 3


DEFAULTS: Final = FollowUpSettings()
