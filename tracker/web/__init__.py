"""Pages: parse, permit, verb, commit, redirect."""

from flask import Flask
from flask_wtf import CSRFProtect

from tracker.web import (
    applications,
    auth,
    blind_overrides,
    board,
    busy_feeds,
    calendar_feeds,
    candidate_choices,
    candidate_pages,
    candidates,
    careers,
    community,
    competencies,
    context,
    deadlines,
    debriefs,
    decision_records,
    decisions,
    declining,
    dictated,
    documents,
    erasures,
    errors,
    filters,
    getting_better,
    go,
    health,
    intake,
    interviews,
    kept,
    ladders,
    leaves,
    logged,
    loop_choices,
    loop_days,
    loop_interviews,
    loop_planning,
    loops,
    mail_words,
    metrics,
    operations,
    outbox,
    outcomes,
    people,
    plans,
    qualifications,
    questions,
    regions,
    requisitions,
    retention,
    scorecard_files,
    scorecards,
    screens,
    self_identification,
    settings,
    today,
    trainee_seats,
    trainings,
    waiving,
    working_hours,
)

AREAS = (
    *(loop_days, loop_choices, candidate_choices),
    *(auth, today, board, requisitions, intake, qualifications, documents),
    *(candidates, applications, screens, loops, loop_interviews, interviews, scorecards, debriefs, outcomes, deadlines),
    *(loop_planning, community, kept, decisions, decision_records, calendar_feeds),
    *(declining, blind_overrides, busy_feeds, working_hours, getting_better),
    *(dictated, scorecard_files, waiving, trainings, trainee_seats, erasures, retention),
    *(careers, candidate_pages, settings, regions, competencies, questions, plans, ladders, people, leaves, mail_words),
    *(self_identification, go, outbox, operations, health, metrics),
)


def register(app: Flask) -> None:
    """Attach all pages and what surrounds them to the application."""
    logged.register(app)
    context.register(app)
    errors.register(app)
    filters.register(app)
    CSRFProtect(app)
    for area in (auth, careers, candidate_choices):
        area.init(app)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
