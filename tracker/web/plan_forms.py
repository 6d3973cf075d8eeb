"""The forms of an interview plan, one for each part, and what they say to the verbs."""

from datetime import time
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.models.competency import Competency
from tracker.models.interview_plan import InterviewPlan
from tracker.pipeline.plan_stages import StageWording
from tracker.pipeline.plans import LONGEST, SHORTEST, Basics, Coverage, LoopInterview
from tracker.rules.deadlines import END_OF_DAY, DeadlineKind
from tracker.rules.limits import MOST_DAYS
from tracker.rules.loop_choices import MOST_MOVES, MOST_NOTICE
from tracker.rules.plans import MOST_LOOP_TIMES
from tracker.rules.stages import ScreensMode, StageKind
from tracker.rules.training import MOST_SEATS, MOST_TRAINEES, Path
from tracker.web.addresses import row_number
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line

MOST_ROWS = 20
MINUTES_SAID = f"An interview lasts {SHORTEST} to {LONGEST} minutes."
DAYS_SAID = f"Give a number of business days from 0 to {MOST_DAYS}."
SEATS_SAID = f"Give a number from 0 to {MOST_SEATS}."
TRAINEES_SAID = f"Give a number from 0 to {MOST_TRAINEES}."
MOVES_SAID = f"Say how often: 0 to {MOST_MOVES} times."
NOTICE_SAID = f"Give a number of business days from 0 to {MOST_NOTICE}."
MODES = {
    ScreensMode.NONE.value: "None",
    ScreensMode.ONE.value: "One",
    ScreensMode.TWO.value: "Two, always",
    ScreensMode.SECOND_IF_INCONCLUSIVE.value: "One, and a second where the first is inconclusive",
}
# A stage of one's own is what is added as a rule.
KINDS = {StageKind.CUSTOM.value: StageKind.CUSTOM.label} | {kind.value: kind.label for kind in StageKind}
LIMIT_WORDS = {
    DeadlineKind.APPLICATION_REVIEW: ("Review of an application", "From the day it came in."),
    DeadlineKind.PHONE_SCREEN_OUTCOME: ("Outcome of a phone screen", "From the day its scorecard is in."),
    DeadlineKind.LOOP_INVITED: ("Loop sent out", "From the day the application may have one."),
    DeadlineKind.SCORECARD: ("Scorecard", "From the day of the interview."),
    DeadlineKind.DEBRIEF: ("Debrief held", "From the day the loop ends."),
    DeadlineKind.DECISION: ("Decision recorded", "From the day the loop ends."),
    DeadlineKind.PROMISE: ("Outcome told: the promise", "From the day the loop ends. Candidates read its date."),
}


