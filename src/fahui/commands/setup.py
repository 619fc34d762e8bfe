"""Setting Django up for commands that read files only, or join a running installation."""

from __future__ import annotations

import os

import django


def ready() -> None:
    """Load settings and apps on the installation's database."""
    django.setup()


def ready_without_database() -> None:
    """Load settings and apps for commands that never ask the database (check, docs)."""
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")
    os.environ.setdefault("FAHUI_SECRET_KEY", "not-used-by-commands-that-serve-nothing")
    django.setup()
