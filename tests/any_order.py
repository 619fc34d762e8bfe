"""Rows in any order: what no ORDER BY names is left to the database, and today's order is not tomorrow's.

`FAHUI_ANY_ORDER=1 ./fahui test` gives the rows of every question for many rows that names no order in a random one. What fails then
leans on an order nobody promised. A test of an order asks for the fixture `newest_first`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import MULTI

# Of these the order is named, does not matter, or cannot be given in the same statement.
_PASSED_OVER = (" ORDER BY ", " GROUP BY ", "DISTINCT", " LIMIT ", " UNION ", " FOR UPDATE", "COUNT(", "SUM(")


def install(order: str = "random()") -> Callable[[], None]:
    """From now on, in this process, until what is returned is called."""
    execute, write = SQLCompiler.execute_sql, SQLCompiler.as_sql

    def execute_sql(self: SQLCompiler, result_type: str = MULTI, *args: Any, **more: Any) -> Any:
        self.wants_rows = result_type == MULTI
        return execute(self, result_type, *args, **more)

    def as_sql(self: SQLCompiler, *args: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = write(self, *args, **more)
        plain = type(self).__name__ == "SQLCompiler" and not self.query.subquery and getattr(self, "wants_rows", False)
        if plain and sql.startswith("SELECT") and not any(word in sql for word in _PASSED_OVER):
            sql += f" ORDER BY {order}"
        return sql, params

    def undo() -> None:
        SQLCompiler.execute_sql, SQLCompiler.as_sql = execute, write

    SQLCompiler.execute_sql, SQLCompiler.as_sql = execute_sql, as_sql
    return undo
