"""What the doctor finds in settings that can be read and are unwise all the same."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config import LOOPBACK, Settings
from tracker.doctor.finding import Finding, fine, wrong

DISTINCT_CHARACTERS_NEEDED = 10


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield how the secret key and the address stand."""
    yield _secret_key(settings.secret_key)
    yield _address(settings)


def _secret_key(key: str) -> Finding:
    repeated = len(set(key)) < DISTINCT_CHARACTERS_NEEDED
    typed = any(word in key.lower() for word in ("change", "secret", "password", "example", "123456", "qwert"))
    if repeated or typed:
        how = "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        return wrong("secret key", f"TRACKER_SECRET_KEY can be guessed: make one with {how}; everybody signs in again.")
    return fine("secret key", "long and not a word")


def _address(settings: Settings) -> Finding:
    url = urlsplit(settings.base_url)
    about = "address"
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        return wrong(
            about,
            f"{settings.base_url} is not encrypted, and passwords and resumes could be read on the way: put a web "
            "server with TLS before the tracker and begin TRACKER_BASE_URL with https://.",
        )
    if url.scheme == "https" and not settings.proxies:
        return wrong(
            about,
            f"{settings.base_url} needs a web server with TLS before the tracker, and TRACKER_PROXIES says that there "
            "is none: set it to the number of them, mostly 1.",
        )
    return fine(about, settings.base_url)
