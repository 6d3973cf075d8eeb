"""E-mails to the recruiting side about answers to invitations. None repeats what an answer says in words: its reader
may be bound by the blind rule, and the page knows who may read it."""

from tracker.mail.meetings import StaffNotice
from tracker.mail.messages import Mail


def substitute_found(notice: StaffNotice, *, interviewer: str, substitute: str, link: str) -> Mail:
    """Tell who was put in the place of an interviewer who declined, without anybody's doing."""
    return notice.mail("substitute_found", interviewer=interviewer, substitute=substitute, link=link)


def answered(kind: str, notice: StaffNotice, *, who: str, link: str, proposed: str = "") -> Mail:
    """Tell what an invited person answered, an interviewer or the candidate.

    ``kind``: "time_proposed" (``proposed`` is the time in words), "candidate_declined" or "reply_noted".
    """
    own = {"proposed": proposed} if kind == "time_proposed" else {}
    return notice.mail(kind, who=who, link=link, **own)
