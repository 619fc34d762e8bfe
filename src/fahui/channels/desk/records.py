"""What the pages of registers and of activities share: forms, files in and out, and histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.web import questions
from fahui.casework.registers.actions import Imported
from fahui.casework.registers.models import Correction
from fahui.casework.registers.tables import Given, SheetColumn, Steps
from fahui.channels.desk import forms, record_files, words
from fahui.channels.desk import queries as desk
from fahui.channels.desk.files import attachment
from fahui.channels.pages import reader_of
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.models import Event
from fahui.foundation.people.references import labels_of

MOST = 50_000


class Rows(Protocol):
    """A page of a list: its rows, and the cursor of the next page ("" at the end)."""

    @property
    def rows(self) -> Sequence[Any]:
        """What the page holds."""

    @property
    def following(self) -> str:
        """Where the next page begins."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list, narrowed as somebody asked, as what makes a file of it needs it."""

    about: str  # "activities", "worklist" or a register's id
    base: str  # its address, without the slash at the end
    here: str  # the entry of the left column
    name: str
    narrowed: str  # the filter as a query string, in one spelling
    page: Callable[[str, int], Rows]
    cells: Callable[[Sequence[Any]], list[list[Any]]]
    headings: Callable[[], list[str]]
    most: int = MOST  # rows of one file
    note: str = ""

    @property
    def address(self) -> str:
        """Where the list is."""
        return self.base


@dataclass(frozen=True, kw_only=True)
class Book(Listing):
    """A register, or the activities: a list that comes back from a table as well."""

    columns: Callable[[], list[SheetColumn]]
    check: Callable[[Path, Steps], Given]  # reads a table and writes nothing
    write: Callable[[Given, str], Imported]

    @property
    def address(self) -> str:
        """Where the list is."""
        return f"{self.base}/"


def file_name(about: str, kind: str) -> str:
    """What the file of a list is called."""
    return f"fahui-{about}-{clock.today()}.{kind}"


# --- forms


def fields(
    model: type[FormModel], answers: Mapping[str, Any], errors: Mapping[str, str], language: str, offers: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:  # fmt: skip
    """The questions as fields. One of a few that may stay open is a list, in which nothing can be chosen again. `offers`: field → the
    address that is asked what may be meant."""
    found = []
    for question in questions(model, answers, errors, language=language):
        one = question.as_field()
        if one["kind"] == "radio" and not one["required"]:
            one["kind"] = "select"
        found.append({**one, "offers": (offers or {}).get(question.key, "")})
    return found


def reason_field(value: str, error: str) -> dict[str, Any]:
    """Why a record is corrected."""
    return {"name": "reason", "label": _("更正的理由"), "required": True, "maxlength": 200, "value": value, "error": error,
            "hint": _("例如：原表看错一行。会留在历史里。")}  # fmt: skip


def reach_options(reader: Reader, covers: Callable[[int], bool]) -> list[dict[str, str]]:
    """The counties and townships the reader may narrow a list to."""
    return [option for option in forms.region_options() if covers(int(option["value"]))]


# --- what was done with a record


def abouts(changed: Mapping[int, list[tuple[str, Any, Any]]], names: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """(column, key) → what it names, for the keys a history holds. `names`: column → institution, practitioner, site or region."""
    found: dict[tuple[str, int], str] = {}
    for column, what in names.items():
        keys = {value for lines in changed.values() for name, *pair in lines if name == column for value in pair if isinstance(value, int)}
        found |= {(column, key): label for key, label in labels_of(what, keys).items()}
    return found


def timeline(
    reader: Reader, events: Sequence[Event], changed: Mapping[int, list[tuple[str, Any, Any]]], kept: Sequence[Correction],
    label: Callable[[str], str], said: Callable[[str, Any], str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Events of a record, newest first, each correction with what it changed; corrections brought in from elsewhere too."""
    people = desk.names([*(event.actor_id for event in events), *(one.by for one in kept)])
    told = []
    for event in events:
        revision = event.data.get("revision", 0)
        told.append((event.at, {
            "at": event.at, "who": people.get(event.actor_id or 0, words.role_name(event.actor_role, reader.language)),
            "text": words.event_text(event, None, people, reader.language), "reason": event.data.get("reason", ""),
            "changes": [{"label": label(name), "before": said(name, before), "after": said(name, after)}
                        for name, before, after in changed.get(revision, [])] if event.kind.endswith(".corrected") else [],
        }))  # fmt: skip
    known = {event.data.get("revision") for event in events if event.kind.endswith(".corrected")}
    for one in kept:
        if one.revision + 1 not in known:
            told.append((one.at, {"at": one.at, "who": people.get(one.by or 0, _("系统")), "text": _("更正"), "reason": one.reason, "changes": [
                {"label": label(name), "before": said(name, before), "after": said(name, after)}
                for name, before, after in changed.get(one.revision + 1, [])]}))  # fmt: skip
    return [line for _at, line in sorted(told, key=lambda pair: pair[0], reverse=True)]


# --- files


def template_file(request: HttpRequest, book: Book) -> HttpResponse:
    """The template to fill in."""
    english = reader_of(request).language.startswith("en")
    data = record_files.template(book.columns(), book.name, english)
    return attachment(data, record_files.XLSX, f"fahui-{book.about}-{_('模板')}.xlsx")
