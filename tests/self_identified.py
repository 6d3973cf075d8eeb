"""Questions and answers of self-identification, for the tests that need some."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.self_identification import SelfIdentificationQuestion
from tracker.pipeline import self_identification as verbs
from tracker.pipeline.self_identification import Choice, Facts

CHOICES = ("Woman", "Man", "Another")


def ask(
    world: World, text: str = "Your gender?", choices: Sequence[str] = CHOICES, now: datetime = MONDAY, **facts: Any
) -> SelfIdentificationQuestion:
    """A question that candidates are asked."""
    said = Facts(text, [Choice(each) for each in choices], **facts)
    row = verbs.add(world.session, said, by=world.admin(), now=now)
    world.session.commit()
    return row


def choose(session: Session, application: Application, row: SelfIdentificationQuestion, text: str = "Woman") -> None:
    """The candidate chooses; "" is that he or she would rather not say."""
    values = {each.text: str(each.id) for each in row.choices} | {"": "rather_not_say"}
    verbs.answer(session, application, {row.id: values[text]})
    session.commit()
