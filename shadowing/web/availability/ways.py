"""How somebody joins some hours, as the host fills it in: beside them or from elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters import reference
from shadowing.domain.units import higher
from shadowing.domain.ways import (
    BESIDE,
    IN_PERSON,
    LONGEST_ADDRESS,
    MOST_SEATS,
    REMOTE,
    Way,
)
from shadowing.services.availability.week import Week
from shadowing.web.fields import ChoiceField, LineField, MenuField, WholeField
from shadowing.web.forms import HouseForm

AS_THE_UNIT: Final = "unit"
KINDS: Final = ((IN_PERSON, "Beside you"), (REMOTE, "By video or phone"))
OF_REMOTE: Final = ("kind", "seats", "join_at")


class WayForm(HouseForm):
    """Beside the host or from elsewhere, and how sensitive; what cannot be chosen is not asked."""

    kind = ChoiceField("How do they join?", choices=KINDS, needed="Choose how they join.")
    seats = WholeField("How many at once", low=1, high=MOST_SEATS)
    join_at = LineField("Where to join", most=LONGEST_ADDRESS)
    sensitivity = MenuField("Sensitivity")

    def offer_ways(self, shown: Week, stands: Way = BESIDE) -> None:
        """Leave what this unit offers; where nothing was sent, show how it stands."""
        if not (shown.unit and shown.unit.remote_allowed) and not stands.remote:
            for name in OF_REMOTE:
                del self[name]
        levels = higher_levels(shown)
        if not levels:
            del self.sensitivity
        else:
            self.sensitivity.choices = [SelectChoice(*each) for each in levels]
        if not self.is_submitted():
            self._show(shown, stands)

    def _show(self, shown: Week, stands: Way) -> None:
        stood: dict[str, Any] = {
            "kind": stands.kind,
            "seats": stands.seats,
            "join_at": stands.join_at,
            "sensitivity": settled(stands, shown).sensitivity or AS_THE_UNIT,
        }
        for name, value in stood.items():
            if name in self:
                self[name].data = value

    def way(self, stood: Way = BESIDE) -> Way:
        """Say what was filled in; what was not asked stays as it stood."""
        level = self.sensitivity.data if "sensitivity" in self else stood.sensitivity
        level = "" if level in {None, AS_THE_UNIT} else str(level)
        if "kind" not in self or self.kind.data != REMOTE:
            return Way(sensitivity=level)
        return Way(
            kind=REMOTE,
            seats=self.seats.data or 1,
            join_at=self.join_at.data or "",
            sensitivity=level,
        )


def higher_levels(shown: Week) -> tuple[tuple[str, str], ...]:
    """List the levels above the unit's, its own first; nothing where there is none above."""
    known = reference.load().sensitivities
    own = shown.unit.sensitivity if shown.unit else ""
    above = [each for each in known.values() if each.code != own and higher(each.code, own) != own]
    if not own or not above:
        return ()
    unit = (AS_THE_UNIT, f"As the unit: {known[own].label}")
    return (unit, *((each.code, each.label) for each in above))


def settled(way: Way, shown: Week) -> Way:
    """Give a way as it is on the unit now: a level that the unit has reached is the unit's."""
    own = shown.unit.sensitivity if shown.unit else ""
    level = way.sensitivity if higher(way.sensitivity, own) != own else ""
    return Way(kind=way.kind, seats=way.seats, join_at=way.join_at, sensitivity=level)


def said(way: Way, shown: Week) -> tuple[str, ...]:
    """Say of hours how they are joined and where they are above their unit; plain ones nothing."""
    level = settled(way, shown).sensitivity
    seats = "1 seat" if way.seats == 1 else f"{way.seats} seats"
    words = (
        f"By video or phone, {seats}" if way.remote else "",
        reference.load().sensitivities[level].label if level else "",
    )
    return tuple(each for each in words if each)


def not_offered(way: Way, shown: Week, *, day: date) -> str:
    """Say why nobody sees hours that are open; empty where they are seen."""
    if shown.unit is None:
        return ""
    if way.remote and not shown.unit.remote_allowed:
        return "Nobody sees it: this unit lets nobody join from elsewhere now."
    if way.sensitivity and not shown.unit.raised(way.sensitivity).authorized_on(day):
        return "Nobody sees it before the unit has a written authorization."
    return ""
