"""One mail of every kind, with facts that make its words show what they can do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tracker.mail import (
    words_candidates,
    words_interviews,
    words_nudges,
    words_outcomes,
    words_people,
    words_reminders,
)
from tracker.mail.links import url, url_for_person
from tracker.mail.messages import Address, Mail, Words, with_own_page
from tracker.mail.words_interviews import Meeting
from tracker.mail.words_nudges import Away, NudgeItem
from tracker.mail.words_reminders import Held, Reminded
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import Role
from tracker.rules.stages import DecisionKind

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 4, 22, 59, 59, tzinfo=UTC)
ADA = Address("Ada Lovelace", "ada@candidates.example")
RITA = Address("Rita Recruiter", "rita@tracker.example")
IAN = Address("Ian Interviewer", "ian@tracker.example")
WORKS = "Example Works"
TITLE = "Security Engineer"
BY = "by Fri 4 Dec 2026, 23:59 (Europe/Berlin)"


def meeting(
    number: int = 1,
    *,
    zone: str = "Europe/Berlin",
    sequence: int = 0,
    is_cancelled: bool = False,
    before: datetime | None = None,
) -> Meeting:
    starts_at = START + timedelta(hours=number - 1)
    return Meeting(
        uid=f"uid-{number}",
        sequence=sequence,
        name=f"Interview {number}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="https://meet.example/room",
        zone=zone,
        with_whom="Ian Interviewer",
        is_cancelled=is_cancelled,
        before=(before, before + timedelta(hours=1)) if before else None,
    )


def reminded(number: int = 1, zone: str = "Europe/Berlin") -> Reminded:
    starts_at = START + timedelta(hours=number - 1)
    return Reminded(f"Interview {number}", starts_at, starts_at + timedelta(hours=1), zone, "https://meet.example/room")


def item(
    kind: DeadlineKind = DeadlineKind.SCORECARD,
    role: Role = Role.INTERVIEWER,
    *,
    stopped_after: int | None = None,
    away: tuple[Away, ...] = (),
    is_about_absence: bool = False,
    is_owner: bool = True,
    is_overdue: bool = False,
) -> NudgeItem:
    return NudgeItem(
        kind=kind,
        role=role,
        due_at=DUE,
        zone="America/New_York",
        is_overdue=is_overdue,
        candidate="Ada Lovelace",
        title=TITLE,
        owner="Ian Interviewer",
        is_owner=is_owner,
        url=url_for_person("/scorecards/7" if is_owner else "/applications/3", 5, now=NOW),
        stopped_after=stopped_after,
        away=away,
        is_about_absence=is_about_absence,
    )


def nudge(*items: NudgeItem) -> Mail:
    return words_nudges.nudges(receiver=IAN, organisation=WORKS, items=items)


IAN_AWAY = Away("Ian Interviewer", date(2026, 12, 11))
PROMISE = DeadlineKind.PROMISE
SAMPLES: dict[str, Callable[[], Mail]] = {
    "nudge": lambda: nudge(item()),
    "nudge-overdue-promise": lambda: nudge(item(PROMISE, Role.RECRUITER, is_overdue=True)),
    "nudge-of-others": lambda: nudge(item(role=Role.RECRUITER, is_owner=False, is_overdue=True)),
    "nudge-gave-up": lambda: nudge(item(role=Role.RECRUITER, stopped_after=10, is_owner=False, is_overdue=True)),
    "nudge-of-somebody-away": lambda: nudge(
        item(role=Role.RECRUITER, away=(IAN_AWAY,), is_about_absence=True, is_owner=False)
    ),
    "digest": lambda: nudge(
        item(DeadlineKind.DEBRIEF, Role.OWNER),
        item(),
        item(role=Role.RECRUITER, away=(IAN_AWAY,), is_owner=False, is_overdue=True),
        item(PROMISE, Role.RECRUITING_LEAD, is_owner=False, is_overdue=True),
    ),
    "reminder_interviewer": lambda: words_reminders.for_interviewer(
        reminded(),
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        kit_url=url("/interviews/7"),
    ),
    "reminder_candidate": lambda: words_reminders.for_candidate(
        [reminded(1, "Asia/Kolkata")], receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA
    ),
    "reminder_candidate-of-a-day": lambda: words_reminders.for_candidate(
        [reminded(1), reminded(2)], receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA
    ),
    "interviewer_away": lambda: words_reminders.interviewer_away(
        receiver=RITA,
        organisation=WORKS,
        interviewer="Ian Interviewer",
        days="Mon 23 Nov 2026 to Fri 4 Dec 2026",
        interviews=[
            Held(reminded(1), "Ada Lovelace", TITLE, url("/applications/3")),
            Held(reminded(3), "Bo Candidate", TITLE, url("/applications/4")),
        ],
    ),
    "interview_invitation": lambda: words_interviews.interview_invitation(
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        meeting=meeting(),
        competencies=["Cryptography", "Ownership"],
        kit_url=url("/interviews/7"),
        recruiter=RITA,
        now=NOW,
    ),
    "interview_changed": lambda: words_interviews.interview_invitation(
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        meeting=meeting(sequence=1),
        competencies=[],
        kit_url=url("/interviews/7"),
        recruiter=RITA,
        now=NOW,
    ),
    "interview_withdrawn": lambda: words_interviews.interview_withdrawn(
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        meeting=meeting(sequence=1),
        recruiter=RITA,
        now=NOW,
    ),
    "screen_invitation": lambda: words_interviews.screen_invitation(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meeting=meeting(zone="America/New_York"),
        recruiter=RITA,
        now=NOW,
    ),
    "goes_on": lambda: words_candidates.goes_on(receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA),
    "reopened": lambda: words_candidates.reopened(receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA),
    "screen_invitation-with-own-page": lambda: with_own_page(SAMPLES["screen_invitation"](), url("/my/token")),
    "screen_changed": lambda: words_interviews.screen_invitation(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meeting=meeting(sequence=1, before=START - timedelta(days=1)),
        recruiter=RITA,
        now=NOW,
    ),
    "screen_cancelled": lambda: words_interviews.screen_cancelled(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meeting=meeting(sequence=1, is_cancelled=True),
        recruiter=RITA,
        now=NOW,
    ),
    "loop_schedule": lambda: words_interviews.loop_schedule(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meetings=[meeting(1), meeting(2)],
        promise="",
        preparation="",
        recruiter=RITA,
        is_change=False,
        now=NOW,
    ),
    "loop_changed": lambda: words_interviews.loop_schedule(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meetings=[meeting(1), meeting(2, sequence=1, before=START), meeting(3, sequence=2, is_cancelled=True)],
        promise="Fri 4 Dec 2026",
        preparation="**Read** [our principles](https://works.example/principles).",
        recruiter=RITA,
        is_change=True,
        now=NOW,
    ),
    "interviews_cancelled": lambda: words_interviews.loop_cancelled(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meetings=[meeting(1, sequence=1, is_cancelled=True), meeting(2, sequence=1, is_cancelled=True)],
        recruiter=RITA,
        now=NOW,
    ),
    "interview_declined": lambda: words_interviews.declined(
        "interview_declined",
        receiver=RITA,
        organisation=WORKS,
        interviewer=IAN.name,
        candidate=ADA.name,
        title=TITLE,
        meeting=meeting(2),
        link=url("/applications/3/loop/interviews/2/replace"),
    ),
    "scorecard_declined": lambda: words_interviews.declined(
        "scorecard_declined",
        receiver=RITA,
        organisation=WORKS,
        interviewer=IAN.name,
        candidate=ADA.name,
        title=TITLE,
        meeting=meeting(2),
        link=url("/scorecards/7/waive"),
    ),
    "scorecard_entered": lambda: words_people.scorecard_entered(
        receiver=IAN,
        organisation=WORKS,
        typist=RITA.name,
        candidate=ADA.name,
        title=TITLE,
        meeting=meeting(2),
        link=url("/scorecards/7"),
    ),
    "promise_moved": lambda: words_candidates.promise_moved(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        promise="Tue 8 Dec 2026, 23:59 (Europe/Berlin)",
        promise_before="Fri 4 Dec 2026, 23:59 (Europe/Berlin)",
        why="One of your interviewers is ill, and we want to hear everybody before we decide. We are sorry.",
        recruiter=RITA,
    ),
    "application_received": lambda: words_candidates.application_received(
        receiver=ADA, organisation=WORKS, title=TITLE, team="Security", status_url=url("/my/token")
    ),
    "application_known": lambda: words_candidates.application_known(
        receiver=ADA, organisation=WORKS, title=TITLE, status_url=url("/my/token")
    ),
    "status_link": lambda: words_candidates.status_link(
        receiver=ADA, organisation=WORKS, title=TITLE, status_url=url("/my/token")
    ),
    "closed": lambda: words_candidates.closed(
        receiver=ADA, organisation=WORKS, title=TITLE, recruiter="Rita Recruiter"
    ),
    "withdrawn": lambda: words_candidates.withdrawn(receiver=ADA, organisation=WORKS, title=TITLE),
    "erased": lambda: words_candidates.erased(receiver=ADA, organisation=WORKS, title=TITLE),
    "debrief_ready": lambda: words_outcomes.debrief_ready(
        receiver=IAN, organisation=WORKS, candidate="Ada Lovelace", requisition=TITLE, due=BY, application_id=3
    ),
    "debrief_vote": lambda: words_outcomes.debrief_vote(
        receiver=IAN, organisation=WORKS, candidate="Ada Lovelace", requisition=TITLE, due=BY, application_id=3
    ),
    "decision_made": lambda: words_outcomes.decision_made(
        receiver=IAN, organisation=WORKS, candidate="Ada Lovelace", requisition=TITLE, due=BY, application_id=3
    ),
    "outcome_hire": lambda: words_outcomes.draft(
        DecisionKind.HIRE, receiver=ADA, organisation=WORKS, requisition=TITLE, recruiter="Rita Recruiter"
    ),
    "outcome_no_hire": lambda: words_outcomes.draft(
        DecisionKind.NO_HIRE, receiver=ADA, organisation=WORKS, requisition=TITLE, recruiter="Rita Recruiter"
    ),
    "outcome": lambda: words_outcomes.outcome(
        receiver=ADA,
        organisation=WORKS,
        words=Words("Your application", "Dear Ada,\n\nwe are glad to offer you the role {{ requisition }}."),
    ),
    "welcome": lambda: words_people.password_link("welcome", receiver=IAN, organisation=WORKS, link=url("/set/x")),
    "forgotten": lambda: words_people.password_link("forgotten", receiver=IAN, organisation=WORKS, link=url("/set/x")),
}
