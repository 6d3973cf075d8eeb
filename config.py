"""The settings, typed: the only reader of the environment.

Every setting is an environment variable ``TRACKER_...``; each can be given as ``TRACKER_..._FILE`` instead, the path of
a file that holds the value (the way container platforms hand over secrets). An empty variable counts as not set.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from pathlib import Path
from typing import Literal, TypeVar, cast
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PROJECT = Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024
SECRET_KEY_LENGTH = 32
TOKEN_LENGTH = 20
REPLY_LENGTH = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")

T = TypeVar("T")


class BadSetting(Exception):
    """One or more settings are missing or wrong; each sentence names its variable and never shows a secret."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. ``tls``: none, starttls (without it nothing is sent), or tls from the start."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ReplyServer(MailServer):
    """Where answers to invitations are fetched from (IMAP), and the folder that they arrive in."""

    folder: str = "INBOX"


@dataclass(frozen=True)
class Settings:
    """All that the tracker is told from outside. Sizes in bytes, the tick in seconds."""

    database_url: str = field(repr=False)
    mail: MailServer
    mail_from: str
    secret_key: str = field(repr=False)
    base_url: str
    trusted_hosts: tuple[str, ...]
    data_dir: Path
    proxies: int = 0
    max_upload_bytes: int = 10 * MEGABYTE
    inbox: bool = False
    metrics_token: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    tick_seconds: int = 10
    log: Literal["text", "json"] = "text"
    # Candidates' mails that may have arrived or not: sent again, or shown to a person. None: no limit.
    mail_in_doubt: Literal["send", "ask"] = "send"
    mail_per_minute: int | None = None
    # Whether people's calendars may be asked for in the network that this machine stands in.
    private_feeds: bool = False
    # The address that answers to invitations come back to, with a part of its own for each; and the mailbox they reach.
    reply_address: str | None = None
    replies: ReplyServer | None = None

    @property
    def documents(self) -> Path:
        """The folder of documents."""
        return self.data_dir / "documents"


class _Wrong(ValueError):
    """A value cannot be used; the message is the rest of a sentence that begins with the variable's name."""


_HOW_TO_MAKE_A_KEY = "make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"

_NEEDED = {
    "TRACKER_BASE_URL": "give the address that people reach the tracker at, like https://hiring.example.org",
    "TRACKER_MAIL_FROM": "give the sender of all e-mails, like Recruiting <recruiting@example.org>",
    "TRACKER_MAIL_URL": "give the mail server, like smtp://user:password@mail.example.org:587",
    "TRACKER_SECRET_KEY": _HOW_TO_MAKE_A_KEY,
}


class _Reader:
    """Reads variables one by one and keeps what is wrong, so that a person hears of everything at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.wrong: list[str] = []

    def take(self, name: str, parse: Callable[[str], T], default: str | None = None) -> T:
        """Return the parsed value. Where it is wrong, note why; the value is then never used (see ``load``)."""
        try:
            text = _raw(self.environ, name)
            if text is None and default is None:
                raise _Wrong(f"is not set: {_NEEDED[name]}")
            return parse(text if text is not None else cast(str, default))
        except _Wrong as wrong:
            self.wrong.append(f"{name} {wrong}.")
            return cast(T, None)


def load(environ: Mapping[str, str]) -> Settings:
    """Return the settings found in ``environ``; raise ``BadSetting`` naming everything that is missing or wrong."""
    read = _Reader(environ)
    data_dir = read.take("TRACKER_DATA_DIR", _directory, default=str(PROJECT / "var"))
    base_url = read.take("TRACKER_BASE_URL", _base_url)
    more_hosts = read.take("TRACKER_TRUSTED_HOSTS", _hosts, default="")
    settings = Settings(
        database_url=read.take("TRACKER_DATABASE_URL", _database_url, default=f"sqlite:///{data_dir}/tracker.db"),
        mail=read.take("TRACKER_MAIL_URL", _mail_server),
        mail_from=read.take("TRACKER_MAIL_FROM", _sender),
        secret_key=read.take("TRACKER_SECRET_KEY", _secret_key),
        base_url=base_url,
        trusted_hosts=() if read.wrong else trusted_hosts(base_url, more_hosts),
        data_dir=data_dir,
        proxies=read.take("TRACKER_PROXIES", _whole_number(0, 10), default="0"),
        max_upload_bytes=MEGABYTE * (read.take("TRACKER_MAX_UPLOAD_MB", _whole_number(1, 1000), default="10") or 0),
        inbox=read.take("TRACKER_INBOX", _switch, default="off"),
        metrics_token=read.take("TRACKER_METRICS_TOKEN", _token, default="") or None,
        host=read.take("TRACKER_HOST", _listening_address, default="127.0.0.1"),
        port=read.take("TRACKER_PORT", _whole_number(1, 65535), default="8000"),
        tick_seconds=read.take("TRACKER_TICK_SECONDS", _whole_number(1, 3600), default="10"),
        log=read.take("TRACKER_LOG", _log_style, default="text"),
        mail_in_doubt=read.take("TRACKER_MAIL_IN_DOUBT", _in_doubt, default="send"),
        mail_per_minute=read.take("TRACKER_MAIL_PER_MINUTE", _limit, default="none"),
        private_feeds=read.take("TRACKER_PRIVATE_FEEDS", _switch, default="off"),
        reply_address=read.take("TRACKER_REPLY_ADDRESS", _reply_address, default="") or None,
        replies=read.take("TRACKER_REPLIES_URL", _reply_server, default=""),
    )
    if settings.replies is not None and settings.reply_address is None:
        read.wrong.append(
            "TRACKER_REPLIES_URL is set, but no invitation asks for answers there: set TRACKER_REPLY_ADDRESS to the "
            "address of that mailbox."
        )
    if read.wrong:
        raise BadSetting(read.wrong)
    return settings


def trusted_hosts(base_url: str, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the host names that a request may carry: the base URL's own, then the others, each once."""
    return tuple(dict.fromkeys((urlsplit(base_url).hostname or "", *more)))


