"""What the doctor asks of the mail server: everything up to handing in a mail, in the way that the sender does it."""

import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import timedelta

from config import LOOPBACK, MailServer, Settings
from tracker.doctor.finding import Finding, fine, wrong
from tracker.mail.smtp import connect
from tracker.mail.times import Times

ABOUT = "mail server"
WAIT = timedelta(seconds=5)


def examine(server: MailServer) -> Finding:
    """Connect, greet, encrypt and sign in as the settings say, then leave."""
    where = f"{server.host}:{server.port}"
    if server.password and server.tls == "none" and server.host not in LOOPBACK:
        return wrong(
            ABOUT, f"the password would travel to {where} unencrypted: drop ?starttls=never from TRACKER_MAIL_URL."
        )
    try:
        _talk(server)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return wrong(ABOUT, f"{where}: {_reason(error)}")
    signed_in = f", signed in as {server.user}" if server.user else ""
    return fine(ABOUT, f"{where} answers, {'unencrypted' if server.tls == 'none' else 'encrypted'}{signed_in}")


def choices(settings: Settings) -> Finding:
    """Say how e-mails are sent, as the operator chose."""
    doubt = "are sent again" if settings.mail_in_doubt == "send" else "wait for a person"
    pace = f"at most {settings.mail_per_minute} a minute" if settings.mail_per_minute else "no limit for each minute"
    return fine("sending", f"{pace}; e-mails to candidates that may have arrived or not {doubt}")


def _talk(server: MailServer) -> None:
    client = connect(server, Times(connect=WAIT, answer=WAIT))
    try:
        code, words = client.noop()
        if code >= 400:
            raise smtplib.SMTPResponseException(code, words)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected) and "timed out" in str(error):
        # The library turns the time-out of a reading into this.
        error = TimeoutError()
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence.format(error=_words(error))
    return f"the connection failed ({_words(error)}): check host and port in TRACKER_MAIL_URL, and the network between."


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code < 0:
            return "what it says is not SMTP"
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}".strip()
    return str(getattr(error, "strerror", None) or error)


# The first that fits. SMTP's own errors are OSErrors too, and so are those of TLS and of name lookup.
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        "the server refuses the user or the password ({error}): correct them in TRACKER_MAIL_URL.",
    ),
    (
        smtplib.SMTPNotSupportedError,
        "the server does not offer what is asked ({error}): try smtps:// with port 465 in TRACKER_MAIL_URL, "
        "or ?starttls=never where the network between is trusted.",
    ),
    (
        smtplib.SMTPServerDisconnected,
        "something answers and hangs up ({error}): is it a mail server? smtps:// is for port 465, smtp:// for 587.",
    ),
    (smtplib.SMTPException, "the server answers, but not as a mail server that takes mail from here ({error})."),
    (
        ssl.SSLCertVerificationError,
        "its certificate is not trusted ({error}): use the name that the certificate is for in TRACKER_MAIL_URL.",
    ),
    (ssl.SSLError, "no encryption comes about ({error}): smtps:// is for port 465, smtp:// for 587."),
    (socket.gaierror, "no such host is known ({error}): correct it in TRACKER_MAIL_URL."),
    (
        ConnectionRefusedError,
        "nothing listens there: start the mail server, or correct host and port in TRACKER_MAIL_URL.",
    ),
    (
        TimeoutError,
        "no mail server answers within " + f"{WAIT.seconds} seconds: check host, port and firewall; "
        "port 465 wants smtps:// in TRACKER_MAIL_URL.",
    ),
)
