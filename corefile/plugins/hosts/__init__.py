"""hosts - answers from a file like /etc/hosts, and from lines of the Corefile.

Description: A, AAAA and PTR questions are answered from the file and from the lines in the block together; the file
is looked at again every few seconds. Since 1.14.5 an entry `*.example.org` stands for all names one label below
example.org. A name that neither has is passed on where `fallthrough` covers it; so is every name outside ZONES, and
every address that no entry has.

Syntax:

    hosts [FILE [ZONES...]] {
        [ADDRESS NAME...]
        ttl SECONDS
        no_reverse
        reload DURATION
        fallthrough [ZONES...]
        fallthrough_unsupported
    }

Examples: `hosts` reads /etc/hosts; `hosts { 10.0.0.1 a.example.org  fallthrough }` adds an entry of its own.
"""

from __future__ import annotations

from re import escape

from ...chain.types import nearest
from ...plugin import (
    Answerer,
    Declaration,
    Duration,
    Exact,
    Fall,
    Fallthrough,
    Free,
    Given,
    Int,
    Landmark,
    Line,
    Next,
    Opt,
    Outcome,
    Pattern,
    Query,
    Reads,
    Reason,
    Rest,
    Result,
    Scope,
    Setup,
    Zones,
    dns,
    failed,
    fallthrough,
    from_reverse,
    parse_ip,
    since,
)
from .._observer import debugging
from ._entries import Entries, Lookup, parse
from ._file import DEFAULT, HostsFile
from ._rules import HostsRules

FOUND = Reason("found", "{} has {} {}")
OTHER_FAMILY = Reason("no-entry-of-this-type", "{} has entries, but none for this type")
NO_ENTRY = Reason("no-entry", "no entry for {}; {}")
PASSED_ON = Reason("no-entry-passed-on", "no entry for {}")
NO_ADDRESS = Reason("no-entry-for-address", "no entry has the address of {}")
OTHER_TYPE = Reason("other-type-passed-on", "only A, AAAA and PTR are answered, and `fallthrough` covers other types")


ENTRY = "an entry is an address and its names"


def _entry(line: Given, setup: Setup) -> str:
    """An entry of the block, as a line of a hosts file. Warns of a line that is no entry."""
    words: tuple[str, ...] = line.values["entry"]
    first = words[0]
    if first.startswith("#"):
        return " ".join(words)
    if parse_ip(first.partition("%")[0]) is None:
        known = {p.name: p.since for p in Hosts.PROPERTIES}  # of all releases
        came = known.get(first)
        setup.warn(
            "ignored-line",
            f"`{first}` is neither an address nor a property: CoreDNS ignores the line",
            line.span,
            hint=f"it came with CoreDNS {came}" if came else ENTRY,
            meant="" if came else nearest(first, list(known)),
        )
    elif len(words) == 1:
        said = f"`{first}` has no name behind it: CoreDNS ignores the line"
        setup.warn("ignored-line", said, line.span, hint=ENTRY)
    return " ".join(words)


