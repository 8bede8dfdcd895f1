"""Every code of the reference tables points to something, and every file is what it says."""

import re
from collections import Counter
from itertools import chain

import pytest
import yaml

from shadowing.adapters import reference
from shadowing.domain.availability.clock import minute_of, zone_named
from shadowing.domain.availability.hours import Audience, Hours, Mode, check
from shadowing.domain.clearance.evidence import Due, Effect, State
from shadowing.domain.demo.slots import way
from shadowing.domain.errors import BadValue
from shadowing.domain.people import PersonKind, Role
from shadowing.domain.reference.spans import WEEKDAYS
from shadowing.domain.ways import SHORTEST_MINUTES

REFERENCE = reference.load()
LISTS = REFERENCE.lists
DEMO = reference.demo_hospital()
FOLDER = reference.files(reference.FOLDER)
FILES = sorted(file.name for file in FOLDER.iterdir() if file.name.endswith(".yaml"))


def text(name):
    return FOLDER.joinpath(name).read_text("utf-8")


def unknown(codes, listed):
    return [code for code in codes if code not in listed]


# ------------------------------------------------------------------ the files


@pytest.mark.parametrize("name", FILES)
def test_no_key_of_a_file_is_doubled_or_read_as_yes_or_no(name):
    faults = []

    def walk(node):
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            faults.extend(key for key, times in Counter(keys).items() if times > 1)
            faults.extend(
                key.value for key, _ in node.value if key.tag.endswith((":bool", ":null"))
            )
            for pair in node.value:
                any(walk(each) for each in pair)
        elif isinstance(node, yaml.SequenceNode):
            any(walk(each) for each in node.value)

    walk(yaml.compose(text(name)))

    assert faults == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_itself_and_nobody_real(name):
    content = text(name)
    table = yaml.safe_load(content)

    assert table["format"] in {"reference/1", "demo/1"}
    assert table.get("file", "demo_hospital") == name.removesuffix(".yaml")
    mails = re.findall(r"[\w.+-]+@[\w.-]+\w", content)
    assert [mail for mail in mails if not re.search(r"@example\.(org|net|com)$", mail)] == []
    phones = re.findall(r"\b\d{3}-\d{4}\b", content)
    assert [phone for phone in phones if not phone.startswith("555-01")] == []


def test_every_file_is_read():
    read = {*reference.TABLES, "demo_hospital"}

    assert {name.removesuffix(".yaml") for name in FILES} == read


def test_nothing_goes_missing_unnoticed():
    assert len(REFERENCE.patterns) == 14
    assert len(REFERENCE.spans) == 18
    assert len(REFERENCE.unit_kinds) == 30
    assert len(REFERENCE.roles) == 32
    assert len(REFERENCE.portfolios) == 18
    assert len(REFERENCE.requirements) == 17
    assert len(REFERENCE.retention) == 9
    assert len(REFERENCE.card["questions"]) == 9


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("shift_patterns", "patterns"),
        ("units", "units"),
        ("roles", "roles"),
        ("portfolios", "portfolios"),
        ("requirements", "requirements"),
    ],
)
def test_no_code_is_listed_twice(file, key):
    codes = [row["code"] for row in yaml.safe_load(text(f"{file}.yaml"))[key]]

    assert len(codes) == len(set(codes))


def test_no_setting_is_listed_twice():
    groups = yaml.safe_load(text("defaults.yaml"))
    names = list(chain(*(rows for rows in groups.values() if isinstance(rows, dict))))

    assert len(names) == len(set(names)) == len(REFERENCE.settings)


# ------------------------------------------------------------------ what the code spells out


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("system_roles", Role),
        ("person_kinds", PersonKind),
        ("slot_audiences", Audience),
        ("credential_states", State),
        ("lapse_effects", Effect),
        ("due_points", Due),
        ("days", WEEKDAYS),
    ],
)
def test_closed_lists_are_those_the_code_spells_out(name, spelled):
    assert set(LISTS[name]) == set(spelled)


def test_a_slot_has_a_mode_or_is_closed():
    assert {*LISTS["slot_modes"], "closed"} == set(Mode)


def test_the_credentials_that_clear_are_the_three_of_rule_c1():
    clear = {code for code, row in LISTS["credential_states"].items() if row["clears"]}

    assert clear == {State.VALID, State.EXPIRING, State.WAIVED}


def test_everybody_but_our_own_workforce_is_external_rule_c3():
    external = {code for code, row in LISTS["person_kinds"].items() if row["external"]}

    assert external == set(PersonKind) - {PersonKind.WORKFORCE}


# ------------------------------------------------------------------ codes point to something


