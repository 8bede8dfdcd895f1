"""What is answered when something is refused or broke: a page for people, a problem for programs.

A page that may not be seen and one that does not exist look the same. Nothing is said of what
broke but a number to ask by, under which the log has the rest.
"""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, SecurityError

from shadowing.domain.errors import NotSignedIn, Refusal
from shadowing.logs import FACTS, OURS
from shadowing.web.api import answers
from shadowing.web.sentences import sentence, status_of
from shadowing.web.session import is_api, now, zone

RETRY_SECONDS: Final = 5
PAGES: Final = {
    404: "errors/404.html",
    405: "errors/404.html",
    409: "errors/409.html",
    413: "errors/413.html",
    422: "errors/409.html",
    429: "errors/429.html",
    503: "errors/503.html",
}


def answer_errors(app: Flask) -> None:
    """Have *app* answer everything that goes wrong."""
    app.register_error_handler(NotSignedIn, _sign_in)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def reference() -> str:
    """Return the number of this request, by which the log can be asked."""
    if "reference" not in g:
        g.reference = secrets.token_hex(5)
    return str(g.reference)


def _sign_in(refusal: NotSignedIn) -> ResponseReturnValue:
    """Ask people to sign in and bring them back; tell programs that they have to show a token."""
    if is_api():
        return answers.respond(*answers.problem(refusal))
    path = request.full_path.rstrip("?") if request.method == "GET" else "/"
    door = url_for("accounts.sign_in", next=path) if path != "/" else url_for("accounts.sign_in")
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": door})
    return redirect(door, 303)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    status = status_of(refusal)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.broken = True
    if is_api():
        answer = answers.respond(*answers.problem(refusal))
    else:
        answer = _page(status, message=_words(refusal), wait=_wait(refusal))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    if minutes := refusal.facts.get("minutes"):
        answer.headers["Retry-After"] = str(60 * int(str(minutes)))
    return answer


def _words(refusal: Refusal) -> str:
    return "" if g.get("broken") else sentence(refusal, zone(), at=now())


def _wait(refusal: Refusal) -> str:
    minutes = refusal.facts.get("minutes")
    return f"{minutes} minute{'s' * (minutes != 1)}" if minutes else ""


def _forged(_error: CSRFError) -> ResponseReturnValue:
    """Tell people that their page is too old: that is all an honest one sees of it."""
    return Response(render_template("errors/403.html"), 400)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    if isinstance(error, SecurityError):
        # Asked for under a name that is not ours: no page of ours can be addressed from there.
        return Response("This is not served here.\n", 400, mimetype="text/plain")
    status = error.code or 500
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _broken(error)
    answer = answers.respond(*answers.http_problem(error)) if is_api() else _page(status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _broken(error: Exception) -> ResponseReturnValue:
    """Log where it broke, never what was said; give people the number of it."""
    g.broken = True
    logging.getLogger(OURS).error(
        "broken",
        exc_info=error,
        extra={FACTS: {"request": reference()}},
    )
    if is_api():
        told = answers.http_problem(InternalServerError("Something broke on our side."))
        return answers.respond(told[0], {**told[1], "reference": reference()})
    return _page(500)


def _page(status: int, *, message: str = "", wait: str = "") -> Response:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        name = PAGES.get(status, "errors/500.html")
        return current_app.make_response((render_template(name, reference=reference()), status))
    name = PAGES.get(status, "errors/403.html")
    try:
        words = render_template(name, message=message, wait=wait)
    except Refusal as refusal:
        # The page asks who looks, and the database that knows may be what is in trouble.
        if g.get("broken"):
            raise
        g.broken = True
        return current_app.make_response(_refused(refusal))
    return current_app.make_response((words, status))
