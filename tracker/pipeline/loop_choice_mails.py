"""The e-mail that asks a candidate to choose when the loop is held; again, where it was dropped and is true anew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.links import url
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.interview_plan import InterviewPlan
from tracker.models.loop_choice import LoopChoice
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.requisition import Requisition
from tracker.pipeline.candidate_links import status_link
from tracker.pipeline.turns import take_turn
from tracker.queries.loop_choices import is_waited_for, standing
from tracker.queries.organisation import organisation_name
from tracker.rules.loop_choices import Choosing

KIND = "loop_choice"


def ask(session: Session, application: Application, choice: LoopChoice, *, now: datetime, again: int = 0) -> None:
    """Ask the candidate by a link to choose; ``again`` is how often the e-mail of this very offer was dropped."""
    offered_at = choice.offered_at.isoformat()
    mail = words_candidates.loop_choice(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        recruiter=Address.of(application.requisition.recruiter),
        link=url(f"{status_link(session, application, now=now)}/loop"),
    )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"loop-choice:{choice.id}:{offered_at}" + (f":again {again}" if again else ""),
        fact={"loop_choice": choice.id, "offered_at": offered_at},
        application=application,
    )


def ask_again(session: Session, application: Application, *, now: datetime) -> None:
    """Ask once more whoever can choose but was never asked: the e-mail was dropped while no times could be chosen.

    For verbs that end what forbade it: a pause, a plan that does not let candidates choose, another stage. The caller
    has the application's turn, so that no mail is dropped meanwhile.
    """
    session.flush()
    asked = select(OutboxMail.state, OutboxMail.created_at).where(
        OutboxMail.application_id == application.id, OutboxMail.kind == KIND
    )
    mails = session.execute(asked).all()
    if all(mail.state is not MailState.DROPPED for mail in mails):
        return
    found = standing(session, application, now)
    if found.choosing is not Choosing.OFFERED or found.choice is None:
        return
    of_this_offer = [mail.state for mail in mails if mail.created_at >= found.choice.offered_at]
    if of_this_offer and all(each is MailState.DROPPED for each in of_this_offer):
        ask(session, application, found.choice, now=now, again=len(of_this_offer))


def ask_all_again(session: Session, plan: InterviewPlan, *, now: datetime) -> None:
    """Do the same for all applications of a plan that lets candidates choose again."""
    session.flush()
    of_plan = select(Application).join(Requisition).where(Requisition.plan_id == plan.id, is_waited_for())
    for application in session.scalars(of_plan.order_by(Application.id)).all():
        take_turn(session, application)
        ask_again(session, application, now=now)
