from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import shadowing
from shadowing.domain.followup.answers import check_draft
from shadowing.domain.followup.closing import Seal, Sides, sides_open
from shadowing.domain.followup.gap import points_distance, widest_gap
from shadowing.domain.followup.problems import BadAnswers
from shadowing.domain.followup.questions import Kind, Phase, Readers, Side
from shadowing.domain.followup.templates import fields_for, forms_for, read
from shadowing.domain.followup.values import Known, Points
from shadowing.domain.followup.visibility import (
    Sheet,
    Standing,
    Viewer,
    check_releases,
    may_read,
    readable,
)

REFERENCE = Path(shadowing.__file__).parent / "reference" / "reflection_templates.yaml"
TEMPLATES = read(yaml.safe_load(REFERENCE.read_text(encoding="utf-8")))
END = datetime(2027, 3, 8, 15, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Standing(submitted=True, seal=Seal.BOTH_IN)
SEALED = Standing(submitted=True, seal=Seal.SEALED)
ONE_SIDE = Standing(submitted=True, seal=Seal.ONE_SIDE)
DRAFT = Standing(submitted=False, seal=Seal.BOTH_IN)


def whole_form(code, side):
    forms = forms_for(TEMPLATES, chosen=code, side=side)
    return [one for phase in Phase for one in fields_for(forms, side=side, phase=phase)]


def read_by(code, side, viewer, standing):
    return {one.key for one in whole_form(code, side) if may_read(one, standing, viewer=viewer)}


# What each reader may read once both sides are in, written out (sections 3.1 and 8.1).
OTHERS = {
    ("T1", Side.OBSERVER): {"heard", "commit", "nocommit"},
    ("T2", Side.OBSERVER): {"frame", "frame_why", "aim", "misfit", "clear", "clear_none"},
    ("T3", Side.OBSERVER): {"every", "number", "number_state", "commit", "nocommit"},
    ("T4", Side.OBSERVER): {
        "edge", "edge_text", "bridge", "invite", "invite_what", "invite_when", "invite_why",
        "commit", "nocommit",
    },
    ("T1", Side.HOST): set(),
    ("T2", Side.HOST): {"frame_host"},
}  # fmt: skip
RELEASED = {
    ("T1", Side.OBSERVER): {"mine", "mine_portfolio"},
    ("T1", Side.HOST): {"under", "under_state"},
}


@pytest.mark.parametrize(("form", "wanted"), OTHERS.items())
def test_the_other_person_reads_only_fields_shared_with_them(form, wanted):
    assert read_by(*form, Viewer.OTHER, OPEN) == wanted


@pytest.mark.parametrize(("form", "opened"), RELEASED.items())
def test_the_author_may_open_more_to_the_other_person(form, opened):
    everything = frozenset(one.key for one in whole_form(*form))
    released = Standing(submitted=True, seal=Seal.BOTH_IN, released=everything)

    assert read_by(*form, Viewer.OTHER, released) == OTHERS[form] | opened
    still_sealed = Standing(submitted=True, seal=Seal.SEALED, released=everything)
    assert read_by(*form, Viewer.OTHER, still_sealed) <= {"commit"}


def test_the_coordinator_reads_only_what_is_for_the_coordinator_section_8_1():
    for code in ("T1", "T2", "T3", "T4"):
        assert read_by(code, Side.OBSERVER, Viewer.COORDINATOR, OPEN) == set()
    assert read_by("T1", Side.HOST, Viewer.COORDINATOR, SEALED) == {
        "cost", "again", "back", "back_portfolio",
    }  # fmt: skip
    ticked = Standing(submitted=True, seal=Seal.SEALED, released=frozenset({"table", "donto"}))
    assert "table" in read_by("T1", Side.HOST, Viewer.COORDINATOR, ticked)
    assert "donto" not in read_by("T1", Side.HOST, Viewer.COORDINATOR, ticked)


def test_hr_reads_no_text_and_only_what_the_author_ticked_section_8_1():
    for code, side in product(("T1", "T2", "T3", "T4"), Side):
        form = whole_form(code, side)
        everything = frozenset(one.key for one in form)
        released = Standing(submitted=True, seal=Seal.BOTH_IN, released=everything)

        assert read_by(code, side, Viewer.HR, OPEN) == set()
        for one in form:
            if may_read(one, released, viewer=Viewer.HR):
                assert one.key in {"want", "want_mode"}
                assert one.kind is Kind.CHOICE


def test_a_text_stays_closed_to_hr_whatever_a_template_says():
    want = next(one for one in whole_form("T1", Side.HOST) if one.key == "want")
    ticked = Standing(submitted=True, seal=Seal.BOTH_IN, released=frozenset({"want"}))

    assert may_read(want, ticked, viewer=Viewer.HR)
    assert not may_read(replace(want, kind=Kind.TEXT), ticked, viewer=Viewer.HR)


def test_a_preceptor_reads_r_fields_of_a_credit_plan_alone():
    on_plan = Standing(submitted=True, seal=Seal.SEALED, on_credit_plan=True)

    assert read_by("T3", Side.OBSERVER, Viewer.PRECEPTOR, on_plan) == {"layer", "next"}
    assert read_by("T3", Side.OBSERVER, Viewer.PRECEPTOR, OPEN) == set()
    draft = Standing(submitted=False, seal=Seal.SEALED, on_credit_plan=True)
    assert read_by("T3", Side.OBSERVER, Viewer.PRECEPTOR, draft) == set()


def test_what_is_only_counted_or_private_is_read_by_its_author_alone():
    for code, side, viewer in product(("T1", "T2", "T3", "T4"), Side, Viewer):
        if viewer is Viewer.AUTHOR:
            continue
        for one in whole_form(code, side):
            if one.readers <= {Readers.COUNTED, Readers.AUTHOR} and one.release is None:
                assert not may_read(one, OPEN, viewer=viewer), (one.key, viewer)


def test_the_observer_never_reads_what_a_host_says_of_hosting():
    """``never_to``: not by any release either."""
    for seal in Seal:
        everything = frozenset(one.key for one in whole_form("T1", Side.HOST))
        standing = Standing(submitted=True, seal=seal, released=everything)
        read_of_it = read_by("T1", Side.HOST, Viewer.OTHER, standing)

        assert not read_of_it & {"cost", "expert", "again"}


def test_never_to_outweighs_a_code_that_would_allow_it():
    cost = next(one for one in whole_form("T1", Side.HOST) if one.key == "cost")
    heard = next(one for one in whole_form("T1", Side.OBSERVER) if one.key == "heard")
    assert may_read(heard, OPEN, viewer=Viewer.OTHER)
    kept = replace(heard, never_to=frozenset({"host"}))
    assert not may_read(kept, OPEN, viewer=Viewer.OTHER)
    kept = replace(cost, never_to=frozenset({"coordinator"}))
    assert not may_read(kept, OPEN, viewer=Viewer.COORDINATOR)


def test_a_draft_is_its_authors_alone_rule_l2():
    for code, side in product(("T1", "T2", "T3", "T4"), Side):
        everything = {one.key for one in whole_form(code, side)}

        assert read_by(code, side, Viewer.AUTHOR, DRAFT) == everything
        for viewer in (Viewer.OTHER, Viewer.COORDINATOR, Viewer.HR, Viewer.PRECEPTOR):
            assert read_by(code, side, viewer, DRAFT) == set()


def test_sides_are_sealed_until_both_are_in_but_promises_never_rules_l4_and_l8():
    assert read_by("T1", Side.OBSERVER, Viewer.OTHER, SEALED) == {"commit"}
    assert read_by("T2", Side.OBSERVER, Viewer.OTHER, SEALED) == {"clear"}
    assert read_by("T2", Side.HOST, Viewer.OTHER, SEALED) == set()


def test_a_side_alone_opens_without_what_both_are_asked_rule_l4():
    """The frame split is shown side by side or not at all."""
    alone = read_by("T2", Side.OBSERVER, Viewer.OTHER, ONE_SIDE)

    assert alone == OTHERS[("T2", Side.OBSERVER)] - {"frame"}
    assert read_by("T2", Side.HOST, Viewer.OTHER, ONE_SIDE) == set()


def test_readable_hands_out_answers_and_nothing_for_what_was_left_empty():
    form = whole_form("T1", Side.OBSERVER)
    answers = check_draft(form, {"heard": "Keys.", "time": "Phones."})
    sheet = Sheet(fields=form, answers=answers, standing=OPEN)

    assert readable(sheet, viewer=Viewer.OTHER) == {"heard": "Keys."}
    assert readable(sheet, viewer=Viewer.AUTHOR) == answers


def test_only_what_is_the_authors_to_open_is_opened():
    form = whole_form("T1", Side.HOST)

    assert check_releases(form, ["under", "want"]) == {"under", "want"}
    for key in ("donto", "expert", "cost", "nothing"):
        with pytest.raises(BadAnswers) as refused:
            check_releases(form, ["under", key])
        assert [(one.key, one.code) for one in refused.value.problems] == [(key, "not_to_release")]


@pytest.mark.parametrize(
    ("observer", "host", "days", "wanted"),
    [
        (None, None, 20, Seal.SEALED),
        (1, None, 13.99, Seal.SEALED),
        (1, None, 14, Seal.ONE_SIDE),
        (None, 1, 14, Seal.ONE_SIDE),
        (1, 2, 2, Seal.BOTH_IN),
        (1, 20, 20, Seal.BOTH_IN),
    ],
)
def test_sides_open_when_both_are_in_or_14_days_have_passed_rule_l4(observer, host, days, wanted):
    sides = Sides(
        shift_end=END,
        observer_at=observer and END + observer * DAY,
        host_at=host and END + host * DAY,
    )

    assert sides_open(sides, now=END + days * DAY) is wanted


def sheet(side, raw, standing=OPEN, code="T2"):
    form = whole_form(code, side)
    answers = check_draft(form, raw, known=Known())
    return Sheet(fields=form, answers=answers, standing=standing)


def frames(observer, host, standing=OPEN):
    names = ("steps", "solving", "learning")
    return (
        sheet(Side.OBSERVER, {"frame": dict(zip(names, observer, strict=True))}, standing),
        sheet(Side.HOST, {"frame_host": dict(zip(names, host, strict=True))}, standing),
    )


def test_the_widest_gap_is_the_opening_question_rule_l4():
    gap = widest_gap(*frames((1, 5, 4), (6, 4, 0)))

    assert (gap.field, gap.other_field, gap.option) == ("frame", "frame_host", "steps")
    assert (gap.observer, gap.host) == (1, 6)
    assert gap.size == Fraction(1, 2), "five of ten points lie elsewhere"


def test_sides_that_agree_have_no_gap():
    assert widest_gap(*frames((4, 3, 3), (4, 3, 3))) is None


@pytest.mark.parametrize("standing", [SEALED, ONE_SIDE, DRAFT], ids=["sealed", "one", "draft"])
def test_no_gap_shows_before_both_sides_are_in_rule_l4(standing):
    assert widest_gap(*frames((7, 2, 1), (2, 3, 5), standing)) is None


def test_answers_that_are_only_counted_are_never_compared():
    """know_post and expert are counted in groups: a gap would tell each the other's number."""
    observer = sheet(Side.OBSERVER, {"know_post": 5, "know_pre": 1}, code="T1")
    host = sheet(Side.HOST, {"know_host_post": 1, "expert": 1}, code="T1")

    assert widest_gap(observer, host) is None


def test_one_frame_alone_is_no_gap():
    observer, _ = frames((7, 2, 1), (2, 3, 5))

    assert widest_gap(observer, sheet(Side.HOST, {})) is None
    assert widest_gap(observer, sheet(Side.HOST, {}, code="T1")) is None


def test_scales_both_sides_share_are_compared_too():
    pace = next(one for one in whole_form("T1", Side.OBSERVER) if one.key == "know_post")
    shared = {"readers": frozenset({Readers.OTHER})}
    one = replace(pace, key="pace", sealed_with="pace_host", **shared)
    two = replace(pace, key="pace_host", sealed_with="pace", filled_by="host", **shared)

    def gap(mine, theirs):
        return widest_gap(
            Sheet(fields=[one], answers={"pace": mine}, standing=OPEN),
            Sheet(fields=[two], answers={"pace_host": theirs}, standing=OPEN),
        )

    assert (gap(5, 2).observer, gap(5, 2).host, gap(5, 2).size) == (5, 2, Fraction(3, 4))
    assert gap(3, 3) is None
    assert gap("unsure", 3) is None


shares = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(
    lambda cuts: (min(cuts), max(cuts) - min(cuts), 10 - max(cuts)),
)


@given(one=shares, two=shares)
def test_the_distance_of_two_frames_is_what_would_have_to_move(one, two):
    names = ("a", "b", "c")
    first, second = (
        Points(tuple(zip(names, one, strict=True))),
        Points(tuple(zip(names, two, strict=True))),
    )
    distance = points_distance(first, second)

    assert distance == points_distance(second, first)
    assert distance == sum(max(0, a - b) for a, b in zip(one, two, strict=True))
    assert (distance == 0) == (one == two)
