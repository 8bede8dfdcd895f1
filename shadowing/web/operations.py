"""Whether the process is up and whether it can answer, for whoever watches over it."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from shadowing.services import operations
from shadowing.web.session import public, work

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process is up; nothing is asked of the database."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether pages can be answered, and if not, why not."""
    checks = operations.readiness(work())
    reasons = [f"{check.name}: {check.fault}" for check in checks if check.fault]
    if reasons:
        return jsonify(status="not ready", reasons=reasons), 503
    return jsonify(status="ok")
