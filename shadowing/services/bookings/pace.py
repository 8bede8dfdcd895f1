"""The settings of time that hold for a shift: those of its program."""

from __future__ import annotations

from shadowing.adapters import reference
from shadowing.domain.bookings.timing import TimingSettings
from shadowing.domain.followup.settings import FollowUpSettings
from shadowing.domain.programs import Rules
from shadowing.services.work import Tx
from shadowing.store import programs
from shadowing.store.bookings import Shift


def timing(tx: Tx, shift: Shift) -> TimingSettings:
    """Read how long things of a shift may take, as its program has set it."""
    return _rules(tx, shift).timing


def follow_up(tx: Tx, shift: Shift) -> FollowUpSettings:
    """Read how long what follows a shift may take, as its program has set it."""
    return _rules(tx, shift).pace


def _rules(tx: Tx, shift: Shift) -> Rules:
    return programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
