"""Everything outside the Corefile, owned by the caller: nothing in the chain or a plugin reaches past it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ..language.expand import DictFiles, Files
from .clock import Clock

if TYPE_CHECKING:
    from .cluster import Cluster

T = TypeVar("T")
Chooser = Callable[[Sequence[Any], str], int]


class Weighted(tuple[T, ...]):
    """Options that are not equally likely: `weights` has a whole number for each. The likeliest stands first."""

    weights: tuple[int, ...]

    def __new__(cls, options: Iterable[T], weights: Iterable[int]) -> Weighted[T]:
        self = super().__new__(cls, options)
        self.weights = tuple(weights)
        return self


def first(options: Sequence[Any], why: str) -> int:
    """The default way to choose: always the first option."""
    return 0


class World:
    """Files, environment, cluster objects, upstreams, clock, choices and addresses around a CoreDNS.

    files: a mapping from path to text, or anything with the `Files` protocol. `/etc/resolv.conf` and the like are
        looked up here too; what is not given does not exist.
    env: what `{$NAME}` reads.
    cluster: Kubernetes objects as YAML or JSON text, a list of objects, or a `Cluster`; None means that there is no
        API server.
    upstreams: address (`10.0.0.53`, `10.0.0.53:5353`, `[fd00::1]:53`) to zone text, a mapping with `corefile` (and
        `files`, `coredns`), a callable from message to message, or a `Fault`. Any other address is unreachable.
    addresses: the machine's own addresses besides 127.0.0.0/8 and ::1.
    interfaces: addresses of its network interfaces by name, which are the machine's own, too. Other `addresses` belong to
        `lo`.
    listenable: the addresses that a server can listen on besides loopback; None where the machine is not known, so that
        it can on any.
    choose: called as `choose(options, why)` for every random choice; returns the index of the one to take. Options are
        equally likely unless they are `Weighted`.
    """

    __slots__ = (
        "_cluster",
        "addresses",
        "choose_index",
        "client",
        "clock",
        "env",
        "files",
        "hostname",
        "interfaces",
        "listenable",
        "upstreams",
    )

    def __init__(
        self,
        *,
        files: Mapping[str, str | bytes] | Files | None = None,
        env: Mapping[str, str] | None = None,
        cluster: Any = None,
        upstreams: Mapping[str, Any] | None = None,
        addresses: Iterable[str] = (),
        client: str = "127.0.0.1:40212",
        clock: Clock | None = None,
        choose: Chooser | None = None,
        hostname: str = "localhost",
        listenable: Iterable[str] | None = None,
        interfaces: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.files: Files = DictFiles(files or {}) if files is None or isinstance(files, Mapping) else files
        self.env: dict[str, str] = dict(env or {})
        # A cluster without objects is made where one is looked for: its module is large.
        self._cluster: Cluster | list[Any] | None = _loaded(cluster) if cluster or cluster is None else []
        self.upstreams: dict[str, Any] = dict(upstreams or {})
        self.interfaces = {name: tuple(map(str, own)) for name, own in (interfaces or {}).items()}
        elsewhere = [a for own in self.interfaces.values() for a in own]
        self.addresses: tuple[str, ...] = tuple(dict.fromkeys([*map(str, addresses), *elsewhere]))
        self.listenable = None if listenable is None else frozenset(map(str, listenable))
        self.client = client
        self.clock = clock or Clock()
        self.choose_index = choose or first
        self.hostname = hostname

    @property
    def cluster(self) -> Cluster | None:
        """The cluster; None where there is no API server."""
        if isinstance(self._cluster, list):
            self._cluster = _loaded(self._cluster)
        return self._cluster

    @cluster.setter
    def cluster(self, given: Any) -> None:
        self._cluster = _loaded(given)

    def choose(self, options: Sequence[T], why: str) -> T:
        """One of `options`; `why` says what is being decided. Seeded, enumerated or drawn as the owner likes."""
        if len(options) == 1:
            return options[0]
        return options[self.choose_index(options, why)]

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

    def beside(self, *, files: Mapping[str, str | bytes] | None = None, same_cluster: bool = False) -> World:
        """A world for another server on the same network: same clock, choices and upstreams, its own files. It knows of
        the cluster only with `same_cluster`."""
        return World(
            cluster=self.cluster if same_cluster else None,
            files=files,
            upstreams=self.upstreams,
            addresses=self.addresses,
            interfaces=self.interfaces,
            clock=self.clock,
            choose=self.choose_index,
            hostname=self.hostname,
        )


def _loaded(given: Any) -> Cluster | None:
    if given is None:
        return None
    from .cluster import Cluster

    return given if isinstance(given, Cluster) else Cluster.load(given)
