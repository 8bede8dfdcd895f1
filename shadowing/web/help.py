"""How shadowing works, what is kept about people, and how the pages can be used by everybody."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.web.session import public

bp = Blueprint("help", __name__)

KEPT: Final = (
    ("Training, confidentiality, agreements", "6 years"),
    ("Who took part, when and for how long", "6 years after the cycle"),
    ("What was done in the product, by whom (no text)", "6 years"),
    (
        "What you wrote about a shift",
        "Until you delete it, at the latest 24 months after the cycle",
    ),
    ("Promises", "36 months, then the names of host and visitor are removed"),
    ("A host’s no or cancel, pauses, requests that came to nothing", "90 days"),
    ("Invites, sign-in links, the text of emails", "30 days after they end"),
    ("When you leave", "Access, sessions and calendar addresses end the same day"),
)
"""Source: docs/rules.md, section 8.3."""


@bp.get("/help")
@public
def rules() -> ResponseReturnValue:
    """Say how shadowing works, for each role, and what visitors agree to."""
    card: Any = reference.load().card
    return render_template("help/rules.html", card=card)


@bp.get("/help/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept about people, who sees it, and how long."""
    return render_template("help/privacy.html", kept=KEPT)


@bp.get("/help/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say how the pages can be used, and whom to tell when they cannot."""
    return render_template("help/accessibility.html")
