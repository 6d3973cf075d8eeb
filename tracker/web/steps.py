"""Where the one button of an application leads."""

from flask import url_for

from tracker.queries.applications import ApplicationPage
from tracker.rules.next_steps import Action

# Endpoints that take the application alone. The others are a form on the page itself.
_ENDPOINTS = {
    Action.JUDGE: "qualifications.show",
    Action.ARRANGE_SCREEN: "screens.new",
    Action.SEE_SCREEN: "screens.index",
    Action.SCREEN_OUTCOME: "screens.outcome",
    Action.PLAN_LOOP: "loops.show",
    Action.SEE_LOOP: "loops.show",
    Action.LOOP_DONE: "loops.show",
    Action.DEBRIEF: "debriefs.show",
    Action.DECISION: "decisions.show",
    Action.OUTCOME: "outcomes.show",
    Action.OFFER: "outcomes.show",
}


# What the button says while nothing is to be done but wait.
_LOOKS = {
    Action.SEE_SCREEN: "See the phone screen",
    Action.SEE_LOOP: "See the loop",
    Action.SCORECARDS: "See the scorecards",
    Action.OUTCOME: "See the outcome",
}


def button_words(page: ApplicationPage) -> str:
    """Return what the button of the next step says."""
    if is_for_another(page):
        return "See the debrief"
    return _LOOKS.get(page.step.action, "Look") if page.step.waits else page.step.label


def is_for_another(page: ApplicationPage) -> bool:
    """Whether the next step is a decision that the viewer may not make."""
    return page.step.action is Action.DECISION and not page.may_decide


def step_url(page: ApplicationPage) -> str | None:
    """Return the page of the next step; None where the button is a form or there is nowhere to go."""
    action = page.step.action
    if action is Action.SCORECARDS:
        return "#interviews"
    endpoint = "debriefs.show" if is_for_another(page) else _ENDPOINTS.get(action)
    return url_for(endpoint, application_id=page.application.id) if endpoint else None
