"""Finding a slot: a week of them with counts for every filter, or page by page for a program.

The number of statements does not depend on how many slots there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.bookings.asking import AUDIENCES, in_audience
from shadowing.domain.bookings.tally import Tally, tally
from shadowing.domain.bookings.timing import Standing, notice
from shadowing.domain.people import PersonKind
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.programs import Rules
from shadowing.domain.ways import IN_PERSON, REMOTE
from shadowing.services.bookings import cards, cursors, scenes
from shadowing.services.bookings.cards import Card, Own
from shadowing.services.work import Tx, Work
from shadowing.store import hosting, people, slots
from shadowing.store.people import Person
from shadowing.store.slots import Counts, Offer, Search

PAGE: Final = 50
MOST_A_DAY: Final = 300
"""Beyond so many slots of a day, its numbers are told as "300+"."""
MOST: Final = 200
A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=366)
BY: Final = ("local_date", "host_role", "band", "mode", "kind")

KIND_LABELS: Final = {IN_PERSON: "Beside the host", REMOTE: "By video or phone"}
"""What can be found on units; meetings, of the third kind, are found by themselves (B16)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for on the page; what cannot be is left out of account.

    Attributes:
        week: Any day of the week wanted; by default the first in which one can still ask.
        day: One day of it; it decides over ``week``.
        page: Counts from 1.
    """

    week: date | None = None
    day: date | None = None
    roles: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    unit_id: UUID | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to filter by, with the number of slots it would leave."""

    code: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to filter by."""

    unit_id: UUID
    name: str
    site_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a week.

    Attributes:
        first: The Monday.
        days: The seven days with the number of slots that fit.
        total: How many fit, on the day chosen or in the week.
        more: There may be more: of some day as many were counted as are counted at all.
        rough: So it is without the filters; then they are listed without numbers.
        before: A day of the week before; nothing where that is over.
        after: A day of the week after.
        nearest: Where none fits: the nearest other day on which one does.
    """

    first: date
    day: date | None
    days: tuple[tuple[date, int], ...]
    cards: tuple[Card, ...]
    total: int
    more: bool
    rough: bool
    page: int
    roles: tuple[Choice, ...]
    bands: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    units: tuple[Place, ...]
    unit_id: UUID | None
    before: date | None
    after: date | None
    nearest: date | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a program asks for: local days from ``first`` to before ``until``, a page at a time.

    Attributes:
        limit: At most this many, from 1 to 200.
        cursor: Where the page before ended, as it was given then.
    """

    first: date | None = None
    until: date | None = None
    unit_ids: tuple[UUID, ...] = ()
    roles: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    limit: int = PAGE
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class SlotsPage:
    """Some slots by start; ``next_cursor`` is empty on the last page."""

    cards: tuple[Card, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, what they have to do with slots already, and their own day."""

    person: Person
    mine: Own
    today: date
    rules: Rules
    says: str

    @property
    def earliest(self) -> date:
        """The first day for which there is notice enough, at most units (B4)."""
        house = self.person.kind == PersonKind.WORKFORCE
        standing = Standing.EMPLOYEE if house else Standing.EXTERNAL
        return self.today + notice(standing, settings=self.rules.timing)

    def search(self, *, first: date, last: date, now: datetime) -> Search:
        """Look for what this person may know of (A2)."""
        return Search(
            first=first,
            last=last,
            not_before=now,
            audiences=tuple(each for each in AUDIENCES if self.invited(each)),
            not_host=self.person.id,
            mine=self.mine.slot_ids,
            says=self.says,
        )

    def invited(self, audience: str) -> bool:
        """Say whether a host who invites *audience* invites this person."""
        return in_audience(audience, level=self.person.level)


def viewer(tx: Tx, actor: Actor) -> Viewer:
    """Read who looks."""
    return viewer_of(tx, actor.person_id)


def viewer_of(tx: Tx, person_id: UUID) -> Viewer:
    """Read for whom somebody looks."""
    person = people.find(tx.db, person_id=person_id)
    _, zone = people.home(tx.db, person_id=person.id)
    return Viewer(
        person=person,
        mine=cards.own(tx, person_id=person.id),
        today=tx.now.astimezone(ZoneInfo(zone)).date(),
        rules=scenes.rules(tx, person),
        says=hosting.says(tx.db, person_id=person.id),
    )


