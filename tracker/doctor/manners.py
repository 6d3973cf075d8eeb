"""What the doctor finds in settings that can be read and are unwise all the same."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config import LOOPBACK, Settings
from tracker.doctor.finding import Finding, fine, wrong

DISTINCT_CHARACTERS_NEEDED = 10
TYPED = ("change", "secret", "password", "example", "123456", "qwert")
HOW = "python3 -c 'import secrets; print(secrets.token_hex(32))'"


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield how the secret key, the token of the metrics (where there is one) and the address stand."""
    yield _secret_key(settings.secret_key)
    if settings.metrics_token is not None:
        yield _metrics_token(settings.metrics_token)
    yield _address(settings)


def _secret_key(key: str) -> Finding:
    if _can_be_guessed(key):
        return wrong("secret key", f"TRACKER_SECRET_KEY can be guessed: make one with {HOW}; everybody signs in again.")
    return fine("secret key", "long and not a word")


def _metrics_token(token: str) -> Finding:
    if _can_be_guessed(token):
        return wrong("metrics", f"TRACKER_METRICS_TOKEN can be guessed: make one with {HOW}; Prometheus needs it too.")
    return fine("metrics", "shown to whoever bears the token")


def _can_be_guessed(secret: str) -> bool:
    repeated = len(set(secret)) < DISTINCT_CHARACTERS_NEEDED
    return repeated or any(word in secret.lower() for word in TYPED)


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
