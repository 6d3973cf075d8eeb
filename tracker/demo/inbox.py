"""The demo's inbox: every e-mail that the tracker sent, as its receiver would see it. Never part of a real instance."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.demo.mailbox import Letter, Mailbox
from tracker.queries import people
from tracker.web.doing import public, session

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

SHOWN = 200
# The letter's own HTML may style itself and nothing else: no script, no picture from elsewhere.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
)


def _mailbox() -> Mailbox:
    return Mailbox(current_app.config["TRACKER"].data_dir / "inbox")


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """List the letters, the newest first; of one receiver where the address says so."""
    letters = _mailbox().letters()
    receiver = request.args.get("to", "")
    receivers = sorted({(letter.receiver_name, letter.receiver) for letter in letters})
    shown = [letter for letter in letters if receiver in ("", letter.receiver)]
    given = {"letters": shown[:SHOWN], "receivers": receivers, "receiver": receiver, "count": len(shown)}
    return render_template("inbox/index.html", **given, zones=_zones(shown[:SHOWN]))


@blueprint.get("/<name>")
@public
def show(name: str) -> ResponseReturnValue:
    """Show one letter: who, when, the text, the calendar file."""
    letter = _letter(name)
    return render_template(
        "inbox/show.html",
        letter=letter,
        text=letter.part("text/plain"),
        calendar=letter.part("text/calendar"),
        zone=_zones([letter])[letter.receiver],
    )


@blueprint.get("/<name>/html")
@public
def html(name: str) -> ResponseReturnValue:
    """Show the letter's HTML, shut in a frame."""
    answer = Response(_letter(name).part("text/html") or "", mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    return answer


@blueprint.get("/<name>/source")
@public
def source(name: str) -> ResponseReturnValue:
    """Give the letter as it came over the wire."""
    return Response(_letter(name).message.as_bytes(), mimetype="text/plain")


@blueprint.get("/<name>/invitation.ics")
@public
def calendar(name: str) -> ResponseReturnValue:
    """Give the calendar file of the letter."""
    found = _letter(name).part("text/calendar")
    if found is None:
        abort(404)
    return Response(found, mimetype="text/calendar")


def _zones(letters: Sequence[Letter]) -> dict[str, str]:
    """Return the zone that each receiver lives by; UTC of one whom nobody knows (any more)."""
    receivers = {letter.receiver for letter in letters}
    known = people.zones(session(), {each.lower() for each in receivers})
    return {each: known.get(each.lower(), "UTC") for each in receivers}


def _letter(name: str) -> Letter:
    letter = _mailbox().letter(name)
    if letter is None:
        abort(404, "There is no such letter: the demo may have been begun anew.")
    return letter
