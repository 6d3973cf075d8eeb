"""The deadlines that run: whose, which, in what order; pausing with a reason, resuming."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.outbox import OutboxMail
from tracker.pipeline import deadlines
from tracker.rules.deadlines import DeadlineKind, DeadlineState

pytestmark = pytest.mark.usefixtures("monday")


def owed(app: Flask, session: Session, application: Application, days_ago: int = 0) -> Deadline:
    """An application review that counts from so many days ago."""
    with app.app_context():
        deadline = deadlines.open_(
            session,
            application,
            DeadlineKind.APPLICATION_REVIEW,
            day0_at=MONDAY - timedelta(days=days_ago),
            owner=application.requisition.recruiter,
            now=MONDAY,
        )
    session.commit()
    return deadline


def test_the_soonest_due_stands_first(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    owed(app, session, world.application(requisition, name="Late Lucy"), days_ago=14)
    page = client.sign_in(requisition.recruiter).get("/deadlines").text
    assert page.index("Late Lucy") < page.index("Fresh Fred")
    assert "overdue by 5 business days" in page
    assert "5 business days left" in page
    assert "Mon 9 Nov 2026, 23:59 CET" in page


def test_filters(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    client.sign_in(requisition.recruiter)
    here = f"requisition={requisition.id}&region={requisition.region_id}&kind=application_review"
    assert "Fresh Fred" in client.get(f"/deadlines?{here}").text
    for query in ("kind=promise", "state=paused", f"region={requisition.region_id + 1}", "after=99"):
        assert "Fresh Fred" not in client.get(f"/deadlines?{query}").text, query


def test_where_a_page_begins_does_not_tell_when_a_hidden_one_is_due(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    requisition = world.requisition()
    secret = world.requisition("Secret", is_confidential=True, recruiter=world.recruiter("Olga Other"))
    me = world.candidate(email=requisition.recruiter.email)
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    seen = owed(app, session, world.application(requisition, name="Late Lucy"), days_ago=14)
    hidden = owed(app, session, world.application(secret), days_ago=7)
    own = owed(app, session, world.application(requisition, candidate=me), days_ago=7)
    client.sign_in(requisition.recruiter)
    for whose in ("mine", "team", "all"):
        assert "Fresh Fred" in client.get(f"/deadlines?whose={whose}&after={seen.id}").text
        for after in (hidden.id, own.id):
            assert "Fresh Fred" not in client.get(f"/deadlines?whose={whose}&after={after}").text


def test_the_week_is_run_from_the_address_bar(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    # Due five business days after so many days ago: last Monday, today, on Friday, next Monday.
    for name, days_ago in (("Late Lucy", 14), ("Today Tom", 7), ("Week Wim", 3), ("Next Nora", 0)):
        owed(app, session, world.application(requisition, name=name), days_ago=days_ago)
    client.sign_in(requisition.recruiter)
    names = ("Late Lucy", "Today Tom", "Week Wim", "Next Nora")
    for due, count in {"overdue": 1, "today": 2, "week": 3, "any": 4, "nonsense": 4}.items():
        page = client.get(f"/deadlines?due={due}").text
        assert [name for name in names if name in page] == list(names[:count]), due


def test_mine_my_requisitions_and_all(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    expected = {
        requisition.recruiter: {"mine", "team", "all"},
        requisition.hiring_manager: {"team", "all"},
        world.recruiter("Other"): {"all"},
        world.person("Nobody"): set[str](),
    }
    for person, seen in expected.items():
        client.sign_in(person)
        found = {
            whose for whose in ("mine", "team", "all") if "Fresh Fred" in client.get(f"/deadlines?whose={whose}").text
        }
        assert found == seen, person.name


def test_a_former_owner_finds_nothing_any_more(app: Flask, client: Client, world: World, session: Session) -> None:
    former, present = world.recruiter("Frida Former"), world.recruiter("Petra Present")
    secret = world.requisition("Secret", is_confidential=True, recruiter=former)
    deadline = owed(app, session, world.application(secret))
    replaced, seated = (
        world.interview(world.application(secret, name=name), world.person(f"Ines {name}"))
        for name in ("Replaced", "Seated")
    )
    found = {former: deadline}
    for each in (replaced, seated):
        with app.app_context():
            facts = {"day0_at": MONDAY, "owner": each.person, "subject": each.id, "now": MONDAY}
            application = each.interview.application
            found[each.person] = deadlines.open_(session, application, DeadlineKind.SCORECARD, **facts)
    for row in found.values():
        row.state, row.closed_at = DeadlineState.MET, MONDAY
    for owner, row in found.items():
        assert client.sign_in(owner).get(f"/deadlines/{row.id}").status_code == 200, owner.name

    secret.recruiter, replaced.ended_at = present, MONDAY

    codes = {owner.name: client.sign_in(owner).get(f"/deadlines/{row.id}").status_code for owner, row in found.items()}
    assert codes == {"Frida Former": 404, "Ines Replaced": 404, "Ines Seated": 200}
    assert client.sign_in(present).get(f"/deadlines/{deadline.id}").status_code == 200
    # One that runs is its owner's no longer either, whatever was forgotten when it was handed over.
    deadline.state, deadline.closed_at = DeadlineState.OPEN, None
    client.sign_in(former)
    assert "Secret" not in client.get("/deadlines").text + client.get("/").text
    assert client.get(f"/deadlines/{deadline.id}").status_code == 404


def test_pausing_keeps_the_business_days(
    app: Flask, client: Client, world: World, session: Session, at: TestClock
) -> None:
    requisition = world.requisition()
    deadline = owed(app, session, world.application(requisition))
    client.sign_in(requisition.recruiter)
    url = f"/deadlines/{deadline.id}"
    answer = client.post(f"{url}/pause", data={"reason": "The candidate is ill", "version": deadline.version})
    assert answer.status_code == 303
    session.refresh(deadline)
    assert (deadline.state, deadline.days_kept) == (DeadlineState.PAUSED, 5)
    assert "The candidate is ill" in client.get(url).text
    at.set(MONDAY + timedelta(days=7))
    assert client.post(f"{url}/resume", data={"version": deadline.version}).status_code == 303
    session.refresh(deadline)
    assert deadline.state is DeadlineState.OPEN
    assert deadline.due_at == MONDAY.replace(hour=22, minute=59, second=59) + timedelta(days=14)


def test_pausing_is_refused_without_reason_when_stale_and_to_others(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    requisition = world.requisition()
    deadline = owed(app, session, world.application(requisition))
    url = f"/deadlines/{deadline.id}/pause"
    client.sign_in(requisition.recruiter)
    answer = client.post(url, data={"reason": " ", "version": deadline.version})
    assert answer.status_code == 422
    assert "please fill this in" in answer.text
    answer = client.post(url, data={"reason": "I typed this", "version": deadline.version + 1})
    assert answer.status_code == 422
    assert "I typed this" in answer.text
    assert "faster" in answer.text
    for person in (requisition.hiring_manager, world.person("Nobody")):
        assert client.sign_in(person).post(url, data={"reason": "x"}).status_code == 404
    session.refresh(deadline)
    assert deadline.state is DeadlineState.OPEN


def promised(app: Flask, session: Session, application: Application) -> Deadline:
    """A promise whose day 0 is today."""
    with app.app_context():
        deadline = deadlines.open_(
            session,
            application,
            DeadlineKind.PROMISE,
            day0_at=MONDAY,
            owner=application.requisition.recruiter,
            now=MONDAY,
        )
    session.commit()
    return deadline


def test_extending_looks_first_then_tells(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    deadline = promised(app, session, world.application(requisition, name="Ann Active"))
    client.sign_in(requisition.recruiter)
    url = f"/deadlines/{deadline.id}"
    form = {
        "extend-until": "2026-11-12",
        "extend-reason": "The bar raiser is ill",
        "extend-told": "We are thorough.",
        "extend-version": deadline.version,
    }
    client.reads_mails = True
    looked = client.post(f"{url}/extend", data=form)
    client.reads_mails = False
    assert looked.status_code == 200
    for words in ("Nothing was done yet", "by Thu 12 Nov 2026, 23:59", "We are thorough.", "The bar raiser is ill"):
        assert words in looked.text
    session.refresh(deadline)
    assert (deadline.extra_days, session.scalars(select(OutboxMail)).all()) == (0, [])
    assert client.post(f"{url}/extend", data=form).status_code == 303
    session.refresh(deadline)
    assert deadline.extra_days == 3
    assert [mail.kind for mail in session.scalars(select(OutboxMail))] == ["promise_moved"]
    page = client.get(url).text
    assert "Extended by 3 business days: The bar raiser is ill" in page
    assert "8 business days after Mon 2 Nov 2026 (day 0)" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"extend-until": ""}, "Choose the new date"),
        ({"extend-until": "2026-11-09"}, "Choose a day after Mon 9 Nov 2026"),
        ({"extend-until": "2026-11-14"}, "is no business day there"),
        ({"extend-reason": " "}, "please fill this in"),
        ({"extend-told": "x" * 20_001}, "20,000 is the most"),
        ({"extend-version": "77"}, "Somebody was faster"),
    ],
)
def test_an_extension_that_is_refused_keeps_what_was_typed(
    app: Flask, client: Client, world: World, session: Session, changes: dict[str, str], said: str
) -> None:
    requisition = world.requisition()
    deadline = promised(app, session, world.application(requisition))
    client.sign_in(requisition.recruiter)
    form = {"extend-until": "2026-11-12", "extend-reason": "I typed this", "extend-told": "And this"} | changes
    answer = client.post(f"/deadlines/{deadline.id}/extend", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "And this" in answer.text or "extend-told" in changes
    session.refresh(deadline)
    assert (deadline.extra_days, session.scalars(select(OutboxMail)).all()) == (0, [])


def test_only_who_manages_sets_the_clock(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    deadline = promised(app, session, world.application(requisition))
    form = {"extend-until": "2026-11-12", "extend-reason": "x"}
    for person in (requisition.hiring_manager, world.person("Nobody")):
        assert client.sign_in(person).post(f"/deadlines/{deadline.id}/extend", data=form).status_code == 404
    page = client.sign_in(requisition.hiring_manager).get(f"/deadlines/{deadline.id}").text
    assert "Extend it" not in page


def test_a_missed_one_offers_no_extension(
    app: Flask, client: Client, world: World, session: Session, at: TestClock
) -> None:
    requisition = world.requisition()
    deadline = promised(app, session, world.application(requisition))
    at.set(MONDAY + timedelta(days=8))
    page = client.sign_in(requisition.recruiter).get(f"/deadlines/{deadline.id}").text
    assert "can no longer be paused or extended" in page
    assert "Extend it" not in page


def test_the_page_says_how_it_is_counted_and_what_else_is_due(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    requisition = world.requisition(region=world.region(closed=(date(2026, 11, 4), date(2026, 11, 30))))
    application = world.application(requisition, name="Ann Active")
    deadline = promised(app, session, application)
    owed(app, session, application)
    page = client.sign_in(requisition.recruiter).get(f"/deadlines/{deadline.id}").text
    assert "5 business days after Mon 2 Nov 2026 (day 0)" in page
    assert "without Wed 4 Nov 2026" in page
    assert "30 Nov" not in page
    assert "Application review" in page


def test_a_due_date_in_a_year_that_is_not_entered_says_so(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    requisition = world.requisition()
    requisition.region.years = []
    deadline = promised(app, session, world.application(requisition))
    client.sign_in(requisition.recruiter)
    for url in ("/deadlines", f"/deadlines/{deadline.id}", f"/applications/{deadline.application_id}"):
        assert "The public holidays of 2026 are not entered" in client.get(url).text, url


def test_one_click_sent_twice_has_one_effect(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    deadline = owed(app, session, world.application(requisition))
    client.sign_in(requisition.recruiter)
    form = {"reason": "On hold", "version": deadline.version, "once": "a" * 32}
    answers = [client.post(f"/deadlines/{deadline.id}/pause", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    session.refresh(deadline)
    assert deadline.revision == 2
