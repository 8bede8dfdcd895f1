"""Reflection templates: data with a version, read from the reference table.

A template in use is never changed under an answer: ``Template.source`` holds all it is made of, as
JSON, and ``version`` is the hash of that. Keep the source by its version and
:func:`read_kept` gives the very template back that the answers were written under.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shadowing.domain.errors import NotFound
from shadowing.domain.followup.questions import Field, Kind, Phase, Readers, Side
from shadowing.domain.followup.reading import BadTemplate, Row, read_field, read_question

HOST_TEMPLATE = "T5"
SENT_PHASES = (Phase.POST, Phase.DEBRIEF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One form, complete: borrowed questions included, lists of options filled in.

    Attributes:
        filled_by: Main author; a question may be for somebody else.
        minutes: How long it takes (L1).
        closing: Questions that end every form that is sent (``phi_ok``).
        version: Changes with any part of the content.
        source: JSON that :func:`read_kept` turns into this template again.
    """

    code: str
    name: str
    article: str
    filled_by: str
    minutes: int
    fields: tuple[Field, ...]
    closing: tuple[Field, ...]
    version: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """All templates in force.

    Attributes:
        notice: Shown above every form; ``{incident_url}`` is set by the site.
        looks_for: What the check for patient detail looks for (L3).
        default: Template of an observer where the program names none.
    """

    notice: str
    min_people: int
    verbatim_min_people: int
    looks_for: tuple[str, ...]
    default: str
    all: tuple[Template, ...]

    def named(self, code: str) -> Template:
        """Return the template with this code.

        Raises:
            NotFound: There is none.
        """
        for template in self.all:
            if template.code == code:
                return template
        raise NotFound(template=code)


def read(mapping: Mapping[str, object]) -> Templates:
    """Read the reference table of templates.

    Raises:
        BadTemplate: With where it is and what is wrong; nothing is guessed or left out.
    """
    table = Row(mapping, where="reflection_templates")
    rows = table.maps("templates")
    sources = {Row(row, where="templates").text("code"): row for row in rows}
    if len(sources) != len(rows):
        raise BadTemplate(where="templates", problem="two with one code")
    parts = _Parts(table, sources)
    aggregate = table.part("aggregate")
    found = Templates(
        notice=table.text("notice"),
        min_people=aggregate.number("min_people"),
        verbatim_min_people=aggregate.number("verbatim_min_people"),
        looks_for=table.part("lint").texts("looks_for"),
        default=table.text("default_template"),
        all=tuple(read_kept(parts.source(code)) for code in sources),
    )
    for code in (found.default, HOST_TEMPLATE):
        if code not in sources:
            raise BadTemplate(where=code, problem="missing")
    for template in found.all:
        if template.filled_by == Side.OBSERVER:
            for side in Side:
                _check_form(forms_for(found, chosen=template.code, side=side), side=side)
    return found


def read_kept(source: str) -> Template:
    """Give back a template from the source that was kept with its version.

    Raises:
        BadTemplate: The source is not one that :func:`read` made.
    """
    parts = Row(json.loads(source), where="template")
    row = parts.part("template")
    code = row.text("code")
    items = tuple(
        read_question(item, where=f"{code}.commitment_item") for item in parts.maps("items")
    )
    fields = tuple(read_field(field, where=code) for field in row.maps("fields"))
    return Template(
        code=code,
        name=row.text("name"),
        article=row.text("article"),
        filled_by=row.text("filled_by"),
        minutes=row.number("minutes"),
        fields=tuple(
            replace(field, items=items) if field.kind is Kind.COMMITMENTS else field
            for field in fields
        ),
        closing=tuple(
            read_field({**field, "phase": Phase.POST.value}, where="closing")
            for field in parts.maps("closing")
        ),
        version=hashlib.sha256(source.encode()).hexdigest()[:16],
        source=source,
    )


