"""Where personal words live: every column that can hold words is classified here, once, and a test holds that.

What is about a candidate is erased with him or her (the process, section 6, rule 7): rows that say nothing else go,
in the others the words are replaced. Moments, states, kinds and numbers stay, so that what is counted stays right.
"""

from enum import StrEnum

import sqlalchemy as sa

from tracker.db import Base

ERASED = "Erased"
ERASED_NAME = "Erased candidate"


class About(StrEnum):
    """Whom the words of a column are about."""

    CANDIDATE = "candidate"
    STAFF = "staff"
    NOBODY = "nobody"


class Treatment(StrEnum):
    """What becomes of a column of a candidate's when he or she is erased."""

    SAID = "said"  # "Erased" where something was said; what was empty stays empty
    BLANK = "blank"  # an empty text
    NONE = "none"  # NULL
    EMPTY = "empty"  # {}
    SHAPE = "shape"  # JSON: its texts are replaced, its shape, numbers and the keys of KEPT_KEYS stay
    BYTES = "bytes"  # no bytes
    NUMBERED = "numbered"  # unique: "erased-" and the row's number
    ADDRESS = "address"  # the same as an address of no domain that there is (RFC 2606)
    NAME = "name"  # ERASED_NAME
    SORTED = "sorted"  # the same as lists are sorted by
    ZONE = "zone"  # UTC


# In JSON that keeps its shape: what these say is counted, or is the plan's word.
KEPT_KEYS = frozenset({"recommendation", "competency"})

_T = Treatment
# Rows that are nothing but the candidate's: they are deleted. The bytes of files are removed by the worker.
ROWS = (
    *("candidate_word", "candidate_link", "candidate_window", "document", "scorecard_file"),
    "self_identification_answer",
)
# Columns of rows that stay.
CANDIDATE: dict[str, dict[str, Treatment]] = {
    "candidate": {
        "email": _T.ADDRESS,
        "name": _T.NAME,
        "phone": _T.BLANK,
        "zone": _T.ZONE,
    },
    "hold": {"reason": _T.SAID},
    "application": {"sort_name": _T.SORTED, "source": _T.SAID, "message": _T.BLANK, "candidate_note": _T.BLANK},
    "stage_change": {"reason": _T.SAID},
    "qualification_judgement": {"evidence": _T.SAID},
    "screen_outcome": {"reason": _T.SAID},
    "note": {"text": _T.SAID},
    "blind_override": {"reason": _T.SAID},
    "cap_override": {"reason": _T.SAID},
    "deadline": {"extension_reason": _T.SAID, "pause_reason": _T.SAID},
    "interview": {"place": _T.BLANK},
    "assignment": {"declined_reason": _T.SAID},
    "scorecard": {
        "summary": _T.SAID,
        "set_aside": _T.NONE,
        "waived_reason": _T.SAID,
        "declined_reason": _T.SAID,
    },
    "evidence": dict.fromkeys(("question", "situation", "task", "action", "result", "metric"), _T.SAID),
    "scorecard_version": {"content": _T.SHAPE, "reason": _T.SAID},
    "debrief": {"notes": _T.SAID},
    "vote": {"reason": _T.SAID, "word": _T.SAID},
    "decision": {
        "rationale": _T.SAID,
        "level": _T.SAID,
        "by_competency": _T.SHAPE,
        "dissent": _T.SAID,
        "superseded_reason": _T.SAID,
    },
    "outcome": {"text": _T.SAID},
    "reply": {"why": _T.SAID, "sender": _T.SAID, "text": _T.SAID},
    "record_entry": {"text": _T.SAID, "data": _T.EMPTY},
    "outbox_mail": {
        "dedupe_key": _T.NUMBERED,
        "receiver": _T.ADDRESS,
        "subject": _T.SAID,
        "message": _T.BYTES,
        "message_id": _T.NUMBERED,
        "fact": _T.EMPTY,
        "order_key": _T.NONE,
        "token": _T.NONE,
        "last_error": _T.BLANK,
    },
}
# Texts about something else that may name a candidate all the same: name and address are cut out of them.
MENTIONS: dict[str, tuple[str, ...]] = {
    "requisition": ("close_reason",),
    "record_entry": ("text",),
    "once_key": ("message",),
    "training": ("not_yet_reason", "note"),
    # Of an e-mail that named no invitation its sender alone is kept.
    "reply": ("why", "sender"),
}
STAFF: dict[str, tuple[str, ...]] = {
    "person": ("email", "name", "password_hash", "zone", "team", "hours"),
    "former_address": ("email",),
    "sign_in_attempt": ("subject",),
    "busy_feed": ("address", "login", "password", "etag", "last_modified", "trouble"),
    "calendar_feed": ("key", "digest"),
    "training": ("not_yet_reason", "note"),
}
NOBODY: dict[str, tuple[str, ...]] = {
    "competency": ("name", "description"),
    "rating_anchor": ("text",),
    # The admin's words, and counts.
    "self_identification_question": ("text",),
    "self_identification_choice": ("text",),
    "self_identification_year": ("text", "labels", "figures"),
    "question": (
        *("text", "good_answer", "weak_answer"),
        *("ask_situation", "ask_task", "ask_action", "ask_result"),
    ),
    "interview_plan": ("name", "description", "preparation"),
    "plan_stage": ("name",),
    "plan_interview": ("name",),
    "plan_ladder": ("steps",),
    "region": ("name", "country", "subdivision", "zone", "weekend", "calendar_token"),
    "closed_day": ("name",),
    "region_year": ("said", "release"),
    "organisation": ("name", "careers_text"),
    "mail_words": ("kind", "subject", "text"),
    "requisition": ("title", "team", "location", "description", "close_reason"),
    "qualification": ("text",),
    # The region's, the plan's and the calendar's own words; what was asked of whom.
    "deadline": ("zone",),
    "nudge": ("step",),
    "reminder": ("step", "receiver"),
    "interview": ("name", "uid"),
    "record_entry": ("verb",),
    "outbox_mail": ("kind",),
    "reply": ("key",),
    "reply_box": ("box", "trouble"),
    # The key names who sent a form and where; the message may name whom it was about.
    "once_key": ("key", "location", "message"),
    # A digest of bytes; it goes with them.
    "file_removal": ("sha256",),
    "heartbeat": ("name",),
    "tick_fault": ("tick", "what"),
}


