"""What a template is given: the data and the function that CoreDNS has for it (plugin/template, templateData)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ...dns.message import Msg
from ...golang.errors import GoError
from ...golang.numbers import parse_uint
from ...gotemplate import Unmodelled, values
from ...gotemplate.values import INT, STRING, UINT64, CallError, Func, Slice, Struct, Type, Value
from . import _message
from ._types import Match

NAME = "template.templateData"
_FUNC = Type("metadata.Func", "func")


def _meta(receiver: Value, name: Value) -> Value:
    """`.Meta "NAME"`"""
    known: Mapping[str, Callable[[], str]] | None = receiver.held.values["metadata"]
    read = (known or {}).get(name.held.decode("utf-8", "surrogateescape"))
    return values.string("" if read is None else read())


def _parse_int(text: Value, base: Value, bits: Value) -> Value:
    """strconv.ParseUint, which is what `parseInt` is."""
    digits = text.held.decode("utf-8", "surrogateescape")
    try:
        return Value(UINT64, parse_uint(digits, bits.held, base=base.held))
    except GoError as error:
        raise CallError(error.text) from None


FUNCTIONS = {"parseInt": Func((STRING, INT, INT), _parse_int)}


@cache
def data_type(*, metadata: bool, remote: bool) -> Type:
    """The type of a release. With `metadata`, templates are given a pointer, which has a method."""
    fields = {
        "Zone": STRING,
        "Name": STRING,
        "Regex": STRING,
        "Match": values.STRINGS,
        "Group": values.STRING_MAP,
        "Class": STRING,
        "Type": STRING,
        "Message": values.pointer_to(_message.MESSAGE),
        "Question": values.pointer_to(_message.QUESTION),
    }
    if remote:
        fields["Remote"] = STRING
    if metadata:
        fields["md"] = Type("map[string]metadata.Func", "map", key=STRING, elem=_FUNC)
    made = Type(NAME, "struct", fields=fields)
    if metadata:
        values.pointer_to(made).methods["Meta"] = Func((STRING,), _meta)
    return made


class _Values(dict[str, Any]):
    """The values of the data's fields, worked out where they are read."""

    def __init__(self, match: Match, msg: Msg, metadata: Mapping[str, Callable[[], str]] | None) -> None:
        super().__init__(metadata=metadata)
        self.match = match
        self.msg = msg

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._work_out(name)
        return value

    def _work_out(self, name: str) -> Any:
        match = self.match
        if name == "Match":
            return Slice(list(map(_octets, match.groups)))
        if name == "Group":
            numbered = {str(i): text for i, text in enumerate(match.groups)}
            named = {known: text for known, text in zip(match.names, match.groups, strict=True) if known}
            return {_octets(key): _octets(text) for key, text in {**numbered, **named}.items()}
        if name == "Message":
            return _message.message(self.msg)
        if name == "Question":
            return _message.question(self.msg)
        if name == "md":
            if self["metadata"]:
                raise Unmodelled("the addresses of metadata")
            return {} if self["metadata"] is not None else None
        return _octets(getattr(match, "cls" if name == "Class" else name.lower()))


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def data(type: Type, match: Match, msg: Msg, metadata: Mapping[str, Callable[[], str]] | None) -> Value:
    """The dot of a template."""
    struct = Struct(type, {})
    struct.values = _Values(match, msg, metadata)
    # What has methods is given as a pointer.
    return Value(type, struct) if type.pointer is None else Value(type.pointer, struct)


__all__ = ["FUNCTIONS", "data", "data_type"]
