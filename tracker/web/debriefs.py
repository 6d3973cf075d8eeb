"""The debrief: closed until all is in, then read, voted in and held. The decision is next."""

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.models.application import Application
from tracker.models.debrief import Debrief
from tracker.models.person import InterviewKind
from tracker.pipeline import debrief as verbs
from tracker.pipeline import debrief_room, scorecards
from tracker.queries import blind_overrides, debrief_votes, matrices, promises, visibility
from tracker.queries import debrief_room as rooms
from tracker.queries import debrief_standing as queries
from tracker.queries.debrief_votes import GivenVote
from tracker.queries.visibility import NotFound, Right
from tracker.queries.waivers import left_out, waivers
from tracker.rules.refused import Refused, Stale
from tracker.rules.scorecards import Recommendation
from tracker.web.doing import done, once, person, refused, session, viewer, writes
from tracker.web.forms import TEXT_LENGTH, Form, Words, many_lines

blueprint = Blueprint("debriefs", __name__)
# Who has one of these leads the debrief: writes its notes and closes it.
LEADS = frozenset({Right.DECIDE, Right.MANAGE})


class VoteForm(Form):
    """How one votes after having read everything."""

    recommendation = RadioField(
        "Your vote now",
        choices={each.value: each.label for each in Recommendation},
        validators=[InputRequired("Choose one of the four.")],
    )
    reason = TextAreaField("Why", filters=[many_lines], validators=[Words(TEXT_LENGTH, optional=True)])
    # Asked of bar raisers alone.
    word = TextAreaField("Bar raiser's word", filters=[many_lines], validators=[Words(TEXT_LENGTH, optional=True)])


class NotesForm(Form):
    """What was said."""

    notes = TextAreaField("Discussion", filters=[many_lines], validators=[Words(TEXT_LENGTH, optional=True)])


@blueprint.get("/applications/<id:application_id>/debrief")
@writes
def show(application_id: int) -> ResponseReturnValue:
    """The debrief, or what it waits for."""
    return _page(application_id)


@blueprint.get("/applications/<id:application_id>/debrief/room")
@writes
def room(application_id: int) -> ResponseReturnValue:
    """Who else is there, as data: the page's script asks every few seconds, and is thereby seen by the others."""
    _, debrief = _open(application_id)
    debrief_room.note_presence(session(), debrief, by=person(), now=clock.now())
    now = rooms.room(session(), viewer(), debrief, clock.now())
    session().commit()
    return jsonify(present=now.present, still_to_vote=now.still_to_vote, stage=now.stage)


@blueprint.post("/applications/<id:application_id>/debrief/vote")
@once
def vote(application_id: int) -> ResponseReturnValue:
    """Give one's second vote, or change it."""
    application, debrief = _open(application_id)
    form = VoteForm()
    if not form.validate():
        return _page(application_id, vote_form=form), 422
    chosen = Recommendation(form.recommendation.data)
    said = {"reason": form.reason.data or "", "word": form.word.data or ""}
    verbs.vote(session(), application, debrief, chosen, **said, by=person(), now=clock.now())
    return done(url_for(".show", application_id=application_id), "Your vote is in.")


@blueprint.post("/applications/<id:application_id>/debrief/notes")
@once
def write_notes(application_id: int) -> ResponseReturnValue:
    """Keep the notes of the discussion."""
    application, debrief = _open(application_id, to_lead=True)
    form = NotesForm()
    error: Refused | None = None
    if form.validate():
        try:
            notes, version = form.notes.data or "", form.seen
            verbs.write_notes(session(), application, debrief, notes, by=person(), now=clock.now(), version=version)
            return done(url_for(".show", application_id=application_id), "Notes saved.")
        except Refused as refusal:
            error = refusal
    return _refused_notes(application_id, form, error)