def admin_password(environ: Mapping[str, str]) -> str | None:
    """Return the password for ``create-admin`` where the environment gives one."""
    try:
        return _raw(environ, "TRACKER_ADMIN_PASSWORD")
    except _Wrong as wrong:
        raise BadSetting([f"TRACKER_ADMIN_PASSWORD {wrong}."]) from None


# --- From text to value. Each raises _Wrong with what would be right; none repeats a value that may hold a secret.


def _raw(environ: Mapping[str, str], name: str) -> str | None:
    value, path = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if value and path:
        raise _Wrong(f"and {name}_FILE are both set: keep one of them")
    if not path:
        return value or None
    try:
        # Editors and `echo` end a file with a line break that is not part of the value.
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n") or None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise _Wrong(f"is to be read from {name}_FILE={path}, which cannot be read: {reason}") from None


def _split(text: str, right: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in text):
        raise _Wrong(f"holds a blank or a control character: {right}")
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        # The parser's own words may repeat the password.
        raise _Wrong(f"is not an address that can be read (is the port a number?): {right}") from None
    return url


def _directory(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _database_url(text: str) -> str:
    right = "give sqlite:////absolute/path/tracker.db or postgresql://user:password@host/name"
    scheme, colon, rest = text.partition("://")
    if not colon or scheme not in ("sqlite", "postgresql", "postgres", "postgresql+psycopg"):
        raise _Wrong(f"names no database that the tracker knows: {right}")
    if scheme == "sqlite":
        return _sqlite_url(rest, right)
    if not _split(text, right).path.strip("/"):
        raise _Wrong(f"names no database on its server: {right}")
    return f"postgresql+psycopg://{rest}"


def _sqlite_url(rest: str, right: str) -> str:
    path, question, options = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or path in ("", ":memory:"):
        # The pages and the worker are two processes and meet in the database: one in memory cannot be shared.
        raise _Wrong(f"names no file: {right}")
    # Absolute, because the libraries disagree about the folder that a relative path starts from.
    return f"sqlite:///{_directory(path)}{question}{options}"


def _mail_server(text: str) -> MailServer:
    right = "give smtp://user:password@host:587 (with STARTTLS) or smtps://user:password@host:465"
    url = _split(text, right)
    if url.scheme not in ("smtp", "smtps") or not url.hostname or url.path.strip("/") or url.fragment:
        raise _Wrong(f"names no mail server: {right}; in the password write @ as %40, / as %2F and # as %23")
    if (url.username or "") == "" and url.password:
        raise _Wrong(f"has a password but no user: {right}")
    user = unquote(url.username) if url.username else None
    tls = _tls(url, right)
    return MailServer(
        host=url.hostname,
        port=url.port or _usual_port(tls, user),
        tls=tls,
        user=user,
        password=unquote(url.password or "") if user else None,
    )


def _reply_server(text: str) -> ReplyServer | None:
    right = "give imaps://user:password@host/INBOX, or imap:// (with STARTTLS)"
    if not text:
        return None
    url = _split(text, right)
    if url.scheme not in ("imap", "imaps") or not url.hostname or url.fragment:
        raise _Wrong(f"names no mailbox: {right}; in the password write @ as %40, / as %2F and # as %23")
    if not url.username or not url.password:
        raise _Wrong(f"has no user and password: {right}")
    folder, tls = unquote(url.path.lstrip("/")) or "INBOX", _tls(url, right)
    if not folder.isascii() or not folder.isprintable():
        raise _Wrong("names a folder with letters beyond ASCII: give it a plain name")
    return ReplyServer(
        host=url.hostname,
        # RFC 8314: 993 for TLS from the start. RFC 9051: 143 otherwise.
        port=url.port or (993 if tls == "tls" else 143),
        tls=tls,
        user=unquote(url.username),
        password=unquote(url.password),
        folder=folder,
    )


def _reply_address(text: str) -> str:
    if not text:
        return ""
    local, _, host = text.lower().rpartition("@")
    # Room for the plus and what follows it within the 64 characters of RFC 5321, section 4.5.3.1.1.
    if not re.fullmatch(rf"[a-z0-9][a-z0-9._+-]{{0,{REPLY_LENGTH - 1}}}", local):
        raise _Wrong(
            f"is not an address that invitations can be answered to: at most {REPLY_LENGTH} plain letters and digits "
            "before the @, like replies@example.org"
        )
    _host_name(host)
    return f"{local}@{host}"


def _usual_port(tls: str, user: str | None) -> int:
    # RFC 8314: 465 for TLS from the start. RFC 6409: 587 to hand in mail with a login. RFC 5321: 25 otherwise.
    if tls == "tls":
        return 465
    return 587 if user else 25


def _tls(url: SplitResult, right: str) -> Literal["none", "starttls", "tls"]:
    options = parse_qs(url.query, keep_blank_values=True)
    wish = options.pop("starttls", [""])[-1]
    if options or wish not in ("", "required", "never"):
        raise _Wrong(f"has an unknown option: {right}; the one option is ?starttls=required or ?starttls=never")
    if url.scheme in ("smtps", "imaps"):
        if wish:
            raise _Wrong(
                f"has both {url.scheme}:// and ?starttls=: {url.scheme}:// is encrypted from the start, drop the option"
            )
        return "tls"
    if wish:
        return "starttls" if wish == "required" else "none"
    # Opportunistic encryption is none: who cuts the connection's first lines reads along. This machine alone is exempt.
    return "none" if url.hostname in LOOPBACK else "starttls"


def _sender(text: str) -> str:
    found = getaddresses([text]) if text.isprintable() else []
    try:
        # One sender, and one that every mail server can write: "a@b, c@d" would be two.
        [(name, address)] = found
        mailbox = Address(name, addr_spec=address)
        if not (mailbox.username and mailbox.domain and address.isascii()):
            raise ValueError
    except (ValueError, IndexError, MessageError):
        raise _Wrong("is not one e-mail address: give one like Recruiting <recruiting@example.org>") from None
    return str(mailbox)


def _secret_key(text: str) -> str:
    if len(text) < SECRET_KEY_LENGTH:
        raise _Wrong(f"has {len(text)} characters, and at least {SECRET_KEY_LENGTH} are needed: {_HOW_TO_MAKE_A_KEY}")
    return text


def _token(text: str) -> str:
    # What a header can bear (RFC 6750, section 2.1).
    if text and not re.fullmatch(rf"[A-Za-z0-9._~+/-]{{{TOKEN_LENGTH},}}=*", text):
        raise _Wrong(f"is not {TOKEN_LENGTH} or more letters and digits: {_HOW_TO_MAKE_A_KEY}")
    return text


def _base_url(text: str) -> str:
    right = "give http:// or https:// and the host (with its port, where unusual), like https://hiring.example.org"
    url = _split(text, right)
    if url.scheme not in ("http", "https") or not url.hostname or url.username is not None:
        raise _Wrong(f"is not a web address: {right}")
    if url.path.strip("/") or url.query or url.fragment:
        raise _Wrong(f"has something after the host, and the tracker lives at the root of its host: {right}")
    try:
        _host_name(url.hostname)
    except _Wrong:
        raise _Wrong(f"has no host name that a request can be checked against: {right}") from None
    return f"{url.scheme}://{url.netloc}"


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(_host_name(part.strip().lower()) for part in text.split(",") if part.strip())


def _host_name(text: str) -> str:
    if not re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*", text):
        raise _Wrong("is not a host name: give names like hiring.example.org, without http:// and without a port")
    return text


def _listening_address(text: str) -> str:
    if not re.fullmatch(r"[\w.-]+|[0-9a-fA-F:.]+", text):
        raise _Wrong(
            "is not an address to listen at: give 127.0.0.1 for this machine only, or 0.0.0.0 for all networks"
        )
    return text


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise _Wrong(f"is not a whole number from {least} to {most}")
        return int(text)

    return parse


def _log_style(text: str) -> Literal["text", "json"]:
    if text == "text":
        return "text"
    if text == "json":
        return "json"
    raise _Wrong("is neither text nor json")


def _in_doubt(text: str) -> Literal["send", "ask"]:
    if text not in ("send", "ask"):
        raise _Wrong("is neither send nor ask: send repeats an e-mail that may have arrived, ask shows it to a person")
    return "send" if text == "send" else "ask"


def _limit(text: str) -> int | None:
    return None if text == "none" else _whole_number(1, 100_000)(text)


def _switch(text: str) -> bool:
    if text.lower() in ("1", "on", "true", "yes"):
        return True
    if text.lower() in ("0", "off", "false", "no"):
        return False
    raise _Wrong("is neither on nor off")
