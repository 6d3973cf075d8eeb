"""The doctor: checks what the tracker stands on, and says what is wrong and how to mend it."""

from collections.abc import Iterator, Mapping

import config
from tracker.doctor import database, machine, mail_server, manners, reply_box
from tracker.doctor.finding import Finding, fine, wrong
from tracker.doctor.names import unknown

__all__ = ["Finding", "examine", "examine_settings"]


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield each finding as it is made; where settings cannot be read, only what is wrong in them."""
    yield from (wrong("settings", sentence) for sentence in unknown(environ))
    try:
        settings = config.load(environ)
    except config.BadSetting as bad:
        yield from (wrong("settings", sentence) for sentence in bad.sentences)
        return
    yield fine("settings", "all can be read")
    yield from examine_settings(settings)


def examine_settings(settings: config.Settings) -> Iterator[Finding]:
    """Yield what is found of the machine, the database, the mail servers and unwise settings."""
    yield from manners.examine(settings)
    yield from machine.examine(settings)
    yield from database.examine(settings.database_url)
    yield mail_server.examine(settings.mail)
    yield mail_server.choices(settings)
    yield reply_box.examine(settings)
