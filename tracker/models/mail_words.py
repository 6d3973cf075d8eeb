"""The organisation's own words for a kind of e-mail."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.person import Person


class MailWords(Base):
    """Subject and text of one kind of e-mail, with merge fields. Not in use, the standard words go out."""

    __tablename__ = "mail_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The name of one of ``mail/kinds.py``.
    kind: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    text: Mapped[str]
    is_used: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    changed_by: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}
