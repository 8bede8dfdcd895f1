"""Rows for who and where: organizations, sites, units, people, the program."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shadowing.domain.demo import credentials
from shadowing.domain.demo.hospital import Hospital, Raw, Row, Rows, key
from shadowing.domain.people import Role

MINUTES_PER_HOUR: Final = 60


def rows(hospital: Hospital, *, password_hash: str | None) -> Rows:
    """List the rows of every table about who and where.

    Args:
        hospital: The file on its day.
        password_hash: The same for everybody, or ``None`` for no passwords.
    """
    raw = hospital.raw
    return {
        "organization": [
            _organization(each, raw["site_settings"]) for each in raw["organizations"]
        ],
        "site": [_site(each) for each in raw["sites"]],
        "unit": [_unit(hospital, each) for each in raw["units"]],
        "person": [
            _person(hospital, code, password_hash=password_hash) for code in hospital.people
        ],
        "person_role": [
            {"person_id": key("person", code), "role": role}
            for code in hospital.people
            for role in roles_of(hospital, code)
        ],
        "backup_host": [_backup(hospital, each) for each in raw["backups"]],
        "do_not_pair": [_barred(hospital, pair) for pair in raw["do_not_pair"]],
        "agreement": [_agreement(hospital, each) for each in raw["agreements"]],
        "program": [_program(each) for each in raw["programs"]],
        "cycle": [_cycle(hospital, each) for each in raw["cycles"]],
        "credential": credentials.rows(hospital),
        "verifier": credentials.verifiers(hospital),
    }


def roles_of(hospital: Hospital, code: str) -> tuple[str, ...]:
    """Name the roles of a person: staff as listed, the others by what they came for."""
    if code in hospital.hosts:
        return (Role.HOST,)
    if code in hospital.observers:
        return (Role.OBSERVER,)
    return tuple(hospital.people[code]["roles"])


def _organization(raw: Raw, settings: Raw) -> Row:
    return {
        "id": key("organization", raw["id"]),
        "code": raw["id"],
        "name": raw["name"],
        "kind": raw["kind"],
        "privacy_regime": raw["privacy_regime"],
        "settings": dict(settings),
    }


def _site(raw: Raw) -> Row:
    told = {name: raw[name] for name in ("name", "place", "zone", "parking")}
    return {
        "id": key("site", raw["id"]),
        "organization_id": key("organization", raw["org"]),
        "code": raw["id"],
        **told,
    }


def _unit(hospital: Hospital, raw: Raw) -> Row:
    """Fill a unit from its kind; what the unit says itself comes first."""
    kind = hospital.reference.unit_kind(raw["kind"])
    sensitivity = raw.get("sensitivity", kind.sensitivity)
    zone = hospital.sites[raw["site"]]["zone"]
    pause = raw.get("paused")
    return {
        "id": key("unit", raw["id"]),
        "site_id": key("site", raw["site"]),
        "code": raw["id"],
        "kind": raw["kind"],
        "name": raw["name"],
        "manager_id": key("person", raw["manager"]),
        "meeting_point": raw["meet"],
        "phone": raw["phone"],
        "block_minutes": MINUTES_PER_HOUR * raw.get("block_hours", kind.block_hours),
        "cap": raw.get("cap", kind.cap),
        "sensitivity": sensitivity,
        "consent": raw.get("consent", kind.consent),
        "attire": list(raw.get("attire", kind.attire)),
        "auto_approve": hospital.reference.sensitivities[sensitivity].automatic,
        "handover_open": raw.get("handover", False),
        "remote_allowed": raw.get("remote", False),
        "pause_kind": pause["kind"] if pause else "",
        "aim": raw.get("aim", ""),
        "measures": raw.get("measures", ""),
        "paused_from": hospital.at(hospital.day(pause["since"]), "00:00", zone) if pause else None,
        "paused_until": hospital.at(hospital.day(pause["until"] + 1), "00:00", zone)
        if pause
        else None,
    }


def _person(hospital: Hospital, code: str, *, password_hash: str | None) -> Row:
    raw = hospital.people[code]
    boss = hospital.boss(code)
    host = code in hospital.hosts
    title = raw.get("title") or hospital.reference.role(raw["role"]).label
    return {
        "id": key("person", code),
        "organization_id": key("organization", raw["org"]),
        "external_id": code,
        "name": raw["name"],
        "post_nominal": raw.get("post", ""),
        "title": title,
        "kind": raw["kind"],
        "level": raw.get("level", ""),
        "portfolio": raw.get("portfolio", ""),
        "affiliation": raw.get("affiliation", ""),
        "manager_id": key("person", boss) if boss else None,
        "email": raw.get("mail"),
        "phone": raw.get("phone", ""),
        "languages": list(raw.get("langs", ("en",))),
        "host_role": raw["role"] if host else "",
        "host_unit_id": key("unit", raw["unit"]) if host else None,
        "max_per_month": raw.get("limit"),
        "cool_down_days": None,
        "paused_until": break_until(hospital, code),
        "load_paused_at": _paused_at(hospital, code),
        "password_hash": password_hash if raw.get("mail") else None,
        "active": True,
        "created_at": hospital.now(hospital.home_zone) - timedelta(days=300),
    }


def _paused_at(hospital: Hospital, code: str) -> datetime | None:
    """Say since when a host's slots are hidden, because shifts cost them much (A4)."""
    since = [each["since"] for each in hospital.raw["host_pauses"] if each["host"] == code]
    return hospital.now(hospital.home_zone) + timedelta(days=since[0]) if since else None


