"""Reads one answer out of what was sent: a form, a request to the API, or what was stored.

Every reader takes what may come from outside and either returns a value, ``None`` for "not
answered", or raises :class:`Unfit` with the code of the problem. Nothing is silently mended but
line ends, outer blanks and the composition of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Mapping, Sized
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from shadowing.domain.followup.commitments import Promise
from shadowing.domain.followup.questions import Kind, Question

UNSURE: Final = "unsure"
TICKED: Final = frozenset({"y", "on", "true", "1"})
NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
LONGEST_NUMBER: Final = 64  # bits; Python refuses to write out an integer of thousands of digits
YEARS: Final = range(1900, 2200)  # so that a reminder after any date is a date too
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Points:
    """How points were shared out: (option, points), in the order of the options."""

    parts: tuple[tuple[str, int], ...]

    def of(self, option: str) -> int:
        """Return the points one option was given."""
        return dict(self.parts).get(option, 0)

    @property
    def sum(self) -> int:
        """Return the points given altogether."""
        return sum(points for _, points in self.parts)


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A host role and an organization, by their codes; either may be empty in a draft."""

    role: str
    organization: str


Value = str | int | Decimal | bool | date | tuple[str, ...] | Points | RoleAt | tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the pickers may pick from: codes and ids; what is not in here is refused."""

    roles: Container[str] = frozenset()
    organizations: Container[str] = frozenset()
    portfolios: Container[str] = frozenset()
    people: Container[str] = frozenset()
    objectives: Container[str] = frozenset()
    tags: Container[str] = frozenset()


NOTHING: Final = Known()


class Unfit(Exception):
    """This is no answer to the question; ``code`` and ``facts`` are those of a problem."""

    def __init__(self, code: str, **facts: object) -> None:
        """Keep what the problem is."""
        super().__init__(code)
        self.code = code
        self.facts = facts


def read_value(question: Question, raw: object, *, known: Known) -> Value | None:
    """Read one answer.

    Args:
        question: Of any kind but ``commitments``, which are several.
        raw: As it was sent or stored.
        known: What the pickers may pick from.

    Returns:
        The value, or ``None`` if nothing was answered.

    Raises:
        Unfit: It can be no answer, not even in a draft.
    """
    if raw is None or raw is False or (isinstance(raw, Sized) and not raw):
        return None
    return READERS[question.kind](question, raw, known)


def _text(question: Question, raw: object, _known: Known) -> str | None:
    if not isinstance(raw, str):
        raise Unfit("bad_value")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    # Composing letters can only shorten, and takes its time over what is far too long anyway.
    if len(text) <= 3 * question.max_length:
        text = unicodedata.normalize("NFC", text)
    if len(text) > question.max_length:
        raise Unfit("too_long", max=question.max_length, length=len(text))
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise Unfit("bad_character")
    return text or None


def _number(question: Question, raw: object, _known: Known) -> Decimal:
    number = _decimal(raw)
    if not question.minimum <= number <= question.maximum:
        raise Unfit("out_of_range", min=question.minimum, max=question.maximum)
    if (number - question.minimum) % question.step:
        raise Unfit("bad_step", step=question.step)
    return number


def _scale(question: Question, raw: object, _known: Known) -> int | str:
    if raw == UNSURE and question.unsure:
        return UNSURE
    return _whole(raw, least=int(question.minimum), most=int(question.maximum))


def _choice(question: Question, raw: object, _known: Known) -> str:
    if not isinstance(raw, str):
        raise Unfit("bad_value")
    if raw not in question.codes:
        raise Unfit("unknown_choice")
    return raw


def _multi(question: Question, raw: object, _known: Known) -> tuple[str, ...]:
    given = _listed(raw)
    if given - set(question.codes):
        raise Unfit("unknown_choice")
    alone = sorted(given & question.exclusive)
    if alone and len(given) > 1:
        raise Unfit("not_with_others", option=alone[0])
    return tuple(code for code in question.codes if code in given)


def _points(question: Question, raw: object, _known: Known) -> Points | None:
    if not isinstance(raw, Mapping):
        raise Unfit("bad_value")
    if raw.keys() - set(question.codes):
        raise Unfit("unknown_choice")
    given = {code: points for code, points in raw.items() if points not in ("", None)}
    if not given:
        return None
    return Points(
        tuple(
            (code, _whole(given.get(code, 0), least=0, most=question.total))
            for code in question.codes
        ),
    )


def _tick(_question: Question, raw: object, _known: Known) -> bool:
    if raw is True or (isinstance(raw, str) and raw.lower() in TICKED):
        return True
    raise Unfit("bad_value")


def _date(_question: Question, raw: object, _known: Known) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        day = raw
    elif isinstance(raw, str) and DAY.fullmatch(raw.strip()):
        try:
            day = date.fromisoformat(raw.strip())
        except ValueError as error:
            raise Unfit("bad_date") from error
    else:
        raise Unfit("bad_date")
    if day.year not in YEARS:
        raise Unfit("bad_date")
    return day


def _role_at(_question: Question, raw: object, known: Known) -> RoleAt | None:
    if not isinstance(raw, Mapping) or raw.keys() - {"role", "organization"}:
        raise Unfit("bad_value")
    role, organization = raw.get("role") or "", raw.get("organization") or ""
    if not role and not organization:
        return None
    return RoleAt(
        role=_picked(role, known.roles) if role else "",
        organization=_picked(organization, known.organizations) if organization else "",
    )


def _tags(_question: Question, raw: object, known: Known) -> tuple[str, ...]:
    return tuple(sorted(_picked(tag, known.tags) for tag in _listed(raw)))


def _picked(raw: object, choices: Container[str]) -> str:
    if not isinstance(raw, str):
        raise Unfit("bad_value")
    if raw not in choices:
        raise Unfit("unknown_choice")
    return raw


def _listed(raw: object) -> set[str]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise Unfit("bad_value")
    return set(given)


def _whole(raw: object, *, least: int, most: int) -> int:
    number = _decimal(raw)
    if number != int(number):
        raise Unfit("bad_value")
    if not least <= number <= most:
        raise Unfit("out_of_range", min=least, max=most)
    return int(number)


def _decimal(raw: object) -> Decimal:
    if not isinstance(raw, str | int | float | Decimal):
        raise Unfit("bad_value")
    if isinstance(raw, int) and raw.bit_length() > LONGEST_NUMBER:
        raise Unfit("bad_value")
    text = str(raw).strip()
    if not NUMBER.fullmatch(text):
        raise Unfit("bad_value")
    return Decimal(text)


READERS: Final[Mapping[Kind, Callable[[Question, object, Known], Value | None]]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.SCALE: _scale,
    Kind.CHOICE: _choice,
    Kind.MULTI: _multi,
    Kind.POINTS: _points,
    Kind.TICK: _tick,
    Kind.DATE: _date,
    Kind.ROLE: lambda _question, raw, known: _picked(raw, known.roles),
    Kind.ROLE_AND_ORGANIZATION: _role_at,
    Kind.PORTFOLIO: lambda _question, raw, known: _picked(raw, known.portfolios),
    Kind.PERSON: lambda _question, raw, known: _picked(raw, known.people),
    Kind.OBJECTIVE: lambda _question, raw, known: _picked(raw, known.objectives),
    Kind.TAGS: _tags,
}
