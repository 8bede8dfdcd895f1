"""How much one host is asked to host: the program's limit, or the host's own where it is stricter.

Source: docs/rules.md, rule A4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.programs import Rules

MOST: Final = "max_per_month"
GAP: Final = "cool_down_days"
MAY_LOOSEN: Final = "hosts_may_loosen"


class LimitLooser(Refusal):
    """A host would loosen their limit, and the program does not let hosts do that.

    Facts: ``field``, which limit.
    """

    code = "limit_looser"


@dataclass(frozen=True, slots=True)
class Limits:
    """Shadow shifts in a calendar month, and days between any two start dates."""

    max_per_month: int
    cool_down_days: int


def limits(rules: Rules, *, max_per_month: int | None, cool_down_days: int | None) -> Limits:
    """Say which limits hold for a host who set these, or none.

    The program's hold where they are stricter, unless it lets hosts loosen them.
    """
    most, gap = rules.number(MOST), rules.number(GAP)
    if max_per_month is not None:
        most = max_per_month if rules.on(MAY_LOOSEN) else min(most, max_per_month)
    if cool_down_days is not None:
        gap = cool_down_days if rules.on(MAY_LOOSEN) else max(gap, cool_down_days)
    return Limits(most, gap)


def check(wanted: Limits, *, now: Limits, rules: Rules) -> None:
    """Refuse limits beyond those of the table, or looser than before where that is not allowed.

    Raises:
        BadValue: ``out_of_range``, with the field and what is possible.
        LimitLooser: With the field.
    """
    for name in (MOST, GAP):
        setting, value = rules.known.setting(name), getattr(wanted, name)
        least, most = setting.least or 0, setting.most or 0
        if not least <= value <= most:
            raise BadValue(field=name, problem="out_of_range", least=least, most=most)
    if rules.on(MAY_LOOSEN):
        return
    if wanted.max_per_month > now.max_per_month:
        raise LimitLooser(field=MOST)
    if wanted.cool_down_days < now.cool_down_days:
        raise LimitLooser(field=GAP)
