"""The e-mails to candidates. Their fields hold nothing that the candidate may not know."""

from tracker.mail.merge_fields import (
    CANDIDATE,
    CANDIDATES,
    ORGANISATION,
    PLACE,
    RECRUITER,
    RECRUITER_EMAIL,
    REQUISITION,
    WHEN,
    WHEN_BEFORE,
    Field,
    Kind,
)

# What a candidate is told of the interviews by a plan that says nothing of its own about preparing for them.
HOW_ASKED = (
    "Each interviewer asks about different things: two or three questions about your past work, what you did, how and "
    "why. A good answer tells the situation, your task, your action and the result, with numbers where you have them. "
    "There are no brain teasers."
)
APPLIED = "You get this e-mail because you applied to {{ organisation }}."
APPLICATION = "You get this e-mail because of an application at {{ organisation }}."

_OWN_PAGE = Field(
    "link",
    "the link to the candidate’s own page",
    "https://hiring.example.org/my/…",
    is_fact=True,
    is_needed=True,
)
_BASICS = (CANDIDATE, REQUISITION, ORGANISATION)
_WITH_RECRUITER = (*_BASICS, RECRUITER, RECRUITER_EMAIL)
_SCREEN = (
    *_WITH_RECRUITER,
    WHEN,
    Field("minutes", "how long it lasts, in minutes", "60", is_fact=True),
    Field("interviewer", "who holds it", "Ian Interviewer", is_fact=True),
    PLACE,
)
_LOOP = (
    *_WITH_RECRUITER,
    Field(
        "schedule",
        "all interviews by time, with people and places; where one was moved, the time before too",
        "1. Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)\n   With Ian Interviewer\n   https://meet.example/room",
        is_fact=True,
        is_needed=True,
    ),
    Field(
        "promise",
        "when the outcome is due; empty while its clock stands",
        "Fri 4 Dec 2026, 23:59 (Europe/Berlin)",
        is_fact=True,
        is_needed=True,
    ),
    Field("how_asked", "how the interviews are held; empty where the interview plan says how to prepare", HOW_ASKED),
    Field("preparation", "how to prepare, as the interview plan says it", "Read our principles."),
)
_APOLOGY = Field(
    "apology",
    "that the promise was broken; empty where it was not",
    "You were to hear from us by Fri 4 Dec 2026, 23:59 (Europe/Berlin). We are late, and we are sorry.",
)
_ARRANGING = Field(
    "arranging",
    "how the interviews find a time: it asks when the candidate can come, unless that was said already",
    "Say on your own page when you can come: its address is at the foot of this e-mail. "
    "Rita Recruiter arranges the interviews within these times.",
)
_IN_TOUCH = Field(
    "in_touch", "who gets in touch about what comes next; empty where the application has ended", "Rita Recruiter"
)
_CANCELLED = (
    *_WITH_RECRUITER,
    _IN_TOUCH,
    Field(
        "interviews",
        "what is cancelled, with the times",
        "- Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)",
        is_fact=True,
        is_needed=True,
    ),
)
_PROMISE_MOVED = (
    *_WITH_RECRUITER,
    Field(
        "promise",
        "when the outcome is due now",
        "Tue 8 Dec 2026, 23:59 (Europe/Berlin)",
        is_fact=True,
        is_needed=True,
    ),
    Field(
        "promise_before",
        "the date that was told before; empty where none was",
        "Fri 4 Dec 2026, 23:59 (Europe/Berlin)",
        is_fact=True,
    ),
    Field("why", "why it takes longer, in words for the candidate; empty where none were given", "We are thorough."),
)
_REMINDER = (
    *_WITH_RECRUITER,
    Field("your_interviews", "“your interview” or “your interviews”, as many as there are", "your interview"),
    Field(
        "when",
        "when it is, or when the first of them begins",
        "Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)",
        is_fact=True,
    ),
    Field("day", "the day of them", "Fri 27 Nov 2026", is_fact=True),
    Field(
        "interviews",
        "the interviews of that day, with times and places",
        "- 10:00–11:00 (Europe/Berlin), https://meet.example/room",
        is_fact=True,
        is_needed=True,
    ),
)


def _kind(name: str, label: str, sent: str, fields: tuple[Field, ...], why: str) -> Kind:
    return Kind(name, label, CANDIDATES, sent, fields, why)


TO_CANDIDATES = (
    _kind(
        "application_received",
        "Application received",
        "When an application comes in, by the careers page or by hand",
        (*_BASICS, Field("requisition_with_team", "title and team", "Security Engineer (Platform)"), _OWN_PAGE),
        APPLIED,
    ),
    _kind(
        "application_known",
        "Applied again",
        "When somebody applies who has an application there already",
        (*_BASICS, _OWN_PAGE),
        APPLIED,
    ),
    _kind("status_link", "New link", "When a candidate asks for a new link", (*_BASICS, _OWN_PAGE), APPLIED),
    _kind("screen_invitation", "Phone screen: invitation", "When a phone screen is arranged", _SCREEN, APPLICATION),
    _kind(
        "screen_changed",
        "Phone screen: changed",
        "When it is moved or handed over",
        (*_SCREEN, WHEN_BEFORE),
        APPLICATION,
    ),
    _kind(
        "screen_cancelled",
        "Phone screen: cancelled",
        "When it is called off",
        (*_WITH_RECRUITER, _IN_TOUCH, WHEN),
        APPLICATION,
    ),
    _kind(
        "goes_on",
        "Phone screen: goes on",
        "When the phone screen was good and a loop is to be arranged",
        (*_WITH_RECRUITER, _ARRANGING),
        APPLICATION,
    ),
    _kind("loop_schedule", "Loop: schedule", "When a loop is sent", _LOOP, APPLICATION),
    _kind("loop_changed", "Loop: schedule changed", "When interviews of a loop change", _LOOP, APPLICATION),
    _kind(
        "interviews_cancelled",
        "Loop: interviews cancelled",
        "When interviews of a loop are called off",
        _CANCELLED,
        APPLICATION,
    ),
    _kind(
        "promise_moved",
        "Outcome: another date",
        "When a promise is extended, runs again after a pause or a reopening, or a changed calendar or limit moves it",
        _PROMISE_MOVED,
        APPLICATION,
    ),
    _kind(
        "reminder_candidate",
        "Reminder of interviews",
        "The day before, and an hour before",
        _REMINDER,
        APPLIED,
    ),
    _kind(
        "outcome_hire",
        "Outcome: hire",
        "What the recruiter begins with, who sends it after a decision to hire",
        (*_BASICS, RECRUITER, _APOLOGY),
        APPLIED,
    ),
    _kind(
        "outcome_no_hire",
        "Outcome: no hire",
        "What the recruiter begins with, who sends it after a decision not to hire",
        (*_BASICS, RECRUITER, _APOLOGY),
        APPLIED,
    ),
    _kind(
        "closed",
        "Goes no further",
        "When an application ends without a loop’s outcome, and the candidate is told",
        (*_BASICS, RECRUITER),
        APPLIED,
    ),
    _kind("reopened", "Considered again", "When a closed application is opened again", _WITH_RECRUITER, APPLICATION),
    _kind("withdrawn", "Withdrawal confirmed", "When a candidate withdraws on the own page", _BASICS, APPLIED),
    _kind(
        "erased",
        "Data erased",
        "When a candidate’s data was erased by hand, and he or she is told so for the last time",
        _BASICS,
        APPLIED,
    ),
)
