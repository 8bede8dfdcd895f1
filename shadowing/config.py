"""Settings: defaults, then ``instance/settings.toml``, then the environment (``SHADOWING_*``).

They are read once at start, and every fault is named at once. Read by ``app``, ``worker`` and
``cli`` alone; the floors below are given what they need.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shadowing.adapters.mail.message import checked_address
from shadowing.adapters.mail.transport import check_mail_url
from shadowing.adapters.mailbox import check_imap_url
from shadowing.adapters.texts import check_sms_url

PREFIX: Final = "SHADOWING_"
PRODUCTION: Final = "production"
DEMO: Final = "demo"
LEAST_SECRET: Final = 32
SECRET_FILE: Final = "secret-key"  # noqa: S105 - the name of a file
SETTINGS_FILE: Final = "settings.toml"
DATABASES: Final = ("sqlite", "postgresql+psycopg")
HOST_AND_PORT: Final = re.compile(r"[a-z0-9.:-]+:[1-9][0-9]{0,4}")
SINGLE_SIGN_ON: Final = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")

DEFAULTS: Final[Mapping[str, str]] = {
    "DATABASE_URL": "",
    "ENV": PRODUCTION,
    "SECRET_KEY": "",
    "BASE_URL": "http://127.0.0.1:8000",
    "MAIL_URL": "",
    "MAIL_FROM": "shadowing@localhost",
    "MAIL_RELAY": "",
    "IMAP_URL": "",
    "SMS_URL": "",
    "CLOCK": "",
    "OIDC_ISSUER": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "TRUSTED_HOSTS": "",
    "TRUSTED_PROXIES": "0",
    "ICS_ALLOWED_HOSTS": "",
    "SESSION_IDLE_MINUTES": "30",
    "SESSION_HOURS": "12",
}
"""Every setting by name; an empty one is unset or made up at start."""

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "TRUSTED_PROXIES": (0, 5),
    "SESSION_IDLE_MINUTES": (1, 24 * 60),
    "SESSION_HOURS": (1, 7 * 24),
}
OUTSIDE: Final = ("INSTANCE", "CLOCK_SINCE")
"""Known in the environment alone: where ``instance/`` is, and what ``serve`` tells its children."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program was told; made by :func:`load`, or by hand in a test.

    Attributes:
        instance: The folder of what belongs to this installation.
        mail_relay: The name under which our own relay says whether a sender is who it says.
        clock: Where the clock starts, if it is not the machine's own.
        clock_since: Epoch second at which it started there, so that processes share one clock.
        trusted_hosts: Names under which pages may be asked for, besides that of ``base_url``.
        ics_allowed_hosts: ``host:port`` of calendars in our own network, or without TLS.
        trusted_proxies: How many proxies in front may say who the client is.
    """

    database_url: str
    secret_key: str = field(repr=False)
    instance: Path
    env: str = PRODUCTION
    base_url: str = DEFAULTS["BASE_URL"]
    mail_url: str = field(default="file:instance/mail", repr=False)
    mail_from: str = DEFAULTS["MAIL_FROM"]
    mail_relay: str = ""
    imap_url: str = field(default="", repr=False)
    sms_url: str = field(default="", repr=False)
    clock: datetime | None = None
    clock_since: float | None = None
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    ics_allowed_hosts: tuple[str, ...] = ()
    session_idle_minutes: int = 30
    session_hours: int = 12

    @property
    def demo(self) -> bool:
        """Whether the conveniences of a demo are there."""
        return self.env == DEMO

    @property
    def home(self) -> Path:
        """The folder around ``instance/``; a relative MAIL_URL starts here."""
        return self.instance.parent

    @property
    def mail_domain(self) -> str:
        """What the ids of messages and calendar events end in: the domain of ``mail_from``."""
        return self.mail_from.rpartition("@")[2]

    @property
    def https(self) -> bool:
        """Whether people reach the pages over TLS."""
        return urlsplit(self.base_url).scheme == "https"


class BadSettings(Exception):
    """The settings cannot be used; ``faults`` names each of them."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep *faults*, one sentence each."""
        super().__init__(" ".join(faults))
        self.faults = faults


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read, check and give back the settings; the first start makes ``instance/`` and its secret.

    Raises:
        BadSettings: With every fault there is.
    """
    told = os.environ if environment is None else environment
    instance = Path(told.get(f"{PREFIX}INSTANCE", "instance")).absolute()
    faults: list[str] = []
    values = {**DEFAULTS, **_from_file(instance, faults), **_from_environment(told, faults)}
    _check_words(values, faults)
    numbers = {name: _number(name, values[name], faults) for name in BOUNDS}
    clock = _clock(values, faults)
    since = _since(told, faults)
    if values["ENV"] == PRODUCTION:
        _check_production(values, instance, faults)
    if faults:
        raise BadSettings(tuple(faults))
    return Settings(
        database_url=values["DATABASE_URL"] or f"sqlite:///{instance / 'shadowing.sqlite3'}",
        secret_key=values["SECRET_KEY"] or _kept_secret(instance),
        instance=instance,
        env=values["ENV"],
        base_url=values["BASE_URL"].rstrip("/"),
        mail_url=values["MAIL_URL"] or f"file:{instance / 'mail'}",
        mail_from=values["MAIL_FROM"],
        mail_relay=values["MAIL_RELAY"],
        imap_url=values["IMAP_URL"],
        sms_url=values["SMS_URL"]
        or (f"file:{instance / 'texts'}" if values["ENV"] == DEMO else ""),
        clock=clock,
        clock_since=since,
        trusted_hosts=tuple(_listed(values["TRUSTED_HOSTS"])),
        trusted_proxies=numbers["TRUSTED_PROXIES"],
        ics_allowed_hosts=tuple(_listed(values["ICS_ALLOWED_HOSTS"])),
        session_idle_minutes=numbers["SESSION_IDLE_MINUTES"],
        session_hours=numbers["SESSION_HOURS"],
    )


def folder(name: str) -> Path:
    """Find a folder that lies inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def _from_file(instance: Path, faults: list[str]) -> dict[str, str]:
    path = instance / SETTINGS_FILE
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        faults.append(f"{path}: it cannot be read as TOML ({error}).")
        return {}
    named = {name.upper(): value for name, value in raw.items()}
    for name, value in named.items():
        if name not in DEFAULTS:
            faults.append(f"{name} in {SETTINGS_FILE}: there is no such setting.")
        elif isinstance(value, bool | float | list | dict):
            faults.append(f'{name} in {SETTINGS_FILE}: write it as text, {name} = "…".')
    plain = {name: value for name, value in named.items() if name in DEFAULTS}
    return {n: v.isoformat() if isinstance(v, datetime) else str(v) for n, v in plain.items()}


