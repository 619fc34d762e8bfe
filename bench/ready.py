"""Django on the installation that the environment names. Importing this sets it up, so that what comes after finds its models.

Only for processes of their own (`python -m bench.people`, `python -m bench.profiling`): the others speak HTTP and SQL.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fahui.config.settings")
django.setup()

__all__ = ["connection", "settings", "transaction"]
