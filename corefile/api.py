"""The library in a few lines: load a Corefile, ask it, read why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from . import releases
from .chain import accept
from .chain.compile import compile_program
from .chain.metrics import Metrics
from .chain.network import Network, split_address
from .chain.query import Context
from .chain.reply import Reply
from .chain.server import Instance
from .chain.trace import Trace
from .dns.message import Edns, Msg, Question
from .dns.names import fqdn
from .dns.rdata import class_number, opcode_number, type_number
from .dns.rdata.presentation import normal_name
from .findings import CorefileError, Finding, Source
from .language.expand import expand
from .language.files import DictFiles, DiskFiles
from .language.words import decode
from .plugins import find
from .world import World

QUERY_ID = 4242


class Server:
    """A CoreDNS that is not running: a Corefile, compiled for one release, in its world.

    >>> server = load(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n whoami\\n}")
    >>> server.query("a.example.org").answer
    [<RR a.example.org. 3600 IN A 10.0.0.1>]
    """

    def __init__(self, source: Source, release: releases.Release, world: World) -> None:
        self.source = source
        self.release = release
        self.world = world
        self.metrics = Metrics()
        self.process: dict[str, Any] = {}  # what outlives a reload, by directive
        self.network = Network(world, _build)
        self.instance = build(source, release, world, self.network, self.metrics)
        self.instance.shared["server"] = self
        self.network.own = self.instance
        self.started = False

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the Corefile, CoreDNS's own first error first."""
        death = self.instance.death
        return self.instance.findings if death is None else [death, *self.instance.findings]

    def start(self) -> None:
        """Start it. Raises CorefileError where CoreDNS would refuse to, or would end right after (see `loop`)."""
        if self.instance.errors:
            raise CorefileError(tuple(self.instance.findings))
        if not self.started:
            self.started = True
            self.instance.start()
            if self.instance.death is not None:
                raise CorefileError(tuple(self.findings))
            self.instance.take_log()

    def replace(self, source: Source) -> tuple[Finding, ...]:
        """What a reload does: compile `source` and swap it in, unless it is refused. The errors that refuse it."""
        instance = build(source, self.release, self.world, self.network, self.metrics)
        if instance.errors:
            return tuple(instance.errors)
        instance.shared["server"] = self
        old = self.instance
        instance.pending = old.pending
        self.source, self.instance, self.network.own = source, instance, instance
        instance.start()
        old.stop()
        return ()

    def query(
        self,
        name: str,
        type: str | int = "A",
        *,
        cls: str | int = "IN",
        flags: str = "rd",
        edns: Edns | None = None,
        opcode: str | int = "QUERY",
        client: str | None = None,
        to: str = "127.0.0.1:53",
        transport: str = "udp",
        trace: bool = True,
        id: int = QUERY_ID,
    ) -> Reply:
        """Ask one question.

        name: a domain name, with or without its last dot. client: where the query comes from, `ip` or `ip:port`.
        to: the server's address. transport: 'udp' or 'tcp'. trace: whether to say why (costs a little).
        """
        question = Question(
            normal_name(fqdn(name)),
            type if isinstance(type, int) else type_number(type),
            cls if isinstance(cls, int) else class_number(cls),
        )
        msg = Msg(question, id=id, edns=edns)
        for flag in flags.split():
            if flag != "none":
                setattr(msg, flag.lower(), True)
        if opcode != "QUERY":
            msg.opcode = opcode if isinstance(opcode, int) else opcode_number(opcode)
        return self.ask(msg, client=client, to=to, transport=transport, trace=trace)

    def ask(
        self,
        msg: Msg,
        *,
        client: str | None = None,
        to: str = "127.0.0.1:53",
        transport: str = "udp",
        trace: bool = False,
    ) -> Reply:
        """Ask with a message of one's own. It is not changed."""
        if not self.started:
            self.start()
        return self._exchange(msg, client, to, transport, trace)

    def send(
        self,
        octets: bytes | bytearray,
        *,
        client: str | None = None,
        to: str = "127.0.0.1:53",
        transport: str = "udp",
        trace: bool = False,
    ) -> Reply:
        """Ask with the octets of a message, however broken (over TCP without the two of the length)."""
        if not self.started:
            self.start()
        return self._exchange(bytes(octets), client, to, transport, trace)

    def _exchange(self, msg: Msg | bytes, client: str | None, to: str, transport: str, trace: bool) -> Reply:
        ip, port = _address(to)
        client_ip, client_port = _address(client or self.world.client, 40212)
        if ":" in ip and ":" not in client_ip:
            client_ip = "::1"
        instance: Instance = self.instance
        listener = instance.listener(ip, port)
        if listener is None or instance.death is not None or not (self.world.is_own_address(ip) or listener.host == ip):
            return Reply(None, 0.0, [], None, instance)
        ctx = Context(
            self.world,
            client=client_ip,
            client_port=client_port,
            server=listener.label,
            server_ip=ip,
            server_port=port,
            proto=transport,
            trace=Trace() if trace else None,
        )
        reply: Msg | None
        try:
            if isinstance(msg, bytes):
                msg = accept.read(msg, self.release, transport)
            reply = instance.exchange(msg, ctx, listener)
        except accept.Unreadable as e:
            reply = e.reply
        log, instance.pending = instance.pending, []
        return Reply(reply, ctx.elapsed, log, ctx.trace, instance)

    def get(self, url: str) -> tuple[int | None, str]:
        """Status and body of an HTTP GET of an endpoint, such as `:8080/health`."""
        self.start()
        return self.instance.get(url)

    def samples(self, names: list[str] | None = None, at: str = ":9153") -> list[str]:
        """Samples of these metrics (or of all) from the `prometheus` endpoint at `at`."""
        status, body = self.get(at + "/metrics")
        lines = [line for line in body.splitlines() if line and not line.startswith("#")] if status == 200 else []
        return lines if names is None else [x for x in lines if x.split("{")[0].split(" ")[0] in names]

    def advance(self, seconds: float) -> None:
        """Let time pass, in seconds."""
        self.world.clock.advance(seconds)


