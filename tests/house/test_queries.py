"""House rule 9: a list asks the database as often for three hundred rows as for one."""

import shutil
from datetime import date, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, select

from shadowing.app import create_app
from shadowing.config import Settings
from shadowing.domain.people import Role
from shadowing.services.accounts.entering import Caller, enter_as
from shadowing.services.clearance import ruling
from shadowing.services.work import Work
from shadowing.store.engine import make_engine
from shadowing.store.tables import (
    availability,
    bookings,
    changes,
    clearance,
    cohort,
    followup,
    inviting,
    journal,
    people,
    replies,
    wishes,
)
from tests import makers
from tests.makers import NOW, ZONE, Ward
from tests.services.test_ruling import SHOES

SIZES = (1, 3, 300)
GATHERED = UUID(int=14)
"""The cohort day that invites everybody."""
LISTS = (
    (Role.HR, "/participation"),
    (Role.HR, "/participation.csv"),
    (Role.OBSERVER, "/shifts?week=2027-03-22"),
    (Role.OBSERVER, "/shifts/mine"),
    (Role.HOST, "/shifts/mine"),
    (Role.HOST, "/requests"),
    (Role.UNIT_MANAGER, "/requests"),
    (Role.OBSERVER, "/commitments"),
    (Role.OBSERVER, "/reflections"),
    (Role.COORDINATOR, "/messages"),
    (Role.COORDINATOR, "/replies"),
    (Role.COORDINATOR, "/people"),
    (Role.COORDINATOR, "/cohort-days"),
    (Role.COORDINATOR, f"/cohort-days/{GATHERED}"),
    (Role.OBSERVER, "/cohort-days"),
    (Role.COORDINATOR, "/exceptions"),
    (Role.COORDINATOR, "/units"),
    (Role.COORDINATOR, "/sheets"),
    (Role.UNIT_MANAGER, "/sheets"),
    (Role.UNIT_MANAGER, "/units"),
    (Role.OBSERVER, "/invites"),
    (Role.HOST, "/invites"),
    (Role.OBSERVER, "/wishes"),
    (Role.OBSERVER, "/meetings"),
    (Role.HOST, "/meetings"),
    (Role.COORDINATOR, "/requirements/queue"),
    (Role.COORDINATOR, "/requirements/people"),
    (Role.COORDINATOR, "/requirements/rules"),
)
# They count, or show the first few.
SUMMARIES = (
    *((role, "/") for role in (Role.OBSERVER, Role.HOST, Role.UNIT_MANAGER, Role.HR)),
    (Role.COORDINATOR, "/"),
    (Role.HOST, "/availability"),
    (Role.HOST, "/availability/hosting"),
    (Role.HOST, "/availability/diary"),
    (Role.OBSERVER, "/requirements"),
    (Role.COORDINATOR, "/programs"),
)


