"""What the doctor asks of the mailbox of replies: everything up to opening its folder, as the worker does it."""

from config import Settings
from tracker.doctor.finding import Finding, fine, wrong
from tracker.mail.mailbox import BoxTrouble, opened

ABOUT = "replies"


def examine(settings: Settings) -> Finding:
    """Say whether answers to invitations come back, and how."""
    if settings.reply_address is None:
        return fine(ABOUT, "answers to invitations are not taken in: TRACKER_REPLY_ADDRESS is not set")
    if settings.replies is None:
        return fine(ABOUT, f"{settings.reply_address}, from the mail server's pipe (python3 -m tracker receive)")
    try:
        with opened(settings.replies):
            pass
    except BoxTrouble as trouble:
        return wrong(ABOUT, str(trouble))
    where = f"{settings.replies.host}:{settings.replies.port}"
    return fine(ABOUT, f"{settings.reply_address}, fetched from {where}, folder {settings.replies.folder}")
