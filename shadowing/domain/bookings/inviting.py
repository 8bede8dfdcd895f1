"""An invitation by a host: a line why, and until when it stands.

Source: docs/rules.md, rule B15.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shadowing.domain.bookings.goal import PatientDetail, check_note
from shadowing.domain.errors import Refusal


class WhyMissing(Refusal):
    """Whoever is invited reads why."""

    code = "why_missing"
    field = "why"


class WhyTooLong(Refusal):
    """Facts: ``longest``, ``length``."""

    code = "why_too_long"
    field = "why"


class PatientDetailInWhy(PatientDetail):
    """The same of the line that says why."""

    code = "patient_detail_in_why"
    field = "why"


class TooManyInvites(Refusal):
    """A host waits for few answers at a time. Facts: ``most``."""

    code = "too_many_invites"


class InvitedAlready(Refusal):
    """This person was invited to these hours, and has not answered yet."""

    code = "invited_already"
    field = "person"


class LeaderNotAvailable(Refusal):
    """They could not come then; why is never told: line, list and calendar read alike (P6, P7)."""

    code = "leader_not_available"
    field = "person"


class InviteOver(Refusal):
    """It was answered, taken back or has lapsed."""

    code = "invite_over"


def check_why(text: str) -> str:
    """Give the line as it is kept.

    Raises:
        WhyMissing, WhyTooLong, PatientDetailInWhy: About the line.
    """
    try:
        line = check_note(text)
    except PatientDetail as error:
        raise PatientDetailInWhy(found=error.facts["found"]) from error
    except Refusal as error:
        facts = error.facts
        raise WhyTooLong(longest=facts["longest"], length=facts["length"]) from error
    if not line:
        raise WhyMissing
    return line


def lapses(now: datetime, *, days: int, starts_at: datetime, notice: timedelta) -> datetime:
    """Say until when an invitation stands: some days, and never past the notice to be given."""
    return min(now + timedelta(days=days), starts_at - notice)
