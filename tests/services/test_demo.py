"""The demo hospital loads whole, obeys the rules it shows, and is the same every time."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from sqlalchemy import select

from shadowing.adapters import reference
from shadowing.adapters.credentials import password_fits
from shadowing.domain.bookings.states import AHEAD, MOVES, By, State
from shadowing.domain.clearance.evidence import State as Evidence
from shadowing.domain.demo.hospital import Hospital, key
from shadowing.domain.followup import templates
from shadowing.domain.followup.answers import check_complete, check_draft
from shadowing.domain.followup.moves import COMMITMENT, Commitment
from shadowing.domain.followup.questions import Phase, Side
from shadowing.domain.followup.values import Known
from shadowing.domain.people import Role
from shadowing.services import demo
from shadowing.services.availability import horizon
from shadowing.services.bookings import clearing
from shadowing.services.work import Work
from shadowing.store import bookings, cohort, people
from shadowing.store.base import metadata

TODAY = date(2027, 3, 8)
T = metadata.tables
EXPECTED = reference.demo_hospital()["expect"]
EVERY_WEEKDAY_AND_SEASON = [date(2027, 1, 1) + timedelta(days=n) for n in range(0, 366, 11)]


@pytest.fixture
def loaded(work):
    """Load the hospital on Monday 8 March 2027."""
    demo.load(work, password="cedar-hollow-demo", today=TODAY)
    return work


@cache
def made_on(today):
    """Make the rows of one day, once."""
    return demo.rows_for(today, password_hash=None, domain="localhost")


def rows(work: Work, name: str):
    """Read all rows of one table."""
    with work.read() as tx:
        return tx.db.execute(select(T[name])).mappings().all()


def test_everything_the_file_promises_is_there(loaded):
    """The oracle at the end of the file, as far as there are tables for it."""
    roles = [row["role"] for row in rows(loaded, "person_role")]
    managers = {row["manager_id"] for row in rows(loaded, "unit")}
    open_states = ("proposed", "agreed_with_host", "in_progress")
    commitments = rows(loaded, "commitment")
    late = [c for c in commitments if c["state"] in open_states and c["due_on"] < TODAY]
    known = reference.load().requirements
    over = [
        row
        for row in rows(loaded, "credential")
        if row["requirement"] in known and row["valid_to"] and row["valid_to"] < TODAY
    ]
    people = rows(loaded, "person")

    found = {
        "organizations": len(rows(loaded, "organization")),
        "zones": len({row["zone"] for row in rows(loaded, "site")}),
        "units": len(rows(loaded, "unit")),
        "hosts": roles.count(Role.HOST),
        "administrators": sum(1 for row in people if row["level"] not in {"", "student"}),
        "students": sum(1 for row in people if row["level"] == "student"),
        "coordinators": roles.count(Role.COORDINATOR),
        "hr": roles.count(Role.HR),
        "preceptors": roles.count(Role.PRECEPTOR),
        "sysadmins": roles.count(Role.SYSADMIN),
        "requested": sum(1 for row in rows(loaded, "shift") if row["state"] == State.REQUESTED),
        "overdue_commitments": len(late),
        "paused_units": sum(1 for row in rows(loaded, "unit") if row["paused_until"]),
        "paused_hosts": sum(1 for row in people if row["load_paused_at"]),
        "expired_credentials": len(over),
        "loops_closed": sum(1 for row in commitments if row["state"] == "seen_by_host"),
    }

    assert found == {name: EXPECTED[name] for name in found}
    # One of those who lead a unit is the partner's coordinator as well.
    assert len(managers) == EXPECTED["unit_managers"] + 1


def test_it_refuses_a_database_with_people_in_it(loaded):
    with pytest.raises(demo.NotEmpty) as refusal:
        demo.load(loaded, password=None, today=TODAY)

    assert refusal.value.code == "not_empty"
    assert not demo.is_empty(loaded)


def test_an_empty_database_is_called_empty(work):
    assert demo.is_empty(work)


def test_one_account_for_each_role_can_be_entered(loaded):
    accounts = demo.accounts()
    by_mail = {row["email"]: row for row in rows(loaded, "person")}
    held = {(row["person_id"], row["role"]) for row in rows(loaded, "person_role")}

    assert [account.role for account in accounts] == list(Role)
    for account in accounts:
        person = by_mail[account.email]
        assert (person["id"], account.role) in held
        assert person["name"] == account.name
        assert password_fits(person["password_hash"], "cedar-hollow-demo")


def test_without_a_password_nobody_has_one(work):
    demo.load(work, password=None, today=TODAY)

    assert {row["password_hash"] for row in rows(work, "person")} == {None}


def test_the_same_day_gives_the_same_hospital(work):
    first = demo.rows_for(TODAY, password_hash=None, domain="localhost")
    second = demo.rows_for(TODAY, password_hash=None, domain="localhost")

    demo.load(work, password=None, today=TODAY)

    assert first == second
    assert {row["id"] for row in first["shift"]} == {row["id"] for row in rows(work, "shift")}


@pytest.mark.parametrize("today", EVERY_WEEKDAY_AND_SEASON, ids=str)
def test_on_any_day_of_the_year_every_shift_has_come_an_allowed_way(today):
    """Section 6.2: any move that is not listed is refused, in the demo as well."""
    made = made_on(today)
    noon = datetime(today.year, today.month, today.day, 19, tzinfo=UTC)
    lasts = {}
    for line in made["audit"]:
        before, after = line["from_state"], State(line["to_state"])
        assert lasts.get(line["subject_id"], "") == before
        if before:
            assert By(line["acting_as"]) in MOVES[State(before)].get(after, ()), line
        assert line["at"] <= noon
        lasts[line["subject_id"]] = after
    assert lasts == {row["id"]: row["state"] for row in made["shift"]}


def test_on_any_day_upcoming_shifts_lie_ahead_and_take_their_slot():
    for today in EVERY_WEEKDAY_AND_SEASON:
        made = made_on(today)
        slots = {row["id"]: row for row in made["slot"]}
        for shift in made["shift"]:
            if shift["state"] not in AHEAD:
                assert shift["slot_id"] is None
            elif shift["kind"] != "reverse":
                slot = slots[shift["slot_id"]]
                assert (slot["starts_at"], slot["ends_at"]) == (
                    shift["starts_at"],
                    shift["ends_at"],
                )
                assert (slot["mode"], slot["band"]) == (shift["mode"], shift["band"])


@pytest.mark.parametrize("today", [date(2027, 3, 14), date(2027, 10, 20), date(2028, 2, 29)])
def test_seats_and_overlaps_hold_on_other_days_too(work, today):
    """The schema itself refuses a seat too many and two places at once (rules B2, B7)."""
    demo.load(work, password=None, today=today)

    # A move that waits keeps the seat of its new time as well (B9).
    seated = (*rows(work, "shift"), *rows(work, "shift_proposal"))
    standing = [row for row in seated if row["slot_id"]]
    assert sum(row["taken"] for row in rows(work, "slot")) == len(standing) > 0


def test_slots_reach_ninety_days_ahead():
    """Rule A5."""
    days = {row["local_date"] for row in made_on(TODAY)["slot"]}

    assert min(days) == TODAY
    assert max(days) == TODAY + timedelta(days=89)


def test_nobody_is_told_of_the_past(loaded):
    assert rows(loaded, "outbox") == []


def test_both_people_have_both_events_of_a_confirmed_shift():
    """Rule N2: two events for each of the two, and later changes raise their sequence."""
    confirmed = [row["id"] for row in made_on(TODAY)["shift"] if row["state"] == State.CONFIRMED]
    events = made_on(TODAY)["calendar_event"]
    for shift_id in confirmed:
        mine = [event for event in events if event["shift_id"] == shift_id]
        assert len({(event["person_id"], event["kind"]) for event in mine}) == 4
        assert {event["status"] for event in mine} == {"CONFIRMED"}
    assert len({event["uid"] for event in events}) == len(events)


def test_only_the_host_has_the_hold_of_a_request():
    """Rule N2: a tentative hold for the host from "requested"."""
    waiting = {row["id"]: row for row in made_on(TODAY)["shift"] if row["state"] == State.REQUESTED}
    events = [event for event in made_on(TODAY)["calendar_event"] if event["shift_id"] in waiting]

    assert len(events) == len(waiting)
    for event in events:
        assert event["person_id"] == waiting[event["shift_id"]]["host_id"]
        assert (event["kind"], event["status"]) == ("shift", "TENTATIVE")


def test_a_cancelled_shift_left_cancelled_events():
    gone = {
        row["id"] for row in made_on(TODAY)["shift"] if row["state"] == State.CANCELLED_BY_OBSERVER
    }
    events = [event for event in made_on(TODAY)["calendar_event"] if event["shift_id"] in gone]

    assert {event["status"] for event in events} == {"CANCELLED"}
    assert all(event["sequence"] > 0 for event in events)


@cache
def known_codes():
    """List what the pickers of a form may pick from."""
    tables = reference.load()
    organizations = [each["id"] for each in reference.demo_hospital()["organizations"]]
    return Known(
        roles=tables.roles.keys(), portfolios=tables.portfolios.keys(), organizations=organizations
    )


def test_every_reflection_fits_its_form():
    """What was sent answers every question that needs an answer (rules L3, F7)."""
    made = made_on(TODAY)
    forms = templates.read(reference.load().reflections)
    shifts = {row["id"]: row for row in made["shift"]}
    texts = {row["reflection_id"]: row["answers"] for row in made["reflection_text"]}
    checked = 0
    for row in made["reflection"]:
        if row["id"] not in texts:
            assert row["state"] == "expected"
            continue
        chosen = templates.forms_for(
            forms, chosen=shifts[row["shift_id"]]["template"], side=Side(row["side"])
        )
        for phase in Phase:
            fields = templates.fields_for(chosen, side=Side(row["side"]), phase=phase)
            given = {f.key: texts[row["id"]][f.key] for f in fields if f.key in texts[row["id"]]}
            whole = row["state"] == "submitted" and phase is not Phase.DEBRIEF
            check = check_complete if whole else check_draft
            check(fields, given, known=known_codes())
            checked += 1
    assert checked > 200


def test_every_promise_went_an_allowed_way():
    """Section 6.5."""
    made = made_on(TODAY)
    states = {row["id"]: row["state"] for row in made["commitment"]}
    lasts = {}
    for entry in made["commitment_entry"]:
        state = Commitment(entry["state"])
        before = lasts.get(entry["commitment_id"])
        if before is None:
            assert state is Commitment.PROPOSED
        else:
            assert state in COMMITMENT[before]
        lasts[entry["commitment_id"]] = state
    assert lasts == states


def test_a_late_promise_and_two_long_shifts_show_as_such():
    """Rules F11 and A4: one observer is locked, one host's slots are hidden."""
    late = [
        row
        for row in made_on(TODAY)["commitment"]
        if row["due_on"] < TODAY - timedelta(days=30)
        and row["state"] in {"agreed_with_host", "in_progress"}
    ]
    paused = [row for row in made_on(TODAY)["person"] if row["load_paused_at"]]

    assert [row["owner_id"] for row in late] == [key("person", "brightwater")]
    assert [row["id"] for row in paused] == [key("person", "hallowfield")]


