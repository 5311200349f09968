"""What is registered in a Nomad: its services, as its HTTP API gives them.

It is given as `/v1/service/NAME` prints it, also of several services one after another, or as a mapping from such paths
to their answers. What `/v1/services` prints may stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .etcd import documents


class Nomad:
    """Registrations by namespace and name of a service, in their order."""

    def __init__(self, services: Mapping[tuple[str, str], list[dict[str, Any]]]) -> None:
        self.services = dict(services)

    def __deepcopy__(self, memo: object) -> Nomad:
        return self  # it never changes

    def __repr__(self) -> str:
        return f"<nomad: {len(self.services)} service{'s' * (len(self.services) != 1)}>"


def load(given: str | Mapping[str, Any] | list[Any]) -> Nomad:
    """Read what is given. Raises ValueError.

    >>> load('[{"ServiceName": "redis", "Namespace": "default", "Address": "10.0.0.1", "Port": 6379}]')
    <nomad: 1 service>
    """
    services: dict[tuple[str, str], list[dict[str, Any]]] = {}
    listed: list[tuple[str, str]] = []
    for item in _items(documents(given) if isinstance(given, str) else [given]):
        if "Services" in item:
            listed += [(_namespace(item), _name(service)) for service in _items([item["Services"] or []])]
            continue
        name, port = _name(item), item.get("Port", 0)
        if isinstance(port, bool) or not isinstance(port, int):
            raise ValueError(f"service {name} has the Port {port!r:.40}, which is no number")
        services.setdefault((_namespace(item), name), []).append(dict(item))
    for namespace, name in listed:
        if (namespace, name) not in services:
            raise ValueError(
                f"service {name} of namespace {namespace} is listed, but not registered: add what "
                f"/v1/service/{name}?namespace={namespace} prints"
            )
    return Nomad(services)


def _name(item: Mapping[str, Any]) -> str:
    name = item.get("ServiceName")
    if not isinstance(name, str):
        raise ValueError(f"not a registration, which has a ServiceName, Namespace, Address and Port: {item!r:.60}")
    return name


def _namespace(item: Mapping[str, Any]) -> str:
    found = item.get("Namespace") or "default"
    if not isinstance(found, str):
        raise ValueError(f"a Namespace is {found!r:.40}, where text is needed")
    return found


def _items(values: Any) -> Iterator[Mapping[str, Any]]:
    for value in values:
        if isinstance(value, list):
            yield from _items(value)
        elif isinstance(value, Mapping) and value and all(str(key).startswith("/v1/") for key in value):
            yield from _items(value.values())
        elif isinstance(value, Mapping):
            yield value
        else:
            raise ValueError(f"registrations of services are needed, not {value!r:.40}")


__all__ = ["Nomad", "load"]
