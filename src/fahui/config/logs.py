"""Structured logs: one JSON object a line, with no personal data.

Only the fields listed here are written; a message may carry values only through `extra={"fields": {...}}` of plain
codes and numbers. Exception texts are dropped (they may quote input); their type and place are kept.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime

_DIGITS = re.compile(r"\d{7,}[\dXx]?")


def scrub(text: str) -> str:
    """Mask long runs of digits (phone and identity numbers) that slipped into a text."""
    return _DIGITS.sub("•••", text)


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-6:]
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename.rsplit('/fahui/', 1)[-1]}:{frame.lineno}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)
