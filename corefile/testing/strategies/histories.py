"""What happens to a running server, step by step: questions, time, changes of the cluster, of upstreams and of the Corefile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from ...api import Server
from ...classes import Question
from ...world import Fault
from ..given import the_server
from .names import queries
from .worlds import faults as any_fault


@dataclass(frozen=True)
class Ask:
    """A question is asked."""

    question: Question

    def do(self, server: Server) -> None:
        """Ask it."""
        self.question.ask(server, trace=False)


@dataclass(frozen=True)
class Wait:
    """Time passes, in seconds."""

    seconds: float

    def do(self, server: Server) -> None:
        """Let it pass."""
        server.advance(self.seconds)


@dataclass(frozen=True)
class Fail:
    """An upstream has a fault from now on. others: what the others are at first, which they are again: one fails at a time."""

    address: str
    fault: Fault
    others: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def do(self, server: Server) -> None:
        """Give it the fault."""
        server.world.upstreams.update(self.others)
        server.world.upstreams[self.address] = self.fault

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As Hypothesis shows it: without the zones of all other upstreams."""
        printer.text(repr(self))


@dataclass(frozen=True)
class Recover:
    """An upstream is what it was at first: `upstream`."""

    address: str
    upstream: Any

    def do(self, server: Server) -> None:
        """Take the fault away."""
        server.world.upstreams[self.address] = self.upstream

    def __repr__(self) -> str:
        return f"Recover({self.address!r})"


@dataclass(frozen=True)
class Delete:
    """An object of the cluster is deleted, as far as it is there: KIND/NAMESPACE/NAME."""

    name: str

    def do(self, server: Server) -> None:
        """Delete it."""
        if _has(server, self.name):
            server.world.delete(self.name)


@dataclass(frozen=True)
class Apply:
    """An object of the cluster is added or replaced."""

    object: Mapping[str, Any]

    def do(self, server: Server) -> None:
        """Apply it."""
        server.world.apply([dict(self.object)])


@dataclass(frozen=True)
class Rename:
    """A Service gets another name, with the EndpointSlices behind it, as far as it is there."""

    namespace: str
    old: str
    new: str

    def do(self, server: Server) -> None:
        """Add it under the new name, and delete the old one."""
        objects = [o for o in objects_of(server) if self._is_meant(o)]
        if not objects:
            return
        world = server.world
        world.apply([self._renamed(o) for o in objects])
        world.delete(*(name_of(o) for o in objects))

    def _is_meant(self, one: Mapping[str, Any]) -> bool:
        meta = one["metadata"]
        if meta.get("namespace", "default") != self.namespace:
            return False
        if one["kind"] == "EndpointSlice":
            return bool((meta.get("labels") or {}).get("kubernetes.io/service-name") == self.old)
        return one["kind"] in ("Service", "Endpoints") and meta["name"] == self.old

    def _renamed(self, one: Mapping[str, Any]) -> dict[str, Any]:
        meta = dict(one["metadata"])
        if one["kind"] == "EndpointSlice":
            meta["labels"] = {**meta["labels"], "kubernetes.io/service-name": self.new}
            meta["name"] = f"{meta['name']}-of-{self.new}"
        else:
            meta["name"] = self.new
        return {**one, "metadata": meta}


@dataclass(frozen=True)
class Reload:
    """CoreDNS reads the same Corefile again, as on SIGUSR1: what it keeps in memory is new."""

    def do(self, server: Server) -> None:
        """Reload it."""
        server.process.replace(server.process.source)


Step = Ask | Wait | Fail | Recover | Delete | Apply | Rename | Reload
"""One thing that happens: `step.do(server)`."""


def objects_of(server: Server) -> list[Mapping[str, Any]]:
    """The objects of a server's cluster as Kubernetes has them."""
    cluster = server.world.cluster
    return [] if cluster is None else [one for objects in cluster.objects.values() for one in objects]


def name_of(one: Mapping[str, Any]) -> str:
    """KIND/NAMESPACE/NAME of an object, or KIND/NAME where it is in no namespace."""
    meta = one["metadata"]
    if one["kind"] in ("Namespace", "Node"):
        return f"{one['kind']}/{meta['name']}"
    return f"{one['kind']}/{meta.get('namespace', 'default')}/{meta['name']}"


def _has(server: Server, name: str) -> bool:
    return any(name_of(o) == name for o in objects_of(server))


waits = st.sampled_from((1, 5, 6, 30, 31, 60, 300, 3601)) | st.integers(1, 7200)
"""Seconds that pass between two steps: about the usual TTLs, and others."""


