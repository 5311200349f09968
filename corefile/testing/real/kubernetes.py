"""An API server with the objects of a test: as much of it as the `kubernetes` directive asks for."""

from __future__ import annotations

import copy
import json
import re
import ssl
import tempfile
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from ...world.cluster import Cluster
from ..certificates import CA, CERT, KEY

RESOURCES = {
    "namespaces": ("Namespace", "v1"),
    "services": ("Service", "v1"),
    "endpoints": ("Endpoints", "v1"),
    "pods": ("Pod", "v1"),
    "nodes": ("Node", "v1"),
    "endpointslices": ("EndpointSlice", "discovery.k8s.io/v1"),
    "serviceimports": ("ServiceImport", "multicluster.x-k8s.io/v1alpha1"),
}
WHOLE = ("Namespace", "Node")
"""Kinds that are in no namespace."""

ACCOUNT = {
    f"/var/run/secrets/kubernetes.io/serviceaccount/{name}": octets
    for name, octets in (("ca.crt", CA.encode()), ("token", b"token"), ("namespace", b"kube-system"))
}
"""The files of a service account, which a pod has."""

Object = dict[str, Any]


def objects_of(cluster: Cluster) -> list[Object]:
    """The objects of a cluster, with those that follow from them: namespaces, and Endpoints or EndpointSlices."""
    out: list[Object] = [copy.deepcopy(dict(item)) for items in cluster.objects.values() for item in items]
    for item in out:
        if item["kind"] not in WHOLE:
            item.setdefault("metadata", {}).setdefault("namespace", "default")
        _complete(item)
    if cluster.implies_namespaces:
        out += [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels)}}
            for name, labels in cluster.namespaces.items()
        ]
    sliced = {(o["metadata"]["namespace"], _service(o)) for o in out if o["kind"] == "EndpointSlice"}
    listed = {(o["metadata"]["namespace"], o["metadata"]["name"]) for o in out if o["kind"] == "Endpoints"}
    beside = {(e.namespace, e.service) for e in cluster.endpoints}  # not beside slices that are made by hand
    new: list[Object] = []
    for item in out:
        meta = item["metadata"]
        if item["kind"] == "Endpoints" and (meta["namespace"], meta["name"]) not in sliced:
            new += _slices(item)
        elif item["kind"] == "EndpointSlice" and (meta["namespace"], _service(item)) in beside - listed:
            new.append(_endpoints(item))
    return [*out, *_merged(new)]


def _complete(item: Object) -> None:
    """Put what an API server puts where an object leaves it open, and CoreDNS takes for granted."""
    if item["kind"] == "Service":
        item["spec"] = {"type": "ClusterIP", **(item.get("spec") or {})}
        item["spec"]["ports"] = [{"protocol": "TCP", **port} for port in item["spec"].get("ports") or []]
    elif item["kind"] == "EndpointSlice":
        item["ports"] = [{"name": "", "protocol": "TCP", **port} for port in item.get("ports") or []]
    elif item["kind"] == "Endpoints":
        for subset in item.get("subsets") or []:
            subset["ports"] = [{"protocol": "TCP", **port} for port in subset.get("ports") or []]


def _service(item: Object) -> str:
    return str((item["metadata"].get("labels") or {}).get("kubernetes.io/service-name") or "")


def _slices(item: Object) -> list[Object]:
    """The slices of an Endpoints object, as the cluster's controller mirrors them."""
    meta, out = item["metadata"], []
    for number, subset in enumerate(item.get("subsets") or []):
        ready = {False: subset.get("notReadyAddresses") or [], True: subset.get("addresses") or []}
        families: dict[str, list[Object]] = {}
        for is_ready, addresses in ready.items():
            for address in addresses:
                endpoint: Object = {"addresses": [address["ip"]], "conditions": {"ready": is_ready}}
                endpoint |= {
                    to: address[key]
                    for key, to in (("hostname", "hostname"), ("nodeName", "nodeName"))
                    if key in address
                }
                families.setdefault("IPv6" if ":" in address["ip"] else "IPv4", []).append(endpoint)
        for family, endpoints in families.items():
            labels = {**(meta.get("labels") or {}), "kubernetes.io/service-name": meta["name"]}
            name = f"{meta['name']}-{number}-{family.lower()}"
            out.append(
                {
                    "apiVersion": "discovery.k8s.io/v1",
                    "kind": "EndpointSlice",
                    "metadata": {"name": name, "namespace": meta["namespace"], "labels": labels},
                    "addressType": family,
                    "endpoints": endpoints,
                    "ports": subset.get("ports") or [],
                }
            )
    return out


