"""The mails about learning to interview, and those to interviewers beside whom somebody learns."""

from collections.abc import Callable

from tests.mail.samples.facts import IAN, NOW, TITLE, WORKS, meeting, notice, reminded
from tracker.mail import words_interviews, words_reminders, words_training
from tracker.mail.links import url, url_for_person
from tracker.mail.messages import Address, Mail
from tracker.rules.training import TrainingRole, beside_words

NORA = Address("Nora Newcomer", "nora@tracker.example")


def seat_mail(part: TrainingRole, *, sequence: int = 0, is_change: bool = False) -> Mail:
    return words_training.invitation(
        notice(NORA, meeting(sequence=sequence)),
        part=part,
        lead="Ian Interviewer",
        competencies=["Cryptography", "Ownership"],
        kit_url=url("/interviews/9"),
        link=url("/go/token"),
        is_change=is_change,
        now=NOW,
    )


def training_mail(kind: str, **values: str) -> Mail:
    return words_training.told(
        kind, receiver=NORA, organisation=WORKS, interviews="loop interviews", by="Leila Lead", **values
    )


OF_TRAINING: dict[str, Callable[[], Mail]] = {
    "interview_invitation-with-a-shadow": lambda: words_interviews.interview_invitation(
        notice(IAN, meeting()),
        competencies=["Cryptography"],
        kit_url=url("/interviews/7"),
        link=url("/go/token"),
        now=NOW,
        trainee=beside_words(TrainingRole.SHADOW, "Nora Newcomer"),
    ),
    "reminder_interviewer-reverse-shadowed": lambda: words_reminders.for_interviewer(
        reminded(),
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        kit_url=url("/interviews/7"),
        trainee=beside_words(TrainingRole.REVERSE_SHADOW, "Nora Newcomer"),
    ),
    "trainee_invitation": lambda: seat_mail(TrainingRole.SHADOW),
    "trainee_invitation-reverse-shadow": lambda: seat_mail(TrainingRole.REVERSE_SHADOW),
    "trainee_changed": lambda: seat_mail(TrainingRole.SHADOW, sequence=1, is_change=True),
    "trainee_withdrawn": lambda: words_training.withdrawn(
        notice(NORA, meeting(sequence=1)),
        part=TrainingRole.REVERSE_SHADOW,
        now=NOW,
    ),
    "reminder_trainee": lambda: words_training.reminder(
        reminded(),
        receiver=NORA,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        part=TrainingRole.REVERSE_SHADOW,
        lead="Ian Interviewer",
        kit_url=url("/interviews/9"),
    ),
    "trainee_declined": lambda: words_training.declined(
        notice(IAN, meeting()),
        trainee="Nora Newcomer",
        kit_url=url_for_person("/interviews/7", 5, now=NOW),
    ),
    "training_begun": lambda: training_mail(
        "training_begun",
        competencies="- Cryptography\n- Ownership",
        path="you shadow 2 interviews, then you reverse-shadow 2 interviews",
        link=url("/interviewers/training/3"),
    ),
    "training_signed_off": lambda: training_mail(
        "training_signed_off",
        competencies="- Cryptography\n- Ownership",
        note="Asks well, and lets people finish.",
        link=url("/interviewers/training/3"),
    ),
    "training_goes_on": lambda: training_mail(
        "training_goes_on",
        reason="One more in which the talk stays with you.",
        path="shadowed 2 of 2, reverse-shadowed 2 of 3",
        link=url("/interviewers/training/3"),
    ),
    "training_ended": lambda: training_mail("training_ended", reason="Moved to another team."),
}