def places(work: Work, actor: Actor) -> tuple[tuple[UUID, str, str], ...]:
    """List the units that can be looked for: id, name, site.

    Raises:
        NotAllowed: *actor* may not look for slots.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.read() as tx:
        return slots.choices(tx.db)


def find(work: Work, actor: Actor, query: Query) -> Found:
    """Show a week of slots, each bookable or with the reason why not (A2, A10, B8, M8).

    Raises:
        NotAllowed: *actor* may not look for slots.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.read() as tx:
        seeker = viewer(tx, actor)
        week, day = _when(query, seeker)
        units = tuple(Place(*row) for row in slots.choices(tx.db))
        unit_ids = tuple(unit.unit_id for unit in units if unit.unit_id == query.unit_id)
        whole_week = seeker.search(first=week, last=week + 6 * A_DAY, now=tx.now)
        wide = replace(whole_week, unit_ids=unit_ids)
        wanted = _wanted(query)
        counts = slots.count_by(tx.db, wide, by=BY, most=MOST_A_DAY)
        tallied = tally(counts, by=BY, wanted={"local_date": (day,) if day else (), **wanted})
        days = _days(tx, _narrow(wide, None, wanted))
        total = days.get(day, 0) if day else sum(days.values())
        page, rough = max(1, min(query.page, -(-total // PAGE))), _is_rough(counts)
        narrow = _narrow(wide, day, wanted)
        found = slots.search_days(tx.db, narrow, limit=PAGE, offset=PAGE * (page - 1))
        return Found(
            first=week,
            day=day,
            days=tuple((each, days.get(each, 0)) for each in _seven(week)),
            cards=shown(tx, seeker, found),
            total=total,
            more=MOST_A_DAY in ((days.get(day),) if day else days.values()),
            rough=rough,
            page=page,
            **_every_choice(tallied, wanted, all_of_them=rough),
            units=units,
            unit_id=query.unit_id if unit_ids else None,
            before=week - A_DAY if week > seeker.today else None,
            after=week + A_WEEK if week + A_WEEK <= seeker.today + AHEAD else None,
            nearest=None if total else _nearest(tx, seeker, narrow),
        )


def _days(tx: Tx, narrow: Search) -> Mapping[date, int]:
    """Count what fits on each day, up to ``MOST_A_DAY``."""
    counts = slots.count_by(tx.db, narrow, by=("local_date",), most=MOST_A_DAY)
    return {day: count for (day,), count in counts.items()}


def _is_rough(counts: Counts) -> bool:
    """Say whether some day has more than was counted; days come first in the combinations."""
    days = Counter[date]()
    for values, count in counts.items():
        days[values[0]] += count
    return MOST_A_DAY in days.values()


def _narrow(wide: Search, day: date | None, wanted: Mapping[str, tuple[str, ...]]) -> Search:
    return replace(
        wide,
        first=day or wide.first,
        last=day or wide.last,
        roles=wanted["host_role"],
        bands=wanted["band"],
        modes=wanted["mode"],
        kinds=wanted["kind"],
    )


def shown(tx: Tx, seeker: Viewer, offers: Iterable[Offer]) -> tuple[Card, ...]:
    """Make the cards of some slots, in an order that ranks nobody."""
    offers = tuple(offers)
    seen = scenes.view(tx, seeker.person, offers=offers, known=seeker.rules)
    made = [cards.make(seen, offer, mine=seeker.mine) for offer in offers]
    return cards.in_order(made, viewer=seeker.person.id, day=seeker.today)


def _when(query: Query, seeker: Viewer) -> tuple[date, date | None]:
    """Settle on a week and perhaps a day of it, whatever was asked."""
    this_week = _monday(seeker.today)
    wanted = query.day or query.week
    if wanted is None or not this_week <= wanted <= seeker.today + AHEAD:
        # The first week of which every day leaves notice enough: all of it can be asked for.
        return _monday(seeker.earliest + 6 * A_DAY), None
    return _monday(wanted), query.day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _seven(first: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range(7))


def _nearest(tx: Tx, seeker: Viewer, narrow: Search) -> date | None:
    """Name the nearest other day with something that fits, where there is notice enough."""
    wide = replace(narrow, first=seeker.earliest, last=seeker.today + AHEAD)
    return slots.nearest_day(tx.db, wide, to=narrow.first)


def _labels() -> Mapping[str, Mapping[str, str]]:
    """Name what can be filtered by: roles by name, which ranks nobody (M8), the rest as listed."""
    known = reference.load()
    roles = sorted(known.roles.values(), key=lambda role: role.label)
    return {
        "host_role": {role.code: role.label for role in roles},
        "band": {code: str(row["label"]) for code, row in known.lists["shift_bands"].items()},
        "mode": {code: str(row["label"]) for code, row in known.lists["slot_modes"].items()},
        "kind": KIND_LABELS,
    }


def _wanted(query: Query) -> dict[str, tuple[str, ...]]:
    asked = {
        "host_role": query.roles,
        "band": query.bands,
        "mode": query.modes,
        "kind": query.kinds,
    }
    return {
        name: tuple(code for code in asked[name] if code in known)
        for name, known in _labels().items()
    }


def _every_choice(
    tallied: Tally, wanted: Mapping[str, tuple[str, ...]], *, all_of_them: bool
) -> dict[str, tuple[Choice, ...]]:
    fields = {"host_role": "roles", "band": "bands", "mode": "modes", "kind": "kinds"}
    return {
        field: _choices(name, tallied, wanted, all_of_them=all_of_them)
        for name, field in fields.items()
    }


def _choices(
    name: str,
    tallied: Tally,
    wanted: Mapping[str, tuple[str, ...]],
    *,
    all_of_them: bool,
) -> tuple[Choice, ...]:
    every = (
        Choice(code, label, tallied.of[name].get(code, 0), code in wanted[name])
        for code, label in _labels()[name].items()
    )
    return tuple(each for each in every if each.count or each.chosen or all_of_them)


def slots_page(work: Work, actor: Actor, wanted: Listing) -> SlotsPage:
    """List slots for a program; the same slots and reasons as on the page.

    Raises:
        NotAllowed: *actor* may not look for slots.
        BadValue: ``cursor`` was not given out by us.
    """
    authorise(actor, Action.SLOT_FIND)
    limit = max(1, min(wanted.limit, MOST))
    with work.read() as tx:
        seeker = viewer(tx, actor)
        search = replace(
            seeker.search(
                first=wanted.first or seeker.today,
                last=(wanted.until or seeker.today + AHEAD) - A_DAY,
                now=tx.now,
            ),
            unit_ids=wanted.unit_ids,
            roles=wanted.roles,
            bands=wanted.bands,
            kinds=wanted.kinds,
            after=cursors.read(wanted.cursor) if wanted.cursor else None,
        )
        offers = slots.search(tx.db, search, limit=limit + 1)
        more = len(offers) > limit
        offers = offers[:limit]
        return SlotsPage(
            cards=shown(tx, seeker, offers),
            next_cursor=cursors.after(offers[-1]) if more else "",
        )
