"""A mail is a value: facts in, subject and bodies out, in the words of its kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, Self

from flask import Flask, current_app
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tracker.mail import merge
from tracker.mail.addresses import canonical
from tracker.mail.clean import many_lines, one_line
from tracker.mail.kinds import KINDS
from tracker.mail.kinds_candidates import APPLIED
from tracker.mail.plain import to_html
from tracker.models.candidate import Candidate
from tracker.models.person import Person

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Address:
    """One receiver. ``email`` is checked as it is made, ``name`` is folded into one line.

    Two addresses in one field, line breaks and local parts beyond ASCII raise BadAddress: found at input, they
    cannot stop the outbox later.
    """

    name: str
    email: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "email", canonical(self.email))
        object.__setattr__(self, "name", one_line(self.name))

    @classmethod
    def of(cls, somebody: Person | Candidate) -> Self:
        """Return where an e-mail to somebody goes."""
        return cls(somebody.name, somebody.email)


@dataclass(frozen=True)
class Words:
    """The subject and the text of a kind of e-mail, with merge fields (see ``merge``) where facts and names belong."""

    subject: str
    text: str


@dataclass(frozen=True)
class Mail:
    """An e-mail to one receiver. ``calendar`` is an iCalendar object (UTF-8), ``method`` its METHOD (RFC 5546).

    Answers go to ``reply_to``, or to the sender. ``body`` is the text without its foot, which says ``why`` its reader
    gets it and leads a candidate to the ``own_page``; ``words`` are those that it was made of, filled with ``values``,
    None where they are not for others to change.
    """

    kind: str
    receiver: Address
    subject: str
    text: str
    html: str
    calendar: bytes | None = None
    method: Method | None = None
    reply_to: Address | None = None
    body: str = ""
    why: str = ""
    own_page: str = ""
    words: Words | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def merged(kind: str, *, receiver: Address, organisation: str, because: str = "", **values: str) -> Mail:
    """Return the mail of a kind in its standard words; ``values`` are those of the kind's fields.

    ``because`` is why its reader gets it, where the kind does not say so.
    """
    return _worded(_unworded(kind, receiver, organisation, because, values), standard_words(kind), None)


def merged_for_candidate(
    kind: str, *, receiver: Address, organisation: str, title: str, recruiter: Address | None = None, **values: str
) -> Mail:
    """Return the same to a candidate about the own application; ``recruiter`` is whom its words name, if anybody."""
    named = {"recruiter": recruiter.name, "recruiter_email": recruiter.email} if recruiter else {}
    return merged(
        kind,
        receiver=receiver,
        organisation=organisation,
        candidate=receiver.name,
        requisition=title,
        **named,
        **values,
    )


def merged_with_html(
    kind: str, html: Mapping[str, Any], *, receiver: Address, organisation: str, because: str = "", **values: str
) -> Mail:
    """Return the same with the HTML of the kind's ``body.html``, filled with ``html``, not that made of the text."""
    return _worded(_unworded(kind, receiver, organisation, because, values), standard_words(kind), html)


def with_own_page(mail: Mail, url: str) -> Mail:
    """Return a mail to a candidate with the link to his or her own page in its foot."""
    assert mail.words is not None  # noqa: S101 - all mails to candidates but the outcome have words of their kind
    return reworded(replace(mail, own_page=url), mail.words)


def spoken(kind: str, *, receiver: Address, organisation: str, words: Words) -> Mail:
    """Return a mail to a candidate that a person wrote from the first to the last word: nothing in it is filled in."""
    values = {"organisation": organisation}
    mail = Mail(kind, receiver, "", "", "", why=merge.fill(APPLIED, values), values=values)
    text = _tidy(many_lines(words.text))
    return _laid_out(mail, one_line(words.subject), text, to_html(text))


def reworded(mail: Mail, words: Words) -> Mail:
    """Return the mail in other words: subject, text and HTML are made anew, calendar and foot stay.

    Raises KeyError where the words have a field that the mail has no value for.
    """
    return _worded(mail, words, None)


def standard_words(kind: str) -> Words:
    """Return the words that a kind of e-mail has by itself: the files in ``templates/mail/<kind>/``."""
    return _standard_words(_templates(), kind)


def _unworded(kind: str, receiver: Address, organisation: str, because: str, values: Mapping[str, str]) -> Mail:
    own = {} if KINDS[kind].is_to_candidate else {"receiver": receiver.name}
    given = {"organisation": organisation, **own, **values}
    why = one_line(because or merge.fill(KINDS[kind].why, given))
    return Mail(kind, receiver, "", "", "", why=why, values=given)


def _worded(mail: Mail, words: Words, own: Mapping[str, Any] | None) -> Mail:
    subject = one_line(merge.fill(words.subject, mail.values))
    text = _tidy(many_lines(merge.fill(words.text, mail.values)))
    html = to_html(text) if own is None else _own_html(mail.kind, own)
    return replace(_laid_out(mail, subject, text, html), words=words)


def _own_html(kind: str, facts: Mapping[str, Any]) -> Markup:
    return Markup(_templates().get_template(f"mail/{kind}/body.html").render(facts))  # noqa: S704 - escaped by Jinja


def _laid_out(mail: Mail, subject: str, text: str, html: Markup) -> Mail:
    """Return the mail with these bodies in their layouts, the foot below each."""
    foot = {"why": mail.why, "own_page": mail.own_page, "organisation": mail.values["organisation"]}
    return replace(
        mail,
        subject=subject[:SUBJECT_LENGTH],
        body=text,
        text=_templates().get_template("mail/layout.txt").render(foot, body=text),
        html=_templates().get_template("mail/layout.html").render(foot, body=html, subject=subject),
    )


def _tidy(text: str) -> str:
    """Return the text without trailing blanks, and with at most one empty line at a stretch."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


@lru_cache
def _standard_words(templates: Environment, kind: str) -> Words:
    loader = templates.loader
    assert loader is not None  # noqa: S101 - the application's templates have one
    files = (f"mail/{kind}/{name}" for name in ("subject.txt", "body.txt"))
    return Words(*(loader.get_source(templates, each)[0].strip() for each in files))


def _templates() -> Environment:
    """Return the application's templates, strict about names; made once."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "tracker_mail" not in app.extensions:
        app.extensions["tracker_mail"] = app.jinja_env.overlay(undefined=StrictUndefined)
    templates: Environment = app.extensions["tracker_mail"]
    return templates
