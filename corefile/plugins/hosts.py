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

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from ..chain.addresses import from_reverse, parse_ip
from ..chain.clock import Timer
from ..chain.declare import Arg, Given, Opt, Plugin, Property, Rest
from ..chain.message import AAAA, IN, NXDOMAIN, PTR, RR, SERVFAIL, A
from ..chain.names import fqdn, is_sendable, longest_match, next_label
from ..chain.query import Next, Outcome, Query, Why, failed, fallthrough
from ..chain.types import Duration, Int, Invalid, Word, Zone
from ..chain.zonefile import quote
from ..keys import lower
from ._fall import FALLTHROUGH, Fall

if TYPE_CHECKING:
    from ..chain.server import Setup
    from ..releases import Release

DEFAULT = "/etc/hosts"
LONGEST = 64 * 1024
"""Octets of a line at which reading a file ends (Go's bufio.Scanner)."""


class Ttl(Int):
    """TTL of the answers, in seconds."""

    def convert(self, text: str, release: Release) -> int:
        """The number."""
        try:
            value = super().convert(text, release)
        except Invalid as e:
            raise Invalid(e.message, coredns="ttl needs a number of second") from None
        if not 0 < value <= 65535:
            raise Invalid(f"`{text}` is out of range: it has to be from 1 to 65535", coredns="ttl provided is invalid")
        return value


class Config(NamedTuple):
    """What a `hosts` directive says; times are in seconds. `path_given`: whether the Corefile names the file."""

    path: str
    path_given: bool
    zones: tuple[str, ...]
    inline: str
    fall: tuple[tuple[str, ...], ...] | None
    ttl: int = 3600
    reverse: bool = True
    reload: float = 5.0
    unsupported: bool = False


class Entries:
    """Names and addresses of one file, or of the Corefile's lines."""

    __slots__ = ("addresses", "v4", "v6", "wild4", "wild6")

    def __init__(self) -> None:
        self.v4: dict[str, list[str]] = {}
        self.v6: dict[str, list[str]] = {}
        self.wild4: dict[str, list[str]] = {}
        self.wild6: dict[str, list[str]] = {}
        self.addresses: dict[str, list[str]] = {}

    def add(self, other: Entries) -> None:
        """Add another one's. Only names with an IPv4 address bring their IPv6 addresses along: what CoreDNS does."""
        for name, found in other.v4.items():
            self.v4[name] = self.v4.get(name, []) + found
            if name in other.v6:
                self.v6[name] = self.v6.get(name, []) + other.v6[name]
        for address, names in other.addresses.items():
            self.addresses[address] = self.addresses.get(address, []) + names

    def count(self) -> int:
        """How many entries there are, in both directions."""
        return sum(len(x) for part in (self.v4, self.v6, self.wild4, self.wild6, self.addresses) for x in part.values())


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
    ONCE = True
    ONCE_SINCE = "1.1.0"
    FREE = (Rest("words", Word()),)
    FREE_UNTIL = "fallthrough"

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
        path = given.values["file"] or DEFAULT
        if setup.site.root and not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(setup.site.root, path))
        if given.values["file"] is not None:
            _look_at(path, setup)
        values: dict[str, Any] = {"fall": None}
        inline = []
        for line in given.lines:
            setup.span = line.span
            if line.name == "":
                inline.append(" ".join(line.values["words"]))
            elif line.name == "fallthrough":
                values["fall"] = line.values["zones"]
            elif line.name == "ttl":
                values["ttl"] = line.values["seconds"]
            elif line.name == "reload":
                values["reload"] = line.values["interval"]
            elif line.name == "no_reverse":
                values["reverse"] = False
            elif line.name == "fallthrough_unsupported":
                values["unsupported"] = True
        if values.get("unsupported") and values["fall"] is None:
            line = given.all("fallthrough_unsupported")[0]
            setup.error(
                "missing-property",
                "`fallthrough_unsupported` has no effect without `fallthrough`",
                line.span,
                hint="add `fallthrough`",
                coredns="fallthrough_unsupported requires fallthrough",
                token=given.end,
            )
        setup.span = given.span
        return Config(
            path=path,
            path_given=given.values["file"] is not None,
            zones=setup.origins(given.values["zones"]),
            inline="\n".join(inline),
            **values,
        )

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
        self.wildcards = release >= "1.14.5"
        self.passes_types = (release >= "1.14.5" and release < "1.14.7") or config.unsupported
        self.found = Entries()
        self.inline = self._parse(config.inline) if config.inline else Entries()
        if not self.apart:
            self.found.v4, self.found.v6 = self.inline.v4, self.inline.v6
            self.found.addresses = self.inline.addresses
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
        if text is None and self.setup.world.files.is_dir(self.config.path):
            text = b""  # a directory can be opened, but nothing be read
        if text is None or text == self.text:
            return
        self.text = text
        fresh = self._parse(text.decode("utf-8", "surrogateescape"))
        if self.piles_up:
            fresh.add(self.found)
        elif not self.apart:
            fresh.add(self.inline)
        self.found = fresh
        release, metrics = self.setup.release, self.setup.instance.metrics
        if release >= "1.6.4":
            name = "coredns_hosts_entries" if release >= "1.7.0" else "coredns_hosts_entries_count"
            labels = (("hostsfile", self.config.path),) if release >= "1.11.4" else ()
            metrics.set(name, labels, fresh.count() + self.inline.count())
            metrics.set("coredns_hosts_reload_timestamp_seconds", (), self.setup.world.clock.now)

    def _parse(self, text: str) -> Entries:
        out = Entries()
        reverse = self.config.reverse
        for line in text.split("\n"):
            if len(line) >= LONGEST:
                break
            words = line.partition("#")[0].split()
            if len(words) < 2:
                continue
            known = _address(words[0], self.setup.release)
            if known is None:
                continue
            family, address, printed = known
            for word in words[1:]:
                name = lower(fqdn(word))
                if longest_match(self.zones, name) is None:
                    continue
                wild = self.wildcards and name.startswith("*.")
                if family == 1:
                    (out.wild4 if wild else out.v4).setdefault(name, []).append(address)
                else:
                    (out.wild6 if wild else out.v6).setdefault(name, []).append(address)
                if reverse and not wild:
                    out.addresses.setdefault(printed, []).append(name)
        return out

    # -- answering ----------------------------------------------------------------------------------------------------

    def _lookup(self, name: str, type: int) -> list[str]:
        """The addresses of a name: those of the file first."""
        parent = ""
        if self.wildcards:
            start = next_label(name, 0)
            parent = "*." + name[start:] if start >= 0 else ""
        out: list[str] = []
        for part in (self.found, self.inline) if self.apart else (self.found,):
            exact, wild = (part.v4, part.wild4) if type == A else (part.v6, part.wild6)
            out += exact.get(name) or wild.get(parent, [])
        return out

    def _exists(self, name: str, type: int) -> bool:
        """Whether there is an address that was not asked for."""
        if not self.nxdomain or type not in (A, AAAA):
            return bool(self._lookup(name, A) or self._lookup(name, AAAA))
        return bool(self._lookup(name, AAAA if type == A else A))

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
        why: Why = ("{} has {} entr{}", name, len(answers), "y" if len(answers) == 1 else "ies")
        if not answers:
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


