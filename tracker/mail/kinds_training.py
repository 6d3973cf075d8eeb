"""The e-mails about learning to interview: to who learns, and to the interviewer beside whom it happens."""

from tracker.mail.kinds_staff import INTERVIEWER, link_field
from tracker.mail.merge_fields import (
    CANDIDATE,
    ORGANISATION,
    PLACE,
    RECRUITER,
    RECRUITER_EMAIL,
    REQUISITION,
    WHEN,
    Field,
    Kind,
)
from tracker.rules.training import TrainingRole, task_words

LEARNER = "Who learns to interview"

_RECEIVER = Field("receiver", "the name of whoever gets it", "Nora Newcomer")
_TRAINING = (
    _RECEIVER,
    ORGANISATION,
    Field("interviews", "what one learns to hold", "loop interviews"),
    Field("by", "who did it", "Leila Lead"),
)
_COMPETENCIES = Field("competencies", "what is evaluated, one in a line", "- Cryptography\n- Ownership", is_fact=True)
_REASON = Field("reason", "why", "One more interview in which you lead the talk.", is_fact=True)
_PATH = Field("path", "the way, or where on it one is", "shadowed 2 of 2, reverse-shadowed 1 of 2", is_fact=True)
_PAGE = link_field("the link to the page of the training", "/interviewers/training/3")
_SEAT = (
    _RECEIVER,
    ORGANISATION,
    CANDIDATE,
    REQUISITION,
    Field("interview", "the name of the interview", "Technical depth"),
    WHEN,
)
_ROLE = Field("role", "shadow or reverse shadow", "Shadow")
_TASK = Field(
    "task",
    "what one does in it",
    task_words(TrainingRole.SHADOW, "Ian Interviewer"),
    is_fact=True,
    is_needed=True,
)
_KIT = link_field("the link to the interview kit", "/interviews/7")
_INVITATION = (
    *_SEAT,
    PLACE,
    _ROLE,
    _TASK,
    Field("lead", "who holds the interview", "Ian Interviewer"),
    _COMPETENCIES,
    _KIT,
    RECRUITER,
    RECRUITER_EMAIL,
)
_WHY_TRAINING = "You get this e-mail because you learn to interview at {{ organisation }}."
_WHY_SEAT = "You get this e-mail because you learn to interview, in an application at {{ organisation }}."

ON_TRAINING = (
    Kind(
        "training_begun",
        "Training: begun",
        LEARNER,
        "When somebody is put in training",
        (*_TRAINING, _COMPETENCIES, _PATH, _PAGE),
        _WHY_TRAINING,
    ),
    Kind(
        "training_signed_off",
        "Training: signed off",
        LEARNER,
        "When he or she is signed off, and qualified",
        (*_TRAINING, _COMPETENCIES, Field("note", "what was written", "Asks well.", is_fact=True), _PAGE),
        _WHY_TRAINING,
    ),
    Kind(
        "training_goes_on",
        "Training: goes on",
        LEARNER,
        "When the sign-off is put off, or taken back",
        (*_TRAINING, _REASON, _PATH, _PAGE),
        _WHY_TRAINING,
    ),
    Kind(
        "training_ended",
        "Training: ended",
        LEARNER,
        "When it is ended without a sign-off",
        (*_TRAINING, _REASON),
        _WHY_TRAINING,
    ),
    Kind(
        "trainee_invitation",
        "Seat to learn: invitation",
        LEARNER,
        "When an interview goes out in which he or she sits",
        _INVITATION,
        _WHY_SEAT,
    ),
    Kind(
        "trainee_changed",
        "Seat to learn: changed",
        LEARNER,
        "When that interview is moved, or somebody else leads it",
        _INVITATION,
        _WHY_SEAT,
    ),
    Kind(
        "trainee_withdrawn",
        "Seat to learn: taken back",
        LEARNER,
        "When that interview is called off, or he or she no longer sits in",
        _SEAT,
        _WHY_SEAT,
    ),
    Kind(
        "reminder_trainee",
        "Reminder of a seat to learn",
        LEARNER,
        "The day before, and an hour before",
        (*_SEAT, PLACE, _ROLE, _TASK, _KIT),
        _WHY_SEAT,
    ),
    Kind(
        "trainee_declined",
        "Seat to learn: declined",
        INTERVIEWER,
        "When who was to sit in beside him or her cannot come",
        (
            Field("receiver", "the name of whoever gets it", "Ian Interviewer"),
            *_SEAT[1:],
            Field("trainee", "who does not come", "Nora Newcomer"),
            _KIT,
        ),
        "You get this e-mail because you are the interviewer.",
    ),
)