def test_evidence_stands_as_its_dates_say():
    """Rule C1; the waiver of rule C7 among them."""
    evidence = {
        (row["person_id"], row["requirement"]): row["state"] for row in made_on(TODAY)["credential"]
    }

    assert evidence[key("person", "blackmere"), "HIPAA"] == Evidence.EXPIRED
    assert evidence[key("person", "lindmoor"), "HIPAA"] == Evidence.EXPIRING
    assert evidence[key("person", "alderbrook"), "TB"] == Evidence.WAIVED
    assert evidence[key("person", "ferrowby"), "HIPAA"] == Evidence.VALID
    assert (key("person", "marchbanks"), "MMR") not in evidence


def test_a_host_reports_to_the_boss_of_the_unit_else_to_its_manager():
    """The head of the file: own boss, the unit's boss, the unit's manager."""
    hospital = Hospital(raw=reference.demo_hospital(), reference=reference.load(), today=TODAY)

    assert hospital.boss("everly") == "palomar"
    assert hospital.boss("dunmore") == "elwood"
    assert hospital.boss("okonjo") == "odumarsh"
    assert hospital.boss("quillfeather") is None


def test_the_slots_are_those_the_product_makes_itself(loaded, clock):
    """Rules A1, A5: renewing them on the day of loading changes none that lies ahead."""
    before = {row["id"]: row["state"] for row in rows(loaded, "slot")}

    horizon.extend_all(loaded)

    later = {
        row["id"]: row["state"] for row in rows(loaded, "slot") if row["starts_at"] > clock.now
    }
    assert later.items() <= before.items()
    assert "hidden" in later.values()


