"""Every page that people live in, looked at by axe: on a desk and on a phone, light and dark, with a world of data.

The data is the demo's story, so that lists are filled, deadlines overdue, and every stage has its page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.browser.conftest import NARROW, WIDE, Opens, cookie_of, served, windows
from tests.conftest import settings_for
from tracker import clock, schema
from tracker.app import create_app
from tracker.db import db
from tracker.demo import cast, story
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.question import Question
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Scorecard
from tracker.pipeline import candidate_links, staffing
from tracker.rules.scorecards import ScorecardState

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("axe")]

NOW = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
STRANGER, RECRUITER, MANAGER, ADMIN, WRITER = (
    "stranger",
    cast.RECRUITER.email,
    cast.MANAGER.email,
    cast.ADMIN.email,
    "w",
)


@dataclass(frozen=True)
class Demo:
    """Windows by who looks, and the addresses of the pages by their names."""

    opens: Opens
    cookies: dict[str, str | None]
    paths: dict[str, str]


PAGES = [
    (STRANGER, "sign-in"), (STRANGER, "careers"), (STRANGER, "opening"), (STRANGER, "apply"), (STRANGER, "own page"),
    (STRANGER, "choose"), (RECRUITER, "loop choosing"),
    (RECRUITER, "today"), (RECRUITER, "board"), (RECRUITER, "candidates"), (RECRUITER, "deadlines"),
    (RECRUITER, "application"), (RECRUITER, "qualifications"), (RECRUITER, "arrange"), (RECRUITER, "loop"),
    (RECRUITER, "loop draft"), (RECRUITER, "outcome"), (MANAGER, "today"), (MANAGER, "debrief"), (MANAGER, "decision"),
    (MANAGER, "record"), (MANAGER, "anew"), (ADMIN, "blind rule"), (ADMIN, "judgement"), (WRITER, "own numbers"),
    (WRITER, "scorecard"), (WRITER, "interview"), (WRITER, "decline"), (RECRUITER, "enter"), (RECRUITER, "read"),
    (ADMIN, "questions"), (ADMIN, "question"),
    (ADMIN, "settings"), (ADMIN, "regions"), (ADMIN, "region"), (ADMIN, "competencies"), (ADMIN, "plan"),
    (ADMIN, "people"), (ADMIN, "person"), (ADMIN, "outbox"), (ADMIN, "operations"),
    (ADMIN, "e-mails"), (ADMIN, "e-mail"), (ADMIN, "self-identification"), (ADMIN, "asked"), (ADMIN, "counts"),
]  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'tracker.sqlite'}"
    schema.upgrade(url)
    app = create_app(settings_for(url, folder))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: NOW)
        # Good passwords take long on purpose; nobody types one here.
        patched.setattr(staffing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        with app.app_context():
            story.tell(db.session(), NOW, folder / "documents")
            token = candidate_links.status_link(db.session(), _application(db.session(), "Arjun Mehta"), now=NOW)
            choosing = candidate_links.status_link(db.session(), _application(db.session(), "Wei Zhang"), now=NOW)
            db.session.commit()
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            paths, writer = _paths(session), _writer(session)
            people = {each.email: each for each in session.scalars(select(Person))}
            cookies = {email: cookie_of(app, session, people[email]) for email in (RECRUITER, MANAGER, ADMIN)}
            cookies[WRITER] = cookie_of(app, session, writer.person)
            paths |= {"scorecard": f"/scorecards/{writer.id}", "interview": f"/interviews/{writer.id}"}
            paths |= {"decline": f"/interviews/{writer.id}/decline", "enter": f"/scorecards/{writer.id}/enter"}
        with served(app) as address, windows(chromium, address) as opens:
            yield Demo(opens, {**cookies, STRANGER: None}, paths | {"own page": token, "choose": f"{choosing}/loop"})
        with app.app_context():
            db.engine.dispose()


def _application(session: Session, name: str) -> Application:
    return session.scalars(select(Application).join(Candidate).where(Candidate.name == name)).one()


def _writer(session: Session) -> Assignment:
    """Return the assignment of somebody who has not written yet, in a loop that was held."""
    rows = select(Assignment).join(Scorecard, Scorecard.assignment_id == Assignment.id)
    application = _application(session, "Zofia Kowalska")
    unwritten = rows.where(Scorecard.state == ScorecardState.DRAFT, Scorecard.application_id == application.id)
    return session.scalars(unwritten.order_by(Assignment.id)).first() or pytest.fail("all have written")


def _paths(session: Session) -> dict[str, str]:
    def of(name: str, rest: str = "") -> str:
        return f"/applications/{_application(session, name).id}{rest}"

    kinds = (Requisition, Region, InterviewPlan, Person, Question)
    first = {kind: session.scalar(select(func.min(kind.id))) for kind in kinds}
    submitted = select(func.min(Scorecard.assignment_id)).where(Scorecard.state == ScorecardState.SUBMITTED)
    requisition = first[Requisition]
    return {
        "sign-in": "/sign-in", "careers": "/careers", "opening": f"/careers/{requisition}",
        "apply": f"/careers/{requisition}/apply", "today": "/", "board": f"/requisitions/{requisition}/board",
        "candidates": "/candidates", "deadlines": "/deadlines", "application": of("Zofia Kowalska"),
        "qualifications": of("Oskar Nilsson", "/qualifications"), "arrange": of("Hugo Martin", "/screens/new"),
        "loop": of("Arjun Mehta", "/loop"), "loop draft": of("Elena Popescu", "/loop"),
        "loop choosing": of("Wei Zhang", "/loop"),
        "outcome": of("Lucas Fischer", "/outcome"), "debrief": of("David Cohen", "/debrief"),
        "record": of("Lucas Fischer", "/decision/record"), "anew": of("Lucas Fischer", "/decision/change"),
        "blind rule": "/settings/blind-rule", "judgement": "/getting-better/community",
        "own numbers": "/getting-better", "decision": of("Amara Nwosu", "/decision"),
        "settings": "/settings", "regions": "/settings/regions",
        "region": f"/settings/regions/{first[Region]}", "competencies": "/settings/competencies",
        "plan": f"/settings/plans/{first[InterviewPlan]}", "people": "/settings/people",
        "person": f"/settings/people/{first[Person]}", "outbox": "/settings/outbox",
        "operations": "/settings/operations", "e-mails": "/settings/e-mails",
        "e-mail": "/settings/e-mails/loop_schedule", "read": f"/scorecards/{session.scalar(submitted)}",
        "self-identification": "/settings/self-identification", "asked": "/settings/self-identification/1",
        "counts": "/self-identification", "questions": "/settings/questions",
        "question": f"/settings/questions/{first[Question]}",
    }  # fmt: skip


@pytest.mark.parametrize(("who", "name"), PAGES)
def test_nothing_is_in_anybodys_way(demo: Demo, who: str, name: str) -> None:
    # The policy is set aside only so that the checker's own script may be put into the page.
    page = demo.opens(demo.cookies[who], WIDE, bypass_csp=True, reduced_motion="reduce")
    answer = page.goto(demo.paths[name])
    assert answer is not None
    assert answer.status == 200
    check_all(page, name)
    page.context.close()


def test_nor_are_the_emails_that_are_read_before_they_go_out(demo: Demo) -> None:
    page = demo.opens(demo.cookies[RECRUITER], WIDE, bypass_csp=True, reduced_motion="reduce")
    page.goto(demo.paths["arrange"])
    page.get_by_label("Date", exact=True).fill("2026-11-26")
    page.get_by_label("Start", exact=True).fill("10:00")
    page.locator("input[name=person_id]").first.check()
    page.get_by_role("button", name="Next: read the e-mails").click()
    page.get_by_text("Change the words").click()
    check_all(page, "the step before e-mails")
    page.context.close()


def check_all(page: Page, name: str) -> None:
    """Look at a page on a desk and on a phone, light and dark."""
    check(page, f"{name}, wide, light")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    check(page, f"{name}, wide, dark", colours_only=True)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    check(page, f"{name}, narrow, dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], f"{name} scrolls sideways"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    check(page, f"{name}, narrow, light", colours_only=True)


def check(page: Page, seen: str, *, colours_only: bool = False) -> None:
    """Hold what axe finds against nothing; what changes with the colours alone is the contrast."""
    # Loading the checker takes longer than its work: once for each page is enough.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if colours_only:
        options["runOnly"] = ["color-contrast"]
    found = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    assert [(each["id"], each["nodes"][0]["html"][:300]) for each in found] == [], seen
