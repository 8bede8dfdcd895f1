"""Passwords and tokens."""

import re
import time

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowing.adapters.credentials import (
    digest,
    hash_password,
    needs_rehash,
    new_token,
    password_fits,
    same,
    waste_a_hash,
)

KEPT = hash_password("correct horse battery staple")


def cheapest(work):
    """Take the least of several measurements, in seconds of this process."""
    spans = []
    for _ in range(5):
        start = time.process_time()
        work()
        spans.append(time.process_time() - start)
    return min(spans)


def test_a_password_fits_the_hash_it_was_made_of_and_no_other():
    assert password_fits(KEPT, "correct horse battery staple")
    assert not password_fits(KEPT, "correct horse battery stapler")
    assert not password_fits(KEPT, "")


def test_a_hash_is_argon2id_with_the_agreed_costs_and_its_own_salt():
    assert KEPT.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password("correct horse battery staple") != KEPT


@pytest.mark.parametrize("kept", ["", "plain", "$2b$12$abcdefghijklmnopqrstuv"])
def test_nobody_signs_in_where_no_password_is_kept(kept):
    assert not password_fits(kept, "")
    assert not password_fits(kept, "plain")


@settings(max_examples=10)
@given(text=st.text(alphabet=st.characters(), max_size=200))
def test_any_text_can_be_a_password(text):
    assert password_fits(hash_password(text), text)


@pytest.mark.parametrize("text", ["\ud800", "\0", "x" * 100_000, "🧑🏽‍⚕️", "أهلا"])
def test_odd_text_is_no_error(text):
    assert not password_fits(KEPT, text)


def test_one_letter_written_in_two_ways_is_one_password():
    assert password_fits(hash_password("Zo\u00eb at the ward"), "Zoe\u0308 at the ward")


@pytest.mark.parametrize("unknown", [lambda: waste_a_hash("x"), lambda: password_fits("", "x")])
def test_an_unknown_person_costs_the_time_of_a_known_one(unknown):
    known = cheapest(lambda: password_fits(KEPT, "x"))

    assert 0.5 * known < cheapest(unknown) < 2 * known


def test_a_hash_made_with_other_costs_wants_to_be_made_anew():
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("x")

    assert needs_rehash(cheap)
    assert not needs_rehash(KEPT)


def test_tokens_are_long_differ_and_fit_an_address():
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_token_is_kept_as_its_digest():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_secrets_are_compared_whole():
    assert same("a" * 43, "a" * 43)
    assert not same("a" * 43, "a" * 42)
    assert not same("é", "e")
