"""``python3 -m tracker demo``: everything in one process on this machine, with an SQLite database of its own."""

import secrets
import shutil
from pathlib import Path

import waitress
from flask import Flask

import config
from tracker import clock, schema
from tracker.app import create_app
from tracker.db import db
from tracker.demo import inbox, past, story
from tracker.demo.mailbox import Mailbox, serve
from tracker.models.person import Person
from tracker.worker import timetable

PROJECT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"


def run(port: int, fresh: bool) -> None:
    """Serve the demo until it is interrupted. ``fresh`` throws its data away first."""
    folder = PROJECT / "var" / "demo"
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mail_server, mail_port = serve(Mailbox(folder / "inbox"))
    app = create_demo(folder, port, mail_port)
    stop = timetable.start(app)
    _greet(app, port)
    try:
        waitress.serve(app, host=HOST, port=port, threads=8, ident="tracker", _quiet=True)
    finally:
        stop()
        mail_server.stop()


def create_demo(folder: Path, port: int, mail_port: int) -> Flask:
    """Return the demo's application on a migrated database, with its story told if it is new."""
    settings = config.load(
        {
            "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'tracker.sqlite'}",
            "TRACKER_DATA_DIR": str(folder),
            "TRACKER_MAIL_URL": f"smtp://{HOST}:{mail_port}",
            "TRACKER_MAIL_FROM": "Hiring at Northwind Security <hiring@northwind.example>",
            "TRACKER_SECRET_KEY": _secret_key(folder),
            "TRACKER_BASE_URL": f"http://{HOST}:{port}",
            "TRACKER_TRUSTED_HOSTS": "localhost",
            "TRACKER_INBOX": "1",
        }
    )
    schema.upgrade(settings.database_url)
    app = create_app(settings)
    app.register_blueprint(inbox.blueprint)
    with app.app_context():
        if db.session.query(Person).first() is None:
            now = clock.now()
            story.tell(db.session(), now, folder / "documents")
            past.deliver(db.session(), HOST, mail_port, now)
            db.session.commit()
    return app


def _secret_key(folder: Path) -> str:
    """Sign-ins outlive a restart: the key is made once and kept beside the data."""
    path = folder / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def _greet(app: Flask, port: int) -> None:
    with app.app_context():
        people = story.cast_of(db.session())
    lines = [f"  {person.role:<18} {person.email}" for person in people]
    print(
        f"\nThe demo is at http://{HOST}:{port}/\n"
        f"  careers page       http://{HOST}:{port}/careers\n"
        f"  every e-mail       http://{HOST}:{port}/inbox\n\n"
        f"Sign in as (the password of all is “{story.PASSWORD}”)\n" + "\n".join(lines) + "\n\nCtrl+C stops it.\n",
        flush=True,
    )
