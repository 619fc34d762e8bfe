"""The WSGI application the web server runs."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fahui.config.settings")
application = get_wsgi_application()
# Load every page's module now: the first visitor should not wait for it, and a broken one should stop the start.
_ = get_resolver().url_patterns
