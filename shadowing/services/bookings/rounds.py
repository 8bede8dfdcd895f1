"""Going through all that is due, however much there is: a batch at a time, shift by shift.

Each is done in a transaction of its own. What fails is noted and holds up nobody; it is raised when
all the others had their turn, so that the job is known to be in trouble.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeAlias
from uuid import UUID

from shadowing.services.work import Tx, Work
from shadowing.store.engine import DatabaseBusy

Find: TypeAlias = Callable[[Tx, UUID | None], tuple[UUID, ...]]
"""Lists a batch of shifts in the order of their ids, beginning after one of them."""
Fits: TypeAlias = Callable[[Tx, UUID], bool]
Act: TypeAlias = Callable[..., int]
LOG: Final = logging.getLogger(__name__)


class Round:
    """One round of the clock."""

    def __init__(self, work: Work) -> None:
        """Begin, with nothing done."""
        self._work = work
        self._moved = 0
        self._failed: Exception | None = None

    def go(self, find: Find, act: Act, *, fits: Fits | None = None) -> None:
        """Do *act* to every shift that *find* lists and that *fits*, to the very last.

        Raises:
            DatabaseBusy: Nothing can be done now.
        """
        after: UUID | None = None
        while True:
            with self._work.read() as tx:
                batch = find(tx, after)
                due = [each for each in batch if fits is None or fits(tx, each)]
            for shift_id in due:
                self._one(act, shift_id)
            if not batch:
                return
            after = batch[-1]

    def _one(self, act: Act, shift_id: UUID) -> None:
        try:
            self._moved += act(self._work, shift_id=shift_id)
        except DatabaseBusy:
            raise
        except Exception as error:  # the others have their turn all the same
            LOG.exception("the shift %s could not be done", shift_id)
            self._failed = self._failed or error

    def end(self) -> int:
        """Say how many moved.

        Raises:
            Exception: The first of those that failed.
        """
        if self._failed is not None:
            raise self._failed
        return self._moved
