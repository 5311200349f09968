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
from functools import partial

from ..chain.capabilities import SearchPath
from ..chain.metrics import Labels
from ..light import NamedTuple
from ..plugin import (
    Answerer,
    Arg,
    Below,
    Client,
    Declaration,
    Given,
    Handler,
    Landmark,
    MissingFile,
    Next,
    Outcome,
    Panic,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Result,
    Setup,
    Type,
    Why,
    Zones,
    changed,
    count_labels,
    dns,
    failed,
    is_subdomain,
    labels,
    parse_ip,
    quote,
    since,
)
from ._paths import cannot_read
from ._resolvconf import search_list
from ._upstream import PANIC

NO_PATH = Reason("no-search-path", "no search path is known for {}: {}")
NOT_FIRST = Reason("not-below-first-element", "{} is not below {}, the first element of the search path")
FIRST_ITSELF = Reason("first-element", "the name is the search path's first element itself, where CoreDNS fails")
FOUND = Reason("found", "found as {}.{}")
NOWHERE = Reason("found-nowhere", "no element of the search path has {}; this is the answer for the first")
NO_PROVIDER = Reason("no-provider", "there is no plugin `{}` in this server block")
EMPTY_FILE = Reason("no-search-line", "the file has no `search` line")


class Source(NamedTuple):
    """Where the path comes from. search: that of a file, its last element ''. plugin: the one that knows it."""

    search: tuple[str, ...] = ()
    plugin: str = ""


class ResolvConf(Type):
    """A file like /etc/resolv.conf, or `@` and the name of a plugin."""

    label = "source"
    example = "@kubernetes"

    def settle(self, value: str, given: Given, setup: Setup) -> Source:
        """The path of the file. Raises MissingFile where there is no such file."""
        if value.startswith("@"):
            return Source(plugin=value[1:])
        files = setup.world.files
        data = b"" if value and files.is_dir(value) else files.read(value)
        if data is None:
            raise MissingFile(
                value,
                f"there is no file `{value}`",
                hint="for a plugin's search path write `@` before its name",
                coredns=f"failed to parse {quote(value)}: {cannot_read(value, files)}",
                located=False,
                at=given.words[-1].span,
            )
        return Source((*search_list(data), ""))


