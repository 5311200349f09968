"""The pods of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.capabilities import CNAME, ServiceRecord
from ...golang.addresses import parse_ip
from ._ask import Found, Missing
from ._names import Request, host_type

if TYPE_CHECKING:
    from ._view import View


def find_pods(view: View, r: Request, zone: str) -> Found:
    """The pods of a name such as 10-0-0-7.default.pod."""
    rules, mode = view.rules, view.settings.pods
    if mode == "disabled":
        return Missing("`pods` is disabled, so no pod has a name")
    namespace, name = r.namespace, r.service
    if not name:
        return view.empty(namespace)
    ip = name.replace("-", "." if name.count("-") == 3 and "--" not in name else ":")
    record = ServiceRecord("", 0, f"{name}.{namespace}.pod.{zone if zone != '.' else ''}", CNAME, view.settings.ttl)
    if mode == "insecure":
        if rules.pod_must_be_an_address:
            if not view.wildcard(namespace) and not view.exists(namespace):
                return Missing(view.hidden(namespace))
            if parse_ip(ip) is None:
                return Missing(("{} is not an address with dashes", name))
        type, address = host_type(ip)
        return [record._replace(host=address, type=type)]
    pods = []
    for pod in view.index.pods.get(ip, ()):
        if view.wildcard(namespace) and not view.exposed(pod.namespace):
            continue
        if pod.deleting and rules.deleted_pods_have_no_name:
            continue
        if view.matches(namespace, pod.namespace):
            type, address = host_type(ip)
            pods.append(record._replace(host=address, type=type))
    if pods or (view.wildcard(name) and not view.wildcard(namespace) and view.exists(namespace)):
        return pods
    return Missing(("namespace {} has no pod with the address {}", namespace, ip))


__all__ = ["find_pods"]
