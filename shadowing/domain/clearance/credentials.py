"""One person's credential for one requirement: what is said, checked, ticked, waived, run out.

A claim ("I have done it") waits beside what still holds: being checked never clears, and takes
nothing away.

Source: docs/rules.md, rules C2, C7, C8 and section 6.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.clearance.evidence import Evidence, State
from shadowing.domain.clearance.problems import (
    EndsBeforeDone,
    NewWords,
    NotFromPartner,
    NothingToCheck,
    NotTicked,
    NotWaivable,
    OwnCredential,
    WaiverTooLong,
)
from shadowing.domain.clearance.states import By, check_credential
from shadowing.domain.clearance.wording import text_version
from shadowing.domain.reference.requirements import Requirement

HOLDS: Final = frozenset({State.VALID, State.EXPIRING, State.WAIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says was done, until it is checked.

    Attributes:
        evidence: Where the proof is kept, or empty.
        partner_id: Whose proof it is, where a partner's is meant (C8).
        by_id: Who says so.
        at: When.
    """

    done_on: date
    valid_to: date | None = None
    evidence: str = ""
    partner_id: UUID | None = None
    by_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is on record for one person and one requirement; a shift's own ticks apart.

    Attributes:
        claim: What waits to be checked, or nothing.
        rejected: Code of why the last claim was sent back or the credential revoked, or empty.
        shift_id: The one shift it was ticked for.
        next_on: The next local day on which something happens by itself; ``None`` = not known yet.
        reminded: Which of the reminders went out last, in days before the end.
    """

    id: UUID
    person_id: UUID
    requirement: str
    state: State = State.MISSING
    done_on: date | None = None
    valid_to: date | None = None
    waived_until: date | None = None
    waived_reason: str = ""
    waived_by_id: UUID | None = None
    verified_by_id: UUID | None = None
    verified_at: datetime | None = None
    text_version: str = ""
    evidence: str = ""
    partner_id: UUID | None = None
    claim: Claim | None = None
    rejected: str = ""
    shift_id: UUID | None = None
    next_on: date | None = None
    reminded: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line for the audit log: a credential came from one state into another."""

    before: State
    after: State
    by: By
    code: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A credential as it is now, with the moves that led there."""

    held: Held
    steps: tuple[Step, ...] = field(default=())

    def with_held(self, held: Held) -> Changed:
        """Give the same moves with more noted on the credential."""
        return replace(self, held=held)


def pieces(held: Held) -> Iterator[Evidence]:
    """Give what the rules of clearance read: what holds, and a claim beside it."""
    yield Evidence(
        requirement=held.requirement,
        state=held.state,
        done_on=held.done_on,
        valid_to=held.valid_to,
        waived_until=held.waived_until,
        from_partner=held.partner_id is not None,
        partner=str(held.partner_id or ""),
        shift=str(held.shift_id or ""),
        text_version=held.text_version,
    )
    if held.claim is not None and held.state is not State.PENDING:
        yield Evidence(
            requirement=held.requirement, state=State.PENDING, done_on=held.claim.done_on
        )


def claimed(held: Held, requirement: Requirement, claim: Claim, *, by: By) -> Changed:
    """Put on record that somebody says it is done; it waits to be checked.

    Raises:
        NotTicked: It is ticked, not shown.
        NotFromPartner: A partner's proof does not count for it.
        EndsBeforeDone: Its last day lies before the first.

    Source: docs/rules.md, rules C7 and C8.
    """
    if requirement.attest == "observer":
        raise NotTicked
    if claim.partner_id is not None and not requirement.partner_equivalent:
        raise NotFromPartner(label=requirement.label)
    _in_order(claim.done_on, claim.valid_to)
    waits = replace(held, claim=claim, rejected="")
    if held.state in HOLDS or held.state is State.PENDING:
        return Changed(waits)
    check_credential(held.state, to=State.PENDING, by=by)
    return Changed(replace(waits, state=State.PENDING), (Step(held.state, State.PENDING, by),))


def verified(held: Held, *, valid_to: date | None, verifier_id: UUID, at: datetime) -> Changed:
    """Take what was claimed as proven, until the day the verifier names or the rule's own end.

    Raises:
        NothingToCheck: Nothing is claimed.
        OwnCredential: It is the verifier's own.
        EndsBeforeDone: The day lies before it was done.
        CredentialMoveNotAllowed: Not from where it is.
    """
    if verifier_id == held.person_id:
        raise OwnCredential
    claim = held.claim
    if claim is None:
        raise NothingToCheck
    _in_order(claim.done_on, valid_to)
    check_credential(held.state, to=State.VALID, by=By.VERIFIER)
    proven = replace(
        held,
        state=State.VALID,
        done_on=claim.done_on,
        valid_to=valid_to,
        evidence=claim.evidence,
        partner_id=claim.partner_id,
        verified_by_id=verifier_id,
        verified_at=at,
        claim=None,
        rejected="",
        text_version="",
        waived_until=None,
        waived_reason="",
        waived_by_id=None,
        next_on=None,
        reminded=None,
    )
    return Changed(proven, (Step(held.state, State.VALID, By.VERIFIER),))


def rejected(held: Held, *, code: str, verifier_id: UUID) -> Changed:
    """Send a claim back; what held before goes on holding.

    Raises:
        NothingToCheck: Nothing is claimed.
        OwnCredential: It is the verifier's own.
    """
    if verifier_id == held.person_id:
        raise OwnCredential
    if held.claim is None:
        raise NothingToCheck
    back = replace(held, claim=None, rejected=code)
    if held.state is not State.PENDING:
        return Changed(back)
    check_credential(held.state, to=State.MISSING, by=By.VERIFIER)
    return Changed(
        replace(back, state=State.MISSING),
        (Step(held.state, State.MISSING, By.VERIFIER, code),),
    )


def revoked(held: Held, *, code: str, verifier_id: UUID) -> Changed:
    """Take back what was verified.

    Raises:
        OwnCredential: It is the verifier's own.
        CredentialMoveNotAllowed: It does not hold.
    """
    if verifier_id == held.person_id:
        raise OwnCredential
    check_credential(held.state, to=State.MISSING, by=By.VERIFIER)
    gone = replace(
        held,
        state=State.MISSING,
        done_on=None,
        valid_to=None,
        evidence="",
        partner_id=None,
        text_version="",
        rejected=code,
        next_on=None,
        reminded=None,
    )
    return Changed(gone, (Step(held.state, State.MISSING, By.VERIFIER, code),))


def attested(
    held: Held,
    requirement: Requirement,
    *,
    version: str,
    on: date,
    valid_to: date | None = None,
    by_id: UUID,
    at: datetime,
) -> Changed:
    """Put on record that somebody ticked, on a local day, the *version* they were shown.

    What is ticked for a cycle that lies ahead holds through *valid_to*, its last day.

    Raises:
        NotTicked: A statement is not enough for it.
        NewWords: The text is another by now.

    Source: docs/rules.md, rule C7.
    """
    if not requirement.attest:
        raise NotTicked
    if version != text_version(requirement.text):
        raise NewWords
    check_credential(held.state, to=State.VALID, by=By.SELF)
    ticked = replace(
        held,
        state=State.VALID,
        done_on=on,
        valid_to=valid_to,
        text_version=version,
        verified_by_id=by_id,
        verified_at=at,
        rejected="",
        next_on=None,
        reminded=None,
    )
    return Changed(ticked, (Step(held.state, State.VALID, By.SELF),))


def waived(
    held: Held,
    requirement: Requirement,
    *,
    until: date,
    reason: str,
    by_id: UUID,
    today: date,
    most: int,
) -> Changed:
    """Let somebody go without through the day *until*, *most* days from today at the latest.

    Raises:
        OwnCredential: It is the coordinator's own.
        NotWaivable: The requirement is none that can be waived.
        WaiverTooLong: It ends too late, or is over already.
        CredentialMoveNotAllowed: It holds, or is being checked.

    Source: docs/rules.md, rule C7.
    """
    if by_id == held.person_id:
        raise OwnCredential
    if not requirement.waivable:
        raise NotWaivable(label=requirement.label)
    latest = today + timedelta(days=most)
    if not today <= until <= latest:
        raise WaiverTooLong(most=most, latest=latest)
    check_credential(held.state, to=State.WAIVED, by=By.COORDINATOR)
    let = replace(
        held,
        state=State.WAIVED,
        waived_until=until,
        waived_reason=reason,
        waived_by_id=by_id,
        next_on=None,
        reminded=None,
    )
    return Changed(let, (Step(held.state, State.WAIVED, By.COORDINATOR),))


def turned(held: Held, *, last: date | None, first_reminder: int, today: date) -> Changed:
    """Let a local day begin: what holds may come near its end, or be over.

    *last* is the last local day that it clears; ``None`` where it never ends. It counts as expiring
    from *first_reminder* days before that; 0 = never.

    Source: docs/rules.md, section 6.6.
    """
    if held.state not in HOLDS or last is None:
        return Changed(held)
    if last < today:
        return _over(held)
    near = first_reminder and (last - today).days <= first_reminder
    if held.state is State.VALID and near:
        return _moved(held, State.EXPIRING)
    return Changed(held)


def _over(held: Held) -> Changed:
    over = _moved(held, State.EXPIRED)
    if over.held.claim is None:
        return over
    # What was said in time waits on.
    check_credential(State.EXPIRED, to=State.PENDING, by=By.SELF)
    return Changed(
        replace(over.held, state=State.PENDING),
        (*over.steps, Step(State.EXPIRED, State.PENDING, By.SELF)),
    )


def _moved(held: Held, to: State) -> Changed:
    check_credential(held.state, to=to, by=By.CLOCK)
    return Changed(replace(held, state=to), (Step(held.state, to, By.CLOCK),))


def _in_order(done_on: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < done_on:
        raise EndsBeforeDone
