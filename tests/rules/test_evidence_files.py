"""Which files a scorecard takes, told by what is in them."""

import pytest

from tracker.rules import documents
from tracker.rules.documents import TEXT, TooLarge, WrongKind
from tracker.rules.evidence_files import EVIDENCE, MOST_FILES, TooManyFiles, check_count

PHOTOS = {
    "board.JPG": (b"\xff\xd8\xff\xe0 photo", "image/jpeg"),
    "board.png": (b"\x89PNG\r\n\x1a\n photo", "image/png"),
    "board.webp": (b"RIFF\x00\x00\x00\x00WEBP photo", "image/webp"),
    "IMG_1.HEIC": (b"\x00\x00\x00\x18ftypheic photo", "image/heic"),
    "board.pdf": (b"%PDF-1.7 scan", "application/pdf"),
    "fizz.py": (b"print(1)", TEXT),
    "Main.java": ("class Größe {}".encode(), TEXT),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_photos_and_code_are_taken(name: str) -> None:
    content, media_type = PHOTOS[name]
    assert documents.check(name, content, most=1000, kinds=EVIDENCE).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("tool.exe", b"MZ"),
        ("board.jpg", b"<script>alert(1)</script>"),
        ("board.png", b"\xff\xd8\xff"),
        ("IMG_1.heic", b"\x00\x00\x00\x18ftypqt  "),
        ("fizz.py", b"\x00\x01"),
        ("resume.docx", b"PK"),
    ],
)
def test_what_could_run_and_what_lies_is_not(name: str, content: bytes) -> None:
    with pytest.raises(WrongKind, match="photo"):
        documents.check(name, content, most=1000, kinds=EVIDENCE)


def test_size_and_number_are_limited() -> None:
    with pytest.raises(TooLarge):
        documents.check("fizz.py", b"print(1)", most=3, kinds=EVIDENCE)
    check_count(MOST_FILES - 1, 1)
    with pytest.raises(TooManyFiles, match="at most 10 files"):
        check_count(MOST_FILES, 1)
