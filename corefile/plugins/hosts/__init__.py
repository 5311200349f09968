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

from typing import TYPE_CHECKING

from ...chain.declare import Arg, Given, Opt, Property, Reads, Rest
from ...chain.fall import FALLTHROUGH, Fall
from ...chain.query import Next, Outcome, Query, Why, failed, fallthrough
from ...chain.rules import since
from ...chain.shapes import Plugin
from ...chain.types import Duration, Invalid, Zone
from ...dns.message import AAAA, IN, NXDOMAIN, PTR, RR, SERVFAIL, A
from ...dns.names import fqdn, is_sendable, longest_match, next_label
from ...golang.addresses import from_reverse
from ...world.clock import Timer
from ._config import Config, Ttl, configured
from ._entries import Entries, parse

if TYPE_CHECKING:
    from ...chain.setup import Setup


class Hosts(Plugin):
    """Answers from hosts files."""

    ARGUMENTS = (
        Opt("file", doc="the hosts file"),
        Rest("zones", Zone(), doc="the zones; or those of the server block"),
    )
    PROPERTIES = (
        FALLTHROUGH,
        Property("fallthrough_unsupported", since="1.14.7", doc="pass on types other than A, AAAA and PTR, too"),
        Property("no_reverse", since="1.4.0", extra="lines", doc="answer no PTR question"),
        Property(
            "ttl",
            Arg("seconds", Ttl()),
            since="1.4.0",
            extra="ignore",
            arity="ttl needs a time in second",
            doc="TTL of all answers",
        ),
        Property(
            "reload",
            Arg(
                "interval",
                Duration(
                    min=0,
                    error="invalid duration for reload '{}'",
                    range_error="invalid negative duration for reload '{}'",
                ),
            ),
            since="1.4.0",
            arity="reload needs a duration (zero seconds to disable)",
            doc="how often the file is looked at; 0 for never",
        ),
    )
    READS = Reads(once=since("1.1.0"), free=(Rest("words"),), free_until="fallthrough")

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """`fallthrough` takes zones since CoreDNS 1.0.3."""
        if line.name == "fallthrough" and line.words and setup.release < "1.0.3":
            raise Invalid(
                "`fallthrough` takes no zones before CoreDNS 1.0.3",
                coredns=f"Wrong argument count or unexpected line ending after '{line.words[-1].text}'",
            )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The file and the entries; warns of a file that is not there."""
        return configured(given, setup, tuple(p.name for p in cls.PROPERTIES))

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """Up to 1.0.6 several directives were one, with the entries of all and the last one's zones."""
        last = configs[-1]
        given = [c for c in configs if c.path_given]
        falls = [c.fall for c in configs if c.fall is not None]
        return last._replace(
            path=given[-1].path if given else last.path,
            fall=falls[-1] if falls else None,
            inline="\n".join(c.inline for c in configs if c.inline),
        )

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.fall = Fall(config.fall)
        self.zones = config.zones
        self.ra = release < "1.3.1"
        self.apart = release >= "1.6.0"  # file and Corefile are looked up one after the other
        self.piles_up = "1.4.0" <= release < "1.6.0"  # the file anew is added to what there was
        self.nxdomain = release < "1.6.1"  # and nobody writes it
        self.checks_first = release >= "1.6.8"  # a name with an address of the other family is no reason to pass on
        self.passes_types = (release >= "1.14.5" and release < "1.14.7") or config.unsupported
        self.found = Entries()
        self.inline = self._parse(config.inline) if config.inline else Entries()
        if not self.apart:
            self.found.v4, self.found.v6 = self.inline.v4, self.inline.v6
            self.found.addresses = self.inline.addresses
        self._note_names()
        self.text: bytes | None = None
        self.timer: Timer | None = None

    # -- reading ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read the file, and look at it again from time to time."""
        self._read()
        if self.config.reload:
            self.timer = self.setup.world.clock.every(self.config.reload, self._read)

    def stop(self) -> None:
        """Look at it no more."""
        if self.timer is not None:
            self.timer.cancel()

    def _read(self) -> None:
        text = self.setup.world.files.read(self.config.path)
        if text is None and (not self.config.path_given or self.setup.world.files.is_dir(self.config.path)):
            text = b""  # every machine has an /etc/hosts; a directory can be opened, but nothing be read
        if text is None or text == self.text:
            return
        self.text = text
        fresh = self._parse(text.decode("utf-8", "surrogateescape"))
        if self.piles_up:
            fresh.add(self.found)
        elif not self.apart:
            fresh.add(self.inline)
        self.found = fresh
        self._note_names()
        release, metrics = self.setup.release, self.setup.instance.metrics
        if release >= "1.6.4":
            name = "coredns_hosts_entries" if release >= "1.7.0" else "coredns_hosts_entries_count"
            labels = (("hostsfile", self.config.path),) if release >= "1.11.4" else ()
            metrics.set(name, labels, fresh.count() + self.inline.count())
            metrics.set("coredns_hosts_reload_timestamp_seconds", (), self.setup.world.clock.now)

    def _note_names(self) -> None:
        """Note which names there are, since most that are asked for are none of them."""
        parts = (self.found, self.inline)
        self.names = frozenset().union(*(names for part in parts for names in (part.v4, part.v6)))
        self.wild = any(part.wild4 or part.wild6 for part in parts)

    def _parse(self, text: str) -> Entries:
        return parse(text, self.zones, self.config.reverse, self.setup.release)

    # -- answering ----------------------------------------------------------------------------------------------------

    def _lookup(self, name: str, type: int) -> list[str]:
        """The addresses of a name: those of the file first."""
        out: list[str] = []
        if name not in self.names and not self.wild:
            return out
        for part in (self.found, self.inline) if self.apart else (self.found,):
            exact, wild = (part.v4, part.wild4) if type == A else (part.v6, part.wild6)
            addresses = exact.get(name)
            if addresses:
                out += addresses
            elif wild:
                start = next_label(name, 0)
                if start >= 0:
                    out += wild.get("*." + name[start:], ())
        return out

    def _exists(self, name: str, type: int) -> bool:
        """Whether a name that has no records of `type` has an address all the same."""
        return bool((type != A and self._lookup(name, A)) or (type != AAAA and self._lookup(name, AAAA)))

    def serve(self, query: Query) -> Outcome:
        """The addresses of a name, or the names of an address."""
        name, type = query.name, query.type
        if type != PTR and longest_match(self.zones, name) is None:
            return Next(("{} is in none of its zones", name))
        answers: list[RR] = []
        if type == PTR:
            address = from_reverse(name)
            names = list(self.found.addresses.get(address, ()))
            if self.apart:
                names += self.inline.addresses.get(address, ())
            if not names:
                return Next(("no entry has the address of {}", name))
            answers = [RR(name, PTR, IN, self.config.ttl, (fqdn(n),)) for n in names]
        elif type in (A, AAAA):
            answers = [RR(name, type, IN, self.config.ttl, (a,)) for a in self._lookup(name, type)]
        elif self.passes_types and self.fall.through(name):
            return fallthrough("only A, AAAA and PTR are answered, and `fallthrough` covers other types")
        if answers:
            why: Why = ("{} has {} entr{}", name, len(answers), "y" if len(answers) == 1 else "ies")
        else:
            exists = self._exists(name, type)
            if not (exists and self.checks_first):
                if self.fall.through(name):
                    return fallthrough(("no entry for {}", name))
                if not exists:
                    why = ("no entry for {}; {}", name, self.fall.ends())
                    return failed(NXDOMAIN if self.nxdomain else SERVFAIL, None, why)
            why = ("{} has entries, but none for this type", name)
        reply = query.msg.reply()
        reply.aa = True
        reply.ra = self.ra
        reply.answer = answers
        result = self.write(query, reply, why)
        if type == PTR and not all(is_sendable(rr[4][0]) for rr in answers):
            result.unsendable = True
            result.why = "a name in the answer has an empty label or one that is too long, so nothing can be sent"
        return result


__all__ = ["Config", "Hosts"]
