"""One slot before it is asked for: all that somebody should know, and others like it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.clearance import rules
from shadowing.domain.clearance.dossier import About
from shadowing.domain.clearance.evidence import UP_TO_CHECK_IN, Due, Missing, Standing
from shadowing.domain.clearance.validity import needed_through
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.ways import like_first
from shadowing.services.bookings import cards, clearing, offers, scenes
from shadowing.services.bookings.cards import Card
from shadowing.services.bookings.clearing import Record
from shadowing.services.bookings.offers import Viewer
from shadowing.services.work import Tx, Work
from shadowing.store import hosting, slots
from shadowing.store.people import Unit
from shadowing.store.slots import Hold, Offer, Search

LIKE: Final = 3
NEAR: Final = timedelta(days=28)
SHORT_LIST: Final = 24


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement as it stands for the shift.

    Attributes:
        missing: What stands in the way; nothing when it is met through the end of the shift.
        standing: Until when it holds, where it is met.
        on_the_day: It is asked for at check-in, and nothing needs doing before.
        text: The words that are ticked.
        ticked_here: The tick before booking puts it on record.
    """

    code: str
    label: str
    help: str
    missing: Missing | None
    standing: Standing
    on_the_day: bool
    text: tuple[str, ...] = ()
    ticked_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One slot with all that somebody should know before asking for it.

    Attributes:
        hold: The seat this person holds of it, with what they wrote.
        house_rules: What the unit asks of visitors, in its own words.
        manners: The rules of the preparation card: key and text (N7).
        decisions: What this person decides, in the words of their portfolio.
        cancel_by: From then on a cancel is counted (B10).
    """

    card: Card
    hold: Hold | None
    organization_name: str
    meeting_point: str
    parking: str
    attire: tuple[str, ...]
    consent: str
    house_rules: tuple[str, ...]
    manners: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    decisions: tuple[str, ...]
    debrief_minutes: int
    debrief_within_hours: int
    cancel_by: datetime


def offer(work: Work, actor: Actor, *, slot_id: UUID) -> Choice:
    """Read one slot for somebody who thinks of asking for it, bookable or not.

    Raises:
        NotFound: There is none, it is their own, or its host did not invite them (A2).
        NotAllowed: *actor* may not look for slots.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.read() as tx:
        seeker = offers.viewer(tx, actor)
        wanted = known_to(tx, seeker, slot_id)
        seen = scenes.view(tx, seeker.person, offers=(wanted,), known=seeker.rules)
        card = cards.make(seen, wanted, mine=seeker.mine)
        return _told(seeker, card, seen.units[wanted.unit_id], seen.record)


def known_to(tx: Tx, seeker: Viewer, slot_id: UUID) -> Offer:
    """Read a slot that somebody may know of.

    Raises:
        NotFound: There is none, it is their own, or its host did not invite them (A2).
    """
    found = slots.find(tx.db, slot_id=slot_id)
    if found.host_id == seeker.person.id or not seeker.invited(found.audience):
        raise NotFound(slot_id=slot_id)
    if hosting.turned_away_by(tx.db, person_id=seeker.person.id, host_ids=(found.host_id,)):
        raise NotFound(slot_id=slot_id)
    return found


def _told(seeker: Viewer, card: Card, unit: Unit, record: Record) -> Choice:
    known = reference.load()
    own_rules = [known.unit_rules[code] for code in known.unit_kind(unit.kind).rules]
    own_settings = {name: value for rule in own_rules for name, value in rule.changes.items()}
    portfolio = known.portfolios.get(seeker.person.portfolio)
    return Choice(
        card=card,
        hold=seeker.mine.holds.get(card.slot_id),
        organization_name=unit.organization_name,
        meeting_point=unit.meeting_point,
        parking=unit.parking,
        attire=tuple(known.attires[code].label for code in unit.attire),
        consent=known.consents[unit.consent].note,
        house_rules=tuple(rule.label for rule in own_rules if rule.kind == "show"),
        manners=tuple((rule["key"], rule["text"]) for rule in known.card["rules"]),
        items=_items(record, unit, card),
        decisions=tuple(each.label for each in portfolio.decisions) if portfolio else (),
        debrief_minutes=known.number("debrief_minutes"),
        debrief_within_hours=own_settings.get(
            "debrief_within_hours", known.number("debrief_within_hours")
        ),
        cancel_by=card.starts_at - seeker.rules.timing.late_cancel,
    )


