"""The fictional hospital as its file describes it, on one day of loading.

The file counts days from the day of loading and names things by short codes; here both become
dates, instants and ids. The same file and the same day give the same rows, down to the ids.

Source: the head of ``reference/demo_hospital.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from shadowing.domain.availability.clock import instant
from shadowing.domain.people import Role
from shadowing.domain.reference.spans import WEEKDAYS
from shadowing.domain.reference.tables import Reference

Raw = Mapping[str, Any]
Row = dict[str, object]
Rows = dict[str, list[Row]]

NAMESPACE: Final = UUID("6f1d3c3e-6d0b-5c0e-9d57-2f4a1c7be001")
A_DAY: Final = timedelta(days=1)
NOON: Final = "12:00"


def key(kind: str, *codes: str) -> UUID:
    """Make the id of a thing from its code in the file; always the same one."""
    return uuid5(NAMESPACE, "/".join((kind, *codes)))


@dataclass(frozen=True)
class Hospital:
    """The file, the reference tables and the day.

    Attributes:
        raw: The file as it was read.
        reference: What its codes mean.
        today: The day of loading; "now" is noon of it at each site.
    """

    raw: Raw
    reference: Reference
    today: date

    @cached_property
    def units(self) -> Mapping[str, Raw]:
        """Units by code."""
        return {unit["id"]: unit for unit in self.raw["units"]}

    @cached_property
    def sites(self) -> Mapping[str, Raw]:
        """Sites by code."""
        return {site["id"]: site for site in self.raw["sites"]}

    @cached_property
    def observers(self) -> Mapping[str, Raw]:
        """Administrators and students by code."""
        return {one["id"]: one for one in (*self.raw["administrators"], *self.raw["students"])}

    @cached_property
    def hosts(self) -> Mapping[str, Raw]:
        """Hosts by code, each with the organization of the unit's site."""
        return {
            host["id"]: {"org": self.site_of(host["unit"])["org"], **host}
            for host in self.raw["hosts"]
        }

    @cached_property
    def people(self) -> Mapping[str, Raw]:
        """Everybody by code, whoever reports to somebody after that somebody."""
        listed = {
            **{one["id"]: one for one in self.raw["staff"]},
            **self.observers,
            **self.hosts,
        }
        whole = {
            code: {"org": self.raw["programs"][0]["org"], "kind": "workforce", **one}
            for code, one in listed.items()
        }
        return dict(sorted(whole.items(), key=lambda item: self._depth(item[0], listed)))

    @cached_property
    def shifts(self) -> Mapping[str, Raw]:
        """Shifts by code."""
        return {shift["id"]: shift for shift in self.raw["shifts"]}

    def site_of(self, unit: str) -> Raw:
        """Return the site a unit lies at."""
        site: Raw = self.sites[self.units[unit]["site"]]
        return site

    def boss(self, code: str) -> str | None:
        """Name a person's manager: their own, else their unit's ``boss``, else its manager."""
        person = self.hosts.get(code) or next(
            (one for one in self.raw["staff"] if one["id"] == code),
            self.observers.get(code, {}),
        )
        named: str | None = person.get("boss")
        if named or code not in self.hosts:
            return named
        unit = self.units[person["unit"]]
        above: str = unit.get("boss", unit["manager"])
        return above

    def _depth(self, code: str, listed: Mapping[str, Raw]) -> int:
        """Count who stands above a person; a line that runs in a circle ends there."""
        seen: list[str] = []
        above = self.boss(code)
        while above is not None and above in listed and above not in seen:
            seen.append(above)
            above = self.boss(above)
        return len(seen)

    def day(self, days: int) -> date:
        """Count days from the day of loading."""
        return self.today + days * A_DAY

    def on(self, spec: Sequence[Any]) -> date:
        """Read ``[n, weekday]`` or ``[n]``: a weekday before or after so many days."""
        day = self.day(spec[0])
        if len(spec) > 1:
            step = -A_DAY if spec[0] < 0 else A_DAY
            while day.weekday() != WEEKDAYS[spec[1]]:
                day += step
        return day

    def at(self, day: date, time: str, zone: str) -> datetime:
        """Read a wall-clock time at a place; UTC."""
        return instant(day, time, ZoneInfo(zone))

    def now(self, zone: str) -> datetime:
        """Say when "now" is at a place."""
        return self.at(self.today, NOON, zone)

    def org_of(self, code: str) -> str:
        """Name a person's organization."""
        org: str = self.people[code]["org"]
        return org

    @property
    def home_zone(self) -> str:
        """The zone in which the file's own days are counted."""
        zone: str = self.raw["sites"][0]["zone"]
        return zone

    @property
    def coordinator(self) -> str:
        """Name the coordinator of the program."""
        org = self.raw["programs"][0]["org"]
        return next(
            str(each["id"])
            for each in self.raw["staff"]
            if Role.COORDINATOR in each["roles"] and each["org"] == org
        )
