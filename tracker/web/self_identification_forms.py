"""The forms of self-identification: the questions as a candidate answers them, and one as an admin writes it."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import AnyOf, Optional

from tracker.pipeline.self_identification import Choice, Facts
from tracker.queries.self_identification import Asked
from tracker.web.converters import LARGEST_ID
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line


class AnswersForm(FlaskForm):  # type: ignore[misc]
    """One field for each question that is asked (``answers_form``). It bears no idempotency key: the key is stored."""

    def given(self, asked: Sequence[Asked]) -> dict[int, str]:
        """Return what was chosen, by the number of the question."""
        chosen = {each.question_id: self[f"question_{each.question_id}"].data for each in asked}
        return {number: value for number, value in chosen.items() if value}


def answers_form(asked: Sequence[Asked], **given: Any) -> AnswersForm:
    """Return the form of these questions; ``formdata=None`` for one that was not sent."""
    fields = {f"question_{each.question_id}": _field(each) for each in asked}
    return type("AnswersForm", (AnswersForm,), fields)(**given)  # type: ignore[no-any-return]


def _field(asked: Asked) -> RadioField:
    offered = [value for value, _ in asked.choices]
    known = AnyOf(offered, message=f"{asked.text} Choose one of these, or leave it.")
    return RadioField(
        asked.text,
        choices=dict(asked.choices),
        default=asked.chosen or None,
        validate_choice=False,
        validators=[Optional(), known],
    )


class ChoiceRow(PlainForm):
    """A choice that there is."""

    choice_id = HiddenField()
    text = StringField("Choice", [Words(LINE_LENGTH)], filters=[one_line])
    is_offered = BooleanField("Offered")


class QuestionForm(Form):
    """A question; ``choices`` are new ones, one on each line."""

    text = StringField("Question", [Words(LINE_LENGTH)], filters=[one_line])
    rows = FieldList(FormField(ChoiceRow))
    choices = TextAreaField("Choices", [Words(TEXT_LENGTH, optional=True)], filters=[many_lines])
    is_asked = BooleanField("Candidates are asked this", default=True)

    def facts(self) -> Facts:
        """Return what the verb takes."""
        there = [entry.form for entry in self.rows.entries]
        known = [Choice(row.text.data or "", row.is_offered.data, _number(row.choice_id.data)) for row in there]
        lines = [one_line(line) or "" for line in (self.choices.data or "").split("\n")]
        new = [Choice(line[:LINE_LENGTH]) for line in lines if line]
        return Facts(self.text.data or "", [*known, *new], self.is_asked.data)


def _number(text: str | None) -> int | None:
    number = int(text) if text and text.isascii() and text.isdigit() else 0
    return number if 0 < number <= LARGEST_ID else None
