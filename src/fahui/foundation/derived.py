"""Columns that follow from another column of their row, told anew whenever the row is written, one by one or many at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.db import models


class Derived(models.Field, ABC):
    """Base of such columns; `of` names the column they follow from. Stands before the kind of column: `class X(Derived, CharField)`."""

    def __init__(self, *args: Any, of: str, **more: Any) -> None:
        self.of = of
        given: dict[str, Any] = {"editable": False} | more
        super().__init__(*args, **given)

    @abstractmethod
    def derive(self, value: Any) -> Any:
        """What follows from the other column's value."""

    def deconstruct(self) -> Any:
        """As migrations write it."""
        name, path, args, more = super().deconstruct()
        return name, path, args, more | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What is about to be written."""
        value = self.derive(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


class Deriving(models.Model):
    """Rows with such columns."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **more: Any) -> None:
        """Save; a changed column takes along what follows from it."""
        if named := set(more.get("update_fields") or ()):
            more["update_fields"] = named | {field.name for field in derived(type(self)) if field.of in named}
        super().save(*args, **more)


def derived(model: type[models.Model]) -> list[Derived]:
    """The columns of a model that follow from others."""
    return [field for field in model._meta.concrete_fields if isinstance(field, Derived)]
