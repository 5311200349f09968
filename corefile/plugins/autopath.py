"""autopath - walks the client's search path in its place.

Description: a pod that looks up `www.example.com` asks first for `www.example.com.NAMESPACE.svc.cluster.local`, then
for the name below each further element of its search path, and at last for the name itself. autopath notices the first
of these questions, asks the plugins behind it for all of them in turn, and answers with the first that exists: an alias
from the name that was asked leads to it. Where none exists, the first answer is given, and the client walks on alone.

Syntax: `autopath [ZONES...] RESOLV_CONF | @PLUGIN`

The search path is that of the file's `search` (or `domain`) line, or what the plugin says of the client: `@kubernetes`
knows the namespaces of pods if it has `pods verified`. It is followed for names in the zones.

Examples: `autopath @kubernetes` together with `kubernetes cluster.local { pods verified }`;
`autopath example.org /etc/resolv.conf`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..chain.declare import Given, Reads, Rest
from ..chain.query import Handler, Next, Outcome, Panic, Query, Result, failed
from ..chain.setup import Setup
from ..chain.shapes import Plugin
from ..chain.types import Invalid, Zone
from ..dns.codes import CNAME, IN, NXDOMAIN
from ..dns.message import Msg, Question
from ..dns.names import count_labels, fqdn, is_subdomain, longest_match
from ..dns.names import labels as split
from ..dns.rr import RR
from ..golang.quoting import quote
from ..language.words import decode
from ._upstream import PANIC


class Config(NamedTuple):
    """zones: where the path is walked. search: the path of a file, its last element ''; () for that of `plugin`."""

    zones: tuple[str, ...]
    search: tuple[str, ...] = ()
    plugin: str = ""


class Autopath(Plugin):
    """Asks for a name below each element of a search path."""

    ARGUMENTS = (Rest("words", doc="zones, and last a file like /etc/resolv.conf or `@` and a plugin's name"),)
    READS = Reads(block=False)

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        self.config: Config = config
        self.search: Callable[[Query], list[str] | None] | None = None
        self.metric = "coredns_autopath_success_" + ("total" if setup.release >= "1.7.0" else "count_total")
        self.by_server = setup.release >= "1.1.3"

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """There has to be something to take the search path from."""
        if not given.values["words"]:
            raise Invalid(
                "autopath needs a search path",
                hint="write `autopath @kubernetes` or `autopath RESOLV_CONF`",
                coredns="no resolv-conf specified",
                located=False,
            )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The last word says where the search path comes from; those before it are zones."""
        *words, source = given.values["words"]
        zones = setup.origins(tuple(Zone().convert(word, setup.release) for word in words))
        if source.startswith("@"):
            return Config(zones, plugin=source[1:])
        files = setup.world.files
        data = b"" if source and files.is_dir(source) else files.read(source)
        if data is None:
            raise Invalid(
                f"there is no file `{source}`",
                hint="for a plugin's search path write `@` before its name",
                coredns=f"failed to parse {quote(source)}: open {source}: no such file or directory",
                located=False,
            )
        return Config(zones, search=(*_search(decode(data)), ""))

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """The zones of the last line; the last file and the last plugin, of which the plugin comes first."""
        search = next((c.search for c in reversed(configs) if c.search), ())
        plugin = next((c.plugin for c in reversed(configs) if c.plugin), "")
        return Config(configs[-1].zones, search, plugin)

    def check(self) -> None:
        """Complain of a plugin that has no search paths; one that is not there at all is no error."""
        handler, name = self._provider(), self.config.plugin
        if handler is not None and not hasattr(handler, "autopath_search") and self.setup.release >= "1.0.2":
            self.setup.error(
                "no-search-path",
                f"`{name}` knows no search path",
                None,
                hint="only kubernetes and erratic do",
                located=False,
                coredns=f"{name} does not implement the AutoPather interface",
            )
        elif name and handler is None:
            self.setup.warn(
                "missing-plugin", f"`{name}` is not in this server block", hint="autopath does nothing without it"
            )

    def start(self) -> None:
        """Find the plugin that knows the search path."""
        self.search = getattr(self._provider(), "autopath_search", None)

    def _provider(self) -> Handler | None:
        return next((h for h in self.setup.site.handlers if h.IN_CHAIN and h.name == self.config.plugin), None)

    def serve(self, query: Query) -> Outcome:
        """Walk the path if this is the first question of a walk, else pass on."""
        if longest_match(self.config.zones, query.name) is None:
            return Next(("{} is outside {}", query.qname, " and ".join(self.config.zones)))
        path = self.config.search if self.search is None else self.search(query)
        if not path:
            return Next(("no search path is known for {}", query.ctx.client))
        if not path[0] or not is_subdomain(path[0], query.name):
            return Next(("{} is not below {}, the first element of the search path", query.qname, path[0] or "''"))
        base = _without(query.qname, path[0])
        if base is None:
            return failed(
                2,
                f"trimzone: overshot qname: {query.qname}for zone {path[0]}",
                "the name is the search path's first element itself, where CoreDNS fails",
            )
        return self._walk(query, base, path)

    def _walk(self, query: Query, base: str, path: tuple[str, ...] | list[str]) -> Result:
        first: Result | None = None
        for element in path:
            result = self.rest(query.asking(f"{base}.{element}"))
            if result.error is not None:
                return Result(None, result.rcode, result.error, result.why, result.plugin)
            first = first or result
            if result.server_writes:
                continue
            if result.reply is None:
                raise Panic(PANIC)
            if result.reply.rcode == NXDOMAIN:
                continue
            labels = (("server", query.ctx.server),) if self.by_server else ()
            self.setup.instance.metrics.inc(self.metric, labels)
            return Result(_renamed(result.reply, query.qname), result.rcode, None, ("found as {}.{}", base, element))
        assert first is not None
        if first.server_writes:
            return Result(None, first.rcode, None, first.why, first.plugin)
        return Result(
            first.reply,
            first.rcode,
            None,
            ("no element of the search path has {}; this is the answer for the first", base),
        )


def _renamed(reply: Msg, name: str) -> Msg:
    """The reply as one to a question for `name`: an alias leads to the first record with another owner."""
    msg = reply.copy()
    for rr in msg.answer:
        if rr[0].lower() != name.lower():
            msg.answer.insert(0, RR(name, CNAME, IN, rr[3], (rr[0],)))
            break
    question = reply.question
    if question is not None:
        msg.question = Question(name, question[1], question[2])
    return msg


def _without(name: str, zone: str) -> str | None:
    """`name` without the labels of `zone` and the dot before them; None where nothing is left."""
    keep = count_labels(name) - count_labels(zone)
    if keep <= 0:
        return None
    return ".".join(split(name)[:keep])


def _search(text: str) -> list[str]:
    """The search list of a resolv.conf: the last `search` or `domain` line counts."""
    found: list[str] = []
    for line in text.split("\n"):
        words = line.split()
        if words and words[0] in ("search", "domain"):
            found = words[1:] if words[0] == "search" else words[1:2]
    return [fqdn(word).lower() for word in found]


__all__ = ["Autopath", "Config"]
