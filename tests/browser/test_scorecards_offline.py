"""A scorecard sent without the net, or written on two devices of which one had none: nothing is lost or doubled."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NARROW, Live, cookie_of
from tests.factories import MONDAY
from tracker.models.interview import Assignment
from tracker.models.scorecard import Scorecard
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import StageKind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.fixture
def held(live: Live) -> Assignment:
    """An interview that is over, its scorecard to be written."""
    application = live.world.application(stage=StageKind.OUTCOME, name="Ann Able")
    person = live.world.person("Ines Interviewer")
    return live.world.loop(application, (person,), starts_at=MONDAY - timedelta(hours=3))[0]


def opened(live: Live, held: Assignment) -> Page:
    page = live.page(held.person, NARROW)
    page.goto(f"/scorecards/{held.id}")
    return page


def saved(page: Page) -> None:
    """Wait until the server has all: then this device keeps no copy."""
    page.wait_for_function("() => Object.keys(localStorage).length === 0")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Saved"))


def unsaved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_contain_text("offline, will retry")


def write(page: Page, summary: str = "Calm, exact, curious.") -> None:
    page.locator(".rating").nth(2).click()
    page.locator(".segment", has_text="Strong hire").click()
    page.get_by_label("Summary").fill(summary)


def record(page: Page, number: int, question: str, action: str) -> None:
    """Write the record at a place of the form, which is added where it is not there."""
    if page.get_by_label("Question you asked").count() <= number:
        page.get_by_role("button", name="Add another question").click()
    page.get_by_label("Question you asked").nth(number).fill(question)
    page.get_by_label("Action").nth(number).fill(action)


def stands(live: Live) -> tuple[ScorecardState, str]:
    live.session.expire_all()
    found = live.session.get_one(Scorecard, 1)
    state, summary = found.state, found.summary
    live.session.rollback()
    return state, summary


def records(live: Live) -> list[tuple[str, str]]:
    live.session.expire_all()
    found = [(each.question, each.action) for each in live.session.get_one(Scorecard, 1).evidence]
    live.session.rollback()
    return found


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()


def test_who_submits_without_the_net_stays_and_submits_with_one_press_later(live: Live, held: Assignment) -> None:
    page = opened(live, held)
    page.context.set_offline(True)
    write(page)
    submit(page)
    told = page.locator("[data-unsent]")
    expect(told).to_contain_text("Not submitted yet: you are offline")
    expect(told).to_contain_text("What you wrote is safe on this device.")
    expect(told).to_be_focused()
    expect(told.get_by_role("button")).to_be_hidden()
    expect(page.get_by_label("Summary")).to_have_value("Calm, exact, curious.")
    page.get_by_label("Summary").press_sequentially(" And kind.")
    page.context.set_offline(False)
    expect(told).to_contain_text("The net is back")
    told.get_by_role("button", name="Submit now").click()
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()
    expect(page.get_by_text("Calm, exact, curious. And kind.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_draft_that_is_saved_without_the_net_stays_too(live: Live, held: Assignment) -> None:
    page = opened(live, held)
    page.context.set_offline(True)
    page.get_by_label("Summary").fill("Typed in the lift.")
    page.get_by_role("button", name="Save draft").click()
    told = page.locator("[data-unsent]")
    expect(told).to_contain_text("Not saved yet: you are offline")
    page.context.set_offline(False)
    saved(page)
    expect(told).to_be_hidden()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value("Typed in the lift.")


def test_a_submission_whose_answer_was_lost_is_one_submission(live: Live, held: Assignment) -> None:
    page = opened(live, held)
    write(page)
    saved(page)
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    page.route(f"**/scorecards/{held.id}", lose)
    submit(page)
    told = page.locator("[data-unsent]")
    expect(told).to_contain_text("the tracker does not answer")
    told.get_by_role("button", name="Submit now").click()
    # Here the answer's cookie was not lost with it: it says so twice.
    expect(page.get_by_text("Scorecard submitted.").first).to_be_visible()
    assert stands(live)[0] is ScorecardState.SUBMITTED


def test_two_devices_that_added_records_one_of_them_offline_have_each_record_once(live: Live, held: Assignment) -> None:
    laptop = opened(live, held)
    record(laptop, 0, "A hard incident?", "Led it")
    saved(laptop)
    phone = opened(live, held)
    phone.context.set_offline(True)
    record(laptop, 0, "A hard incident?", "Led it, with two others")
    record(laptop, 1, "A dispute?", "Asked both")
    record(laptop, 2, "", "Wrote it down")
    saved(laptop)
    # The same question on both, one that is edited in the middle, and records without a question.
    phone.get_by_label("Situation").first.fill("At night")
    record(phone, 1, "A failure?", "Told everybody")
    record(phone, 2, "", "Taught the team")
    unsaved(phone)
    record(laptop, 0, "A very hard incident?", "Led it, with two others")
    saved(laptop)
    phone.context.set_offline(False)
    expect(phone.locator("[data-autosave-status]")).to_contain_text("Both texts are kept: please look them over.")
    expect(phone.get_by_label("Question you asked")).to_have_count(5)
    laptop.get_by_label("Summary").fill("Typed on the laptop.")
    laptop.wait_for_function("() => Object.keys(localStorage).length === 0")
    expect(laptop.locator("[data-autosave-status]")).to_contain_text("Both texts are kept: please look them over.")
    assert records(live) == [
        ("A very hard incident?", "Led it, with two others"),
        ("A dispute?", "Asked both"),
        ("", "Wrote it down"),
        ("A failure?", "Told everybody"),
        ("", "Taught the team"),
    ]
    assert stands(live)[1] == "Typed on the laptop."
    expect(laptop.get_by_label("Situation").first).to_have_value("At night")
    for page in (laptop, phone):
        page.reload()
        expect(page.get_by_label("Action").nth(4)).to_have_value("Taught the team")


def test_records_that_were_added_without_the_net_outlive_the_window(live: Live, held: Assignment) -> None:
    page = opened(live, held)
    record(page, 0, "A hard incident?", "Led it")
    saved(page)
    page.route("**/draft", lambda route: route.abort())
    record(page, 1, "A dispute?", "Asked both")
    record(page, 2, "A failure?", "Told everybody")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Not saved"))
    page.goto("about:blank")
    page.goto(f"/scorecards/{held.id}")
    expect(page.get_by_label("Action").nth(2)).to_have_value("Told everybody")
    page.unroute("**/draft")
    page.get_by_label("Summary").fill("Back.")
    saved(page)
    assert [each[1] for each in records(live)] == ["Led it", "Asked both", "Told everybody"]


def test_what_was_never_saved_is_put_together_with_what_another_device_saved_since(
    live: Live, held: Assignment
) -> None:
    phone, laptop = opened(live, held), opened(live, held)
    phone.route("**/draft", lambda route: route.abort())
    record(phone, 0, "A failure?", "Told everybody")
    phone.get_by_label("Summary").fill("Typed on the phone.")
    expect(phone.locator("[data-autosave-status]")).to_have_text(re.compile("^Not saved"))
    phone.goto("about:blank")
    record(laptop, 0, "A dispute?", "Asked both")
    saved(laptop)
    phone.unroute("**/draft")
    phone.goto(f"/scorecards/{held.id}")
    expect(phone.get_by_label("Summary")).to_have_value("Typed on the phone.")
    assert [each[1] for each in records(live)] == ["Asked both", "Told everybody"]
    assert phone.evaluate("Object.keys(localStorage)") == []


def test_a_record_that_is_added_to_a_saved_form_can_be_seen(live: Live, held: Assignment) -> None:
    page = opened(live, held)
    record(page, 0, "A hard incident?", "Led it")
    saved(page)
    page.reload()
    page.get_by_role("button", name="Add another question").click()
    expect(page.get_by_label("Question you asked").nth(1)).to_be_focused()


def test_who_signed_in_again_in_another_tab_submits_what_was_typed_before(live: Live, held: Assignment) -> None:
    page = opened(live, held)
    write(page)
    page.context.clear_cookies()
    submit(page)
    expect(page.locator("[data-autosave-status]")).to_contain_text("You are signed out")
    expect(page.get_by_label("Summary")).to_have_value("Calm, exact, curious.")
    cookie = cookie_of(live.app, live.session, held.person)
    page.context.add_cookies([{"name": "session", "value": cookie, "url": live.url}])
    submit(page)
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()


def test_a_submission_waits_for_the_photo_that_is_being_added(live: Live, held: Assignment, tmp_path: Path) -> None:
    small = tmp_path / "fizz.py"
    small.write_bytes(b"print(1)")
    page = opened(live, held)
    write(page)
    saved(page)
    waiting: list[Route] = []
    page.route("**/files", lambda route: waiting.append(route))
    page.locator("[name=files]").set_input_files(small)
    expect(page.locator("[data-files-status]")).to_contain_text("Adding")
    submit(page)
    expect(page.locator("[data-autosave-status]")).to_have_text("Waits for the file that is being added…")
    assert stands(live)[0] is ScorecardState.DRAFT
    waiting[0].continue_()
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()
    expect(page.get_by_role("link", name="fizz.py")).to_be_visible()
