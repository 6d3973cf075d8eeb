"""The schema's version: where the database stands, and the way to the newest one."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from tracker.db import reading

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


class SchemaRefused(Exception):
    """The database cannot be used with this program as it is; the message says what to do."""


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for the database at ``url``; ``migrations/env.py`` reads the URL from it."""
    return Config(toml_file=str(PYPROJECT), attributes={"database_url": url})


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to ``revision``, by default the newest."""
    command.upgrade(alembic_config(url), revision)


@cache
def newest() -> str:
    """Return the revision that this program is written for."""
    scripts = ScriptDirectory.from_config(Config(toml_file=str(PYPROJECT)))
    return str(scripts.get_current_head())


@cache
def revisions() -> frozenset[str]:
    """Return all revisions that this program knows the way from to its own."""
    scripts = ScriptDirectory.from_config(Config(toml_file=str(PYPROJECT)))
    return frozenset(script.revision for script in scripts.walk_revisions())


def standing(connection: Connection) -> str | None:
    """Return the revision that the database stands at, None where it has no tables of the tracker."""
    return MigrationContext.configure(connection).get_current_revision()


def check_head(engine: Engine) -> None:
    """Raise ``SchemaRefused`` unless the database stands at the newest revision that this program knows."""
    scripts = ScriptDirectory.from_config(alembic_config(engine.url.render_as_string(hide_password=False)))
    with reading(), engine.connect() as connection:
        standing = set(MigrationContext.configure(connection).get_current_heads())
    if standing == set(scripts.get_heads()):
        return
    if standing - {script.revision for script in scripts.walk_revisions()}:
        raise SchemaRefused(
            f"The database stands at revision {', '.join(sorted(standing))}, which this program does not know: "
            "it was used with a newer version of the tracker. Install that version, or restore an older backup."
        )
    what = "is behind the program" if standing else "has no tables of the tracker yet"
    raise SchemaRefused(f"The database {what}: run python3 -m tracker migrate, then start again.")