def test_clearance_finds_the_gaps_that_the_file_names(loaded):
    """Rules C1, C3: worked out by the product, not read from the file."""
    raw = {shift["id"]: shift for shift in reference.demo_hospital()["shifts"]}
    ahead = [code for code in raw if code[0] == "f" and "span" in raw[code]]
    ticked = {"travel_waiver", "ride_along_waiver"}
    with loaded.read() as tx:
        for code in ahead:
            shift = bookings.find(tx.db, shift_id=key("shift", code))
            person = people.find(tx.db, person_id=shift.observer_id)
            unit = people.find_unit(tx.db, unit_id=shift.unit_id)
            gaps = clearing.gaps(clearing.record(tx, person), unit=unit, span=shift.interval)
            found = {gap.code for gap in gaps} - ticked
            assert found == set(raw[code].get("gaps", ())), code
    assert len(ahead) == 19


def test_some_hours_are_joined_by_video_and_some_are_raised(loaded):
    """Rules A8, B17: on a unit that allows it; one is booked, with its address."""
    offered = rows(loaded, "slot")
    remote = [row for row in offered if row["kind"] == "remote"]
    allowed = {row["id"] for row in rows(loaded, "unit") if row["remote_allowed"]}

    assert {row["unit_id"] for row in remote} == allowed != set()
    assert all(row["join_at"] and row["seats"] > 1 for row in remote)
    assert {row["sensitivity"] for row in offered} == {"", "S2"}
    (booked,) = [row for row in rows(loaded, "shift") if row["kind"] == "remote"]
    assert booked["join_at"] in {row["join_at"] for row in remote}


