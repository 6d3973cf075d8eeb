"""A mail is a value: facts in, subject and bodies out, in the words of its kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from flask import Flask, current_app
from jinja2 import Environment, StrictUndefined, Template, TemplateNotFound
from jinja2.ext import Extension
from markupsafe import Markup

from tracker.mail import merge
from tracker.mail.addresses import canonical
from tracker.mail.clean import many_lines, one_line
from tracker.mail.kinds import APPLIED, KINDS
from tracker.mail.plain import to_html

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
SUBJECT_LENGTH = 200
WHY = "You get this e-mail because of an application at {organisation}."


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


@dataclass(frozen=True)
class Words:
    """The subject and the text of a kind of e-mail, with merge fields (see ``merge``) where facts and names belong."""

    subject: str
    text: str


@dataclass(frozen=True)
class Mail:
    """An e-mail to one receiver. ``calendar`` is an iCalendar object (UTF-8), ``method`` its METHOD (RFC 5546).

    Answers go to ``reply_to``, or to the sender. ``words`` are those that it was made of, filled with ``values``; None
    where they are not for others to change.
    """

    kind: str
    receiver: Address
    subject: str
    text: str
    html: str
    calendar: bytes | None = None
    method: Method | None = None
    reply_to: Address | None = None
    why: str = ""
    words: Words | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def merged(kind: str, *, receiver: Address, organisation: str, **values: str) -> Mail:
    """Return the mail of a kind in its standard words; ``values`` are those of the kind's fields."""
    given = {"organisation": organisation, **values}
    why = one_line(merge.fill(KINDS[kind].why, given))
    mail = Mail(kind, receiver, "", "", "", why=why, values=given)
    return reworded(mail, standard_words(kind))


def spoken(kind: str, *, receiver: Address, organisation: str, words: Words) -> Mail:
    """Return a mail to a candidate that a person wrote from the first to the last word: nothing in it is filled in."""
    values = {"organisation": organisation}
    mail = Mail(kind, receiver, "", "", "", why=merge.fill(APPLIED, values), values=values)
    text = _tidy(many_lines(words.text))
    return _laid_out(mail, one_line(words.subject)[:SUBJECT_LENGTH], text, to_html(text))


def reworded(mail: Mail, words: Words) -> Mail:
    """Return the mail in other words: subject, text and HTML are made anew, calendar and foot stay.

    Raises KeyError where the words have a field that the mail has no value for.
    """
    subject = one_line(merge.fill(words.subject, mail.values))[:SUBJECT_LENGTH]
    text = _tidy(many_lines(merge.fill(words.text, mail.values)))
    return replace(_laid_out(mail, subject, text, to_html(text)), words=words)


def standard_words(kind: str) -> Words:
    """Return the words that a kind of e-mail has by itself: the files in ``templates/mail/<kind>/``."""
    templates = _environment(current_app._get_current_object())  # type: ignore[attr-defined]
    assert templates.loader is not None  # noqa: S101 - the application's templates have one
    subject, _name, _fresh = templates.loader.get_source(templates, f"mail/{kind}/subject.txt")
    text, _name, _fresh = templates.loader.get_source(templates, f"mail/{kind}/body.txt")
    return Words(subject.strip(), text.strip())


def _laid_out(mail: Mail, subject: str, text: str, html: Markup) -> Mail:
    """Return the mail with these bodies in their layouts, the foot below each."""
    templates = _environment(current_app._get_current_object())  # type: ignore[attr-defined]
    foot = {"why": mail.why, "organisation": mail.values["organisation"]}
    return replace(
        mail,
        subject=subject,
        text=templates.get_template("mail/layout.txt").render(foot, body=text),
        html=templates.get_template("mail/layout.html").render(foot, body=html, subject=subject),
    )


def render(kind: str, *, receiver: Address, organisation: str, why: str = "", **facts: Any) -> Mail:
    """Return the mail of ``templates/mail/<kind>/``: subject.txt, body.txt and, where there is one, body.html.

    Without a body.html the HTML is made of the text. A name that is not given is an error, not a gap. ``why`` stands at
    the foot and says why its reader gets it; body.txt may say so instead, with ``{% set why = "..." %}``.
    """
    templates = _environment(current_app._get_current_object())  # type: ignore[attr-defined]
    given = {"receiver": receiver, "organisation": organisation, **facts}
    subject = one_line(templates.get_template(f"mail/{kind}/subject.txt").render(given))
    body = templates.get_template(f"mail/{kind}/body.txt").make_module(given)
    why = one_line(why or str(getattr(body, "why", WHY.format(organisation=organisation))))
    text = _tidy(str(body))
    mail = Mail(kind, receiver, "", "", "", why=why, values={"organisation": organisation})
    return _laid_out(mail, subject[:SUBJECT_LENGTH], text, _html_body(templates, kind, given, text))


def _html_body(templates: Environment, kind: str, given: dict[str, Any], text: str) -> Markup:
    template = _optional(templates, f"mail/{kind}/body.html")
    return to_html(text) if template is None else Markup(template.render(given))  # noqa: S704 - escaped by Jinja


def _optional(templates: Environment, name: str) -> Template | None:
    try:
        return templates.get_template(name)
    except TemplateNotFound:
        return None


def _tidy(text: str) -> str:
    """Return the text without trailing blanks, and with at most one empty line at a stretch."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


class _OwnLines(Extension):
    """A line that holds nothing but one tag leaves no empty line behind; tags within a line change nothing."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]*(\{%(?:(?!%\}).)*%\})[ \t]*\n", r"\1", source, flags=re.MULTILINE)


def _environment(app: Flask) -> Environment:
    """Return the application's templates, strict about names; made once."""
    if "tracker_mail" not in app.extensions:
        app.extensions["tracker_mail"] = app.jinja_env.overlay(undefined=StrictUndefined, extensions=[_OwnLines])
    templates: Environment = app.extensions["tracker_mail"]
    return templates
