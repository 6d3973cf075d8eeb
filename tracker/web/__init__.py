"""Pages: parse, permit, verb, commit, redirect."""

import importlib
import importlib.util

from flask import Flask
from flask_wtf import CSRFProtect

from tracker.web import context, errors

# While the house is being built: those that stand are registered.
AREAS = ["auth", "today", "requisitions", "careers", "candidate_pages", "intake", "qualifications", "documents", "board", "candidates", "applications", "screens", "loops", "interviews", "scorecards", "debriefs", "outcomes", "deadlines", "settings", "regions", "competencies", "plans", "people", "outbox", "health"]


def register(app: Flask) -> None:
    """Attach all pages and what surrounds them to the application."""
    context.register(app)
    errors.register(app)
    CSRFProtect(app)
    for area in AREAS:
        if importlib.util.find_spec(f"tracker.web.{area}"):
            module = importlib.import_module(f"tracker.web.{area}")
            app.register_blueprint(module.blueprint)
            if hasattr(module, "init"):
                module.init(app)
    if importlib.util.find_spec("tracker.web.filters"):
        importlib.import_module("tracker.web.filters").register(app)
