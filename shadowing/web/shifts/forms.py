"""What is filled in on the page of a shift."""

from __future__ import annotations

from shadowing.services.bookings.debriefing import LONGEST_REASON
from shadowing.web.fields import AreaField, TickField
from shadowing.web.forms import HouseForm


class CheckInForm(HouseForm):
    """Well today? Whoever checks in ticks it, or asks (D2)."""

    well = TickField("I am well today")


class WaiveForm(HouseForm):
    """Why no talk takes place."""

    reason = AreaField("Why the talk does not take place", most=LONGEST_REASON)
