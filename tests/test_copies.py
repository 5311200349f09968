"""A copy of a server is independent, whatever its plugins keep; one that is reset is as it was when it was made."""

from __future__ import annotations

import ast
import copy
import functools
import pickle
import re
import threading
import types
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import corefile
from corefile import CorefileError, Fault, Record, Server, World, loads
from corefile.chain.query import Reason
from corefile.dns.rr import RR
from corefile.dns.zonefile import parse
from corefile.findings import Finding, Source, Span
from corefile.golang.regexp import Regexp
from corefile.gotemplate.values import Type
from corefile.language.documents import values
from corefile.language.files import read_file
from corefile.plugins import names
from corefile.plugins._dnssec import Key
from corefile.plugins.kubernetes._index import Index
from corefile.releases import Release, find
from corefile.releases.rules import ReleaseRules
from corefile.testing.cases import Case
from corefile.testing.format import check
from corefile.testing.observe import CHANGES, observe
from corefile.world.cluster import Cluster

from .test_conformance import CASES

NEVER_CHANGE = (
    Cluster,
    Enum,
    Index,
    Key,
    RR,
    Reason,
    Regexp,
    Release,
    ReleaseRules,
    Source,
    re.Pattern,
    Type,
    type,
    types.ModuleType,
)
"""What a server and its copies may share."""
PLAIN = (str, bytes, int, float, complex, type(None), type(Ellipsis), types.BuiltinFunctionType)


def parts(thing: Any) -> list[Any]:
    """What an object holds."""
    if isinstance(thing, (*NEVER_CHANGE, *PLAIN)):
        return []
    out: list[Any] = []
    if isinstance(thing, dict):
        out += [*thing.keys(), *thing.values()]
    elif isinstance(thing, (list, tuple, set, frozenset)):
        out += thing
    elif isinstance(thing, types.MethodType):
        out.append(thing.__self__)
    elif isinstance(thing, types.FunctionType):
        out += [cell.cell_contents for cell in thing.__closure__ or ()]
    elif isinstance(thing, functools.partial):
        out += [thing.func, *thing.args, *thing.keywords.values()]
    out += getattr(thing, "__dict__", {}).values()
    for cls in type(thing).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        out += [getattr(thing, slot) for slot in slots if hasattr(thing, slot)] if not isinstance(slots, str) else []
    return out


def reach(root: Any) -> dict[int, Any]:
    """All that hangs on an object."""
    found: dict[int, Any] = {}
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) not in found:
            found[id(thing)] = thing
            waiting += parts(thing)
    return found


def may_be_shared(thing: Any) -> bool:
    if isinstance(thing, (tuple, frozenset)):
        return all(map(may_be_shared, thing))
    if isinstance(thing, types.FunctionType):
        return all(may_be_shared(cell.cell_contents) for cell in thing.__closure__ or ())
    return isinstance(thing, (*NEVER_CHANGE, *PLAIN))


def shared(one: Any, two: Any) -> list[str]:
    """What two objects share and should not."""
    other = reach(two)
    return sorted({repr(thing)[:200] for key, thing in reach(one).items() if key in other and not may_be_shared(thing)})


MOST_STEPS = 25


@functools.cache
def case_of(directive: str, *, changes: bool = True) -> Case:
    """The recorded case of a directive in which most happens, of those that are not too long. changes: whether the world
    may change in it."""
    found: list[tuple[int, Path]] = []
    for path in CASES:
        text = path.read_text(encoding="utf-8")
        size = text.count("query:") + 5 * text.count("after:")
        few = text.count("query:") <= MOST_STEPS and "\nerror:" not in text and "write:" not in text
        if few and re.search(rf"^\s+{directive}\b", text, re.M):
            found.append((size, path))
    for _, path in sorted(found, reverse=True):
        case = Case.read(str(path))
        steps = case.data.get("steps") or []
        if changes or not any(key in step for step in steps for key in CHANGES):
            return case
    pytest.skip(f"there is no recorded case of `{directive}`")


def started(case: Case) -> Server:
    server = case.server()
    server.start()
    return server


@pytest.mark.parametrize("directive", names())
def test_recorded_cases_hold_for_copies(directive: str) -> None:
    """Before each step the server is copied; the original is asked, and time passes for it, so that any state that both
    had would show."""
    case = case_of(directive)
    plain, server = started(case), started(case)
    for step in map(case.step, range(len(case.data["steps"]))):
        original, server = server, server.copy()
        original.advance(1000)
        if "query" in step:
            observe(original, step)
        assert observe(server, step)[0] == observe(plain, step)[0]
    assert not shared(original, server)


