"""Documents of an application: handed out as attachments only, and added by the recruiting side."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import BooleanField

from tracker import clock
from tracker.models.application import Application
from tracker.pipeline import documents
from tracker.queries import documents as queries
from tracker.queries import visibility
from tracker.queries.visibility import Right
from tracker.rules.documents import is_readable
from tracker.rules.refused import Refused
from tracker.web import uploads
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import Form

blueprint = Blueprint("documents", __name__)
blueprint.register_error_handler(RequestEntityTooLarge, uploads.too_large_page)


class DocumentForm(Form):
    """One more file; interviewers read resumes, the recruiting side everything."""

    file = FileField("File")
    is_resume = BooleanField("This is a resume: interviewers may read it")


class FileMissing(Refused):
    """No file was chosen."""


@blueprint.get("/documents/<id:document_id>")
def download(document_id: int) -> ResponseReturnValue:
    """The file: to keep, or with ``?read`` to be read in the browser's own viewer, never within our pages.

    Only what viewers show without running it is readable so; all else is an attachment whatever is asked.
    """
    document = queries.get_document(session(), viewer(), document_id)
    is_read = "read" in request.args and is_readable(document.media_type)
    return uploads.hand_out(document.sha256, document.media_type, document.name, is_read=is_read)


@blueprint.get("/applications/<id:application_id>/documents")
def index(application_id: int) -> ResponseReturnValue:
    """All documents of an application, and the form for one more."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    return _page(application, DocumentForm())


@blueprint.post("/applications/<id:application_id>/documents")
@once
def add(application_id: int) -> ResponseReturnValue:
    """Add a document."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            upload = uploads.keep(form.file.data, field="file")
            if upload is None:
                raise FileMissing("Choose a file first.", field="file")
            documents.add(session(), application, upload, is_resume=form.is_resume.data, by=person(), now=clock.now())
            return done(url_for("applications.show", application_id=application.id), f"“{upload.name}” was added.")
        except Refused as error:
            refused(error, form)
    return _page(visibility.get_application(session(), viewer(), application_id, Right.MANAGE), form), 422


def _page(application: Application, form: DocumentForm) -> str:
    return render_template(
        "documents/index.html",
        application=application,
        documents=queries.of_application(session(), application),
        form=form,
        may_manage=visibility.may(session(), viewer(), application.id, Right.MANAGE),
        most_bytes=uploads.most(),
    )