class Autopath(Answerer):
    """Asks for a name below each element of a search path."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="where the path is followed; default: the server block's zones")
        source: Source = Arg(
            ResolvConf(),
            missing="no resolv-conf specified",
            doc="a file like /etc/resolv.conf, or `@` and a plugin's name",
        )

    class Rules(ReleaseRules):
        metric = changed(
            "coredns_autopath_success_count_total",
            {"1.7.0": "coredns_autopath_success_total"},
            "the counter of names that were found",
        )
        metric_by_server = since("1.1.3", "the counter has the label `server`")
        needs_search = since("1.0.2", "a plugin that knows no search path is refused")

    READS = Reads(block=False)
    config: Config
    rules: Rules

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """The zones of the last line; the last file and the last plugin, of which the plugin comes first."""
        sources = [c.source for c in reversed(configs)]
        search = next((s.search for s in sources if s.search), ())
        return configs[-1].replace(source=Source(search, next((s.plugin for s in sources if s.plugin), "")))

    def prepare(self) -> None:
        """The plugin that knows the search path is there at the start."""
        self.search: Callable[[str, str], SearchPath] | None = None

    def check(self) -> None:
        """Complain of a plugin that has no search paths; one that is not there at all is no error."""
        handler, name = self._provider(), self.config.source.plugin
        if handler is not None and not hasattr(handler, "autopath_search") and self.rules.needs_search:
            self.setup.error(
                "no-search-path",
                f"`{name}` knows no search path",
                None,
                hint="only kubernetes and erratic do",
                located=False,
                coredns=f"{name} does not implement the AutoPather interface",
            )
        elif name and handler is None:
            self.setup.misses(name)

    def start(self) -> None:
        """Find the plugin that knows the search path."""
        self.search = getattr(self._provider(), "autopath_search", None)

    def _provider(self) -> Handler | None:
        return next((h for h in self.setup.site.handlers if h.IN_CHAIN and h.name == self.config.source.plugin), None)

    def answer(self, query: Query, zone: str) -> Outcome:
        """Walk the path if this is the first question of a walk, else pass on."""
        path, why = self._path(query.name, query.ctx.client)
        if not path or not path[0]:
            if self.search is None and self.config.source.plugin:
                why = (NO_PROVIDER, self.config.source.plugin)
            return Next((NO_PATH, query.ctx.client, why))
        if not is_subdomain(path[0], query.name):
            return Next((NOT_FIRST, query.qname, path[0]))
        base = _without(query.qname, path[0])
        if base is None:
            error = f"trimzone: overshot qname: {query.qname}for zone {path[0]}"
            return failed(dns.SERVFAIL, error, FIRST_ITSELF())
        return self._walk(query, base, path)

    def _path(self, name: str, client: str) -> SearchPath:
        if self.search is None:
            return SearchPath(self.config.source.search, EMPTY_FILE())
        return self.search(name, client)

    def _walk(self, query: Query, base: str, path: tuple[str, ...]) -> Result:
        first: Result | None = None
        for element in path:
            result: Result = self.rest(query.asking(f"{base}.{element}")).last_message()
            if result.error is not None:
                return result.withdrawn()
            first = first or result
            if result.server_writes:
                continue
            if result.reply is None:
                raise Panic(PANIC)
            if result.reply.rcode != dns.NXDOMAIN:
                server = (("server", query.ctx.server),) if self.rules.metric_by_server else ()
                self._count(query, server)
                return self._written(result, _renamed(result.reply, query.qname), (FOUND, base, element))
        assert first is not None
        if first.server_writes or first.reply is None:
            return first.withdrawn()
        return self._written(first, first.reply, (NOWHERE, base))

    def _count(self, query: Query, labels: Labels) -> None:
        """Count an answer, once it is written."""
        count = partial(self.setup.instance.metrics.inc, self.rules.metric, labels)
        if query.ctx.afterwards is None:
            count()
        else:
            query.ctx.afterwards += (count,)

    def _written(self, result: Result, reply: dns.Msg, why: Why) -> Result:
        """The result with a reply that autopath has written itself."""
        found = result.replying(reply, why)
        found.plugin = self.name
        return found

    def landmarks(self) -> list[Landmark]:
        """The first element of each path, and the clients that have one."""
        provider = self._provider()
        clients = [] if self.search is None else list(getattr(provider, "autopath_clients", tuple)())
        paths = {self._path(zone, client)[0][:1] for client in (*clients, "") for zone in self.scope.zones}
        marks = [Client(f"{ip}/{128 if ':' in ip else 32}", "has a path") for ip in clients if parse_ip(ip)]
        return [*marks, *(Below(path[0], "first of a path") for path in sorted(paths) if path and path[0])]

    def image(self, name: str, client: str) -> tuple[str, ...]:
        """See `capabilities.Images`."""
        path = self._path(name, client)[0] if self.scope.longest(name) is not None else ()
        if not path or not path[0] or not is_subdomain(path[0], name):
            return ()
        base = _without(name, path[0])
        return (name,) if base is None else tuple(f"{base}.{element}" for element in path)

    def sources(self, name: str, client: str) -> tuple[str, ...]:
        """See `capabilities.Images`."""
        path = self._path(name, client)[0] if self.search is None else self._path(self.scope.zones[0], client)[0]
        ends = [element for element in path if is_subdomain(element or ".", name)] if path and path[0] else []
        bases = [_without(name, element or ".") for element in ends]
        return tuple(f"{base}.{path[0]}" for base in bases if base)


def _renamed(reply: dns.Msg, name: str) -> dns.Msg:
    """The reply as one to a question for `name`: an alias leads to the first record with another owner."""
    msg = reply.copy()
    for rr in msg.answer:
        if rr[0].lower() != name.lower():
            msg.answer.insert(0, dns.RR(name, dns.CNAME, dns.IN, rr[3], (rr[0],)))
            break
    question = reply.question
    if question is not None:
        msg.question = dns.Question(name, question[1], question[2])
    return msg


def _without(name: str, zone: str) -> str | None:
    """`name` without the labels of `zone` and the dot before them; None where nothing is left."""
    keep = count_labels(name) - count_labels(zone)
    return ".".join(labels(name)[:keep]) if keep > 0 else None


__all__ = ["Autopath"]
