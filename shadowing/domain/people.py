"""People: what they may be, who reports to whom, and an order that ranks nobody."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)
Item = TypeVar("Item")


class Role(StrEnum):
    """What a signed-in person may be; one may hold several and acts in one at a time."""

    OBSERVER = "observer"
    HOST = "host"
    UNIT_MANAGER = "unit_manager"
    COORDINATOR = "coordinator"
    HR = "hr"
    PRECEPTOR = "preceptor"
    PARTNER_COORDINATOR = "partner_coordinator"
    SYSADMIN = "sysadmin"


class PersonKind(StrEnum):
    """How a person stands to the organization they belong to."""

    WORKFORCE = "workforce"
    TRUSTEE = "trustee"
    STUDENT = "student"
    PARTNER = "partner"


def external(kind: PersonKind, *, person_org: Hashable, unit_org: Hashable) -> bool:
    """Does the person come from outside, seen from the unit they visit?

    A workforce member of one organization is external at a unit of another.

    Source: docs/rules.md, rule C3.
    """
    return kind is not PersonKind.WORKFORCE or person_org != unit_org


def chain(managers: Mapping[Id, Id | None], person: Id) -> tuple[Id, ...]:
    """Everyone above *person*, nearest first; a line that runs in a circle is walked once."""
    above: dict[Id, None] = {}
    manager = managers.get(person)
    while manager is not None and manager not in above:
        above[manager] = None
        manager = managers.get(manager)
    return tuple(above)


def in_chain(managers: Mapping[Id, Id | None], a: Id, b: Id) -> bool:
    """Is either in the other's management chain, at any depth?

    Args:
        managers: Who reports to whom; ``None`` or absent where nobody is known.
        a: One person of a pair.
        b: The other; nobody is in a line with themselves.

    Source: docs/rules.md, rule P6.
    """
    return a != b and (a in chain(managers, b) or b in chain(managers, a))


def initials(name: str) -> str:
    """The one or two letters of a person's mark: "Rosalind Okonjo-Vale, RN" becomes "RO".

    What follows a comma is no part of the name. A name without a letter gives "?".
    """
    words = [word for word in name.partition(",")[0].split() if any(map(str.isalpha, word))]
    first_and_last = words[:1] + words[1:][-1:]
    letters = (next(filter(str.isalpha, word)) for word in first_and_last)
    return "".join(letter.upper()[0] for letter in letters) or "?"


def random_stable_order(
    items: Iterable[Item],
    *,
    viewer: str,
    day: date,
    key: Callable[[Item], str],
) -> tuple[Item, ...]:
    """Order *items* by chance, the same for one viewer on one day, never by rank.

    Args:
        items: What is listed, in any order; the order given changes nothing.
        viewer: Who looks; another viewer sees another order.
        day: The viewer's local day; tomorrow the order is another.
        key: The stable id of an item.

    Source: docs/rules.md, rule M8.
    """
    seed = blake2b(f"{viewer}\0{day.isoformat()}".encode(), digest_size=32).digest()

    def drawn(item: Item) -> tuple[bytes, str]:
        own = key(item)
        return blake2b(own.encode(), key=seed, digest_size=16).digest(), own

    return tuple(sorted(items, key=drawn))
