"""What a site picks for a requirement of the tables, where they leave it a choice (2.5, C4, C9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from shadowing.adapters import reference
from shadowing.domain.clearance.rulebook import Own
from shadowing.domain.clearance.rules import switched_on
from shadowing.domain.clearance.states import Life
from shadowing.domain.errors import BadValue, NotFound, Refusal
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.domain.reference.requirements import Requirement, SiteChoices
from shadowing.services.clearance import ruling
from shadowing.services.work import Work, repeated

PICKABLE = frozenset({Life.ACTIVE, Life.OFF_SEASON})


class SameAsNow(Refusal):
    """That is how it is already."""

    code = "same_as_now"


@dataclass(frozen=True, slots=True)
class Picked:
    """What is picked now, as places in the lists of choices."""

    counts: int
    counts_outside: int
    effect: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A requirement with what may be picked for it.

    Attributes:
        binding_on: From when agreed shifts would be held to a change (C9).
    """

    requirement: Requirement
    choices: SiteChoices
    picked: Picked
    dormant: bool
    binding_on: date


def desk(work: Work, actor: Actor, *, code: str) -> Desk:
    """Show what a site may pick for a requirement.

    Raises:
        NotFound: The organization asks for nothing of this code, or may pick nothing for it.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.read() as tx:
        rule = ruling.rule_of(tx, actor, code)
        choices = _choices(rule)
        asked = rule.requirement
        picked = Picked(
            _place(choices.validities, asked.validity),
            _place(choices.validities_external, asked.validity_external),
            _place(choices.effects, asked.on_lapse),
        )
        binding_on = tx.now.date() + ruling.comment_days(tx, actor)
        return Desk(asked, choices, picked, rule.dormant, binding_on)


def _choices(rule: ruling.Rule) -> SiteChoices:
    code = rule.requirement.code
    choices = reference.load().site_choices.get(code)
    if not choices or rule.state not in PICKABLE:
        raise NotFound(code=code)
    return choices


def _place(choices: tuple[object, ...], now: object) -> int:
    return choices.index(now) if now in choices else 0


@repeated
def pick(work: Work, actor: Actor, *, code: str, picked: Picked, urgent: bool) -> None:
    """Ask for a requirement as the site picks: of new bookings at once, of agreed ones later.

    It becomes a version of the organization's own.

    Raises:
        NotFound: The organization may pick nothing for it.
        BadValue: A choice that is none.
        SameAsNow: It is so already.

    Source: docs/rules.md, rules C3, C4 and C9.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        rule = ruling.rule_of(tx, actor, code)
        wanted = _as_picked(rule, _choices(rule), picked)
        if wanted == rule.requirement:
            raise SameAsNow
        version = rule.kept.own.version + 1 if rule.kept else 1
        owner = str(actor.organization_id)
        own = Own(requirement=wanted, owner=owner, version=version, state=Life.DRAFT)
        ruling.add(tx, actor, own)
        ruling.ask_for(tx, actor, code=code, urgent=urgent)


def _as_picked(rule: ruling.Rule, choices: SiteChoices, picked: Picked) -> Requirement:
    for field, place, every in (
        ("counts", picked.counts, choices.validities),
        ("counts_outside", picked.counts_outside, choices.validities_external),
        ("effect", picked.effect, choices.effects),
    ):
        if not 0 <= place < len(every):
            raise BadValue(field=field, problem="unknown_choice")
    inside = choices.validities[picked.counts]
    outside = choices.validities_external[picked.counts_outside] if choices.apart else inside
    return replace(
        rule.requirement,
        validity=inside,
        validity_external=outside,
        on_lapse=choices.effects[picked.effect],
        applies=switched_on(rule.requirement.applies) if rule.dormant else rule.requirement.applies,
    )
