"""The form of a decision: hire or not, at what level, and why, competency by competency."""

from collections.abc import Iterator
from typing import Any

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from tracker.models.debrief import Decision
from tracker.queries.matrices import Matrix
from tracker.rules.decisions import Grounds
from tracker.rules.stages import DecisionKind
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line

_LONG: dict[str, Any] = {"filters": [many_lines], "validators": [Words(TEXT_LENGTH, optional=True)]}
_LINE: dict[str, Any] = {"filters": [one_line], "validators": [Words(LINE_LENGTH, optional=True)]}


class DecisionForm(Form):
    """The parts that every decision has; those of each competency are added by ``make``."""

    kind = RadioField(
        "Decision",
        choices={each.value: each.label for each in reversed(DecisionKind)},
        validators=[InputRequired("Choose hire or no hire.")],
    )
    level = StringField("Level", **_LINE)
    rationale = TextAreaField("Rationale", filters=[many_lines], validators=[Words(TEXT_LENGTH)])
    dissent = TextAreaField("Dissent", **_LONG)
    # Asked for where the decision is recorded anew.
    reason = StringField("Why it is recorded anew", **_LINE)

    rated: Matrix

    def of_competencies(self) -> Iterator[tuple[Field, str]]:
        """Return the field of each competency, and how it was rated, in words."""
        for number, name in enumerate(self.rated.competencies):
            cells = ((card, self.rated.cells.get((card.id, name))) for card in self.rated.scorecards)
            yield self[_field(number)], " · ".join(f"{cell.rating} by {card.author}" for card, cell in cells if cell)

    def grounds(self) -> Grounds:
        """Return what was typed."""
        names = enumerate(self.rated.competencies)
        return Grounds(
            rationale=self.rationale.data or "",
            dissent=self.dissent.data or "",
            level=self.level.data or "",
            by_competency={name: self[_field(number)].data or "" for number, name in names},
        )


def _field(number: int) -> str:
    return f"ground_{number}"


def make(rated: Matrix, decision: Decision | None = None) -> DecisionForm:
    """Return the form for what was rated: as it was sent, else filled from a decision."""
    fields = {_field(number): TextAreaField(name, **_LONG) for number, name in enumerate(rated.competencies)}
    made = type("RatedDecisionForm", (DecisionForm,), fields)
    form: DecisionForm = made(data=_data(rated, decision) if decision else None)
    form.rated = rated
    return form


def _data(rated: Matrix, decision: Decision) -> dict[str, Any]:
    by_competency = {
        _field(number): decision.by_competency.get(name, "") for number, name in enumerate(rated.competencies)
    }
    return by_competency | {
        "kind": decision.kind.value,
        "level": decision.level,
        "rationale": decision.rationale,
        "dissent": decision.dissent,
        "version": decision.id,
    }
