"""What the Kubernetes objects that DNS looks at are made of, and what is wrong with one that is made otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..light import NamedTuple
from .manifests import Keys, short

Shape = Any
"""`TEXT`, `NAME`, `FLAG`, `LABELS` or `PORT`; `[shape]` for a list; `{key: shape}` for a mapping, whose other keys may
be anything. What is null is left out; a `NAME` must not be."""

TEXT, NAME, FLAG, LABELS, PORT = "text", "name", "flag", "labels", "port"

_META = {"name": NAME, "namespace": TEXT, "labels": LABELS, "deletionTimestamp": TEXT}
_PORTS = [{"name": TEXT, "port": PORT, "protocol": TEXT}]

SHAPES: Mapping[str, Shape] = {
    "Service": {
        "metadata": _META,
        "spec": {
            "type": TEXT,
            "clusterIP": TEXT,
            "clusterIPs": [TEXT],
            "externalName": TEXT,
            "externalIPs": [TEXT],
            "ipFamilies": [TEXT],
            "ports": _PORTS,
        },
        "status": {"loadBalancer": {"ingress": [{"ip": TEXT, "hostname": TEXT}]}},
    },
    "Endpoints": {
        "metadata": _META,
        "subsets": [
            {
                "addresses": [{"ip": NAME, "hostname": TEXT, "nodeName": TEXT, "targetRef": {"name": TEXT}}],
                "ports": _PORTS,
            }
        ],
    },
    "EndpointSlice": {
        "metadata": _META,
        "addressType": TEXT,
        "endpoints": [
            {
                "addresses": [TEXT],
                "conditions": {"ready": FLAG},
                "hostname": TEXT,
                "nodeName": TEXT,
                "zone": TEXT,
                "targetRef": {"name": TEXT},
            }
        ],
        "ports": _PORTS,
    },
    "Pod": {"metadata": _META, "status": {"podIP": TEXT, "phase": TEXT}},
    "Namespace": {"metadata": _META},
    "Node": {"metadata": _META},
    "ServiceImport": {"metadata": _META, "spec": {"type": TEXT, "ips": [TEXT], "ports": _PORTS}},
    "ServiceEntry": {"metadata": _META, "spec": {"hosts": [TEXT], "addresses": [TEXT], "resolution": TEXT}},
}


class Mistake(NamedTuple):
    """What is wrong with the value that `keys` lead to, as the end of a sentence."""

    keys: Keys
    words: str

    def __str__(self) -> str:
        way = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys).removeprefix(".")
        return f"`{way}` {self.words}" if way else self.words


def mistake_in(value: Any, shape: Shape) -> Mistake | None:
    """The first thing that is wrong with a value; None where it has the shape."""
    if value is None:
        return Mistake((), "is missing") if shape is NAME else None
    kind = value.__class__
    if shape.__class__ is dict:
        if kind is not dict and not isinstance(value, Mapping):
            return Mistake((), f"is a mapping, not {short(value)}")
        for key, inner in shape.items():
            part = value.get(key)
            if part.__class__ is str and (inner is TEXT or (inner is NAME and part)):
                continue
            if part is not None or inner is NAME or (key == "metadata" and inner is _META):
                found = mistake_in({} if part is None and inner.__class__ is dict else part, inner)
                if found is not None:
                    return Mistake((key, *found.keys), found.words)
        return None
    if shape.__class__ is list:
        if kind is not list and kind is not tuple:
            return Mistake((), f"is a list, not {short(value)}")
        for i, item in enumerate(value):
            if item.__class__ is str and shape[0] is TEXT:
                continue
            found = mistake_in(item, shape[0]) if item is not None else Mistake((), "is empty")
            if found is not None:
                return Mistake((i, *found.keys), found.words)
        return None
    return _SCALARS[shape](value)


def _text(value: Any) -> Mistake | None:
    if isinstance(value, bool | float):
        return Mistake((), f"is text, not {short(value)}: put it in quotes")
    return None if isinstance(value, str | int) else Mistake((), f"is text, not {short(value)}")


def _name(value: Any) -> Mistake | None:
    return Mistake((), "is empty") if value == "" else _text(value)


def _flag(value: Any) -> Mistake | None:
    return None if isinstance(value, bool) else Mistake((), f"is true or false, not {short(value)}")


def _labels(value: Any) -> Mistake | None:
    if not isinstance(value, Mapping):
        return Mistake((), f"is a mapping, not {short(value)}")
    for key, text in value.items():
        if text.__class__ is not str and text is not None:
            wrong = _text(text)
            if wrong is not None:
                return Mistake((str(key),), wrong.words)
    return None


def _port(value: Any) -> Mistake | None:
    if value.__class__ is str and value.isascii() and value.isdigit() and len(value) < 6:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 65535:
        return None
    return Mistake((), f"is a port, a number from 0 to 65535, not {short(value)}")


_SCALARS = {TEXT: _text, NAME: _name, FLAG: _flag, LABELS: _labels, PORT: _port}


__all__ = ["SHAPES", "Mistake", "mistake_in"]
