"""Everything outside the Corefile, owned by the caller: nothing in the chain or a plugin reaches past it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from ..findings import LIMITS, Limits, Source
from ..language.files import Files
from .api_server import ApiServer, Watch
from .clock import Clock
from .files import Content, PodFiles
from .stores import Store, Stores
from .upstreams import Upstream, Upstreams, checked, ip_of

if TYPE_CHECKING:
    from ..findings.terms import Terms
    from .cluster import Cluster, ClusterSource
    from .files import Pod

T = TypeVar("T")
Chooser = Callable[[Sequence[Any], str], int]
"""Called as `choose(options, why)` for each random choice; returns the index of the option to take."""


class Weighted(tuple[T, ...]):
    """Options for `choose` that are not equally likely. weights: a whole number for each; the likeliest stands
    first."""

    weights: tuple[int, ...]

    def __new__(cls, options: Iterable[T], weights: Iterable[int]) -> Weighted[T]:
        self = super().__new__(cls, options)
        self.weights = tuple(weights)
        return self


def first(options: Sequence[Any], why: str) -> int:
    """The default way to choose: always the first option."""
    return 0


HOSTNAME = "oracle"
"""The machine's name unless another is given: that of the machine on which cases are recorded."""


FILES = ("base", "read", "is_dir", "glob")
"""What a `Files` has: the protocol, as names."""


class Assumed(Enum):
    """Stands for what is not given, and is assumed."""

    CLUSTER = "an API server without objects"


