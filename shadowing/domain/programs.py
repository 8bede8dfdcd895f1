"""Programs: the settings that hold in one. A program may be stricter than its organization.

A setting begins with the value that we ship; an organization may set another within the limits of
the table, and a program of it one that is as strict or stricter, never looser.

Source: docs/rules.md, introduction and section 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from shadowing.domain.bookings.timing import TimingSettings
from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.followup.settings import FollowUpSettings
from shadowing.domain.reference.settings import Setting
from shadowing.domain.reference.tables import Reference

STRICTER: Final = "stricter"
"""In the table: which way is stricter: ``higher``, ``lower``, ``on``, ``off``, ``more``."""
MORE: Final = "more"
"""Of several moments: as many of them, or more."""
SWITCHES: Final = frozenset({"on", "off"})
Given = Mapping[str, Any]


class Looser(Refusal):
    """A program would be looser than its organization.

    Facts: ``name`` of the setting, ``value`` wanted, ``house`` what the organization has.
    """

    code = "looser_than_house"


class OutOfLimits(Refusal):
    """A setting would leave the limits of the table. Facts: ``name``, ``least``, ``most``."""

    code = "setting_out_of_limits"


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that hold in one program.

    Attributes:
        known: Where every setting begins.
        house: What the organization has set.
        own: What the program has set.
    """

    known: Reference
    house: Given = field(default_factory=dict)
    own: Given = field(default_factory=dict)

    def value(self, name: str) -> Any:  # noqa: ANN401 - a number, a switch, or nothing for off
        """The value that holds.

        Raises:
            BadValue: ``unknown_code``: there is no such setting.
        """
        setting = self.known.setting(name)
        return self.own.get(name, self.house.get(name, setting.value))

    def number(self, name: str) -> int:
        """The value of a setting that is one whole number.

        Raises:
            BadValue: ``not_a_whole_number``: it is off, or of another kind.
        """
        value = self.value(name)
        if type(value) is not int:
            raise BadValue(field=name, problem="not_a_whole_number", value=value)
        return value

    def numbers(self, name: str) -> tuple[int, ...]:
        """The value of a setting that is several whole numbers, as ``card_hours``.

        Raises:
            BadValue: ``not_whole_numbers``.
        """
        value = self.value(name)
        fine = isinstance(value, tuple | list) and all(type(each) is int for each in value)
        if not fine:
            raise BadValue(field=name, problem="not_whole_numbers", value=value)
        return tuple(value)

    def limit(self, name: str) -> int | None:
        """The value of a setting that may be off."""
        return None if self.value(name) is None else self.number(name)

    def on(self, name: str) -> bool:
        """Whether a setting is switched on."""
        return self.value(name) is True

    @property
    def timing(self) -> TimingSettings:
        """All that the rules of time rest on."""
        number = self.number
        return TimingSettings(
            request_answer=timedelta(hours=number("request_answer_hours")),
            answer_margin=timedelta(hours=number("answer_margin_hours")),
            answer_least=timedelta(hours=number("answer_floor_hours")),
            employee_notice=timedelta(days=number("employee_days")),
            external_notice=timedelta(days=number("external_days")),
            late_cancel=timedelta(hours=number("late_cancel_hours")),
            check_in_opens=timedelta(minutes=number("checkin_opens")),
            no_show_after=timedelta(minutes=number("noshow_after")),
            auto_check_out_after=timedelta(minutes=number("auto_checkout_after")),
            early_end=timedelta(minutes=number("early_end_minutes")),
            asked_after=timedelta(hours=number("happened_after")),
            silence=timedelta(hours=number("happened_silence")),
            record_within=timedelta(days=number("record_days")),
            correct_within=timedelta(days=number("correct_days")),
            object_within=timedelta(days=number("object_days")),
        )

    @property
    def pace(self) -> FollowUpSettings:
        """How long what follows a shift takes, and how long it may wait."""
        number = self.number
        return FollowUpSettings(
            debrief_length=timedelta(minutes=number("debrief_minutes")),
            debrief_within=timedelta(hours=number("debrief_within_hours")),
            debrief_limit=timedelta(days=number("debrief_limit_days")),
            reflection_due=timedelta(hours=number("reflection_due_hours")),
            first_update=timedelta(days=number("first_update_days")),
            next_update=timedelta(days=number("next_update_days")),
            overdue_lock=timedelta(days=number("overdue_lock_days")),
        )


def settable(known: Reference) -> tuple[Setting, ...]:
    """List the settings that a program may have of its own, in the order of the table."""
    return tuple(each for each in known.settings.values() if STRICTER in each.more)


def is_switch(setting: Setting) -> bool:
    """Say whether a setting is on or off, and no number."""
    return setting.more[STRICTER] in SWITCHES


def is_list(setting: Setting) -> bool:
    """Say whether a setting is several numbers."""
    return isinstance(setting.value, tuple)


def checked(rules: Rules, wanted: Given) -> Given:
    """Give what a program sets, as it is kept: what it leaves to its organization is left out.

    Raises:
        BadValue: ``unknown_code``: a program has no such setting.
        OutOfLimits: A number is beyond the limits of the table.
        Looser: A value is looser than the organization's.
    """
    known = {each.name: each for each in settable(rules.known)}
    house = Rules(rules.known, rules.house)
    for name, value in wanted.items():
        if name not in known:
            raise BadValue(field=name, problem="unknown_code", value=name)
        _check(known[name], value, house=house.value(name))
    return {name: value for name, value in wanted.items() if value is not None}


def _check(setting: Setting, value: Any, *, house: Any) -> None:  # noqa: ANN401 - see Rules.value
    if value is None:
        return
    least, most = setting.least, setting.most
    numbers = () if is_switch(setting) else value if is_list(setting) else (value,)
    if any((least or 0) > each or (most is not None and each > most) for each in numbers):
        raise OutOfLimits(name=setting.name, least=least, most=most)
    if _looser(setting.more[STRICTER], value, house):
        raise Looser(name=setting.name, value=value, house=house)


def _looser(way: str, value: Any, house: Any) -> bool:  # noqa: ANN401 - see Rules.value
    if way in SWITCHES:
        return value is not house and value is not (way == "on")
    if house is None:
        return False
    if way == MORE:
        return len(value) < len(house)
    return bool(value < house if way == "higher" else value > house)
