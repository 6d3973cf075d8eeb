"""The question bank: the list, one question with its use, replacing and retiring it, and the file it travels in."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField

from tracker import clock
from tracker.models.question import Question
from tracker.pipeline import questions as verbs
from tracker.pipeline.questions import QuestionFacts
from tracker.queries import questions as queries
from tracker.queries.questions import Filters
from tracker.rules.questions import (
    ANSWER_LENGTH,
    FEWEST,
    QUESTION_LENGTH,
    BadFile,
    QuestionKind,
    QuestionLevel,
    from_file,
    to_csv,
    to_json,
)
from tracker.rules.refused import Refused
from tracker.rules.words import counted
from tracker.web.admins import demand_admin
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import Form, Words, many_lines, one_line

blueprint = Blueprint("questions", __name__)
blueprint.before_request(demand_admin)

MOST_BYTES = 2 * 1024 * 1024
KINDS = {each.value: each.label for each in QuestionKind}
LEVELS = {each.value: each.label for each in QuestionLevel}


def _answer(label: str) -> TextAreaField:
    return TextAreaField(label, [Words(ANSWER_LENGTH, optional=True)], filters=[many_lines])


class QuestionForm(Form):
    """A question, what answers to it look like, and what to ask on."""

    competency_id = SelectField("Competency", coerce=int)
    kind = SelectField("Kind", choices=KINDS)
    level = SelectField("Level", choices=LEVELS)
    text = TextAreaField("Question", [Words(QUESTION_LENGTH)], filters=[one_line])
    good_answer = _answer("A good answer")
    weak_answer = _answer("A weak answer")
    ask_situation = StringField("Situation", [Words(ANSWER_LENGTH, optional=True)], filters=[one_line])
    ask_task = StringField("Task", [Words(ANSWER_LENGTH, optional=True)], filters=[one_line])
    ask_action = StringField("Action", [Words(ANSWER_LENGTH, optional=True)], filters=[one_line])
    ask_result = StringField("Result", [Words(ANSWER_LENGTH, optional=True)], filters=[one_line])

    def facts(self) -> QuestionFacts:
        """Return what was typed."""
        return QuestionFacts(
            competency_id=self.competency_id.data,
            kind=QuestionKind(self.kind.data),
            level=QuestionLevel(self.level.data),
            text=self.text.data or "",
            good_answer=self.good_answer.data or "",
            weak_answer=self.weak_answer.data or "",
            ask_situation=self.ask_situation.data or "",
            ask_task=self.ask_task.data or "",
            ask_action=self.ask_action.data or "",
            ask_result=self.ask_result.data or "",
        )


class FileForm(Form):
    """A file of questions."""

    file = FileField("CSV or JSON file")


@blueprint.get("/settings/questions")
def index() -> ResponseReturnValue:
    """List the questions."""
    return _index(FileForm())


@blueprint.get("/settings/questions.csv")
def export() -> ResponseReturnValue:
    """The questions in use as a CSV file, in the form in which they are taken in."""
    return _download(to_csv(queries.entries(session())), "csv", "text/csv")


@blueprint.get("/settings/questions.json")
def export_json() -> ResponseReturnValue:
    """The same as JSON."""
    return _download(to_json(queries.entries(session())), "json", "application/json")


@blueprint.post("/settings/questions/file")
@once
def take_in() -> ResponseReturnValue:
    """Take in a CSV or JSON file: all of it or nothing."""
    form = FileForm()
    if form.validate_on_submit():
        try:
            added, changed = verbs.take_in(session(), from_file(_text(form)), by=person(), now=clock.now())
            said = f"{counted(added, 'question')} added, {changed} changed."
            return done(url_for(".index"), said)
        except Refused as error:
            refused(error, form)
    return _index(form), 422


@blueprint.get("/settings/questions/new")
def new() -> ResponseReturnValue:
    """The form of a new question."""
    return _page(_form(competency_id=_id("competency")))


@blueprint.post("/settings/questions/new")
@once
def create() -> ResponseReturnValue:
    """Add a question."""
    form = _form()
    if form.validate_on_submit():
        try:
            verbs.add(session(), form.facts(), by=person(), now=clock.now())
            return done(url_for(".index"), "The question was added.")
        except Refused as error:
            refused(error, form)
    return _page(form), 422


@blueprint.get("/settings/questions/<id:question_id>")
def edit(question_id: int) -> ResponseReturnValue:
    """A question with its use, and the form to change it."""
    row = queries.question(session(), question_id)
    return _page(_form(obj=row), row)


@blueprint.post("/settings/questions/<id:question_id>")
@once
def save(question_id: int) -> ResponseReturnValue:
    """Change a question, or put another in its place."""
    row = queries.question(session(), question_id)
    form = _form()
    if form.validate_on_submit():
        try:
            verb, said = (verbs.replace, "replaced") if "replace" in request.form else (verbs.edit, "saved")
            verb(session(), row, form.facts(), by=person(), now=clock.now(), version=form.seen)
            return done(url_for(".index"), f"The question was {said}.")
        except Refused as error:
            refused(error, form)
    return _page(form, queries.question(session(), question_id)), 422


@blueprint.post("/settings/questions/<id:question_id>/retire")
@once
def retire(question_id: int) -> ResponseReturnValue:
    """Propose it no more, or again."""
    row = queries.question(session(), question_id)
    verb, said = (verbs.bring_back, "is proposed again") if row.retired_at else (verbs.retire, "was retired")
    verb(session(), row, by=person(), now=clock.now(), version=Form().seen)
    return done(url_for(".edit", question_id=question_id), f"The question {said}.")


def _id(name: str) -> int | None:
    """An id in the address; a number that no row can have is none."""
    given = request.args.get(name, type=int)
    return given if given is not None and 0 < given <= LARGEST_ID else None


def _form(obj: Question | None = None, competency_id: int | None = None) -> QuestionForm:
    form = QuestionForm(obj=obj)
    form.competency_id.choices = queries.competencies(session())
    if not form.is_submitted():
        if obj is not None:
            form.kind.data, form.level.data = obj.kind.value, obj.level.value
        elif competency_id is not None:
            form.competency_id.data = competency_id
    return form


def _text(form: FileForm) -> str:
    file = form.file.data
    content = file.stream.read(MOST_BYTES + 1) if file else b""
    if not content:
        raise BadFile("Choose a file first; an empty one holds no questions.", field="file")
    if len(content) > MOST_BYTES:
        raise BadFile("The file is larger than 2 MB, which is the most.", field="file")
    try:
        return str(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        text = "The file is not in UTF-8. Save it as “CSV UTF-8”, or as JSON, and try again."
        raise BadFile(text, field="file") from error


def _index(form: FileForm) -> str:
    filters = _filters()
    return render_template(
        "questions/index.html",
        questions=queries.bank(session(), filters),
        filters=filters,
        competencies=queries.competencies(session()),
        kinds=KINDS,
        levels=LEVELS,
        form=form,
    )


def _filters() -> Filters:
    given = request.args
    kind, level = given.get("kind", ""), given.get("level", "")
    return Filters(
        competency_id=_id("competency"),
        kind=QuestionKind(kind) if kind in KINDS else None,
        level=QuestionLevel(level) if level in LEVELS else None,
        with_retired=bool(given.get("retired")),
    )


def _download(text: str, ending: str, media_type: str) -> Response:
    answer = Response(text, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="questions.{ending}"'
    return answer


def _page(form: QuestionForm, row: Question | None = None) -> str:
    return render_template(
        "questions/form.html",
        form=form,
        question=row,
        users=queries.users(session(), row.id) if row else (),
        separates=queries.separates(session(), viewer(), row) if row else None,
        fewest=FEWEST,
    )
