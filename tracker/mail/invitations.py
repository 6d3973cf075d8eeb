"""Calendar files of interviews: RFC 5545 (what is in them), 5546 (what they ask for), 6047 (how mails carry them)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr

from flask import current_app
from icalendar import Calendar as Ics
from icalendar import Event as IcsEvent
from icalendar import vCalAddress, vText, vUri

from tracker.mail.clean import many_lines, one_line
from tracker.mail.messages import Mail, Method


@dataclass(frozen=True)
class Event:
    """One interview as a calendar shows it. ``uid`` and ``sequence`` are the interview's own; moments are UTC.

    ``summary`` and ``description`` are words for this receiver: an interviewer's are not a candidate's, and neither
    holds anything of an evaluation. ``url`` is a page that this receiver may open, or empty. What ``takes_time`` keeps
    its receiver busy. ``answers_to`` is the address that its receiver's answer comes back to, empty: the sender's.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""
    place: str = ""
    url: str = ""
    is_cancelled: bool = False
    takes_time: bool = True
    answers_to: str = ""


def request(mail: Mail, event: Event, *, organizer: str, now: datetime) -> Mail:
    """Return the mail with an invitation of its receiver, or with the change of one (a higher sequence).

    ``organizer`` is the name of the recruiter; answers go to the event's address, or to the tracker's own.
    """
    return _attach(mail, "REQUEST", [event], organizer, now)


def cancel(mail: Mail, event: Event, *, organizer: str, now: datetime) -> Mail:
    """Return the mail with what takes the event out of its receiver's calendar."""
    return _attach(mail, "CANCEL", [replace(event, is_cancelled=True)], organizer, now)


def publish(mail: Mail, events: Sequence[Event], *, organizer: str, now: datetime) -> Mail:
    """Return the mail with several events at once, cancelled ones among them.

    A request may hold one event only (RFC 5546, section 3.2.2); a candidate's schedule is published instead.
    """
    return _attach(mail, "PUBLISH", events, organizer, now)


def _attach(mail: Mail, method: Method, events: Sequence[Event], organizer: str, now: datetime) -> Mail:
    calendar = empty_calendar()
    calendar.add("method", method)
    for event in events:
        component = component_of(event, now)
        answers_to = event.answers_to or parseaddr(current_app.config["TRACKER"].mail_from)[1]
        component["ORGANIZER"] = _mailbox(organizer, answers_to)
        if method != "PUBLISH":
            component["ATTENDEE"] = _attendee(mail, method)
        calendar.add_component(component)
    return replace(mail, calendar=calendar.to_ical(), method=method)


def empty_calendar() -> Ics:
    """Return a calendar that says who made it, and nothing else."""
    calendar = Ics()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Tracker//Recruiting tracker//EN")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def component_of(event: Event, stamp: datetime) -> IcsEvent:
    """Return the event without its people. ``stamp`` (UTC) is its DTSTAMP (RFC 5545, section 3.8.7.2)."""
    component = IcsEvent()
    component.add("uid", vText(one_line(event.uid)))
    component.add("sequence", event.sequence)
    component.add("dtstamp", stamp)
    component.add("dtstart", event.starts_at)
    component.add("dtend", event.ends_at)
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if not event.takes_time:
        component.add("transp", "TRANSPARENT")
    component.add("summary", vText(one_line(event.summary)))
    if event.description:
        component.add("description", vText(many_lines(event.description)))
    if event.place:
        component.add("location", vText(one_line(event.place)))
    if event.url:
        component["URL"] = vUri(one_line(event.url))
    return component


def _attendee(mail: Mail, method: Method) -> vCalAddress:
    attendee = _mailbox(mail.receiver.name, mail.receiver.email)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    if method == "REQUEST":
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        attendee.params["RSVP"] = "TRUE"
    return attendee


def _mailbox(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if shown := one_line(name).replace('"', "'"):
        address.params["CN"] = shown
    return address
