"""Who learns to interview, in a real browser: a seat is given and taken by keys, a person signed off on a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Live
from tests.factories import MONDAY
from tests.learners import gone, in_training
from tracker.rules.stages import StageKind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def in_nobodys_way(page: Page, size: tuple[int, int]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_seat_is_given_and_taken_by_keys(live: Live, size: tuple[int, int]) -> None:
    application = live.world.application(stage=StageKind.LOOP, name="Ann Able")
    plan = application.requisition.plan
    ina = live.world.qualify(live.world.person("Ina Interviewer"), plan)
    held = live.world.loop(application, (ina,), starts_at=MONDAY + timedelta(days=3))[0]
    in_training(live.world, live.world.person("Nora Newcomer"), plan)
    page = live.page(application.requisition.recruiter, size, bypass_csp=True)
    page.goto(f"/applications/{application.id}/interviews/{held.interview_id}/trainee")
    in_nobodys_way(page, size)
    press(page, "Choose Nora Newcomer")
    expect(page.get_by_role("heading", name="To Nora Newcomer")).to_be_visible()
    press(page, "Confirm and send")
    seat = page.get_by_role("link", name="Nora Newcomer shadows")
    expect(seat).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    seat.focus()
    page.keyboard.press("Enter")
    press(page, "Let nobody sit in")
    press(page, "Confirm and send")
    expect(page.get_by_role("link", name="Nora Newcomer shadows")).to_have_count(0)


def test_somebody_is_signed_off_on_a_phone(live: Live) -> None:
    plan = live.world.plan()
    ina, nora = live.world.qualify(live.world.person("Ina Interviewer"), plan), live.world.person("Nora Newcomer")
    in_training(live.world, nora, plan)
    gone(live.world, nora, ina)
    page = live.page(ina, NARROW, bypass_csp=True)
    page.goto("/")
    page.get_by_role("link", name="Nora Newcomer").click()
    page.wait_for_url("**/interviewers/training/*")
    in_nobodys_way(page, NARROW)
    page.get_by_label("Note").fill("Asks well, and lets people finish.")
    press(page, "Next: read the e-mail")
    press(page, "Confirm and send")
    expect(page.get_by_text("is signed off, and qualified from now on")).to_be_visible()
