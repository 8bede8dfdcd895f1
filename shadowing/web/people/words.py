"""What people read about a roster's file: what is to be mended, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shadowing.domain.roster_file import COLUMNS, MOST_ROWS, Fault

WHAT: Final = ("added", "changed", "left", "same")
"""What can become of somebody, in the order it is said."""
FAULTS: Final[Mapping[str, str]] = {
    "not_a_table": "Save the file as CSV. This one cannot be read.",
    "empty": "Add a first line with the names of the columns, and people below it.",
    "missing_column": "Add this column.",
    "unknown_column": f"Rename or remove this column. Known are: {', '.join(COLUMNS)}.",
    "column_twice": "Remove one of the two columns of this name.",
    "too_many_rows": f"Split the file. It holds more than {MOST_ROWS:,} people.",
    "too_many_cells": "Remove the cells that stand beyond the last column.",
    "missing": "Enter something here.",
    "too_long": "Shorten this.",
    "not_printable": "Take out the characters that cannot be printed.",
    "twice": "Remove one of the lines with this id.",
    "of_another": "Use another id. Somebody of another organization has it.",
    "unknown_role": (
        "Use observer, host, unit_manager, coordinator, hr, preceptor, partner_coordinator or "
        "sysadmin, with spaces between."
    ),
    "no_role": "Enter one role or more.",
    "not_yes_or_no": "Enter yes or no.",
    "unknown_choice": "Use workforce, trustee, student or partner.",
    "unknown_code": "Use a code that is known.",
    "unknown_unit": "Use the code of one of your units.",
    "unit_missing": "Enter a unit and a role there. A clinician who hosts needs both.",
    "unknown_manager": "Use the id or the email of somebody who is known or in this file.",
    "in_a_circle": "Choose another manager. This one reports to the person of this line.",
    "not_an_address": "Enter an email address, like name@example.org.",
    "email_taken": "Enter another email address. Somebody has this one.",
    "not_text": "Enter plain text.",
    "unknown_field": "Take this out. No such thing is kept of a person.",
    "role_not_yours": "Ask a system administrator. HR and system administrators are theirs to add.",
    "not_yourself": "Ask a colleague to do this. Nobody takes their own access away.",
}


def worded(fault: Fault) -> str:
    """Say one fault in a sentence that names its line and column."""
    where = f"Line {fault.line}, {fault.column}" if fault.column else f"Line {fault.line}"
    return f"{where}: {reason(fault)}"


def reason(fault: Fault) -> str:
    """Say what to do about one fault."""
    return FAULTS.get(fault.problem, FAULTS["missing"])
