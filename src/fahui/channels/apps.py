"""The channels: portal, desk, cockpit, API."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Views, templates and browser files. Holds no tables."""

    name = "fahui.channels"
    label = "channels"
