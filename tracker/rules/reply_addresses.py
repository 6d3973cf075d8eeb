"""The address that answers to one invitation come back to: it names the event and the person who was invited.

The part after the plus is signed, so that nobody can make one up. Mail systems do not keep the case of addresses, nor
more than 64 characters before the @ (RFC 5321, section 4.5.3.1.1), so it is short and in lower case.
"""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass

MOST_ID = 2**31 - 1
_MARK = 20
_TOKEN = re.compile(rf"([ac])([1-9][0-9]{{0,9}})([a-z2-7]{{{_MARK}}})")


@dataclass(frozen=True)
class Invitation:
    """Whom an address is for; ``key`` is the id of an interviewer's assignment, or of a candidate's interview."""

    is_candidate: bool
    key: int


def address_of(base: str, invitation: Invitation, secret: str) -> str:
    """Return the address of an invitation: ``replies@example.org`` becomes ``replies+a17...@example.org``."""
    local, _, host = base.rpartition("@")
    return f"{local}+{_token(invitation, secret)}@{host}"


def token_in(address: str, base: str) -> str | None:
    """Return what stands after the plus in an address that begins and ends like the base; "" in the base itself.

    None in every other address.
    """
    local, _, host = base.lower().rpartition("@")
    its_local, _, its_host = address.strip().lower().rpartition("@")
    before, plus, token = its_local.partition("+")
    # The base may hold a plus itself.
    if "+" in local and its_local.startswith(f"{local}+"):
        before, plus, token = local, "+", its_local.removeprefix(f"{local}+")
    if its_host != host:
        return None
    if its_local == local:
        return ""
    return token if plus and before == local else None


def invitation_of(token: str, secret: str) -> Invitation | None:
    """Return the invitation that a token names; None where it was not made here, or with another secret."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[2]) > MOST_ID:
        return None
    invitation = Invitation(found[1] == "c", int(found[2]))
    return invitation if hmac.compare_digest(_token(invitation, secret), token) else None


def _token(invitation: Invitation, secret: str) -> str:
    name = f"{'c' if invitation.is_candidate else 'a'}{invitation.key}"
    own = hmac.digest(secret.encode(), b"replies: addresses", "sha256")
    return name + b32encode(hmac.digest(own, name.encode(), "sha256")).decode().lower()[:_MARK]
