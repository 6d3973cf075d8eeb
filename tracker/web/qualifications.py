"""The sheet on which qualifications are judged one by one, and what follows: the next stage, or a rejection."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker import clock
from tracker.models.application import Application
from tracker.pipeline import moves
from tracker.pipeline import qualifications as verbs
from tracker.pipeline.qualifications import Judgement
from tracker.pipeline.versions import expect
from tracker.queries import documents, visibility
from tracker.queries import qualifications as queries
from tracker.queries.qualifications import Line, Sheet
from tracker.queries.visibility import Right
from tracker.rules.qualifications import Verdict
from tracker.rules.refused import Refused
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines, one_line
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("qualifications", __name__)

EVIDENCE_LENGTH = 1_000


class SheetForm(Form):
    """The judgements come in fields named after their qualifications; see ``_judgements``."""


class GoOnForm(Form):
    """Move the application on."""


class RejectForm(Form):
    """Why, for the record."""

    reason = TextAreaField("Reason, for the record", filters=[many_lines], validators=[Words(LINE_LENGTH)])


@blueprint.get("/applications/<id:application_id>/qualifications")
def show(application_id: int) -> ResponseReturnValue:
    """The sheet."""
    return _page(application_id, SheetForm())


@blueprint.post("/applications/<id:application_id>/qualifications")
@once
def judge(application_id: int) -> ResponseReturnValue:
    """Record what was judged."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = SheetForm()
    sheet = queries.sheet(session(), application)
    if form.validate_on_submit():
        try:
            judgements = _judgements(sheet, form)
            if not form.form_errors:
                changed = verbs.judge(session(), application, judgements, by=person(), now=clock.now())
                said = "Saved." if changed else "Nothing was changed."
                return done(url_for("qualifications.show", application_id=application.id), said)
        except Refused as error:
            refused(error, form)
    return _page(application_id, form), 422


@blueprint.post("/applications/<id:application_id>/qualifications/go-on")
@once
def go_on(application_id: int) -> ResponseReturnValue:
    """Move the application to the next stage of its plan."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = GoOnForm()
    if form.validate_on_submit():
        expect(application, form.seen)
        moves.advance(session(), application, by=person(), now=clock.now())
        url = url_for("applications.show", application_id=application.id)
        return done(url, f"{application.candidate.name} is in {application.stage.name} now.")
    return _page(application_id, SheetForm()), 422


@blueprint.post("/applications/<id:application_id>/qualifications/reject")
@once
def reject(application_id: int) -> ResponseReturnValue:
    """Close the application and tell the candidate."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = RejectForm()

    def act() -> str:
        reason, version = form.reason.data or "", form.seen
        verbs.reject(session(), application, reason=reason, by=person(), now=clock.now(), version=version)
        return f"The application is closed. {application.candidate.name} is told by e-mail."

    if form.validate_on_submit() and not is_going_back():
        try:
            url = url_for("applications.show", application_id=application_id)
            return carry_out(act, url, "Reject the application")
        except Refused as error:
            refused(error, form)
    return _page(application_id, SheetForm(formdata=None), form), again()


def _judgements(sheet: Sheet, form: SheetForm) -> list[Judgement]:
    """Read the rows that bear a verdict; a word too many is an error of the form."""
    found = []
    for line in (*sheet.basic, *sheet.preferred):
        key = line.qualification.id
        verdict = request.form.get(f"verdict-{key}", "")
        evidence = one_line(request.form.get(f"evidence-{key}", "")) or ""
        if verdict not in {each.value for each in Verdict}:
            if evidence:
                form.form_errors.append(f"Choose met, not met or unclear: “{line.qualification.text}”.")
            continue
        if len(evidence) > EVIDENCE_LENGTH:
            form.form_errors.append(
                f"{len(evidence):,} characters of evidence; at most {EVIDENCE_LENGTH:,}: “{line.qualification.text}”."
            )
        found.append(Judgement(key, Verdict(verdict), evidence, _seen_at(request.form.get(f"seen-{key}", ""))))
    return found


def _seen_at(text: str) -> datetime | None:
    try:
        seen = datetime.fromisoformat(text)
    except ValueError:
        return None
    return seen if seen.tzinfo is not None else None


def _page(application_id: int, form: SheetForm, reject_form: RejectForm | None = None) -> str:
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    sheet = queries.sheet(session(), application)
    return render_template(
        "qualifications/show.html",
        application=application,
        sheet=sheet,
        entries={line.qualification.id: _entry(line) for line in (*sheet.basic, *sheet.preferred)},
        form=form,
        reject_form=_versioned(reject_form or RejectForm(formdata=None), application),
        go_on_form=_versioned(GoOnForm(formdata=None), application),
        may_manage=visibility.may(session(), viewer(), application.id, Right.MANAGE),
        documents=documents.of_application(session(), application),
        verdicts=list(Verdict),
    )


def _versioned(form: Any, application: Application) -> Any:
    if not form.version.raw_data:
        form.version.data = application.version
    return form


def _entry(line: Line) -> dict[str, str | bool]:
    """What stands in the fields of one line: what was just typed, else what was judged before."""
    key, judgement = line.qualification.id, line.judgement
    before = (judgement.verdict.value, judgement.evidence) if judgement else ("", "")
    verdict, evidence = request.form.get(f"verdict-{key}", before[0]), request.form.get(f"evidence-{key}", before[1])
    return {
        "verdict": verdict,
        "evidence": evidence,
        "is_as_judged": (verdict, evidence) == before,
        "seen": judgement.at.isoformat() if judgement else "",
    }
