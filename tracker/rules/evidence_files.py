"""Which files belong to a scorecard: a photo of the whiteboard, the code that was written, a PDF; and how many."""

from tracker.rules.documents import TEXT, BadFile, Kinds, is_pdf, is_text
from tracker.rules.words import counted

MOST_FILES = 10
TAKEN = "a photo (JPEG, PNG, WebP, HEIC), a PDF, or code and text"
# What editors and exercises of interviews end in; all of it is handed out as plain text.
CODE = (
    *("txt", "md", "log", "csv", "json", "yaml", "yml", "toml", "xml", "sql", "diff", "patch", "ipynb"),
    *("sh", "ps1", "py", "js", "mjs", "ts", "tsx", "jsx", "java", "kt", "scala", "go", "rs", "rb", "php", "swift"),
    *("c", "h", "cc", "cpp", "hpp", "cs", "tf", "hcl"),
)


class TooManyFiles(BadFile):
    """A scorecard holds no more."""


def check_count(there: int, more: int) -> None:
    """Raise TooManyFiles where ``more`` files beside those that are there would be too many."""
    if there + more > MOST_FILES:
        text = f"A scorecard holds at most {counted(MOST_FILES, 'file')}: take one out first, or put them into one PDF."
        raise TooManyFiles(text, field="files")


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff")


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n")


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_heic(content: bytes) -> bool:
    # A file type box with one of the brands of HEIF (ISO/IEC 23008-12, annex B).
    return content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")


_PHOTOS = {
    "jpg": ("image/jpeg", _is_jpeg),
    "jpeg": ("image/jpeg", _is_jpeg),
    "png": ("image/png", _is_png),
    "webp": ("image/webp", _is_webp),
    "heic": ("image/heic", _is_heic),
    "heif": ("image/heif", _is_heic),
    "pdf": ("application/pdf", is_pdf),
}
EVIDENCE = Kinds(
    TAKEN,
    {ending: media_type for ending, (media_type, _) in _PHOTOS.items()} | dict.fromkeys(CODE, TEXT),
    {ending: look for ending, (_, look) in _PHOTOS.items()} | dict.fromkeys(CODE, is_text),
)
