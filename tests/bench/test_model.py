"""The chase agrees with somebody who works it out by brute force, in a few short lives; and the two can differ."""

from pathlib import Path

import pytest

from bench.model import oracle, story, year
from bench.model.__main__ import migrated, on_copy
from tracker.db import db


@pytest.mark.parametrize("seed", [3, 14])
def test_the_worker_raises_what_the_oracle_says(tmp_path: Path, seed: int) -> None:
    with migrated(tmp_path) as template:
        app = on_copy(template, tmp_path, seed)
    assert story.live(app, seed, 40, most=7)
    with app.app_context():
        db.engine.dispose()


def test_an_oracle_that_is_wrong_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "OTHERS_OVERDUE", {"o": 1, "r": 3})
    monkeypatch.setitem(oracle.OVERDUE, "scorecard", {"i": 1, "r": 2, "h": 4})
    monkeypatch.setitem(oracle.OVERDUE, "promise", {"r": 1, "h": 2, "l": 1})
    with migrated(tmp_path) as template:
        app = on_copy(template, tmp_path, 14)
    with pytest.raises(year.Difference):
        story.live(app, 14, 40, most=14)
    with app.app_context():
        db.engine.dispose()
