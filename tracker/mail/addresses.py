"""E-mail addresses in the one way in which they are kept and compared: lower case, the domain in ASCII (IDNA)."""

from email_validator import EmailNotValidError, validate_email

from tracker.rules.refused import Refused


class BadAddress(Refused):
    """This is not one e-mail address that every mail server can write."""


def canonical(text: str) -> str:
    """Return one address as it is kept: kim@bücher.example and kim@xn--bcher-kva.example are one mailbox, one row.

    Raises BadAddress for two addresses in one field, for line breaks and for local parts beyond ASCII.
    """
    try:
        # Whether the domain exists is not asked: that may change, and a server inside a company is fine.
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadAddress(f"This is not one e-mail address: {error}", field="email") from error
    return (found.ascii_email or found.normalized).lower()


def comparable(text: str) -> str:
    """Return what somebody typed as it would be kept; what is no address is nobody's, and stays as it is."""
    try:
        return canonical(text)
    except BadAddress:
        return text
