"""Self-identification: what an admin asks, what candidates choose, and what is told of a year.

Nothing that a candidate does here is put on the record, sent or logged: not even that he or she answered.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.person import Person
from tracker.models.self_identification import (
    SelfIdentificationAnswer,
    SelfIdentificationChoice,
    SelfIdentificationQuestion,
    SelfIdentificationYear,
)
from tracker.pipeline.candidate_links import digest
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import self_identification as queries
from tracker.rules.refused import Refused
from tracker.rules.self_identification import RATHER_NOT_SAY, tellable

# Long enough to read the page, and short enough that whoever uses the computer next is not asked.
LINK_KEPT = timedelta(hours=1)
FEWEST_CHOICES, MOST_CHOICES = 2, 30


class BadChoices(Refused):
    """The choices cannot be told apart, or are none."""


class NotOffered(Refused):
    """The question does not offer this choice (any more)."""


@dataclass(frozen=True)
class Choice:
    """A choice as a form says it: of a row that there is (``choice_id``), or a new one."""

    text: str
    is_offered: bool = True
    choice_id: int | None = None


@dataclass(frozen=True)
class Facts:
    """What a form says about a question."""

    text: str
    choices: Sequence[Choice]
    is_asked: bool = True


def add(session: Session, facts: Facts, *, by: Person, now: datetime) -> SelfIdentificationQuestion:
    """Add a question, which candidates are asked from now on. Raises BadChoices."""
    row = SelfIdentificationQuestion(created_at=now, stands_since=now)
    session.add(row)
    _assign(row, facts, now)
    session.flush()
    note_change(session, "self_identification.add", f"A voluntary question was added: {row.text}", by=by, now=now)
    return row


def edit(
    session: Session,
    row: SelfIdentificationQuestion,
    facts: Facts,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Rename, add to or retire a question or its choices; what was chosen stays. Raises Stale, BadChoices.

    It stands as it does from now on alone, and the record tells both wordings.
    """
    expect(row, version)
    before = _words(row)
    _assign(row, facts, now)
    after = _words(row)
    if after != before:
        row.stands_since = now
    # Choices are rows beside it: the version rises all the same, so that an older form is told.
    flag_modified(row, "text")
    session.flush()
    text = f"A voluntary question was changed: {after} (before: {before})"
    note_change(session, "self_identification.edit", text, by=by, now=now)


def _words(row: SelfIdentificationQuestion) -> str:
    """Say what is asked, and what is offered."""
    offered = ", ".join(each.text for each in row.choices if each.retired_at is None)
    return f"{row.text} {offered}{'' if row.retired_at is None else ', not asked any more'}"


def _assign(row: SelfIdentificationQuestion, facts: Facts, now: datetime) -> None:
    row.text = facts.text
    row.retired_at = None if facts.is_asked else row.retired_at or now
    there = {each.id: each for each in row.choices}
    for said in facts.choices:
        choice = there.get(said.choice_id or 0)
        if choice is None:
            choice = SelfIdentificationChoice()
            row.choices.append(choice)
        choice.text = said.text
        choice.retired_at = None if said.is_offered else choice.retired_at or now
    _check([each.text for each in row.choices], sum(each.retired_at is None for each in row.choices))


def _check(choices: Sequence[str], offered: int) -> None:
    texts = ["".join(filter(str.isprintable, each.casefold())).replace("'", "’") for each in choices]
    for always in (RATHER_NOT_SAY, queries.NO_ANSWER_LABEL):
        if always.casefold() in texts:
            raise BadChoices(f"“{always}” is always there by itself: leave it out.", "choices")
    if len(set(texts)) < len(texts):
        raise BadChoices("Two choices say the same: rename or leave out one of them.", "choices")
    if offered < FEWEST_CHOICES:
        raise BadChoices("Offer at least two choices: of fewer there is nothing to choose.", "choices")
    if len(texts) > MOST_CHOICES:
        raise BadChoices(f"A question has at most {MOST_CHOICES} choices.", "choices")


def answer(session: Session, application: Application, given: Mapping[int, str]) -> None:
    """Keep what a candidate chose, by the number of the question, in place of what he or she chose of it before.

    A value is one of ``queries.Asked.choices``; questions that are not named stay as they are. Raises NotOffered,
    Erased.
    """
    take_turn(session, application)
    offered = {each.question_id: dict(each.choices) for each in queries.asked(session, application.id)}
    for question_id, value in given.items():
        if value not in offered.get(question_id, ()):
            raise NotOffered("What is asked was changed meanwhile. Look once more.")
        key = {"application_id": application.id, "question_id": question_id}
        row = session.get(SelfIdentificationAnswer, key)
        if row is None:
            row = SelfIdentificationAnswer(**key)
            session.add(row)
        row.choice_id = None if value == queries.NOT_SAID else int(value)
    session.flush()


def take_back(session: Session, application: Application) -> None:
    """Forget all that a candidate chose. What was counted before stays: no count tells of him or her."""
    take_turn(session, application)
    mine = SelfIdentificationAnswer.application_id == application.id
    session.execute(delete(SelfIdentificationAnswer).where(mine))


def link(session: Session, application: Application | None, *, now: datetime) -> str:
    """Return the token by which the thank-you page may answer for an application, for an hour; it reads nothing.

    None: whoever applied had applied before, which no page may tell. The token looks the same, and is for nothing.
    """
    token = secrets.token_urlsafe(32)
    if application is not None:
        session.add(
            CandidateLink(
                token_digest=digest(token),
                application_id=application.id,
                purpose=LinkPurpose.SELF_IDENTIFICATION,
                created_at=now,
                expires_at=now + LINK_KEPT,
            )
        )
        session.flush()
    return token


def count(session: Session, question_id: int, *, now: datetime) -> None:
    """Count the years of a question that are over and were not counted, and keep what may be told of them."""
    row = session.get_one(SelfIdentificationQuestion, question_id)
    for year in queries.years_to_count(session, row, now):
        keep(session, row, year, queries.tally(session, row, year), now=now)


def keep(
    session: Session, row: SelfIdentificationQuestion, year: int, people: Mapping[str, Sequence[int]], *, now: datetime
) -> None:
    """Keep what may be told of a year; of ``people`` (as ``queries.tally`` gives them) the rest is forgotten."""
    figures = dict(zip(people, tellable(list(people.values())), strict=True))
    labels = queries.labels_of(row)
    session.add(
        SelfIdentificationYear(
            question_id=row.id, year=year, counted_at=now, text=row.text, labels=labels, figures=figures
        )
    )
    session.flush()