class Crowd:
    """A ward on which the same things happened many times, each with somebody else."""

    def __init__(self, work, size):
        """Fill it."""
        self.work = work
        self.size = size
        self.ward = Ward(work)
        self.hr = makers.person(work, self.ward.organization, roles=("hr",))
        self.visitors = self.people("visitor")
        self.hosts = self.people("nurse", host_role="rn_ms", host_unit_id=self.ward.unit)
        self.open_slots()
        self.shifts("requested", visitors=self.visitors, hosts=[self.ward.host] * size, first=8)
        agreed = self.shifts(
            "confirmed", visitors=[self.ward.observer] * size, hosts=self.hosts, first=8
        )
        self.yes(agreed)
        done = self.shifts("closed", visitors=self.visitors, hosts=self.hosts, first=-size - 8)
        self.promises(done)
        self.failures()
        self.replies()
        self.cohort_days()
        self.invites()
        self.paper()
        self.waiting()
        self.meetings()
        self.clearance()

    def write(self, table, rows):
        """Write many rows at once."""
        with self.work.write() as tx:
            tx.db.execute(insert(table), rows)
        return [row.get("id") for row in rows]

    def people(self, name, **more):
        """Make as many people as there are rows."""
        plain = {"title": "Director", "kind": "workforce", "languages": ["en"], "created_at": NOW}
        rows = [
            {"id": uuid4(), "name": f"{name} {number}", "email": f"{name}{number}@example.org"}
            for number in range(self.size)
        ]
        where = {"organization_id": self.ward.organization}
        return self.write(people.person, [row | plain | where | more for row in rows])

    def when(self, number):
        """Say when something is that happens *number* days from now."""
        start = NOW + timedelta(days=number)
        day = start.astimezone(ZoneInfo(ZONE)).date()
        return {"starts_at": start, "ends_at": start + timedelta(hours=4), "local_date": day}

    def open_slots(self):
        """Open one slot of every host's, all in one week."""
        plain = {"span": "D12", "band": "day", "mode": "ask", "host_role": "rn_ms"}
        rows = [
            {"id": uuid4(), "host_id": host, "unit_id": self.ward.unit, **plain}
            | self.when(14 + number % 3)
            for number, host in enumerate(self.hosts)
        ]
        self.write(availability.slot, rows)

    def shifts(self, state, *, visitors, hosts, first):
        """Make a shift a day of each visitor with each host."""
        plain = {"band": "day", "mode": "ask", "host_role": "rn_ms", "template": "T1"}
        asked = {"state": state, "requested_at": NOW, "answer_by": NOW + timedelta(days=3)}
        ward = {"program_id": self.ward.program, "unit_id": self.ward.unit, "minutes": 240}
        rows = [
            {"id": uuid4(), "observer_id": visitor, "host_id": host, "site_id": self.ward.site}
            | (plain | asked | ward | self.when(first + number))
            for number, (visitor, host) in enumerate(zip(visitors, hosts, strict=True))
        ]
        return self.write(bookings.shift, rows)

    def yes(self, shifts):
        """Let the host of each of *shifts* have said yes."""
        said = {"event": "shift.accepted", "to_state": "host_accepted", "acting_as": "host"}
        rows = [{"subject": "shift", "subject_id": shift, "at": NOW} | said for shift in shifts]
        self.write(journal.audit, rows)

    def promises(self, shifts):
        """Let the observer have promised something after each of *shifts*."""
        plain = {"kind": "remove_obstacle", "action": "Mend the printer", "tell": "In the huddle"}
        due = {"due_on": date(2027, 4, 1), "first_due_on": date(2027, 4, 1), "state": "in_progress"}
        at = {"created_at": NOW, "changed_at": NOW}
        rows = [
            {"id": uuid4(), "shift_id": shift, "owner_id": self.ward.observer, "host_id": host}
            | (plain | due | at)
            for shift, host in zip(shifts, self.hosts, strict=True)
        ]
        self.write(followup.commitment, rows)

    def failures(self):
        """Let a message to each host have been given up."""
        plain = {"kind": "invitation", "facts": {}, "queued_at": NOW, "due_at": NOW}
        rows = [
            {"key": f"k{host}", "recipient_id": host, "message_id": f"<{host.hex}@localhost>"}
            | (plain | {"state": "failed", "trouble": "550 no"})
            for host in self.hosts
        ]
        self.write(journal.outbox, rows)

    def replies(self):
        """Let a letter about nothing have come from each host."""
        said = {"outcome": "aside", "why": "human", "partstat": "", "sequence": 0, "comment": ""}
        plain = {"received_at": NOW, "sender": "a@b.example", "subject": "Hello"} | said
        rows = [{"id": uuid4(), "message_id": f"<{host.hex}@b.example>"} for host in self.hosts]
        self.write(replies.reply, [row | plain for row in rows])

    def cohort_days(self):
        """Plan as many days as there are rows: one invites everybody, all invite the observer."""
        plain = {"program_id": self.ward.program, "site_id": self.ward.site, "state": "planned"}
        talk = {"room": "Board room", "made_at": NOW}
        ids = [GATHERED, *(uuid4() for _ in range(self.size - 1))]
        rows = []
        for number, each in enumerate(ids):
            at = self.when(14 + number)
            talk |= {"talk_starts_at": at["ends_at"], "local_date": at["local_date"]}
            talk |= {"talk_ends_at": at["ends_at"] + timedelta(hours=1)}
            rows.append({"id": each, "name": f"Day {number}"} | plain | talk)
        self.write(cohort.cohort_day, rows)
        guests = [(each, self.ward.observer) for each in ids]
        guests += [(GATHERED, visitor) for visitor in self.visitors]
        rows = [{"day_id": day, "person_id": each, "invited_at": NOW} for day, each in guests]
        self.write(cohort.cohort_guest, rows)

    def invites(self):
        """Let the host invite everybody, and every host the observer; each is an exception, too."""
        one = makers.slot(self.work, self.ward.host, self.ward.unit)
        with self.work.read() as tx:
            theirs = select(availability.slot.c.host_id, availability.slot.c.id)
            slots = dict(tx.db.execute(theirs).all())
        pairs = [(self.ward.host, visitor, one) for visitor in self.visitors]
        pairs += [(host, self.ward.observer, slots[host]) for host in self.hosts]
        plain = {"why": "Come and see.", "made_at": NOW, "until": NOW + timedelta(days=9)}
        names = ("host_id", "person_id", "slot_id")
        rows = [{"id": uuid4()} | dict(zip(names, pair, strict=True)) | plain for pair in pairs]
        self.write(inviting.leader_invite, rows)
        given = {"kind": "notice", "reason": "Flew in.", "given_by_id": self.ward.coordinator}
        rows = [
            {"id": uuid4(), "person_id": visitor, "slot_id": one, "given_at": NOW} | given
            for visitor in self.visitors
        ]
        self.write(changes.allowance, rows)

    def paper(self):
        """Let as many hosts be reached on paper alone, and the manager lead as many units."""
        on_paper = self.people("aide", email=None, host_role="aide", host_unit_id=self.ward.unit)
        rows = [{"person_id": each, "role": "host"} for each in on_paper]
        self.write(people.person_role, rows)
        with self.work.read() as tx:
            mine = select(people.unit).filter_by(id=self.ward.unit)
            one = tx.db.execute(mine).one()._asdict()
        rows = [one | {"id": uuid4(), "code": f"more{number}"} for number in range(self.size)]
        self.write(people.unit, rows)

    def waiting(self):
        """Let the observer wait for as many kinds of shift."""
        plain = {"person_id": self.ward.observer, "goal": "See a night.", "made_at": NOW}
        plain |= {"unit_id": self.ward.unit, "first_on": date(2027, 3, 20)}
        rows = [
            {"id": uuid4(), "last_on": date(2027, 3, 20) + timedelta(days=number)} | plain
            for number in range(self.size)
        ]
        self.write(wishes.wish, rows)

    def meetings(self):
        """Offer as many meetings, to the first of which everybody has asked to come."""
        plain = {"host_id": self.ward.observer, "site_id": self.ward.site, "kind": "reverse"}
        plain |= {"span": "", "band": "day", "mode": "ask", "host_role": "", "seats": 2}
        plain |= {"what": "Budget meeting", "room": "Board room"}
        rows = [{"id": uuid4()} | plain | self.when(20 + number) for number in range(self.size)]
        self.write(availability.slot, rows)

    def clearance(self):
        """Let everybody's training wait for the coordinator, beside as many rules of the house."""
        said = {"requirement": "HIPAA", "state": "pending", "pending_since": NOW}
        said |= {"claim_done_on": date(2027, 3, 1), "claim_evidence": "LMS"}
        rows = [
            {"id": uuid4(), "person_id": visitor, "claim_by_id": visitor} | said
            for visitor in self.visitors
        ]
        self.write(people.credential, rows)
        house = {"organization_id": self.ward.organization}
        whose = {"requirement": "HIPAA", "person_id": self.ward.coordinator}
        self.write(clearance.verifier, [house | whose])
        ruling.draft(self.work, self.ward.as_coordinator(), SHOES)
        with self.work.read() as tx:
            one = tx.db.execute(select(clearance.requirement)).one()._asdict()
        changed = {"label": "Shoes", "state": "active", "since": NOW}
        rows = [one | changed | {"id": uuid4(), "code": f"OWN_{n}"} for n in range(self.size)]
        self.write(clearance.requirement, rows)

    def of(self, role):
        """Name who looks in *role*."""
        ward = self.ward
        return {
            Role.HR: self.hr,
            Role.OBSERVER: ward.observer,
            Role.HOST: ward.host,
            Role.UNIT_MANAGER: ward.manager,
            Role.COORDINATOR: ward.coordinator,
        }[role]


