"""Whose application is whose own: told by addresses, however they are written, the former ones among them."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import intake, people
from tracker.pipeline.people import PersonFacts
from tracker.queries import interviewers, nudges, visibility
from tracker.queries.visibility import Right
from tracker.rules.deadlines import DeadlineKind

KIM = PersonFacts("Kim Own", "kim@own.example", "Europe/Berlin", "", frozenset({"recruiter", "admin"}), 2, 5)
ASCII, UNICODE = "kim@xn--bcher-kva.example", "Kim@Bücher.example"


@pytest.fixture
def kim(world: World) -> Person:
    return people.add(world.session, KIM, by=world.admin(), now=MONDAY)


def applied(in_app: Flask, world: World, email: str) -> Application:
    facts = {"name": "Kim", "zone": "Europe/Berlin", "resume": None, "source": "x", "by": None, "now": MONDAY}
    return intake.receive(world.session, world.requisition(), email=email, **facts)  # type: ignore[arg-type]


def is_own(session: Session, person: Person, application: Application) -> bool:
    """As every place sees it that asks: who looks, who is nudged, who may interview."""
    viewer = visibility.viewer_of(session, person)
    signed_in = visibility.signed_in(session, person.id)
    assert signed_in is not None
    assert signed_in[1] == viewer
    deadline = session.scalars(select(Deadline).where(Deadline.application_id == application.id)).one()
    assert deadline.kind is DeadlineKind.APPLICATION_REVIEW
    deadline.owner_id = person.id
    community = interviewers.community(session, application, InterviewKind.LOOP, [], now=MONDAY, also=[person.id])
    answers = {
        application.candidate_id in viewer.own_candidate_ids,
        not visibility.may(session, viewer, application.id, Right.READ),
        person.id not in next(nudges.chases(session, [deadline])).case.receivers,
        community.sent[person.id].is_candidate,
    }
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize(("of_staff", "of_candidate"), [(ASCII, UNICODE), (UNICODE, ASCII)])
def test_one_mailbox_written_in_two_ways_is_one(
    in_app: Flask, session: Session, world: World, kim: Person, of_staff: str, of_candidate: str
) -> None:
    application = applied(in_app, world, of_candidate)
    assert not is_own(session, kim, application)
    people.edit(session, kim, replace(KIM, email=of_staff), by=kim, now=MONDAY)
    assert is_own(session, kim, application)
    assert applied(in_app, world, of_staff).candidate is application.candidate


def test_a_new_address_opens_no_application_of_one_s_own(
    in_app: Flask, session: Session, world: World, kim: Person
) -> None:
    application = applied(in_app, world, KIM.email)
    for email in ("other@own.example", "third@own.example", KIM.email, "other@own.example"):
        people.edit(session, kim, replace(KIM, email=email), by=kim, now=MONDAY)
        assert is_own(session, kim, application)
    second = applied(in_app, world, "third@own.example")
    assert is_own(session, kim, second), "the same person may be several candidates"
    assert len(visibility.viewer_of(session, kim).own_candidate_ids) == 2
    assert not is_own(session, kim, applied(in_app, world, "stranger@own.example"))
