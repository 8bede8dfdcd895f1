"""Looks for what could point to a patient or a colleague: the server's side of rule L3.

It warns; it cannot promise that a text is anonymous. Every repetition in a pattern has an end, so
the time it takes grows with the length of the text and no faster. Only *that* it fired is ever
logged, never what it found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Detail(StrEnum):
    """What kind of detail it looks like."""

    LONG_DIGIT_RUN = "long_digit_run"
    DATE = "date"
    AGE = "age_over_89"
    BED_OR_ROOM = "bed_or_room_number"
    PHONE = "phone"
    EMAIL = "email"
    TITLE_AND_NAME = "honorific_and_surname"
    COLLEAGUE = "host_or_colleague_name"
    THE_PATIENT_IN = "phrase_the_patient_in"


GAP: Final = r"[ \t\u00a0\u2009\u202f]"
DASH: Final = rf"(?:{GAP}|[-\u2010\u2011]){{0,3}}"
MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
NINETIES: Final = r"ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?\b"
OVER_89: Final = rf"(?:(?:9\d|1[0-2]\d)(?!\d)|{NINETIES})"
OLD: Final = rf"(?:y/?o|(?:years?|yrs?){DASH}old|years?{GAP}{{1,3}}of{GAP}{{1,3}}age)\b"
NO_MORE: Final = rf"(?=[.,;:!?)\n]|{GAP}{{0,3}}\Z|{GAP}{{1,3}}(?:and|but|with)\b)"
PERSON: Final = r"(?:patient|pt|resident|client|lady|gentleman|man|woman|child|kid|boy|girl|baby)"
ROOM: Final = r"(?:room|rm|beds?|bay|cubicle|cot)"
NO: Final = r"(?:number\b|num\b|no\b\.?|#)"

WORDED: Final[tuple[tuple[Detail, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Detail.LONG_DIGIT_RUN, r"(?<!\d)\d{6,}"),
        (Detail.DATE, rf"\b{MONTH}{GAP}{{0,3}}\d{{1,4}}(?:st|nd|rd|th)?\b"),
        (
            Detail.DATE,
            rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?{GAP}{{0,3}}(?:of{GAP}{{1,3}})?{MONTH}(?!\w)",
        ),
        (Detail.AGE, rf"(?<![\d.]){OVER_89}{DASH}{OLD}"),
        (Detail.AGE, rf"\b(?:aged?|age{GAP}of){GAP}{{1,3}}{OVER_89}"),
        (
            Detail.AGE,
            rf"\b(?:s?he|they|who){GAP}{{1,3}}(?:is|was|are|were){GAP}{{1,3}}{OVER_89}{NO_MORE}",
        ),
        (Detail.AGE, rf"\b(?:his|her|their){GAP}{{1,3}}(?:nineties|90['’]?s)\b"),
        (Detail.AGE, r"\b(?:nonagenarian|centenarian)s?\b"),
        (
            Detail.BED_OR_ROOM,
            rf"\b{ROOM}\b\.?{GAP}{{0,3}}{NO}?{GAP}{{0,3}}#?(?:[a-z]-?)?\d{{1,4}}-?[a-z]?\b",
        ),
        (Detail.PHONE, r"(?<![\d+])\+\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)"),
        (Detail.PHONE, r"(?<!\d)(?:1[ .-])?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]\d{4}(?!\d)"),
        (Detail.PHONE, r"(?<![\d-])\d{3}[.-]\d{4}(?![\d-])"),
        (
            Detail.PHONE,
            rf"\b(?:ext|extension|pager|beeper|phone|tel|cell)\b[.:]?{GAP}{{0,3}}\d{{3,5}}\b",
        ),
        (Detail.EMAIL, r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
        (
            Detail.THE_PATIENT_IN,
            rf"\b(?:the|this|that|an?|one|my|our){GAP}{{1,3}}{PERSON}{GAP}{{1,3}}in\b",
        ),
    )
)
NUMERIC_DATE: Final = re.compile(
    r"(?<![\d./])(\d{1,4})([./-])(\d{1,2})(?:\2(\d{4}|\d{1,2}))?(?!\d)(?!\2\d)",
)
TITLED: Final = re.compile(
    r"\b(Mr|Mrs|Ms|Mx|Miss|Dr|Doctor|Prof|Professor|Sister|Nurse|Sir|Lady|Madam)\b\.?"
    rf"{GAP}{{1,3}}([^\W\d_][\w'’-]{{0,40}})",
    re.IGNORECASE,
)
WORD: Final = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALWAYS_TITLES: Final = frozenset({"mr", "mrs"})
# What stands after "Nurse", "Doctor" or "MS" in the name of a job or a thing.
NO_SURNAMES: Final = _words(
    "assistant call director educator leader leaders manager managers navigator officer on "
    "practitioner practitioners station stations teams",
)
# Names that are words too: only with a capital are they taken for a name.
NAMES_AND_WORDS: Final = _words(
    "amber april august bill carol chance daisy dawn dean drew faith frank gene grace grant hope "
    "iris jack june lane mark miles penny rich rose ruby sandy skip star summer will",
)
NOT_NAMES: Final = _words(
    "al and bin da de del den der di do dos du el la le of the van von dr miss mr mrs ms mx prof",
)
YEARS: Final = range(1900, 2101)
MONTHS = 12
DAYS = 31
TWO_DIGITS = 2
JOINS: Final = frozenset({" ", "-", "'", "’", ". "})
INITIAL: Final = 1
SHORT_NAME: Final = 3
LONGEST_NAME: Final = 60
ORDER: Final = tuple(Detail)


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in a text, half-open, counted in characters."""

    kind: Detail
    start: int
    end: int
    text: str


