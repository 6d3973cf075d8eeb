"""That a page showed what scorecards say: noted where it is the first time, so that a page remains a read mostly."""

from collections.abc import Iterable, Sequence

from tracker import clock
from tracker.pipeline import scorecards as verbs
from tracker.queries.scorecard_lines import ScorecardLine
from tracker.web.doing import begin_writing, let_go, person, session


def note_lines(lines: Iterable[ScorecardLine]) -> None:
    """Put on the record that the person was shown what these lines recommend."""
    note_shown([line.to_note for line in lines if line.to_note is not None])


def note_shown(scorecard_ids: Sequence[int]) -> None:
    """Put on the record that the person was shown something of these scorecards, all of them ``to_note``.

    Called when the page is made: where there is something to note, what it had read is let go of.
    """
    if scorecard_ids:
        begin_writing()
        verbs.note_shown(session(), scorecard_ids, person(), clock.now())
        session().commit()
        let_go()