class Hosts(Answerer):
    """Answers from hosts files."""

    class Config(Declaration):
        file: str | None = Opt(HostsFile(), doc="the hosts file")
        zones: tuple[str, ...] = Zones(doc="the zones; or those of the server block")
        fallthrough: Fall = Fallthrough(zones="1.0.3")
        fallthrough_unsupported: bool = Line(
            since="1.14.7",
            needs=("fallthrough", "fallthrough_unsupported requires fallthrough"),
            doc="pass on types other than A, AAAA and PTR, too",
        )
        no_reverse: bool = Line(since="1.4.0", extra="lines", doc="answer no PTR question")
        ttl: int = Line(
            Int(min=1, max=65535, error="ttl needs a number of second", range_error="ttl provided is invalid"),
            default=3600,
            since="1.4.0",
            extra="ignore",
            arity="ttl needs a time in second",
            doc="TTL of all answers",
        )
        reload: float = Line(
            Duration(
                min=0,
                error="invalid duration for reload '{}'",
                range_error="invalid negative duration for reload '{}'",
            ),
            default=5.0,
            since="1.4.0",
            arity="reload needs a duration (zero seconds to disable)",
            doc="how often the file is looked at; 0 for never",
        )
        inline: str = Free(
            Rest("entry"), read=_entry, build="\n".join, until="fallthrough", doc="an address, and its names"
        )

    Rules = HostsRules
    READS = Reads(once=since("1.1.0"))
    FLAGS = ("type A", "type AAAA", "type PTR")
    config: Config
    rules: HostsRules

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """Up to 1.0.6 several directives were one, with the entries of all and the last one's zones."""
        files = [c.file for c in configs if c.file is not None]
        return configs[-1].replace(
            file=files[-1] if files else None,
            fallthrough=Fall.last(c.fallthrough for c in configs),
            inline="\n".join(c.inline for c in configs if c.inline),
        )

    def prepare(self) -> None:
        """The entries of the block; those of the file come at the start."""
        config = self.config
        self.scope = Scope(config.zones, any_name=(dns.PTR,))
        self.passes_types = self.rules.passes_types or config.fallthrough_unsupported
        self.lookup = Lookup(parse(config.inline, config.zones, not config.no_reverse, self.rules), self.rules)
        self.text: bytes | None = None

    # -- reading ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read the file, and look at it again from time to time."""
        self._read()
        if self.config.reload:
            self.every(self.config.reload, self._read)

    def _read(self) -> None:
        config, files = self.config, self.setup.world.files
        path = config.file or DEFAULT
        text = files.read(path)
        known = text is not None and path not in self.setup.world.assumed
        if text is None and (config.file is None or files.is_dir(path)):
            text = b""  # every machine has an /etc/hosts; a directory can be opened, but nothing be read
        if text is None or text == self.text:
            return
        self.text = text
        fresh = parse(text.decode("utf-8", "surrogateescape"), config.zones, not config.no_reverse, self.rules)
        self.lookup.take(fresh)
        if known and self.rules.tells_count and debugging(self.setup.instance):
            self.setup.log(f"[DEBUG] plugin/hosts: Parsed hosts file into {fresh.count()} entries")
        self._count(path, fresh)

    def _count(self, path: str, fresh: Entries) -> None:
        metrics, rules = self.setup.instance.metrics, self.rules
        if rules.entries_metric:
            labels = (("hostsfile", path),) if rules.metric_names_file else ()
            metrics.set(rules.entries_metric, labels, fresh.count() + self.lookup.inline.count())
            metrics.set("coredns_hosts_reload_timestamp_seconds", (), self.setup.world.clock.now)

    # -- answering ----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """The addresses of a name, or the names of an address."""
        name, type, fall = query.name, query.type, self.config.fallthrough
        if type == dns.PTR:
            return self._names(query)
        found: list[str] = []
        if type in (dns.A, dns.AAAA):
            found = self.lookup.addresses(name, type)
        elif self.passes_types and fall.through(name):
            return fallthrough(OTHER_TYPE())
        if found:
            rrs = [dns.RR(name, type, dns.IN, self.config.ttl, (a,)) for a in found]
            return self._reply(query, rrs)
        exists = self.lookup.exists(name, type)
        if not (exists and self.rules.checks_first):
            if fall.through(name):
                return fallthrough((PASSED_ON, name))
            if not exists:
                return failed(
                    dns.NXDOMAIN if self.rules.nxdomain else dns.SERVFAIL, None, (NO_ENTRY, name, fall.ends())
                )
        return self._reply(query, [])

    def _names(self, query: Query) -> Outcome:
        name = query.name
        names = self.lookup.names(from_reverse(name))
        if not names:
            return Next((NO_ADDRESS, name))
        return self._reply(query, [dns.RR(name, dns.PTR, dns.IN, self.config.ttl, (n,)) for n in names])

    def _reply(self, query: Query, answer: list[dns.RR]) -> Result:
        reply = query.msg.reply()
        reply.aa = True
        reply.ra = self.rules.sets_ra
        reply.answer = answer
        count = len(answer)
        why = (FOUND, query.name, count, "entry" if count == 1 else "entries") if answer else (OTHER_FAMILY, query.name)
        return self.write(query, reply, why)

    def entries(self) -> list[str]:
        """The names that it was given, wildcards included: those of an assumed file are none."""
        if (self.config.file or DEFAULT) in self.setup.world.assumed:
            return sorted({*self.lookup.inline.names()})
        return sorted({*self.lookup.entries()})

    def landmarks(self) -> list[Landmark]:
        """Each name, and each address by its reverse name; names that a wildcard stands for, where it is one."""
        names = self.lookup.landmarks()
        wild = [name.removeprefix("*") for name in names if name.startswith("*.")] if self.lookup.wild else []
        return [
            *(Exact(name) for name in names if not (wild and name.startswith("*."))),
            *(Pattern(base.removeprefix(".") or base, rf"^([^.\\]|\\.)+{escape(base)}$") for base in wild),
        ]
