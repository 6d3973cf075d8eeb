"""A small application that shows the shared page parts alone, without rows: for their own tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FileField,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.web import filters
from tracker.web.context import CONTENT_POLICY
from tracker.web.forms import Form

PROJECT = Path(__file__).resolve().parent.parent
LONG = "Maximiliane-Alexandra " * 13
ARABIC = "محمد علي الفارابي"
NAMES = ("Grace Hopper", "Alan Turing", LONG, ARABIC, "<b>Barbara</b>")
STAGES = ("Application", "Phone screen", "Loop", "Offer")
OFFER = 4
DUE = datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)
STATES = ("on_track", "due_soon", "due_today", "overdue", "paused", "met", "met_late", "cancelled")
STANDINGS = [SimpleNamespace(state=s, words=f"words of {s}", due_at=DUE, zone="Europe/Berlin") for s in STATES]
RATINGS = ["Strong no hire", "No hire", "Hire", "Strong hire"]


class Evidence(PlainForm):
    """One row of a repeatable part."""

    situation = TextAreaField("Situation")


class Everything(Form):
    """A field of every look."""

    name = StringField("Full name", [DataRequired("Full name: please fill this in.")])
    email = EmailField("E-mail", [Optional()])
    notes = TextAreaField("Notes", description="Markdown is fine.")
    zone = SelectField("Time zone", choices=["Europe/Berlin", "Asia/Tokyo"])
    recommendation = RadioField("Recommendation", choices=RATINGS)
    competencies = SelectMultipleField(
        "Competencies", choices=["Ownership", "Secure coding"], widget=ListWidget(), option_widget=CheckboxInput()
    )
    confidential = BooleanField("Confidential")
    resume = FileField("Resume")
    evidence = FieldList(FormField(Evidence), min_entries=2)


@dataclass
class Parts:
    """The application, what it was sent, and how it is to fail."""

    app: Flask
    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    draft_fails: int = 0
    version: int = 1

    def of(self, kind: str) -> list[dict[str, str]]:
        """Return what was sent of one kind, in order."""
        return [data for what, data in self.received if what == kind]


def make_parts() -> Parts:
    """Return a fresh one."""
    app = Flask("parts", static_folder=str(PROJECT / "tracker/static"), static_url_path="/static")
    app.jinja_loader = FileSystemLoader([PROJECT / "templates", PROJECT / "tests/parts_pages"])  # type: ignore[assignment]
    app.config.update(SECRET_KEY="for tests", TESTING=True)
    CSRFProtect(app)
    filters.register(app)
    parts = Parts(app)
    _frame(app)
    _pages(app, parts)
    _verbs(app, parts)
    return parts


def _frame(app: Flask) -> None:
    for endpoint, path in (("today.show", "/"), ("candidates.index", "/candidates"), ("auth.account", "/account")):
        app.add_url_rule(path, endpoint, lambda: "")
    app.add_url_rule("/sign-out", "auth.sign_out", lambda: "", methods=["POST"])
    person = SimpleNamespace(name="Ada Lovelace", email="ada@tracker.example")
    nav = [
        (label, f"/{label}", label == "Today")
        for label in ("Today", "Requisitions", "Candidates", "Deadlines", "Settings")
    ]
    app.context_processor(lambda: {"organisation": "Northwind", "person": person, "nav": nav, "has_inbox": True})

    @app.after_request
    def policy(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        return response


def _pages(app: Flask, parts: Parts) -> None:
    @app.get("/board")
    def board() -> str:
        return render_template("board.html", columns=list(_columns()))

    @app.get("/more")
    def more() -> str:
        after = int(request.args["after"])
        following = f"/more?after={after + 20}" if after < 60 else None
        cards = [card(n) for n in range(after, after + 20)]
        return render_template("more.html", cards=cards, columns=list(_columns()), next_url=following)

    @app.route("/form", methods=["GET", "POST"])
    def form() -> ResponseReturnValue:
        shown = Everything()
        if request.method == "POST":
            if "goes_on" in request.form:
                return jsonify(ok=False, message="Refused: the page says why."), 422
            parts.received.append(("form", request.form.to_dict()))
            shown.validate()
            return render_template("form.html", form=shown, saves=False), 422
        shown.version.data = parts.version
        return render_template("form.html", form=shown, saves=True)

    @app.get("/parts")
    def page() -> str:
        columns = [SimpleNamespace(title=f"Interview {n}", detail=name, url="#") for n, name in enumerate(NAMES, 1)]
        facts = {"standings": STANDINGS, "names": NAMES, "stages": STAGES, "due": DUE}
        return render_template("parts.html", columns=columns, rows=_coverage_rows(), **facts)


def _verbs(app: Flask, parts: Parts) -> None:
    @app.post("/applications/<int:number>/move")
    def move(number: int) -> ResponseReturnValue:
        parts.received.append(("move", request.form.to_dict()))
        if request.form["stage"] == str(OFFER):
            return jsonify(ok=False, message="An offer needs a delivered outcome first."), 422
        version = int(request.form["version"]) + 1
        return jsonify(ok=True, message="Moved.", version=version, undo_url=f"/applications/{number}/undo")

    @app.post("/applications/<int:number>/undo")
    def undo(number: int) -> ResponseReturnValue:
        parts.received.append(("undo", request.form.to_dict()))
        return jsonify(ok=True, message=f"Took back {number}.", version=int(request.form["version"]) + 1)

    @app.post("/draft")
    def draft() -> ResponseReturnValue:
        parts.received.append(("draft", request.form.to_dict()))
        if parts.draft_fails:
            return jsonify(ok=False, message="Somebody was faster."), parts.draft_fails
        parts.version += 1
        return jsonify(ok=True, version=parts.version, saved="10:42 UTC")


def card(number: int) -> SimpleNamespace:
    """Return the facts of one card of the board."""
    return SimpleNamespace(
        id=number,
        name=NAMES[number % 5],
        url=f"/applications/{number}",
        version=1,
        days_in_stage=number % 3,
        done=3,
        total=5,
        standing=STANDINGS[number % 4],
        next_interview="Fri 27 Nov, 10:00 CET",
    )


def _columns() -> Iterator[SimpleNamespace]:
    first = 100
    for number, name in enumerate(STAGES, 1):
        count = 1000 if number == 1 else number
        cards = [card(n) for n in range(first, first + min(count, 20))]
        following = "/more?after=20" if count > 20 else None
        first += 100
        yield SimpleNamespace(id=number, name=name, count=f"{count:,}", cards=cards, next_url=following)


def _coverage_rows() -> list[SimpleNamespace]:
    cells = [SimpleNamespace(state=s, words=None) for s in ("covered", "double", "unqualified", None, None)]
    states = ("covered", "double", "gap")
    return [SimpleNamespace(name=f"Competency {s}", kind="Technical", state=s, words=None, cells=cells) for s in states]
