"""The names of all settings, so that a misspelt one is found: nothing else would ever read it."""

from collections.abc import Mapping
from difflib import get_close_matches

NAMES = (
    "TRACKER_BASE_URL",
    "TRACKER_DATABASE_URL",
    "TRACKER_DATA_DIR",
    "TRACKER_HOST",
    "TRACKER_INBOX",
    "TRACKER_LOG",
    "TRACKER_MAIL_FROM",
    "TRACKER_MAIL_IN_DOUBT",
    "TRACKER_MAIL_PER_MINUTE",
    "TRACKER_PRIVATE_FEEDS",
    "TRACKER_MAIL_URL",
    "TRACKER_MAX_UPLOAD_MB",
    "TRACKER_METRICS_TOKEN",
    "TRACKER_PORT",
    "TRACKER_PROXIES",
    "TRACKER_REPLIES_URL",
    "TRACKER_REPLY_ADDRESS",
    "TRACKER_SECRET_KEY",
    "TRACKER_TICK_SECONDS",
    "TRACKER_TRUSTED_HOSTS",
)
# The launcher's, the tests' and those of one command.
OTHER_NAMES = (
    "TRACKER_ADMIN_PASSWORD",
    "TRACKER_CHROMIUM",
    "TRACKER_NO_VENV",
    "TRACKER_REQUIRE_CHROMIUM",
    "TRACKER_TEST_DATABASE_URL",
    "TRACKER_VENV",
)


def unknown(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each ``TRACKER_...`` variable that nothing reads: most often it is misspelt."""
    known = {*NAMES, *(f"{name}_FILE" for name in NAMES), *OTHER_NAMES, "TRACKER_ADMIN_PASSWORD_FILE"}
    sentences = []
    for name in sorted(environ):
        if name.startswith("TRACKER_") and name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            sentences.append(f"{name} is not a setting of the tracker" + (f": is {near[0]} meant?" if near else "."))
    return sentences
