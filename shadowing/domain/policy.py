"""Who may do what: every action has a name, and this page alone says who has it.

An action is done in a *relation* to a thing (one's own shift, one's own unit, …) and a relation
belongs to a role. A person who holds several roles acts in one at a time: in the one that the
relation names, or in the one chosen at the top of the page.

Source: docs/rules.md, section 8.1 and rule P1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shadowing.domain.errors import NotAllowed
from shadowing.domain.people import Role


class Action(StrEnum):
    """Everything that needs a permission, ``resource:verb``."""

    ACCOUNT_SEE = "account:see"
    ACCOUNT_CHANGE = "account:change"
    AVAILABILITY_SEE = "availability:see"
    AVAILABILITY_CHANGE = "availability:change"
    DIARY_SEE = "diary:see"
    DIARY_CHANGE = "diary:change"
    SLOT_FIND = "slot:find"
    SLOT_HOLD = "slot:hold"
    SHIFT_REQUEST = "shift:request"
    INVITE_MAKE = "invite:make"
    INVITE_ANSWER = "invite:answer"
    MEETING_OFFER = "meeting:offer"
    MEETING_FIND = "meeting:find"
    MEETING_ASK = "meeting:ask"
    COHORT_SEE = "cohort-day:see"
    COHORT_PLAN = "cohort-day:plan"
    SHIFT_SEE = "shift:see"
    SHIFT_ACCEPT = "shift:accept"
    SHIFT_DECLINE = "shift:decline"
    SHIFT_APPROVE = "shift:approve"
    SHIFT_CANCEL = "shift:cancel"
    SHIFT_CONFIRM = "shift:confirm"
    SHIFT_MOVE = "shift:move"
    SHIFT_SWAP = "shift:swap"
    SHIFT_CHECK_IN = "shift:check-in"
    SHIFT_CHECK_OUT = "shift:check-out"
    SHIFT_PAUSE = "shift:pause"
    SHIFT_NO_SHOW = "shift:no-show"
    SHIFT_HAPPENED = "shift:happened"
    SHIFT_ENTER = "shift:enter"
    SHIFT_CORRECT = "shift:correct"
    SHIFT_OBJECT = "shift:object"
    SHIFT_SETTLE = "shift:settle"
    SHIFT_LET_THROUGH = "shift:let-through"
    PATIENTS_RECORD = "patients:record"
    PATIENTS_SEE = "patients:see"
    COUNTED_SEE = "counted:see"
    PASS_SEE = "pass:see"  # noqa: S105 (the card that a visitor carries)
    GOAL_SEE = "goal:see"
    ALLOWANCE_GIVE = "allowance:give"
    DELEGATE_NAME = "delegate:name"
    DEBRIEF_MARK = "debrief:mark"
    DEBRIEF_MOVE = "debrief:move"
    DEBRIEF_WAIVE = "debrief:waive"
    REFLECTION_WRITE = "reflection:write"
    REFLECTION_READ_BOTH = "reflection:read-both"
    COMMITMENT_SEE = "commitment:see"
    COMMITMENT_MAKE = "commitment:make"
    COMMITMENT_AGREE = "commitment:agree"
    COMMITMENT_UPDATE = "commitment:update"
    CREDENTIAL_SEE = "credential:see"
    CREDENTIAL_CLAIM = "credential:claim"
    CREDENTIAL_TICK = "credential:tick"
    CREDENTIAL_VERIFY = "credential:verify"
    CREDENTIAL_WAIVE = "credential:waive"
    REQUIREMENT_SEE = "requirement:see"
    REQUIREMENT_CHANGE = "requirement:change"
    PARTICIPATION_SEE = "participation:see"
    PARTICIPATION_EXPORT = "participation:export"
    PROGRAM_SEE = "program:see"
    PROGRAM_CHANGE = "program:change"
    UNIT_SEE = "unit:see"
    UNIT_CHANGE = "unit:change"
    UNIT_PAUSE = "unit:pause"
    PERSON_SEE = "person:see"
    PERSON_CHANGE = "person:change"
    ROSTER_SEE = "roster:see"
    ROSTER_SYNC = "roster:sync"
    OPERATIONS_SEE = "operations:see"
    MESSAGE_SEE = "message:see"
    MESSAGE_RESEND = "message:resend"
    REPLY_SEE = "reply:see"
    REPLY_HANDLE = "reply:handle"
    SHEET_SEE = "sheet:see"
    SHEET_ENTER = "sheet:enter"


class Relation(StrEnum):
    """How the person stands to the thing."""

    SELF = "self"
    OBSERVER = "observer"
    HOST = "host"
    BACKUP = "backup"
    FOLLOWER = "follower"
    FOLLOWED = "followed"
    UNIT = "unit"
    PROGRAM = "program"
    ORGANIZATION = "organization"
    VERIFIER = "verifier"


ROLE_OF = {
    Relation.OBSERVER: Role.OBSERVER,
    Relation.HOST: Role.HOST,
    Relation.BACKUP: Role.HOST,
    Relation.FOLLOWER: Role.HOST,
    Relation.FOLLOWED: Role.OBSERVER,
    Relation.UNIT: Role.UNIT_MANAGER,
    Relation.PROGRAM: Role.COORDINATOR,
}

EVERYONE = frozenset({(role, Relation.SELF) for role in Role})
VERIFIERS = frozenset({(role, Relation.VERIFIER) for role in Role})
"""To verify is a permission for each requirement, whatever the role (C7)."""
OBSERVER = (Role.OBSERVER, Relation.OBSERVER)
HOST = (Role.HOST, Relation.HOST)
BACKUP = (Role.HOST, Relation.BACKUP)
UNIT = (Role.UNIT_MANAGER, Relation.UNIT)
PROGRAM = (Role.COORDINATOR, Relation.PROGRAM)
PAIR = frozenset({OBSERVER, HOST})
PRESENT = PAIR | {UNIT, PROGRAM}
ON_THE_DAY = PRESENT | {BACKUP}

DIARIES = frozenset({(Role.OBSERVER, Relation.SELF), (Role.HOST, Relation.SELF)})

LISTED: dict[Action, frozenset[tuple[Role, Relation]]] = {
    Action.ACCOUNT_SEE: EVERYONE,
    Action.ACCOUNT_CHANGE: EVERYONE,
    Action.AVAILABILITY_SEE: frozenset({(Role.HOST, Relation.SELF)}),
    Action.AVAILABILITY_CHANGE: frozenset({(Role.HOST, Relation.SELF)}),
    Action.DIARY_SEE: DIARIES,
    Action.DIARY_CHANGE: DIARIES,
    Action.SLOT_FIND: frozenset({(Role.OBSERVER, Relation.SELF)}),
    Action.SLOT_HOLD: frozenset({(Role.OBSERVER, Relation.SELF)}),
    Action.SHIFT_REQUEST: frozenset({(Role.OBSERVER, Relation.SELF)}),
    Action.INVITE_MAKE: frozenset({(Role.HOST, Relation.SELF)}),
    Action.INVITE_ANSWER: frozenset({(Role.OBSERVER, Relation.SELF)}),
    Action.MEETING_OFFER: frozenset({(Role.OBSERVER, Relation.SELF)}),
    Action.MEETING_FIND: frozenset({(Role.HOST, Relation.SELF)}),
    Action.MEETING_ASK: frozenset({(Role.HOST, Relation.SELF)}),
    Action.COHORT_SEE: frozenset({(Role.OBSERVER, Relation.SELF), UNIT, PROGRAM}),
    Action.COHORT_PLAN: frozenset({PROGRAM}),
    Action.SHIFT_SEE: ON_THE_DAY,
    Action.SHIFT_ACCEPT: frozenset({HOST}),
    Action.SHIFT_DECLINE: frozenset({HOST, UNIT, PROGRAM}),
    Action.SHIFT_APPROVE: frozenset({UNIT}),
    Action.SHIFT_CANCEL: PRESENT,
    Action.SHIFT_CONFIRM: frozenset({PROGRAM}),
    Action.SHIFT_SWAP: frozenset({HOST, UNIT}),
    Action.SHIFT_MOVE: frozenset({OBSERVER}),
    Action.SHIFT_CHECK_IN: ON_THE_DAY,
    Action.SHIFT_CHECK_OUT: ON_THE_DAY,
    Action.SHIFT_PAUSE: PAIR | {BACKUP},
    Action.SHIFT_NO_SHOW: frozenset({HOST, BACKUP, PROGRAM}),
    Action.SHIFT_HAPPENED: PAIR,
    Action.SHIFT_ENTER: frozenset({UNIT, PROGRAM}),
    Action.SHIFT_CORRECT: PAIR | {PROGRAM},
    Action.SHIFT_OBJECT: frozenset({OBSERVER}),
    Action.SHIFT_SETTLE: frozenset({PROGRAM}),
    Action.SHIFT_LET_THROUGH: frozenset({PROGRAM}),
    Action.PATIENTS_RECORD: frozenset({HOST, BACKUP}),
    Action.PATIENTS_SEE: frozenset({HOST, BACKUP, UNIT, PROGRAM}),
    Action.COUNTED_SEE: frozenset({OBSERVER, PROGRAM}),
    Action.PASS_SEE: ON_THE_DAY,
    Action.GOAL_SEE: PAIR | {BACKUP, PROGRAM},
    Action.ALLOWANCE_GIVE: frozenset({PROGRAM}),
    Action.DELEGATE_NAME: frozenset({(Role.OBSERVER, Relation.SELF)}),
    Action.DEBRIEF_MARK: PAIR,
    Action.DEBRIEF_MOVE: PAIR | {PROGRAM},
    Action.DEBRIEF_WAIVE: frozenset({PROGRAM}),
    Action.REFLECTION_WRITE: PAIR,
    Action.REFLECTION_READ_BOTH: PAIR,
    Action.COMMITMENT_SEE: PRESENT,
    Action.COMMITMENT_MAKE: frozenset({OBSERVER}),
    Action.COMMITMENT_AGREE: frozenset({HOST}),
    Action.COMMITMENT_UPDATE: frozenset({OBSERVER}),
    Action.CREDENTIAL_SEE: frozenset(
        {
            (Role.OBSERVER, Relation.SELF),
            PROGRAM,
            (Role.HR, Relation.ORGANIZATION),
            (Role.PARTNER_COORDINATOR, Relation.ORGANIZATION),
        }
    ),
    Action.CREDENTIAL_CLAIM: frozenset(
        {(Role.OBSERVER, Relation.SELF), (Role.PARTNER_COORDINATOR, Relation.ORGANIZATION)}
    ),
    Action.CREDENTIAL_TICK: PRESENT | {(Role.OBSERVER, Relation.SELF)},
    Action.CREDENTIAL_VERIFY: VERIFIERS,
    Action.CREDENTIAL_WAIVE: frozenset({PROGRAM}),
    Action.REQUIREMENT_SEE: frozenset({PROGRAM}),
    Action.REQUIREMENT_CHANGE: frozenset({PROGRAM}),
    Action.PARTICIPATION_SEE: frozenset({(Role.HR, Relation.ORGANIZATION)}),
    Action.PARTICIPATION_EXPORT: frozenset({(Role.HR, Relation.ORGANIZATION)}),
    Action.PROGRAM_SEE: frozenset({PROGRAM}),
    Action.PROGRAM_CHANGE: frozenset({PROGRAM}),
    Action.UNIT_SEE: frozenset({UNIT, PROGRAM}),
    Action.UNIT_CHANGE: frozenset({UNIT, PROGRAM}),
    Action.UNIT_PAUSE: frozenset({UNIT, PROGRAM}),
    Action.PERSON_SEE: frozenset(
        {
            PROGRAM,
            (Role.HR, Relation.ORGANIZATION),
            (Role.PARTNER_COORDINATOR, Relation.ORGANIZATION),
            (Role.SYSADMIN, Relation.ORGANIZATION),
        }
    ),
    Action.PERSON_CHANGE: frozenset({PROGRAM, (Role.SYSADMIN, Relation.ORGANIZATION)}),
    Action.ROSTER_SEE: frozenset({(Role.SYSADMIN, Relation.ORGANIZATION)}),
    Action.ROSTER_SYNC: frozenset({(Role.SYSADMIN, Relation.ORGANIZATION)}),
    Action.OPERATIONS_SEE: frozenset({(Role.SYSADMIN, Relation.ORGANIZATION)}),
    Action.MESSAGE_SEE: frozenset({PROGRAM, (Role.SYSADMIN, Relation.ORGANIZATION)}),
    Action.MESSAGE_RESEND: frozenset({PROGRAM, (Role.SYSADMIN, Relation.ORGANIZATION)}),
    Action.REPLY_SEE: frozenset({PROGRAM}),
    Action.REPLY_HANDLE: frozenset({PROGRAM}),
    Action.SHEET_SEE: frozenset({UNIT, PROGRAM}),
    Action.SHEET_ENTER: frozenset({UNIT, PROGRAM}),
}

EXCHANGED = {Relation.OBSERVER: Relation.FOLLOWER, Relation.HOST: Relation.FOLLOWED}
"""In a reverse shadow a clinician has the visitor's part, and an administrator the host's (B16)."""
REVERSE = "reverse"


def _with_roles_exchanged(
    listed: frozenset[tuple[Role, Relation]],
) -> frozenset[tuple[Role, Relation]]:
    """Add to what the two of a shift may what the same two parts may in a reverse shadow."""
    turned = (EXCHANGED[relation] for _, relation in listed if relation in EXCHANGED)
    return listed | {(ROLE_OF[relation], relation) for relation in turned}


RULES = {action: _with_roles_exchanged(listed) for action, listed in LISTED.items()}


def in_part(relation: Relation, *, kind: str) -> Relation:
    """Say how somebody in a part stands to a shift: by the part, not by the role (B16)."""
    return EXCHANGED.get(relation, relation) if kind == REVERSE else relation


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in.

    Attributes:
        role: The role chosen at the top of the page.
        roles: All that the person holds.
        hand_id: Who does it for this person, where somebody else does (B18); ``hand_as`` is as
            what: a ``delegate``, or the ``coordinator``.
        scopes: What an API token allows; ``None`` for a signed-in page, which is not narrowed.
    """

    person_id: UUID
    organization_id: UUID
    role: Role
    roles: frozenset[Role]
    name: str = ""
    scopes: frozenset[Action] | None = None
    hand_id: UUID | None = None
    hand_as: str = ""


def may(actor: Actor, action: Action, relation: Relation = Relation.SELF) -> bool:
    """Say whether *actor* may do *action* to something they stand in *relation* to."""
    role = ROLE_OF.get(relation, actor.role)
    if role not in actor.roles:
        return False
    if actor.scopes is not None and action not in actor.scopes:
        return False
    return (role, relation) in RULES[action]


def authorise(actor: Actor, action: Action, relation: Relation = Relation.SELF) -> None:
    """Refuse what the rules do not list; deny by default (P1).

    Raises:
        NotAllowed: With the action; told as "not found".
    """
    if not may(actor, action, relation):
        raise NotAllowed(action=action)
