"""The pass of a visitor: on a screen, on paper, and its check that is open to everybody (C10)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_long, time_range, zone_words
from shadowing.adapters.qr import draw
from shadowing.domain.bookings.passes import read, spelled
from shadowing.domain.clearance.evidence import Effect
from shadowing.domain.policy import Action
from shadowing.services.bookings import passes
from shadowing.services.bookings.passes import Pass
from shadowing.web.fields import LineField
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, caller, ground, needs, public, today, work

bp = Blueprint("passes", __name__)

LONGEST_CODE: Final = 40
ROOMS: Final = {
    Effect.BLOCK_ROOM: "Stays out of airborne isolation rooms.",
    Effect.MASK: "Wears a mask in patient areas.",
}
CONDUCT: Final = (
    "Hands off: no touching, no helping with care.",
    "No advice, and no charting.",
    "No photos, and no phone.",
    "Stays with the host. Steps out when asked, and nobody gives a reason.",
)
"""Source: docs/rules.md, rules D7 and D9."""


class CodeForm(HouseForm):
    """The code of a pass, as it is read from paper."""

    code = LineField("Code on the pass", needed="Enter the code on the pass.", most=LONGEST_CODE)


@bp.get("/shifts/<uuid:shift_id>/pass")
@needs(Action.PASS_SEE)
def show(shift_id: UUID) -> ResponseReturnValue:
    """Show a pass, made to be printed."""
    kept = passes.show(work(), actor(), shift_id=shift_id)
    address = ground().base_url + url_for(".check", code=kept.code)
    return render_template("passes/show.html", **_told(kept), address=address, qr=draw(address))


def _told(kept: Pass) -> dict[str, object]:
    """Put a pass into words."""
    return {
        "kept": kept,
        "day": day_long(kept.starts_at, kept.zone, today=today()),
        "hours": time_range(kept.starts_at, kept.ends_at, kept.zone),
        "zone_words": zone_words(kept.zone, kept.starts_at),
        "code": spelled(kept.code),
        "conduct": CONDUCT,
        "rooms": tuple(ROOMS[effect] for effect in kept.manners.rooms),
    }


@bp.get("/passes")
@public
def ask() -> ResponseReturnValue:
    """Ask for the code of a pass, and lead to its answer."""
    form = CodeForm(request.args, meta={"csrf": False})
    if "code" not in request.args:
        form = CodeForm(formdata=None, meta={"csrf": False})
    elif form.validate() and read(form.code.data or ""):
        return redirect(url_for(".check", code=read(form.code.data or "")), 303)
    elif not form.errors:
        form.code.errors = ["Enter the code on the pass."]
    return render_template("passes/ask.html", form=form), 422 if form.errors else 200


@bp.get(f"/passes/<string(maxlength={LONGEST_CODE}):code>")
@public
def check(code: str) -> ResponseReturnValue:
    """Say whether a pass is valid or void, and nothing else."""
    good = passes.check(work(), code=code, address=caller().address)
    return render_template("passes/check.html", good=good, code=spelled(read(code)))
