"""What goes with every answer: the content policy, what may be kept where, a line in the log."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from flask import Flask, Response, current_app, g, request

from shadowing.logs import note
from shadowing.web.errors import reference
from shadowing.web.session import found

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A form on https is believed by its Referer, so it is sent to ourselves alone.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOT_NOTED: Final = frozenset({"static", "day.pause", "day.resume", "day.patients"})
"""Of a pause and of patients a number is kept and nothing else: a line would say when (D6, D8)."""
HTTPS_ONLY: Final = "max-age=31536000; includeSubDomains"
FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
FOR_AN_HOUR: Final = "public, max-age=3600"
NEVER: Final = "no-store"


def set_headers(app: Flask, *, base_url: str) -> None:
    """Have *app*, which people reach at *base_url*, send them with every answer of any kind."""
    https = base_url.startswith("https://")

    def guard(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        if https:
            answer.headers["Strict-Transport-Security"] = HTTPS_ONLY
        if request.endpoint == "static" and answer.status_code < 400:  # noqa: PLR2004
            answer.headers["Cache-Control"] = FOR_A_YEAR if "v" in request.args else FOR_AN_HOUR
        else:
            answer.headers.setdefault("Cache-Control", NEVER)
        answer.headers["X-Request-Id"] = reference()
        return answer

    app.before_request(_begin)
    app.after_request(guard)
    app.after_request(_log)
    app.url_defaults(_versioned)


def _begin() -> None:
    g.began = perf_counter()


def _log(answer: Response) -> Response:
    """Write one line: which page by its rule, ids but no words and no tokens."""
    if request.endpoint not in NOT_NOTED:
        who = None if g.get("broken") else _known()
        took = perf_counter() - g.get("began", perf_counter())
        ids = {k: str(v) for k, v in (request.view_args or {}).items() if isinstance(v, UUID)}
        note(
            "request",
            request=reference(),
            method=request.method,
            page=str(request.url_rule or "-"),
            status=answer.status_code,
            ms=round(took * 1000, 1),
            address=request.remote_addr or "",
            **({"person": who} if who else {}),
            **({"ids": ids} if ids else {}),
        )
    return answer


def _known() -> str:
    """Name who was let in, without asking the database again."""
    if "bearer" in g:
        return str(g.bearer.person_id)
    if "_login_user" not in g:
        return ""
    who = found()
    return str(who.actor.person_id) if who else ""


def _versioned(endpoint: str, values: dict[str, Any]) -> None:
    """Let the address of a static file change with its bytes, so that it may be kept for long."""
    if endpoint == "static" and "v" not in values and "filename" in values:
        version = _version(Path(current_app.static_folder or "") / values["filename"])
        if version:
            values["v"] = version


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
