"""What all forms share: the idempotency key, the row's version, and validators that explain themselves."""

import uuid
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, HiddenField, IntegerField, ValidationError
from wtforms.validators import NumberRange, Optional, StopValidation
from wtforms.widgets import HiddenInput

from tracker.web.converters import LARGEST_ID

NAME_LENGTH = 200
LINE_LENGTH = 300
TEXT_LENGTH = 20_000
# No row, and no row that is still to be made (0), has this version: nothing is taken on a guess.
UNSEEN = -1
# Fields with the words of e-mails begin with this (see ``rehearsal``).
MAIL_FIELDS = "mail-"
# Bidirectional overrides would let a name rewrite the line around it; joiners and marks are letters' business.
_OVERRIDES = {*"‪‫‬‭‮⁦⁧⁨⁩"}

# Control characters, separators of lines and paragraphs, halves of characters: what breaks a line, or is no text.
_BREAKS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0xD800, 0xE000))
_IN_LINES: dict[int, str | None] = dict.fromkeys(_BREAKS, " ") | dict.fromkeys(map(ord, _OVERRIDES))
_IN_TEXTS = dict.fromkeys(each for each in (*_BREAKS, *map(ord, _OVERRIDES)) if each not in map(ord, "\n\t"))


class Form(FlaskForm):  # type: ignore[misc]
    """A form with an idempotency key (``once``) and, where a row is changed, that row's ``version``."""

    once = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, LARGEST_ID)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = new_once()

    @property
    def seen(self) -> int:
        """The version of the row that the form was made from; one that no row has, where the form does not say it."""
        said = self.version.data
        return UNSEEN if said is None else int(said)

    def shows(self, version: int) -> None:
        """Be a form of this version of its row: the page says what is there now, so that what is sent then is meant."""
        self.version.data, self.version.raw_data = version, [str(version)]

    def hidden_tag(self, *fields: Any) -> Markup:
        """The hidden fields, and those that are carried along."""
        tags: Markup = super().hidden_tag(*fields)
        return tags + carried()


def carried() -> Markup:
    """Return, where somebody comes back from the e-mails to the form, what was typed there, as hidden fields."""
    typed = request.form.items() if "change" in request.form else ()
    words = (pair for pair in typed if pair[0].startswith(MAIL_FIELDS))
    return Markup("").join(Markup('<input type="hidden" name="{}" value="{}">').format(*pair) for pair in words)


def new_once() -> str:
    """Return a fresh idempotency key for a form."""
    return uuid.uuid4().hex


def one_line(value: str | None) -> str | None:
    """WTForms filter: fold white space and drop control characters and overrides, so that a line is a line."""
    if value is None:
        return None
    return " ".join(value.translate(_IN_LINES).split())


def many_lines(value: str | None) -> str | None:
    """WTForms filter: keep line breaks (as LF), drop other control characters and overrides, trim the ends."""
    if value is None:
        return None
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_IN_TEXTS).strip()


def lower(value: str | None) -> str | None:
    """WTForms filter: one line, in lower case."""
    line = one_line(value)
    return line.lower() if line else line


class Words:
    """Validator: text is there (unless optional) and not longer than ``most`` characters."""

    def __init__(self, most: int, *, optional: bool = False) -> None:
        self.most = most
        self.optional = optional
        if not optional:
            self.field_flags = {"required": True, "maxlength": most}
        else:
            self.field_flags = {"maxlength": most}

    def __call__(self, form: Form, field: Field) -> None:
        text = (field.data or "").strip()
        if not text and not self.optional:
            # What else is asked of the text would only say the same again.
            raise StopValidation(f"{field.label.text}: please fill this in.")
        if len(text) > self.most:
            raise ValidationError(
                f"{field.label.text} has {len(text):,} characters; {self.most:,} is the most. Please shorten it."
            )


class ZoneName:
    """Validator: the name of a time zone that this machine knows, like Europe/Berlin."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data not in available_timezones():
            raise ValidationError(f"“{field.data or ''}” is not a time zone. Choose one like Europe/Berlin.")


class EmailAddress:
    """Validator: exactly one plain e-mail address; line breaks, lists and display names are refused."""

    def __call__(self, form: Form, field: Field) -> None:
        try:
            validate_email(field.data or "", check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as error:
            raise ValidationError(f"This is not one e-mail address: {error}") from error
