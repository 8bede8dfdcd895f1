"""What the lead of a unit fills in: its settings, and a pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.units import LONGEST_LINE, PauseKind, Settings
from shadowing.services.units.looking import Desk
from shadowing.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    LineField,
    ManyField,
    MenuField,
    TickField,
    WholeField,
    offered,
)
from shadowing.web.forms import HouseForm
from shadowing.web.session import today

NOBODY: Final = "nobody"
KINDS: Final = (
    (PauseKind.INFECTION_CONTROL.value, "Infection control"),
    (PauseKind.SHORT_STAFF.value, "Short of staff"),
    (PauseKind.SURGE.value, "More patients than usual"),
    (PauseKind.OTHER.value, "Something else"),
)
MINUTES: Final = 60


class PauseForm(HouseForm):
    """From now to the end of a day; with what is booked or without."""

    until = DayField("Until the end of", needed="Choose the last day of the pause.")
    kind = ChoiceField("Why", choices=KINDS, needed="Choose why. Nobody outside is told.")
    stops = TickField("Stop what is booked in it too")

    def begin(self) -> None:
        """Suggest two weeks."""
        if not self.is_submitted():
            self.until.data = today() + timedelta(days=13)
            self.kind.data = PauseKind.OTHER.value


class SettingsForm(HouseForm):
    """Everything the lead of a unit sets."""

    meeting_point = LineField("Meeting point", needed="Enter where visitors are met.", most=300)
    phone = LineField("Unit phone", needed="Enter the phone of the unit.", most=40)
    attire = ManyField("What visitors wear", needed="Choose what visitors wear.")
    consent = MenuField("How patients are asked", needed="Choose how patients are asked.")
    cap = WholeField(
        "Visitors at any one minute", low=1, high=20, needed="Enter how many visitors at once."
    )
    block_hours = WholeField(
        "Hours a visit lasts", low=2, high=12, needed="Enter how long a visit lasts."
    )
    notice_days = WholeField("Days of notice", low=0, high=90)
    sensitivity = ChoiceField("Sensitivity", needed="Choose how sensitive the unit is.")
    auto_approve = TickField("Say yes for the unit in advance")
    authorized_by = LineField("Who authorized visits", most=LONGEST_LINE)
    authorization = LineField("Reference of the authorization", most=LONGEST_LINE)
    authorized_until = DayField("Last day it holds")
    own_rules = ManyField("This unit also asks for")
    handover_open = TickField("Handoff time may be shown, where the host chooses it too")
    remote_allowed = TickField("A huddle or desk of this unit may be watched by video")
    lead = MenuField("Lead")
    deputy = MenuField("Deputy")
    aim = AreaField("What is this team trying to produce?", most=400)
    measures = AreaField("Which numbers tell the team that it is working?", most=400)

    def offer(self, desk: Desk) -> None:
        """Fill the menus; where nothing was sent, show what is set now."""
        known = reference.load()
        levels = known.sensitivities.values()
        self.attire.choices = offered((each.code, each.label) for each in known.attires.values())
        self.consent.choices = offered((each.code, each.label) for each in known.consents.values())
        self.sensitivity.choices = offered((each.code, each.label) for each in levels)
        self.own_rules.choices = offered(desk.rules)
        people = ((str(person_id), name) for person_id, name in desk.deputies)
        self.deputy.choices = offered(((NOBODY, "Nobody"), *people))
        leads = [(str(person_id), name) for person_id, name in desk.leads]
        nobody = ((NOBODY, "Nobody yet"),) if str(desk.unit.manager_id) not in dict(leads) else ()
        self.lead.choices = offered((*nobody, *leads) if leads else ((NOBODY, "Nobody yet"),))
        if not self.is_submitted():
            self._show(desk)

    def _show(self, desk: Desk) -> None:
        for name in Settings.__slots__:
            if name in self:
                value: Any = getattr(desk.settings, name)
                self[name].data = list(value) if isinstance(value, tuple) else value
        self.block_hours.data = desk.settings.block_minutes // MINUTES
        self.deputy.data = str(desk.unit.deputy_id or NOBODY)
        leads = {str(person_id) for person_id, _ in desk.leads}
        self.lead.data = str(desk.unit.manager_id) if str(desk.unit.manager_id) in leads else NOBODY

    @property
    def settings(self) -> Settings:
        """What was filled in."""
        plain = {name: self[name].data for name in Settings.__slots__ if name in self}
        lists = {name: tuple(self[name].data or ()) for name in ("attire", "own_rules")}
        return Settings(
            **{**plain, **lists, "block_minutes": MINUTES * (self.block_hours.data or 0)}
        )

    @property
    def lead_id(self) -> UUID | None:
        """Who leads it; nothing where nobody was chosen."""
        chosen = self.lead.data
        return None if chosen in {None, NOBODY} else UUID(chosen)

    @property
    def deputy_id(self) -> UUID | None:
        """Who stands in for the lead."""
        chosen = self.deputy.data
        return None if chosen in {None, NOBODY} else UUID(chosen)
