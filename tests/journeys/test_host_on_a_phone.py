"""A host on a phone: to answer a request, to take a break, to open hours, each in under six taps.

Every page they come to fits 390 pixels and axe finds nothing; it works without JavaScript, too.
"""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import select

from shadowing.domain.people import Role
from shadowing.domain.policy import Actor
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Work
from shadowing.store.engine import make_engine
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.people import person
from tests.conftest import BOTH, TEMPLATE, Clock
from tests.journeys.people import NARROW, Person, chromium
from tests.journeys.servers import Installation

pytestmark = pytest.mark.slow

NOW = "2027-03-08T14:00:00Z"
PASSWORD = "four unrelated words"
RAJ = "raj.lindqvist-menon@example.org"
NADIA = "nadia.ferrowby@example.org"
MONDAY = date(2027, 3, 22)
MOST_TAPS = 5
numbers = count(1)


class Phone(Person):
    """A phone whose owner counts what they tap."""

    taps = 0

    def press(self, name, *, within=None):
        """Tap a button or a link."""
        self.taps += 1
        return super().press(name, within=within)

    def choose(self, label, *, within=None):
        """Tap one of a few."""
        self.taps += 1
        return super().choose(label, within=within)

    def begin(self):
        """Begin to count, at the home page."""
        self.go("/")
        self.taps = 0
        return self

    def done(self):
        """Say how many taps it took."""
        assert 0 < self.taps <= MOST_TAPS, f"{self.taps} taps"


@pytest.fixture(params=BOTH)
def database(request, tmp_path):
    """Give the address of a new, migrated database."""
    if request.param == "sqlite":
        copy = tmp_path / "hospital.sqlite3"
        copy.write_bytes(request.getfixturevalue("sqlite").read_bytes())
        yield f"sqlite:///{copy}"
        return
    server, name = request.getfixturevalue("postgresql"), f"phone_{next(numbers)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def place(database, tmp_path):
    """Serve the demo hospital."""
    place = Installation(database, tmp_path)
    place.run("demo", "load", "--today", NOW[:10], "--password", PASSWORD, at=NOW)
    place.serve(at=NOW)
    yield place
    place.end()


@pytest.fixture
def work(database):
    """Look into the same database."""
    engine = make_engine(database)
    yield Work(engine, clock=Clock())
    engine.dispose()


def ids(work, email):
    """Find somebody."""
    with work.read() as tx:
        columns = select(person.c.id, person.c.organization_id)
        return tx.db.execute(columns.filter_by(email=email)).one()


def ask(work):
    """Let an administrator ask the host for a night."""
    raj, nadia = ids(work, RAJ), ids(work, NADIA)
    with work.read() as tx:
        mine = select(slot.c.id).where(slot.c.host_id == raj.id, slot.c.local_date == MONDAY)
        wanted = tx.db.scalar(mine)
    actor = Actor(nadia.id, nadia.organization_id, Role.OBSERVER, frozenset({Role.OBSERVER}))
    return asking.request(work, actor, Ask(wanted, "See how a night begins."))


def state_of(work, shift_id):
    with work.read() as tx:
        return tx.db.scalar(select(shift.c.state).filter_by(id=shift_id))


def modes(work, **wanted):
    """List how the host's slots stand."""
    with work.read() as tx:
        mine = select(slot.c.mode, slot.c.state).filter_by(host_id=ids(work, RAJ).id, **wanted)
        return [tuple(row) for row in tx.db.execute(mine.order_by(slot.c.starts_at))]


def signed_in(browser, place, *, scripts):
    """Open a phone on which the host is signed in."""
    phone = Phone(browser, width=NARROW, scripts=scripts)
    phone.base = place.base
    phone.go("/sign-in").write("Work email", RAJ).write("Password", PASSWORD).press("^Sign in$")
    return phone


def answers_a_request(phone, work, asked):
    """From home to yes."""
    phone.begin().press("Requests").press("^Accept").reads("Said yes|You said yes|Accepted").done()
    assert state_of(work, asked.id) != "requested"


def opens_hours(phone, work):
    """One night of the week in sight, open without asking; and a new day, every week."""
    phone.begin().press("^Availability").press("Week after").press("Week after")
    night = phone.tab.get_by_role("group", name="Can someone join you on Saturday, March 27?")
    phone.choose("^Open$", within=night).press("^Save week").done()
    assert modes(work, local_date=date(2027, 3, 27)) == [("auto", "open")]

    phone.begin().press("^Availability").press("^Add hours").choose("Wednesday")
    phone.press("^Add hours$", within=phone.tab.locator("#add")).done()
    assert modes(work, local_date=date(2027, 3, 24)) == [("ask", "open")]


def takes_a_break(phone, work):
    """For two weeks, and back."""
    phone.begin().press("^Availability").press("^2 weeks off").reads("You are on a break").done()
    assert modes(work, local_date=date(2027, 3, 13)) == [("ask", "hidden")]

    phone.begin().press("^Availability").press("^End the break").done()
    assert modes(work, local_date=date(2027, 3, 13)) == [("ask", "open")]


def sees_what_ends_first(phone, work):
    """Closing hours somebody asked for, or booked, shows who before anything is saved."""
    phone.go("/availability?week=2027-03-22&shift=2027-03-22-N12-1930")
    phone.press("Take it out of every week").reads("Nothing is saved yet")
    phone.press("^Change nothing")
    assert modes(work, local_date=date(2027, 3, 29)) == [("ask", "open")]


@pytest.mark.parametrize("scripts", ["on", "off"])
def test_a_host_does_everything_on_a_phone_in_under_six_taps(place, work, scripts):
    asked = ask(work)
    with chromium() as browser:
        phone = signed_in(browser, place, scripts=scripts)
        sees_what_ends_first(phone, work)
        answers_a_request(phone, work, asked)
        opens_hours(phone, work)
        takes_a_break(phone, work)
        phone.go("/availability/hosting").go("/availability/hosting/stop")