def _look_at(path: str, setup: Setup) -> None:
    """Warn of a file that is not there, as CoreDNS does. Raises Invalid where its directory is a file."""
    files = setup.world.files
    prefix = "plugin/hosts: " if setup.release >= "1.1.2" else ""
    if files.is_dir(path):
        what = "Hosts" if setup.release >= "1.1.2" else "hosts"
        setup.log(f"[WARNING] {prefix}{what} file {quote(path)} is a directory")
        setup.warn("hosts-directory", f"{path} is a directory, not a hosts file", setup.span)
    elif files.read(path) is None:
        above = posixpath.dirname(path)
        while above not in ("", "/"):
            if files.read(above) is not None:
                raise Invalid(
                    f"{above} is a file, not a directory",
                    coredns=f"unable to access hosts file '{path}': stat {path}: not a directory",
                )
            above = posixpath.dirname(above)
        setup.log(f"[WARNING] {prefix}File does not exist: {path}")
        setup.warn(
            "missing-file",
            f"there is no hosts file {path}",
            setup.span,
            hint="its entries are read as soon as it is there",
        )


def _address(word: str, release: Release) -> tuple[int, str, str] | None:
    """Family (1 or 2), address for a record, and the key for PTR; None for what is no address."""
    word = word.partition("%")[0]
    found = parse_ip(word)
    if found is None:
        return None
    version, address = found
    v4 = version == 4
    if release >= "1.6.0":
        family = 1 if v4 else 2
    elif release >= "1.4.0":  # what it looks like at its end
        family = 1 if "." in word[word.rfind(":") + 1 :] else 2
    else:  # at its beginning
        family = 2 if ":" in word else 1
    if family == 1:
        return 1, address if v4 else "0.0.0.0", address
    return 2, f"::ffff:{address}" if v4 else address, address


__all__ = ["Config", "Hosts"]
