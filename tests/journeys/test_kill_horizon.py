"""kill -9 of a worker that makes everybody's slots: the next one goes on where it was."""

import signal
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from shadowing.store.tables.availability import slot, slots_made, weekly_hours
from shadowing.store.tables.people import person, person_role
from tests.journeys.servers import environment, start, stop, wait_until
from tests.makers import NOW, Ward

HOSTS = 240


@pytest.fixture
def ward(work):
    """Fill a ward with nurses who all open their Mondays and Thursdays."""
    ward = Ward(work)
    plain = {"organization_id": ward.organization, "title": "", "kind": "workforce"}
    plain |= {"languages": ["en"], "created_at": NOW, "host_role": "rn_ms"}
    nurses = [
        {"id": uuid4(), "name": f"Nurse {n}", "email": f"nurse{n}@example.org"}
        | plain
        | {"host_unit_id": ward.unit}
        for n in range(HOSTS)
    ]
    hours = {"span": "D12", "local_start": "10:00", "local_end": "14:00", "mode": "ask"}
    with work.write() as tx:
        tx.db.execute(insert(person), nurses)
        tx.db.execute(
            insert(person_role), [{"person_id": one["id"], "role": "host"} for one in nurses]
        )
        tx.db.execute(
            insert(weekly_hours),
            [
                {"id": uuid4(), "host_id": one["id"], "weekday": day} | hours
                for one in nurses
                for day in (0, 3)
            ],
        )
    return ward


def made(ward):
    """Name the hosts who are marked as done, with the number of their slots; and all slots."""
    counts = select(slot.c.host_id, func.count()).group_by(slot.c.host_id)
    with ward.work.read() as tx:
        marked = set(tx.db.scalars(select(slots_made.c.host_id)))
        slots = dict(tx.db.execute(counts).all())
        ids = dict(tx.db.execute(select(slot.c.id, slot.c.host_id)).all())
    return marked, slots, ids


def begin(database, tmp_path, clock):
    told = {"MAIL_URL": f"file:{tmp_path / 'mail'}", "CLOCK": clock.now.isoformat()}
    env = environment(database, tmp_path, **told)
    return start("worker", env=env, log=tmp_path / "worker.log")


@pytest.mark.slow
def test_a_worker_killed_midway_through_all_hosts_is_taken_over_by_the_next(
    ward, database, clock, tmp_path
):
    """Issue: extending the horizon for all is one background job that can be killed and resumed."""
    first = begin(database, tmp_path, clock)
    wait_until(lambda: made(ward)[0], what="no slots were made")
    stop(first, signal.SIGKILL)
    marked, slots, before = made(ward)

    assert 0 < len(marked) < HOSTS, "it was killed in the middle"
    assert set(slots) == marked, "a host is done altogether or not at all"

    second, third = (begin(database, tmp_path, clock) for _ in range(2))
    wait_until(
        lambda: len(made(ward)[0]) == HOSTS,
        what=f"some are not done: {(tmp_path / 'worker.log').read_text()[-2000:]}",
    )
    stop(second)
    stop(third)

    marked, slots, after = made(ward)
    assert set(slots) == marked
    assert len(set(slots.values())) == 1, "each host has all of their slots, and none twice"
    assert before.items() <= after.items(), "what was done before stayed as it was"
