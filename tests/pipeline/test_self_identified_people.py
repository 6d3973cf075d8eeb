"""Who is counted in what is told of self-identification: people, once, through whole years, in the words of then."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tests.self_identified import ask, choose
from tracker.models.self_identification import SelfIdentificationQuestion, SelfIdentificationYear
from tracker.pipeline import self_identification as verbs
from tracker.pipeline.self_identification import BadChoices, Choice, Facts
from tracker.worker import tasks

BEFORE, DECEMBER = datetime(2024, 6, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


def told(session: Session, row: SelfIdentificationQuestion) -> dict[str, list[int | None]] | None:
    session.expire_all()
    of_question = SelfIdentificationYear.question_id == row.id, SelfIdentificationYear.year == 2025
    return session.scalar(sa.select(SelfIdentificationYear.figures).where(*of_question))


def many(session: Session, world: World, row: SelfIdentificationQuestion, *texts: str | None, **facts: object) -> None:
    """Twelve applications for each text, which chose that; None gave no answer."""
    requisition = world.requisition(f"Role {texts}", **facts)
    for text in texts * 12:
        application = world.application(requisition, applied_at=DECEMBER)
        if text is not None:
            choose(session, application, row, text)


def test_ten_applications_of_one_person_are_not_ten_people(app: Flask, session: Session, world: World) -> None:
    with app.app_context():
        row = ask(world, choices=("Woman", "Man", "Non-binary"), now=BEFORE)
        one = world.candidate("Nika Only")
        for n in range(10):
            requisition = world.requisition(f"Role {n}")
            choose(session, world.application(requisition, candidate=one, applied_at=DECEMBER), row, "Non-binary")
        many(session, world, row, "Woman", "Man", "", None)
        tasks.sweep(APRIL)
    figures = told(session, row)
    assert figures is not None
    assert figures[str(row.choices[2].id)][0] is None
    assert figures[str(row.choices[0].id)][0] == 12


def test_confidential_requisitions_are_in_no_sum(app: Flask, session: Session, world: World) -> None:
    with app.app_context():
        row = ask(world, choices=("Woman", "Man"), now=BEFORE)
        many(session, world, row, "Woman", "Man", "", None)
        many(session, world, row, "Woman", "Man", "", is_confidential=True)
        tasks.sweep(APRIL)
    figures = told(session, row)
    assert figures is not None
    assert [line[0] for line in figures.values()] == [12, 12, 12, 12]


@pytest.mark.parametrize("change", ["retired", "asked anew", "renamed", "more choices"])
def test_of_a_question_that_changed_within_the_year_nothing_is_told(
    app: Flask, session: Session, world: World, change: str
) -> None:
    with app.app_context():
        row = ask(world, choices=("Woman", "Man"), now=BEFORE)
        there = [Choice(each.text, choice_id=each.id) for each in row.choices]
        same, retired = Facts(row.text, there), Facts(row.text, there, is_asked=False)
        changes = {
            "retired": [retired],
            "asked anew": [retired, same],
            "renamed": [Facts("Which gender?", there)],
            "more choices": [Facts(row.text, [*there, Choice("Another")])],
        }
        many(session, world, row, "Woman", "Man", "", None)
        verbs.edit(session, row, same, by=world.admin(), now=DECEMBER)
        assert row.stands_since == BEFORE, "saved as it is, it stands as before"
        for each in changes[change]:
            verbs.edit(session, row, each, by=world.admin(), now=DECEMBER)
        session.commit()
        tasks.sweep(APRIL)
    assert told(session, row) is None


def test_what_was_counted_keeps_its_words(client: Client, session: Session, world: World) -> None:
    row = ask(world, choices=("Woman", "Man"), now=BEFORE)
    keys = [*(str(each.id) for each in row.choices), "rather_not_say", "no_answer"]
    verbs.keep(session, row, 2024, {key: (20 + n,) * 4 for n, key in enumerate(keys)}, now=MONDAY)
    session.commit()
    admin = client.sign_in(world.admin())

    def lines() -> list[str]:
        page = admin.get("/self-identification?year=2024").text
        return re.findall(r'<th scope="row" dir="auto">([^<]*)</th>', page)

    before, (woman, man) = lines(), row.choices
    assert before == ["Woman", "Man", "I’d rather not say", "No answer"]
    swapped = [Choice("Man", choice_id=woman.id), Choice("Woman", choice_id=man.id)]
    verbs.edit(session, row, Facts("Another text", swapped), by=world.admin(), now=MONDAY)
    session.commit()
    assert lines() == before


@pytest.mark.parametrize("more", ["Woman", "wo\u200bman", "No answer", ",".join(str(n) for n in range(29))])
def test_no_choice_is_added_beside_its_like(session: Session, world: World, more: str) -> None:
    row = ask(world, choices=("Woman", "Man"))
    added = [Choice(each) for each in more.split(",")]
    with pytest.raises(BadChoices):
        verbs.edit(session, row, Facts(row.text, added), by=world.admin(), now=MONDAY)
