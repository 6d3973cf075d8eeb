"""Figures for Prometheus: asked of the database at each scrape, shown to whoever bears the token."""

import hmac
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tracker import clock
from tracker.queries import operations
from tracker.queries.operations import Figures
from tracker.queries.visibility import NotFound
from tracker.web.doing import public, session

blueprint = Blueprint("metrics", __name__)


class FiguresCollector(Collector):
    """Tells figures in Prometheus' words: all are gauges, since a database can be restored to an earlier day."""

    def __init__(self, figures: Figures, now: datetime) -> None:
        self.figures, self.now = figures, now

    def collect(self) -> Iterator[Metric]:
        """Yield each figure; ages in seconds."""
        figures, promises = self.figures, self.figures.promises
        # A tick that was never finished is older than any limit.
        ages = {name: self._age(beat, never=math.inf) for name, beat in figures.beats.items()}
        yield _by("tracker_tick_age_seconds", "Since the worker last finished this tick.", "tick", ages)
        yield _by("tracker_mails", "E-mails that are not settled.", "state", figures.mails)
        oldest = self._age(figures.oldest_unsent_at)
        yield GaugeMetricFamily("tracker_oldest_unsent_mail_age_seconds", "Of waiting e-mails; 0: none waits.", oldest)
        yield GaugeMetricFamily(
            "tracker_outbox_paused", "1 after a restore, until a person releases.", figures.is_paused
        )
        due = {name: each.count for name, each in figures.due.items()}
        yield _by("tracker_due", "What the worker has to raise now and has not raised.", "item", due)
        waits = {name: self._age(each.since) for name, each in figures.due.items()}
        yield _by("tracker_oldest_due_age_seconds", "Since the first of these was due; 0: none is.", "item", waits)
        yield _by("tracker_deadlines_overdue", "Open deadlines whose moment is over.", "kind", figures.overdue)
        told = {"kept": promises.kept, "broken": promises.broken, "open": promises.open}
        yield _by("tracker_promises", "Outcomes in time; late or overdue; not due yet.", "state", told)

    def _age(self, moment: datetime | None, never: float = 0.0) -> float:
        return never if moment is None else max(0.0, (self.now - moment).total_seconds())


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Show the figures to whoever bears TRACKER_METRICS_TOKEN; where none is set, there is no such page."""
    token: str | None = current_app.config["TRACKER"].metrics_token
    if token is None:
        raise NotFound("no token for metrics is set")
    given = request.authorization
    bearer = (given.token or "") if given is not None and given.type == "bearer" else ""
    if not hmac.compare_digest(bearer.encode(), token.encode()):
        text = "Figures are shown to whoever bears the token that TRACKER_METRICS_TOKEN sets.\n"
        return Response(text, 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    now = clock.now()
    registry = CollectorRegistry()
    registry.register(FiguresCollector(operations.figures(session(), now), now))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _by(name: str, text: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family
