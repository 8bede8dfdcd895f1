"""What people read when something is refused: one sentence for each code, facts filled in.

Words follow the house: say what to do, begin with a verb, no codes, no blame. A host's own reasons
are never told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from string import Formatter
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.plain_time import day_short, length, moment, time_of_day
from shadowing.domain.errors import Refusal

WALL_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

SENTENCES: Final[Mapping[str, str]] = {
    # Anywhere
    "refused": "That cannot be done now. Go back and look at how things stand.",
    "not_found": "It may have moved, or it may not be yours to see.",
    "not_allowed": "It may have moved, or it may not be yours to see.",
    "not_yours": "It may have moved, or it may not be yours to see.",
    "not_signed_in": "Sign in to go on.",
    "bad_value": "Check what you entered here.",
    "no_answer_in_it": "Put it away: it answers nothing that still stands.",
    "stale": "Look again before you send: this changed while you were looking.",
    "database_busy": "Try again in a moment. Many people are writing at once.",
    "not_empty": "The demo is for an empty database, and this one holds people already.",
    # Signing in
    "not_recognized": "Check your email address and password. Or let us email you a sign-in link.",
    "not_in_program": "Ask your program coordinator to add you. Your account is not in it yet.",
    "too_many_tries": (
        "Wait {minutes} minutes, then try again. A sign-in link by email works right away."
    ),
    "phone_link_ended": "Ask for a new link. This one is too old, or was ended.",
    "link_ended": "Ask for a new link. This one was used already or is too old.",
    "current_password_wrong": "Enter the password you use now.",
    "password_too_short": "Use {least} characters or more, and {most} at most.",
    "password_too_common": "Choose something harder to guess, for example four unrelated words.",
    "unknown_scope": "Choose scopes from these: {known}. There is no {scope}.",
    "role_not_held": "Choose one of your own roles.",
    "email_taken": "Enter another email address. Somebody has {email} already.",
    # Asking for a shift
    "slot_gone": "Choose another time. This one is not open any more.",
    "slot_full": "Choose another time. This one was booked a moment ago. Your goal is kept.",
    "notice_too_short": (
        "Choose a later shift. The team needs {days} days’ notice: {earliest} or later."
    ),
    "overlap": "Choose another time. You have something from {starts_at} to {ends_at}.",
    "already_asked": "Look under your shifts. You have asked for this one already.",
    "reporting_line": (
        "Choose another host. Nobody shadows a person they report to, or who reports to them."
    ),
    "yearly_cap": "Choose a shift in another year. {hours} hours a year are the most.",
    "not_available": "Choose another time. This one is not available.",
    "unit_full": "Choose another time. The unit has as many visitors then as it can take.",
    "not_cleared": "Choose a later shift. There is no time left to complete: {missing}.",
    "debrief_owed": (
        "Record the talk after your earlier shift first. It has been open for too long."
    ),
    "promise_overdue": ("Update your late promise first. It is long past its date."),
    "goal_missing": "Enter what you want to understand.",
    "goal_too_long": "Shorten your goal to {longest} characters. It has {length}.",
    "access_needs_too_long": "Shorten this to {longest} characters. It has {length}.",
    "note_too_long": "Shorten your note to {longest} characters. It has {length}.",
    "too_many_wishes": "End one you wait for first. You may wait for {most} at a time.",
    "wished_already": "Nothing to add: you wait for this already.",
    "wish_over": "Choose days from today on, within a year.",
    "patient_detail": "Take out what could point to a patient: {found}.",
    "patient_detail_in_note": "Take out what could point to a patient: {found}.",
    "key_reused": "Use a new key. This one came with another request before.",
    # A host invites
    "why_missing": "Enter a line that says why you invite them.",
    "why_too_long": "Shorten this to {longest} characters. It has {length}.",
    "patient_detail_in_why": "Take out what could point to a patient: {found}.",
    "too_many_invites": "Wait for an answer first. You may have {most} invitations open.",
    "invited_already": "Choose somebody else or other hours. They are invited to these already.",
    "leader_not_available": "Choose other hours or somebody else. They are not available then.",
    "invite_over": "Nothing to answer: this was answered, taken back or has lapsed.",
    # A meeting that others may come along to
    "meeting_confidential": (
        "Tick that nothing in it is confidential. Other meetings can’t be offered."
    ),
    "meeting_text_missing": "Enter what the meeting is called and where it is.",
    "meeting_text_too_long": "Shorten this to {longest} characters. It has {length}.",
    "patient_detail_in_meeting": "Take out what could point to a patient: {found}.",
    "meeting_hours": "Enter a time between {least} minutes and {most} hours after it begins.",
    "meeting_too_soon": "Choose a day within a year, {earliest} or later.",
    "meeting_seats": "Enter 1 to {most}.",
    "meeting_clash": "Choose another time. You have a shift or another meeting on offer then.",
    # A cohort day and its joint talk
    "cohort_text_missing": "Enter what the day is called and where its joint debrief is.",
    "cohort_text_too_long": "Shorten this to {longest} characters. It has {length}.",
    "patient_detail_in_cohort": "Take out what could point to a patient: {found}.",
    "cohort_day_too_soon": "Choose a day within a year, {first} or later: shifts need that notice.",
    "joint_talk_hours": "Choose {least} to {most} minutes, ending on the same day.",
    "joint_talk_too_soon": "Choose a later time. The last shift of the day ends {ends_at}.",
    "joint_talk_clash": "Choose another time. Something else is booked then for {names}.",
    "cohort_day_over": "The joint debrief has begun. The day stays as it was.",
    "talk_is_joint": (
        "This debrief is the joint one of a cohort day. The coordinator moves it for everybody."
    ),
    "nobody_invited": "Invite at least one person first.",
    "no_reverse_shadow": (
        "A cohort day needs at least one reverse shadow: a meeting on offer that day. "
        "Nothing is on offer yet."
    ),
    "too_many_invited": "A day holds {most} people. Choose fewer.",
    "cohort_move_not_allowed": "This day is open or called off already. Nothing was changed.",
    # A host's hours
    "booked_stay": "Look at the shifts that stay booked, then save again.",
    "limit_looser": (
        "Keep this limit as strict as it is. Your program doesn’t let hosts loosen one again; "
        "your coordinator can change that."
    ),
    "shifts_ahead": "Look at the shifts that would be cancelled, then stop again.",
    "no_unit": "Ask your program coordinator to add your unit and role. Then you can offer hours.",
    "allowance_needs_reason": "Enter a reason, in {longest} characters or fewer.",
    "nobody_there": "Check the email address. Nobody who could be meant has it.",
    "nobody_found": "Check the email address. Nobody in your program has it.",
    "allowance_needs_day": "Enter a day that is still to come.",
    "not_in_line": "Choose another host. These two are in no reporting line.",
    # A change that waits for an answer
    "change_waits": "Look at the shift. Another change of it waits for an answer already.",
    "no_hours": "Choose one to three other hours.",
    "too_many_hours": "Choose {most} at most.",
    "nothing_proposed": "Look at the shift again. This was answered, taken back or has lapsed.",
    "not_movable": "Look at the shift again. It can’t be moved any more.",
    # A unit
    "yes_each_time": "Take the tick out. A unit this sensitive says yes each time.",
    "authorization_missing": "Enter who authorized visits, under which reference, and until when.",
    "pause_too_short": "Choose a last day from today on, within a year.",
    "booked_in_the_way": "Look at the shifts that stay booked, then save again.",
    # People
    "role_not_yours": "Ask a system administrator. HR and system administrators are theirs to add.",
    "not_yourself": "Ask a colleague to do this. Nobody takes their own access away.",
    "in_a_circle": "Choose another manager. This one reports to the person you are changing.",
    "unit_missing": "Choose a unit and a role there. A clinician who hosts needs both.",
    # A program
    "cycles_meet": "Choose other days. They meet those of “{label}”.",
    "cycle_backwards": "Choose a last day after the first.",
    "looser_than_house": "Enter {house} or stricter. A program may not be looser than that.",
    "setting_out_of_limits": "Stay between {least} and {most}.",
    "nothing_to_undo": "Look at the shift. The minutes to undo this are over.",
    # A shift under way
    "move_not_allowed": "Look at the shift again. It has moved on, so this can’t be done now.",
    "check_in_too_early": "Come back later. Check-in opens {opens}.",
    "check_in_too_late": "Ask your coordinator to record the shift. Its planned end has passed.",
    "not_ready": "Do this first, then check in: {missing}.",
    "not_cleared_now": (
        "Wait with the check-in: the visitor is not cleared. The coordinator can help."
    ),
    # Requirements and credentials
    "requirement_move_not_allowed": "Look again. Where this requirement stands has changed.",
    "credential_move_not_allowed": "Look again. Where this stands has changed meanwhile.",
    "nothing_to_check": "Look again. Nothing waits to be checked here any more.",
    "own_credential": "Ask a colleague to do this. Nobody checks or waives their own.",
    "same_as_now": "Choose something else. That is how it is now.",
    "not_waivable": "Help the visitor to complete it. “{label}” cannot be waived.",
    "waiver_too_long": (
        "Choose a last day from today to {latest}. A waiver ends within {most} days."
    ),
    "not_ticked": "Read the words and tick them, or show the proof: whichever is asked for.",
    "new_words": "Read the words again. They changed while you were reading.",
    "not_from_partner": "Choose “no partner”. Another organization’s proof does not count here.",
    "ends_before_done": "Choose a last day after the day it was done.",
    "not_a_pointer": (
        "Take out: {found}. Say only where the proof is kept, like “LMS certificate 123”."
    ),
    "pointer_too_long": "Shorten this to {longest} characters. It has {length}.",
    "done_in_future": "Choose the day it was done, {today} at the latest.",
    "done_too_long_ago": "Check the year. It cannot have been done before {earliest}.",
    "reason_missing": "Enter a reason, in {longest} characters or fewer.",
    "reason_holds_finding": "Take out: {found}. A reason holds no result and nothing of a patient.",
    "well_needed": "Tick that you are well today. If you are not, stay home and cancel.",
    "no_show_too_soon": "Wait until {from_then}. They may only be late.",
    "settle_needs_reason": "Enter a reason, in {longest} characters or fewer.",
    # After a shift
    "follow_up_move_not_allowed": "Look again. This has moved on, so that can’t be done now.",
    "move_needs": "Add what is missing: {needs}.",
    "waiver_needs_reason": "Enter a reason, in {longest} characters or fewer.",
    "no_debrief": "Nothing to record: this shift has no talk held open.",
    "talk_clash": "Choose another time. One of you has something else then.",
    "marked_it_yourself": "Ask the other one. Only they can say that you have not talked yet.",
    "no_debrief_time": "Choose a time yourselves. None is free for both before {latest}.",
    "debrief_too_soon": "Choose a time from {earliest} on.",
    "debrief_too_late": "Choose a time before {latest}, or ask your coordinator.",
    "debrief_first": "Record that you talked first. Promises come after that.",
    "form_closed": "Look at the shift again. Nothing can be written here now.",
    "bad_answers": "Check the answers marked below: {count}.",
    "bad_template": "The questions cannot be shown. Tell your system administrator.",
    "bad_filter": "Choose other filters: these don’t go together.",
}

PROBLEMS: Final[Mapping[str, str]] = {
    "missing": "Enter something here.",
    "unknown_key": "Take this out: nothing is called that.",
    "unknown_field": "Take this out: nothing is called that.",
    "not_an_object": "Enter names with values here, in curly brackets.",
    "not_a_list": "Enter a list here, in square brackets.",
    "not_text": "Enter text here.",
    "not_true_or_false": "Enter true or false here.",
    "not_a_date": "Enter a day that is on the calendar, like 2027-03-12.",
    "bad_date": "Enter a day that is on the calendar, like Mar 12.",
    "not_a_time": "Enter a time, like 14:30.",
    "not_an_instant": "Enter an instant with its zone, like 2027-03-12T14:30:00Z.",
    "not_a_whole_number": "Enter a whole number.",
    "not_whole_numbers": "Enter whole numbers.",
    "not_hours": "Send hours with a start and an end, like 07:30.",
    "not_an_id": "Choose again: this one is not known.",
    "not_a_number": "Enter the phone number your program has of you.",
    "no_phone": "Choose email, or ask your coordinator to add your phone number.",
    "not_a_calendar_address": "Enter an address that begins with https:// or webcal://.",
    "no_file": "Choose a file.",
    "unreadable_file": "Choose another file. This one cannot be read: {why}.",
    "no_role": "Choose one role or more.",
    "unknown_person": "Choose somebody of your organization.",
    "not_an_address": "Enter an email address, like name@example.org.",
    "not_an_address join_at": (
        "Enter an address that begins with https://, or a phone number like +1 312 555 0188."
    ),
    "no_address": "Enter where to join: an address with https://, or a phone number.",
    "remote_is_off": "Choose “Beside you”. This unit lets nobody join from elsewhere.",
    "below_unit": "Choose the unit’s level or one above it.",
    "out_of_range": "Stay between {least} and {most}.",
    "too_many": "Enter fewer: {most} at most.",
    "too_long": "Shorten this.",
    "too_short": "Choose a longer time.",
    "bad_key": "Enter 1 to 100 plain characters here.",
    "unknown": "Choose one of these.",
    "unknown_choice": "Choose one of these.",
    "unknown_address": "Enter the email address of somebody of your organization.",
    "unknown_code": "Choose one of these.",
    "unknown_cursor": "Start again from the first page.",
    "unknown_zone": "Enter the name of a time zone, like America/Chicago.",
    "unknown_weekday": "Enter days as mon, tue, wed, thu, fri, sat or sun.",
    "end_before_start": "Choose an end after the start.",
    "ends_before_start": "Choose an end after the start.",
    "contradicts": "Choose one: closed, or hours.",
    "outside_shift": "Choose hours inside the shift.",
    "outside_shift came": "Enter when the visitor came, up to the planned end.",
    "outside_shift left": "Enter when the visitor left, up to an hour after the planned end.",
    "not_yet": "Enter a time that is past.",
    "outside_shift end": "Choose an end time after the start time, before the shift ends.",
    "too_short end": "Choose an end time {least} or more after the start time.",
    "in_handover": "Choose {earliest} or later, or tick that you show the handoff too.",
    "in_private_handover": "Choose {earliest} or later. Handoff is private on this unit.",
    "not_on_that_day": "Choose a shift that is worked on that day.",
    "overlaps": "Choose other hours. You have {begins} to {ends} in “{shift}” then.",
}
"""What to do about a value that cannot be, by the code of its problem; or problem and field."""

STATUS: Final[Mapping[str, int]] = {
    "not_found": 404,
    "not_allowed": 404,
    "not_yours": 404,
    "not_signed_in": 401,
    "too_many_tries": 429,
    "database_busy": 503,
}
"""The HTTP status of a refusal; 422 where it concerns a field, else 409."""


def sentence(refusal: Refusal, zone: str = "UTC", *, at: datetime | None = None) -> str:
    """Word a refusal.

    Args:
        refusal: What was refused.
        zone: On whose clock its instants are told.
        at: Now; years that are not this one are named.
    """
    pattern = SENTENCES.get(refusal.code, SENTENCES["refused"])
    if refusal.code in ("bad_value", "bad_filter"):
        problem = str(refusal.facts.get("problem"))
        pattern = PROBLEMS.get(problem, pattern)
        pattern = PROBLEMS.get(f"{problem} {field_of(refusal)}", pattern)
    today = at.astimezone(ZoneInfo(zone)).date() if at else None
    names = {name for _, name, _, _ in Formatter().parse(pattern) if name}
    if not names <= set(refusal.facts):
        return SENTENCES["bad_value" if refusal.code == "bad_value" else "refused"]
    said = {name: _said(refusal.facts[name], zone, today) for name in names}
    return pattern.format_map(said).replace("Wait 1 minutes", "Wait 1 minute")


def status_of(refusal: Refusal) -> int:
    """Give the HTTP status that a refusal is answered with."""
    return STATUS.get(refusal.code, 422 if field_of(refusal) else 409)


def field_of(refusal: Refusal) -> str:
    """Name the field a refusal concerns; empty where it concerns the whole."""
    told = refusal.facts.get("field", "")
    return refusal.field or (told if isinstance(told, str) else "")


def _said(fact: object, zone: str, today: date | None) -> str:
    if isinstance(fact, datetime):
        return moment(fact, zone, today=today)
    if isinstance(fact, date):
        noon = datetime(fact.year, fact.month, fact.day, 12, tzinfo=ZoneInfo("UTC"))
        return day_short(noon, "UTC", today=today)
    if isinstance(fact, timedelta):
        return length(fact // timedelta(minutes=1))
    if isinstance(fact, Enum):
        return str(fact.value).replace("_", " ")
    if isinstance(fact, tuple | list | set | frozenset):
        # A label that is a sentence of its own ends where the list goes on.
        return listed([_said(one, zone, today).rstrip(".") for one in fact])
    return wall_clock(str(fact))


def wall_clock(text: str) -> str:
    """Say a time that is kept as "19:30" as people do; give any other text back."""
    if not WALL_CLOCK.fullmatch(text):
        return text
    at = datetime.combine(date.min, time.fromisoformat(text), ZoneInfo("UTC"))
    return time_of_day(at, "UTC")


def listed(words: list[str]) -> str:
    """Join words as people do: "one, two and three"."""
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
