"""What a person typed, without what could break a header or a file."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.adapters.plain_text import one_line, plain_lines


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Nadia \t Ferrowby ", "Nadia Ferrowby"),
        ("Ann\r\nBcc: all@h.example", "Ann Bcc: all@h.example"),
        ("Ann\u2028Lee\u2029Ray\x85Mo\x0bUt", "Ann Lee Ray Mo Ut"),
        ("A\0n\x1bn\x7f", "Ann"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("أنا נעמי", "أنا נעמי"),
        ("🧑🏽\u200d⚕️", "🧑🏽\u200d⚕️"),
        ("\ud83d", "\ufffd"),
        ("", ""),
    ],
)
def test_a_name_stays_on_its_line(typed, shown):
    assert one_line(typed) == shown


def test_lines_stay_lines():
    assert plain_lines("\n One\r\nTwo\rThree\x85\n\nFour\t4\0 \n") == "One\nTwo\nThree\n\n\nFour\t4"


@given(st.text(alphabet=st.characters()))
def test_nothing_that_controls_is_left(text):
    line = one_line(text)

    assert not [c for c in line if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert line == one_line(line)
    assert line.encode() == one_line(plain_lines(text)).encode()
