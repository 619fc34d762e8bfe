"""Writing very many invented rows: one statement a batch, the rows as JSON that PostgreSQL takes apart itself.

`bulk_create` prepares every value of every row in Python, which for the records of a city takes twice as long as all the rest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from fahui.foundation.sounds import Sound

_BATCH = 5000


def write(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, whose keys are set."""
    if not rows:
        return
    model = type(rows[0])
    plain = [(f.column, f.attname) for f in model._meta.concrete_fields if not _made_at_writing(f)]
    made = [(f.column, f) for f in model._meta.concrete_fields if _made_at_writing(f)]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(f.column) for f in model._meta.concrete_fields)
    statement = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"
    with connection.cursor() as cursor:
        for first in range(0, len(rows), _BATCH):
            told = []
            for row in rows[first : first + _BATCH]:
                held = row.__dict__
                told.append({column: held[name] for column, name in plain} | {column: _value(field, row) for column, field in made})
            cursor.execute(statement, [json.dumps(told, ensure_ascii=False, default=str)])


def _made_at_writing(field: Any) -> bool:
    return isinstance(field, Sound) or bool(getattr(field, "auto_now", False)) or bool(getattr(field, "auto_now_add", False))


def _value(field: Any, row: models.Model) -> Any:
    # A sound that is known already need not be heard again.
    known = getattr(row, field.attname)
    return known if isinstance(field, Sound) and known else field.pre_save(row, True)
