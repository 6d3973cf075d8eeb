"""Files that come with a form: kept on the disk, refused in words where they are too large."""

from dataclasses import astuple
from pathlib import Path

from flask import Response, current_app, render_template, send_file
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from config import Settings
from tracker.pipeline import documents
from tracker.queries.visibility import NotFound
from tracker.rules.documents import MEDIA_TYPES, Kinds, clean_name, too_large
from tracker.rules.refused import Refused
from tracker.web.doing import wants_json

PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class FileGone(Refused):
    """The file that was sent before is not here any more."""


def root() -> Path:
    """Return the folder of documents."""
    settings: Settings = current_app.config["TRACKER"]
    return settings.documents


def most() -> int:
    """Return the largest size of a file, in bytes."""
    return int(current_app.config["TRACKER"].max_upload_bytes)


def keep(file: FileStorage | None, field: str = "resume", kinds: Kinds | None = None) -> documents.Upload | None:
    """Put the file of a form on the disk; None where none was chosen. Raises WrongKind, EmptyFile, TooLarge."""
    if file is None or not file.filename:
        return None
    # One byte more than allowed is enough to know.
    # From the beginning: where a first try was taken back it was read before.
    file.stream.seek(0)
    content = file.stream.read(most() + 1)
    return documents.keep(root(), file.filename, content, most=most(), field=field, kinds=kinds)


def hand_out(sha256: str, media_type: str, name: str, *, is_read: bool = False) -> Response:
    """Return a kept file as an attachment, or to be read (``is_read``) in the browser's own viewer, never within our
    pages. Raises NotFound.
    """
    path = documents.path_of(root(), sha256)
    if not path.is_file():
        raise NotFound(f"file {sha256}")
    response = send_file(
        path, mimetype=media_type, as_attachment=not is_read, download_name=clean_name(name), etag=False
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    is_pdf_shown = is_read and media_type == MEDIA_TYPES["pdf"]
    # The browsers' viewers of PDF files do not start in a sandbox; they have one of their own.
    response.headers["Content-Security-Policy"] = PDF_POLICY if is_pdf_shown else "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def token(upload: documents.Upload) -> str:
    """Return what a form names a kept file by, signed: nobody names a file that he or she has not sent."""
    return _signed().dumps(astuple(upload))


def kept(token: str) -> documents.Upload | None:
    """Return the file that a form names; None where it names none. Raises FileGone."""
    if not token:
        return None
    try:
        upload = documents.Upload(*_signed().loads(token))
    except BadSignature:
        upload = None
    if upload is None or not documents.path_of(root(), upload.sha256).exists():
        raise FileGone("The file that you chose is not here any more: please choose it again.", field="resume")
    return upload


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kept file")


def too_large_page(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Answer a request so large that it was not read: what was typed is still in the page before."""
    message = f"{too_large(most())} Go back: what you typed is still there."
    if wants_json():
        return {"ok": False, "message": message}, 413
    return render_template("errors/413.html", message=message, back=None), 413
