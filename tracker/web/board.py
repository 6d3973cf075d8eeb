"""The board of a requisition, and the next cards of one of its columns."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.requisition import Requisition
from tracker.queries import board, visibility
from tracker.web.addresses import row_number
from tracker.web.doing import person, session, viewer
from tracker.web.filters import short_moment

blueprint = Blueprint("board", __name__)


@blueprint.get("/requisitions/<id:requisition_id>/board")
def show(requisition_id: int) -> ResponseReturnValue:
    """Show the columns with their first cards."""
    requisition = visibility.get_requisition(session(), viewer(), requisition_id)
    columns = board.columns(session(), viewer(), requisition, clock.now())
    may_move = viewer().is_recruiting
    shown = [_column(requisition, column, may_move) for column in columns]
    total = sum(column.count for column in columns)
    return render_template("board/show.html", requisition=requisition, columns=shown, total=total, may_move=may_move)


@blueprint.get("/requisitions/<id:requisition_id>/board/<id:stage_id>/cards")
def cards(requisition_id: int, stage_id: int) -> ResponseReturnValue:
    """Show the next cards of one column: a fragment for the script, a page of its own for a browser without."""
    after = row_number(request.args.get("after"))
    requisition = visibility.get_requisition(session(), viewer(), requisition_id)
    stages = [{"id": stage.id, "name": stage.name} for stage in requisition.plan.stages]
    if stage_id not in {stage["id"] for stage in stages}:
        raise visibility.NotFound(f"stage {stage_id}")
    found, following = board.more_cards(session(), viewer(), requisition, stage_id, after, clock.now())
    facts = {
        "cards": [_card(card, viewer().is_recruiting) for card in found],
        "columns": stages,
        "next_url": _next_url(requisition, stage_id, following),
        "here": stage_id,
    }
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return render_template("board/_cards.html", **facts)
    stage = next(stage for stage in stages if stage["id"] == stage_id)
    return render_template("board/cards.html", requisition=requisition, stage=stage, **facts)


def _next_url(requisition: Requisition, stage_id: int, after: int | None) -> str | None:
    if after is None:
        return None
    return url_for("board.cards", requisition_id=requisition.id, stage_id=stage_id, after=after)


def _column(requisition: Requisition, column: board.Column, may_move: bool) -> dict[str, Any]:
    return {
        "id": column.id,
        "name": column.name,
        "count": column.count,
        "cards": [_card(card, may_move) for card in column.cards],
        "next_url": _next_url(requisition, column.id, column.after),
    }


def _card(card: board.Card, may_move: bool) -> dict[str, Any]:
    interview = card.next_interview_at
    # Not asdict, which copies to the depth: it took as long as all statements of the page.
    return vars(card) | {
        "url": f"/applications/{card.id}",
        "next_interview": short_moment(interview, person().zone) if interview else None,
        "can_move": may_move,
    }