def _endpoints(item: Object) -> Object:
    """The Endpoints object of a slice."""
    subset: Object = {"addresses": [], "notReadyAddresses": [], "ports": item.get("ports") or []}
    for endpoint in item.get("endpoints") or []:
        ready = (endpoint.get("conditions") or {}).get("ready") is not False
        for ip in endpoint.get("addresses") or []:
            more = {key: endpoint[key] for key in ("hostname", "nodeName") if key in endpoint}
            subset["addresses" if ready else "notReadyAddresses"].append({"ip": ip, **more})
    meta = {"name": _service(item), "namespace": item["metadata"]["namespace"]}
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": meta, "subsets": [subset]}


def _merged(found: list[Object]) -> list[Object]:
    """Endpoints of several slices of a service are one object."""
    out: dict[tuple[str, str, str], Object] = {}
    for item in found:
        key = (item["kind"], item["metadata"]["namespace"], item["metadata"]["name"])
        if key in out and item["kind"] == "Endpoints":
            out[key]["subsets"] += item["subsets"]
        else:
            out[key] = item
    return [item for (_, _, name), item in out.items() if name]


class ApiServer:
    """Serves objects at an address, and sends what changes to who watches, until `close`. tls: whether over TLS, with the
    certificate of tests."""

    def __init__(self, objects: Iterable[Object], *, tls: bool = False, at: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.version = 1
        self.objects: dict[tuple[str, str, str], Object] = {}
        self.events: list[tuple[int, Object | None, Object | None]] = []
        self.changed = threading.Condition()
        self.closed = False
        for item in objects:
            self.apply(item)
        self.server = _Server(at, type("Handler", (_Handler,), {"api": self}))
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
                file.write(CERT + KEY)
                file.flush()
                context.load_cert_chain(file.name)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a pod to it."""
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(self.port)}

    def apply(self, item: Object) -> None:
        """Add an object, or put it in the place of the one of its kind, namespace and name."""
        item = copy.deepcopy(item)
        meta = item.setdefault("metadata", {})
        item.setdefault("apiVersion", next((v for k, v in RESOURCES.values() if k == item["kind"]), "v1"))
        if item["kind"] not in WHOLE:
            meta.setdefault("namespace", "default")
        key = (item["kind"], meta.get("namespace") or "", str(meta["name"]))
        with self.changed:
            self.version += 1
            old = self.objects.get(key)
            meta["resourceVersion"] = str(self.version)
            meta.setdefault("uid", old["metadata"]["uid"] if old else f"00000000-0000-4000-8000-{self.version:012}")
            self.objects[key] = item
            self.events.append((self.version, old, item))
            self.changed.notify_all()

    def delete(self, name: str) -> None:
        """Remove KIND/NAMESPACE/NAME or KIND/NAME."""
        kind, *rest = name.split("/")
        key = (kind, rest[0] if len(rest) == 2 else "", rest[-1])
        with self.changed:
            self.version += 1
            self.events.append((self.version, self.objects.pop(key, None), None))
            self.changed.notify_all()

    def since(self, version: int) -> list[tuple[int, Object | None, Object | None]]:
        """What changed after a version; waits a moment for it."""
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.version > version, 1)
            return [event for event in self.events if event[0] > version]

    def close(self) -> None:
        """Stop serving."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: ClassVar[ApiServer]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        """Lists, watches, single objects, and which resources there are."""
        url = urlsplit(self.path)
        asked = dict(parse_qsl(url.query))
        words = url.path.strip("/").split("/")
        if words[0] == "version":
            self._send({"major": "1", "minor": "34", "gitVersion": "v1.34.0"})
            return
        rest = words[2:] if words[0] == "api" else words[3:]
        group = "/".join(words[1 : len(words) - len(rest)])
        if words[0] not in ("api", "apis") or all(version != group for _, version in RESOURCES.values()):
            self._send(_status("NotFound", 404, "the server could not find the requested resource"), 404)
            return
        if not rest:
            self._send_resources(group)
            return
        namespace = ""
        if len(rest) > 2 and rest[0] == "namespaces":
            namespace, rest = rest[1], rest[2:]
        kind, api_version = RESOURCES.get(rest[0] if rest else "", ("", ""))
        if api_version != group:
            self._send(_status("NotFound", 404), 404)
            return

        def wanted(item: Object | None) -> bool:
            return (
                item is not None
                and item["kind"] == kind
                and namespace in ("", item["metadata"].get("namespace"))
                and has_labels(item["metadata"].get("labels") or {}, asked.get("labelSelector", ""))
                and has_fields(item, asked.get("fieldSelector", ""))
            )

        with self.api.changed:
            items = [item for item in self.api.objects.values() if wanted(item)]
            version = self.api.version
        if len(rest) > 1:
            one = next((item for item in items if item["metadata"]["name"] == rest[1]), None)
            self._send(one or _status("NotFound", 404, f'{rest[0]} "{rest[1]}" not found'), 200 if one else 404)
        elif asked.get("watch") in ("1", "true"):
            self._watch(wanted, items, asked, kind, api_version, version)
        else:
            meta = {"resourceVersion": str(version)}
            self._send({"kind": f"{kind}List", "apiVersion": api_version, "metadata": meta, "items": items})

    def _send_resources(self, group: str) -> None:
        names = [n for n, (_, version) in RESOURCES.items() if version == group]
        resources = [
            {
                "name": n,
                "kind": RESOURCES[n][0],
                "namespaced": RESOURCES[n][0] not in WHOLE,
                "verbs": ["get", "list", "watch"],
            }
            for n in names
        ]
        self._send({"kind": "APIResourceList", "groupVersion": group, "resources": resources})

    def _watch(
        self, wanted: Any, items: list[Object], asked: dict[str, str], kind: str, api_version: str, version: int
    ) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        seen = int(asked.get("resourceVersion") or version)
        if asked.get("sendInitialEvents") == "true":
            seen = version
            for item in items:
                self._event("ADDED", item)
            meta = {"resourceVersion": str(version), "annotations": {"k8s.io/initial-events-end": "true"}}
            self._event("BOOKMARK", {"kind": kind, "apiVersion": api_version, "metadata": meta})
        while not self.api.closed:
            for number, old, new in self.api.since(seen):
                seen = number
                if wanted(new):
                    assert new is not None
                    self._event("MODIFIED" if wanted(old) else "ADDED", new)
                elif wanted(old):  # deleted, or no longer among those that a selector takes
                    assert old is not None
                    self._event("DELETED", {**old, "metadata": {**old["metadata"], "resourceVersion": str(number)}})

    def _event(self, kind: str, item: Object) -> None:
        octets = json.dumps({"type": kind, "object": item}).encode() + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(octets), octets))
        self.wfile.flush()

    def _send(self, value: Any, status: int = 200) -> None:
        octets = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)


def _status(reason: str, code: int, message: str = "") -> Object:
    said = {"message": message} if message else {}
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, **said}


def has_labels(labels: dict[str, str], selector: str) -> bool:
    """Whether labels are those that a selector takes: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`."""
    for part in re.findall(r"(?:[^,(]|\([^)]*\))+", selector):
        found = re.fullmatch(r"\s*(!?)([^\s=!]+)\s*(?:(==?|!=)\s*(\S*)|(in|notin)\s*\(([^)]*)\))?\s*", part)
        if found is None:
            return False
        no, key, sign, value, word, values = found.groups()
        have = labels.get(key)
        if sign or word:
            among = have in ([value] if sign else [v.strip() for v in values.split(",")])
            if among == (sign == "!=" or word == "notin"):
                return False
        elif (have is None) != bool(no):
            return False
    return True


def has_fields(item: Object, selector: str) -> bool:
    """Whether an object's fields are those that a selector takes: `status.phase!=Failed,metadata.name=web`."""
    for part in filter(None, selector.split(",")):
        path, sign, value = re.split(r"(!=|==?)", part, maxsplit=1)
        have: Any = item
        for key in path.split("."):
            have = have.get(key) if isinstance(have, dict) else None
        if (str(have or "") == value) == (sign == "!="):
            return False
    return True


__all__ = ["ACCOUNT", "ApiServer", "has_fields", "has_labels", "objects_of"]
