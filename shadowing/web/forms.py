"""The base of every form: shape is checked here, truth by the services.

Whatever arrives is swept before it goes anywhere, so that no input breaks a page; each gets a
sentence at its field, with what was typed still in it. The kinds of fields are in ``fields``.
"""

from __future__ import annotations

from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm

from shadowing.domain.errors import NotFound, Refusal
from shadowing.web.fields import sweep
from shadowing.web.sentences import field_of, sentence, status_of
from shadowing.web.session import now, zone

WAIT: Final = (429, 503)
"""Statuses that say "the same again, later"."""


class Mending:
    """Catches a refusal for a form to show; what is not there stays not found."""

    def __init__(self, form: HouseForm) -> None:
        """Know the form that asks."""
        self._form = form

    def __enter__(self) -> None:
        """Begin to try."""

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        """Show why it was refused, and go on behind the block."""
        if not isinstance(error, Refusal) or isinstance(error, NotFound):
            return False
        self._form.refuse(error)
        return True


class HouseForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A form that asks for no data itself and keeps whatever was typed."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Reads only what a form sends: neither JSON nor files."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:  # noqa: ANN401 - Flask-WTF's own
            """Take the body of a POST; what is given by hand (``request.args``) as it is."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return request.form if form.is_submitted() else None

    _wait = 0
    clock = ""
    """On whose clock a refusal tells its instants, where that is not the reader's own."""

    def submitted(self) -> bool:
        """Say whether it was sent and every field has a shape that can be used."""
        return bool(self.is_submitted() and self.validate())

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own
        """Check every field by its own rules, then sweep all that was sent."""
        fine = super().validate(extra_validators)
        swept = [sweep(field) for field in self]
        return bool(fine and not any(swept))

    def mending(self) -> Mending:
        """Try what was asked, in a ``with``; what is refused is shown on the form."""
        return Mending(self)

    def refuse(self, refusal: Refusal) -> None:
        """Show why it was refused: at the field it concerns, or on top of the form."""
        said = sentence(refusal, self.clock or zone(), at=now())
        self._wait = status_of(refusal) if status_of(refusal) in WAIT else 0
        name = field_of(refusal)
        if name in self:
            field = self[name]
            field.errors = [*field.errors, said]
        else:
            self.form_errors.append(said)

    @property
    def status(self) -> int:
        """The status to answer with: 422 when something has to be mended, 429 or 503 to wait."""
        return self._wait or (422 if self.errors else 200)
