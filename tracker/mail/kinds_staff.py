"""The e-mails to staff. None of their fields holds anything of a scorecard, a vote or a decision."""

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

INTERVIEWER = "The interviewer"
RECRUITING = "The recruiter"
# Why somebody is nudged depends on the deadlines, whose a debrief is on the receiver: worked out for each e-mail.
NUDGED = ""


def link_field(meaning: str, path: str) -> Field:
    """Return the field of a link that the e-mail is about; ``path`` is that of an example."""
    return Field("link", meaning, f"https://hiring.example.org{path}", is_fact=True, is_needed=True)


_TO = (Field("receiver", "the name of whoever gets it", "Ian Interviewer"), ORGANISATION)
ABOUT = (*_TO, CANDIDATE, REQUISITION)
_INTERVIEW = (*ABOUT, Field("interview", "the name of the interview", "Technical depth"), WHEN)
_WHO = Field("interviewer", "whom it is about", "Ian Interviewer")
_INVITED = Field("who", "who was invited: an interviewer or the candidate", "Ian Interviewer")
_KIT = link_field("the link to the interview kit, and to accepting or declining it", "/interviews/7")
_TRAINEE = Field(
    "trainee",
    "who sits in to learn, and what that means; empty where nobody does",
    "Nora Newcomer shadows you: he or she listens to learn. You hold the interview as always.",
)
_INVITATION = (
    *_INTERVIEW,
    PLACE,
    Field("competencies", "what the interviewer evaluates, one in a line", "- Cryptography\n- Ownership", is_fact=True),
    _KIT,
    RECRUITER,
    RECRUITER_EMAIL,
    _TRAINEE,
)
_INSTEAD_OF = Field(
    "instead_of", "whose place the interviewer takes; empty where nobody was asked before", "Ines Interviewer"
)
_SENTENCE = (
    "Write your scorecard for Ada Lovelace (Security Engineer): it is due Fri 4 Dec 2026, 17:59 (Europe/Berlin). "
    "You held the interview."
)
_HELD = (
    "- Technical depth with Ada Lovelace (Security Engineer), Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)\n"
    "  https://hiring.example.org/applications/3"
)
_HEADLINE = Field("headline", "what is due and when, in a few words", "Scorecard for Ada Lovelace, due Fri 4 Dec 2026")

