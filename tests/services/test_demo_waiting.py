"""What waits for somebody in the demo hospital, and that the product's own rules say yes to it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from shadowing.domain.demo.hospital import key
from shadowing.domain.people import Role
from shadowing.domain.policy import Actor
from shadowing.services import demo
from shadowing.services.bookings import inviting, moving, swapping, wishing
from shadowing.store import people
from shadowing.store.base import metadata

TODAY = date(2027, 3, 8)


@pytest.fixture
def loaded(work):
    """Load the hospital on Monday 8 March 2027."""
    demo.load(work, password=None, today=TODAY)
    return work


def rows(work, name):
    """Read all rows of one table."""
    with work.read() as tx:
        return tx.db.execute(select(metadata.tables[name])).mappings().all()


def test_the_demo_shows_what_waits_for_somebody(loaded):
    """A move, a swap, a break, a meeting, an invitation, a wish, a claim to check, an exception."""
    proposals = {row["kind"] for row in rows(loaded, "shift_proposal") if row["state"] == "open"}
    meetings = [row for row in rows(loaded, "slot") if row["kind"] == "reverse"]
    away = [row for row in rows(loaded, "person") if row["paused_until"]]

    assert proposals == {"move", "swap"}
    assert [row["id"] for row in away] == [key("person", "summerlin")]
    assert {row["taken"] < row["seats"] for row in meetings} == {True, False}
    assert [row["state"] for row in rows(loaded, "leader_invite")] == ["open"]
    assert {row["state"] for row in rows(loaded, "wish")} == {"waiting"}
    assert any(row["pending_since"] for row in rows(loaded, "credential"))
    assert {row["kind"] for row in rows(loaded, "allowance")} == {"line", "notice"}


def test_what_waits_can_be_answered(loaded, clock):
    """The rules say yes to it now: the move, the swap, the invitation, a seat for who waits."""
    clock.now = datetime(2027, 3, 8, 18, tzinfo=UTC)
    move, swap = key("shift", "f02"), key("shift", "f04")

    assert moving.accept(loaded, as_one(loaded, "okonjo"), shift_id=move).host_id == key(
        "person", "okonjo"
    )
    assert swapping.accept(loaded, as_one(loaded, "pettifer"), shift_id=swap).host_id == key(
        "person", "pettifer"
    )
    (invite,) = inviting.waiting(loaded, as_one(loaded, "ferrowby", Role.OBSERVER))
    agreed = {"goal": "See where beds are waited for."}
    visitor = as_one(loaded, "ferrowby", Role.OBSERVER)
    assert inviting.accept(loaded, visitor, invite_id=invite.id, **agreed)
    assert wishing.run(loaded) == len(rows(loaded, "wish"))


def as_one(work, code, role=Role.HOST):
    with work.read() as tx:
        person = people.find(tx.db, person_id=key("person", code))
    return Actor(person.id, person.organization_id, role, frozenset({role}))
