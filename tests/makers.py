"""Things for tests: one short function each, with defaults that break no rule."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from shadowing.domain.people import Role
from shadowing.domain.policy import Actor
from shadowing.store.clearance import rechecks
from shadowing.store.tables import availability as hours
from shadowing.store.tables import bookings, people

NOW = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
ZONE = "America/Chicago"
numbers = count(1)
CLEARED = ("HIPAA", "CONF", "COND", "ORI", "TB", "FLU", "MMR", "VAR", "BGC", "OIG", "AGR")


def add(work, table, **values):
    """Write one row; gives its id."""
    values.setdefault("id", uuid4())
    with work.write() as tx:
        tx.db.execute(insert(table).values(**values))
    return values["id"]


def organization(work, **changes):
    """Make a hospital."""
    number = next(numbers)
    plain = {"code": f"org{number}", "name": f"Hospital {number}", "kind": "hospital"}
    rules = {"privacy_regime": "HIPAA", "settings": {}}
    return add(work, people.organization, **(plain | rules | changes))


def program(work, organization_id, **changes):
    """Make a program with a cycle around the tests' now."""
    number = next(numbers)
    plain = {"code": f"program{number}", "name": "Leaders on shift", "default_template": "T1"}
    made = add(work, people.program, organization_id=organization_id, **(plain | changes))
    run = {"code": f"cycle{number}", "label": "This cycle", "state": "open"}
    first, last = date(2027, 1, 1), date(2027, 12, 31)
    add(work, people.cycle, program_id=made, starts_on=first, ends_on=last, **run)
    return made


def site(work, organization_id, **changes):
    """Make a building in Chicago."""
    plain = {"code": f"site{next(numbers)}", "name": "Main Campus", "place": "Alder Bend"}
    where = {"zone": ZONE, "parking": "Garage B"}
    return add(work, people.site, organization_id=organization_id, **(plain | where | changes))


def unit(work, site_id, **changes):
    """Make a ward that approves by itself."""
    number = next(numbers)
    plain = {"code": f"unit{number}", "kind": "MS", "name": f"{number} West"}
    place = {"meeting_point": "The desk by the whiteboard", "phone": "555-0110"}
    rules = {"block_minutes": 240, "cap": 2, "sensitivity": "S1", "consent": "verbal"}
    style = {"attire": ["business_scrubs"], "auto_approve": True}
    return add(work, people.unit, site_id=site_id, **(plain | place | rules | style | changes))


def person(work, organization_id, *, roles=("observer",), **changes):
    """Make somebody who works there; an observer unless other roles are given."""
    number = next(numbers)
    plain = {"name": f"Person {number}", "title": "Director", "kind": "workforce"}
    reach = {"email": f"person{number}@example.org", "languages": ["en"], "active": True}
    values = plain | reach | {"level": "director", "created_at": NOW} | changes
    made = add(work, people.person, organization_id=organization_id, **values)
    with work.write() as tx:
        for role in roles:
            tx.db.execute(insert(people.person_role).values(person_id=made, role=role))
    return made


def cleared(work, person_id, *, codes=CLEARED):
    """Put on record all that a ward asks for, done ten days before the tests' now."""
    done = (NOW - timedelta(days=10)).date()
    for code in codes:
        known = {"requirement": code, "state": "valid", "done_on": done}
        ends = {"valid_to": date(2028, 1, 1)} if code in {"COND", "AGR"} else {}
        add(work, people.credential, person_id=person_id, **known, **ends)
    with work.write() as tx:
        rechecks.add(tx.db, person_ids=(person_id,), at=tx.now)
    return person_id


def actor(work, person_id, role="observer"):
    """Sign somebody in, in one of their roles."""
    with work.read() as tx:
        row = tx.db.execute(people.person.select().where(people.person.c.id == person_id)).one()
        held = tx.db.execute(
            people.person_role.select().where(people.person_role.c.person_id == person_id),
        ).all()
    roles = frozenset(Role(each.role) for each in held)
    return Actor(person_id, row.organization_id, Role(role), roles, row.name)


def slot(work, host_id, unit_id, *, starts_at=None, minutes=240, **changes):
    """Open four hours, fourteen days ahead, where the host is asked first."""
    start = starts_at or NOW + timedelta(days=14)
    plain = {"starts_at": start, "ends_at": start + timedelta(minutes=minutes), "span": "D12"}
    rules = {"band": "day", "mode": "ask", "host_role": "rn_ms"}
    day = {"local_date": start.astimezone(ZoneInfo(ZONE)).date()}
    values = plain | rules | day | changes
    return add(work, hours.slot, host_id=host_id, unit_id=unit_id, **values)


class Ward:
    """A hospital with one ward, its manager, a host and an observer who is cleared."""

    def __init__(self, work, **unit_changes):
        """Make it all."""
        self.work = work
        self.organization = organization(work)
        self.program = program(work, self.organization)
        self.site = site(work, self.organization)
        self.manager = person(work, self.organization, roles=("unit_manager",), level="manager")
        self.unit = unit(work, self.site, manager_id=self.manager, **unit_changes)
        self.host = self.another_host()
        self.observer = self.another_observer()
        self.coordinator = person(work, self.organization, roles=("coordinator",))

    def another_host(self, **changes):
        """Make one more nurse on the ward."""
        where = {"host_role": "rn_ms", "host_unit_id": self.unit, "level": ""}
        return person(self.work, self.organization, roles=("host",), **(where | changes))

    def another_observer(self, **changes):
        """Make one more director who is cleared."""
        return cleared(self.work, person(self.work, self.organization, **changes))

    def slot(self, **changes):
        """Open a slot of the host's."""
        return slot(self.work, changes.pop("host_id", self.host), self.unit, **changes)

    def as_observer(self, person_id: UUID | None = None):
        """Sign the observer in."""
        return actor(self.work, person_id or self.observer)

    def as_host(self):
        """Sign the host in."""
        return actor(self.work, self.host, "host")

    def as_manager(self):
        """Sign the ward's manager in."""
        return actor(self.work, self.manager, "unit_manager")

    def as_coordinator(self):
        """Sign the coordinator in."""
        return actor(self.work, self.coordinator, "coordinator")


def taken(work, slot_id):
    """Say how many seats of a slot are gone."""
    with work.read() as tx:
        row = tx.db.execute(hours.slot.select().where(hours.slot.c.id == slot_id)).one()
    return row.taken


def shifts(work):
    """List every shift there is."""
    with work.read() as tx:
        return tx.db.execute(bookings.shift.select()).all()
