"""The record of a decision as a PDF: plain paragraphs, so that no text is too long for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate

from tracker.models.debrief import Decision
from tracker.queries.debrief_votes import VoteLine
from tracker.queries.decision_record import Card, Record
from tracker.web.filters import moment

FONT = "NotoSans"
# Stands for a letter that the font lacks.
MISSING = "\N{REPLACEMENT CHARACTER}"
_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=24)
_HEAD = ParagraphStyle("head", fontName=FONT, fontSize=13, leading=18, spaceBefore=14, spaceAfter=4, keepWithNext=1)
_LABEL = ParagraphStyle(
    "label", fontName=FONT, fontSize=8.5, leading=12, spaceBefore=5, textColor="#555555", keepWithNext=1
)
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=10, leading=14, splitLongWords=1)


@dataclass(frozen=True)
class Print:
    """Who prints it, when, for whom; moments are shown in the zone of who prints."""

    organisation: str
    by: str
    zone: str
    now: datetime


def as_pdf(record: Record, said: Print) -> bytes:
    """Return the record as the bytes of a PDF file."""
    title = f"Decision record: {record.application.candidate.name}"
    foot = f"{title} · printed {moment(said.now, said.zone)} by {said.by} · confidential"
    made = BytesIO()
    pages = SimpleDocTemplate(
        made,
        pagesize=A4,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 20 * mm),
        title=title,
        author=said.organisation,
        lang="en",
    )

    def number(canvas: Canvas, _pages: SimpleDocTemplate) -> None:
        canvas.setFont(_font(), 8)
        canvas.drawString(20 * mm, 12 * mm, _shown(foot)[:110])
        canvas.drawRightString(A4[0] - 20 * mm, 12 * mm, str(canvas.getPageNumber()))

    story = list(_lines(record, said, title))
    if any(MISSING in each.getPlainText() for each in story if isinstance(each, Paragraph)):
        story.append(
            _paragraph(
                f"{MISSING} stands for a letter that this file's font lacks; the tracker's page shows it.", _LABEL
            )
        )
    pages.build(story, onFirstPage=number, onLaterPages=number)
    return made.getvalue()


@cache
def _font() -> str:
    """Register the font, once in a process, and return its name."""
    face = files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"
    pdfmetrics.registerFont(TTFont(FONT, str(face)))
    return FONT


def _shown(text: str) -> str:
    letters = pdfmetrics.getFont(_font()).face.charToGlyph
    return "".join(each if ord(each) in letters or each in "\n\t" else MISSING for each in text)


def _paragraph(text: str, style: ParagraphStyle = _TEXT) -> Paragraph:
    return Paragraph(escape(_shown(text)).replace("\n", "<br/>"), style)


def _fact(label: str, text: str) -> Iterator[Flowable]:
    yield _paragraph(label, _LABEL)
    yield _paragraph(text or "None")


def _lines(record: Record, said: Print, title: str) -> Iterator[Flowable]:
    application, debrief = record.application, record.debrief
    yield _paragraph(title, _TITLE)
    yield _paragraph(f"{application.requisition.title} · {said.organisation}")
    for number, decision in zip(range(len(record.decisions), 0, -1), record.decisions, strict=True):
        yield from _decision(decision, number, said, is_latest=decision is record.decisions[0])
    yield _paragraph("By competency", _HEAD)
    for name, ratings, text in record.by_competency:
        rated = ", ".join(f"{author} {rating} of 4" for author, rating in ratings) or "nobody rated it"
        yield from _fact(name, f"Rated: {rated}" + (f"\n{text}" if text else ""))
    if record.votes:
        yield _paragraph("Votes before the debrief and after reading", _HEAD)
        for vote in record.votes:
            yield from _fact(f"{vote.name}{', bar raiser' if vote.is_bar_raiser else ''}", _vote(vote))
    if debrief is not None and debrief.notes:
        yield _paragraph("Discussion", _HEAD)
        yield _paragraph(debrief.notes)
    yield _paragraph("Scorecards, and the version that the decision rested on", _HEAD)
    for card in record.cards:
        yield from _fact(f"{card.author}, {card.interview}", _card(card, said))
    for waiver in record.waivers:
        yield from _fact(f"{waiver.author}, {waiver.interview}", f"Waived by {waiver.by}: {waiver.reason}")
    for lift in record.overrides:
        label = f"Blind rule lifted for {lift.person} by {lift.by}, {moment(lift.at, said.zone)}"
        yield from _fact(label, lift.reason)
    yield HRFlowable(width="100%", spaceBefore=14, color="#bbbbbb")


def _decision(decision: Decision, number: int, said: Print, *, is_latest: bool) -> Iterator[Flowable]:
    fallen = ", superseded" if decision.superseded_at else ""
    yield _paragraph(f"{decision.kind.label} (version {number}{fallen})", _HEAD)
    yield from _fact("Owner", decision.owner.name)
    yield from _fact("Decided", moment(decision.decided_at, said.zone))
    yield from _fact("Level", decision.level)
    yield from _fact("Rationale", decision.rationale)
    yield from _fact("Dissent", decision.dissent)
    if decision.superseded_at:
        since = f"No, since {moment(decision.superseded_at, said.zone)}"
        yield from _fact("Stands", f"{since}: {decision.superseded_reason}" if decision.superseded_reason else since)
    if not is_latest and decision.by_competency:
        yield _paragraph("Its rationale by competency", _LABEL)
        for name, text in decision.by_competency.items():
            yield from _fact(name, text)


def _vote(vote: VoteLine) -> str:
    if vote.late:
        return f"{vote.late.label}; late: came in after the debrief"
    first = vote.first.label if vote.first else "waived"
    second = vote.second.label if vote.second else "did not vote"
    more = [vote.reason, f"Bar raiser's word: {vote.word}" if vote.word else ""]
    return "\n".join([f"{first}; after reading: {second}", *(each for each in more if each)])


def _card(card: Card, said: Print) -> str:
    if not card.number or card.at is None:
        return "Came in after the decision"
    recommended = card.recommendation.label if card.recommendation else "nothing"
    later = "; amended after the decision" if card.later else ""
    return f"Recommended: {recommended}. Version {card.number}, {moment(card.at, said.zone)}{later}"
