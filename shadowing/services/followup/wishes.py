"""Checks what somebody promises after the talk, every row of it, all at once (F7, F8, L3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from shadowing.domain.followup.answers import Answers, check_complete
from shadowing.domain.followup.lint import lint_answers
from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.questions import Field, Kind, Question
from shadowing.domain.followup.values import Known, Unfit, read_value
from shadowing.domain.patient_detail import Hit, lint
from shadowing.services.followup import checking, pickers, sheets
from shadowing.services.work import Tx
from shadowing.store.bookings import Shift

SAW: Final = Question(
    key="saw",
    kind=Kind.TEXT,
    prompt="What did the unit show you or tell you?",
    help="One sentence, in the unit’s own words. Never who said it.",
    required=True,
    max_length=300,
)
TYPED: Final = ("saw", "action", "kind", "team", "due", "tell")
LINTED: Final = ("saw", "action", "team", "tell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody promises.

    Attributes:
        rows: One for each promise: ``saw``, ``action``, ``kind``, ``team``, ``due``, ``tell``;
            rows left blank are no promises.
        reason: Why there is none.
        raw: Answers to the other questions of the talk, by key.
        made: How many promises stood when the form was opened.
        fine: As in :class:`checking.Given`.
    """

    rows: Sequence[Mapping[str, str]] = ()
    reason: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)
    made: int = 0
    fine: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked at one table, to be checked all at once."""

    tx: Tx
    shift: Shift
    promise: Field
    reason: Field
    others: tuple[Field, ...]
    room: int

    def check(
        self,
        wish: Wish,
        rows: Sequence[Mapping[str, str]],
        *,
        standing: int,
    ) -> tuple[Answers, str]:
        """Give the answers, and whether the check for patient detail fired, as a code."""
        fields = (self.promise, self.reason, *self.others)
        keys = {each.key for each in self.others}
        raw: dict[str, object] = {key: value for key, value in wish.raw.items() if key in keys}
        owner = str(self.shift.observer_id)
        raw[self.promise.key] = [self._row(row, owner) for row in rows]
        raw[self.reason.key] = wish.reason
        problems: list[Problem] = []
        answers: Answers = {}
        try:
            answers = check_complete(fields, raw, known=self._known(owner))
        except BadAnswers as bad:
            problems += bad.problems
        problems += self._more(rows, wish.reason, standing=standing)
        hits = self._hits(rows, raw)
        told = {problem.key for problem in problems}
        doubts = checking.in_doubt(hits, fine=wish.fine)
        problems += [doubt for doubt in doubts if doubt.key not in told]
        if problems:
            raise BadAnswers(checking.in_order(fields, problems))
        return answers, "lint_fired" if hits else "lint_quiet"

    def _row(self, row: Mapping[str, str], owner: str) -> dict[str, object]:
        parts: dict[str, object] = {
            name: row.get(name, "").strip() for name in TYPED if name != SAW.key
        }
        return parts | {"owner": owner}

    def _known(self, owner: str) -> Known:
        known = pickers.read(self.tx, self.shift)
        people = frozenset(code for code, _ in known.people) | {owner}
        return replace(known.known(), people=people)

    def _more(
        self,
        rows: Sequence[Mapping[str, str]],
        reason: str,
        *,
        standing: int,
    ) -> list[Problem]:
        """List what the form of a template does not ask: what was seen, and dates ahead."""
        key, found = self.promise.key, []
        today = sheets.day(self.tx, self.shift)
        for number, row in enumerate(rows):
            try:
                if read_value(SAW, row.get(SAW.key, ""), known=Known()) is None:
                    found.append(Problem(f"{key}.{number}.{SAW.key}", "answer_missing"))
            except Unfit as unfit:
                found.append(Problem(f"{key}.{number}.{SAW.key}", unfit.code, unfit.facts))
            if (due := _day(row.get("due", ""))) and due <= today:
                found.append(Problem(f"{key}.{number}.due", "date_not_ahead"))
        if len(rows) > self.room:
            found.append(Problem(key, "too_many", {"max": self.room}))
        if reason.strip() and (rows or standing):
            found.append(Problem(self.reason.key, "promise_and_reason"))
        return found

    def _hits(
        self,
        rows: Sequence[Mapping[str, str]],
        raw: Mapping[str, object],
    ) -> dict[str, tuple[Hit, ...]]:
        names = pickers.names_near(self.tx, self.shift)
        fields = (self.reason, *self.others)
        written = checking.keepable(
            fields,
            {each.key: raw.get(each.key) for each in fields},
            known=sheets.EVER,
        )[0]
        found = dict(lint_answers(fields, sheets.read_stored(fields, written), names=names))
        for number, row in enumerate(rows):
            for name in LINTED:
                text = unicodedata.normalize("NFC", row.get(name, "")[: checking.DRAFT_MAX])
                if hits := lint(text, names=names):
                    found[f"{self.promise.key}.{number}.{name}"] = hits
        return found


def filled(rows: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """Leave out the rows in which nothing was typed: they are no promises."""
    return tuple(row for row in rows if any(row.get(name, "").strip() for name in TYPED))


def saw(row: Mapping[str, str]) -> str:
    """Read what was seen, of a row that was checked."""
    return str(read_value(SAW, row[SAW.key], known=Known()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
