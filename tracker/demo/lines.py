"""What the people of the demo say and write."""

from tracker.demo.cast import BERLIN, LONDON, SEATTLE
from tracker.rules.qualifications import Verdict
from tracker.rules.scorecards import Recommendation
from tracker.rules.stages import DecisionKind

CAREERS = (
    "We keep what people entrust to software safe. Everybody who applies goes through the same process, and after the "
    "interviews you hear from us by the day that we **promise**."
)
LOCATIONS = {BERLIN: "Berlin, or remote in Germany", LONDON: "London", SEATTLE: "Seattle"}
# Where it is day while Berlin works: a fair interview is not at three in the night.
ZONES = ("Europe/Berlin", "Europe/London", "Africa/Nairobi", "Europe/Lisbon", "Europe/Warsaw")
DESCRIPTION = """You find the ways in before others do, and help the teams who build to close them.

- Review designs and model threats with the people who own them
- Build what makes the safe way the easy way
- Take part in the on-call rota for security incidents

You will work with a team of nine, most of them in Berlin and London."""
BASIC = (
    "Three years of hands-on security engineering",
    "Has shipped code to production in at least one language",
    "Can work in English",
)
PREFERRED = ("Has led the response to a security incident", "Knows a major cloud platform from the inside")
DETECTION = ("Isabel Moreno", "Kofi Mensah", "Anton Berg")
JUDGED = {
    Verdict.MET: "Clearly shown in the resume: five years at two companies.",
    Verdict.NOT_MET: "The resume shows one year, as an intern.",
}
NOT_QUALIFIED = "One year of experience where three are needed"
GO_ON = "Solid on threat modelling, clear examples with numbers"
NOTE = "Prefers **mornings** for the loop. Notice period is three months."
QUESTION = "Tell me about a time when {} mattered in your work."
STAR = {
    "situation": "A payment service was about to launch with an admin interface open to the office network.",
    "task": "Review it within a week, without delaying the launch.",
    "action": "Drew the data flows with the team, found the open interface, proposed and wrote a small proxy.",
    "result": "Launched on the day; 14 findings, 3 of them high, all closed within 30 days.",
}
SUMMARIES = {
    Recommendation.HIRE: "Thinks in data flows, backs claims with numbers, listens. A strong addition to the team.",
    Recommendation.NO_HIRE: "Good instincts, but the examples stayed general even when asked twice for the own part.",
}
RATIONALES = {
    DecisionKind.HIRE: (
        "Evidence at or above the bar in every technical competency; ownership shown in two independent examples."
    ),
    DecisionKind.NO_HIRE: "Below the bar in secure design and incident response in two independent interviews.",
}
LEVELS = {DecisionKind.HIRE: "Senior", DecisionKind.NO_HIRE: ""}
# Of the first two competencies of the loop.
GROUNDS = {
    DecisionKind.HIRE: (
        "Found the open interface alone and had it closed before the launch: above the bar.",
        "Two incidents led, with times to contain them; the second under an hour.",
    ),
    DecisionKind.NO_HIRE: (
        "Named the pattern, but no own part in the design even when asked twice.",
        "One incident, as a member of the team; decisions were others'.",
    ),
}
WORDS = {
    DecisionKind.HIRE: "Raises the bar in ownership. The doubts of one are about telling, not about doing.",
    DecisionKind.NO_HIRE: "Would not raise the bar in secure design today. Worth another look in two years.",
}
SECOND = "Read the others’ evidence; it agrees with mine."
# Of those whose vote stands against the decision.
WORDS_OF_DOUBT = {
    DecisionKind.HIRE: "The own part stayed unclear with me; if the others heard it, I do not stand in the way.",
    DecisionKind.NO_HIRE: "Would raise the bar in ownership, and can learn the rest here.",
}
SECOND_DOUBT = "Read the others’ evidence; what I heard stands beside it."
DISSENTS = {
    DecisionKind.HIRE: (
        "One interviewer found the examples too general; two others heard the own part in detail, with numbers."
    ),
    DecisionKind.NO_HIRE: "Two interviewers would hire, for ownership; the gaps in secure design weigh more here.",
}
# Which of the five interviewers recommend no hire, counted from 0, where it ends so; where it is open as for a hire.
DOUBTERS = {DecisionKind.HIRE: (2,), DecisionKind.NO_HIRE: (1, 2, 3)}
CALL = "Told the outcome and the reasons in general terms; questions about next steps answered."


def resume(name: str) -> str:
    """Return a short resume."""
    return f"""{name}

Security engineer

2021 to today   Product security at a payments company: design reviews, threat models, tooling in Python and Go.
2018 to 2021    Software engineer, then security engineer at a hosting company.

Led the response to two incidents. Speaks English and German. Talks at two conferences a year.
"""