def _from_environment(told: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    ours = {n.removeprefix(PREFIX): v for n, v in told.items() if n.startswith(PREFIX)}
    faults += [
        f"{PREFIX}{name}: there is no such setting."
        for name in sorted(ours)
        if name not in DEFAULTS and name not in OUTSIDE
    ]
    return {name: value.strip() for name, value in ours.items() if name in DEFAULTS}


def _check_words(values: Mapping[str, str], faults: list[str]) -> None:
    if values["ENV"] not in (PRODUCTION, DEMO):
        faults.append(f"ENV: write production or demo, not {values['ENV']!r}.")
    if values["SECRET_KEY"] and len(values["SECRET_KEY"]) < LEAST_SECRET:
        faults.append(f"SECRET_KEY: it is too short; use {LEAST_SECRET} characters or more.")
    address = _split(values["BASE_URL"])
    if address is None or address.path.strip("/") or address.query or address.fragment:
        faults.append("BASE_URL: write http:// or https:// and a host, without a path.")
    if values["DATABASE_URL"] and not _known_database(values["DATABASE_URL"]):
        faults.append("DATABASE_URL: write sqlite:///FILE or postgresql+psycopg://….")
    if values["MAIL_URL"] and (fault := check_mail_url(values["MAIL_URL"])):
        faults.append(f"MAIL_URL: {fault}")
    if not all(HOST_AND_PORT.fullmatch(each) for each in _listed(values["ICS_ALLOWED_HOSTS"])):
        faults.append("ICS_ALLOWED_HOSTS: write host:port, several with commas.")
    if values["SMS_URL"] and (fault := check_sms_url(values["SMS_URL"])):
        faults.append(f"SMS_URL: {fault}")
    if values["IMAP_URL"] and (fault := check_imap_url(values["IMAP_URL"])):
        faults.append(f"IMAP_URL: {fault}")
    try:
        checked_address(values["MAIL_FROM"])
    except ValueError:
        faults.append("MAIL_FROM: write one e-mail address.")
    faults += [
        f"{name}: this version has no single sign-on; leave it unset."
        for name in SINGLE_SIGN_ON
        if values[name]
    ]


def _check_production(values: Mapping[str, str], instance: Path, faults: list[str]) -> None:
    """Refuse what would be unsafe where real people sign in."""
    if values["CLOCK"]:
        faults.append("CLOCK: the clock can be set with ENV=demo only.")
    address = _split(values["BASE_URL"])
    if address and address.scheme == "http" and not is_loopback(address.hostname or ""):
        faults.append("BASE_URL: use https:// for everything but this machine itself.")
    mail = urlsplit(values["MAIL_URL"])
    if "tls=none" in mail.query and mail.password and not is_loopback(mail.hostname or ""):
        faults.append("MAIL_URL: a password needs tls=starttls or smtps://.")
    box = urlsplit(values["IMAP_URL"])
    if "tls=none" in box.query and not is_loopback(box.hostname or ""):
        faults.append("IMAP_URL: a password needs tls=starttls or imaps://.")
    faults += [
        f"{path}: others can read it; run chmod 600 {path}."
        for path in (instance / SECRET_FILE, instance / SETTINGS_FILE)
        if path.exists() and path.stat().st_mode & 0o077
    ]


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return None
    web = parts.scheme in ("http", "https") and parts.username is None
    return parts if named and web else None


def _known_database(url: str) -> bool:
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        return False
    return found.drivername in DATABASES and bool(found.database)


def is_loopback(host: str) -> bool:
    """Say whether *host* can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(name: str, text: str, faults: list[str]) -> int:
    low, high = BOUNDS[name]
    if text.isascii() and text.isdigit() and low <= int(text[:9]) <= high:
        return int(text)
    faults.append(f"{name}: write a whole number from {low} to {high}.")
    return low


def _clock(values: Mapping[str, str], faults: list[str]) -> datetime | None:
    if not values["CLOCK"]:
        return None
    try:
        start = datetime.fromisoformat(values["CLOCK"])
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        faults.append("CLOCK: write an instant with its zone, like 2027-03-08T14:00:00Z.")
        return None
    return start.astimezone(UTC)


def _since(told: Mapping[str, str], faults: list[str]) -> float | None:
    text = told.get(f"{PREFIX}CLOCK_SINCE", "")
    try:
        return float(text) if text else None
    except ValueError:
        faults.append("CLOCK_SINCE: write seconds since 1970.")
        return None


def _kept_secret(instance: Path) -> str:
    """Read the secret of this installation; the first start draws it.

    It is written beside and then given its name in one step: of several processes that start
    at once, one names it and all read the same.
    """
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = instance / SECRET_FILE
    if not kept.exists():
        drawn = instance / f".{SECRET_FILE}-{secrets.token_hex(8)}"
        handle = os.open(drawn, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(drawn, kept)
        except FileExistsError:
            pass
        finally:
            drawn.unlink()
    secret = kept.read_text("utf-8").strip()
    if len(secret) < LEAST_SECRET:
        raise BadSettings((f"{kept}: it is too short; remove it, and the next start draws one.",))
    return secret
