"""The product in a real browser: signing in, the board, a scorecard on a phone, the loop, and all without script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.conftest import NARROW, WIDE, Live
from tests.factories import MONDAY
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.models.requisition import Requisition
from tracker.pipeline import staffing
from tracker.queries.board import PAGE
from tracker.rules.stages import StageKind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

PASSWORD = "correct horse battery"


def board_of(requisition: Requisition) -> str:
    return f"/requisitions/{requisition.id}/board"


def card(page: Page | Locator, name: str) -> Locator:
    return page.locator("[data-card]", has_text=name)


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_signing_in_leads_to_where_one_wanted(live: Live) -> None:
    person = live.world.recruiter(email="rita@tracker.example")
    person.password_hash = staffing.hashed(PASSWORD)
    live.world.requisition(recruiter=person)
    page = live.page()
    page.goto("/requisitions")
    page.get_by_label("E-mail").fill("rita@tracker.example")
    page.get_by_label("Password", exact=True).fill("a wrong one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/requisitions")
    expect(page.get_by_role("link", name="Security Engineer")).to_be_visible()


def test_a_script_that_comes_late_leaves_the_focus_to_whoever_types(live: Live) -> None:
    page = live.page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("rita@tracker.example")
    held: list[Route] = []
    page.route("**/js/forms.js", lambda route: held.append(route))
    page.get_by_label("Password", exact=True).fill("a wrong one")
    page.get_by_role("button", name="Sign in").click(no_wait_after=True)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("another")
    assert held
    with page.expect_event("load"):
        held[0].continue_()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()


def test_a_card_is_dragged_and_the_move_is_undone(live: Live) -> None:
    requisition = live.world.requisition()
    live.world.judge(live.world.application(requisition, name="Ann Able"))
    page = live.page(requisition.recruiter)
    page.goto(board_of(requisition))
    card(page, "Ann Able").drag_to(column(page, "Technical phone screen").locator("[data-cards]"))
    expect(page.locator(".toast")).to_contain_text("Ann Able is in “Technical phone screen” now.")
    expect(card(column(page, "Technical phone screen"), "Ann Able")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Ann Able is back in “Application review”.")
    page.reload()
    expect(card(column(page, "Application review"), "Ann Able")).to_be_visible()


def test_a_refused_drag_says_why_and_goes_back(live: Live) -> None:
    requisition = live.world.requisition()
    live.world.application(requisition, name="Ann Able")
    page = live.page(requisition.recruiter)
    page.goto(board_of(requisition))
    card(page, "Ann Able").drag_to(column(page, "Interview loop").locator("[data-cards]"))
    expect(page.locator(".toast")).to_contain_text("qualification")
    expect(card(column(page, "Application review"), "Ann Able")).to_be_visible()
    expect(column(page, "Interview loop").locator("[data-card]")).to_have_count(0)


def test_a_card_is_moved_by_keys(live: Live) -> None:
    requisition = live.world.requisition()
    live.world.judge(live.world.application(requisition, name="Ann Able"))
    page = live.page(requisition.recruiter)
    page.goto(board_of(requisition))
    card(page, "Ann Able").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(card(column(page, "Technical phone screen"), "Ann Able")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("Ann Able is in “Technical phone screen” now.")


def test_a_long_column_comes_as_one_scrolls(live: Live) -> None:
    requisition = live.world.requisition()
    for number in range(60):
        moment = MONDAY - timedelta(days=60 - number)
        live.world.application(requisition, name=f"Candidate {number:02}", entered_stage_at=moment)
    page = live.page(requisition.recruiter)
    page.goto(board_of(requisition))
    cards = column(page, "Application review").locator("[data-card]")
    expect(cards).to_have_count(PAGE)
    for count in range(2 * PAGE, 61, PAGE):
        page.locator("[data-next]").scroll_into_view_if_needed()
        expect(cards).to_have_count(count)
    expect(page.locator("[data-next]")).to_have_count(0)
    names = cards.locator(".bcard__name").all_inner_texts()
    assert [name.strip() for name in names] == [f"Candidate {number:02}" for number in range(60)]


@pytest.fixture
def held(live: Live) -> Assignment:
    """An interview that is over, its scorecard to be written."""
    application = live.world.application(stage=StageKind.OUTCOME, name="Ann Able")
    person = live.world.person("Ines Interviewer")
    return live.world.loop(application, (person,), starts_at=MONDAY - timedelta(hours=3))[0]


def test_a_scorecard_is_written_on_a_phone(live: Live, held: Assignment) -> None:
    url, number = f"/scorecards/{held.id}", held.competencies[0].competency_id
    page = live.page(held.person, NARROW)
    page.goto(url)
    page.get_by_label("Summary").fill("Calm, exact, curious.")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Saved"))
    page.reload()
    expect(page.get_by_label("Summary")).to_have_value("Calm, exact, curious.")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    page.locator(f"input[name='rating_{number}'][value='3']").check(force=True)
    page.locator("input[name='recommendation'][value='hire']").check(force=True)
    page.get_by_label("Question you asked").first.fill("Tell me of a hard incident.")
    page.get_by_label("Result").first.fill("Down from 4 h to 20 min")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()
    expect(page.get_by_text("Down from 4 h to 20 min")).to_be_visible()


def test_submitting_waits_for_the_draft_that_is_under_way(live: Live, held: Assignment) -> None:
    number = held.competencies[0].competency_id
    page = live.page(held.person, NARROW)
    # The server has the draft, its answer is still on its way.
    slow: list[tuple[Route, APIResponse]] = []
    page.route("**/draft", lambda route: slow.append((route, route.fetch())))
    page.goto(f"/scorecards/{held.id}")
    page.locator(f"input[name='rating_{number}'][value='3']").check(force=True)
    page.locator("input[name='recommendation'][value='hire']").check(force=True)
    page.get_by_label("Question you asked").first.fill("Tell me of a hard incident.")
    page.get_by_label("Result").first.fill("Down from 4 h to 20 min")
    while not slow:
        page.wait_for_timeout(20)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    for draft, answer in slow:
        draft.fulfill(response=answer)
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_loop_is_planned_and_sent(live: Live, size: tuple[int, int]) -> None:
    application = live.world.application(stage=StageKind.LOOP, name="Ann Able")
    plan = application.requisition.plan
    for number in range(6):
        live.world.qualify(live.world.person(f"Ina{number}", is_bar_raiser=number == 0), plan)
    path = f"/applications/{application.id}/loop"
    page = live.page(application.requisition.recruiter, size)
    page.goto(path)
    page.get_by_role("button", name="Start with an empty draft").click()
    expect(page.get_by_role("heading", name=re.compile("^Before it can go out"))).to_be_visible()
    page.locator("#date").fill("2026-11-10")
    page.locator("#time").fill("10:00")
    page.get_by_role("button", name="Set times").click()
    page.get_by_role("button", name="Suggest people").click()
    expect(page.get_by_role("heading", name=re.compile("^Before it can go out"))).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name="Read the 6 e-mails…").click()
    expect(page.get_by_role("heading", name="To Ann Able")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name="Confirm and send 6 e-mails").click()
    expect(page.get_by_text("The loop went out.")).to_be_visible()
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_all_goes_without_script(live: Live, held: Assignment) -> None:
    requisition = held.interview.application.requisition
    live.world.judge(live.world.application(requisition, name="Bea Brisk"))
    signs_in(requisition.recruiter, "rita@tracker.example")
    signs_in(held.person, "ines@tracker.example")
    board, url, number = board_of(requisition), f"/scorecards/{held.id}", held.competencies[0].competency_id
    live.session.commit()
    page = live.page(java_script_enabled=False)
    page.goto(board)
    sign_in_by_form(page, "rita@tracker.example")
    card(page, "Bea Brisk").locator("summary").click()
    card(page, "Bea Brisk").get_by_role("button", name="Technical phone screen").click()
    expect(page.get_by_text("Bea Brisk is in “Technical phone screen” now.")).to_be_visible()
    page = live.page(java_script_enabled=False)
    page.goto(url)
    sign_in_by_form(page, "ines@tracker.example")
    page.get_by_label("Summary").fill("Calm, exact, curious.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.locator(f"input[name='rating_{number}'][value='3']").check(force=True)
    page.locator("input[name='recommendation'][value='hire']").check(force=True)
    page.get_by_label("Question you asked").first.fill("Tell me of a hard incident.")
    page.get_by_label("Result").first.fill("Down from 4 h to 20 min")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()


def signs_in(person: Person, email: str) -> None:
    person.email, person.password_hash = email, staffing.hashed(PASSWORD)


def sign_in_by_form(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
