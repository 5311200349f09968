"""The process that asks a real CoreDNS: takes one test file as JSON on standard input, and prints what was answered."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import sys
import time
from typing import Any

from ...chain.network import split_address
from ...chain.services import own_services
from ...findings import CorefileError, Limits
from ...language.files import Reach, below
from ...world.cluster import Cluster
from ...world.files import ASSUMED
from ...world.node_cache import filled
from ..cases import Case
from ..certificates import named_in
from ..format import BadTest, seconds
from . import version_of
from .asking import NotAsked, get, query, samples
from .isolation import NotIsolated, add_address, bound_addresses, isolate
from .kubernetes import ACCOUNT, ApiServer, objects_of
from .process import WRITTEN, CannotRun, Process
from .upstreams import LOOKS_AT_IT, Upstreams

SETTLE = 0.3
"""Seconds that CoreDNS gets to see a change of the cluster."""
PLAIN_WATCHES = "1.7.0"
"""The first release that reads changes of the cluster in JSON, as the API server here sends them."""
FOLDER_FILES, FOLDER_SIZE = 1000, 1_000_000
"""How many files beside a Corefile are copied, and up to which size."""


def run(case: Case, binary: str) -> dict[str, Any]:
    """One run of a test: see `observed`. Raises CannotRun, BadTest, CorefileError."""
    found = _run(case, binary, certificates=True)
    if case.data.get("error") is not None and "error" not in found:  # as in the simulation
        found = _run(case, binary, certificates=False)
    return found


def _run(case: Case, binary: str, *, certificates: bool) -> dict[str, Any]:
    _refuse(case)
    data = case.data
    written = [str(t) for s in case.steps for t in (s.data.get("write") or {}).values()]
    files = _files(case, written, certificates=certificates)
    environment = {"HOSTNAME": str(data.get("hostname") or "oracle"), "PATH": "/"}
    environment |= {str(k): str(v) for k, v in (data.get("env") or {}).items() if v is not None}
    world = case.world()
    source, _ = filled(case.corefile.source, world)
    files["Corefile"] = source.text.encode()
    own = {address for text in (source.text, *written) for address in bound_addresses(text)}
    own.update(map(str, world.addresses))
    own.update(split_address(address)[0] for address in own_services(source, world))
    for address in own:
        add_address(address)
    asked = (world.upstreams, *(step.data.get("upstream") or {} for step in case.steps))
    others = {split_address(str(where))[0] for given in asked for where in given} - own
    clients = [str(step.data.get("from") or data.get("client") or "127.0.0.1") for step in case.steps]
    cluster = world.cluster if isinstance(world.cluster, Cluster) else None
    known = {*own, *(split_address(client)[0] for client in clients)} - others
    own_apis: list[ApiServer] = []
    with contextlib.ExitStack() as running:
        upstreams = Upstreams(binary, known, world.addresses, cluster)
        running.callback(upstreams.stop)
        upstreams.change(dict(world.upstreams))
        if cluster is not None and LOOKS_AT_IT.search(source.text):
            api = ApiServer(objects_of(cluster), tls=True)
            running.callback(api.close)
            environment |= api.environment
            files |= ACCOUNT
            own_apis.append(api)
        server = Process(binary, files, environment, probes=_probes(case))
        running.callback(server.stop)
        if server.error is not None:
            return {"error": server.error}
        seen: list[dict[str, Any]] = []
        began = time.monotonic() - server.lead
        for index in range(len(case.steps)):
            if "metrics" in case.steps[index].data and any("why" in step for step in seen):
                seen.append({"why": "a step before it was not asked, so that it is not counted"})
            elif "query" in case.steps[index].data and split_address(clients[index])[0] in others:
                seen.append({"why": f"its client {clients[index]} is an upstream, too, which is another machine here"})
            else:
                at, step = _step(case, index, server, upstreams, [*own_apis, *upstreams.apis])
                seen.append({"at": at - began, **step})
        return {"steps": seen}


def _probes(case: Case) -> int:
    """How many `loop` there are."""
    server = case.server()
    with contextlib.suppress(CorefileError):  # which CoreDNS itself says
        server.start()
    return sum(site.handler("loop") is not None for site in server.process.instance.sites)


def _refuse(case: Case) -> None:
    """Raise CannotRun where a test needs what there is not here."""
    if case.data.get("stores"):
        names = ", ".join(map(str, case.data["stores"]))
        raise CannotRun(f"it takes what is in `stores` ({names}), and no real store is filled with that here")
    if case.data.get("interfaces"):
        raise CannotRun("it has `interfaces`, and the network that CoreDNS has here is `lo` alone")
    changes = any(key in step.data for step in case.steps for key in ("apply", "delete"))
    if changes and case.release < PLAIN_WATCHES:
        raise CannotRun(f"a step changes the cluster, and CoreDNS {case.release} reads such changes in protobuf alone")


def _step(
    case: Case, index: int, server: Process, upstreams: Upstreams, apis: list[ApiServer]
) -> tuple[float, dict[str, Any]]:
    """When a step happens, and what it gives, as `actual`; or `why` it is not asked."""
    step = case.step(index)
    if step.get("after"):
        time.sleep(seconds(step["after"]))
    at = time.monotonic()
    out: dict[str, Any] = {}
    try:
        if "query" in step:
            out = query(step, str(case.data.get("client") or "127.0.0.1"), case.release)
        elif "get" in step:
            out = dict(zip(("status", "body"), get(str(step["get"])), strict=True))
        elif "metrics" in step:
            out = {"samples": samples(list(step["metrics"]), str(step.get("at") or ":9153"))}
        elif "store" in step:
            raise CannotRun("a step changes `store`, and no real store is filled with that here")
        for path, text in (step.get("write") or {}).items():
            server.write(path, str(text).encode())
        if step.get("upstream"):
            upstreams.change(step["upstream"])
        if step.get("apply") is not None or step.get("delete"):
            if not apis:
                raise CannotRun("a step changes the cluster, and no directive of the Corefile looks at it")
            if step.get("apply") is not None:
                for item in (i for items in Cluster.load(step["apply"]).objects.values() for i in items):
                    for api in apis:
                        api.apply(copy.deepcopy(dict(item)))
            for name in step.get("delete") or ():
                for api in apis:
                    api.delete(name)
            time.sleep(SETTLE)
    except NotAsked as e:
        return at, {"why": str(e)}
    time.sleep(WRITTEN)
    lines = server.log()
    return at, {"actual": {**out, "log": lines} if lines else out}


def _files(case: Case, written: list[str], *, certificates: bool) -> dict[str, bytes]:
    """The files that CoreDNS sees: what every pod has, what lies beside the Corefile, and what the test gives."""
    files = dict(ASSUMED)
    corefile = case.corefile
    if corefile.root and not corefile.mounted:
        files |= files_in(corefile.root, case.reach)
    files |= {path: source.text.encode() for path, source in corefile.files.items()}
    given = {str(k): v for k, v in (case.data.get("files") or {}).items()}
    texts = {name: case.text(str(value), "files", name) for name, value in given.items() if value is not None}
    named = named_in([corefile.source.text, *texts.values(), *written]) if certificates else {}
    for name, text in {**named, **texts}.items():
        files[name] = text.encode()
    for name, value in given.items():
        if value is None:
            files.pop(name, None)
    return files


def files_in(root: str, reach: Reach) -> dict[str, bytes]:
    """The files of a folder that lie within reach, whatever symbolic links say, by their relative paths."""
    out: dict[str, bytes] = {}
    for where, names in below(root):
        for name in names:
            path = os.path.join(where, name)
            if len(out) == FOLDER_FILES:
                return out
            if reach.has(path) and os.path.isfile(path) and os.path.getsize(path) <= FOLDER_SIZE:
                with open(path, "rb") as file:
                    out[os.path.relpath(path, root)] = file.read()
    return out


def main() -> None:
    """Read what to run, and print what came of it."""
    given = json.load(sys.stdin)
    try:
        isolate()
    except (NotIsolated, OSError) as e:
        print(json.dumps({"problem": str(e)}))
        return
    runs = []
    try:
        cases = Case.runs(given["path"], given["within"], Limits(**given["limits"]))
    except BadTest as e:
        cases = []
        runs = [{"why": str(e)}]
    version = version_of(given["binary"])
    for case in cases:
        if "coredns" in case.data and case.release.version != version:
            runs.append({"label": case.variant.label, "why": f"it is for CoreDNS {case.release.version}"})
            continue
        try:
            case.use(version)
            runs.append({"label": case.variant.label, **run(case, given["binary"])})
        except (CannotRun, BadTest) as e:
            runs.append({"label": case.variant.label, "why": str(e)})
        except CorefileError as e:
            runs.append({"label": case.variant.label, "why": e.findings[0].message})
    print(json.dumps({"runs": runs}))


if __name__ == "__main__":
    main()
