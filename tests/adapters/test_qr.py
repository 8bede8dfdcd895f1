"""A code that is drawn is the code that was made, with its blank margin."""

import re

import segno

from shadowing.adapters.qr import QUIET, draw

ADDRESS = "https://shadowing.example.org/passes/7K3M9QRT5WXY2345"


def modules(qr):
    """Fill the squares that the path draws."""
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", qr.path):
        dark |= {(int(x) + n, int(y)) for n in range(int(length))}
    return dark


def test_the_path_draws_the_code_and_leaves_a_margin():
    """C10: a phone reads it, so not a module may be off."""
    qr = draw(ADDRESS)
    matrix = segno.make_qr(ADDRESS, error="m").matrix
    wanted = {
        (QUIET + x, QUIET + y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    }

    assert modules(qr) == wanted
    assert qr.size == len(matrix) + 2 * QUIET
    assert min(min(place) for place in wanted) == QUIET
    assert max(max(place) for place in wanted) == qr.size - QUIET - 1


def test_three_corners_are_marked():
    qr = draw(ADDRESS)
    dark, last = modules(qr), qr.size - QUIET - 7

    for left, top in ((QUIET, QUIET), (last, QUIET), (QUIET, last)):
        assert all((left + n, top) in dark for n in range(7))
        assert (left + 1, top + 1) not in dark
