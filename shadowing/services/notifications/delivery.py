"""Sends what waits: each letter once, in order for each person, with the bytes it first had.

No transaction is open while anything is sent. Every step is its own: take letters (a lease), read
what they are about, keep the bytes, send, note what came of it. A worker may be killed between any
two of them, and several may run at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time
from shadowing.adapters.credentials import digest as digest_of
from shadowing.adapters.credentials import new_token
from shadowing.adapters.mail.render import Facts
from shadowing.adapters.mail.transport import Refused, TryAgain
from shadowing.domain.accounts import FIRST_LINK_LASTS, INVITES, LINK_LASTS
from shadowing.domain.channels import Way, way
from shadowing.domain.followup.questions import Side
from shadowing.domain.notifications import WAITS, LetGo, Sending, next_try
from shadowing.domain.pacing import DIGEST, Pace, Turn, collected_until, sleeps_until
from shadowing.services.notifications import (
    digest,
    extras,
    letters,
    mails,
    paper,
    reading,
    texts,
)
from shadowing.services.notifications.extras import Extras
from shadowing.services.notifications.mails import Office
from shadowing.services.notifications.reading import Matter
from shadowing.services.work import Tx, Work
from shadowing.store import outbox, phone
from shadowing.store.accounts import entrance
from shadowing.store.engine import DatabaseBusy
from shadowing.store.outbox import Parcel
from shadowing.store.phone import NewLink

AT_ONCE: Final = 10
LINK_PATH: Final = "/sign-in/link/"
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that is written.

    Attributes:
        told: Facts to be kept with it.
        link: The token of a one-time link in it.
        ids: Of the letters that go in it.
        links: For a phone, to be kept.
    """

    matter: Matter
    message: bytes
    way: Way
    told: dict[str, object] = field(default_factory=dict)
    link: str = ""
    ids: tuple[int, ...] = ()
    links: tuple[NewLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Sleeps:
    """Its reader is not to be reached before then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Collects:
    """It goes with the message of a day."""

    until: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Ends:
    """It is not sent.

    Attributes:
        gone: Of letters that were laid aside and are not true any more.
    """

    state: str
    trouble: str = ""
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OnPaper:
    """Its reader is told on a printed sheet."""

    matter: Matter


Outcome = Ready | Sleeps | Collects | OnPaper | Ends


def deliver(work: Work, office: Office, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Send all that is due now.

    Args:
        work: The database.
        office: How letters leave.
        stopped: Asked before each letter; the rest then waits for the next worker.

    Returns:
        How many letters were sent, put off or let go.

    Source: docs/rules.md, rule N5.
    """
    done = 0
    while not stopped():
        with work.write() as tx:
            parcels = outbox.claim(tx.db, at=tx.now, limit=AT_ONCE)
        if not parcels:
            break
        for parcel in parcels:
            if stopped():
                break
            _handle(work, office, parcel)
            done += 1
    return done


def _handle(work: Work, office: Office, parcel: Parcel) -> None:
    try:
        outcome = _prepare(work, office, parcel)
    except DatabaseBusy:
        raise
    except Exception as error:  # one letter that cannot be written must not hold up the others
        LOG.exception("letter %s could not be written", parcel.id)
        _put_off(work, parcel, wait=len(WAITS), trouble=type(error).__name__)
        return
    if isinstance(outcome, Ready):
        _send(work, office, parcel, outcome)
        return
    with work.write() as tx:
        if isinstance(outcome, Sleeps):
            outbox.wait(tx.db, parcel, until=outcome.until)
        elif isinstance(outcome, Collects):
            digest.lay_aside(tx, parcel, until=outcome.until, zone=outcome.zone)
        elif isinstance(outcome, OnPaper):
            paper.hand_over(tx, outcome.matter)
            outbox.end(tx.db, parcel, state=outbox.ON_SHEET, at=tx.now)
        else:
            outbox.let_go(tx.db, ids=outcome.gone, at=tx.now, trouble=LetGo.NO_LONGER_TRUE)
            outbox.end(tx.db, parcel, state=outcome.state, at=tx.now, trouble=outcome.trouble)


def _prepare(work: Work, office: Office, parcel: Parcel) -> Outcome:
    """Decide, and write the letter if it is to be sent; otherwise say why not."""
    with work.read() as tx:
        matter = reading.read(tx, parcel)
        decision = reading.decided(matter)
        if isinstance(decision, LetGo):
            return Ends(outbox.SUPERSEDED, decision)
        goes = _way(office, matter, decision)
        if waits := _not_now(matter, decision, goes):
            return waits
        if parcel.message is not None:
            return Ready(matter, parcel.message, goes)
        if parcel.kind == DIGEST:
            return _days_news(tx, office, matter, decision)
        more = extras.read(tx, matter, decision, missing_of=office.missing_of)
    return _written(office, matter, decision, more, goes)


def _way(office: Office, matter: Matter, sending: Sending) -> Way:
    """Choose the way; what was kept for one way is not sent by another."""
    if matter.parcel.message is not None:
        return Way(matter.parcel.channel or Way.EMAIL)
    reader = matter.recipient
    return way(
        _turn(matter, sending),
        email=reader.email or "",
        phone=reader.phone,
        wish=reader.channel,
        texts=office.texts is not None,
        hosts=matter.side is Side.HOST,
    )


def _not_now(
    matter: Matter, sending: Sending, goes: Way
) -> Sleeps | Collects | OnPaper | Ends | None:
    """Say why a true letter does not leave now, if it does not."""
    if goes is Way.SHEET:
        return OnPaper(matter)
    if goes is Way.NONE:
        return Ends(outbox.NO_ADDRESS)
    if reading.is_sign_in_link(matter.parcel) and matter.parcel.attempts and _link_ran_out(matter):
        return Ends(outbox.SUPERSEDED, LetGo.LINK_RAN_OUT)
    turn = _turn(matter, sending)
    if until := collected_until(turn, now=matter.now):
        return Collects(until, turn.zone)
    if until := sleeps_until(turn, now=matter.now):
        return Sleeps(until)
    return None


def _turn(matter: Matter, sending: Sending) -> Turn:
    shift = matter.visit.shift if matter.visit else None
    return Turn(
        kind=sending.kind,
        zone=ZoneInfo(matter.home_zone),
        pace=Pace(matter.recipient.pace),
        own_act=bool(matter.parcel.facts.get("own_act")),
        carries_event=sending.event is not None,
        starts_at=shift.starts_at if shift else None,
        ends_at=shift.ends_at if shift else None,
    )


def _link_ran_out(matter: Matter) -> bool:
    until = matter.parcel.facts.get("link_until")
    return until is not None and datetime.fromisoformat(str(until)) <= matter.now


def _written(office: Office, matter: Matter, sending: Sending, more: Extras, goes: Way) -> Ready:
    told = letters.told(sending.event)
    token = ""
    if reading.is_sign_in_link(matter.parcel):
        token = new_token()
        invites = bool(matter.parcel.facts.get(INVITES))
        until = matter.now + (FIRST_LINK_LASTS if invites else LINK_LASTS)
        told["link_until"] = until.isoformat()
        deadline = plain_time.moment(until, matter.home_zone)
        more = replace(more, path=f"{LINK_PATH}{token}", deadline=deadline)
    said = letters.facts(matter, sending, extras=more, base_url=office.base_url)
    if goes is Way.TEXT:
        text = texts.written(office, matter, sending, said)
        return Ready(matter, text.message, goes, told, links=text.links)
    return Ready(matter, mails.written(office, matter, sending, said), goes, told, token)


def _days_news(tx: Tx, office: Office, matter: Matter, sending: Sending) -> Ready | Ends:
    """Write the message of a day with all that is still true of what was laid aside."""

    def say(one: Matter, decision: Sending) -> Facts:
        more = extras.read(tx, one, decision, missing_of=office.missing_of)
        return letters.facts(one, decision, extras=more, base_url=office.base_url)

    held = digest.read(tx, office, matter.parcel, say=say)
    if not held.news:
        return Ends(outbox.SUPERSEDED, LetGo.NO_LONGER_TRUE, held.gone)
    more = Extras(path=digest.PLACE, news=held.news)
    said = letters.facts(matter, sending, extras=more, base_url=office.base_url)
    message = mails.written(office, matter, sending, said)
    return Ready(matter, message, Way.EMAIL, ids=held.ids)


def _send(work: Work, office: Office, parcel: Parcel, ready: Ready) -> None:
    """Keep the bytes, send them, note what came of it; no transaction is open while sending."""
    if not _begun(work, parcel, ready):
        return
    try:
        _hand_over(office, ready)
    except TryAgain as trouble:
        _put_off(work, parcel, wait=parcel.attempts + 1, trouble=trouble.reason)
    except Refused as trouble:
        _end(work, parcel, ready, state=outbox.FAILED, trouble=trouble.reason)
    else:
        _end(work, parcel, ready, state=outbox.SENT, trouble="")


def _hand_over(office: Office, ready: Ready) -> None:
    if ready.way is not Way.TEXT:
        recipient = ready.matter.recipient.email or ""
        office.transport.send(ready.message, sender=office.sender, recipient=recipient)
    elif office.texts is None:
        raise TryAgain("no SMS_URL is set")
    else:
        office.texts.send(ready.message)


def _begun(work: Work, parcel: Parcel, ready: Ready) -> bool:
    """Keep the bytes with all that belongs to them, if the letter is still ours."""
    with work.write() as tx:
        kept = outbox.Kept(ready.message, ready.way, ready.told)
        ours = outbox.begin(tx.db, parcel, kept, at=tx.now)
        if ours:
            phone.add(tx.db, ready.links, at=tx.now)
        if ours and ready.ids:
            outbox.put_in(tx.db, parcel, ids=ready.ids)
        if ours and ready.link:
            entrance.add_link(
                tx.db,
                digest=digest_of(ready.link),
                person_id=parcel.recipient_id,
                target=str(parcel.facts.get("target", "/")),
                at=tx.now,
                expires_at=datetime.fromisoformat(str(ready.told["link_until"])),
            )
    return ours


def _put_off(work: Work, parcel: Parcel, *, wait: int, trouble: str) -> None:
    """Let it wait as long as after so many attempts, or give it up."""
    with work.write() as tx:
        again = next_try(attempts=wait, queued_at=parcel.tried_since, now=tx.now)
        if again is None:
            outbox.end(tx.db, parcel, state=outbox.FAILED, at=tx.now, trouble=trouble)
            if reading.is_sign_in_link(parcel) or parcel.channel == Way.TEXT:
                outbox.forget_message(tx.db, parcel)
            return
        outbox.put_off(
            tx.db,
            parcel,
            until=again,
            attempts=parcel.attempts + 1,
            trouble=trouble,
        )


def _end(work: Work, parcel: Parcel, ready: Ready, *, state: str, trouble: str) -> None:
    with work.write() as tx:
        outbox.end(tx.db, parcel, state=state, at=tx.now, trouble=trouble)
        if reading.is_sign_in_link(parcel) or ready.way is Way.TEXT:
            outbox.forget_message(tx.db, parcel)
