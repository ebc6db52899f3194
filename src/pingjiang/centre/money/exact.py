"""Decimals kept as whole numbers of their smallest place. What is summed in SQL stays exact on every database."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

_MOST = 2**63 - 1
_Set = TypeVar("_Set")
_Get = TypeVar("_Get")
if TYPE_CHECKING:
    _Field = models.Field
else:

    class _Field(models.Field):
        """Django's field is generic to the type checker alone."""

        def __class_getitem__(cls, _types: object) -> type:
            return cls


class ExactField(_Field[_Set, _Get]):
    """A decimal of at most `places` places, in a column of 64-bit integers.

    TypeError for a float, ValueError for more places or more digits than there is room for.
    """

    description = "An exact decimal"

    _pyi_private_set_type: Decimal | int
    _pyi_private_get_type: Decimal
    _pyi_lookup_exact_type: Decimal | int

    def __init__(self, *args: Any, places: int = 4, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """With the number of places."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def get_internal_type(self) -> str:
        """The column that it lies in."""
        return "BigIntegerField"

    def get_prep_value(self, value: Any) -> int | None:
        """The whole number for the database."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise TypeError(f"{value!r} is no exact number: write a Decimal")
        scaled = Decimal(value).scaleb(self.places)
        if not scaled.is_finite() or abs(scaled) > _MOST or scaled != int(scaled):
            raise ValueError(f"{value} has more places or digits than there is room for")
        return int(scaled)

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        """The decimal that was written; sums come this way too."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        """A decimal from a text, as forms and fixtures hold it."""
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))
