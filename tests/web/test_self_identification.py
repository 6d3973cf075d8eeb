"""Self-identification: questions, counts, the candidate's answers, and that nobody else finds a trace."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tests.pipeline.marked import everything
from tests.self_identified import ask, choose
from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.requisition import Requisition
from tracker.models.self_identification import (
    SelfIdentificationAnswer,
    SelfIdentificationChoice,
    SelfIdentificationQuestion,
)
from tracker.pipeline import candidate_links
from tracker.pipeline import self_identification as verbs

pytestmark = pytest.mark.usefixtures("monday")

NEW = {"text": "Your gender?", "choices": "Woman\nMan\n\n Another  one \n", "is_asked": "y"}
SETTINGS = "/settings/self-identification"


def link(session: Session, application: Application) -> str:
    path = candidate_links.status_link(session, application, now=MONDAY)
    session.commit()
    return path


def chosen(session: Session) -> list[tuple[int, int | None]]:
    session.expire_all()
    rows = sa.select(SelfIdentificationAnswer).order_by(SelfIdentificationAnswer.application_id)
    return [(row.application_id, row.choice_id) for row in session.scalars(rows)]


def test_nothing_is_asked_until_an_admin_asks(client: Client, session: Session, world: World) -> None:
    path = link(session, world.application())
    assert "about you" not in client.get(path).text
    admin = browser_of(client.application, session).sign_in(world.admin())
    assert "Candidates are asked nothing" in admin.get(SETTINGS).text
    assert "Non-binary" in admin.get(f"{SETTINGS}/new?start=Gender").text
    assert admin.post(f"{SETTINGS}/new", data=NEW).status_code == 303

    row = session.scalars(sa.select(SelfIdentificationQuestion)).one()
    assert [each.text for each in row.choices] == ["Woman", "Man", "Another one"]
    page = client.get(path).text
    for text in ("Your gender?", "Another one", "I’d rather not say", "at least 10 people", "take it back here"):
        assert text in page, text
    assert "Take back my answer" not in page, "there is none"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "Question: please fill this in."),
        ({"choices": "Woman"}, "at least two choices"),
        ({"choices": "Yes\nyes"}, "Two choices say the same"),
        ({"choices": "Yes\nNo\nI'd rather not say"}, "always there by itself"),
    ],
)
def test_a_question_that_cannot_be_asked(
    client: Client, session: Session, world: World, changes: dict[str, str], said: str
) -> None:
    answer = client.sign_in(world.admin()).post(f"{SETTINGS}/new", data=NEW | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert (NEW | changes)["choices"].split("\n")[0] in answer.text, "what was typed is there"
    assert session.scalar(sa.select(sa.func.count(SelfIdentificationQuestion.id))) == 0


def form_of(row: SelfIdentificationQuestion, **changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"text": row.text, "is_asked": "y", "choices": ""}
    for n, each in enumerate(row.choices):
        said |= {f"rows-{n}-choice_id": each.id, f"rows-{n}-text": each.text, f"rows-{n}-is_offered": "y"}
    return {key: value for key, value in (said | changes).items() if value is not None}


def test_choices_are_renamed_added_and_retired(client: Client, session: Session, world: World) -> None:
    row, application = ask(world), world.application()
    choose(session, application, row, "Man")
    client.sign_in(world.admin())
    said = form_of(row, choices="Non-binary", **{"rows-0-text": "Female", "rows-1-is_offered": None})
    assert client.post(f"{SETTINGS}/{row.id}", data=said).status_code == 303
    stranger = browser_of(client.application, session)
    page = stranger.get(link(session, world.application(world.requisition("Other")))).text
    assert "Female" in page
    assert "Non-binary" in page
    assert ">Man<" not in page, "it is not offered any more"
    assert ">Man<" in stranger.get(link(session, application)).text, "who chose it keeps it"

    session.expire_all()
    assert client.post(f"{SETTINGS}/{row.id}", data=form_of(row, is_asked=None)).status_code == 303
    assert "about you" not in stranger.get(link(session, world.application(world.requisition("Third")))).text
    assert "about you" in stranger.get(link(session, application)).text, "what was chosen can still be taken back"


def test_an_older_form_overwrites_nothing(client: Client, session: Session, world: World) -> None:
    row = ask(world)
    answer = client.sign_in(world.admin()).post(f"{SETTINGS}/{row.id}", data=form_of(row, version=7, text="Else?"))
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    assert client.get(f"{SETTINGS}/{row.id + 1}").status_code == 404


def test_settings_and_counts_are_not_for_others(client: Client, session: Session, world: World) -> None:
    row = ask(world)
    recruiter, lead = world.recruiter(), world.person("Lea Lead", is_recruiting_lead=True)
    for path in (SETTINGS, f"{SETTINGS}/new", f"{SETTINGS}/{row.id}"):
        for person in (recruiter, lead, world.person()):
            assert client.sign_in(person).get(path).status_code == 404
    for person, status in ((recruiter, 404), (world.person(), 404), (lead, 200), (world.admin(), 200)):
        assert client.sign_in(person).get("/self-identification").status_code == status
    assert client.sign_in(recruiter).post(f"{SETTINGS}/new", data=NEW).status_code == 404
    assert client.post(f"{SETTINGS}/{row.id}", data=form_of(row)).status_code == 404


def test_candidates_choose_change_and_take_back(client: Client, session: Session, world: World) -> None:
    row, application = ask(world), world.application()
    woman, man, _ = (each.id for each in row.choices)
    path = link(session, application)
    for value, kept in ((woman, woman), (man, man), ("rather_not_say", None)):
        answer = client.post(f"{path}/self-identification", data={f"question_{row.id}": value})
        assert answer.status_code == 303
        assert chosen(session) == [(application.id, kept)]
        page = client.get(path).text
        assert re.findall(r'<input checked[^>]*value="([^"]*)"', page) == [str(value)]
    # Nothing chosen changes nothing.
    assert client.post(f"{path}/self-identification", data={}).status_code == 303
    assert chosen(session) == [(application.id, None)]
    assert client.post(f"{path}/self-identification/take-back").status_code == 303
    assert chosen(session) == []
    assert client.post(f"{path}/self-identification/take-back").status_code == 303


def test_what_is_not_offered_is_not_taken(client: Client, session: Session, world: World) -> None:
    row, other = ask(world), ask(world, "Your age?", ("Young", "Old"))
    path = link(session, world.application())
    for value in (other.choices[0].id, "no_answer", "x", 2**40):
        answer = client.post(f"{path}/self-identification", data={f"question_{row.id}": value})
        assert answer.status_code == 422
        assert "Choose one of these, or leave it." in answer.text
    assert chosen(session) == []
    for wrong in ("/my/x", path + "x"):
        assert client.post(f"{wrong}/self-identification").status_code == 404
        assert client.post(f"{wrong}/self-identification/take-back").status_code == 404


def test_staff_who_hold_the_link_see_no_answer_and_write_none(client: Client, session: Session, world: World) -> None:
    row, application = ask(world), world.application()
    choose(session, application, row)
    path = link(session, application)
    assert "checked" in client.get(path).text
    client.sign_in(world.admin())
    assert "about you" not in client.get(path).text
    for verb in ("", "/take-back"):
        client.post(f"{path}/self-identification{verb}", data={f"question_{row.id}": "rather_not_say"})
        assert "staff see no answers" in client.get(path).text
    assert chosen(session) == [(application.id, row.choices[0].id)]


def apply(client: Client, requisition: Requisition, email: str) -> None:
    resume = (BytesIO(b"A resume"), "cv.txt")
    given = {"name": "Kai K", "email": email, "zone": "Europe/Berlin", "resume": resume}
    assert client.post(f"/careers/{requisition.id}/apply", data=given).status_code == 303


def test_the_thank_you_page_asks_who_applied_just_now(
    client: Client, session: Session, world: World, at: TestClock
) -> None:
    row, requisition = ask(world), world.requisition()
    assert "Your gender?" not in client.get("/careers/thanks").text
    apply(client, requisition, "kai@mail.example")
    assert "Your gender?" not in client.get(f"/careers/{requisition.id}/apply").text
    assert "Your gender?" in client.get("/careers/thanks").text
    wrong = client.post("/careers/thanks", data={f"question_{row.id}": "999"})
    assert wrong.status_code == 422
    assert client.post("/careers/thanks", data={f"question_{row.id}": row.choices[1].id}).status_code == 303
    assert [choice for _, choice in chosen(session)] == [row.choices[1].id]
    page = client.get("/careers/thanks").text
    assert "Your own page shows what is kept" in page
    assert "Your gender?" not in page

    apply(client, requisition, "leo@mail.example")
    at.set(MONDAY + timedelta(hours=2))
    assert "Your gender?" not in client.get("/careers/thanks").text
    assert client.post("/careers/thanks", data={f"question_{row.id}": "rather_not_say"}).status_code == 303
    assert len(chosen(session)) == 1


def test_nobody_answers_for_whoever_applied_before_nor_learns_it(
    client: Client, session: Session, world: World
) -> None:
    row, requisition = ask(world), world.requisition()
    apply(client, requisition, "kai@mail.example")
    client.post("/careers/thanks", data={f"question_{row.id}": row.choices[1].id})
    kept = chosen(session)
    stranger = browser_of(client.application, session)
    apply(stranger, requisition, "kai@mail.example")
    page = stranger.get("/careers/thanks").text
    assert "Your gender?" in page
    assert "checked" not in page
    answer = stranger.post("/careers/thanks", data={f"question_{row.id}": row.choices[0].id})
    assert answer.status_code == 303
    assert "Thank you. Your own page shows what is kept" in stranger.get("/careers/thanks").text
    assert chosen(session) == kept


def test_the_link_of_the_thank_you_page_opens_nothing(client: Client, session: Session, world: World) -> None:
    ask(world)
    application = world.application()
    token = verbs.link(session, application, now=MONDAY)
    session.commit()
    assert session.scalars(sa.select(CandidateLink.purpose)).one() is LinkPurpose.SELF_IDENTIFICATION
    assert client.get(f"/my/{token}").status_code == 404
    assert client.post(f"/my/{token}/self-identification").status_code == 404


def test_an_answer_leaves_no_trace_in_any_other_table(client: Client, session: Session, world: World) -> None:
    row, path = ask(world), link(session, world.application())

    def elsewhere() -> list[tuple[str, str]]:
        session.expire_all()
        return [(where, text) for where, text in everything(session) if "self_identification_answer" not in where]

    before = elsewhere()
    client.post(f"{path}/self-identification", data={f"question_{row.id}": row.choices[0].id})
    client.post(f"{path}/self-identification", data={f"question_{row.id}": "rather_not_say"})
    assert len(chosen(session)) == 1
    client.post(f"{path}/self-identification/take-back")
    assert elsewhere() == before


def test_counts_of_a_year_are_shown_with_what_is_not_told(client: Client, session: Session, world: World) -> None:
    row = ask(world, now=datetime(2024, 5, 1, tzinfo=UTC))
    keys = [*(str(each.id) for each in row.choices), "rather_not_say", "no_answer"]
    people = ((1234, 30, 12, 1), (60, 31, 13, 2), (3, 1, 0, 0), (20, 2, 0, 0), (45, 14, 3, 0))
    for year in (2024, 2025):
        verbs.keep(session, row, year, dict(zip(keys, people, strict=True)), now=MONDAY)
        people = ((20,) * 4,) * 5
    page = client.sign_in(world.person("Lea Lead", is_recruiting_lead=True)).get("/self-identification").text
    assert "in 2025" in page
    page = client.get("/self-identification?year=2024").text
    for text in ("Your gender?", "Woman", "1,234", "31", "not told", "No answer", "Offer or hired"):
        assert text in page, text
    assert ">3<" not in page
    assert "in 2025" in client.get("/self-identification?year=1999").text


def test_before_a_year_is_counted_the_page_says_when(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.admin())
    assert "Candidates are asked nothing" in client.get("/self-identification").text
    ask(world)
    assert "No year is counted yet" in client.get("/self-identification").text


def test_a_choice_belongs_to_its_question(session: Session, world: World) -> None:
    row, other, application = ask(world), ask(world, "Your age?"), world.application()
    session.commit()
    key = {"application_id": application.id, "question_id": row.id}
    session.add(SelfIdentificationAnswer(**key, choice_id=other.choices[0].id))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(SelfIdentificationChoice.id))) == 6
