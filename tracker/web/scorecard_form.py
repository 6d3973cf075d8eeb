"""The form of a scorecard: a rating and rows of evidence for each competency of the assignment."""

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import Field, FieldList, FormField, IntegerField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional, StopValidation
from wtforms.widgets import HiddenInput

from tracker.models.competency import Competency
from tracker.models.question import Question
from tracker.models.scorecard import Scorecard
from tracker.rules.scorecard_checks import check
from tracker.rules.scorecards import (
    MOST_EVIDENCE,
    RATINGS,
    EvidenceContent,
    IncompleteScorecard,
    Recommendation,
    ScorecardContent,
    rating_field,
)
from tracker.web.converters import LARGEST_ID
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line
from tracker.web.scorecard_typed import PARTS, Typed

_LONG: dict[str, Any] = {"filters": [many_lines], "validators": [Words(TEXT_LENGTH, optional=True)]}

_RATINGS = {str(number): words for number, words in RATINGS.items()}


class Undecided:
    """Validator: nothing need be chosen in a draft. What a submission demands is the rule's to say."""

    def __call__(self, form: Form, field: Field) -> None:
        if not field.raw_data or not field.raw_data[0]:
            field.errors = []
            raise StopValidation()


class EvidenceForm(PlainForm):
    """One STAR record."""

    question = TextAreaField("Question you asked", **_LONG)
    situation = TextAreaField("Situation", **_LONG)
    task = TextAreaField("Task", **_LONG)
    action = TextAreaField("Action", **_LONG)
    result = TextAreaField("Result", **_LONG)
    metric = StringField("Metric", filters=[one_line], validators=[Words(LINE_LENGTH, optional=True)])


class ScorecardForm(Form):
    """The parts that every scorecard has; those of each competency are added by ``make``."""

    recommendation = RadioField(
        "Recommendation", choices={each.value: each.label for each in Recommendation}, validators=[Undecided()]
    )
    summary = TextAreaField("Summary", **_LONG)
    # Asked for by amendments alone.
    reason = StringField("Why you change it", filters=[one_line], validators=[Words(LINE_LENGTH, optional=True)])

    files = MultipleFileField("Files")

    # How many characters the page's script saw being pasted.
    pasted = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, LARGEST_ID)], default=0)

    competencies: Sequence[Competency] = ()
    # The questions that the interviewer holds: where one was not asked after all, it leaves no record.
    held: frozenset[str] = frozenset()

    def rating(self, competency: Competency) -> Any:
        """Return the field that holds the rating of a competency."""
        return self[rating_field(competency.id)]

    def evidence(self, competency: Competency) -> Any:
        """Return the rows of evidence for a competency."""
        return self[evidence_field(competency.id)]

    def blank_evidence(self, competency: Competency) -> EvidenceForm:
        """Return the row that the page's script copies when one more is asked for."""
        return EvidenceForm(prefix=f"{evidence_field(competency.id)}-__index__-")

    def content(self) -> ScorecardContent:
        """Return what was typed."""
        chosen = self.recommendation.data
        return ScorecardContent(
            recommendation=Recommendation(chosen) if chosen in set(Recommendation) else None,
            summary=self.summary.data or "",
            ratings={each.id: self.rating(each).data for each in self.competencies},
            evidence=tuple(
                record for each in self.competencies for record in self._records(each) if not self._is_unasked(record)
            ),
        )

    def typed(self) -> Typed:
        """Return what was typed, as the script's sending is read without a form."""
        return Typed(self.content(), self.seen, self.pasted.data or 0)

    def checks(self) -> list[str]:
        """Return what is worth a second look before the scorecard is submitted."""
        names = {each.id: each.name for each in self.competencies}
        return check(self.content(), list(names), names, pasted=self.pasted.data or 0)

    def _records(self, competency: Competency) -> Iterator[EvidenceContent]:
        for row in self.evidence(competency):
            yield EvidenceContent(competency.id, **{part: row.data[part] or "" for part in PARTS})

    def _is_unasked(self, record: EvidenceContent) -> bool:
        return record.is_unanswered and record.question in self.held

    def show_missing(self, error: IncompleteScorecard) -> None:
        """Put what is missing beside the fields."""
        for name, message in error.missing.items():
            self[name].errors = [*self[name].errors, message]

    def renew_version(self, version: int) -> None:
        """Make the form that is shown again one of the row as it is now."""
        self.version.data, self.version.raw_data = version, [str(version)]

    def add_blank_rows(self) -> None:
        """End each list of evidence with a blank row, so that one more can be written without the script."""
        for each in self.competencies:
            rows = self.evidence(each)
            if len(rows.entries) < MOST_EVIDENCE and (not rows.entries or any(rows.entries[-1].data.values())):
                rows.append_entry()


def evidence_field(competency_id: int) -> str:
    """Return the name of the form field that holds the evidence for one competency."""
    return f"evidence_{competency_id}"


def make(
    competencies: Sequence[Competency], scorecard: Scorecard | None = None, questions: Sequence[Question] = ()
) -> ScorecardForm:
    """Return the form for these competencies: as it was sent, else filled from the scorecard.

    Each of the questions that the interviewer holds has a record of its own, if it was not written about yet.
    """
    fields: dict[str, Any] = {}
    for each in competencies:
        fields[rating_field(each.id)] = RadioField(
            f"{each.name}: rating", choices=_RATINGS, coerce=_number, validators=[Undecided()]
        )
        fields[evidence_field(each.id)] = FieldList(
            FormField(EvidenceForm), f"{each.name}: evidence", max_entries=MOST_EVIDENCE
        )
    made = type("AssignmentScorecardForm", (ScorecardForm,), fields)
    form: ScorecardForm = made(data=_data(competencies, scorecard, questions) if scorecard is not None else None)
    form.competencies, form.held = competencies, frozenset(each.text for each in questions)
    form.add_blank_rows()
    return form


def messages(form: ScorecardForm) -> list[tuple[str, str]]:
    """Return all that stands in the way of a form: (the id of the part that it is about, else empty; the words)."""
    found = [("", message) for message in form.form_errors if message]
    for field in form:
        found += [(field.id, error) for error in field.errors if isinstance(error, str)]
        for row in field if isinstance(field, FieldList) else ():
            found += [(part.id, error) for part in row for error in part.errors]
    return found


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else None


def _data(competencies: Sequence[Competency], scorecard: Scorecard, questions: Sequence[Question]) -> dict[str, Any]:
    ratings = {row.competency_id: row.rating for row in scorecard.ratings}
    data: dict[str, Any] = {
        "version": scorecard.version,
        "summary": scorecard.summary,
        "recommendation": scorecard.recommendation.value if scorecard.recommendation else None,
    }
    for each in competencies:
        data[rating_field(each.id)] = ratings.get(each.id)
        mine = (row for row in scorecard.evidence if row.competency_id == each.id)
        rows = [{part: getattr(row, part) for part in PARTS} for row in mine]
        asked = {row["question"] for row in rows}
        rows += [{"question": q.text} for q in questions if q.competency_id == each.id and q.text not in asked]
        data[evidence_field(each.id)] = rows[:MOST_EVIDENCE]
    return data