def test_what_was_written_is_read_back_under_the_version_it_was_written_under(loaded):
    kept = {row["version"] for row in rows(loaded, "reflection_template")}
    used = {row["template_version"] for row in rows(loaded, "reflection")}
    codes = {row["template"] for row in rows(loaded, "reflection") if row["side"] == Side.HOST}

    assert {version for joined in used for version in joined.split("+")} == kept
    assert codes == {"T5", "T5+T2"}


def test_a_cohort_day_is_ahead_with_its_people_and_a_meeting_on_offer(loaded):
    """Rules B14, S0.1: open to five administrators, and hosts of it have hours on the day."""
    (told,) = reference.demo_hospital()["cohort_days"]
    (day,) = rows(loaded, "cohort_day")
    assert (day["state"], day["local_date"].weekday()) == ("planned", 2)
    assert day["local_date"] > TODAY
    invited = {row["person_id"] for row in rows(loaded, "cohort_guest")}
    assert invited == {key("person", code) for code in told["observers"]}
    that_day = [row for row in rows(loaded, "slot") if row["local_date"] == day["local_date"]]
    offered = [row for row in that_day if row["kind"] == "reverse"]
    assert len(offered) == told["reverse_offers"]
    hosts = {row["host_id"] for row in that_day}
    assert {key("person", code) for code in told["hosts"]} <= hosts
    (joint,) = [row for row in rows(loaded, "debrief") if row["cohort_day_id"]]
    assert joint["starts_at"] == day["talk_starts_at"]
    with loaded.read() as tx:
        assert cohort.unsettled(tx.db, at=tx.now) == ()
