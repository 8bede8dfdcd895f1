"""The roof: one web application out of settings, database, clock, pages and API."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from shadowing.config import Settings, folder, load
from shadowing.domain.accounts import Lasting
from shadowing.services.work import Clock, Work, clock_from, epoch_seconds, wall_clock
from shadowing.store.engine import make_engine
from shadowing.web import (
    acting,
    allowances,
    calendar,
    diary,
    messages,
    operations,
    participation,
    programs,
    replies,
    sheets,
)
from shadowing.web import help as guide
from shadowing.web.accounts import entering, profile
from shadowing.web.api import changes as api_changes
from shadowing.web.api import commitments as api_commitments
from shadowing.web.api import exceptions as api_exceptions
from shadowing.web.api import people as api_people
from shadowing.web.api import shifts as api
from shadowing.web.api import talks as api_talks
from shadowing.web.availability import hosting
from shadowing.web.availability import pages as availability
from shadowing.web.clearance import choices as requirement_choices
from shadowing.web.clearance import own as requirements
from shadowing.web.clearance import people as requirement_people
from shadowing.web.clearance import queue as requirement_queue
from shadowing.web.clearance import rules as requirement_rules
from shadowing.web.cohort import pages as cohort
from shadowing.web.errors import answer_errors
from shadowing.web.find import asking, search, wishes
from shadowing.web.followup import commitments, reflections
from shadowing.web.headers import set_headers
from shadowing.web.home import pages as home
from shadowing.web.inviting import pages as inviting
from shadowing.web.meetings import pages as meetings
from shadowing.web.pages import dress
from shadowing.web.people import importing as people_import
from shadowing.web.people import pages as people
from shadowing.web.phone import pages as phone
from shadowing.web.session import Ground, check_door, open_door
from shadowing.web.shifts import (
    afterwards,
    day,
    hours,
    lists,
    moves,
    moving,
    passes,
    show,
    swapping,
    talking,
    ticks,
)
from shadowing.web.units import pages as units

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    entering.bp,
    profile.bp,
    home.bp,
    search.bp,
    asking.bp,
    wishes.bp,
    show.bp,
    moves.bp,
    moving.bp,
    hours.bp,
    talking.bp,
    swapping.bp,
    day.bp,
    passes.bp,
    afterwards.bp,
    ticks.bp,
    lists.bp,
    availability.bp,
    hosting.bp,
    diary.bp,
    meetings.bp,
    cohort.bp,
    inviting.bp,
    reflections.bp,
    commitments.bp,
    requirement_queue.bp,
    requirement_people.bp,
    requirement_choices.bp,
    requirement_rules.bp,
    requirements.bp,
    participation.bp,
    allowances.bp,
    acting.bp,
    calendar.bp,
    programs.bp,
    units.bp,
    people.bp,
    people_import.bp,
    guide.bp,
    operations.bp,
    messages.bp,
    replies.bp,
    phone.bp,
    sheets.bp,
)
"""Pages for people."""
TOKEN_ONLY: Final[tuple[Blueprint, ...]] = (
    api.bp,
    api_changes.bp,
    api_commitments.bp,
    api_exceptions.bp,
    api_people.bp,
    api_talks.bp,
)
"""Answers for programs: no cookie counts there, so no form can be forged."""

LOOPBACK: Final = ("127.0.0.1", "localhost")
LARGEST_BODY: Final = 1024 * 1024


def create_app(settings: Settings | None = None, *, work: Work | None = None) -> Flask:
    """Build the application.

    Args:
        settings: What it was told; read from file and environment unless given.
        work: Its database and clock; made from the settings unless given.

    Raises:
        BadSettings: With every fault of the settings.
        LookupError: A view does not say who may see it.
    """
    told = settings or load()
    app = Flask(
        "shadowing",
        template_folder=str(folder("templates")),
        static_folder=str(folder("static")),
        static_url_path="/static",
        instance_path=str(told.instance),
    )
    _configure(app, told)
    open_door(app, _ground(told, work or make_work(told)))
    protection = CSRFProtect(app)
    answer_errors(app)
    set_headers(app, base_url=told.base_url)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in TOKEN_ONLY:
        app.register_blueprint(protection.exempt(blueprint))
    dress(app)
    check_door(app)
    if told.trusted_proxies:
        near = told.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=near, x_proto=near)  # type: ignore[method-assign] # Flask's own way
    return app


def make_work(settings: Settings) -> Work:
    """Open the database of *settings*, with their clock."""
    return Work(
        make_engine(settings.database_url),
        clock=clock_of(settings),
        domain=settings.mail_domain,
    )


def clock_of(settings: Settings) -> Clock:
    """Return the clock of *settings*; one that was set is the same in every process of a server."""
    if settings.clock is None:
        return wall_clock
    since = settings.clock_since
    return clock_from(settings.clock, since=epoch_seconds() if since is None else since)


def _ground(settings: Settings, work: Work) -> Ground:
    return Ground(
        work=work,
        demo=settings.demo,
        base_url=settings.base_url,
        ics_hosts=settings.ics_allowed_hosts,
        lasting=Lasting(
            idle=timedelta(minutes=settings.session_idle_minutes),
            longest=timedelta(hours=settings.session_hours),
        ),
        texts=bool(settings.sms_url),
    )


def _configure(app: Flask, settings: Settings) -> None:
    own = urlsplit(settings.base_url).hostname or ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # A name with this beginning is taken from nobody but this very host, over TLS.
        SESSION_COOKIE_NAME="__Host-shadowing" if settings.https else "shadowing",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        TRUSTED_HOSTS=[own, *settings.trusted_hosts, *LOOPBACK],
        # As long as the session: a page that stays open for an hour can still be sent.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
    )
