"""Passwords that must be given to others again, kept so that neither the database nor a backup tells them.

Counter mode over HMAC-SHA256 (NIST SP 800-108's construction as a key stream), then HMAC over all of it: who does not
know the key of the settings can neither read nor change what is sealed.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

NONCE, TAG, BLOCK = 16, 32, 32


def sealed(text: str, key: str, nonce: bytes) -> str:
    """Return the text sealed with the key. ``nonce``: 16 bytes by chance, never used twice."""
    if len(nonce) != NONCE:
        raise ValueError("a nonce has 16 bytes")
    hidden = _mixed(text.encode(), key, nonce)
    return urlsafe_b64encode(nonce + hidden + _tag(nonce + hidden, key)).decode()


def opened(text: str, key: str) -> str | None:
    """Return what was sealed; None where the key is another or the text was changed."""
    try:
        data = urlsafe_b64decode(text.encode())
    except (Error, ValueError):
        return None
    body, tag = data[:-TAG], data[-TAG:]
    if len(body) < NONCE or not hmac.compare_digest(tag, _tag(body, key)):
        return None
    return _mixed(body[NONCE:], key, body[:NONCE]).decode()


def _mixed(data: bytes, key: str, nonce: bytes) -> bytes:
    own = hmac.digest(key.encode(), b"sealing: stream", "sha256")
    blocks = range(-(-len(data) // BLOCK))
    stream = b"".join(hmac.digest(own, nonce + number.to_bytes(8, "big"), "sha256") for number in blocks)
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _tag(data: bytes, key: str) -> bytes:
    return hmac.digest(hmac.digest(key.encode(), b"sealing: tag", "sha256"), data, "sha256")
