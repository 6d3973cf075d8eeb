"""E-mails to people of the tracker about what bears their name: their account, a scorecard that others entered."""

from tracker.mail.meetings import StaffNotice
from tracker.mail.messages import Address, Mail, merged


def password_link(kind: str, *, receiver: Address, organisation: str, link: str) -> Mail:
    """Return the welcome (``kind`` "welcome") or the way to a new password ("forgotten")."""
    return merged(kind, receiver=receiver, organisation=organisation, link=link)


def scorecard_entered(notice: StaffNotice, *, typist: str, link: str) -> Mail:
    """Ask an interviewer to confirm the scorecard that somebody else entered; nothing of what is in it."""
    return notice.mail("scorecard_entered", typist=typist, link=link)
