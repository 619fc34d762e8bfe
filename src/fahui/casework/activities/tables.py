"""Activities as a table: its columns, and activities as its rows. People stand as licences with minutes, parted by ；."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fahui.casework.activities.forms import ActivityForm, told
from fahui.casework.activities.models import Activity
from fahui.casework.forms.web import Question, questions
from fahui.casework.registers.tables import SheetColumn, sheet_of
from fahui.foundation.people.references import label_of, place_labels


def columns() -> list[SheetColumn]:
    """The columns, in the reader's language."""
    return sheet_of(ActivityForm, {})


def cells_of(activities: Sequence[Activity]) -> list[list[Any]]:
    """Activities as rows of the table, in the reader's language; the regions' names come in two queries."""
    language = get_language() or "zh-hans"
    places = place_labels(activity.region_code for activity in activities)
    asked = {question.key: question for question in questions(ActivityForm, language=language)}
    keys = [column.key for column in columns()]
    return [[_cell(activity, key, asked.get(key), places) for key in keys] for activity in activities]


def _cell(activity: Activity, key: str, question: Question | None, places: dict[int, str]) -> Any:
    if key == "region_code":
        return places.get(activity.region_code, str(activity.region_code))
    if key in ("site", "organiser", "guest"):
        return label_of(getattr(activity, key))
    if key in ("gave", "attended"):
        return "；".join(told(activity.takings.all(), key))
    if key == "state":
        return _(dict(Activity.STATES)[activity.state])
    value = getattr(activity, key)
    if question is not None and question.options:
        return words_of(question, value)
    return value


def words_of(question: Question, value: Any) -> str:
    """One choice or several in words; a code that is no longer among them stays as it is."""
    names = {option.value: option.label for option in question.options}
    return "；".join(names.get(str(code), str(code)) for code in (value if isinstance(value, list) else [value]) if code)
