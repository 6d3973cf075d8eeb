"""The mails about an application's beginning and end, the debrief and the outcome; and those about accounts."""

from collections.abc import Callable

from tests.mail.samples.facts import ADA, IAN, RITA, TITLE, WORKS
from tracker.mail import words_candidates, words_outcomes, words_people
from tracker.mail.links import url
from tracker.mail.messages import Mail, Words
from tracker.rules.stages import DecisionKind

BY = "by Fri 4 Dec 2026, 23:59 (Europe/Berlin)"
OF_APPLICATIONS: dict[str, Callable[[], Mail]] = {
    "application_received": lambda: words_candidates.application_received(
        receiver=ADA, organisation=WORKS, title=TITLE, team="Security", status_url=url("/my/token")
    ),
    "application_known": lambda: words_candidates.application_known(
        receiver=ADA, organisation=WORKS, title=TITLE, status_url=url("/my/token")
    ),
    "status_link": lambda: words_candidates.status_link(
        receiver=ADA, organisation=WORKS, title=TITLE, status_url=url("/my/token")
    ),
    "goes_on": lambda: words_candidates.goes_on(receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA),
    "goes_on-with-times": lambda: words_candidates.goes_on(
        receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA, has_given_times=True
    ),
    "closed": lambda: words_candidates.closed(
        receiver=ADA, organisation=WORKS, title=TITLE, recruiter="Rita Recruiter"
    ),
    "reopened": lambda: words_candidates.reopened(receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA),
    "withdrawn": lambda: words_candidates.withdrawn(receiver=ADA, organisation=WORKS, title=TITLE),
    "erased": lambda: words_candidates.erased(receiver=ADA, organisation=WORKS, title=TITLE),
    "promise_moved": lambda: words_candidates.promise_moved(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        promise="Tue 8 Dec 2026, 23:59 (Europe/Berlin)",
        promise_before="Fri 4 Dec 2026, 23:59 (Europe/Berlin)",
        why="One of your interviewers is ill, and we want to hear everybody before we decide. We are sorry.",
        recruiter=RITA,
    ),
    "debrief_ready": lambda: words_outcomes.debrief_ready(
        receiver=IAN, organisation=WORKS, candidate="Ada Lovelace", requisition=TITLE, due=BY, application_id=3
    ),
    "debrief_ready-led-by-somebody-else": lambda: words_outcomes.debrief_ready(
        receiver=RITA,
        organisation=WORKS,
        candidate="Ada Lovelace",
        requisition=TITLE,
        due=BY,
        application_id=3,
        led_by="Hanna Manager",
    ),
    "debrief_vote": lambda: words_outcomes.debrief_vote(
        receiver=IAN, organisation=WORKS, candidate="Ada Lovelace", requisition=TITLE, due=BY, application_id=3
    ),
    "decision_made": lambda: words_outcomes.decision_made(
        receiver=IAN, organisation=WORKS, candidate="Ada Lovelace", requisition=TITLE, due=BY, application_id=3
    ),
    "decision_changed": lambda: words_outcomes.decision_made(
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        requisition=TITLE,
        due=BY,
        application_id=3,
        is_anew=True,
    ),
    "outcome_hire": lambda: words_outcomes.draft(
        DecisionKind.HIRE, receiver=ADA, organisation=WORKS, requisition=TITLE, recruiter="Rita Recruiter"
    ),
    "outcome_no_hire": lambda: words_outcomes.draft(
        DecisionKind.NO_HIRE, receiver=ADA, organisation=WORKS, requisition=TITLE, recruiter="Rita Recruiter"
    ),
    "outcome_no_hire-late": lambda: words_outcomes.draft(
        DecisionKind.NO_HIRE,
        receiver=ADA,
        organisation=WORKS,
        requisition=TITLE,
        recruiter="Rita Recruiter",
        late_since="Fri 4 Dec 2026, 23:59 (Europe/Berlin)",
    ),
    "outcome": lambda: words_outcomes.outcome(
        receiver=ADA,
        organisation=WORKS,
        words=Words("Your application", "Dear Ada,\n\nwe are glad to offer you the role {{ requisition }}."),
    ),
    "welcome": lambda: words_people.password_link("welcome", receiver=IAN, organisation=WORKS, link=url("/set/x")),
    "forgotten": lambda: words_people.password_link("forgotten", receiver=IAN, organisation=WORKS, link=url("/set/x")),
}
