"""The candidate chooses when the loop is held, and moves it: times alone, of loops that can be formed at this moment.

By the link of the own page, under the same rules as that page (see ``candidate_pages``). Times are read and searched
without a lock; what is chosen is formed anew.
"""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import TooManyRequests
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.models.application import Application
from tracker.pipeline import candidate_links, loop_bookings, loop_offers
from tracker.pipeline.loop_bookings import NOT_AMONG_THEM, NotAmongThem, NotToChoose, TakenJustNow
from tracker.pipeline.loop_offers import Offer
from tracker.queries import candidate_page, loop_choices
from tracker.queries.candidate_page import Found
from tracker.queries.candidate_windows import are_asked
from tracker.rules.busy_times import Span
from tracker.rules.loop_choices import MOST_MOVES, days_of, why_not
from tracker.rules.words import listed
from tracker.web.candidate_pages import LinkExpired, ZoneForm, keep_private
from tracker.web.doing import let_go, public, refused, session
from tracker.web.forms import UNSEEN
from tracker.web.throttle import Throttle
from tracker.web.zones import choices_with

blueprint = Blueprint("candidate_choices", __name__)
blueprint.after_request(keep_private)

# Each look at the times is a search by the planner.
LOOKS, WHILE = 30, timedelta(minutes=10)


def init(app: Flask) -> None:
    """Give this application its own brake."""
    app.extensions["tracker_choices"] = Throttle(LOOKS, WHILE)


class ChoiceForm(FlaskForm):  # type: ignore[misc]
    """Which of the times; ``moves`` is how often the loop had been moved when they were shown."""

    times = RadioField("When", validate_choice=False, validators=[InputRequired("Choose one of the times.")])
    moves = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, MOST_MOVES)])

    def offer(self, offers: list[Offer], application: Application) -> None:
        """Let these be the times to choose from, by the candidate's clocks; each is signed (see ``_chosen``)."""
        sign, zone = _signer(application).sign, application.candidate.zone
        self.times.choices = [(sign(each.key).decode(), _words(each, zone)) for each in offers]


@blueprint.get("/my/<token>/loop")
@public
def show(token: str) -> ResponseReturnValue:
    """The times that are free now; or why there are none to choose from."""
    if candidate_page.by_link(session(), candidate_links.digest(token), now=clock.now())[0] is Found.EXPIRED:
        return render_template("candidate_pages/expired.html", token=token, days=candidate_links.LINK_DAYS), 410
    return _page(token, None)


@blueprint.post("/my/<token>/loop/book")
@public
def book(token: str) -> ResponseReturnValue:
    """Book the loop at the times chosen."""
    form, application = ChoiceForm(), _good(token)
    _brake(application)
    return _do(token, form, "Your interviews are booked. The schedule is on its way to you by e-mail.", moves=None)


@blueprint.post("/my/<token>/loop/move")
@public
def move(token: str) -> ResponseReturnValue:
    """Move the booked loop to the times chosen."""
    form, application = ChoiceForm(), _good(token)
    _brake(application)
    moves = UNSEEN if form.moves.data is None else form.moves.data
    return _do(token, form, "Your interviews are moved. The new schedule is on its way to you by e-mail.", moves=moves)


def _do(token: str, form: ChoiceForm, message: str, *, moves: int | None) -> ResponseReturnValue:
    """Book, or move where it is said how often that was done before; where it cannot be, say so with fresh times."""
    code = 422
    if form.validate_on_submit():
        try:
            application = _good(token)
            key = _chosen(application, form.times.data or "")
            if moves is None:
                loop_bookings.book(session(), application, key, now=clock.now())
            else:
                loop_bookings.move(session(), application, key, moves=moves, now=clock.now())
            session().commit()
            flash(message, "good")
            return redirect(url_for("candidate_pages.status", token=token), code=303)
        except NotToChoose as error:
            session().rollback()
            flash(error.message, "info")
            return redirect(url_for("candidate_choices.show", token=token), code=303)
        except (TakenJustNow, NotAmongThem) as error:
            refused(error, form)
            form.times.data, code = None, 409 if isinstance(error, TakenJustNow) else 422
    let_go()
    return _page(token, form), code


def _page(token: str, form: ChoiceForm | None) -> str:
    application, now = _good(token), clock.now()
    standing = loop_choices.standing(session(), application, now)
    offers, present = list[Offer](), tuple[Span, ...]()
    if standing.may_choose and standing.loop is not None:
        if form is None:
            _brake(application)
        present = loop_offers.spans_of(standing.loop) if standing.is_booked else present
        question = loop_offers.question_of(session(), standing.loop, now=now)
        let_go()
        offers = loop_offers.offered(question)
        application = _good(token)
        standing = loop_choices.standing(session(), application, now)
    zone = application.candidate.zone
    if form is None:
        form = ChoiceForm(formdata=None)
    form.offer(offers, application)
    form.moves.data = standing.choice.moves if standing.choice else None
    zone_form = ZoneForm(formdata=None, zone=zone)
    zone_form.zone.choices = choices_with(zone)
    return render_template(
        "candidate_pages/choose.html",
        token=token,
        application=application,
        standing=standing,
        form=form,
        zone_form=zone_form,
        present=days_of(present, zone),
        meetings=candidate_page.loop_meetings(session(), application, now=now) if standing.is_out else [],
        is_asked=are_asked(session(), application),
        why_not=why_not(standing.choosing),
    )


def _chosen(application: Application, value: str) -> str:
    """Return which times a form names. Raises NotAmongThem for what was never offered for this application.

    Only what was offered bears our signature: what is gone of it was taken since, or is past.
    """
    try:
        return _signer(application).unsign(value).decode()
    except BadSignature as error:
        raise NotAmongThem(NOT_AMONG_THEM, "times") from error


def _signer(application: Application) -> Signer:
    return Signer(current_app.config["TRACKER"].secret_key, salt=f"times of a loop {application.id}")


def _words(offer: Offer, zone: str) -> str:
    days = days_of(offer.spans, zone)
    said = "; ".join(day.words for day in days)
    breaks = [each for day in days for each in day.breaks]
    return f"{said}, with {'a break' if len(breaks) == 1 else 'breaks'} {listed(breaks)}" if breaks else said


def _good(token: str) -> Application:
    found, application = candidate_page.by_link(session(), candidate_links.digest(token), now=clock.now())
    if found is Found.EXPIRED:
        raise LinkExpired("This link has expired. Open it to get a new one.")
    return application


def _brake(application: Application) -> None:
    brake: Throttle = current_app.extensions["tracker_choices"]
    if not brake.allows(str(application.id), clock.now()):
        raise TooManyRequests("You have looked at the times very often. Please wait ten minutes, then look again.")
