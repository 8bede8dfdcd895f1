"""Letters as the mail programs people use answer an invitation."""

from email.message import EmailMessage
from email.policy import SMTP

UID = "shadow-0123456789abcdef0123456789abcdef@hospital.example"
OFFICE = "shadowing@hospital.example"


def calendar(*lines, method="REPLY", uid=UID, sequence=0, stamp="20270308T150000Z"):
    """Write a calendar object; *lines* go into its event."""
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            "PRODID:-//Somebody//Their program//EN",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SEQUENCE:{sequence}",
            f"DTSTAMP:{stamp}",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
    )


def attendee(email, partstat="ACCEPTED", more=""):
    """Write the line of who answers."""
    return f"ATTENDEE;PARTSTAT={partstat}{more}:mailto:{email}"


def letter(sender, text, *, method="REPLY", kind="text/calendar", as_file=False, **headers):
    """Write a letter with a calendar object, the way most programs do."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = OFFICE
    message["Subject"] = headers.pop("subject", "Accepted: Shadow shift")
    message["Message-ID"] = headers.pop(
        "message_id", f"<{abs(hash((sender, text)))}@their.example>"
    )
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("I accept.")
    main, sub = kind.split("/")
    params = {"method": method} if method else {}
    data = text if isinstance(text, bytes) else text.encode()
    if as_file:
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename="invite.ics"
        )
    else:
        message.add_alternative("", subtype="html")
        message.get_payload()[-1].set_content(
            data, maintype=main, subtype=sub, cte="base64", params=params
        )
    return message.as_bytes()


def outlook(email, partstat="ACCEPTED", **more):
    """Answer as Exchange does: no organizer, Windows zone names, a summary of its own."""
    text = calendar(
        f"ATTENDEE;PARTSTAT={partstat};CN=Raj:MAILTO:{email}",
        "SUMMARY;LANGUAGE=en-US:Accepted: Shadow shift",
        "DTSTART;TZID=Central Standard Time:20270315T200000",
        "DTEND;TZID=Central Standard Time:20270315T230000",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        **more,
    )
    return letter(f"Raj <{email}>", text, subject="Accepted: Shadow shift")


def gmail(email, partstat="ACCEPTED", **more):
    """Answer as Google does: the object twice, in the text and as a file."""
    text = calendar(
        "DTSTART:20270316T010000Z",
        "DTEND:20270316T040000Z",
        f"ORGANIZER;CN=Shadowing:mailto:{OFFICE}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Raj;X-NUM-GUESTS=0:",
        f" mailto:{email}",
        **more,
    )
    return letter(f"Raj <{email}>", text)


def apple(email, partstat="ACCEPTED", **more):
    """Answer as Apple's does: quoted names, words of one's own, no method in the header."""
    text = calendar(
        f'ATTENDEE;CN="Raj L";CUTYPE=INDIVIDUAL;EMAIL="{email}";PARTSTAT={partstat}:mailto:{email}',
        f'ORGANIZER;CN="Shadowing":mailto:{OFFICE}',
        "COMMENT:On my way",
        **more,
    )
    return letter(f"Raj <{email}>", text, kind="application/ics", method="")


def thunderbird(email, partstat="ACCEPTED", **more):
    """Answer as Thunderbird does: the organizer answers too, a name with accents."""
    text = calendar(
        f"ATTENDEE;CN=Raj;PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{email}",
        f"ORGANIZER;CN=Shadowing;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:{OFFICE}",
        "X-MOZ-RECEIVED-SEQUENCE:0",
        **more,
    )
    return letter(f"=?UTF-8?Q?R=C3=A1j?= <{email}>", text)


PROGRAMS = (outlook, gmail, apple, thunderbird)


def bounce(recipient, message_id, *, action="failed", status="5.1.1"):
    """Report that a letter did not arrive (RFC 3464)."""
    return f"""From: MAILER-DAEMON@relay.example
To: {OFFICE}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{abs(hash((recipient, message_id, action)))}@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

It did not arrive.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--part
Content-Type: message/rfc822

From: {OFFICE}
To: {recipient}
Message-ID: {message_id}
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
METHOD:REPLY
END:VCALENDAR

--part--
""".replace("\n", "\r\n").encode()
