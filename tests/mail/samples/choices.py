"""The mails about what candidates do on their own pages: times given and chosen, an application withdrawn."""

from collections.abc import Callable

from tests.mail.samples.facts import ADA, IAN, RITA, TITLE, WORKS
from tracker.mail import words_candidates
from tracker.mail.links import url
from tracker.mail.messages import Mail


def booked(when_before: str) -> Mail:
    return words_candidates.loop_booked(
        receiver=RITA,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        when="Fri 27 Nov 2026, 10:00–15:45 (Europe/Berlin)",
        when_before=when_before,
        link=url("/applications/3/loop"),
    )


OF_CHOICES: dict[str, Callable[[], Mail]] = {
    "loop_choice": lambda: words_candidates.loop_choice(
        receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA, link=url("/my/token/loop")
    ),
    "candidate_withdrew": lambda: words_candidates.candidate_withdrew(
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        reason="Another offer",
        page_url=url("/applications/3"),
    ),
    "candidate_times": lambda: words_candidates.candidate_times(
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        times=[f"{day} Nov 2026, 09:00 to 12:00 (Europe/Berlin)" for day in ("Thu 26", "Fri 27")],
        note="By video, please.",
        page_url=url("/applications/3"),
    ),
    "loop_booked": lambda: booked(""),
    "loop_moved": lambda: booked("Thu 26 Nov 2026, 09:00–14:45 (Europe/Berlin)"),
}
