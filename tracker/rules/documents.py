"""Which files are taken, told by what is in them, and what a file may be called."""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from tracker.rules.refused import Refused

NAME_LENGTH = 120
TAKEN = "PDF, Word (.docx, .doc), OpenDocument (.odt), RTF or plain text (.txt)"
TEXT = "text/plain; charset=utf-8"

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "txt": TEXT,
}


def is_readable(media_type: str) -> bool:
    """Whether browsers show such a file themselves, without running anything in it."""
    return media_type in (MEDIA_TYPES["pdf"], MEDIA_TYPES["txt"])


class BadFile(Refused):
    """A file is not taken."""


class WrongKind(BadFile):
    """The file is not of a kind that is taken, or not what its name says."""


class EmptyFile(BadFile):
    """There is nothing in the file."""


class TooLarge(BadFile):
    """The file is larger than the limit."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its usual ending, without the dot, and its media type."""

    ending: str
    media_type: str


@dataclass(frozen=True)
class Kinds:
    """Which files are taken somewhere, in words; by ending their media types, and whether a content looks like it."""

    taken: str
    media_types: Mapping[str, str]
    looks: Mapping[str, Callable[[bytes], bool]]

    @property
    def accept(self) -> str:
        """What a file field offers to choose."""
        return ",".join(f".{ending}" for ending in self.media_types)


def check(
    name: str, content: bytes, *, most: int, field: str | None = "resume", kinds: Kinds | None = None
) -> FileKind:
    """Return the kind of a file of at most ``most`` bytes: one of ``kinds``, unless given those of documents.

    ``field`` is the form's, for the message.

    Raises EmptyFile, TooLarge, or WrongKind where the ending is not taken or the content is not what it says.
    """
    if not content:
        raise EmptyFile(f"“{clean_name(name)}” is empty. Please choose another file.", field=field)
    if len(content) > most:
        raise TooLarge(too_large(most), field=field)
    kinds = kinds or DOCUMENTS
    ending = PurePosixPath(clean_name(name)).suffix.lower().lstrip(".")
    if ending not in kinds.media_types:
        text = f"“{clean_name(name)}” is not a kind of file that is taken here. Send {kinds.taken}."
        raise WrongKind(text, field=field)
    if not kinds.looks[ending](content):
        raise WrongKind(
            f"“{clean_name(name)}” is not what its ending says: inside it is no {ending} file. Send {kinds.taken}.",
            field=field,
        )
    return FileKind(ending, kinds.media_types[ending])


def too_large(most: int) -> str:
    """Return the sentence for a file of more than ``most`` bytes."""
    return f"The file is larger than {most // (1024 * 1024)} MB, which is the most. Please send a smaller one."


def clean_name(name: str) -> str:
    """Return a file name that is safe in a header, on a page and on a disk: one part, no control characters, no
    overrides of the writing direction, no quotes; its ending kept where it is too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "\"'`<>|:;*?%" and c.isprintable())
    kept = " ".join(kept.split()).strip(". ")
    path = PurePosixPath(kept or "document")
    return path.stem[: NAME_LENGTH - len(path.suffix[:10])] + path.suffix[:10]


def is_pdf(content: bytes) -> bool:
    """Whether it looks like a PDF."""
    # Readers accept some bytes before the mark.
    return b"%PDF-" in content[:1024]


def _zip_names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()


def _is_docx(content: bytes) -> bool:
    return {"[Content_Types].xml", "word/document.xml"} <= _zip_names(content)


def _is_odt(content: bytes) -> bool:
    # The first entry names the type and is stored plain (OpenDocument 1.3, part 2, section 3.3).
    return b"mimetypeapplication/vnd.oasis.opendocument.text" in content[:120] and "content.xml" in _zip_names(content)


def _is_doc(content: bytes) -> bool:
    # A compound file (MS-CFB) with a stream named WordDocument (MS-DOC 2.1).
    return content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and "WordDocument".encode("utf-16-le") in content


def _is_rtf(content: bytes) -> bool:
    return content.startswith(b"{\\rtf")


def is_text(content: bytes) -> bool:
    """Whether it is plain text, in whatever encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    # A text in any other encoding has no control characters but those of lines and pages.
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", content)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        return "\x00" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False


_LOOKS = {"pdf": is_pdf, "docx": _is_docx, "doc": _is_doc, "odt": _is_odt, "rtf": _is_rtf, "txt": is_text}
DOCUMENTS = Kinds(TAKEN, MEDIA_TYPES, _LOOKS)
