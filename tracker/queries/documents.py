"""Documents: looking one up and being allowed to are one step, through the application."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.queries import visibility
from tracker.queries.visibility import NotFound, Right
from tracker.rules.permissions import Viewer
from tracker.statements import objects


def get_document(session: Session, viewer: Viewer, document_id: int) -> Document:
    """Return a document: a resume to all who may read the kit, any other to the recruiting side alone.

    Raises NotFound where there is none for this viewer.
    """
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(f"document {document_id}")
    right = Right.READ_KIT if document.is_resume else Right.READ
    visibility.get_application(session, viewer, document.application_id, right)
    return document


def of_application(session: Session, application: Application) -> Sequence[Document]:
    """Return the documents of an application, the latest first, each with who added it."""
    return objects(session, _DOCUMENTS, {"application": application.id}).scalars().all()


_DOCUMENTS = (
    select(Document)
    .where(Document.application_id == bindparam("application"))
    .options(joinedload(Document.added_by))
    .order_by(Document.id.desc())
)
