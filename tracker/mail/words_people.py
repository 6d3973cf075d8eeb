"""E-mails to people of the tracker about their own account."""

from tracker.mail.messages import Address, Mail, merged


def password_link(kind: str, *, receiver: Address, organisation: str, link: str) -> Mail:
    """Return the welcome (``kind`` "welcome") or the way to a new password ("forgotten")."""
    return merged(kind, receiver=receiver, organisation=organisation, link=link)