@pytest.fixture(scope="module")
def crowds(sqlite, tmp_path_factory):
    """Make a crowd of each size, each in a database of its own."""
    made = []
    for size in SIZES:
        folder = tmp_path_factory.mktemp(f"crowd{size}")
        shutil.copyfile(sqlite, folder / "crowd.sqlite3")
        engine = make_engine(f"sqlite:///{folder}/crowd.sqlite3")
        made.append(Crowd(Work(engine, clock=lambda: NOW), size))
    yield made
    for crowd in made:
        crowd.work.engine.dispose()


def browser(crowd, role, folder):
    """Open a browser in which somebody is signed in as *role*."""
    work = crowd.work
    told = Settings(database_url=str(work.engine.url), secret_key="k" * 32, instance=folder)
    client = create_app(told, work=work).test_client()
    with work.read() as tx:
        email = tx.db.scalar(select(people.person.c.email).filter_by(id=crowd.of(role)))
    entered = enter_as(work, email=email, role=role, caller=Caller("127.0.0.1"))
    with client.session_transaction() as session:
        session["_user_id"] = entered.token
    return client


def statements(engine, fetch):
    """Count what *fetch* asks of the database."""
    asked = []

    def listen(*facts):
        asked.append(facts[2])

    event.listen(engine, "before_cursor_execute", listen)
    fetch()
    event.remove(engine, "before_cursor_execute", listen)
    return len(asked)