def lint(text: str, *, names: Collection[str] = ()) -> tuple[Hit, ...]:
    """Find what could point to a patient or a colleague.

    Args:
        text: What somebody wrote; any length, in composed letters (NFC) as answers are.
        names: Of the host and the colleagues, as they give them; credentials after a comma.

    Returns:
        By place, and never two over the same letters.

    Source: docs/rules.md, rule L3.
    """
    places = (*_patterned(text), *_named(text, names=names))
    kept: list[Hit] = []
    for kind, start, end in sorted(
        places,
        key=lambda place: (place[1], -place[2], ORDER.index(place[0])),
    ):
        if not kept or start >= kept[-1].end:
            kept.append(Hit(kind, start, end, text[start:end]))
    return tuple(kept)


def _patterned(text: str) -> Iterator[tuple[Detail, int, int]]:
    for kind, pattern in WORDED:
        for match in pattern.finditer(text):
            yield kind, *match.span()
    for match in NUMERIC_DATE.finditer(text):
        if _is_date(match):
            yield Detail.DATE, *match.span()
    for match in TITLED.finditer(text):
        if _is_titled(match):
            yield Detail.TITLE_AND_NAME, *match.span()


def _named(text: str, *, names: Collection[str]) -> Iterator[tuple[Detail, int, int]]:
    """Find names of people; the parts of one name make one hit."""
    wanted = _name_words(names)
    start = end = 0
    for match in WORD.finditer(text) if wanted else ():
        if not _is_name(match.group(), wanted):
            continue
        if end and text[end : match.start()] in JOINS:
            end = match.end()
            continue
        if end:
            yield Detail.COLLEAGUE, start, end
        start, end = match.span()
    if end:
        yield Detail.COLLEAGUE, start, end


def _is_name(word: str, wanted: frozenset[str]) -> bool:
    if len(word) > LONGEST_NAME:
        return False
    plain = _fold(word)
    if plain not in wanted:
        return False
    return word[0].isupper() or (len(plain) > SHORT_NAME and plain not in NAMES_AND_WORDS)


def _name_words(names: Collection[str]) -> frozenset[str]:
    words = {
        _fold(word) for name in names for word in WORD.findall(_composed(name.partition(",")[0]))
    }
    return frozenset(word for word in words if len(word) > INITIAL) - NOT_NAMES


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _fold(word: str) -> str:
    """Leave out accents and case, as people do when they type."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _is_date(match: re.Match[str]) -> bool:
    """Tell what :data:`NUMERIC_DATE` found from a version, a range or a fraction.

    Without a year "3/14" and "10/12" are read as dates; "1/2", "24/7" and "4.5" are not.
    """
    first, mark, second, third = match.groups()
    one, two = int(first), int(second)
    if third is None:
        telling = max(one, two) > MONTHS or len(first) == len(second) == TWO_DIGITS
        return mark == "/" and telling and (one, two) != (24, 7) and _day_and_month(one, two)
    if len(first) > TWO_DIGITS:
        return one in YEARS and 1 <= two <= MONTHS and 1 <= int(third) <= DAYS
    return (len(third) == TWO_DIGITS or int(third) in YEARS) and _day_and_month(one, two)


def _is_titled(match: re.Match[str]) -> bool:
    """Tell "Mr. H" and "Dr. Okafor" from "Nurse Manager" and "miss the point"."""
    title, name = match.groups()
    if title.casefold() in ALWAYS_TITLES:
        return True
    return title[0].isupper() and name[0].isupper() and name.casefold() not in NO_SURNAMES


def _day_and_month(one: int, two: int) -> bool:
    return 1 <= min(one, two) <= MONTHS and max(one, two) <= DAYS
