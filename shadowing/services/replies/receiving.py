"""A letter came back: keep it once, note what it answers, put aside what does not fit.

Nothing here moves a shift. An answer to a request is left to ``bookings.replying``, which asks the
same rules as the host's own press; a "no" to what is agreed becomes a question to who said it.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shadowing.adapters.replies.guarded import read_guarded
from shadowing.domain.bookings.invitations import CANCELLED, DEBRIEF, Event
from shadowing.domain.bookings.states import By, State
from shadowing.domain.replies import (
    Asked,
    Decision,
    Letter,
    Outcome,
    PartStat,
    Said,
    decide,
)
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, outbox, replies
from shadowing.store.journal import Entry, Telling
from shadowing.store.replies import BY_MAIL, Answer, Incoming, Invited

TO_LOOK_AT: Final = frozenset({Outcome.ASIDE})
INVITATION: Final = "invitation"
SAID_NO: Final = "calendar-said-no"
PROPOSED: Final = "calendar-proposed"


def receive(work: Work, raw: bytes, *, ours: str, relay: str = "") -> Decision:
    """Read one letter to the office's mailbox, and do what it comes to.

    The same letter handed over twice is dealt with once.

    Args:
        work: Opens transactions.
        raw: The letter as it arrived.
        ours: The office's own address.
        relay: Whose Authentication-Results are believed.

    Source: docs/rules.md, rule N4; RFC 5546 3.2.
    """
    return take_in(work, read_guarded(raw, ours=ours, relay=relay), raw)


@repeated
def take_in(work: Work, letter: Letter, raw: bytes) -> Decision:
    """Do what a letter that was read comes to."""
    with work.write() as tx:
        said = letter.said
        invited = replies.find_event(tx.db, uid=said.uid) if said else None
        decision = decide(letter, _asked(tx, invited))
        waits = _waits_for_host(invited, decision)
        house = invited.organization_id if invited else None
        came = Incoming(
            letter=letter,
            decision=decision,
            event_id=invited.event.id if invited else None,
            organization_id=house or replies.organization_of(tx.db, emails=letter.senders),
            raw=raw if decision.outcome in TO_LOOK_AT else None,
            handled=decision.outcome not in TO_LOOK_AT and not waits,
        )
        if replies.keep(tx.db, came, at=tx.now) is None:
            return decision
        if invited and said:
            _follow(tx, invited, decision, said, waits=waits)
        if decision.outcome is Outcome.UNDELIVERED:
            for bounce in letter.bounces:
                outbox.bounced(tx.db, bounce, at=tx.now)
        return decision


def _asked(tx: Tx, invited: Invited | None) -> Asked | None:
    if invited is None:
        return None
    event = invited.event
    return Asked(
        addresses=invited.addresses,
        sequence=event.sequence,
        alive=event.status != CANCELLED and event.ends_at > tx.now,
        answered=invited.answered,
    )


def _waits_for_host(invited: Invited | None, decision: Decision) -> bool:
    """Say whether it answers a request that waits for this very person's yes or no."""
    return (
        invited is not None
        and decision.outcome is Outcome.ANSWER
        and decision.partstat in {PartStat.ACCEPTED, PartStat.DECLINED}
        and invited.event.person_id == invited.host_id
        and invited.state == State.REQUESTED
    )


def _follow(tx: Tx, invited: Invited, decision: Decision, said: Said, *, waits: bool) -> None:
    event = invited.event
    if decision.outcome is Outcome.ANSWER:
        given = Answer(
            event_id=event.id,
            partstat=decision.partstat,
            sequence=said.sequence,
            stamp=said.stamp or tx.now,
            answered_at=tx.now,
            starts_at=event.starts_at,
            channel=BY_MAIL,
        )
        side = By.HOST if event.person_id == invited.host_id else By.OBSERVER
        note_answer(tx, event, given, by=event.person_id, acting_as=side)
        if decision.partstat is PartStat.DECLINED and not waits:
            _ask(tx, event, SAID_NO, sequence=said.sequence)
    elif decision.outcome is Outcome.PROPOSAL:
        _ask(tx, event, PROPOSED, sequence=said.sequence)
    elif decision.outcome is Outcome.RESEND:
        _send_again(tx, event)


def note_answer(tx: Tx, event: Event, given: Answer, *, by: UUID, acting_as: str) -> None:
    """Keep what a calendar says beside its event, with one line in the shift's story."""
    replies.answer(tx.db, given)
    talk = "talk_" if event.kind == DEBRIEF else ""
    entry = Entry(
        event="calendar.answered",
        subject="shift",
        subject_id=event.shift_id,
        person_id=by,
        acting_as=acting_as,
        code=f"{talk}{given.partstat.lower()}",
    )
    journal.record(tx.db, entry, at=tx.now)


def _ask(tx: Tx, event: Event, kind: str, *, sequence: int) -> None:
    """Ask its person what they mean: once for each version of the event."""
    telling = Telling(
        key=f"{kind}:{event.id}:{sequence}:{event.sequence}",
        kind=kind,
        recipient_id=event.person_id,
        shift_id=event.shift_id,
        facts={"talk": event.kind == DEBRIEF},
    )
    journal.tell_once(tx.db, telling, at=tx.now, domain=tx.domain)


def _send_again(tx: Tx, event: Event) -> None:
    """Send the latest version to a calendar that asks for it, once a day at most."""
    telling = Telling(
        key=f"refresh:{event.id}:{tx.now.date()}",
        kind=INVITATION,
        recipient_id=event.person_id,
        shift_id=event.shift_id,
        event_id=event.id,
        sequence=event.sequence,
    )
    journal.tell_once(tx.db, telling, at=tx.now, domain=tx.domain)
