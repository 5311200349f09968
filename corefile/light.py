"""Named tuples and regular expressions that cost little until they are used, and files beside modules.

Half of what a program of this size takes to start is the making of classes and patterns, of which the Corefile at hand
needs few.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from typing import AnyStr
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter  # in C, or as Python where there is no such

    WRONG_FIELD = TypeError if sys.version_info >= (3, 13) else ValueError  # as `collections.namedtuple` has it

    class _Named(tuple):
        """The methods of all named tuples, as `collections.namedtuple` has them."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **values):
            made = self._make(map(values.pop, self._fields, self))
            if values:
                raise WRONG_FIELD(f"Got unexpected field names: {list(values)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = [f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)]
            return f"{self.__class__.__name__}({', '.join(fields)})"

        def __getnewargs__(self):
            return tuple(self)

    class _Meta(type):
        def __new__(cls, name, bases, space):
            fields = tuple(space.get("__annotations__", ()))
            defaults = {field: space.pop(field) for field in fields if field in space}
            getters = {field: _tuplegetter(at, f"Alias for field number {at}") for at, field in enumerate(fields)}
            own = {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
            own["__new__"] = new = _constructor(f"{name}.__new__", fields, tuple(defaults.values()))
            new.__annotations__ = space.get("__annotations__", {})
            return type(name, (_Named,), own | getters | space)

    NamedTuple = type.__new__(_Meta, "NamedTuple", (), {})
    """`typing.NamedTuple`, which compiles a constructor and all annotations of each class. Here classes with as many fields
    share a constructor's code."""

    _constructors = {}

    def _constructor(name, fields, defaults):
        """`__new__` of a class with these fields, of which the last ones have defaults."""
        count = len(fields)
        known = _constructors.get(count)
        if known is None:
            names = "".join(f"f{n}, " for n in range(count))
            space = {"new": tuple.__new__, "__builtins__": {}, "__name__": __name__}
            known = _constructors[count] = eval(f"lambda _cls, {names}: new(_cls, ({names}))", space)
        code = known.__code__.replace(co_varnames=("_cls", *fields), co_name="__new__", co_qualname=name)
        return type(known)(code, known.__globals__, "__new__", defaults or None)


class _Regex:
    """A regular expression. The first method that is asked of it compiles it."""

    __slots__ = (
        "_given",
        "findall",
        "finditer",
        "flags",
        "fullmatch",
        "groups",
        "match",
        "pattern",
        "search",
        "split",
        "sub",
    )

    def __init__(self, given: tuple[Any, int]) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        if name not in _Regex.__slots__:
            raise AttributeError(name)
        compiled = re.compile(*self._given)
        for each in _Regex.__slots__[1:]:
            setattr(self, each, getattr(compiled, each))
        return getattr(self, name)


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, put off until it is needed."""
    return cast("re.Pattern[AnyStr]", _Regex((pattern, flags)))


def text_beside(module: str, name: str) -> str:
    """The text of a file that lies beside a module, wherever that was loaded from: a folder, or an archive."""
    spec: Any = sys.modules[module].__spec__
    data: bytes = spec.loader.get_data(os.path.join(os.path.dirname(spec.origin), name))
    return data.decode("utf-8").replace("\r\n", "\n")


__all__ = ["NamedTuple", "regex", "text_beside"]
