"""Signing in: how long it lasts, which passwords will do, what tokens may do, how often to try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from shadowing.domain.errors import Refusal
from shadowing.domain.people import Role
from shadowing.domain.policy import Action

LEAST_PASSWORD: Final = 12
MOST_PASSWORD: Final = 128
LEAST_DIFFERENT: Final = 5
LEAST_WORD: Final = 3
LINK_LASTS: Final = timedelta(minutes=15)
FIRST_LINK_LASTS: Final = timedelta(hours=24)
"""Of a link that nobody asked for: whoever keeps the roster sent it, and it may wait unread."""
INVITES: Final = "invites"
"""Marks a letter with such a link."""
WINDOW: Final = timedelta(minutes=15)
CLOCKS_MAY_DIFFER: Final = timedelta(minutes=5)
SEEN_AGAIN_AFTER: Final = timedelta(minutes=1)

TOO_COMMON: Final = ("password", "123456", "qwerty", "letmein", "welcome", "shadowing", "hospital")
"""What a guess begins with; a password that is little more than one of them is guessed first."""

SCOPES: Final[Mapping[str, frozenset[Action]]] = MappingProxyType(
    {
        "slots:read": frozenset({Action.SLOT_FIND, Action.MEETING_FIND}),
        "shifts:read": frozenset({Action.SHIFT_SEE, Action.GOAL_SEE}),
        "shifts:write": frozenset(
            {
                Action.SLOT_HOLD,
                Action.SHIFT_REQUEST,
                Action.MEETING_ASK,
                Action.SHIFT_SEE,
                Action.SHIFT_ACCEPT,
                Action.SHIFT_DECLINE,
                Action.SHIFT_APPROVE,
                Action.SHIFT_CONFIRM,
                Action.SHIFT_CANCEL,
                Action.SHIFT_MOVE,
                Action.SHIFT_SWAP,
                Action.DEBRIEF_MARK,
                Action.DEBRIEF_MOVE,
                Action.SHIFT_CHECK_IN,
                Action.SHIFT_CHECK_OUT,
            },
        ),
        "commitments:read": frozenset({Action.COMMITMENT_SEE}),
        "exceptions:write": frozenset({Action.ALLOWANCE_GIVE}),
        "people:read": frozenset({Action.ROSTER_SEE}),
        "people:write": frozenset({Action.ROSTER_SEE, Action.ROSTER_SYNC}),
        "participation:read": frozenset({Action.PARTICIPATION_SEE, Action.PARTICIPATION_EXPORT}),
    },
)
"""What an API token can be narrowed to. It never adds to what its person may do."""


class NotRecognized(Refusal):
    """Address and password do not belong together; which of them is wrong is never told."""

    code = "not_recognized"
    field = "password"


class NotInProgram(Refusal):
    """The account is right, and its person has no part in the program."""

    code = "not_in_program"


class TooManyTries(Refusal):
    """Tried too often from here. Facts: ``minutes`` until the next try counts."""

    code = "too_many_tries"


class LinkEnded(Refusal):
    """The sign-in link was used, is too old, or never was."""

    code = "link_ended"


class CurrentPasswordWrong(Refusal):
    """The password given as one's own is not."""

    code = "current_password_wrong"
    field = "current"


class PasswordTooShort(Refusal):
    """Facts: ``least``, ``most`` characters."""

    code = "password_too_short"
    field = "new"


class PasswordTooCommon(Refusal):
    """Others would guess it early."""

    code = "password_too_common"
    field = "new"


class UnknownScope(Refusal):
    """Facts: ``scope``, ``known`` (their names)."""

    code = "unknown_scope"


class RoleNotHeld(Refusal):
    """The person does not hold this role. Facts: ``role``."""

    code = "role_not_held"


class EmailTaken(Refusal):
    """Somebody has this address already. Facts: ``email``."""

    code = "email_taken"
    field = "email"


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long somebody stays signed in: without activity, and in all."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)

    def over(self, *, began: datetime, seen: datetime, now: datetime) -> bool:
        """Say whether a session has ended; one from the future has, too: a clock was set back."""
        if seen - now > CLOCKS_MAY_DIFFER:
            return True
        return now - seen >= self.idle or now - began >= self.longest


def check_password(text: str, *, name: str, email: str) -> None:
    """Refuse a password that is too short or that would be guessed early.

    Raises:
        PasswordTooShort: Fewer than twelve characters, or more than can be taken.
        PasswordTooCommon: Few different characters, or hardly more than a common word, the
            person's name or address.
    """
    if not LEAST_PASSWORD <= len(text) <= MOST_PASSWORD:
        raise PasswordTooShort(least=LEAST_PASSWORD, most=MOST_PASSWORD)
    low = text.casefold()
    own = [
        part
        for part in f"{name} {email.partition('@')[0]}".casefold().split()
        if len(part) >= LEAST_WORD
    ]
    rest = low
    for word in (*TOO_COMMON, *own):
        rest = rest.replace(word, "")
    if len(set(low)) < LEAST_DIFFERENT or len(rest) < LEAST_PASSWORD // 2 or _runs(low):
        raise PasswordTooCommon


def _runs(text: str) -> bool:
    """Say whether every character is the neighbour of the one before: "abcdefghijkl"."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1} or steps <= {-1}


def first_role(roles: Iterable[Role]) -> Role:
    """Choose in which role somebody begins, always the same of the same.

    Raises:
        NotInProgram: There is none.
    """
    held = frozenset(roles)
    for role in Role:
        if role in held:
            return role
    raise NotInProgram


def actions_of(scopes: Iterable[str]) -> frozenset[Action]:
    """Gather what the named scopes allow.

    Raises:
        UnknownScope: One of them is none.
    """
    allowed: set[Action] = set()
    for scope in scopes:
        if scope not in SCOPES:
            raise UnknownScope(scope=scope, known=tuple(SCOPES))
        allowed |= SCOPES[scope]
    return frozenset(allowed)


def window(now: datetime) -> datetime:
    """Give the start of the quarter of an hour in which tries are counted together."""
    return now - (now - datetime.min.replace(tzinfo=UTC)) % WINDOW


def minutes_left(now: datetime) -> int:
    """Say in how many minutes tries are counted from nought again; at least one."""
    left = window(now) + WINDOW - now
    return max(1, -(-left // timedelta(minutes=1)))
