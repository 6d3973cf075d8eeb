"""The mails about interviews: to those who hold them, and to candidates."""

from collections.abc import Callable
from datetime import timedelta

from tests.mail.samples.facts import ADA, IAN, NOW, RITA, START, TITLE, WORKS, meeting, notice
from tracker.mail import words_interviews, words_people
from tracker.mail.links import url
from tracker.mail.messages import Mail, with_own_page


def loop_cancelled(*, goes_on: bool) -> Mail:
    return words_interviews.loop_cancelled(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meetings=[meeting(2, sequence=1, is_cancelled=True), meeting(1, sequence=1, is_cancelled=True)],
        recruiter=RITA,
        goes_on=goes_on,
        now=NOW,
    )


OF_INTERVIEWS: dict[str, Callable[[], Mail]] = {
    "interview_invitation": lambda: words_interviews.interview_invitation(
        notice(IAN, meeting()),
        competencies=["Cryptography", "Ownership"],
        kit_url=url("/interviews/7"),
        link=url("/go/token"),
        now=NOW,
    ),
    "interview_invitation-stepping-in": lambda: words_interviews.interview_invitation(
        notice(IAN, meeting(sequence=1)),
        competencies=["Cryptography"],
        kit_url=url("/interviews/7"),
        link=url("/go/token"),
        instead_of="Ines Interviewer",
        now=NOW,
    ),
    "interview_changed": lambda: words_interviews.interview_invitation(
        notice(IAN, meeting(sequence=1)),
        competencies=[],
        kit_url=url("/interviews/7"),
        link=url("/go/token"),
        is_change=True,
        now=NOW,
    ),
    "interview_withdrawn": lambda: words_interviews.interview_withdrawn(notice(IAN, meeting(sequence=1)), now=NOW),
    "screen_invitation": lambda: words_interviews.screen_invitation(
        receiver=ADA,
        organisation=WORKS,
        title=TITLE,
        meeting=meeting(zone="America/New_York"),
        recruiter=RITA,
        now=NOW,
    ),
    "screen_invitation-with-own-page": lambda: with_own_page(OF_INTERVIEWS["screen_invitation"](), url("/my/token")),
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
        goes_on=True,
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
    "interviews_cancelled": lambda: loop_cancelled(goes_on=True),
    "interviews_cancelled-of-a-closed-application": lambda: loop_cancelled(goes_on=False),
    "interview_declined": lambda: words_interviews.declined(
        "interview_declined",
        notice(RITA, meeting(2)),
        interviewer=IAN.name,
        link=url("/applications/3/loop/interviews/2/replace"),
    ),
    "scorecard_declined": lambda: words_interviews.declined(
        "scorecard_declined",
        notice(RITA, meeting(2)),
        interviewer=IAN.name,
        link=url("/scorecards/7/waive"),
    ),
    "scorecard_entered": lambda: words_people.scorecard_entered(
        notice(IAN, meeting(2)),
        typist=RITA.name,
        link=url("/scorecards/7"),
    ),
}
