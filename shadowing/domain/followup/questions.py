"""What a form asks: questions, who answers them, who may read the answer.

Source: docs/rules.md, section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shadowing.domain.followup.conditions import Condition


class Side(StrEnum):
    """Whose side of a shift it is."""

    OBSERVER = "observer"
    HOST = "host"

    @property
    def other(self) -> Side:
        """The other person of the pair."""
        return Side.HOST if self is Side.OBSERVER else Side.OBSERVER


class Phase(StrEnum):
    """When a question is open."""

    PRE = "pre"
    POST = "post"
    DEBRIEF = "debrief"


class Kind(StrEnum):
    """The shape of an answer."""

    TEXT = "text"
    NUMBER = "number"
    SCALE = "scale"
    CHOICE = "choice"
    MULTI = "multi"
    POINTS = "points"
    TICK = "tick"
    DATE = "date"
    COMMITMENTS = "commitments"
    ROLE = "role_picker"
    ROLE_AND_ORGANIZATION = "role_org_picker"
    PORTFOLIO = "portfolio_picker"
    PERSON = "person_picker"
    OBJECTIVE = "credit_objective"
    TAGS = "site_tags"


class Readers(StrEnum):
    """Who reads an answer: the visibility codes."""

    AUTHOR = "P"
    OTHER = "H"
    PRECEPTOR = "R"
    COUNTED = "A"
    BOARD = "C"
    STUDENT = "S"
    COORDINATOR = "CO"
    HR = "HR"
    NAMED_PERSON = "NP"


class Act(StrEnum):
    """What has to happen before an answer is opened to one more reader."""

    AUTHOR_TICKS = "author_ticks"
    AUTHOR_REWORDS = "author_rewords"
    NAMED_PERSON_AGREES = "named_person_agrees"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen: its code is stored, its label is read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Release:
    """The answer may be opened ``to`` one more reader ``by`` an act (``P→X``)."""

    to: Readers
    by: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked and what an answer may be.

    Attributes:
        key: Names the answer; unique inside a form.
        max_length: Of a text, in characters; 0 where there is no text.
        minimum: Lowest number of a scale or number.
        maximum: Highest, included.
        low: What the low end of a scale means.
        high: What its high end means.
        step: Numbers are whole multiples of it.
        unsure: The scale has one answer more, "unsure", that is no number.
        options: What can be chosen, in the order to be shown.
        exclusive: Codes of options that rule out all others.
        total: What shared-out points must add up to.
        min_items: Fewest commitments.
        max_items: Most commitments.
        required_if: When set and true, an answer is needed although ``required`` is false.
    """

    key: str
    kind: Kind
    prompt: str
    help: str = ""
    required: bool = False
    required_if: Condition | None = None
    max_length: int = 0
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    low: str = ""
    high: str = ""
    unsure: bool = False
    options: tuple[Option, ...] = ()
    exclusive: frozenset[str] = frozenset()
    total: int = 0
    min_items: int = 0
    max_items: int = 0

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that can be chosen, in the order to be shown."""
        return tuple(option.code for option in self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Question):
    """A question of a reflection: also who answers it, when, and who may read the answer.

    Attributes:
        row: The question it belongs to, where one question has several answers; else its key.
        readers: Several add up. Nobody else reads the answer (L2).
        release: How one more reader may come to it.
        never_to: Who may not see it in any form.
        deliver_to: Passed on to this reader one by one, without the author's name (P12).
        sealed_with: Key of the other side's field; both stay hidden until both sides are in.
        read_back: It is read to the other person at the debrief.
        creates: What a saved answer starts.
        items: What each commitment is made of.
    """

    row: str
    filled_by: str
    phase: Phase
    readers: frozenset[Readers]
    release: Release | None = None
    never_to: frozenset[str] = frozenset()
    deliver_to: Readers | None = None
    sealed_with: str = ""
    read_back: bool = False
    creates: str = ""
    layer: str = ""
    step_of_four: int = 0
    show_if: Condition | None = None
    items: tuple[Question, ...] = ()
