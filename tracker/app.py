"""The composition root: ``create_app`` is a list of steps."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from tracker import models, web
from tracker.db import db, engine_options
from tracker.web.health import AnyHost

PROJECT = Path(__file__).resolve().parent.parent

__all__ = ["create_app", "models"]


def create_app(settings: Settings) -> Flask:
    """Return the application for these settings: pages, database handle, nothing started."""
    app = Flask("tracker", template_folder=str(PROJECT / "templates"))
    _configure(app, settings)
    app.wsgi_app = AnyHost(app.wsgi_app, urlsplit(settings.base_url).netloc)  # type: ignore[method-assign]
    _trust_named_proxies(app, settings)
    db.init_app(app)
    web.register(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        TRACKER=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        # The form's other fields come on top of the largest file.
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
    )


def _trust_named_proxies(app: Flask, settings: Settings) -> None:
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
