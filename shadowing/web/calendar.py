"""The address a calendar subscribes to: no cookie, no sign-in, only its token (rule N1)."""

from __future__ import annotations

import gzip
from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date

from shadowing.services import calendar
from shadowing.web.session import ground, public, work

KEPT_FOR: Final = "private, max-age=900"
FILE: Final = 'inline; filename="shadowing.ics"'
WORTH_PACKING: Final = 1024

bp = Blueprint("calendar", __name__)


@bp.get("/calendar/<string:token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Publish one person's calendar, or say that nothing changed.

    Whatever the request accepts, it is answered text/calendar: some calendars do not say.
    """
    found = calendar.feed(work(), token=token, base_url=ground().base_url)
    packed = len(found.data) >= WORTH_PACKING and request.accept_encodings.quality("gzip") > 0
    # The packed bytes are others, so a strong tag of theirs is another (RFC 9110, 8.8.3.3).
    tag = found.etag.strip('"') + ("-gzip" if packed else "")
    answer = Response(status=304) if _known(tag) else _whole(found.data, packed=packed)
    answer.set_etag(tag)
    answer.headers["Last-Modified"] = http_date(found.changed_at)
    answer.headers["Cache-Control"] = KEPT_FOR
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _known(tag: str) -> bool:
    return request.if_none_match.contains_weak(tag)


def _whole(data: bytes, *, packed: bool) -> Response:
    answer = Response(gzip.compress(data, mtime=0) if packed else data)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = FILE
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
