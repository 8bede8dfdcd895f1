"""The kinds of fields a form is made of, each with its own checks and sentences.

No NUL, no half characters, no endless text, no number beyond what a database keeps: a field that
is fine holds a value that can be used anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

import wtforms
from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from shadowing.web.session import today
from shadowing.web.typed import read_day, read_time

MOST_TEXT: Final = 10_000
MOST_NUMBER: Final = 2_147_483_647
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EMAIL: Final = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+")
_LONGEST_EMAIL: Final = 254
Choices = Iterable[tuple[object, str]]


def trouble_with(text: str, *, most: int = MOST_TEXT) -> str:
    """Say what is wrong with a piece of text; empty where nothing is."""
    if _CONTROL.search(text):
        return "Take out the characters that cannot be printed."
    if len(text) > most:
        return f"Shorten this to {most:,} characters. It has {len(text):,}."
    return ""


def sweep(field: Field) -> bool:
    """Refuse what no field may hold, whatever its kind; say whether there was any.

    What was typed stays, but for the characters that no page can show.
    """
    sent = [text for text in field.raw_data or () if isinstance(text, str)]
    said = next((words for text in sent if (words := trouble_with(text))), "")
    if not said and isinstance(field.data, int) and abs(field.data) > MOST_NUMBER:
        said = "Enter a smaller number."
    if isinstance(field.data, str):
        # What cannot be shown is not shown again; the rest of what was typed is.
        field.data = _CONTROL.sub("", field.data)
    if sent:
        # Days and times are shown again as they were typed.
        field.raw_data = [_CONTROL.sub("", text) for text in sent]
    if not said or field.errors:
        return bool(said)
    field.errors = [said]
    return True


class Needed:
    """Ends the checks of an empty field: with a sentence, or in peace where it may be empty."""

    def __init__(self, words: str) -> None:
        """Say *words* when nothing was given; empty words mean that it may be left out."""
        self.words = words
        self.field_flags = {"required": True} if words else {}

    def __call__(self, _form: object, field: Field) -> None:
        """Stop where there is nothing to check."""
        if any(isinstance(text, str) and text.strip() for text in field.raw_data or ()):
            return
        field.errors = []
        raise StopValidation(self.words)


class Length:
    """No more characters than there is room for."""

    def __init__(self, most: int) -> None:
        """Allow *most* characters."""
        self.most = most

    def __call__(self, _form: object, field: Field) -> None:
        """Refuse more."""
        if said := trouble_with(field.data or "", most=self.most):
            raise ValidationError(said)


def tidy(text: str | None) -> str:
    """Bring what was typed into one form: composed letters, plain line ends, no blanks around."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain).strip() if not _CONTROL.search(plain) else plain


def one_line(text: str | None) -> str:
    """The same on a single line."""
    plain = tidy(text)
    return plain if _CONTROL.search(plain) else " ".join(plain.split())


class LineField(wtforms.StringField):
    """One line of text; its data is always text, perhaps empty."""

    def __init__(self, label: str, *, needed: str = "", most: int = 120, **more: Any) -> None:  # noqa: ANN401
        """Ask for a line of at most *most* characters; *needed* is said where it is missing."""
        super().__init__(label, [Needed(needed), Length(most)], filters=[one_line], **more)


class AreaField(wtforms.TextAreaField):
    """Some lines of text; its data is always text, perhaps empty."""

    def __init__(self, label: str, *, needed: str = "", most: int = 2000, **more: Any) -> None:  # noqa: ANN401
        """Ask for at most *most* characters; *needed* is said where they are missing."""
        super().__init__(label, [Needed(needed), Length(most)], filters=[tidy], **more)


class EmailField(wtforms.EmailField):
    """An e-mail address."""

    def __init__(self, label: str, *, needed: str, **more: Any) -> None:  # noqa: ANN401
        """Ask for an address; *needed* is said where it is missing."""
        checks = [Needed(needed), Length(_LONGEST_EMAIL), _address]
        super().__init__(label, checks, filters=[one_line], **more)


def _address(_form: object, field: Field) -> None:
    if not _EMAIL.fullmatch(field.data or ""):
        raise ValidationError("Enter an email address, like name@example.org.")


class PasswordField(wtforms.PasswordField):
    """A password, exactly as it was typed; never shown again."""

    def __init__(self, label: str, *, needed: str, **more: Any) -> None:  # noqa: ANN401
        """Ask for a password; *needed* is said where it is missing."""
        super().__init__(label, [Needed(needed)], **more)


