"""Frozen dataclasses to JSON values and back: a snapshot made years ago still draws, whatever was
added since.

Unknown keys are skipped, missing ones take the field's default.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def thaw(value: Any) -> Any:
    """The JSON value of a context: dataclasses become objects, times ISO texts, tuples lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: thaw(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [thaw(one) for one in value]
    return value


def freeze(cls: type[T], data: Mapping[str, Any]) -> T:
    """A context from its JSON value. Errors: TypeError when a field without default is missing."""
    hints = get_type_hints(cls)
    return cls(**{name: _value(hint, data[name]) for name, hint in hints.items() if name in data})


def _value(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        inner = next(one for one in get_args(hint) if one is not type(None))
        return None if value is None else _value(inner, value)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], one) for one in value)
    if is_dataclass(hint) and isinstance(hint, type):
        return freeze(hint, value)
    if hint is datetime and isinstance(value, str):
        return datetime.fromisoformat(value)
    if hint is date and isinstance(value, str):
        return date.fromisoformat(value)
    return value