class World:
    """Everything outside a Corefile: files, environment, cluster, upstreams, clock, random choices and addresses.

    Without arguments it has what every pod in a cluster has: `/etc/resolv.conf` (with a nameserver at which nothing
    answers), `/etc/hosts`, `HOSTNAME`, and an API server without objects. `assumed` names those that were used. Any
    other file that a directive or an import names may be on CoreDNS's machine: a notice says so. With `assume=False`
    there is only what is given, and CoreDNS refuses a Corefile that needs more.

    >>> from corefile import loads
    >>> world = World(upstreams={"10.0.0.53": "www.example.org. 300 IN A 192.0.2.1"}, client="10.1.0.7")
    >>> loads(".:53 {\\n forward . 10.0.0.53\\n}", world=world).query("www.example.org").answer
    [<Record www.example.org. 300 IN A 192.0.2.1>]

    files: a mapping from path to text, bytes, a `pathlib.Path` (a file or a folder) or None (there is none), or an
        object with the `Files` protocol, which then has all files. Relative paths begin in the Corefile's folder.
    root: the Corefile's folder, where files are looked up that are not given; it stands for `/etc/coredns`, too. Unless
        given, it is the folder of the file that is given to `load`.
    within: the folder outside of which nothing is read from disk for a Corefile; unless given, the repository that
        `root` is in, or `root` itself. `/` lifts the bound; without that, a repository's `.git` is not read either.
    limits: how much is read.
    env: the environment variables that `{$NAME}` reads.
    cluster: Kubernetes objects as YAML or JSON text, a `pathlib.Path`, a list of objects, or a `Cluster`; None means that
        there is no API server.
    upstreams: address (`10.0.0.53`, `10.0.0.53:5353`, `[fd00::1]:53`) to zone text, a `pathlib.Path` (of a zone, a
        Corefile or a ConfigMap), a mapping with `corefile` (and `files`, `coredns`), a callable from message to message,
        or a `Fault`. Any other address is unreachable.
    stores: the contents of etcd, Nomad and hosted zones, by the directive's name (`etcd`, `nomad`) or by `NAME@ADDRESS`
        (`route53@ID`); see `Stores`. One that is not given is unreachable.
    addresses: addresses of CoreDNS's machine besides 127.0.0.0/8 and ::1.
    interfaces: addresses of its network interfaces by name, which are addresses of the machine, too. Those in
        `addresses` belong to `lo`.
    listenable: the addresses besides loopback that a server can listen on; None for any.
    dns_port: the port of server blocks that name none, as CoreDNS's `-dns.port` says it.
    client: the source address of queries that give none, an IP address with or without a port.
    clock: simulated time; unless given, one that starts at 2026-01-01.
    choose: called as `choose(options, why)` for every random choice; returns the index of the option to take. Options
        are equally likely unless they are `Weighted`. Unless given, the first option is taken.
    hostname: the host name of CoreDNS's machine.
    assume: whether what every pod has is assumed where it is not given.

    Raises ValueError or TypeError for an argument that makes no sense, ManifestError (a ValueError) with the line in
    the cluster's text, OSError for a file that cannot be read.
    """

    __slots__ = (
        "_api_server",
        "_assumed",
        "_stores",
        "_upstreams",
        "addresses",
        "assume",
        "choose_index",
        "client",
        "clock",
        "dns_port",
        "env",
        "files",
        "hostname",
        "interfaces",
        "limits",
        "listenable",
        "terms",
    )

    def __init__(
        self,
        *,
        files: Mapping[str, Content] | Files | None = None,
        root: str | os.PathLike[str] | None = None,
        within: str | os.PathLike[str] | None = None,
        limits: Limits = LIMITS,
        env: Mapping[str, str] | None = None,
        cluster: ClusterSource | Assumed | None = Assumed.CLUSTER,
        upstreams: Mapping[str, Upstream] | None = None,
        stores: Mapping[str, Store] | None = None,
        addresses: Iterable[str] = (),
        client: str = "127.0.0.1:40212",
        clock: Clock | None = None,
        choose: Chooser | None = None,
        hostname: str = HOSTNAME,
        listenable: Iterable[str] | None = None,
        dns_port: int = 53,
        interfaces: Mapping[str, Iterable[str]] | None = None,
        assume: bool = True,
    ) -> None:
        self.assume = assume
        self.limits = _checked_limits(limits)
        self._assumed: set[str] = set()
        self.terms: Terms = "python"  # in which hints of findings speak
        self.files: Files = _files(files, root, within, limits, assume, self._assumed)
        if not isinstance(hostname, str):
            raise TypeError(f"hostname: {hostname!r:.40} is no text")
        self.hostname = hostname
        self.env = _environment(env, hostname if assume else None)
        # A cluster without objects is made where one is looked for: its module is large.
        self._api_server = ApiServer()
        if isinstance(cluster, Assumed):
            self._api_server.is_assumed = assume
        else:
            self._api_server.cluster = _loaded(cluster, limits)
        self._upstreams = checked(upstreams)
        if interfaces is not None and not isinstance(interfaces, Mapping):
            raise TypeError(f"interfaces: a mapping from name to addresses is needed, not {interfaces!r:.40}")
        self.interfaces = {name: _addresses(f"interfaces: {name}", own) for name, own in (interfaces or {}).items()}
        elsewhere = [a for own in self.interfaces.values() for a in own]
        self.addresses: tuple[str, ...] = tuple(dict.fromkeys([*_addresses("addresses", addresses), *elsewhere]))
        self.dns_port = dns_port
        self.listenable = None if listenable is None else frozenset(_addresses("listenable", listenable))
        self.client = client
        self.clock = Clock(most=limits.timers) if clock is None else clock
        if isinstance(self.files, PodFiles):
            self.files.clock = self.clock
        self._stores = Stores(stores, self.clock)
        self.choose_index = first if choose is None else choose

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a part of the world. Raises ValueError or TypeError for what makes no sense there, and AttributeError for
        another clock: servers and their timers hold the one that there is."""
        if name == "clock":
            if not isinstance(value, Clock):
                raise TypeError(f"clock: a `Clock` is needed, such as Clock(1767225600), not {value!r:.40}")
            if hasattr(self, "clock") and self.clock is not value:
                raise AttributeError(
                    "a world keeps its clock: `advance` moves it, and World(clock=...) has another one"
                )
        elif name == "client":
            if not isinstance(value, str):
                raise TypeError(f"client: {value!r:.60} is no text, such as '10.0.0.7' or '10.0.0.7:40212'")
            if ip_of(value) is None:
                raise ValueError(f"client: {value!r} is no IP address, such as 10.0.0.7 or 10.0.0.7:40212")
        elif name == "choose_index":
            if not callable(value):
                raise TypeError(f"choose: a function of options and why is needed, not {value!r:.40}")
        elif name == "files":
            if isinstance(value, Mapping) or not all(hasattr(value, each) for each in FILES):
                raise TypeError("the files of a world change by `write(path, text)`, not by an assignment")
        elif name == "dns_port":
            if not isinstance(value, int) or not 0 <= value < 65536:
                raise ValueError(f"dns_port: {value!r:.40} is no port")
        elif name == "env" and not isinstance(value, Mapping):
            raise TypeError(f"env: a mapping from name to text is needed, not {value!r:.40}")
        object.__setattr__(self, name, value)

    @property
    def upstreams(self) -> Upstreams:
        """What answers at which address. Changes while a server runs count from its next packet on."""
        return self._upstreams

    @upstreams.setter
    def upstreams(self, given: Mapping[str, Upstream]) -> None:
        version = self._upstreams.version
        self._upstreams = checked(given)
        self._upstreams.version = version + 1

    @property
    def stores(self) -> Stores:
        """The contents of etcd, Nomad and hosted zones. Changes while a server runs count from its next access on."""
        return self._stores

    @stores.setter
    def stores(self, given: Mapping[str, Store]) -> None:
        version = self._stores.version
        self._stores = Stores(given, self.clock)
        self._stores.version += version + 1

    @property
    def cluster(self) -> Cluster | None:
        """The cluster at present; None if there is no API server. It may be replaced while a server runs, whose watches
        then see what differs."""
        server = self._api_server
        if server.is_assumed:
            self._assumed.add("cluster")
            server.cluster, server.is_assumed = _without_objects(), False
        return server.cluster

    @cluster.setter
    def cluster(self, given: ClusterSource | None) -> None:
        self._assumed.discard("cluster")
        self._api_server.is_assumed = False
        self._api_server.become(_loaded(given, self.limits))

    @property
    def given_cluster(self) -> Cluster | None:
        """The cluster at present; None where none was given, too, which does not count as a look at it."""
        return None if self._api_server.is_assumed else self._api_server.cluster

    def apply(self, given: ClusterSource) -> None:
        """Add objects to the cluster, or replace those of the same kind, namespace and name, as `kubectl apply` does. A
        running server's watches see it at once.

        Raises ManifestError for what is no object, and ValueError where there is no API server; then nothing has changed.
        """
        self._api_server.become(*self._objects().applied(given, self.limits))

    def delete(self, *names: str) -> None:
        """Delete objects, each given as KIND/NAMESPACE/NAME, or KIND/NAME where the kind is in no namespace. Nothing else
        goes with them, as a controller would have it. Raises ValueError for an object that is not there; then nothing has
        changed.
        """
        self._api_server.become(*self._objects().without(*names))

    def watch(self, watch: Watch) -> None:
        """Have `watch(before, after, changed)` called with the clusters before and after each change, and the objects that
        were added, replaced or deleted."""
        self._api_server.watches.append(watch)

    def unwatch(self, watch: Watch) -> None:
        """Have it called no more."""
        if watch in self._api_server.watches:
            self._api_server.watches.remove(watch)

    def _objects(self) -> Cluster:
        cluster = self.cluster
        if cluster is None:
            raise ValueError(
                "there is no API server in this world: give a cluster first, `cluster=[]` for an empty one"
            )
        return cluster

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was not given, and has been used as it is assumed: paths of files and folders, and `cluster`."""
        return tuple(sorted(self._assumed))

    def note_assumed(self, what: str) -> None:
        """Have `assumed` name something else that was not given."""
        self._assumed.add(what)

    def settle(
        self, root: str | None, beside: Mapping[str, Source], *, mounted: bool = False, pod: Pod | None = None
    ) -> None:
        """Take the folder of the Corefile that is loaded, and what its ConfigMap has beside it; see `PodFiles`."""
        if isinstance(self.files, PodFiles):
            self.files.settle(root, beside, mounted=mounted, pod=pod)
        if pod is not None and pod.dns_port is not None:
            self.dns_port = pod.dns_port

    def how_to_give(self, *paths: str, folder: bool = False) -> str:
        """What a user can do about files or folders that are not there, as a sentence for a hint."""
        if isinstance(self.files, PodFiles):
            return self.files.how_to_give(*paths, folder=folder)
        return PodFiles({}).how_to_give(*paths, folder=folder)

    def elsewhere(self, path: str) -> bool:
        """Whether CoreDNS's machine may have a file or folder that is not here; never where nothing is assumed. See
        `PodFiles.elsewhere`."""
        return self.assume and isinstance(self.files, PodFiles) and self.files.elsewhere(path)

    def is_beside(self, path: str) -> bool:
        """See `PodFiles.is_beside`."""
        return isinstance(self.files, PodFiles) and self.files.is_beside(path)

    def write(self, path: str, content: Content) -> None:
        """Put a file there, or change it, as a changed ConfigMap does; None takes it away. What looks at files from time
        to time (`reload`, `hosts`, zones) sees it when it looks next. Raises TypeError where `files` are one's own, and
        can only be read."""
        write = getattr(self.files, "write", None)
        if write is None:
            raise TypeError(f"the files of this world are a {type(self.files).__name__}, which has no `write`")
        write(path, content)

    def choose(self, options: Sequence[T], why: str) -> T:
        """One of `options`; `why` says what is being decided. Seeded, enumerated or drawn as the owner likes. Raises
        ValueError where what `choose` returns is the index of none."""
        if len(options) == 1:
            return options[0]
        index = self.choose_index(options, why)
        try:
            if index >= 0:
                return options[index]
            raise IndexError
        except (IndexError, TypeError):
            raise ValueError(f"choose: {index!r:.40} is no index of {len(options)} options ({why})") from None

    def is_own_address(self, ip: str) -> bool:
        """Whether `ip` belongs to the machine itself."""
        return ip.startswith("127.") or ip == "::1" or ip in self.addresses

    def addresses_of(self, interface: str) -> tuple[str, ...] | None:
        """The addresses of a network interface; None where none of that name is known."""
        if interface != "lo" or interface in self.interfaces:
            return self.interfaces.get(interface)
        elsewhere = {a for own in self.interfaces.values() for a in own}
        own = ["127.0.0.1", *(a for a in self.addresses if a not in elsewhere), "::1"]
        return tuple(sorted(dict.fromkeys(own), key=lambda a: ":" in a))

    def beside(
        self,
        *,
        files: Mapping[str, Content] | None = None,
        root: str | os.PathLike[str] | None = None,
        same_cluster: bool = False,
    ) -> World:
        """A world for another server on the same network: same clock, choices and upstreams, its own files; those that
        every pod has are as they are here. It knows of the cluster only with `same_cluster`."""
        other = World(
            limits=self.limits,
            addresses=self.addresses,
            interfaces=self.interfaces,
            clock=self.clock,
            choose=self.choose_index,
            hostname=self.hostname,
            assume=False,
        )
        other.env = _environment(None, self.hostname if self.assume else None)
        common = self.files.common() if isinstance(self.files, PodFiles) else {}
        within = self.files.within if isinstance(self.files, PodFiles) else None
        other.files = PodFiles(
            {**common, **(files or {})},
            root,
            assume=self.assume,
            assumed=self._assumed,
            within=within,
            limits=self.limits,
        )
        other.assume = self.assume
        other._assumed = self._assumed
        other.terms = self.terms
        other._upstreams = self._upstreams
        other._stores = self._stores
        if same_cluster:
            other._api_server = self._api_server
        return other

    def __repr__(self) -> str:
        parts = [] if self.assume else ["nothing assumed"]
        if isinstance(self.files, PodFiles):
            given, root = len(self.files.given), self.files.root
            parts += [f"{given} file{'s' * (given != 1)}"] * (given > 0) + [f"folder {root}"] * (root is not None)
        if not self._api_server.is_assumed:
            cluster = self._api_server.cluster
            parts.append("no cluster" if cluster is None else repr(cluster).strip("<>"))
        parts += [
            f"{what} {', '.join(at)}"
            for what, at in (("addresses", self.addresses), ("upstreams", self.upstreams), ("stores", self.stores))
            if at
        ]
        return f"<World {'; '.join([*parts, self.clock.text])}>"