def test_states_lead_to_states():
    states, exits = LISTS["shift_states"], LISTS["shift_exits"]
    actors = {*LISTS["system_roles"], "system"}

    for row in states.values():
        assert unknown(row["next"], states) + unknown(row["exits"], exits) == []
    for row in exits.values():
        assert unknown(row.get("next", ()), states) + unknown(row["by"], actors) == []
    for row in LISTS["commitment_states"].values():
        assert unknown(row["next"], LISTS["commitment_states"]) == []


def test_spans_last_as_long_as_they_say_and_lie_in_a_band():
    for span in REFERENCE.spans.values():
        last = minute_of(span.end) + 1440 * span.end_day - minute_of(span.start)
        assert last == span.minutes
        assert span.band in LISTS["shift_bands"]


def test_bands_by_start_share_out_the_day():
    bands = REFERENCE.time_rules.band_by_start

    assert sorted(start for _, start, _ in bands) == sorted(end for _, _, end in bands)
    assert sum((end - start) % 1440 for _, start, end in bands) == 1440
    assert unknown([code for code, _, _ in bands], LISTS["shift_bands"]) == []
    assert all(band.start < band.end for band in REFERENCE.time_rules.handovers)


def test_unit_kinds_point_to_what_there_is():
    for kind in REFERENCE.unit_kinds.values():
        levels = [kind.sensitivity, *kind.areas.values()]
        assert unknown(kind.patterns, REFERENCE.patterns) == []
        assert unknown(levels, REFERENCE.sensitivities) == []
        assert unknown([kind.consent], REFERENCE.consents) == []
        assert unknown(kind.attire, REFERENCE.attires) == []
        assert unknown(kind.rules, REFERENCE.unit_rules) == []
        assert kind.patient_area == any(level != "S0" for level in levels)
        assert kind.airborne_rooms == ("fit_if_airborne" in kind.rules)
        assert 1 <= kind.cap <= 2
        assert 2 <= kind.block_hours <= 12


def test_unit_rules_point_to_what_there_is():
    for rule in REFERENCE.unit_rules.values():
        assert rule.kind in {"requirement", "attest", "show", "schedule"}
        assert (rule.requirement in REFERENCE.requirements) == (rule.kind == "requirement")
        assert (rule.by in LISTS["system_roles"]) == (rule.kind == "attest")
        assert (rule.due in set(Due)) == (rule.kind == "attest")
        assert bool(re.fullmatch(r"shift|cycle|agreement|months:\d+", rule.valid)) == (
            rule.kind == "attest"
        )
        assert unknown(rule.changes, REFERENCE.settings) == []


def test_roles_are_flat_and_point_to_what_there_is_rule_m8():
    assert list(REFERENCE.roles) == sorted(REFERENCE.roles)
    for role in REFERENCE.roles.values():
        assert unknown(role.families, REFERENCE.families) == []
        assert unknown(role.units, {*REFERENCE.unit_kinds, "any"}) == []
        assert unknown(role.patterns, REFERENCE.patterns) == []


def test_roles_nobody_forgets_are_there():
    assert unknown(["orderly", "aide", "sw", "schoolrn"], REFERENCE.roles) == []
    assert {family for role in REFERENCE.roles.values() for family in role.families} == set(
        REFERENCE.families
    )


def test_decisions_land_on_roles_rule_m4():
    for portfolio in REFERENCE.portfolios.values():
        ways = [portfolio.links, portfolio.mix, portfolio.bundle]
        assert sum(map(bool, ways)) == 1
        assert unknown(portfolio.bundle, REFERENCE.roles) == []
        for link in portfolio.links:
            assert unknown(link.roles, REFERENCE.roles) == []
            assert link.weight in REFERENCE.weights
            assert link.span in {*REFERENCE.spans, ""}
            assert link.unit in {*REFERENCE.unit_kinds, ""}


def test_a_group_of_roles_stands_for_each_of_them():
    nursing = REFERENCE.portfolio("nursing_exec").links

    assert nursing[1].roles == ("rn_ed", "rn_icu", "rn_ms", "rn_or")
    assert nursing[1].other_service


def conditions(rule):
    """List the parts of an ``applies`` rule: (kind, value)."""
    ((kind, value),) = rule.items()
    if kind in {"any", "all"}:
        return [part for each in value for part in conditions(each)]
    return conditions(value) if kind == "not" else [(kind, value)]


