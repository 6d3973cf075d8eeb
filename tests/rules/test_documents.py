"""Which files are taken, and what they may be called."""

import zipfile
from io import BytesIO

import pytest

from tracker.rules import documents

MOST = 10_000


def archive(**names: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name, text in names.items():
            out.writestr(name, text)
    return held.getvalue()


DOCX = archive(**{"[Content_Types].xml": "", "word/document.xml": ""})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": ""})
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cv.pdf", b"%PDF-1.7 ..."),
        ("CV.PDF", b"\n\n%PDF-1.4"),
        ("cv.docx", DOCX),
        ("cv.odt", ODT),
        ("cv.doc", DOC),
        ("cv.rtf", b"{\\rtf1 hello}"),
        ("cv.txt", "Grüße\n".encode()),
        ("cv.txt", "Grüße\n".encode("cp1252")),
        ("cv.txt", "Grüße\n".encode("utf-16")),
    ],
)
def test_what_is_taken(name: str, content: bytes) -> None:
    assert documents.check(name, content, most=MOST).ending == name.rsplit(".")[-1].lower()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cv.exe", b"MZ\x00"),
        ("cv", b"%PDF-1.7"),
        ("cv.pdf.html", b"%PDF-1.7"),
        ("cv.pdf", b"MZ\x90\x00"),
        ("cv.docx", archive(x="y")),
        ("cv.docx", b"PK\x03\x04 broken"),
        ("cv.docx", b"%PDF-1.7"),
        ("cv.odt", DOCX),
        ("cv.doc", DOC[:300]),
        ("cv.rtf", b"hello"),
        ("cv.txt", b"\x7fELF\x02\x00"),
        ("cv.txt", b"\xff\xfe\x00"),
    ],
)
def test_what_is_not(name: str, content: bytes) -> None:
    with pytest.raises(documents.WrongKind) as caught:
        documents.check(name, content, most=MOST)
    assert caught.value.field == "resume"
    assert "PDF" in caught.value.message


def test_nothing_and_too_much() -> None:
    with pytest.raises(documents.EmptyFile):
        documents.check("cv.pdf", b"", most=MOST)
    with pytest.raises(documents.TooLarge, match="larger than 10 MB"):
        documents.check("cv.txt", b"a" * (10 * 1024 * 1024 + 1), most=10 * 1024 * 1024)
    assert documents.check("cv.txt", b"a" * MOST, most=MOST).ending == "txt"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\ana\\cv.pdf", "cv.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("Lebenslauf Jürgen 🦊.pdf", "Lebenslauf Jürgen 🦊.pdf"),
        ("...", "document"),
        ("", "document"),
        (".pdf", "pdf"),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    assert documents.clean_name(name) == clean


def test_a_long_name_keeps_its_ending() -> None:
    clean = documents.clean_name("n" * 300 + ".pdf")
    assert len(clean) == documents.NAME_LENGTH
    assert clean.endswith(".pdf")