def about(column: sa.Column[object]) -> About | None:
    """Return whom the words of a column are about; None where nobody has said so yet."""
    table, name = column.table.name, column.key
    if table in ROWS or name in CANDIDATE.get(table, {}):
        return About.CANDIDATE
    if name in STAFF.get(table, ()):
        return About.STAFF
    return About.NOBODY if name in NOBODY.get(table, ()) else None


def holds_words(column: sa.Column[object]) -> bool:
    """Whether a column can hold words of somebody's: texts, JSON and bytes, but not the members of an enum."""
    return isinstance(column.type, sa.String | sa.JSON | sa.LargeBinary) and not isinstance(column.type, sa.Enum)


def candidates_rows(table: sa.Table, ids: sa.ColumnElement[bool]) -> sa.ColumnElement[bool] | None:
    """Return the condition on a table for the rows of some candidates, None where no foreign key leads to them.

    ``ids`` is a condition on the candidate table. The way goes by the application where there is one.
    """
    metadata = Base.metadata.tables
    if table.name == "candidate":
        return ids
    for parent in ("candidate", "application", *_PARENTS):
        for column in table.columns:
            if any(key.column.table.name == parent for key in column.foreign_keys):
                of = candidates_rows(metadata[parent], ids)
                if of is not None:
                    return column.in_(sa.select(metadata[parent].c.id).where(of))
    return None


# What an application has, and other rows hang on.
_PARENTS = ("loop", "interview", "assignment", "scorecard", "debrief", "decision", "deadline")