def test_requirements_are_well_formed_rule_c3():
    kinds = {"always", "person", "patient_area", "children", "airborne_rooms", "unit_kind"}
    for requirement in REFERENCE.requirements.values():
        assert requirement.due in set(Due)
        assert requirement.on_lapse in set(Effect)
        assert requirement.attest in {*LISTS["system_roles"], ""}
        assert list(requirement.remind_days) == sorted(requirement.remind_days, reverse=True)
        for validity in (requirement.validity, requirement.validity_external):
            assert validity.kind in LISTS["validity_kinds"]
            assert (validity.months > 0) == (validity.kind == "months")
        for kind, value in conditions(requirement.applies):
            assert kind in {*kinds, "site_setting", "slot_kind"}
            assert kind != "slot_kind" or unknown(value, LISTS["slot_kinds"]) == []
            assert kind != "unit_kind" or unknown(value, REFERENCE.unit_kinds) == []


def test_settings_start_within_their_limits():
    for setting in REFERENCE.settings.values():
        if setting.least is not None and setting.value is not None:
            values = setting.value if isinstance(setting.value, tuple) else (setting.value,)
            assert all(setting.least <= each <= setting.most for each in values), setting.name
        assert setting.why or setting.group == "small_groups"


# ------------------------------------------------------------------ how it is asked


def test_rows_are_found_by_their_code():
    assert REFERENCE.role("rn_ms").label == "Staff nurse, ward"
    assert REFERENCE.unit_kind("MS").block_hours == 4
    assert REFERENCE.span("ED9D").pattern == "ED9"
    assert REFERENCE.portfolio("ceo").decisions[0].label == "priorities"
    assert REFERENCE.requirement("TB").validity_external.months == 12
    assert REFERENCE.label("slot_modes", "ask") == "Ask first"
    assert REFERENCE.label("days", "mon") == "Monday"


@pytest.mark.parametrize(
    ("method", "code", "field"),
    [
        ("role", "king", "role"),
        ("unit_kind", "", "unit_kind"),
        ("span", "D13", "span"),
        ("portfolio", "CEO", "portfolio"),
        ("requirement", "HIPPA", "requirement"),
        ("setting", "hold_hours", "setting"),
    ],
)
def test_a_code_nobody_lists_is_refused(method, code, field):
    with pytest.raises(BadValue) as refused:
        getattr(REFERENCE, method)(code)

    assert refused.value.facts == {"field": field, "problem": "unknown_code", "value": code}


def test_settings_are_numbers_where_numbers_are_asked_for():
    assert REFERENCE.number("hold_minutes") == 10
    assert REFERENCE.numbers("card_hours") == (72, 2)
    assert REFERENCE.setting("employee_days").most == 60


@pytest.mark.parametrize("name", ["host_cancel", "yearly_cap_hours", "card_hours", "backup_host"])
def test_a_setting_that_is_no_number_is_not_read_as_one(name):
    with pytest.raises(BadValue):
        REFERENCE.number(name)
    if name != "card_hours":
        with pytest.raises(BadValue):
            REFERENCE.numbers(name)


def test_the_tables_are_read_once_and_cannot_be_written_to():
    assert reference.load() is REFERENCE
    with pytest.raises(TypeError):
        REFERENCE.roles["king"] = REFERENCE.role("aide")


# ------------------------------------------------------------------ the demo hospital


def test_the_demo_points_to_what_there_is():
    people = DEMO["staff"] + DEMO["administrators"] + DEMO["students"] + DEMO["hosts"]
    ids = {person["id"] for person in people}
    units = {unit["id"] for unit in DEMO["units"]}

    assert len(ids) == len(people)
    for site in DEMO["sites"]:
        assert zone_named(site["zone"]).key == site["zone"]
    for unit in DEMO["units"]:
        assert unit["kind"] in REFERENCE.unit_kinds
        assert unit["manager"] in ids
    for host in DEMO["hosts"]:
        assert host["role"] in REFERENCE.roles
        assert host["unit"] in units
    for person in people:
        assert unknown(person.get("roles", []), LISTS["system_roles"]) == []
        assert person.get("boss", person["id"]) in ids
        assert person.get("kind", "workforce") in LISTS["person_kinds"]
        assert person.get("portfolio", "ceo") in REFERENCE.portfolios


def test_the_demo_has_a_host_of_every_role():
    assert {host["role"] for host in DEMO["hosts"]} == set(REFERENCE.roles)


def test_the_demo_hosts_give_hours_that_fit_rules_a5_a6_and_b13():
    for host in DEMO["hosts"]:
        for days, span, start, end, mode, *options in host["avail"]:
            told = Hours(
                span=REFERENCE.span(span),
                start=start,
                end=end,
                mode=Mode(mode),
                handover="handover" in options,
            )
            remote = way(options).remote
            block = 60 * REFERENCE.setting("block_hours").least
            for day in days:
                check(
                    told,
                    weekday=WEEKDAYS[day],
                    rules=REFERENCE.time_rules,
                    shortest_minutes=SHORTEST_MINUTES if remote else block,
                )
            first, last = told.minutes()
            assert last - first <= 60 * REFERENCE.setting("block_hours").most
