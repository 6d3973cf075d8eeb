"""The words of the organisation's e-mails: the list of kinds, and one with its editor, fields and a sample."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from tracker import clock
from tracker.mail import own_words
from tracker.mail.editing import TEXT_LENGTH
from tracker.mail.kinds import KINDS
from tracker.mail.merge import mark
from tracker.mail.merge_fields import Kind
from tracker.mail.messages import SUBJECT_LENGTH, Mail, Words, standard_words
from tracker.models.mail_words import MailWords
from tracker.pipeline import mail_words as verbs
from tracker.queries import mail_words as queries
from tracker.queries.visibility import NotFound
from tracker.rules.refused import Refused, Stale
from tracker.web.admins import demand_admin
from tracker.web.context import organisation_name
from tracker.web.doing import done, once, person, refused, session
from tracker.web.forms import Form, many_lines, one_line
from tracker.web.forms import Words as Filled

blueprint = Blueprint("mail_words", __name__)
blueprint.before_request(demand_admin)


class WordsForm(Form):
    """Subject and text, with merge fields."""

    subject = StringField("Subject", [Filled(SUBJECT_LENGTH)], filters=[one_line])
    text = TextAreaField("Text", [Filled(TEXT_LENGTH)], filters=[many_lines])


@blueprint.get("/settings/e-mails")
def index() -> ResponseReturnValue:
    """List the kinds of e-mails."""
    broken = {kind.name for kind in own_words.broken(session())}
    used = queries.kinds_in_use(session())
    return render_template("mail_words/index.html", kinds=list(KINDS.values()), broken=broken, used=used)


@blueprint.get("/settings/e-mails/<name>")
def edit(name: str) -> ResponseReturnValue:
    """The editor of one kind."""
    return _page(_kind(name))


@blueprint.post("/settings/e-mails/<name>")
@once
def save(name: str) -> ResponseReturnValue:
    """Keep the words; or show a sample in them."""
    kind, form = _kind(name), WordsForm()
    if "look" in request.form:
        form.validate()
        return _page(kind, form)
    code = 422
    if form.validate_on_submit():
        try:
            verbs.save(session(), kind, _typed(form), by=person(), now=clock.now(), version=form.seen)
            return done(url_for(".edit", name=name), f"“{kind.label}” goes out in these words from now on.")
        except Refused as error:
            refused(error, form)
            code = 409 if isinstance(error, Stale) else 422
    return _page(kind, form), code


@blueprint.post("/settings/e-mails/<name>/standard")
@once
def use_standard(name: str) -> ResponseReturnValue:
    """Go back to the standard words."""
    kind, form = _kind(name), Form()
    form.validate()
    verbs.use_standard(session(), kind, by=person(), now=clock.now(), version=form.seen)
    return done(url_for(".edit", name=name), f"“{kind.label}” goes out in the standard words again.")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(f"no kind of e-mail {name}")
    return KINDS[name]


def _typed(form: WordsForm) -> Words:
    return Words(form.subject.data or "", form.text.data or "")


def _page(kind: Kind, form: WordsForm | None = None) -> str:
    row = own_words.row_of(session(), kind.name)
    is_own = row is not None and row.is_used
    if form is None:
        form = _filled(kind, row)
    problems = [sentence for part in own_words.problems_of(kind, _typed(form)) for sentence in part]
    return render_template(
        "mail_words/edit.html",
        kind=kind,
        form=form,
        row=row if is_own else None,
        version=row.version if row else 0,
        problems=problems,
        sample=_sample(kind, _typed(form)) if not problems else None,
        mark=mark,
    )


def _filled(kind: Kind, row: MailWords | None) -> WordsForm:
    words = Words(row.subject, row.text) if row is not None and row.is_used else standard_words(kind.name)
    version = row.version if row else 0
    return WordsForm(formdata=None, subject=words.subject, text=words.text, version=version)


def _sample(kind: Kind, words: Words) -> Mail:
    return own_words.sample(kind, words, organisation_name())
