"""The settings of time that hold for a shift: those of its program."""

from __future__ import annotations

from shadowing.adapters import reference
from shadowing.domain.bookings.timing import TimingSettings
from shadowing.services.work import Tx
from shadowing.store import programs
from shadowing.store.bookings import Shift


def timing(tx: Tx, shift: Shift) -> TimingSettings:
    """Read how long things of a shift may take, as its program has set it."""
    rules = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
    return rules.timing
