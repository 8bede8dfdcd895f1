"""What is typed about a cohort day: the day itself, whom it invites, whom to ask for a meeting."""

from __future__ import annotations

from datetime import time
from typing import Final
from zoneinfo import ZoneInfo

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.domain.bookings.cohort import (
    LONGEST_NAME,
    LONGEST_PURPOSE,
    LONGEST_TALK,
    SHORTEST_TALK,
    Draft,
)
from shadowing.services.bookings.cohort import Desk
from shadowing.services.bookings.cohort_days import Candidate, Day, Guest
from shadowing.web.fields import (
    AreaField,
    DayField,
    LineField,
    ManyField,
    MenuField,
    TimeField,
    WholeField,
)
from shadowing.web.forms import HouseForm
from shadowing.web.session import today

AFTERNOON: Final = time(16, 30)
AN_HOUR: Final = 60


class DayForm(HouseForm):
    """A cohort day, on the clock of its building."""

    name = LineField("What the day is called", needed="Enter a name.", most=LONGEST_NAME)
    purpose = AreaField("What it is for", most=LONGEST_PURPOSE)
    program = MenuField("Program", needed="Choose the program.")
    site = MenuField("Building", needed="Choose the building.")
    day = DayField("Day", needed="Enter the day.")
    start = TimeField("Joint debrief begins", needed="Enter when it begins.")
    minutes = WholeField(
        "How long, in minutes",
        low=SHORTEST_TALK,
        high=LONGEST_TALK,
        needed="Enter how many minutes.",
    )
    room = LineField("Where everybody meets for it", needed="Enter where.", most=LONGEST_NAME)

    def offer(self, desk: Desk) -> None:
        """Fill the menus; begin with what most days have."""
        self.program.choices = [SelectChoice(str(each.id), each.name) for each in desk.programs]
        self.site.choices = [SelectChoice(str(each.id), each.name) for each in desk.sites]
        if not self.is_submitted():
            self.start.data = AFTERNOON
            self.minutes.data = AN_HOUR

    def stand(self, day: Day) -> None:
        """Show a day as it stands; program and building stay, and so does a planned day's date."""
        self.clock = day.zone
        del self.program, self.site
        if day.state != "draft":
            del self.day
        if self.is_submitted():
            return
        begins = day.talk_starts_at.astimezone(ZoneInfo(day.zone))
        self.name.data, self.purpose.data, self.room.data = day.name, day.purpose, day.room
        self.start.data = begins.time()
        self.minutes.data = day.talk.minutes
        if "day" in self:
            self.day.data = day.local_date

    def draft(self, stands: Day | None = None) -> Draft:
        """Give what was written; the date of a day that *stands* where none is asked."""
        on = self.day.data if "day" in self else None
        return Draft(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            day=on or (stands.local_date if stands else today()),
            start=f"{self.start.data or AFTERNOON:%H:%M}",
            minutes=self.minutes.data or 0,
            room=self.room.data or "",
        )


class PeopleForm(HouseForm):
    """Whom to invite, of those on the page."""

    people = ManyField("People to invite", needed="Tick at least one person.")

    def offer(self, found: tuple[Candidate, ...]) -> None:
        """List those who are not invited yet."""
        self.people.choices = [
            SelectChoice(str(each.id), f"{each.name}, {each.title}")
            for each in found
            if not each.invited
        ]


class AskForm(HouseForm):
    """Whom to ask to offer a meeting on the day."""

    person = MenuField("Who could offer one", needed="Choose who.")

    def offer(self, guests: tuple[Guest, ...]) -> None:
        """List those who are invited."""
        people = [SelectChoice(str(each.id), each.name) for each in guests]
        self.person.choices = [SelectChoice("", "Choose"), *people]


class CallOffForm(HouseForm):
    """Nothing is asked: it is meant, or it is not."""