_addresses: dict[tuple[str, int], tuple[str, int]] = {}


def _address(text: str, default: int = 53) -> tuple[str, int]:
    key = (text, default)
    found = _addresses.get(key)
    if found is None:
        found = _addresses[key] = split_address(text, default)
    return found


def build(
    source: Source, release: releases.Release, world: World, network: Network | None, metrics: Metrics | None
) -> Instance:
    """Compile one Corefile."""
    program = expand(source, release=release, environ=world.env, files=world.files)
    return compile_program(program, release=release, world=world, registry=find, network=network, metrics=metrics)


def _build(text: str, world: World, release: str | None, network: Network) -> Instance:
    found = releases.find(release) if release else releases.LATEST
    return build(Source("Corefile", text), found, world, network, None)


def load(
    corefile: str | os.PathLike[str] | Source, *, release: str | releases.Release = "1.14.7", world: World | None = None
) -> Server:
    """A server for a Corefile, given as its path or as its text (text has a line break or a brace). The file may be a
    ConfigMap with a Corefile in it, as Kubernetes YAML.

    Raises CorefileError for a Corefile that CoreDNS would refuse, OSError for a file that cannot be read.
    """
    server = not_started(corefile, release, world)
    server.start()
    return server


def not_started(
    corefile: str | os.PathLike[str] | Source, release: str | releases.Release, world: World | None
) -> Server:
    """As `load`, but the server may have errors, and is yet to be started."""
    found = release if isinstance(release, releases.Release) else releases.find(release)
    if isinstance(corefile, Source):
        source = corefile
    elif isinstance(corefile, str) and ("\n" in corefile or "{" in corefile or not corefile):
        source = Source("<text>", corefile)
    else:
        with open(corefile, "rb") as file:
            source, beside = _in_file(os.fspath(corefile), decode(file.read()))
        if world is None:
            world = World(files=DictFiles(beside) if beside else DiskFiles(os.path.dirname(source.path) or "."))
    if world is None:
        world = World()
    return Server(source, found, world)


def _in_file(path: str, text: str) -> tuple[Source, Mapping[str, Source]]:
    """The Corefile in a file, which may be a ConfigMap, and the files that the ConfigMap has beside it."""
    from .language import configmap as manifests

    found = manifests.find(path, text)
    if not found:
        raise ValueError(f"{path}: no ConfigMap in it has a Corefile")
    return found[0].source, found[0].files


__all__ = ["Server", "load", "not_started"]
