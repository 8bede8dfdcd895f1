"""Refusals: what the product will not do, with the facts of it and the field each concerns.

A refusal carries facts as attributes and no prose; the edge (``web.forms``, the API, the command
line) gives it words. ``code`` is stable: it is what the API answers and what reasons are listed by.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Something the product will not do.

    Attributes:
        code: Stable name, snake case; a ``reason`` in the API.
        field: The form field it concerns, or an empty string.
        facts: What the sentence at the edge may fill in.
    """

    code: ClassVar[str] = "refused"
    field: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        """Keep *facts* for whoever words the refusal."""
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(Refusal):
    """No such thing, or none that this person may know of (P1: both look the same)."""

    code = "not_found"


class NotAllowed(NotFound):
    """The person may not do this; told as "not found" wherever knowing would reveal (P1)."""

    code = "not_allowed"


class NotSignedIn(Refusal):
    """Nobody is signed in."""

    code = "not_signed_in"


class BadValue(Refusal):
    """A value that cannot be; fact ``field`` names it and ``problem`` is a code.

    Raised where shape is checked below the forms (API bodies, files).
    """

    code = "bad_value"


class Stale(Refusal):
    """The thing changed since the person looked at it."""

    code = "stale"
