"""One message a day with the news that was laid aside, for who chose that (F10).

A letter that is laid aside is not written yet: whether it is still true is asked when the day's
message is, and what is not any more is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.mail.render import Facts, News, write
from shadowing.domain.notifications import LetGo, Sending
from shadowing.domain.pacing import DIGEST
from shadowing.services.notifications import reading
from shadowing.services.notifications.mails import Office
from shadowing.services.notifications.reading import Matter
from shadowing.services.work import Tx
from shadowing.store import journal, outbox
from shadowing.store.journal import Telling
from shadowing.store.outbox import Parcel

PLACE: Final = "/account"
Say = Callable[[Matter, Sending], Facts]


@dataclass(frozen=True, slots=True)
class Collected:
    """What a day's message holds.

    Attributes:
        ids: Of the letters that go in it.
        gone: Of those that are no longer true.
    """

    news: tuple[News, ...]
    ids: tuple[int, ...]
    gone: tuple[int, ...]


def lay_aside(tx: Tx, parcel: Parcel, *, until: datetime, zone: ZoneInfo) -> None:
    """Let a letter wait for the day's message, and see that there is one."""
    outbox.collect(tx.db, parcel)
    day = until.astimezone(zone).date().isoformat()
    telling = Telling(
        key=f"{DIGEST}:{parcel.recipient_id}:{day}",
        kind=DIGEST,
        recipient_id=parcel.recipient_id,
    )
    journal.tell_once(tx.db, telling, at=tx.now, domain=tx.domain, due=until)


def read(tx: Tx, office: Office, parcel: Parcel, *, say: Say) -> Collected:
    """Gather what is still true, each by the subject it would have had on its own."""
    news: list[News] = []
    ids: list[int] = []
    gone: list[int] = []
    for one in outbox.collected(tx.db, parcel):
        matter = reading.read(tx, one)
        decision = reading.decided(matter)
        if isinstance(decision, LetGo):
            gone.append(one.id)
            continue
        said = say(matter, decision)
        letter = write(office.letters, decision.kind, said)
        news.append(News(text=letter.subject, url=said.url))
        ids.append(one.id)
    return Collected(tuple(news), tuple(ids), tuple(gone))