@pytest.mark.parametrize("directive", names())
def test_recorded_cases_hold_after_a_reset(directive: str) -> None:
    """But for those in which the world changes, which stays as it is."""
    case = case_of(directive, changes=False)
    server = started(case)
    steps = [case.step(number) for number in range(len(case.data["steps"]))]
    first = [observe(server, step)[0] for step in steps]
    server.reset()
    assert [observe(server, step)[0] for step in steps] == first


KEEPS = {"call_at", "call_in", "every", "at", "listen_http", "append", "log", "put"}
"""Methods that keep what they are handed."""


def kept_closures(tree: ast.AST) -> list[int]:
    """The lines at which a function of a function's own is handed to something that keeps it: a copy of what keeps it
    would go on with the original's state."""
    lines = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            own = {n.name for n in ast.walk(function) if isinstance(n, ast.FunctionDef) and n is not function}
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in KEEPS:
                    handed = [*call.args, *(k.value for k in call.keywords)]
                    if any(isinstance(a, ast.Lambda) or (isinstance(a, ast.Name) and a.id in own) for a in handed):
                        lines.append(call.lineno)
    return sorted(set(lines))


def test_nothing_that_is_kept_is_a_closure() -> None:
    package = Path(corefile.__file__).parent
    files = [
        *(package / "plugins").rglob("*.py"),
        *(package / "chain").rglob("*.py"),
        *(package / "world").rglob("*.py"),
    ]
    wrong = {str(p): kept_closures(ast.parse(p.read_text(encoding="utf-8"))) for p in files}
    assert {path: lines for path, lines in wrong.items() if lines} == {}
    mistakes = "def f(self):\n def g(): pass\n self.clock.call_in(1, g)\n self.at(2, lambda t: self.x(t))\n"
    assert kept_closures(ast.parse(mistakes)) == [3, 4]


TEXT = """.:53 {
    errors
    log
    prometheus
    cache 30
    forward . 10.9.0.1 10.9.0.2 {
        policy sequential
    }
}
"""


def serving() -> Server:
    upstreams = {"10.9.0.1": Fault("timeout"), "10.9.0.2": "*.test. 60 IN A 192.0.2.9"}
    return loads(TEXT, world=World(upstreams=upstreams))


def test_a_copy_goes_its_own_way() -> None:
    server = serving()
    server.query("a.test")
    other = server.copy()
    assert other.query("a.test").answer == ["a.test. 30 IN A 192.0.2.9"]
    other.advance(20)
    assert other.query("a.test").answer == ["a.test. 10 IN A 192.0.2.9"]
    assert server.query("a.test").answer == ["a.test. 30 IN A 192.0.2.9"]
    assert other.world.clock.now - server.world.clock.now == 20
    name = "coredns_dns_requests_total"
    assert [server.samples(name)[0][-2:], other.samples(name)[0][-2:]] == [" 2", " 3"]
    assert copy.copy(server) is not server
    assert shared(server, other) == []


def test_a_reset_server_is_as_it_was_made() -> None:
    server = serving()
    began = server.world.clock.now
    first = server.query("a.test")
    server.advance(100)
    server.reset()
    assert server.world.clock.now == began
    again = server.query("a.test")
    assert (again, again.log, again.trace) == (first, first.log, first.trace)
    assert server.samples("coredns_cache_hits_total") == []


def test_a_reset_takes_back_reloads_and_the_log() -> None:
    text = ". {\n reload 2s 0\n erratic\n}\n"
    server = loads(Source("Corefile", text), world=World(files={"Corefile": text}))
    start = server.take_log()
    server.world.files.write("Corefile", text.replace("erratic", "whoami"))  # type: ignore[attr-defined]
    server.advance(5)
    assert server.source.text != text
    server.world.files.write("Corefile", text)  # type: ignore[attr-defined]
    server.reset()
    assert (server.source.text, server.take_log()) == (text, start)


def test_a_refused_corefile_stays_refused() -> None:
    server = Server(Source("Corefile", "nope {\n nope\n}"), serving().release, World())
    with pytest.raises(CorefileError):
        server.reset()
    with pytest.raises(CorefileError):
        server.copy().start()


