"""The floor of a page: the same HTML, rendered by a bare Flask view from what the page's own query had brought."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, render_template, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template


@contextmanager
def captured(app: Flask) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Note the template of every page that is rendered inside, with all it was given."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def note(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
        seen.append((template.name or "", dict(context)))

    with template_rendered.connected_to(note, app):
        yield seen


def bare(like: Flask, pages: dict[str, tuple[str, dict[str, Any]]]) -> FlaskClient:
    """Return a browser on an application that has these pages and nothing else: no database, no sign-in, no guard.

    It shares the templates, their filters and the addresses of the real one, so that the HTML is the same.
    """
    app = Flask("floor", template_folder=like.template_folder, static_folder=like.static_folder)
    app.config.update(SECRET_KEY=like.config["SECRET_KEY"], WTF_CSRF_ENABLED=False)
    app.url_map.converters.update(like.url_map.converters)
    app.jinja_env.filters.update(like.jinja_env.filters)
    app.jinja_env.globals = like.jinja_env.globals | app.jinja_env.globals
    for rule in like.url_map.iter_rules():
        app.url_map.add(rule.empty())
    for name, (template, context) in pages.items():
        app.add_url_rule(f"/floor/{name}", f"floor.{name}", _view(template, context))
    return app.test_client()


def _view(template: str, context: dict[str, Any]) -> Callable[[], str]:
    kept = {key: value for key, value in context.items() if key not in {"g", "request", "session", "config"}}
    return lambda: render_template(template, **kept)
