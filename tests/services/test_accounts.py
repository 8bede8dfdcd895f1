"""Accounts below the pages: one answer and one time for everybody, links that work once, tokens."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from shadowing.adapters.credentials import (
    digest,
    hash_password,
    needs_rehash,
    new_token,
    password_fits,
)
from shadowing.domain.accounts import (
    LINK_LASTS,
    SCOPES,
    EmailTaken,
    Lasting,
    LinkEnded,
    NotInProgram,
    NotRecognized,
    RoleNotHeld,
    TooManyTries,
    UnknownScope,
)
from shadowing.domain.errors import BadValue, NotFound, NotSignedIn, Stale
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, may
from shadowing.services.accounts import entering, newcomers, profile, sessions, tokens
from shadowing.services.accounts.entering import Caller
from shadowing.store.accounts import entrance
from shadowing.store.tables.accounts import api_token, session
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.people import person, person_role
from tests import makers

PASSWORD = "purple stairs hum softly"
KEPT = hash_password(PASSWORD)
HERE = Caller("192.0.2.1", "Firefox")
LASTING = Lasting()


@pytest.fixture
def hospital(work):
    return makers.organization(work)


@pytest.fixture
def ada(work, hospital):
    known = {"email": "ada@example.org", "password_hash": KEPT}
    return makers.person(work, hospital, roles=("observer", "hr"), **known)


def sign_in(work, email="ada@example.org", password=PASSWORD, caller=HERE):
    return entering.sign_in(work, email=email, password=password, caller=caller)


def count(work, table):
    with work.read() as tx:
        return tx.db.execute(select(func.count()).select_from(table)).scalar_one()


def test_known_and_unknown_take_the_same_time(work, ada, hospital):
    """Without the wasted hash the answer for nobody comes ten times sooner."""
    makers.person(work, hospital, email="nopassword@example.org")
    assert ada

    def took(email, number):
        began = time.perf_counter()
        with pytest.raises(NotRecognized):
            sign_in(work, email, "a wrong guess", Caller(f"198.51.100.{number}"))
        return time.perf_counter() - began

    emails = ("ada@example.org", "nobody@example.org", "nopassword@example.org")
    rounds = [[took(email, number) for email in emails] for number in range(7)]
    known, *others = (statistics.median(column) for column in zip(*rounds, strict=True))

    assert all(known / 3 < other < known * 3 for other in others)


def test_known_and_unknown_leave_the_same_trace(work, ada):
    for email in ("ada@example.org", "nobody@example.org"):
        before = count(work, audit)
        with pytest.raises(NotRecognized):
            sign_in(work, email, "a wrong guess")
        assert count(work, audit) == before + 1
    assert ada


def test_a_hash_of_old_costs_is_renewed_at_sign_in(work, ada):
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with work.write() as tx:
        tx.db.execute(update(person).where(person.c.id == ada).values(password_hash=old))

    sign_in(work)

    with work.read() as tx:
        kept = tx.db.scalar(select(person.c.password_hash).where(person.c.id == ada))
    assert kept != old
    assert not needs_rehash(kept)
    assert password_fits(kept, PASSWORD)


def test_many_guesses_at_once_count_as_many(work, ada):
    assert ada

    def guess(_):
        try:
            sign_in(work, password="a wrong guess")
        except (NotRecognized, TooManyTries) as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as crowd:
        said = list(crowd.map(guess, range(24)))

    assert said.count("not_recognized") == 10
    assert said.count("too_many_tries") == 14


def test_an_account_guessed_at_from_everywhere_waits_but_the_link_works(work, ada):
    for number in range(100):
        with pytest.raises(NotRecognized):
            sign_in(work, password="a wrong guess", caller=Caller(f"198.51.100.{number}"))
    with pytest.raises(TooManyTries) as caught:
        sign_in(work)
    assert caught.value.facts == {"minutes": 15}

    entered = entering.enter_by_link(work, made_link(work, ada), caller=HERE)

    assert sessions.resume(work, entered.token, lasting=LASTING).actor.person_id == ada


def made_link(work, person_id):
    token = new_token()
    with work.write() as tx:
        entrance.add_link(
            tx.db,
            digest=digest(token),
            person_id=person_id,
            target="/",
            at=tx.now,
            expires_at=tx.now + LINK_LASTS,
        )
    return token


def test_of_eight_who_press_one_link_at_once_one_gets_in(work, ada):
    token = made_link(work, ada)

    def press(_):
        try:
            return entering.enter_by_link(work, token, caller=HERE)
        except LinkEnded:
            return None

    with ThreadPoolExecutor(8) as crowd:
        entered = [one for one in crowd.map(press, range(8)) if one]

    assert len(entered) == count(work, session) == 1


def test_a_link_of_somebody_who_left_has_ended(work, ada):
    token = made_link(work, ada)
    with work.write() as tx:
        tx.db.execute(update(person).where(person.c.id == ada).values(active=False))

    with pytest.raises(LinkEnded):
        entering.enter_by_link(work, token, caller=HERE)


def test_a_link_of_somebody_without_a_role_stays_unused(work, ada):
    token = made_link(work, ada)
    with work.write() as tx:
        tx.db.execute(person_role.delete())

    with pytest.raises(NotInProgram):
        entering.enter_by_link(work, token, caller=HERE)

    entering.look_at_link(work, token)


def test_links_from_one_address_run_out(work, ada):
    for number in range(50):
        entering.ask_link(work, email=f"{number}@example.org", target="/", caller=HERE)

    with pytest.raises(TooManyTries):
        entering.ask_link(work, email="ada@example.org", target="/", caller=HERE)

    assert ada
    assert count(work, outbox) == 0


def test_somebody_is_seen_once_a_minute_not_at_every_page(work, ada, clock):
    assert ada
    token = sign_in(work).token

    def seen():
        with work.read() as tx:
            return tx.db.scalar(select(session.c.seen_at))

    first = seen()
    clock.advance(seconds=59)
    sessions.resume(work, token, lasting=LASTING)
    assert seen() == first
    clock.advance(seconds=1)
    sessions.resume(work, token, lasting=LASTING)
    assert seen() == first + timedelta(minutes=1)


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\ud800", "a\x00b"])
def test_a_token_that_never_was_is_nobodys(work, token):
    with pytest.raises(NotSignedIn):
        sessions.resume(work, token, lasting=LASTING)
    with pytest.raises(NotSignedIn):
        tokens.actor_of_token(work, token=token)


def test_a_session_of_another_cannot_be_ended(work, ada, hospital):
    other = makers.person(work, hospital)
    token = sign_in(work).token
    theirs = makers.actor(work, other)

    with pytest.raises(NotFound):
        sessions.sign_out(work, theirs, session=digest(token))

    assert sessions.resume(work, token, lasting=LASTING).actor.person_id == ada


def test_a_role_that_is_not_held_is_not_chosen(work, ada):
    token = sign_in(work).token
    mine = makers.actor(work, ada)

    with pytest.raises(RoleNotHeld):
        sessions.choose_role(work, mine, session=digest(token), role=Role.SYSADMIN)
    sessions.choose_role(work, mine, session=digest(token), role=Role.HR)

    assert sessions.resume(work, token, lasting=LASTING).actor.role is Role.HR


def test_a_password_that_changed_meanwhile_is_not_overwritten(work, ada):
    actor = makers.actor(work, ada)

    def change(new):
        try:
            profile.change_password(work, actor, current=PASSWORD, new=new, session="")
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        done = list(crowd.map(change, [f"copper teapot runs {n}" for n in range(4)]))

    assert done.count(True) == 1


def test_a_theme_that_is_none_is_refused(work, ada):
    with pytest.raises(BadValue):
        profile.choose_theme(work, makers.actor(work, ada), theme="pink")


def test_a_token_is_narrowed_to_its_scopes(work, ada):
    token = tokens.create_token(work, email="ADA@example.org", scopes=["slots:read"])

    actor = tokens.actor_of_token(work, token=token)

    assert actor.person_id == ada
    assert may(actor, Action.SLOT_FIND)
    assert not may(actor, Action.SHIFT_REQUEST)
    assert not may(actor, Action.ACCOUNT_CHANGE)


def test_no_scope_reaches_the_account_or_what_somebody_wrote():
    reached = frozenset().union(*SCOPES.values())

    assert not reached & {Action.ACCOUNT_SEE, Action.ACCOUNT_CHANGE}
    assert not {action for action in reached if action.startswith("reflection:")}


def test_a_token_acts_in_one_role(work, ada):
    assert ada
    plain = tokens.create_token(work, email="ada@example.org")
    for_hr = tokens.create_token(work, email="ada@example.org", role=Role.HR)

    assert tokens.actor_of_token(work, token=plain).role is Role.OBSERVER
    assert tokens.actor_of_token(work, token=for_hr).role is Role.HR
    with pytest.raises(RoleNotHeld):
        tokens.create_token(work, email="ada@example.org", role=Role.HOST)
    with pytest.raises(UnknownScope):
        tokens.create_token(work, email="ada@example.org", scopes=["everything"])


@pytest.mark.parametrize("end", ["revoked", "left", "role gone"])
def test_a_token_ends_with_what_it_rests_on(work, ada, end):
    token = tokens.create_token(work, email="ada@example.org")
    ends = {
        "revoked": update(api_token).values(revoked_at=work.clock()),
        "left": update(person).where(person.c.id == ada).values(active=False),
        "role gone": person_role.delete().where(person_role.c.role == "observer"),
    }
    with work.write() as tx:
        tx.db.execute(ends[end])

    with pytest.raises(NotSignedIn):
        tokens.actor_of_token(work, token=token)


def test_the_use_of_a_token_is_noted_once_a_minute(work, ada, clock):
    assert ada
    token = tokens.create_token(work, email="ada@example.org")

    def used():
        with work.read() as tx:
            return tx.db.scalar(select(api_token.c.seen_at))

    assert used() is None
    tokens.actor_of_token(work, token=token)
    first = used()
    clock.advance(seconds=30)
    tokens.actor_of_token(work, token=token)
    assert used() == first
    clock.advance(minutes=1)
    tokens.actor_of_token(work, token=token)
    assert used() > first


def test_the_first_person_founds_an_organization(work):
    newcomers.add_person(work, name="A", email="a@example.org", roles=[Role.SYSADMIN])
    newcomers.add_person(work, name="B", email="b@example.org", roles=[Role.HR, Role.HR])

    with work.read() as tx:
        found = tx.db.execute(select(person.c.organization_id)).scalars().all()
    assert len(found) == 2
    assert len(set(found)) == 1


def test_nobody_new_takes_an_address_or_comes_without_a_role(work, ada):
    assert ada
    with pytest.raises(EmailTaken):
        newcomers.add_person(work, name="A", email=" ADA@example.org", roles=[Role.HR])
    with pytest.raises(NotInProgram):
        newcomers.add_person(work, name="A", email="a@example.org", roles=[])