TO_STAFF = (
    Kind(
        "interview_invitation",
        "Interview: invitation",
        INTERVIEWER,
        "When a phone screen is arranged, a loop is sent, or somebody steps in",
        (*_INVITATION, _INSTEAD_OF),
        "You get this e-mail because of an application at {{ organisation }}.",
    ),
    Kind(
        "interview_changed",
        "Interview: changed",
        INTERVIEWER,
        "When it is moved, or its place or competencies change",
        _INVITATION,
        "You get this e-mail because of an application at {{ organisation }}.",
    ),
    Kind(
        "interview_withdrawn",
        "Interview: taken back",
        INTERVIEWER,
        "When it is called off, or somebody else holds it",
        _INTERVIEW,
        "You get this e-mail because of an application at {{ organisation }}.",
    ),
    Kind(
        "reminder_interviewer",
        "Reminder of an interview",
        INTERVIEWER,
        "The day before, and an hour before",
        (*_INTERVIEW, PLACE, _KIT, _TRAINEE),
        "You get this e-mail because you are the interviewer.",
    ),
    Kind(
        "nudge",
        "Nudge",
        "Whoever the ladder names",
        "When a deadline is near, due or overdue",
        (
            *_TO,
            _HEADLINE,
            Field(
                "sentence",
                "what is due, for whom, when, and why its reader is told",
                _SENTENCE,
                is_fact=True,
                is_needed=True,
            ),
            Field("notes", "who is away, and that no more reminders go out; else empty", "", is_fact=True),
            link_field("the link to the task", "/scorecards/7"),
        ),
        NUDGED,
    ),
    Kind(
        "digest",
        "Nudges of a morning",
        "Whoever the ladders name",
        "Instead of several nudges in one morning",
        (
            *_TO,
            _HEADLINE,
            Field("count", "how many deadlines wait", "2"),
            Field("how_many", "the same, with how many are overdue", "2 deadlines, 1 overdue"),
            Field("first", "the most urgent one, as a sentence", _SENTENCE, is_fact=True),
            Field(
                "deadlines",
                "what is due, one by one, with links",
                f"1. {_SENTENCE}\n   https://hiring.example.org/scorecards/7",
                is_fact=True,
                is_needed=True,
            ),
        ),
        NUDGED,
    ),
    Kind(
        "interviewer_away",
        "Interviewer away",
        RECRUITING,
        "When somebody enters days away in which he or she holds interviews",
        (
            *_TO,
            _WHO,
            Field("days", "the first and the last day", "Mon 23 Nov 2026 to Fri 4 Dec 2026", is_fact=True),
            Field("interviews", "the interviews of these days, with links", _HELD, is_fact=True, is_needed=True),
        ),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "interview_declined",
        "Interview: declined",
        RECRUITING,
        "When an interviewer says that he or she cannot hold an interview",
        (*_INTERVIEW, _WHO, link_field("the link to who could step in", "/applications/3/loop/interviews/9/replace")),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "substitute_found",
        "Interview: substitute found",
        RECRUITING,
        "When an interviewer declined and the tracker has put in somebody else",
        (
            *_INTERVIEW,
            _WHO,
            Field("substitute", "who holds it now", "Ines Interviewer"),
            link_field("the link to the loop", "/applications/3/loop"),
        ),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "substitute_missing",
        "Interview: no substitute found",
        RECRUITING,
        "When an interviewer declined and the tracker found nobody else",
        (*_INTERVIEW, _WHO, link_field("the link to who could step in", "/applications/3/loop/interviews/9/replace")),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "time_proposed",
        "Interview: another time proposed",
        RECRUITING,
        "When an interviewer or a candidate proposes another time from the calendar",
        (
            *_INTERVIEW,
            _INVITED,
            Field("proposed", "the time that is proposed", "Mon 30 Nov 2026, 14:00 (Europe/Berlin)", is_fact=True),
            link_field("the link to the interview", "/applications/3/loop"),
        ),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "candidate_declined",
        "Interview: candidate declined",
        RECRUITING,
        "When a candidate declines a phone screen from the calendar",
        (*_INTERVIEW, _INVITED, link_field("the link to the interview", "/applications/3/screens")),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "reply_noted",
        "Interview: words for you",
        RECRUITING,
        "When somebody answers an invitation in words of his or her own",
        (*_INTERVIEW, _INVITED, link_field("the link to what was written", "/applications/3/loop")),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "scorecard_declined",
        "Scorecard: declined",
        RECRUITING,
        "When an interviewer says that he or she cannot write a scorecard",
        (*_INTERVIEW, _WHO, link_field("the link to go on without it", "/scorecards/7/waive")),
        "You get this e-mail because you answer for the requisition.",
    ),
    Kind(
        "scorecard_entered",
        "Scorecard: entered for its interviewer",
        INTERVIEWER,
        "When the recruiting side has entered a scorecard as its interviewer dictated it",
        (
            *_INTERVIEW,
            Field("typist", "who entered it", "Rita Recruiter"),
            link_field("the link to the scorecard", "/scorecards/7"),
        ),
        "You get this e-mail because the scorecard bears your name.",
    ),
    Kind(
        "candidate_withdrew",
        "Candidate withdrew",
        RECRUITING,
        "When a candidate withdraws on the own page",
        (
            *ABOUT,
            Field("reason", "what the candidate gave as the reason, if anything", "Another offer"),
            link_field("the link to the application", "/applications/3"),
        ),
        "You get this e-mail because you are the recruiter of this requisition.",
    ),
    Kind(
        "candidate_times",
        "Candidate can come",
        RECRUITING,
        "When a candidate says on the own page when he or she can come",
        (
            *ABOUT,
            WHEN,
            Field("times", "the times given, one on each line", "Thu 26 Nov 2026, 09:00 to 12:00 (Europe/Berlin)"),
            Field("note", "what the candidate wrote beside them, if anything", "By video, please."),
            link_field("the link to the application", "/applications/3"),
        ),
        "You get this e-mail because you are the recruiter of this requisition.",
    ),
    Kind(
        "welcome",
        "Welcome",
        "A new person",
        "When an admin adds somebody",
        (*_TO, link_field("the link to set a password", "/set-password/…")),
        "You get this e-mail because an admin of {{ organisation }} added you.",
    ),
    Kind(
        "forgotten",
        "New password",
        "Whoever asked for it",
        "When somebody has forgotten the password, or an admin sends the link again",
        (*_TO, link_field("the link to set a password", "/set-password/…")),
        "You get this e-mail because somebody asked for a new password for your address at {{ organisation }}.",
    ),
)
