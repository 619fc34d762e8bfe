"""A refusal as the lines above a form: each names its question, and leads to it."""

from __future__ import annotations

from fahui.foundation.errors import Refusal


def summary(refusal: Refusal | None, prefix: str = "") -> list[dict[str, str]]:
    """A refusal as lines of the error summary: field by field, or its sentence alone."""
    if refusal is None:
        return []
    if not refusal.fields:
        return [{"name": "", "text": refusal.message}]
    if len(refusal.fields) == 1:
        return [{"name": prefix + next(iter(refusal.fields)), "text": refusal.message}]
    return [{"name": prefix + name, "text": refusal.lines.get(name, text)} for name, text in refusal.fields.items()]
