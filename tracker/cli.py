"""The commands of the person who runs the tracker; each reads the settings, does one thing, and says how it went."""

import argparse
import getpass
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import waitress
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import config
from tracker import backup, clock, demo, doctor, logs, schema
from tracker.app import create_app
from tracker.db import make_engine
from tracker.doctor.machine import network_file_system, sqlite_file
from tracker.pipeline import seed, staffing
from tracker.planner import answering
from tracker.planner.fields import BadCase
from tracker.rules.refused import Refused
from tracker.worker import erasing, replies, tasks, timetable

SETTINGS_WRONG = 2
MEGABYTE = 1024 * 1024


class Stopped(Exception):
    """A command cannot go on; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 not done, 2 a setting, option or case is wrong.

    ``plan`` also has 3: there is no plan, and what it wrote says why.
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except (config.BadSetting, BadCase) as bad:
        print(bad, file=sys.stderr)
        return SETTINGS_WRONG
    except (Stopped, Refused, backup.BackupRefused, schema.SchemaRefused) as stopped:
        print(stopped, file=sys.stderr)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        print(f"The database cannot be used: {cause}\npython3 -m tracker doctor tells more.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m tracker")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    demonstration = add(
        "demo", _demo, "Serve a demo organisation, with an inbox for all e-mails that the tracker sends."
    )
    demonstration.add_argument("--port", type=_port, default=8000, help="where to serve it on this machine (8000)")
    demonstration.add_argument("--fresh", action="store_true", help="throw the demo's data away and begin anew")
    add("doctor", _doctor, "Check settings, database, mail server and machine.")
    add("migrate", _migrate, "Bring the database to the newest schema; the first time, make it.")
    admin = add("create-admin", _create_admin, "Add a person who may set the tracker up.")
    admin.add_argument("--email", required=True)
    admin.add_argument("--name", required=True)
    admin.add_argument("--zone", default="UTC", help="his or her time zone, like Europe/Berlin (UTC)")
    add("serve", _serve, "Serve the pages at TRACKER_HOST and TRACKER_PORT.")
    worker = add("worker", _worker, "Raise nudges and send e-mails.")
    worker.add_argument("--once", action="store_true", help="one round of everything that is due, then stop")
    add("receive", lambda _: replies.from_pipe(lambda: create_app(_ready_settings())), "Take in an answer from a pipe.")
    back_up = add("backup", _backup, "Write a backup of the database and the documents, while the tracker is in use.")
    back_up.add_argument("--to", required=True, metavar="FILE", help="a new file, or a folder for it")
    restore = add("restore", _restore, "Put a backup in the place of the database; the outbox is paused afterwards.")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that backup wrote")
    restore.add_argument("--verify", action="store_true", help="only try it, in a throw-away database, and check all")
    restore.add_argument("--force", action="store_true", help="replace what is in the database")
    add("plan", _plan, "Read loops and calendars as JSON, write the best plan, or what stands in its way.")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")
    return int(text)


def _demo(options: argparse.Namespace) -> int:
    # Before anything is thrown away or made.
    try:
        socket.create_server(("127.0.0.1", options.port)).close()
    except OSError:
        raise Stopped(f"Port {options.port} cannot be served at: choose another one with --port.") from None
    signal.signal(signal.SIGTERM, _leave)
    demo.run(options.port, options.fresh)
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    sick = False
    for finding in doctor.examine(os.environ):
        print(finding, flush=True)
        sick = sick or not finding.ok
    return 1 if sick else 0


def _migrate(_options: argparse.Namespace) -> int:
    settings = _settings()
    schema.upgrade(settings.database_url)
    with _session(settings) as session:
        new = seed.seed(session, now=clock.now())
        session.commit()
    print("The database has the newest schema.")
    if new:
        print(
            "It was empty, and has the standard plan now. Next: python3 -m tracker create-admin --email ... --name ..."
        )
    return 0


def _create_admin(options: argparse.Namespace) -> int:
    settings = _ready_settings()
    name, email = options.name.strip(), _address(options.email)
    if not name:
        raise Stopped("The name is empty: give --name.")
    password = _new_password()
    with _session(settings) as session:
        staffing.add_person(
            session,
            name=name,
            email=email,
            password=password,
            zone=options.zone,
            roles={"admin"},
            by=None,
            now=clock.now(),
        )
        session.commit()
    print(f"{name} can sign in at {settings.base_url} as {email}. The first page then says what to set up.")
    return 0


@contextmanager
def _session(settings: config.Settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError as error:
        raise Stopped(f"{text!r} is not an e-mail address: {str(error).rstrip('.')}.") from None


def _new_password() -> str:
    given = config.admin_password(os.environ)
    if given:
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise Stopped("The two passwords differ. Nothing was done; give the same command again.")
    return password


def _serve(_options: argparse.Namespace) -> int:
    settings = _ready_settings()
    logs.configure(settings.log)
    app = create_app(settings)
    _warn(settings)
    signal.signal(signal.SIGTERM, _leave)
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=8,
            ident=None,
            # The proxies' words are kept only where the application was told to believe them.
            clear_untrusted_proxy_headers=settings.proxies == 0,
            # Far above the application's own limit, so that a page and not the server says that a file is too large.
            max_request_body_size=settings.max_upload_bytes + 64 * MEGABYTE,
        )
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Stopped(f"{where} cannot be served ({error.strerror}): set TRACKER_HOST and TRACKER_PORT.") from None
    print(f"Serving {settings.base_url} at http://{settings.host}:{settings.port}; Ctrl-C ends it.", flush=True)
    # Ends at SIGTERM and Ctrl-C, after the requests in hand are answered.
    server.run()
    return 0


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _worker(options: argparse.Namespace) -> int:
    settings = _ready_settings()
    logs.configure(settings.log)
    app = create_app(settings)
    if options.once:
        print(f"{tasks.run_once(app) + erasing.run_once(app)} items were due and are dealt with.")
    else:
        _warn(settings)
        timetable.run(app)
    return 0


def _backup(options: argparse.Namespace) -> int:
    settings = _ready_settings()
    path, manifest = backup.make(settings, options.to, now=clock.now())
    print(f"{path} holds {manifest}. To check it: python3 -m tracker restore --verify {path}")
    lost = backup.still_named(settings, manifest.missing) if manifest.missing else []
    if lost:
        raise Stopped(
            f"{len(lost)} documents are not in it: they are not in {settings.documents}, or damaged. "
            f"An older backup may have them: keep it. Their digests: {', '.join(lost)}."
        )
    return 0


def _restore(options: argparse.Namespace) -> int:
    settings = _settings()
    if options.verify:
        manifest = backup.verify(settings, options.file)
        print(f"{options.file} is sound: {manifest} were restored, counted, checked and thrown away.")
    else:
        manifest = backup.restore(settings, options.file, force=options.force, now=clock.now())
        print(
            f"Restored: {manifest}. Start serve and worker again. No e-mail goes out until an admin releases them at "
            f"{settings.base_url}/settings/outbox, because some may have been sent since the backup was made."
        )
    if manifest.missing:
        print(f"{len(manifest.missing)} documents were missing or damaged already when the backup was made.")
    return 0


def _plan(_options: argparse.Namespace) -> int:
    reply = answering.reply_to(sys.stdin.buffer.read())
    print(json.dumps(reply.document, ensure_ascii=False))
    return reply.code


def _settings() -> config.Settings:
    """Return the settings, with the data folder made and fit for the database that they name."""
    settings = config.load(os.environ)
    path = sqlite_file(settings.database_url)
    kind = network_file_system(path) if path else None
    if kind:
        raise Stopped(f"{path} lies on a network file system ({kind}), where SQLite loses data: use a local disk.")
    for folder in {settings.data_dir, path.parent if path else settings.data_dir}:
        try:
            # Resumes and the database: nobody else on this machine has business there.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Stopped(f"{folder} cannot be made ({error.strerror}): set TRACKER_DATA_DIR to another.") from None
    return settings


def _ready_settings() -> config.Settings:
    """Return the settings of a database that has this program's schema; refuse another."""
    settings = _settings()
    engine = make_engine(settings.database_url)
    try:
        schema.check_head(engine)
    finally:
        engine.dispose()
    return settings


def _warn(settings: config.Settings) -> None:
    for finding in doctor.examine_settings(settings):
        if not finding.ok:
            logging.getLogger("tracker").warning("%s: %s", finding.about, finding.text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
