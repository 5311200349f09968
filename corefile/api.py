"""The library in a few lines: load a Corefile, ask it, read why."""

from __future__ import annotations

import os
from collections.abc import Mapping

from . import releases
from .chain import accept
from .chain.instance import Instance
from .chain.network import Network, split_address
from .chain.process import Process
from .chain.process import build as compile_source
from .chain.query import Context
from .chain.reply import Reply
from .chain.trace import Trace
from .dns.codes import class_number, opcode_number, type_number
from .dns.escapes import normal_name
from .dns.message import Edns, Msg, Question
from .dns.names import fqdn
from .findings import Finding, Source
from .language.files import DictFiles, DiskFiles
from .language.words import decode
from .plugins import find
from .world import World

QUERY_ID = 4242


class Server:
    """A CoreDNS that is not running: a Corefile, compiled for one release, in its world.

    >>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n whoami\\n}")
    >>> server.query("a.example.org").answer
    [<RR a.example.org. 3600 IN A 10.0.0.1>]
    """

    def __init__(self, source: Source, release: releases.Release, world: World) -> None:
        self.process = Process(source, release, world, find)

    @property
    def instance(self) -> Instance:
        """What was compiled of the Corefile."""
        return self.process.instance

    @property
    def network(self) -> Network:
        """Whom the server can ask."""
        return self.process.network

    @property
    def source(self) -> Source:
        """The Corefile."""
        return self.process.source

    @property
    def release(self) -> releases.Release:
        """The CoreDNS release."""
        return self.process.release

    @property
    def world(self) -> World:
        """Everything outside of the Corefile."""
        return self.process.world

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the Corefile, CoreDNS's own first error first."""
        return self.process.findings

    def start(self) -> None:
        """Start it. Raises CorefileError where CoreDNS would refuse to, or would end right after (see `loop`)."""
        self.process.start()

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
        if not self.process.started:
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
        if not self.process.started:
            self.start()
        return self._exchange(bytes(octets), client, to, transport, trace)

    def _exchange(self, msg: Msg | bytes, client: str | None, to: str, transport: str, trace: bool) -> Reply:
        ip, port = _address(to)
        client_ip, client_port = _address(client or self.world.client, 40212)
        if ":" in ip and ":" not in client_ip:
            client_ip = "::1"
        instance: Instance = self.instance
        listener = instance.listener(ip, port)
        kept = Trace() if trace else None
        if listener is None or instance.ended is not None or not (self.world.is_own_address(ip) or listener.host == ip):
            return Reply(None, 0.0, [], kept, instance)
        ctx = Context(
            self.world,
            client=client_ip,
            client_port=client_port,
            server=listener.label,
            server_ip=ip,
            server_port=port,
            proto=transport,
            trace=kept,
        )
        if kept is not None:
            kept.left_out = ctx.left_out
        reply: Msg | None
        try:
            if isinstance(msg, bytes):
                msg = accept.read(msg, self.release, transport)
            reply = instance.exchange(msg, ctx, listener)
        except accept.Unreadable as e:
            reply = e.reply
        log, instance.pending = instance.pending, []
        return Reply(reply, ctx.elapsed, log, kept, instance, ctx.left_out)

    def get(self, url: str) -> tuple[int | None, str]:
        """Status and body of an HTTP GET of an endpoint, such as `:8080/health`."""
        self.start()
        return self.instance.http_get(url)

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


def build(source: Source, release: releases.Release, world: World) -> Instance:
    """Compile a Corefile and do not start it: `findings` of the result tell what is wrong."""
    return compile_source(source, release, world, find)


def load(
    path: str | os.PathLike[str], *, release: str | releases.Release = "1.14.7", world: World | None = None
) -> Server:
    """A server for the Corefile in a file. The file may be a ConfigMap with a Corefile in it, as Kubernetes YAML.

    Raises CorefileError for a Corefile that CoreDNS would refuse, OSError for a file that cannot be read, ValueError for
    one without a Corefile in it, and for text in place of a path.
    """
    server = read(path, release, world)
    server.start()
    return server


def loads(
    text: str | bytes | Source, *, release: str | releases.Release = "1.14.7", world: World | None = None
) -> Server:
    """A server for a Corefile that is given as text. The text may be a ConfigMap with a Corefile in it.

    Raises CorefileError for a Corefile that CoreDNS would refuse, ValueError for a manifest without a Corefile in it.
    """
    server = reads(text, release, world)
    server.start()
    return server


def read(path: str | os.PathLike[str], release: str | releases.Release, world: World | None) -> Server:
    """As `load`, but the server may have errors, and is yet to be started."""
    found = releases.find(release)
    where = os.fspath(path)
    if not isinstance(where, str) or "\n" in where or "{" in where or not where:
        raise ValueError("this is the text of a Corefile, not the path of one: `loads` and `checks` take text")
    with open(where, "rb") as file:
        source, beside = _corefile_in(where, decode(file.read()))
    if world is None:
        world = World(files=DictFiles(beside) if beside else DiskFiles(os.path.dirname(where) or "."))
    return Server(source, found, world)


def reads(text: str | bytes | Source, release: str | releases.Release, world: World | None) -> Server:
    """As `loads`, but the server may have errors, and is yet to be started."""
    found = releases.find(release)
    if isinstance(text, Source):
        return Server(text, found, world or World())
    if isinstance(text, bytes):
        text = decode(text)
    elif not isinstance(text, str):
        raise TypeError(
            f"the text of a Corefile is a str, bytes or a Source, not {type(text).__name__}: `load` takes a path"
        )
    source, beside = _corefile_in("<text>", text)
    return Server(source, found, world or World(files=DictFiles(beside)))


def _corefile_in(path: str, text: str) -> tuple[Source, Mapping[str, Source]]:
    """The Corefile in a text, which may be a ConfigMap, and the files that the ConfigMap has beside it."""
    from .language import configmap as manifests

    found = manifests.find(path, text)
    if not found:
        raise ValueError(f"{path}: no ConfigMap in it has a Corefile")
    return found[0].source, found[0].files


__all__ = ["Server", "build", "load", "loads", "read", "reads"]