def test_replies_traces_findings_and_records_can_be_pickled() -> None:
    server = serving()
    for reply in (server.query("a.test"), server.query("b.c.", do=True), server.query("x.", to="10.1.1.1")):
        again = pickle.loads(pickle.dumps(reply))
        assert again == reply
        assert again.trace == reply.trace
        assert str(again.trace) == str(reply.trace)
        assert again.trace.to_json() == reply.trace.to_json()
        assert (again.log, again.notices, again.release) == (reply.log, reply.notices, reply.release)
        assert pickle.loads(pickle.dumps(reply.answer)) == reply.answer
        assert pickle.loads(pickle.dumps(reply.trace.hops)) == reply.trace.hops
    assert len(pickle.dumps(server.query("a.test"))) < 20_000
    finding = Finding("unknown-directive", "no", Span(server.source, 2, 5))
    assert pickle.loads(pickle.dumps(finding)) == finding
    with pytest.raises(CorefileError) as caught:
        loads(". {\n whoam\n}")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.usefixtures("not_simulated")
def test_a_trace_of_inner_questions_can_be_pickled() -> None:
    cluster = [
        {"kind": "Service", "metadata": {"name": "out"}, "spec": {"type": "ExternalName", "externalName": "a.test"}},
    ]
    text = "test {\n geoip a\n erratic {\n drop 0\n }\n}\n. {\n kubernetes cluster.local\n}\n"
    reply = loads(text, world=World(cluster=cluster)).query("out.default.svc.cluster.local")
    again = pickle.loads(pickle.dumps(reply))
    assert max(hop.depth for hop in again.trace.hops) == 1
    assert (str(again.trace), again.trace.to_json()) == (str(reply.trace), reply.trace.to_json())
    assert again.notices == reply.notices != []


def test_several_threads_may_ask_one_server() -> None:
    server = serving()
    wrong = []

    def ask(thread: int) -> None:
        for n in range(150):
            reply = server.query(f"h{n % 50}.test", "A" if thread % 2 else "AAAA")
            if reply.rcode != "NOERROR" or any(f"h{n % 50}.test." not in line for line in reply.log):
                wrong.append((reply, reply.log))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(int(line.rpartition(" ")[2]) for line in server.samples("coredns_dns_requests_total")) == 1200


def test_clients_are_not_remembered() -> None:
    """What is kept of an address is bounded."""
    server = loads(". {\n whoami\n}\n")
    sizes = []
    for _ in range(3):
        for n in range(2000):
            server.query("a.b", client=f"10.{n >> 8}.{n & 255}.{len(sizes)}", trace=False)
        sizes.append(len(reach(server)))
    assert sizes[2] <= sizes[0] + 10


def test_errors_can_be_pickled() -> None:
    """They cross processes, as where many files are checked."""
    calls: list[Callable[[], object]] = [
        lambda: list(values("a: [")),
        lambda: World(cluster="kind: Service\nspec: [1]\n"),
        lambda: list(parse("x A\n", "a.")),
        lambda: loads(". {\n whoami\n}").query("a..b"),
        lambda: Record.parse("x A 1"),
        lambda: find("9.9.9"),
        lambda: check({"corefile": 5}),
        lambda: read_file(__file__, most=3),
        lambda: loads(". {\n foo\n}"),
    ]
    for call in calls:
        with pytest.raises(Exception) as caught:
            call()
        again = pickle.loads(pickle.dumps(caught.value))
        assert (type(again), str(again)) == (type(caught.value), str(caught.value))
        assert again.__dict__.keys() == caught.value.__dict__.keys()


def test_a_server_cannot_be_pickled_and_says_what_can_be() -> None:
    with pytest.raises(
        TypeError, match="a server cannot be pickled: have `load` or `loads` make one in the other process"
    ):
        pickle.dumps(loads(".:53 {\n whoami\n}"))


def test_a_copy_is_independent_however_it_is_made() -> None:
    """The kind: `copy.copy` must not make two servers, each with a lock of its own, of one process."""
    server = loads(".:53 {\n whoami\n}")
    for made in (server.copy(), copy.copy(server), copy.deepcopy(server)):
        made.advance(5)
        assert made.world.clock.now - server.world.clock.now == 5
        assert made.query("a.test") == server.query("a.test")