def _checked_limits(given: Limits) -> Limits:
    if not isinstance(given, Limits):
        raise TypeError(f"limits: `Limits` are needed, such as Limits(records=2_000_000), not {given!r:.40}")
    for name, number in given._asdict().items():
        if not isinstance(number, int):
            raise TypeError(f"limits: {name} is {number!r:.40}, where a whole number is needed")
        if number < 0:
            raise ValueError(f"limits: {name} is {number}, and cannot be below 0")
    return given


def _files(
    given: Mapping[str, Content] | Files | None, root: Any, within: Any, limits: Limits, assume: bool, assumed: set[str]
) -> Files:
    if given is None or isinstance(given, Mapping):
        for name, folder in (("root", root), ("within", within)):
            if folder is not None and not os.path.isdir(folder):
                raise ValueError(f"{name}: there is no folder {os.fspath(folder)}")
        return PodFiles(given, root, assume=assume, assumed=assumed, within=within, limits=limits)
    if root is not None or within is not None:
        raise TypeError("root and within go with files that are a mapping")
    if isinstance(given, str | os.PathLike):
        raise TypeError(f"files are a mapping from path to text; root={os.fspath(given)!r} is the Corefile's folder")
    if not all(hasattr(given, name) for name in FILES):
        raise TypeError(f"files are a mapping from path to text, not {given!r:.40}")
    return given


def _environment(given: Mapping[str, str] | None, hostname: str | None) -> dict[str, str]:
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"env: a mapping from name to text is needed, not {given!r:.40}")
    env = {} if hostname is None else {"HOSTNAME": hostname}
    for name, value in (given or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"env: {name} is {value!r:.40}, where text is needed")
        env[name] = value
    return env


def _addresses(what: str, given: Iterable[str]) -> tuple[str, ...]:
    if isinstance(given, str | bytes):
        raise TypeError(f"{what}: a list of IP addresses is needed, such as [{given!r}]")
    out = tuple(map(str, given))
    for one in out:
        if ip_of(one) != one:
            raise ValueError(f"{what}: {one!r} is no IP address, such as 10.0.0.10")
    return out


@cache
def _without_objects() -> Cluster:
    from .cluster import Cluster

    return Cluster.load(())


def _loaded(given: ClusterSource | None, limits: Limits) -> Cluster | None:
    if given is None:
        return None
    from .cluster import Cluster

    return Cluster.load(given, limits)
