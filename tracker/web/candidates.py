"""The list of candidates; what is chosen stands in the address, so that it can be kept and sent on."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries import candidates
from tracker.queries.candidates import Filters
from tracker.rules.stages import ApplicationState, StageKind
from tracker.web.addresses import row_number
from tracker.web.doing import session, viewer

blueprint = Blueprint("candidates", __name__)

SEARCH_LENGTH = 200
SORT_LABELS = {"newest": "Newest first", "oldest": "Oldest first", "name": "By name"}


@blueprint.get("/candidates")
def index() -> ResponseReturnValue:
    """Show one page of the applications that fit the address; active ones where it says nothing of the state."""
    filters = _filters()
    page = candidates.page(session(), viewer(), filters, clock.now())
    return render_template(
        "candidates/index.html",
        filters=filters,
        page=page,
        requisitions=candidates.requisition_choices(session(), viewer()),
        states=list(ApplicationState),
        stages=list(StageKind),
        sorts=SORT_LABELS,
        is_narrowed=bool(request.args.keys() - {"sort", "after"}),
        next_url=_url(after=page.after) if page.after else None,
        first_url=_url(after=None) if filters.after else None,
        sort_urls={name: _url(sort=name, after=None) for name in SORT_LABELS},
        chosen_state=request.args.get("state", ApplicationState.ACTIVE.value),
    )


def _filters() -> Filters:
    """Read the address. What is not understood is left out rather than refused: addresses are kept for years."""
    said = request.args
    state = said.get("state", ApplicationState.ACTIVE.value)
    stage = said.get("stage", "")
    sort = said.get("sort", "newest")
    return Filters(
        q=said.get("q", "")[:SEARCH_LENGTH],
        requisition_id=row_number(said.get("requisition")),
        state=ApplicationState(state) if state in set(ApplicationState) else None,
        stage=StageKind(stage) if stage in set(StageKind) else None,
        sort=sort if sort in candidates.SORTS else "newest",
        after=row_number(said.get("after")),
    )


def _url(**changes: Any) -> str:
    said = {name: value for name, value in (request.args | changes).items() if value}
    return url_for("candidates.index") + (f"?{urlencode(said)}" if said else "")