def forms_for(templates: Templates, *, chosen: str, side: Side) -> tuple[Template, ...]:
    """Name the templates that *side* answers when the observer has the template *chosen*.

    The observer answers that one. The host always answers T5, and with it what the observer's
    template asks of the host (``frame_host`` of T2).

    Raises:
        NotFound: No template for observers has that code.
    """
    own = templates.named(chosen)
    if own.filled_by != Side.OBSERVER:
        raise NotFound(template=chosen)
    if side is Side.OBSERVER:
        return (own,)
    host = templates.named(HOST_TEMPLATE)
    asks_the_host = any(field.filled_by == Side.HOST for field in own.fields)
    return (host, own) if asks_the_host else (host,)


def fields_for(forms: Sequence[Template], *, side: Side, phase: Phase) -> tuple[Field, ...]:
    """List the questions *side* is asked in *phase*, in order.

    What is sent (after the shift, and at the debrief) ends with ``phi_ok`` (L3); what is asked
    before the shift is sent along with the rest. A phase that asks nothing has no end either.
    """
    asked = tuple(
        field
        for template in forms
        for field in template.fields
        if field.filled_by == side and field.phase is phase
    )
    if not asked or phase not in SENT_PHASES:
        return asked
    closing = tuple(replace(field, filled_by=side, phase=phase) for field in forms[0].closing)
    return asked + closing


def promise_fields(fields: Iterable[Field]) -> tuple[Field, Field] | None:
    """Find the question for commitments and the one for the reason for none (F7).

    Returns:
        Both, or ``None`` where these fields ask for no commitments.
    """
    listed = tuple(fields)
    for field in listed:
        if field.kind is Kind.COMMITMENTS:
            for reason in listed:
                needed = reason.required_if
                if reason.kind is Kind.TEXT and needed and field.key in needed.fields():
                    return field, reason
    return None


class _Parts:
    """Puts together what one template is made of, from all over the table."""

    def __init__(self, table: Row, sources: Mapping[str, Mapping[str, object]]) -> None:
        self.table = table
        self.sources = sources

    def source(self, code: str) -> str:
        """Write the JSON of one template; order is kept, for options are shown in it."""
        row = dict(self.sources[code])
        own = [*Row(row, where=code).maps("fields"), *self._borrowed(code)]
        row["fields"] = [self._with_options(field, where=code) for field in own]
        row.pop("derived", None)
        whole = {
            "template": row,
            "items": self.table.maps("commitment_item"),
            "closing": self.table.maps("closing"),
        }
        try:
            return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        except (TypeError, ValueError) as error:
            raise BadTemplate(where=code, problem="not plain data") from error

    def _borrowed(self, code: str) -> tuple[Mapping[str, object], ...]:
        borrow = self.table.part("borrow")
        if code not in borrow.texts("add_to"):
            return ()
        lender = borrow.text("from")
        if lender not in self.sources:
            raise BadTemplate(where="borrow", problem=f"no template {lender}")
        keys = borrow.texts("keys")
        lent = tuple(
            field
            for field in Row(self.sources[lender], where=lender).maps("fields")
            if field.get("key") in keys
        )
        if len(lent) != len(keys):
            raise BadTemplate(where="borrow", problem=f"{lender} has not all of {keys}")
        return lent

    def _with_options(self, field: Mapping[str, object], *, where: str) -> Mapping[str, object]:
        if "options_from" not in field:
            return field
        listed = self.table.part(Row(field, where=where).text("options_from")).mapping
        rest = {key: value for key, value in field.items() if key != "options_from"}
        return {**rest, "options": dict(listed)}


def _check_form(forms: Sequence[Template], *, side: Side) -> None:
    """Refuse a form whose keys clash or whose conditions look at nothing."""
    asked = [field for template in forms for field in template.fields if field.filled_by == side]
    keys = {field.key: field for field in asked}
    code = "+".join(template.code for template in forms)
    if len(keys) != len(asked):
        raise BadTemplate(where=code, problem="two questions with one key")
    for field in asked:
        for condition in (field.required_if, field.show_if):
            for name in condition.fields() if condition else ():
                if name not in keys or keys[name].phase is not field.phase:
                    problem = f"looks at {name}, which is not asked with it"
                    raise BadTemplate(where=f"{code}.{field.key}", problem=problem)
        if field.sealed_with and Readers.OTHER not in field.readers:
            raise BadTemplate(where=f"{code}.{field.key}", problem="sealed, but not shared")
