"""E-mails that came in, read with suspicion: whatever they are, the answer is a value and never an error.

The library is asked to read no header by itself and nothing that is nested deeply: either can take it very long.
"""

import codecs
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from tracker.mail.calendar_lines import LONGEST, said_in
from tracker.mail.clean import many_lines, one_line
from tracker.rules.replies import Said

MOST_BYTES = 1024 * 1024
TEXT_LENGTH = 4000
_HEADER_LENGTH, _MOST_ADDRESSES, _MOST_PARTS, _MOST_NESTED = 4000, 50, 100, 30
# To whom it was handed in, by the mail server's own word, and to whom it was written.
_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_ICS = ("text/calendar", "application/ics", "application/calendar")
_MOST_DECODED = 4 * max(LONGEST + 1, 10 * TEXT_LENGTH)
# Some others of Python's take time that grows with the square of what they are given (punycode), or are no charsets.
_CHARSETS = frozenset(
    codecs.lookup(each).name
    for each in (
        *("ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "gb2312", "gbk", "gb18030", "big5"),
        *("euc-jp", "shift_jis", "iso-2022-jp", "euc-kr", "cp949", "tis-620"),
        *(f"iso-8859-{number}" for number in range(1, 17) if number != 12),
        *(f"windows-{number}" for number in range(1250, 1259)),
    )
)


@dataclass(frozen=True)
class Received:
    """An e-mail. ``key`` tells it from all others, also where a server delivers it twice; ``sender`` is the one address
    in From (lower case; "" for none or several), ``addressed`` are those it went to.

    ``said`` is its calendar part, None where there is none; ``text`` is what a person wrote, at most so long.
    ``trouble`` says why it cannot be read at all, mostly it is empty.
    """

    key: str
    sender: str = ""
    addressed: tuple[str, ...] = ()
    is_automatic: bool = False
    said: Said | None = None
    text: str = ""
    trouble: str = ""


def received(raw: bytes) -> Received:
    """Return an e-mail as it was read. Never raises, whatever the bytes are."""
    key = hashlib.sha256(raw).hexdigest()
    if len(raw) > MOST_BYTES:
        return _from_headers(raw, key, f"It is larger than {MOST_BYTES // 1024} KB.")
    if _is_nested_deeply(raw):
        return _from_headers(raw, key, "Its parts are nested too deeply.")
    try:
        return _read(raw, key)
    except Exception:
        # Including RecursionError and whatever a stranger's bytes do to the library: a verdict, never an error.
        return _from_headers(raw, key, "It is no e-mail that can be read.")


def too_large(head: bytes) -> Received:
    """Return what can be known of an e-mail that was not fetched because of its size; ``head`` are its headers."""
    return _from_headers(head, hashlib.sha256(head).hexdigest(), f"It is larger than {MOST_BYTES // 1024} KB.")


def _is_nested_deeply(raw: bytes) -> bool:
    lower = raw.lower()
    return lower.count(b"boundary") > _MOST_NESTED or lower.count(b"message/rfc822") > _MOST_NESTED


def _from_headers(raw: bytes, key: str, trouble: str) -> Received:
    head = re.split(rb"\r?\n\r?\n", raw[:100_000], maxsplit=1)[0]
    try:
        message = message_from_bytes(head + b"\r\n\r\n", policy=compat32)
        return Received(
            key, _sender(message), tuple(_addressed(message)), _is_automatic(message), None, _subject(message), trouble
        )
    except Exception:
        return Received(key, trouble=trouble)


def _read(raw: bytes, key: str) -> Received:
    message = message_from_bytes(raw, policy=compat32)
    parts = list(_parts(message))
    calendar = next((part for part in parts if _is_calendar(part)), None)
    said = said_in(_content(calendar)[: LONGEST + 1]) if calendar is not None else None
    sender = _sender(message)
    return Received(
        key=_key(message, sender, said) or key,
        sender=sender,
        addressed=tuple(_addressed(message)),
        is_automatic=_is_automatic(message),
        said=said,
        text=_text(message, parts),
        trouble="" if calendar is None or said is not None else "Its calendar part is none.",
    )


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that hold something, without those of e-mails that travel inside of this one."""
    if depth > _MOST_NESTED or message.get_content_maintype() == "message":
        return
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload[:_MOST_PARTS]:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield message


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in _ICS or str(part.get_filename() or "").lower().endswith(".ics")


def _content(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    head = data[:_MOST_DECODED]
    for name in ("utf-8", str(part.get_content_charset("utf-8"))):
        try:
            if codecs.lookup(name).name in _CHARSETS:
                # A character that was cut in its middle is left out.
                return codecs.getincrementaldecoder(name)().decode(head, len(head) == len(data))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return head.decode("latin-1")


def _text(message: Message, parts: list[Message]) -> str:
    """Return the subject and the text of a person."""
    plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    body = _content(plain)[: 10 * TEXT_LENGTH] if plain is not None else ""
    if not body.strip():
        rich = next((part for part in parts if part.get_content_type() == "text/html"), None)
        body = _unmarked(_content(rich)[: 10 * TEXT_LENGTH]) if rich is not None else ""
    return many_lines(f"{_subject(message)}\n\n{body}").strip()[:TEXT_LENGTH]


def _unmarked(text: str) -> str:
    for name in ("head", "style", "script"):
        text = _without(text, name)
    text = re.sub(r"(?i)<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", "\n", text)
    return re.sub(r"\n\s*\n+", "\n\n", html.unescape(re.sub(r"<[^<>]{0,4000}>", "", text)))


def _without(text: str, name: str) -> str:
    """Return the text without the elements of a name; what is never closed ends the text."""
    kept, rest = list[str](), text
    while (begins := rest.lower().find(f"<{name}")) >= 0 and len(kept) < _MOST_PARTS:
        kept.append(rest[:begins])
        ends = rest.lower().find(f"</{name}", begins)
        rest = rest[ends:].partition(">")[2] if ends >= 0 else ""
    return "".join([*kept, rest])


def _subject(message: Message) -> str:
    found = _headers(message, "subject")
    return one_line(_decoded(found[0]))[:200] if found else ""


def _decoded(value: str) -> str:
    """Return a header in letters: RFC 2047, as far as it is well formed."""
    try:
        return str(make_header(decode_header(value)))
    except Exception:
        return value


def _headers(message: Message, name: str) -> list[str]:
    return [str(value)[:_HEADER_LENGTH] for value in message.get_all(name, [])[:_MOST_ADDRESSES]]


def _sender(message: Message) -> str:
    found = [address for _, address in getaddresses(_headers(message, "from")) if address]
    return found[0].lower() if len(found) == 1 else ""


def _addressed(message: Message) -> Iterator[str]:
    given = [value for name in _TO for value in _headers(message, name)]
    for _, address in getaddresses(given[:_MOST_ADDRESSES])[:_MOST_ADDRESSES]:
        if address:
            yield address.lower()


def _is_automatic(message: Message) -> bool:
    """Whether a machine wrote it: RFC 3834, and what mail systems did before it."""
    said = {name: " ".join(_headers(message, name)).strip().lower() for name in _MACHINES}
    return (
        said["auto-submitted"].split(";")[0].strip() not in ("", "no")
        or said["precedence"] in ("bulk", "junk", "list", "auto_reply", "auto-reply")
        or bool(said["x-autoreply"] or said["x-autorespond"])
        or said["return-path"] == "<>"
        or message.get_content_type() == "multipart/report"
    )


_MACHINES = ("auto-submitted", "precedence", "x-autoreply", "x-autorespond", "return-path")


def _key(message: Message, sender: str, said: Said | None) -> str:
    """Return what is the same in every copy of an e-mail; "" where it has no Message-ID."""
    message_id = " ".join(_headers(message, "message-id")).strip()
    if not message_id:
        return ""
    parts = [message_id, sender]
    if said is not None:
        parts += [said.method, said.uid, str(said.sequence), str(said.stamp)]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
