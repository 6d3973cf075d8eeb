"""A refused form of a loop's page says once what is wrong, beside the field, and leads there from the top."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY
from tests.web.test_loops import DAY, ready, sent, url
from tracker.models.application import Application

FILL_IN = "please fill this in."


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


@pytest.mark.parametrize(
    ("path", "data", "field", "label", "words"),
    [
        ("/place", {"place": ""}, "place", "Place or video link", FILL_IN),
        ("/times", DAY | {"break_minutes": "900"}, "break_minutes", "Break between interviews", "lasts 0 to 240"),
        ("/times", DAY | {"date": ""}, "date", "Date", "Choose a date."),
        ("/cancel", {"reason": ""}, "reason", "Reason, for the record", FILL_IN),
    ],
)
def test_it_is_told_once_and_led_to(
    recruiter: Client, application: Application, path: str, data: dict[str, str], field: str, label: str, words: str
) -> None:
    sent(recruiter, application)
    answer = recruiter.post(url(application, path), data=data)
    assert answer.status_code == 422
    page = answer.text
    assert page.count(words) == 1
    assert page.count("data-focus") == 1
    led_from, at = page.index(f'<a href="#{field}">{label}</a>'), page.index(f'id="{field}-error"')
    assert led_from < at < page.index(words)
    assert f'aria-describedby="{field}-error"' in page.replace(f"{field}-hint ", "")
    assert page.index("data-focus") < led_from


def test_what_no_field_is_about_is_told_at_the_top(recruiter: Client, application: Application) -> None:
    ready(recruiter, application)
    page = recruiter.post(url(application, "/times"), data=DAY | {"version": "1"}).text
    assert page.count("Somebody was faster") == 1
    assert page.index("data-focus") < page.index("Somebody was faster") < page.index("Set times")


def test_where_the_form_is_gone_the_words_stand_at_the_top(
    recruiter: Client, application: Application, at: TestClock, session: Session
) -> None:
    sent(recruiter, application)
    at.set(MONDAY.replace(day=20))
    page = recruiter.post(url(application, "/place"), data={"place": ""}).text
    assert page.count(FILL_IN) == 1
    assert 'href="#place"' not in page


def test_before_there_is_a_loop_too(recruiter: Client, application: Application) -> None:
    application.requisition.plan.candidates_choose = True
    page = recruiter.post(url(application, "/choice"), data={"place": ""}).text
    assert page.count("Say where the interviews are held") == 1
    assert '<a href="#choice-place">Place or video link</a>' in page