def shown(crowds, role, path, folder):
    """Show a page to each crowd: how often it asks, and how long it is, by the number of rows."""
    for crowd in crowds:
        client = browser(crowd, role, folder)
        answer = client.get(path)
        assert answer.status_code == 200, path
        asked = statements(crowd.work.engine, lambda client=client: client.get(path))
        yield asked, len(answer.text)


@pytest.mark.slow
@pytest.mark.parametrize(("role", "path"), LISTS)
def test_a_list_asks_as_often_whatever_its_length(crowds, tmp_path, role, path):
    asked, lengths = zip(*shown(crowds, role, path, tmp_path), strict=True)

    assert len(set(asked)) == 1, asked
    assert list(lengths) == sorted(set(lengths)), "it shows no more of them"


@pytest.mark.slow
@pytest.mark.parametrize(("role", "path"), SUMMARIES)
def test_a_summary_asks_as_often_whatever_there_is(crowds, tmp_path, role, path):
    asked, _ = zip(*shown(crowds, role, path, tmp_path), strict=True)

    assert len(set(asked)) == 1, asked


@pytest.mark.slow
def test_asking_once_a_row_is_noticed(crowds):
    def ask_for_each(crowd):
        with crowd.work.read() as tx:
            for shift in tx.db.execute(select(bookings.shift.c.host_id)).all():
                tx.db.execute(select(people.person).filter_by(id=shift.host_id))

    counts = [
        statements(crowd.work.engine, lambda crowd=crowd: ask_for_each(crowd)) for crowd in crowds
    ]

    assert len(set(counts)) == len(SIZES)
