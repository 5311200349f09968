"""The pods of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugin import Reason, dns, parse_ip
from .._services import Found, Missing, ServiceRecord, host_type
from ._names import Request

if TYPE_CHECKING:
    from ._view import View

DISABLED = Reason("pods-disabled", "`pods` is disabled, so no pod has a name")
NOT_AN_ADDRESS = Reason(
    "not-a-pod-name", "{} is not an address with dashes, and a pod is named by its address, such as 10-0-0-7"
)
NO_PODS = Reason("no-pods-given", "the cluster that was given has no Pods")
NO_POD = Reason("no-such-pod", "namespace {} has no pod with the address {}")


def find_pods(view: View, r: Request, zone: str) -> Found:
    """The pods of a name such as 10-0-0-7.default.pod."""
    rules, mode = view.rules, view.config.pods
    if mode == "disabled":
        return Missing(DISABLED())
    namespace, name = r.namespace, r.service
    if not name:
        return view.empty(namespace)
    ip = name.replace("-", "." if name.count("-") == 3 and "--" not in name else ":")
    type, address = host_type(ip)
    record = ServiceRecord(address, 0, f"{name}.{namespace}.pod.{zone if zone != '.' else ''}", type, view.ttl)
    if mode == "insecure":
        if rules.pod_must_be_an_address:
            if not view.wildcard(namespace) and not view.exists(namespace):
                return Missing(view.hidden(namespace))
            if parse_ip(ip) is None:
                return Missing((NOT_AN_ADDRESS, name))
        return [record]
    pods = []
    for pod in view.index.pods.get(ip, ()):
        if view.wildcard(namespace) and not view.exposed(pod.namespace):
            continue
        if pod.deleting and rules.deleted_pods_have_no_name:
            continue
        if view.matches(namespace, pod.namespace):
            pods.append(record)
    if pods or (view.wildcard(name) and not view.wildcard(namespace) and view.exists(namespace)):
        return pods
    if type == dns.CNAME:
        return Missing((NOT_AN_ADDRESS, name))
    return Missing((NO_POD, namespace, ip) if view.index.has_pods else NO_PODS())


__all__ = ["NO_PODS", "find_pods"]