def _items(record: Record, unit: Unit, card: Card) -> tuple[Item, ...]:
    """List what applies up to check-in, in the order people meet it (C3)."""
    about = About(kind=card.kind, sensitivity=card.sensitivity, band=card.band)
    visit = clearing.visit(record, unit=unit, span=card.span, about=about)
    today = clearing.today(record, unit)
    known = clearing.rulebook(record, visit, on=today)
    evidence = record.dossier.evidence
    lacks = {
        lack.code: lack for lack in clearing.missing(record, unit=unit, span=card.span, about=about)
    }
    return tuple(
        Item(
            code=each.code,
            label=each.label,
            help=each.help,
            missing=lacks.get(each.code),
            standing=rules.standing(each, evidence, visit, on=today),
            on_the_day=Due(each.due) is Due.AT_CHECK_IN,
            text=each.text if each.attest == clearing.TICKED_BY else (),
            ticked_here=is_ticked_here(lacks.get(each.code)),
        )
        for each in rules.required(known, visit)
        if Due(each.due) in UP_TO_CHECK_IN and needed_through(each, visit)
    )


def is_ticked_here(lack: Missing | None) -> bool:
    """Say whether something missing is done by the one tick before booking (C7)."""
    return lack is not None and bool(clearing.to_tick((lack,)))


def alternatives(work: Work, actor: Actor, *, slot_id: UUID) -> tuple[Card, ...]:
    """Offer up to three others that can be asked for: same host, else unit, else role (B5, B10).

    Beside a host before by video, or the other way around (B17); of each the nearest in time. What
    is hidden stays so: neither a blind slot leads to its host's other slots, nor do they lead to a
    blind one (A10).

    Raises:
        NotFound: There is no such slot, or none this person may know of.
        NotAllowed: *actor* may not look for slots.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.read() as tx:
        seeker = offers.viewer(tx, actor)
        wanted = known_to(tx, seeker, slot_id)
        likely = _likely(tx, seeker, wanted)
        seen = scenes.view(tx, seeker.person, offers=likely, known=seeker.rules)
        made = (cards.make(seen, each, mine=seeker.mine) for each in likely)
        return tuple(card for card in made if card.bookable)[:LIKE]


def _likely(tx: Tx, seeker: Viewer, wanted: Offer) -> tuple[Offer, ...]:
    first = max(seeker.today, wanted.local_date - NEAR)
    near = seeker.search(first=first, last=wanted.local_date + NEAR, now=tx.now)
    same, rest = like_first(wanted.kind)
    others = _of_kind(tx, replace(near, kinds=same), wanted)
    # Of another kind what the unit has is enough: it is the last that is offered.
    of_unit = replace(near, kinds=rest, unit_ids=(wanted.unit_id,))
    others += _nearest(slots.search(tx.db, of_unit, limit=SHORT_LIST), wanted)
    return tuple({each.id: each for each in others if each.id != wanted.id}.values())


def _of_kind(tx: Tx, near: Search, wanted: Offer) -> list[Offer]:
    """List those of the same host, else unit, else role; of a hidden host's none as theirs."""
    found: list[Offer] = []
    if wanted.mode != "blind":
        open_hosts = replace(near, host_ids=(wanted.host_id,), modes=("auto", "ask"))
        found += _nearest(slots.search(tx.db, open_hosts, limit=SHORT_LIST), wanted)
    for wider in (
        replace(near, unit_ids=(wanted.unit_id,)),
        replace(near, roles=(wanted.host_role,)),
    ):
        found += _nearest(slots.search(tx.db, wider, limit=SHORT_LIST), wanted)
    return found


def _nearest(found: Iterable[Offer], wanted: Offer) -> list[Offer]:
    return sorted(found, key=lambda each: abs(each.starts_at - wanted.starts_at))
