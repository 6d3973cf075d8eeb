"""E-mails to people of the tracker about what bears their name: their account, a scorecard that others entered."""

from tracker.mail.messages import Address, Mail, merged
from tracker.mail.words_interviews import Meeting


def password_link(kind: str, *, receiver: Address, organisation: str, link: str) -> Mail:
    """Return the welcome (``kind`` "welcome") or the way to a new password ("forgotten")."""
    return merged(kind, receiver=receiver, organisation=organisation, link=link)


def scorecard_entered(
    *, receiver: Address, organisation: str, typist: str, candidate: str, title: str, meeting: Meeting, link: str
) -> Mail:
    """Ask an interviewer to confirm the scorecard that somebody else entered; nothing of what is in it."""
    return merged(
        "scorecard_entered",
        receiver=receiver,
        organisation=organisation,
        typist=typist,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        link=link,
    )
