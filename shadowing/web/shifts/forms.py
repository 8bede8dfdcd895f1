"""What is filled in on the page of a shift."""

from __future__ import annotations

from shadowing.domain.bookings.day import EndCode
from shadowing.domain.ways import LONGEST_ADDRESS
from shadowing.services.bookings.absence import LONGEST_REASON as LONGEST_SETTLED
from shadowing.services.bookings.debriefing import LONGEST_REASON
from shadowing.web.fields import AreaField, ChoiceField, LineField, TickField, TimeField
from shadowing.web.forms import HouseForm


class CheckInForm(HouseForm):
    """Well today? Whoever checks in ticks it, or asks (D2)."""

    well = TickField("I am well today")
    id_seen = TickField("I have seen a photo ID")


class JoinForm(HouseForm):
    """Where a remote shift is joined that somebody took over (B12, B17)."""

    join_at = LineField("Where to join", needed="Enter where to join.", most=LONGEST_ADDRESS)


class EndForm(HouseForm):
    """Why a visit ends early, for whoever likes to say (D5)."""

    code = ChoiceField("Why, if you like", choices=[(each.value, "") for each in EndCode])


class TimesForm(HouseForm):
    """When somebody came and left, on the clock of the site (D4, D10)."""

    came = TimeField("Came at", needed="Enter when the visitor came.")
    left = TimeField("Left at", needed="Enter when the visitor left.")


class SettleForm(HouseForm):
    """Why the coordinator settles it so (6.2)."""

    why = AreaField("Why", needed="Enter a reason.", most=LONGEST_SETTLED)


class WaiveForm(HouseForm):
    """Why no talk takes place."""

    reason = AreaField("Why the talk does not take place", most=LONGEST_REASON)
