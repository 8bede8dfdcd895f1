"""What a letter to the office's mailbox means, and what may come of it.

Nothing in a letter moves or ends a shift by itself. An answer is kept beside the event it answers;
whatever does not fit exactly is kept aside, with the reason, for a coordinator to look at.

Source: docs/rules.md, rule N4; RFC 5546 3.2.3, 3.2.7; RFC 6047 2.2.1; RFC 3464.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shadowing.domain.interval import Interval


class Kind(StrEnum):
    """What sort of letter it is."""

    CALENDAR = "calendar"
    REPORT = "report"
    HUMAN = "human"
    OWN = "own"


class Method(StrEnum):
    """What a calendar object asks for (RFC 5546 1.4); any other is none of an attendee's."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"
    REFRESH = "REFRESH"


class PartStat(StrEnum):
    """What somebody answered (RFC 5545 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"
    DELEGATED = "DELEGATED"


ANSWERS: Final = frozenset({PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED})


@dataclass(frozen=True, slots=True)
class Attendee:
    """One ATTENDEE of a reply: the address in lower case without ``mailto:``, and its answer."""

    email: str
    partstat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The calendar object of a letter, as far as it concerns us.

    Attributes:
        method: As the object itself says it, in capitals.
        method_differs: Whether the letter's own header names another.
        uid: Of the event it is about; empty where none is named.
        sequence: Which version of it was answered.
        stamp: When it was written, by the writer's clock; ``None`` where that can't be read.
        attendees: Everybody it speaks for.
        comment: Plain text, at most 2,000 characters.
        times: What is proposed instead, in a COUNTER.
    """

    method: str
    method_differs: bool = False
    uid: str = ""
    sequence: int = 0
    stamp: datetime | None = None
    attendees: tuple[Attendee, ...] = ()
    comment: str = ""
    times: Interval | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server's report on one letter of ours (RFC 3464).

    Attributes:
        recipient: Whom it did not reach, in lower case.
        action: ``failed``, ``delayed``, or another, in lower case.
        status: Like ``5.1.1``.
        message_id: Of our letter, with its angle brackets; empty where the report does not say.
    """

    recipient: str
    action: str
    status: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What was read of one letter.

    Attributes:
        message_id: Its own, with angle brackets; made of its bytes where it has none.
        senders: Addresses in From and Sender, in lower case.
        subject: One line, at most 200 characters.
        automatic: Whether a machine wrote it by itself: it is never answered.
        forged: Whether our own relay found that its sender is not who it says.
        kind: What sort it is.
        said: Of a calendar letter; ``None`` where its calendar can't be read.
        bounces: Of a report.
    """

    message_id: str
    senders: frozenset[str]
    subject: str
    automatic: bool
    forged: bool
    kind: Kind
    said: Said | None = None
    bounces: tuple[Bounce, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The event that a letter is about, as we know it.

    Attributes:
        addresses: Of the one person who was asked, in lower case: their own and their aliases.
        sequence: Of its latest version.
        alive: Whether it still stands and has not begun.
        answered: Sequence and stamp of the answer we hold, if there is one.
    """

    addresses: frozenset[str]
    sequence: int
    alive: bool
    answered: tuple[int, datetime] | None = None


class Outcome(StrEnum):
    """What becomes of a letter."""

    ANSWER = "answer"
    PROPOSAL = "proposal"
    RESEND = "resend"
    UNDELIVERED = "undelivered"
    ASIDE = "aside"
    IGNORED = "ignored"


class Why(StrEnum):
    """Why a letter is kept aside, or ignored."""

    NONE = ""
    HUMAN = "human"
    OWN = "own"
    UNREADABLE = "unreadable"
    METHOD_DIFFERS = "method_differs"
    NOT_OURS_TO_HEAR = "not_ours_to_hear"
    UNKNOWN_EVENT = "unknown_event"
    OVER = "over"
    NO_ONE_ATTENDEE = "no_one_attendee"
    NOT_ASKED = "not_asked"
    DELEGATED = "delegated"
    NO_ANSWER = "no_answer"
    STALE = "stale"
    OLD_VERSION = "old_version"
    FORGED = "forged"
    OTHER_SENDER = "other_sender"
    NO_TIMES = "no_times"
    DELAYED = "delayed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a letter, and why it is no more than that."""

    outcome: Outcome
    why: Why = Why.NONE
    partstat: PartStat = PartStat.NEEDS_ACTION


def decide(letter: Letter, asked: Asked | None) -> Decision:
    """Decide what becomes of a letter.

    Args:
        letter: As it was read.
        asked: The event that its calendar names; ``None`` where it names none that we know.
    """
    if letter.kind is Kind.OWN:
        return Decision(Outcome.IGNORED, Why.OWN)
    if letter.kind is Kind.REPORT:
        failed = any(each.action == "failed" for each in letter.bounces)
        return Decision(Outcome.UNDELIVERED) if failed else Decision(Outcome.IGNORED, Why.DELAYED)
    if letter.kind is Kind.HUMAN:
        return Decision(Outcome.IGNORED if letter.automatic else Outcome.ASIDE, Why.HUMAN)
    return _of_calendar(letter, letter.said, asked)


def _of_calendar(letter: Letter, said: Said | None, asked: Asked | None) -> Decision:
    if said is None:
        return Decision(Outcome.ASIDE, Why.UNREADABLE)
    if asked is None or not asked.alive or said.method not in set(Method):
        return Decision(Outcome.IGNORED, _no_matter(said, asked))
    doubt = _doubt(letter, said, asked)
    if doubt:
        return Decision(Outcome.ASIDE, doubt, _given(said))
    if said.method == Method.REPLY:
        return _answer(said, asked)
    if said.method == Method.COUNTER and said.times is None:
        return Decision(Outcome.ASIDE, Why.NO_TIMES)
    return Decision(Outcome.PROPOSAL if said.method == Method.COUNTER else Outcome.RESEND)


def _no_matter(said: Said, asked: Asked | None) -> Why:
    if said.method not in set(Method):
        return Why.NOT_OURS_TO_HEAR
    return Why.OVER if asked else Why.UNKNOWN_EVENT


def _doubt(letter: Letter, said: Said, asked: Asked) -> Why:
    """Say why it may not come from whom we asked (RFC 6047 2.2.1), or for them alone."""
    if said.method_differs:
        return Why.METHOD_DIFFERS
    if letter.forged:
        return Why.FORGED
    speaks_for = {each.email for each in said.attendees}
    if said.method != Method.REPLY:
        speaks_for &= asked.addresses
        speaks_for = speaks_for or set(letter.senders)
    if len(speaks_for) != 1:
        return Why.NO_ONE_ATTENDEE
    if not speaks_for <= asked.addresses:
        return Why.NOT_ASKED
    return Why.NONE if letter.senders & asked.addresses else Why.OTHER_SENDER


def _answer(said: Said, asked: Asked) -> Decision:
    if said.attendees[0].partstat == PartStat.DELEGATED:
        return Decision(Outcome.ASIDE, Why.DELEGATED)
    given = _given(said)
    if given is PartStat.NEEDS_ACTION:
        return Decision(Outcome.IGNORED, Why.NO_ANSWER)
    if asked.answered and said.stamp and (said.sequence, said.stamp) < asked.answered:
        return Decision(Outcome.IGNORED, Why.STALE)
    if said.sequence < asked.sequence:
        return Decision(Outcome.ASIDE, Why.OLD_VERSION, given)
    return Decision(Outcome.ANSWER, partstat=given)


def _given(said: Said) -> PartStat:
    """Read the one answer of a reply; none where it gives several, or another word."""
    words = {each.partstat for each in said.attendees}
    only = words.pop() if len(words) == 1 else ""
    return PartStat(only) if only in ANSWERS else PartStat.NEEDS_ACTION


def addresses(*each: str) -> frozenset[str]:
    """Give addresses as they are compared: without ``mailto:``, spaces and capitals."""
    return frozenset(filter(None, map(plain_address, each)))


def plain_address(address: str) -> str:
    """Give one address as it is compared."""
    return address.strip().removeprefix("mailto:").removeprefix("MAILTO:").strip().casefold()


def latest(found: Collection[Said]) -> Said:
    """Of several objects in one letter, the one about the newest version."""
    return max(found, key=lambda each: each.sequence)