class MayBeBlank(Optional):
    """Validator: a blank is fine, and the label need not say so: a whole blank row is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


class NewPlanForm(Form):
    """A new plan, or a copy: the rest is set on its own page."""

    name = StringField("Name", [Words(LINE_LENGTH)], filters=[one_line])
    description = StringField("Description", [Words(LINE_LENGTH, optional=True)], filters=[one_line])


class BasicsForm(NewPlanForm):
    """What is said of a plan as a whole."""

    preparation = TextAreaField("Preparation", [Words(TEXT_LENGTH, optional=True)], filters=[many_lines])
    screens_mode = RadioField("Phone screens", choices=MODES)
    screen_minutes = IntegerField(
        "Minutes of a phone screen", [InputRequired(MINUTES_SAID), NumberRange(SHORTEST, LONGEST, MINUTES_SAID)]
    )
    substitutes_sought = BooleanField("Put in a substitute where an interviewer of a loop declines")
    screens_open = BooleanField("Loop interviewers may read phone screens’ scorecards before they write their own")
    candidates_choose = BooleanField("Recruiters can let candidates choose when the loop is held")
    choice_moves = IntegerField(
        "How often a candidate may move it", [InputRequired(MOVES_SAID), NumberRange(0, MOST_MOVES, MOVES_SAID)]
    )
    choice_notice_days = IntegerField(
        "Until how many business days before", [InputRequired(NOTICE_SAID), NumberRange(0, MOST_NOTICE, NOTICE_SAID)]
    )
    due_time = TimeField("Due days end at", [InputRequired("Give a time such as 23:59.")], format=["%H:%M", "%H:%M:%S"])
    is_active = BooleanField("In use: requisitions can be opened from it")

    def basics(self) -> Basics:
        """Return what the verb takes. The last minute of a day is meant with all its seconds."""
        due_time = self.due_time.data
        return Basics(
            name=self.name.data or "",
            description=self.description.data or "",
            preparation=self.preparation.data or "",
            screens_mode=ScreensMode(self.screens_mode.data),
            screen_minutes=self.screen_minutes.data or 0,
            screens_open=self.screens_open.data,
            substitutes_sought=self.substitutes_sought.data,
            candidates_choose=self.candidates_choose.data,
            choice_moves=self.choice_moves.data or 0,
            choice_notice_days=self.choice_notice_days.data or 0,
            due_time=END_OF_DAY if due_time is None or due_time >= time(23, 59) else due_time,
            is_active=self.is_active.data,
        )


class TrainingForm(Form):
    """How one becomes an interviewer."""

    shadows = IntegerField("Times one shadows", [InputRequired(SEATS_SAID), NumberRange(0, MOST_SEATS, SEATS_SAID)])
    reverse_shadows = IntegerField(
        "Times one reverse-shadows", [InputRequired(SEATS_SAID), NumberRange(0, MOST_SEATS, SEATS_SAID)]
    )
    most_trainees = IntegerField(
        "People in training in one loop, at most",
        [InputRequired(TRAINEES_SAID), NumberRange(0, MOST_TRAINEES, TRAINEES_SAID)],
    )

    def wanted(self) -> tuple[Path, int]:
        """Return what the verb takes."""
        return Path(self.shadows.data or 0, self.reverse_shadows.data or 0), self.most_trainees.data or 0


class StageRow(PlainForm):
    """One stage; one without a name is left out."""

    stage_id = HiddenField()
    place = IntegerField("Order", [MayBeBlank(), NumberRange(1, 99, "Order: a number from 1 to 99.")])
    name = StringField("Name", [Words(LINE_LENGTH, optional=True)], filters=[one_line])
    kind = SelectField("Kind", choices=KINDS)


class StagesForm(Form):
    """All stages of a plan."""

    stages = FieldList(FormField(StageRow), max_entries=MOST_ROWS)

    def wanted(self) -> list[StageWording]:
        """Return what the verb takes."""
        rows = [entry.form for entry in self.stages.entries if entry.form.name.data]
        return [
            StageWording(StageKind(row.kind.data), row.name.data or "", row.place.data, row_number(row.stage_id.data))
            for row in rows
        ]


class InterviewRow(PlainForm):
    """One interview of the loop; one without a name is left out."""

    name = StringField("Name", [Words(LINE_LENGTH, optional=True)], filters=[one_line])
    minutes = IntegerField("Minutes", [MayBeBlank(), NumberRange(SHORTEST, LONGEST, MINUTES_SAID)])


class InterviewsForm(Form):
    """All interviews of the loop."""

    interviews = FieldList(FormField(InterviewRow), max_entries=MOST_ROWS)

    def wanted(self) -> list[LoopInterview]:
        """Return what the verb takes; an hour where nothing else is said."""
        rows = [entry.form for entry in self.interviews.entries if entry.form.name.data]
        return [LoopInterview(row.name.data or "", row.minutes.data or 60) for row in rows]


class CoverageRow(PlainForm):
    """How often one competency is evaluated; ``competency_id`` names it."""

    competency_id = HiddenField()
    loop_times = IntegerField(
        "Times in the loop",
        [MayBeBlank(), NumberRange(0, MOST_LOOP_TIMES, f"In the loop: 0 to {MOST_LOOP_TIMES} times.")],
    )
    in_phone_screen = BooleanField("In phone screens")


class CompetenciesForm(Form):
    """What the loop and the phone screens evaluate."""

    competencies = FieldList(FormField(CoverageRow))

    def wanted(self) -> dict[int, Coverage]:
        """Return what the verb takes."""
        found = {}
        for entry in self.competencies.entries:
            competency_id = row_number(entry.form.competency_id.data)
            if competency_id is not None:
                times, in_screen = entry.form.loop_times.data or 0, entry.form.in_phone_screen.data
                found[competency_id] = Coverage(times, in_screen)
        return found


class LimitForm(Form):
    """A change of one kind's limit, from a day on."""

    kind = SelectField("Deadline", choices={kind.value: words for kind, (words, _) in LIMIT_WORDS.items()})
    business_days = IntegerField("Business days", [InputRequired(DAYS_SAID), NumberRange(0, MOST_DAYS, DAYS_SAID)])
    on = DateField("From", [InputRequired("Choose the day from which it holds.")])


def forms_of(plan: InterviewPlan, offered: list[Competency]) -> dict[str, Form]:
    """Return a form for every part of a plan, filled with what stands."""
    version: dict[str, Any] = {"formdata": None, "version": plan.version}
    basics = BasicsForm(obj=plan, prefix="basics", **version)
    basics.screens_mode.data = plan.screens_mode.value
    stages = [
        {"stage_id": row.id, "place": row.position, "name": row.name, "kind": row.kind.value} for row in plan.stages
    ]
    interviews = [{"name": row.name, "minutes": row.minutes} for row in plan.interviews]
    return {
        "basics": basics,
        "stages": StagesForm(prefix="plan", stages=stages, **version),
        "interviews": InterviewsForm(prefix="loop", interviews=interviews, **version),
        "competencies": CompetenciesForm(prefix="cover", competencies=_coverage(plan, offered), **version),
        "training": TrainingForm(obj=plan, prefix="training", **version),
        "limits": LimitForm(prefix="limit", kind=DeadlineKind.PROMISE.value, **version),
        "duplicate": NewPlanForm(prefix="copy", name=f"{plan.name} (copy)"[:LINE_LENGTH], formdata=None),
    }


def add_blank_rows(forms: dict[str, Form]) -> None:
    """Append an empty row to the lists, so that one can be added without the script."""
    for rows, values in ((forms["stages"]["stages"], {"kind": "custom"}), (forms["interviews"]["interviews"], {})):
        is_full = len(rows.entries) >= MOST_ROWS
        if not is_full and (not rows.entries or rows.entries[-1].form.name.data):
            rows.append_entry(values)


def _coverage(plan: InterviewPlan, offered: list[Competency]) -> list[dict[str, Any]]:
    present = {row.competency_id: row for row in plan.competencies}
    return [
        {
            "competency_id": each.id,
            "loop_times": present[each.id].loop_times if each.id in present else 0,
            "in_phone_screen": each.id in present and present[each.id].in_phone_screen,
        }
        for each in offered
    ]
