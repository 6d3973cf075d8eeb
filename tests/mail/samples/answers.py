"""The mails about answers to invitations."""

from collections.abc import Callable
from dataclasses import replace

from tests.mail.samples.facts import ADA, IAN, NOW, RITA, meeting, notice
from tracker.mail import words_answers, words_interviews
from tracker.mail.links import url
from tracker.mail.messages import Mail


def answered(kind: str, *, is_screen: bool = False, proposed: str = "") -> Mail:
    return words_answers.answered(
        kind,
        notice(RITA, meeting(2)),
        who=ADA.name if is_screen else IAN.name,
        proposed=proposed,
        link=url("/applications/3/screens" if is_screen else "/applications/3/loop"),
    )


OF_ANSWERS: dict[str, Callable[[], Mail]] = {
    "substitute_found": lambda: words_answers.substitute_found(
        notice(RITA, meeting(2)),
        interviewer=IAN.name,
        substitute="Ines Interviewer",
        link=url("/applications/3/loop"),
    ),
    "substitute_missing": lambda: words_interviews.declined(
        "substitute_missing",
        notice(RITA, meeting(2)),
        interviewer=IAN.name,
        link=url("/applications/3/loop/interviews/2/replace"),
    ),
    "time_proposed": lambda: answered("time_proposed", proposed="Mon 30 Nov 2026, 14:00 (Europe/Berlin)"),
    "time_proposed-by-candidate": lambda: answered(
        "time_proposed", is_screen=True, proposed="another one, which could not be read"
    ),
    "candidate_declined": lambda: answered("candidate_declined", is_screen=True),
    "reply_noted": lambda: answered("reply_noted"),
    "interview_invitation-with-reply-address": lambda: words_interviews.interview_invitation(
        notice(IAN, replace(meeting(), answers_to="replies+a7abcdefghijklmnopqrst@tracker.example")),
        competencies=["Cryptography"],
        kit_url=url("/interviews/7"),
        link=url("/go/token"),
        now=NOW,
    ),
}