def break_until(hospital: Hospital, code: str) -> datetime | None:
    """Say until when a host takes a break, if one does (A3)."""
    days = [each["until"] for each in hospital.raw["host_breaks"] if each["host"] == code]
    if not days:
        return None
    zone = hospital.site_of(hospital.hosts[code]["unit"])["zone"]
    return hospital.at(hospital.day(days[0] + 1), "00:00", zone)


def _backup(hospital: Hospital, raw: Raw) -> Row:
    """Name who stands in for a host, or was asked to (D7)."""
    return {
        "id": key("backup", raw["host"]),
        "host_id": key("person", raw["host"]),
        "backup_id": key("person", raw["backup"]),
        "state": raw["state"],
        "asked_at": hospital.now(hospital.home_zone) + timedelta(days=raw["since"]),
        "ended_at": None,
    }


def paused(hospital: Hospital, code: str) -> bool:
    """Say whether a host's slots are hidden because hosting cost too much time (A4)."""
    return any(pause["host"] == code for pause in hospital.raw["host_pauses"])


def _barred(hospital: Hospital, pair: list[str]) -> Row:
    one, other = pair
    by = next(each["id"] for each in hospital.raw["staff"] if Role.HR in each["roles"])
    return {
        "id": key("do_not_pair", one, other),
        "one_id": key("person", one),
        "other_id": key("person", other),
        "entered_by_id": key("person", by),
        "ends_on": None,
    }


def _agreement(hospital: Hospital, raw: Raw) -> Row:
    owner, *partners = raw["between"]
    names = {each["id"]: each["name"] for each in hospital.raw["organizations"]}
    partner = partners[0] if partners else None
    return {
        "id": key("agreement", raw["id"]),
        "code": raw["id"],
        "kind": raw["kind"],
        "organization_id": key("organization", owner),
        "partner_id": key("organization", partner) if partner else None,
        "partner_name": names[partner] if partner else raw.get("with", ""),
        "starts_on": hospital.day(raw["start"]),
        "ends_on": hospital.day(raw["end"]),
        "covers": [str(key("person", code)) for code in raw.get("covers", ())],
    }


def _program(raw: Raw) -> Row:
    return {
        "id": key("program", raw["id"]),
        "organization_id": key("organization", raw["org"]),
        "code": raw["id"],
        "name": raw["name"],
        "default_template": raw["default_template"],
        "final_check": False,
        "purpose": raw["purpose"],
    }


def _cycle(hospital: Hospital, raw: Raw) -> Row:
    return {
        "id": key("cycle", raw["id"]),
        "program_id": key("program", raw["program"]),
        "code": raw["id"],
        "label": raw["label"],
        "starts_on": hospital.day(raw["start"]),
        "ends_on": hospital.day(raw["end"]),
        "state": raw["state"],
    }
