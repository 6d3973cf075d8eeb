"""E-mails to the recruiting side about answers to invitations. None repeats what an answer says in words: its reader
may be bound by the blind rule, and the page knows who may read it."""

from tracker.mail.messages import Address, Mail, merged
from tracker.mail.words_interviews import Meeting


def substitute_found(
    *,
    receiver: Address,
    organisation: str,
    interviewer: str,
    substitute: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    link: str,
) -> Mail:
    """Tell who was put in the place of an interviewer who declined, without anybody's doing."""
    return merged(
        "substitute_found",
        receiver=receiver,
        organisation=organisation,
        interviewer=interviewer,
        substitute=substitute,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        link=link,
    )


def answered(
    kind: str,
    *,
    receiver: Address,
    organisation: str,
    who: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    link: str,
    proposed: str = "",
) -> Mail:
    """Tell what an invited person answered, an interviewer or the candidate.

    ``kind``: "time_proposed" (``proposed`` is the time in words), "candidate_declined" or "reply_noted".
    """
    own = {"proposed": proposed} if kind == "time_proposed" else {}
    return merged(
        kind,
        receiver=receiver,
        organisation=organisation,
        who=who,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        link=link,
        **own,
    )
