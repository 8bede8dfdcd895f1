"""What is wrong with an answer: codes and facts for each field; the edge gives them words.

Codes and their facts: ``answer_missing``; ``tick_missing``; ``too_long`` (``max``, ``length``);
``bad_character``; ``bad_value``; ``unknown_field``; ``unknown_choice``; ``not_with_others``
(``option``); ``out_of_range`` (``min``, ``max``); ``bad_step`` (``step``); ``points_sum``
(``total``, ``sum``); ``bad_date``; ``date_not_ahead``; ``too_many`` (``max``); ``too_few``
(``min``); ``promise_or_reason``; ``not_to_release``; ``patient_detail`` (``hits``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shadowing.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        key: Of the field; a part of a commitment as ``commit.0.action``.
        code: What it is.
        facts: What the sentence may fill in.
    """

    key: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class BadAnswers(Refusal):
    """Some answers cannot be taken.

    Attributes:
        problems: In the order of the form; a field may have one.
    """

    code = "bad_answers"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the *problems* for whoever words them; fact ``count`` says how many."""
        super().__init__(count=len(problems))
        self.problems = problems
