"""What clearance knows of a visit: to which day it has to hold, and who comes from outside."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from shadowing.adapters import reference
from shadowing.domain.clearance.dossier import Dossier, visit
from shadowing.domain.interval import Interval

HOUSE, OTHER, WARD = UUID(int=1), UUID(int=2), UUID(int=3)


@dataclass(frozen=True)
class Unit:
    """A ward in Chicago."""

    id: UUID = WARD
    kind: str = "MS"
    zone: str = "America/Chicago"
    organization_id: UUID = HOUSE
    own_rules: tuple[str, ...] = ()
    sensitivity: str = "S1"


def going(span, *, organization=HOUSE):
    person = Dossier(person="p", kind="workforce", organization=str(organization), program="q")
    return visit(person, reference.load(), Unit(), span)


def test_a_night_has_to_be_cleared_through_the_day_on_which_it_ends():
    """Rule C1: the local date of the end, whatever day it is elsewhere."""
    night = Interval(datetime(2027, 3, 9, 1, tzinfo=UTC), datetime(2027, 3, 9, 7, tzinfo=UTC))

    asked = going(night)

    assert (asked.starts_on, asked.ends_on) == (date(2027, 3, 8), date(2027, 3, 9))


@pytest.mark.parametrize(("organization", "outside"), [(HOUSE, False), (OTHER, True)])
def test_people_of_the_workforce_are_external_at_another_organizations_unit(organization, outside):
    """Rule C3."""
    day = Interval(datetime(2027, 3, 9, 15, tzinfo=UTC), datetime(2027, 3, 9, 19, tzinfo=UTC))

    assert going(day, organization=organization).external is outside
