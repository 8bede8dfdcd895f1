"""When a pass holds, and how its code is written and read (C10)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.bookings.passes import LENGTH, LETTERS, is_good, read, spelled
from shadowing.domain.bookings.states import State

END = datetime(2027, 3, 22, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
codes = st.text(LETTERS, min_size=LENGTH, max_size=LENGTH)


@pytest.mark.parametrize("state", State)
def test_a_pass_holds_while_its_shift_is_confirmed_or_under_way(state):
    """Rule C10: void when the state leaves it."""
    good = state in {State.CONFIRMED, State.CHECKED_IN}

    assert is_good(state, ends_at=END, now=END - SECOND) == good
    assert not is_good(state, ends_at=END, now=END), "and never past the planned end"


@given(codes)
def test_a_code_that_is_read_out_is_read_back(code):
    assert read(spelled(code)) == code
    assert read(f" {spelled(code).lower()} ") == code


@pytest.mark.parametrize(("typed", "meant"), [("o0Il", "0011"), ("u", ""), ("7k-3m", "7K3M")])
def test_letters_that_look_like_digits_are_read_as_digits(typed, meant):
    assert read(typed) == meant
