"""The widest gap between the two sides: the opening question of the debrief (L4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shadowing.domain.followup.questions import Field
from shadowing.domain.followup.values import Points
from shadowing.domain.followup.visibility import Sheet, Viewer, readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where two answers to the same question lie apart.

    Attributes:
        field: Key of the observer's question.
        other_field: Key of the host's.
        option: Where points were shared out, the option they differ most about; else empty.
        observer: What the observer said: points, or a place on the scale.
        host: What the host said.
        size: Share of the widest that could be, above 0 up to 1.
    """

    field: str
    other_field: str
    option: str
    observer: int
    host: int
    size: Fraction


def points_distance(one: Points, other: Points) -> int:
    """Count the points that would have to move to make the two alike."""
    codes = {code for code, _ in (*one.parts, *other.parts)}
    return sum(abs(one.of(code) - other.of(code)) for code in codes) // 2


def widest_gap(observer: Sheet, host: Sheet) -> Gap | None:
    """Find the question both sides answered most differently.

    Only questions asked of both for this, whose answers each may read of the other, are compared:
    an answer that is only counted would show through a gap.

    Returns:
        The widest gap, the first in the form among equals, or ``None`` where nothing can be
        compared or both sides agree.

    Source: docs/rules.md, rule L4 and section 3.1.
    """
    gaps = list(_gaps(observer, host))
    return max(gaps, key=lambda gap: gap.size) if gaps else None


def _gaps(observer: Sheet, host: Sheet) -> Iterator[Gap]:
    seen_by_host = readable(observer, viewer=Viewer.OTHER)
    seen_by_observer = readable(host, viewer=Viewer.OTHER)
    theirs = {field.key: field for field in host.fields}
    for field in observer.fields:
        other = theirs.get(field.sealed_with)
        if other is None or other.kind is not field.kind:
            continue
        one, two = seen_by_host.get(field.key), seen_by_observer.get(other.key)
        if isinstance(one, Points) and isinstance(two, Points):
            yield from _points_gap(field, other, one, two)
        elif isinstance(one, int) and isinstance(two, int) and one != two:
            span = int(field.maximum - field.minimum)
            size = Fraction(abs(one - two), span)
            yield Gap(
                field=field.key,
                other_field=other.key,
                option="",
                observer=one,
                host=two,
                size=size,
            )


def _points_gap(field: Field, other: Field, one: Points, two: Points) -> Iterator[Gap]:
    distance = points_distance(one, two)
    if distance:
        option = max(field.codes, key=lambda code: abs(one.of(code) - two.of(code)))
        yield Gap(
            field=field.key,
            other_field=other.key,
            option=option,
            observer=one.of(option),
            host=two.of(option),
            size=Fraction(distance, field.total),
        )
