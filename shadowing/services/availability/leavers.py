"""What somebody offered who has left is offered no more (8.3)."""

from __future__ import annotations

from shadowing.services.availability import horizon
from shadowing.services.work import Work
from shadowing.store import directory


def close_due(work: Work) -> int:
    """Withdraw the open times of people who left; say of how many."""
    with work.read() as tx:
        due = directory.left_with_slots(tx.db, after=tx.now)
    return sum(horizon.renew_host(work, host_id=host_id) for host_id in due)
