"""Columns of people's and places' rows that follow from others."""

from __future__ import annotations

from typing import Any

from django.db import models

from fahui.foundation.derived import Derived
from fahui.foundation.worktime.opening import readable


class OpenAtWeekends(Derived, models.BooleanField):
    """Whether the opening hours name a Saturday or Sunday. Hours that cannot be read name none."""

    def __init__(self, *args: Any, of: str = "opening_hours", **more: Any) -> None:
        given: dict[str, Any] = {"default": False} | more
        super().__init__(*args, of=of, **given)

    def derive(self, value: Any) -> bool:
        """What the hours say."""
        hours = readable(value)
        return bool(hours and (hours.week[5] or hours.week[6]))