class WholeField(wtforms.IntegerField):
    """A whole number within bounds, or nothing."""

    def __init__(self, label: str, *, low: int, high: int, needed: str = "", **more: Any) -> None:  # noqa: ANN401
        """Ask for a number from *low* to *high*."""
        self.low, self.high = low, high
        super().__init__(label, [Needed(needed)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read plain digits, perhaps with a sign."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if re.fullmatch(r"[+-]?[0-9]{1,10}", text) and self.low <= int(text) <= self.high:
            self.data = int(text)
        else:
            raise ValueError(f"Enter a whole number from {self.low} to {self.high}.")


class IdField(wtforms.HiddenField):
    """The id of a thing, carried along unseen."""

    data: Any

    def __init__(self, label: str = "", *, needed: str = "", **more: Any) -> None:  # noqa: ANN401
        """Carry an id; *needed* is said where it is missing."""
        super().__init__(label, [Needed(needed)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the id."""
        text = valuelist[0].strip() if valuelist else ""
        try:
            self.data = UUID(text) if text else None
        except ValueError:
            self.data = None
            raise ValueError("Choose again: this one is not known.") from None


def offered(choices: Choices) -> list[Any]:
    """Turn pairs of value and words into what a field offers, for its ``choices``."""
    return [SelectChoice(value, words) for value, words in choices]


class _Chosen:
    """What fields with choices have in common: a choice that is none gets a sentence."""

    needed: str
    words: str = "Choose one of these."

    def pre_validate(self, _form: object) -> None:
        """Refuse what is not among the choices; nothing is for ``Needed`` to judge."""
        field: Any = self
        if not any(text.strip() for text in field.raw_data or () if isinstance(text, str)):
            raise StopValidation(self.needed)
        known = {str(choice[0]) for choice in field.iter_choices()}
        if any(text not in known for text in field.raw_data):
            raise StopValidation(self.words)


def _coerced(coerce: Callable[[Any], object]) -> Callable[[Any], object]:
    """Read a choice; what cannot be read is no choice, and never an error."""

    def read(text: object) -> object:
        if text is None or text == "":
            return None
        try:
            return coerce(text)
        except (ValueError, KeyError, TypeError):
            return str(text)

    return read


class ChoiceField(_Chosen, wtforms.RadioField):
    """One of a few, all in sight."""

    def __init__(
        self,
        label: str,
        *,
        choices: Choices = (),
        needed: str = "",
        coerce: Callable[[Any], object] = str,
        **more: Any,  # noqa: ANN401
    ) -> None:
        """Ask for one of *choices* (value, words); *needed* is said where none is chosen."""
        self.needed = needed
        super().__init__(label, coerce=_coerced(coerce), choices=offered(choices), **more)


class MenuField(_Chosen, wtforms.SelectField):
    """One of many, in a menu."""

    def __init__(
        self,
        label: str,
        *,
        choices: Choices = (),
        needed: str = "",
        coerce: Callable[[Any], object] = str,
        **more: Any,  # noqa: ANN401
    ) -> None:
        """Ask for one of *choices* (value, words); *needed* is said where none is chosen."""
        self.needed = needed
        super().__init__(label, coerce=_coerced(coerce), choices=offered(choices), **more)


class ManyField(_Chosen, wtforms.SelectMultipleField):
    """Any of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self,
        label: str,
        *,
        choices: Choices = (),
        needed: str = "",
        coerce: Callable[[Any], object] = str,
        **more: Any,  # noqa: ANN401
    ) -> None:
        """Ask for any of *choices* (value, words); *needed* is said where none is chosen."""
        self.needed = needed
        super().__init__(label, coerce=_coerced(coerce), choices=offered(choices), **more)


class TickField(wtforms.BooleanField):
    """One box to tick."""

    def __init__(self, label: str, *, needed: str = "", **more: Any) -> None:  # noqa: ANN401
        """Ask for a tick; *needed* is said where it has to be there and is not."""
        super().__init__(label, [_ticked(needed)] if needed else [], **more)


def _ticked(words: str) -> Callable[[object, Field], None]:
    def check(_form: object, field: Field) -> None:
        if not field.data:
            raise StopValidation(words)

    return check


class DayField(wtforms.DateField):
    """A day, as a browser's own calendar gives it or as people write it: "Mar 12"."""

    def __init__(self, label: str, *, needed: str = "", **more: Any) -> None:  # noqa: ANN401
        """Ask for a day; *needed* is said where it is missing."""
        super().__init__(label, [Needed(needed)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; one without a year is the next such day."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = read_day(text, today=today())


class TimeField(wtforms.TimeField):
    """A time of day, as a browser's own clock gives it or as people write it: "2:30 pm"."""

    def __init__(self, label: str, *, needed: str = "", **more: Any) -> None:  # noqa: ANN401
        """Ask for a time; *needed* is said where it is missing."""
        super().__init__(label, [Needed(needed)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time, to the minute."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = read_time(text)