@blueprint.post("/applications/<id:application_id>/debrief/hold")
@once
def hold(application_id: int) -> ResponseReturnValue:
    """Close the debrief: the votes are final, the decision is next. Notes that were not saved yet come with it."""
    application, debrief = _open(application_id, to_lead=True)
    form = NotesForm()
    if not form.validate():
        return _refused_notes(application_id, form, None)
    try:
        notes, version = form.notes.data, form.seen
        verbs.hold(session(), application, debrief, by=person(), now=clock.now(), version=version, notes=notes)
    except Refused as error:
        return _refused_notes(application_id, form, error)
    url = url_for(".show", application_id=application_id)
    if visibility.may(session(), viewer(), application_id, Right.DECIDE):
        url = url_for("decisions.show", application_id=application_id)
    return done(url, "The debrief is closed. The decision is next.")


def _refused_notes(application_id: int, form: NotesForm, error: Refused | None) -> tuple[str, int]:
    """Return the page with what was typed; where somebody else was faster, beside what he or she saved."""
    if error is not None:
        refused(error, form)
    is_late = isinstance(error, Stale)
    return _page(application_id, notes_form=form, is_late=is_late), 409 if is_late else 422


def _open(application_id: int, *, to_lead: bool = False) -> tuple[Application, Debrief]:
    """Return what a verb of the debrief needs, where the viewer may read it (and lead it, where asked)."""
    standing = queries.take_part(session(), viewer(), application_id)
    leads = not to_lead or not standing.rights.isdisjoint(LEADS)
    if not standing.is_open or standing.debrief is None or not leads:
        raise NotFound(f"debrief of application {application_id}")
    return standing.application, standing.debrief


def _page(
    application_id: int,
    vote_form: VoteForm | None = None,
    notes_form: NotesForm | None = None,
    *,
    is_late: bool = False,
) -> str:
    """Return the page; ``is_late``: the notes that were typed met others, which are shown beside them."""
    standing, now = queries.take_part(session(), viewer(), application_id), clock.now()
    may_lead = not standing.rights.isdisjoint(LEADS)
    facts = {
        "application": standing.application,
        "standing": standing,
        "may_lead": may_lead,
        "promise": promises.running(session(), application_id, now),
    }
    if not standing.is_open or standing.debrief is None:
        return render_template("debriefs/closed.html", now=now, **facts)
    debrief = standing.debrief
    read = matrices.matrices(session(), viewer(), application_id, now=now)
    loop, screens = read[InterviewKind.LOOP], read[InterviewKind.PHONE_SCREEN]
    waived = waivers(session(), viewer(), application_id) if standing.has_waived else ()
    to_note = [each.id for each in (*loop.scorecards, *screens.scorecards) if each.to_note]
    scorecards.note_shown(session(), to_note, person(), now)
    debrief_room.note_presence(session(), debrief, by=person(), now=now)
    votes = debrief_votes.votes(session(), viewer(), debrief, standing.voters)
    is_voter = any(each.author_id == viewer().person_id for each in loop.scorecards)
    page = render_template(
        "debriefs/show.html",
        **facts,
        debrief=debrief,
        loop=loop.with_rows(left_out(waived, loop.competencies)),
        waived=waived,
        screens=screens,
        votes=votes,
        room=rooms.room(session(), viewer(), debrief, now, votes.waiting),
        readings=rooms.readings(session(), viewer(), application_id) if may_lead else (),
        overrides=blind_overrides.of_application(session(), viewer(), application_id) if may_lead else (),
        is_voter=is_voter,
        vote_form=vote_form or (_vote_form(votes.own) if is_voter else None),
        notes_form=_notes_form(debrief, notes_form),
        is_late=is_late,
        may_decide=Right.DECIDE in standing.rights,
    )
    session().commit()
    return page


def _vote_form(own: GivenVote | None) -> VoteForm:
    if own is None:
        return VoteForm(formdata=None)
    voted = {"recommendation": own.recommendation.value, "reason": own.reason, "word": own.word}
    return VoteForm(formdata=None, data=voted)


def _notes_form(debrief: Debrief, typed: NotesForm | None) -> NotesForm:
    """Return the notes' form, always of the present version: who is shown a conflict may then choose to overwrite."""
    if typed is None:
        return NotesForm(formdata=None, data={"notes": debrief.notes, "version": debrief.version})
    typed.shows(debrief.version)
    return typed