def histories(
    server: Server,
    *,
    most: int = 12,
    faults: bool = True,
    cluster: bool = True,
    reload: bool = True,
    questions: st.SearchStrategy[Question] | None = None,
) -> st.SearchStrategy[list[Step]]:
    """What may happen to a server: up to `most` steps, each with `step.do(server)`.

    faults: whether upstreams fail, one at a time, and recover. cluster: whether objects of its cluster are deleted, come back,
    and Services are renamed. reload: whether CoreDNS reloads. questions: those that are asked; unless given,
    `queries(server)`. They shrink to few steps.

    >>> from corefile import loads
    >>> from hypothesis import find
    >>> find(histories(loads(".:53 {\\n whoami\\n}")), lambda steps: any(isinstance(s, Wait) for s in steps))
    [Wait(seconds=1)]
    """
    ask, wait, change = _kinds(server, faults=faults, cluster=cluster, reload=reload, questions=questions)
    alone = [each.map(_alone) for each in (wait, ask, ask)]
    if change is not None:  # it shows only in what is asked afterwards, so that most have a question behind them
        alone += [change.map(_alone), *[st.tuples(change, ask)] * 2]
    return _joined(st.lists(_one_of(alone), max_size=most), most)


@st.composite
def _joined(draw: st.DrawFn, parts: st.SearchStrategy[list[tuple[Step, ...]]], most: int) -> list[Step]:
    """Drawn so that Hypothesis shows the steps, and not how they were made."""
    return [step for part in draw(parts) for step in part][:most]


def _alone(step: Step) -> tuple[Step, ...]:
    return (step,)


def any_step(
    server: Server,
    *,
    faults: bool = True,
    cluster: bool = True,
    reload: bool = True,
    questions: st.SearchStrategy[Question] | None = None,
) -> st.SearchStrategy[Step]:
    """One step of a history; the arguments are those of `histories`."""
    ask, wait, change = _kinds(server, faults=faults, cluster=cluster, reload=reload, questions=questions)
    return _one_of([wait, ask, ask, wait if change is None else change])


def _kinds(
    server: Server,
    *,
    faults: bool,
    cluster: bool,
    reload: bool,
    questions: st.SearchStrategy[Question] | None,
) -> tuple[st.SearchStrategy[Step], st.SearchStrategy[Step], st.SearchStrategy[Step] | None]:
    """Questions, time that passes, and what else may happen: None where nothing may."""
    the_server("histories", server)
    if questions is not None and not isinstance(questions, st.SearchStrategy):
        raise TypeError(
            f"histories: `questions` is a strategy, such as strategies.queries(server), not {questions!r:.60}"
        )
    asked = queries(server) if questions is None else questions
    kinds: list[st.SearchStrategy[Any]] = []
    upstreams = dict(server.world.upstreams)
    if faults and upstreams:
        failing = _failing(upstreams)
        kinds += [failing, failing]
        kinds.append(st.sampled_from([Recover(address, one) for address, one in upstreams.items()]))
    if cluster:
        kinds += changes(server)
    if reload:
        kinds.append(st.just(Reload()))
    return asked.map(Ask), waits.map(Wait), _one_of(kinds) if kinds else None


def _one_of(strategies: list[st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of them, the same one as often as it is given: `st.one_of` would leave out what it has already."""
    shares = st.sampled_from(strategies)

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return draw(draw(shares))

    return drawn()


@st.composite
def _failing(draw: st.DrawFn, upstreams: Mapping[str, Any]) -> Fail:
    """One of the upstreams fails. Drawn so that Hypothesis shows it by its `repr`, and not by how it was made."""
    return Fail(draw(st.sampled_from(list(upstreams))), draw(any_fault()), upstreams)


def changes(server: Server) -> list[st.SearchStrategy[Step]]:
    """What may happen to the cluster of a server; nothing where it has no Services."""
    objects = [o for o in objects_of(server) if o["kind"] in ("Service", "EndpointSlice", "Endpoints", "Pod")]
    services = [o["metadata"] for o in objects if o["kind"] == "Service"]
    if not services:
        return []
    renames = [Rename(m.get("namespace", "default"), m["name"], f"{m['name']}-new") for m in services]
    return [
        st.sampled_from([Delete(name_of(o)) for o in objects]),
        st.sampled_from([Apply(o) for o in objects]),
        st.sampled_from(renames),
    ]


__all__ = [
    "Apply",
    "Ask",
    "Delete",
    "Fail",
    "Recover",
    "Reload",
    "Rename",
    "Step",
    "Wait",
    "any_step",
    "changes",
    "histories",
    "name_of",
    "objects_of",
    "waits",
]
