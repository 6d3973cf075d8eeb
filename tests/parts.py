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
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
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


TEMPLATES = {
    "board.html": """{% extends "layouts/staff.html" %}
      {% from "components/board.html" import board, board_column, cards, column_picker %}
      {% block title %}Board{% endblock %}{% block page_class %}page--wide{% endblock %}
      {% block heading %}<h1>Board</h1>{% endblock %}
      {% block content %}{{ column_picker(columns) }}{% call board() %}{% for c in columns %}{% call board_column(c) %}
        {{ cards(c.cards, columns, c.next_url, c.id) }}{% endcall %}{% endfor %}{% endcall %}{% endblock %}""",
    "more.html": """{% from "components/board.html" import cards as c %}{{ c(cards, columns, next_url) }}""",
    "form.html": """{% extends "layouts/staff.html" %}
      {% from "components/forms.html" import autosave_status, error_summary, field, form_open, repeat_row, repeat_rows, submit %}
      {% block title %}Form{% endblock %}{% block heading %}<h1>Form</h1>{% endblock %}
      {% block content %}{% call form_open("/form", form, data_autosave="/draft" if saves else none, data_warn_unsaved=true) %}
        {{ error_summary(form) }}{{ field(form.name, autocomplete="name") }}{{ field(form.email) }}
        {{ field(form.notes, hint="As you like.") }}{{ field(form.zone) }}
        {{ field(form.recommendation) }}{{ field(form.competencies) }}{{ field(form.confidential) }}{{ field(form.resume) }}
        {% call repeat_rows("evidence", "Add evidence", most=3) %}{% for e in form.evidence %}{% call repeat_row() %}
          {{ field(e.form.situation) }}{% endcall %}{% endfor %}{% endcall %}
        <div class="sticky-actions">{{ submit("Send", confirm="Send it now?") }}{{ autosave_status() }}</div>
      {% endcall %}{% endblock %}""",
    "parts.html": """{% extends "layouts/staff.html" %}
      {% from "components/forms.html" import button_link, post_button, submit %}
      {% from "components/layout.html" import avatar, breadcrumb, card, copy_button, definition_list, dialog, dialog_link,
        empty_state, list as ul, list_item, menu, meter, pager, progress_steps, stat, stats, tabs, timeline, timeline_item, who %}
      {% from "components/status.html" import badge, deadline_badge, moment, notice, recommendation, span %}
      {% from "components/table.html" import cell, sort_header, table %}
      {% from "components/coverage.html" import coverage_matrix %}
      {% block title %}Parts{% endblock %}
      {% block heading %}{{ breadcrumb([("Requisitions", "#"), (names[2], none)]) }}<h1 dir="auto">{{ names[2] }}</h1>
        {{ deadline_badge(standings[1], at=true, label="Promise") }}{% endblock %}
      {% block actions %}{{ button_link("#", "Edit", icon_name="edit") }}
        {% call menu("More") %}<a href="#">Download</a>{{ post_button("/slow", "Pause", version=3, fields={"x": 1}) }}{% endcall %}{% endblock %}
      {% block aside %}{% call card("Way") %}{{ progress_steps(stages, 1) }}{% endcall %}{% endblock %}
      {% block content %}
        {% call card("Next", accent=true) %}{{ dialog_link("ask", "Pause") }}{{ copy_button("text") }}{% endcall %}
        {% call dialog("ask", "Pause the promise") %}<p>Why?</p>{{ submit("Yes") }}{% endcall %}
        <div class="row">{% for s in standings %}{{ deadline_badge(s) }}{% endfor %}{{ meter(3, 5, "scorecards") }}{{ meter(9, 20) }}
          {% for r in ("strong_no_hire", "no_hire", "hire", "strong_hire") %}{{ recommendation(r) }}{% endfor %}
          {% for t in ("neutral", "info", "good", "warn", "bad", "quiet") %}{{ badge(t, t) }}{% endfor %}</div>
        {% for t in ("info", "good", "warn", "bad") %}{{ notice("Words.", t, title="Title") }}{% endfor %}
        {{ progress_steps(stages, 2, across=true) }}{% call stats() %}{{ stat("Open", 12, "3 due today") }}{% endcall %}
        {{ tabs([("Open", "#", true, 2), ("Closed", "#", false)]) }}
        {% call card("People", count=5, flush=true) %}{% call ul() %}{% for n in names %}{{ list_item(n, "#", end=deadline_badge(standings[0])) }}{% endfor %}{% endcall %}{% endcall %}
        {% call table("Candidates", cards=true) %}<thead><tr>{{ sort_header("Name", "#", "ascending") }}<th scope="col">Stage</th></tr></thead>
          <tbody>{% for n in names %}<tr><th scope="row"><a href="#" dir="auto">{{ n }}</a></th>{{ cell("Loop", "Stage") }}</tr>{% endfor %}</tbody>{% endcall %}
        {{ coverage_matrix(columns, rows) }}
        {{ definition_list([("Who", who(names[3])), ("When", moment(due, "Asia/Tokyo", "short")), ("Empty", "")]) }}
        {% call timeline() %}{{ timeline_item("Moved", moment(due, "UTC"), by=names[3], text="Why", tone="good") }}{% endcall %}
        {{ empty_state("Nothing yet", "It comes.", "#", "Add", icon_name="plus") }}{{ pager("#", "#") }}
      {% endblock %}""",
}


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
    app.jinja_loader = ChoiceLoader([FileSystemLoader(PROJECT / "templates"), DictLoader(TEMPLATES)])  # type: ignore[assignment]
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
        return jsonify(ok=True, version=parts.version, saved_at="2026-11-25T10:42:00+00:00")


def card(number: int) -> SimpleNamespace:
    """Return the facts of one card of the board."""
    return SimpleNamespace(
        id=number, name=NAMES[number % 5], url=f"/applications/{number}", version=1, days_in_stage=number % 3, done=3, total=5,
        standing=STANDINGS[number % 4], next_interview="Fri 27 Nov, 10:00 CET",
    )  # fmt: skip


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
