"""What the differential draws: Corefiles, files beside them, and questions near what these tell apart.

A directive is drawn by a function here (`@drawer`), which gives its lines in a server block, and names near which questions are
worth asking. To add one, write such a function; `Draw` has what it needs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from corefile.releases import Release


class Ports(NamedTuple):
    """Ports of 127.0.0.1: of an upstream, where nothing listens, of metrics, of a primary, of an upstream over gRPC, and
    of stores by name. api: the loopback address of an API server, which is at port 8080. servers: of the servers that
    are asked, by transport, `dns` among them. pages: of the endpoints of directives, by name."""

    upstream: int
    closed: int
    scraped: int
    primary: int
    grpc: int
    stores: Mapping[str, int]
    api: str
    servers: Mapping[str, int] = MappingProxyType({"dns": 53})
    pages: Mapping[str, int] = MappingProxyType({})


class Draw(random.Random):
    """A source of chances that knows the release it draws for, and where everything is."""

    def __init__(self, seed: str, release: Release, ports: Ports) -> None:
        super().__init__(seed)
        self.release = release
        self.ports = ports

    def often(self, chance: float) -> bool:
        """True in `chance` of all cases."""
        return self.random() < chance

    def some(self, options: list[str], most: int) -> list[str]:
        """One to `most` of them, in any order."""
        return self.sample(options, self.randint(1, min(most, len(options))))

    def label(self) -> str:
        """A label; there are few, so that rules and names meet."""
        return self.choice(["a", "b", "c", "al", "www", "x-a", "srv", "m", "in", "ext"])

    def domain(self) -> str:
        """A domain: `int` has a zone file, `hosts` entries of hosts, `up` is known to the upstream."""
        return self.choice(["int.example", "int.example", "pub.example", "ext.example", "up.example", "hosts.example"])

    def name(self) -> str:
        """A name without its last dot."""
        return (
            f"{self.label()}.{self.domain()}" if self.often(0.85) else f"{self.label()}.{self.label()}.{self.domain()}"
        )

    def spelled(self, word: str) -> str:
        """A word, seldom with other letters' case."""
        return word.upper() if self.often(0.06) else word.title() if self.often(0.05) else word


class Piece(NamedTuple):
    """A directive: its lines, files that they name, names of interest, types of interest.

    primary: the Corefile and the files of another CoreDNS that it needs. awaits: what the log says, and how often, once it is
    ready; it is ready after `seconds`. changes: files that become others while it runs, or none; they are looked at every 200 ms.
    cluster: objects of Kubernetes. cluster_changes: steps that change them. stores: what is in outside stores, by directive.
    store_changes: those that become others while it runs, and are fetched every 250 ms.
    addresses: those that the machine has besides 127.0.0.0/8. env: the environment, beside what there is.
    servers: transports that the block is served in besides plain DNS. steps: some beside the questions. asked: what
    changes the questions. reloads: what makes another Corefile of this one while it runs; it is looked at every two
    seconds.
    """

    lines: list[str]
    files: Mapping[str, str | bytes] = MappingProxyType({})
    names: Sequence[str] = ()  # each with a type that is worth asking, where there is one
    types: Sequence[str] = ()
    primary: tuple[str, Mapping[str, str]] | None = None
    awaits: tuple[str, int] = ("", 0)
    seconds: float = 0.0
    changes: Mapping[str, str | None] = MappingProxyType({})
    cluster: Sequence[Mapping[str, Any]] = ()
    cluster_changes: Sequence[Mapping[str, Any]] = ()
    stores: Mapping[str, Any] = MappingProxyType({})
    store_changes: Mapping[str, Any] = MappingProxyType({})
    addresses: Sequence[str] = ()
    env: Mapping[str, str] = MappingProxyType({})
    servers: Sequence[str] = ()
    reloads: Callable[[str], str] | None = None
    steps: Sequence[Mapping[str, Any]] = ()
    asked: Callable[[dict[str, Any]], dict[str, Any]] | None = None


DRAWERS: dict[str, Callable[[Draw], Piece]] = {}


def drawer(draw: Callable[[Draw], Piece]) -> Callable[[Draw], Piece]:
    """Register how a directive is drawn, under the function's name."""
    DRAWERS[draw.__name__.rstrip("_")] = draw
    return draw


@drawer
def rewrite(draw: Draw) -> Piece:
    """One to four rules of all types."""
    lines: list[str] = []
    names: list[str] = []
    for _ in range(draw.randint(1, 4)):
        words, near = rule(draw)
        names += near
        mode = draw.choice(["", "", "continue ", "continue ", "stop "])
        if draw.often(0.15) and draw.release >= "1.0.5":
            head, *answers = words.split(" answer ")
            block = [f"    {head}", *(f"    answer {x}" for x in answers)]
            lines += [f"rewrite {mode}{{", *block, "}"]
        else:
            lines.append(f"rewrite {mode}{words}")
    return Piece(lines, {}, names)


def rule(draw: Draw) -> tuple[str, list[str]]:
    """The words of a rewrite rule, and names that it is about."""
    release = draw.release
    kinds = ["name"] * 6 + ["type", "class", "edns0", "edns0"]
    kinds += ["ttl", "ttl"] * (release >= "1.2.3")
    kinds += ["cname"] * 2 * (release >= "1.11.0") + ["rcode"] * 2 * (release >= "1.11.3")
    kind = draw.choice(kinds)
    if kind == "type":
        return f"type {' '.join(draw.sample(['A', 'AAAA', 'MX', 'TXT', 'ANY', 'SRV', 'CNAME'], 2))}", []
    if kind == "class":
        return f"class {draw.choice(['CH IN', 'IN CH', 'HS IN', 'IN ANY'])}", []
    if kind == "edns0":
        return edns0_rule(draw), []
    if kind == "name":
        return name_rule(draw)
    if kind == "cname":
        way, old, new = draw.choice(
            [
                ("", draw.name() + ".", draw.name() + "."),
                ("exact", "a.int.example.", draw.name() + draw.choice([".", ""])),
                ("suffix", ".up.example.", ".int.example."),
                ("suffix", ".int.example.", draw.choice([".up.example.", ".hosts.example."])),
                ("prefix", draw.choice(["a.", "b", "x-"]), draw.choice(["b.", "c", "a."])),
                ("substring", draw.choice(["up", "a.int", "."]), draw.choice(["int", "b.up"])),
                ("regex", r"(.*)\.(int|up)\.example\.$", draw.choice(["{1}.int.example.", "{0}", "b.{2}.example."])),
                ("regex", draw.choice(["^a", "(x", "^b.int.example.$"]), "c.up.example."),
            ]
        )
        return f"cname {way} {old} {new}".replace("  ", " "), ["al.int.example", "out.int.example", "out.up.example"]
    way, about, near = matching(draw)
    if kind == "ttl":
        bounds = ["0", "30", "4000"] + ["20-40", "60-", "-45", "100-100"] * (release >= "1.9.4")
        return f"ttl {way} {about} {draw.choice(bounds)}".replace("  ", " "), near
    old, new = (
        draw.choice(["NXDOMAIN", "NOERROR", "SERVFAIL", "REFUSED", "3"]),
        draw.choice(["NOERROR", "NXDOMAIN", "REFUSED", "servfail", "NOTIMP", "23"]),
    )
    return f"rcode {way} {about} {old} {new}".replace("  ", " "), near


def matching(draw: Draw) -> tuple[str, str, list[str]]:
    """A way to match a name, what it looks for, and names that it finds."""
    name = draw.name()
    label, domain = name.split(".", 1)
    way = draw.choice(["", "exact", "prefix", "suffix", "substring", "regex"])
    about = {
        "": name,
        "exact": draw.spelled(name),
        "prefix": label,
        "suffix": draw.choice([domain, "." + domain, "example"]),
        "substring": draw.choice([domain, f".{domain.split('.')[0]}", label]),
        "regex": draw.choice([rf"(.*)\.{re.escape(domain)}\.$", f"^{label}", ".*", r"^([a-z]*)\.(.*)$"]),
    }[way]
    return way, about, [name]


def name_rule(draw: Draw) -> tuple[str, list[str]]:
    """A rule about names, with what may follow it in the release."""
    release = draw.release
    old, new = draw.sample(["int.example", "pub.example", "ext.example", "up.example", "hosts.example"], 2)
    label, other = draw.label(), draw.label()
    way = draw.choice(["", "exact", "prefix", "suffix", "suffix", "substring", "regex", "regex"])
    if release < "1.0.2":
        way = ""
    long = "l" * draw.choice([20, 63, 64]) if draw.often(0.06) else ""
    words = {
        "": f"{draw.spelled(f'{label}.{old}')} {other}.{new}",
        "exact": f"exact {label}.{old} {draw.choice([f'{other}.{new}', new, '.'])}",
        "prefix": f"prefix {draw.choice([label + '.', 'x-', label])} {draw.choice([other + '.', 'y.', long + other])}",
        "suffix": f"suffix {draw.choice(['', '.'])}{old} {draw.choice(['', '.'])}{new}",
        "substring": f"substring {draw.choice([old, f'.{old}', 'a.', label + '.'])} {draw.choice([new, f'.{new}', 'b.', '.'])}",
        "regex": draw.choice(
            [
                rf"regex (.*)\.{re.escape(old)} {{1}}.{new}",
                rf"regex ^([a-z]+)\.(.+)\.{re.escape(old)}\.$ {{2}}.{{1}}.{long}{new}",
                rf"regex ^{label}\.(.*)$ {other}.{{1}}",
                rf"regex (.*) {draw.choice(['{1}', '{0}', long + '{1}', f'{other}.{new}'])}",
            ]
        ),
    }[way]
    return f"name {words}" + answers(draw, way, old, new), [
        f"{label}.{old}",
        f"{draw.label()}.{old}",
        f"{label}.{draw.domain()}",
    ]


def answers(draw: Draw, way: str, old: str, new: str) -> str:
    """What follows a name rule."""
    release = draw.release
    of_name = rf"name (.*)\.{re.escape(new)} {{1}}.{old}"
    of_value = draw.choice(
        [rf"value (.*)\.{re.escape(new)} {{1}}.{old}", r"value ^ns\.(.*)$ dns.{1}", "value (.*) {1}"]
    )
    wide = draw.choice(["name (.*) {1}", "name (.+) n.{1}", of_name])
    if release >= "1.8.4":
        if draw.often(0.35) or (not way and draw.often(0.8)):
            return ""
        tail = draw.choice([["auto"], ["auto"], [of_name], [of_name, of_value], [of_value], ["auto", of_value], [wide]])
        return "".join(f" answer {x}" for x in tail)
    if way != "regex" or release < "1.0.5" or draw.often(0.3):
        return ""
    if release >= "1.8.2":
        return "".join(
            f" answer {x}" for x in draw.choice([[of_name], [of_name, of_value], [of_value, of_value], [wide]])
        )
    return f" answer {draw.choice([of_name, wide])}"


def edns0_rule(draw: Draw) -> str:
    """A rule about options."""
    release = draw.release
    action = draw.choice(["set", "set", "append", "replace"] + ["unset"] * (release >= "1.12.3"))
    kind = draw.choice(["local", "local", "local", "nsid", "subnet"])
    revert = " revert" if release >= "1.11.4" and action != "unset" and draw.often(0.4) else ""
    code = draw.choice(["0xffee", "0xffee", "65001", "10", "8"] if draw.often(0.9) else ["3", "0b11"])
    data = draw.choice(
        ["0x0102", "0x", "text", "{qname}", "{qtype}", "{client_ip}", "{client_port}", "{protocol}", "{server_ip}"]
        + ["{server_port}"]
        + ["{a/b}"] * (release >= "1.2.0")
    )
    if action == "unset":
        return {"local": f"edns0 local unset {code}"}.get(kind, f"edns0 {kind} unset")
    if kind == "local":
        return f"edns0 local {action} {code} {data}{revert}"
    if kind == "nsid":
        return f"edns0 nsid {action}{revert}"
    return f"edns0 subnet {action} {draw.choice([0, 8, 20, 24, 32])} {draw.choice([0, 48, 56, 128])}{revert}"


@drawer
def file(draw: Draw) -> Piece:
    """A zone with records of many types."""
    out = draw.choice(["a.up.example.", "b.hosts.example.", "gone.up.example.", "al.pub.example."])
    text = f"""$ORIGIN int.example.
@ {draw.choice([40, 500])} IN SOA ns.int.example. host.int.example. 1 7200 3600 1209600 {draw.choice([20, 60])}
@ 50 IN NS ns.int.example.
ns 30 IN A 10.0.0.9
a 60 IN A 10.0.0.1
a 60 IN A 10.0.0.2
a 60 IN AAAA fd00::1
a 60 IN TXT "a.int.example."
b 35 IN A 10.0.0.3
al 70 IN CNAME a.int.example.
out 70 IN CNAME {out}
www 45 IN CNAME al
m 20 IN MX 5 a.int.example.
m 20 IN MX 7 mx.ext.example.
srv 25 IN SRV 1 2 80 b.int.example.
*.w 60 IN A 10.0.0.7
p 60 IN PTR a.int.example.
n 60 IN NAPTR 1 1 "s" "x" "" b.int.example.
d 60 IN DNAME sub.int.example.
a.sub 60 IN A 10.0.0.8
sub2.c 60 IN A 10.0.0.10
cut 60 IN NS ns.cut.int.example.
ns.cut 60 IN A 10.0.0.11
"""
    names = ["a", "b", "al", "out", "www", "m", "srv", "q.w", "p", "n", "a.d", "c", "x.cut", "none"]
    lines = ["file db.int int.example"]
    if draw.release >= "1.12.2" and draw.often(0.2):
        lines = ["file db.int int.example {", "    fallthrough", "}"]
    return Piece(lines, {"db.int": text}, [f"{name}.int.example" for name in draw.sample(names, 6)] + ["int.example"])


ZONE_TYPES = ("DS", "DNAME", "NSEC", "RRSIG", "CAA", "DNSKEY", "AXFR", "IXFR", "TYPE4242")


def records(draw: Draw, origin: str, broken: float = 0.04) -> tuple[str, list[str]]:
    """A master file, and names near which questions about it are worth asking, each with a type. broken: how
    likely it cannot be loaded."""
    labels = ["a", "b", "c", "w", "*", "X", "cut", "d", "a\\.b", "e-e", "_s"]

    def name() -> str:
        own = ".".join(draw.choices(labels, [9, 8, 6, 6, 5, 3, 4, 3, 1, 1, 1])[0] for _ in range(draw.randint(1, 3)))
        return f"*.{own}" if draw.often(0.08) else own

    owners = [name() for _ in range(draw.randint(3, 12))]

    def target() -> str:
        elsewhere = ["a.int.example.", "a.up.example.", "gone.up.example.", f"{draw.label()}.{origin}.", "@"]
        return draw.choice([*owners, *owners, name(), draw.choice(elsewhere)])

    def data(kind: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "A": lambda: f"192.0.2.{draw.randint(1, 4)}",
            "AAAA": lambda: f"2001:db8::{draw.randint(1, 3)}",
            "TXT": lambda: draw.choice(['"x"', '"a b" c', '"' + "l" * 200 + '"']),
            "MX": lambda: f"{draw.randint(1, 2)} {target()}",
            "SRV": lambda: f"1 2 80 {target()}",
            "CNAME": target,
            "DNAME": target,
            "NS": target,
            "PTR": target,
            "DS": lambda: "60485 13 2 D4B7D520",
            "CAA": lambda: '0 issue "ca.example"',
            "NSEC": lambda: f"{draw.choice(owners)} A RRSIG NSEC",
            "RRSIG": lambda: (
                f"{draw.choice(['A', 'SOA', 'NS', 'NSEC', 'CNAME', 'DS'])} 13 3 60 20300101000000 20200101000000 "
                f"1 {origin}. b2xk"
            ),
            "HTTPS": lambda: f"1 {target()} alpn=h2",
            "TYPE4242": lambda: "\\# 2 abcd",
        }
        return makers[kind]()

    kinds = {
        "A": 9,
        "AAAA": 4,
        "TXT": 3,
        "MX": 2,
        "SRV": 2,
        "CNAME": 5,
        "NS": 4,
        "DNAME": 2,
        "PTR": 1,
        "DS": 2,
        "CAA": 1,
    }
    kinds |= {"NSEC": 3, "RRSIG": 4, "TYPE4242": 1} | ({"HTTPS": 2} if draw.release >= "1.8.4" else {})
    out = [f"$TTL {draw.choice([60, 3600])}"] * draw.often(0.8)
    soa = f"NS host 7 7200 3600 1209600 {draw.choice([20, 60])}"
    out.append(f"@ {draw.choice(['', '120 ']) if out else '90 '}SOA {soa}")
    out += [f"@ NS {draw.choice(['ns', 'ns.other.', target()])}" for _ in range(draw.randint(0, 2))]
    apex = ["A", "MX", "TXT", "CAA", "NSEC", "RRSIG", "RRSIG"]
    out += [f"@ {kind} {data(kind)}" for kind in draw.sample(apex, draw.randint(0, 3))]
    asked = [f"{origin} {kind}" for kind in ("A", "SOA", "NS", "AXFR", "IXFR", "MX")]
    for owner in owners:
        for kind in draw.choices(list(kinds), list(kinds.values()), k=draw.randint(1, 3)):
            out.append(f"{owner} {draw.choice(['', '', '5 '])}{kind} {data(kind)}")
            asked.append(f"{owner}.{origin} {kind if kind not in ('CNAME', 'DNAME', 'NS') else 'A'}")
    if draw.often(0.2):
        out.append(f"$GENERATE 1-3 g$ A 10.9.0.$\n$ORIGIN sub.{origin}.\nin A 10.9.1.1")
        asked += [f"g2.{origin} A", f"in.sub.{origin} A"]
    if draw.often(broken):
        out.insert(draw.randint(1, len(out)), draw.choice(["bad A 1.2.3", "x NSEC3PARAM 1 0 1 ab", "(", "y TXT"]))
    return "\n".join(out) + "\n", [one.replace("*", draw.choice(["*", "q", "q"])) for one in asked]


def may_have(draw: Draw) -> list[str]:
    """Lines of a property that lets others have the zone, in releases where the plugins with zones have it."""
    return (
        [f"    transfer to {draw.choice(['*', '*', '127.0.0.2'])}"]
        if draw.release < "1.8.0" and draw.often(0.6)
        else []
    )


@drawer
def zone(draw: Draw) -> Piece:
    """A zone with anything in it."""
    text, names = records(draw, "z.example")
    changes: dict[str, str | None] = {}
    if draw.release >= "1.6.0" and draw.often(0.3):
        after, more = records(draw, "z.example", broken=0.2)
        changes["db.z"] = draw.choice(
            [after, after.replace(" host 7 ", " host 9 "), after.replace(" host 7 ", " host 9 "), None]
        )
        names = [*names, *more]
    lines = [
        "    reload 200ms" * bool(changes),
        "    fallthrough" * (draw.release >= "1.12.2" and draw.often(0.2)),
        *may_have(draw),
    ]
    lines = ["file db.z z.example" + " other.example" * draw.often(0.1) + " {", *filter(None, lines), "}"]
    lines = lines if len(lines) > 2 else [lines[0].removesuffix(" {")]
    return Piece(lines, {"db.z": text}, names * 3, ZONE_TYPES, changes=changes)


@drawer
def auto(draw: Draw) -> Piece:
    """Two zones in a folder."""
    found = [records(draw, origin) for origin in ("z.example", "b.z.example")]
    files = {f"zones/{name}": text for name, (text, _) in zip(["db.z.example", "db.b.z.example"], found, strict=True)}
    lines = ["auto" + draw.choice(["", " example", " z.example"]) + " {", "    directory zones" + draw.choice(["", ""])]
    lines += may_have(draw)
    changes: dict[str, str | None] = {}
    if draw.release >= "1.6.0" and draw.often(0.3):
        lines.append("    reload 200ms")
        name, origin = draw.choice([("db.z.example", "z.example"), ("db.c.z.example", "c.z.example")])
        after, more = records(draw, origin)
        changes[f"zones/{name}"] = None if name in files and draw.often(0.3) else after.replace(" host 7 ", " host 9 ")
        found.append(("", more))
    return Piece([*lines, "}"], files, [name for _, names in found for name in names], ZONE_TYPES, changes=changes)


@drawer
def transfer(draw: Draw) -> Piece:
    """Who may have zones."""
    if draw.release < "1.8.0":
        return Piece([])
    return Piece(
        [f"transfer {draw.choice(['', 'z.example ', '. '])}{{", f"    to {draw.choice(['*', '*', '127.0.0.2'])}", "}"]
    )


@drawer
def secondary(draw: Draw) -> Piece:
    """A zone that another CoreDNS has."""
    text, names = records(draw, "s.example")
    begin = f".:{draw.ports.primary} {{\n    bind 127.0.0.1\n    file db.s s.example"
    to = (
        " {\n        transfer to *\n    }\n}\n"
        if draw.release < "1.8.0"
        else "\n    transfer {\n        to *\n    }\n}\n"
    )
    lines = ["secondary s.example {", f"    transfer from 127.0.0.1:{draw.ports.primary}", *may_have(draw), "}"]
    primary = (begin + to, {"db.s": text})
    return Piece(lines, {}, names * 3, ZONE_TYPES, primary, ("Transferred: s.example.", 1), 1.0)


ZONE_KEY = "sg.example. IN DNSKEY 257 3 13 RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ=="
ZONE_PRIVATE = "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n"


@drawer
def sign(draw: Draw) -> Piece:
    """A zone that is signed, and served."""
    text, names = records(draw, "sg.example", broken=0)
    lines = ["sign db.sg sg.example {", "    key file K", "    directory .", "}"]
    lines += ["file db.sg.example.signed sg.example {", "    reload 300ms", *may_have(draw), "}"]
    files = {"db.sg": text, "K.key": ZONE_KEY, "K.private": ZONE_PRIVATE}
    return Piece(
        lines, files, names * 3, (*ZONE_TYPES, "CDS", "CDNSKEY"), None, ('Successfully reloaded zone "sg.', 1), 2.0
    )


@drawer
def hosts(draw: Draw) -> Piece:
    """Some entries."""
    lines = [
        "hosts {",
        "    10.1.0.1 a.hosts.example www.hosts.example",
        "    10.1.0.2 b.hosts.example a.ext.example",
        "    fd00::2 b.hosts.example",
    ]
    if draw.often(0.3):
        lines.append(f"    ttl {draw.choice([7, 100])}")
    if draw.often(0.2):
        lines.append("    no_reverse")
    lines.append(f"    fallthrough{draw.choice(['', '', '', ' ext.example', ' in-addr.arpa'])}")
    names = ["a.hosts.example", "b.hosts.example", "a.ext.example", "2.0.1.10.in-addr.arpa", "none.hosts.example"]
    return Piece([*lines, "}"], {}, names)


@drawer
def forward(draw: Draw) -> Piece:
    """Everything else is asked elsewhere."""
    release = draw.release
    options = [
        [],
        [],
        ["force_tcp"],
        ["prefer_udp"],
        ["max_fails 0"],
        ["except int.example a.up.example"],
        ["expire 5s"],
        *([["failover SERVFAIL"], ["next NXDOMAIN"]] if release >= "1.13.0" else []),
    ]
    block = draw.choice(options)
    zone = draw.choice([".", ".", ".", "example", "up.example"])
    host = "127.0.0.1" if draw.often(0.95) else "0.0.0.0"
    head = f"forward {zone} {host}:{draw.ports.upstream if draw.often(0.93) else draw.ports.closed}"
    if draw.often(0.15) and release >= "1.1.2":  # of two servers the second one is asked each time
        head = f"forward {zone} {host}:{draw.ports.closed} {host}:{draw.ports.upstream}"
        block = ["policy sequential", "max_fails 0", *(x for x in block if x.split()[0] != "max_fails")]
    lines = [f"{head} {{", *(f"    {line}" for line in block), "}"] if block else [head]
    return Piece(
        lines, {}, ["a.up.example", "out.up.example", "echo.up.example", "short.up.example", "fail.up.example"]
    )


@drawer
def cache(draw: Draw) -> Piece:
    """A cache, with some of its properties."""
    release = draw.release
    head = f"cache{draw.choice(['', ' 20', ' 300', ' 2'])}{draw.choice(['', '', '', ' int.example', ' up.example hosts.example'])}"
    block = []
    if draw.often(0.25):
        block.append(f"success {draw.choice([100, 5000])} {draw.choice(['', '30', '300 60'])}")
    if draw.often(0.25):
        block.append(f"denial {draw.choice([100, 5000])} {draw.choice(['', '3', '300 10'])}")
    if draw.often(0.15):
        block.append(f"prefetch {draw.choice(['1', '2 1m', '1 5s 90%'])}")
    if draw.often(0.3) and release >= "1.7.0":
        block.append(f"serve_stale{draw.choice(['', ' 1h', ' 10s immediate' if release >= '1.9.4' else ' 10s'])}")
    if draw.often(0.15) and release >= "1.9.4":
        block.append(f"servfail {draw.choice(['0', '2s', '5s'])}")
    if draw.often(0.15) and release >= "1.9.4":
        block.append(f"disable {draw.choice(['success', 'denial'])}{draw.choice(['', ' int.example'])}")
    if draw.often(0.15) and release >= "1.10.1":
        block.append("keepttl")
    return Piece([f"{head} {{", *(f"    {line.rstrip()}" for line in block), "}"] if block else [head])


@drawer
def acl(draw: Draw) -> Piece:
    """A line or two, with types and networks."""
    release = draw.release
    actions = ["block", "allow"] + ["filter"] * (release >= "1.8.2") + ["drop"] * (release >= "1.10.1")
    lines = []
    for _ in range(draw.randint(1, 3)):
        types = draw.choice(["", "type A", "type A AAAA", "type ANY", "type MX TXT"])
        nets = draw.choice(["", "net 127.0.0.2", "net 127.0.0.0/8", "net 10.0.0.0/8 127.0.0.2/32", "net *"])
        lines.append(f"    {draw.choice(actions)} {types} {nets}".rstrip().replace("  ", " ").replace("   ", "    "))
    return Piece([f"acl {draw.choice(['', draw.domain()])} {{", *lines, "}"])


@drawer
def any_(draw: Draw) -> Piece:
    """Few words to ANY."""
    return Piece([f"any {draw.choice(['', draw.domain()])}".rstrip()])


@drawer
def bufsize(draw: Draw) -> Piece:
    """The size that is passed on."""
    return Piece([f"bufsize {draw.choice(['512', '1232', '600'])}"])


@drawer
def cancel(draw: Draw) -> Piece:
    """A timeout that nothing here reaches."""
    return Piece(["cancel 5s"])


@drawer
def chaos(draw: Draw) -> Piece:
    """What it is called, and whom it names: one author alone, for the order is random."""
    return Piece([f"chaos {draw.choice(['v1', 'v2'])} me"], {}, ["version.bind", "hostname.bind", "authors.bind"])


@drawer
def dns64(draw: Draw) -> Piece:
    """IPv6 for IPv4."""
    block = draw.choice([[], [], ["prefix 2001:db8:64::/96"], ["translate_all"]])
    if draw.release >= "1.11.0" and draw.often(0.2):
        block = [*block, "allow_ipv4"]
    lines = ["dns64 {", *(f"    {line}" for line in block), "}"] if block else ["dns64"]
    return Piece(lines, {}, ["a.up.example", "b.int.example", "a.int.example", "al.int.example"])


KEY = "IN DNSKEY 257 3 15 A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n"
PRIVATE = (
    "Private-key-format: v1.3\nAlgorithm: 15 (ED25519)\nPrivateKey: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
)


@drawer
def dnssec(draw: Draw) -> Piece:
    """Signatures with a key of the zone."""
    zone = draw.choice(["int.example", "hosts.example", "example"])
    lines = [f"dnssec {zone} {{", "    key file Kzone", "}"]
    names = [zone, f"a.{zone}", f"none.{zone}", "a.int.example", "x.cut.int.example"]
    return Piece(lines, {"Kzone.key": f"{zone}. {KEY}", "Kzone.private": PRIVATE}, names)


@drawer
def header(draw: Draw) -> Piece:
    """Flags of queries and replies."""
    sides = ["response ", "query "] if draw.release >= "1.9.4" else [""]
    lines = [
        f"    {draw.choice(sides)}{draw.choice(['set', 'clear'])} {' '.join(draw.some(['aa', 'ra', 'rd'], 2))}"
        for _ in range(draw.randint(1, 2))
    ]
    return Piece(["header {", *lines, "}"])


@drawer
def loadbalance(draw: Draw) -> Piece:
    """Another order, which is free in what is compared."""
    return Piece([draw.choice(["loadbalance", "loadbalance round_robin"])])


@drawer
def local(draw: Draw) -> Piece:
    """Names that stay here."""
    names = ["localhost", "localhost.a", "0.in-addr.arpa", "1.0.0.127.in-addr.arpa", "localhost.int.example"]
    return Piece(["local"], {}, [*names, "x.255.in-addr.arpa", "127.in-addr.arpa"])


@drawer
def log(draw: Draw) -> Piece:
    """Lines with and without a format, of some classes."""
    format = (
        draw.choice(
            [
                "",
                "",
                "{combined}" if draw.release >= "1.6.0" else "",
                '"{remote} {name} {type} {class} {size} {>do} {>bufsize} {rcode} {rsize}"',
                '"{proto} {>id} {>opcode} {>rflags} {server} {port}"'
                if draw.release >= "1.5.0"
                else '"{proto} {>opcode} {>rflags}"',
            ]
        )
        .replace("{>id} ", "")
        .replace(" {port}", "")
    )
    zone = draw.choice([".", ".", "int.example", "up.example"]) if format or draw.often(0.3) else ""
    head = f"log {zone} {format}".rstrip()
    if draw.often(0.25):
        classes = " ".join(draw.some(["success", "denial", "error", "all"], 2))
        return Piece([f"{head} {{", f"    class {classes}", "}"])
    return Piece([head])


@drawer
def nsid(draw: Draw) -> Piece:
    """What the server calls itself."""
    return Piece([f"nsid {draw.choice(['here', 'two words'])}"])


@drawer
def metrics(draw: Draw) -> Piece:
    """Metrics, which are compared at the end."""
    return Piece([f"prometheus 127.0.0.1:{draw.ports.scraped}"])


@drawer
def autopath(draw: Draw) -> Piece:
    """A search path from a file."""
    text = "search int.example hosts.example up.example\n"
    zone = draw.choice(["", "int.example"])
    names = [
        "a.hosts.example.int.example",
        "b.int.example",
        "a.up.example.int.example",
        "none.int.example",
        "b.int.example",
    ]
    return Piece([f"autopath {zone} res.conf".replace("  ", " ")], {"res.conf": text}, names)


@drawer
def erratic(draw: Draw) -> Piece:
    """Every so many queries none is answered, or otherwise."""
    lines = [draw.choice(["drop 3", "truncate 2", "drop 2", "truncate", "drop 0"])]
    if draw.often(0.3):
        lines.append(draw.choice(["truncate 3", "delay 2 10ms", "large"]))
    return Piece(
        ["erratic int.example {", *(f"    {line}" for line in lines), "}"], {}, ["a.int.example", "int.example"]
    )


@drawer
def template(draw: Draw) -> Piece:
    """Stanzas of most kinds, some of which fail."""
    release = draw.release
    lines: list[str] = []
    for _ in range(draw.randint(1, 3)):
        zone = draw.choice(["tpl.example", "tpl.example", "int.example", "."])
        type = draw.choice(["A", "AAAA", "TXT", "MX", "ANY", "CNAME", "SRV", "PTR", "SOA"])
        pattern = draw.choice(["", r"^a[.]", r"^(?P<a>[a-z]*)[.](?P<b>.*)$", r"^ip-([0-9]+)[.]", "(x|b)"])
        value = {
            "A": [
                "10.9.0.{{ len .Name }}",
                "10.9.0.1",
                "{{ index .Match 0 | len }}",
                "10.9.{{ if .Zone }}1{{ end }}.1",
            ],
            "AAAA": ["fd00::{{ len .Name }}"],
            "TXT": [r"\"{{ .Zone }} {{ .Class }} {{ .Type }}\"", r"\"{{ .Group }}\"", r"\"{{ .Message.Id | len }}\""],
            "MX": ["5 a.int.example.", "{{ len .Match }} {{ .Name }}"],
            "CNAME": ["a.int.example.", "b.up.example.", "{{ .Group.a }}.int.example.", ".x.up.example."],
            "SRV": ["1 2 3 {{ .Name }}"],
            "PTR": ["{{ .Group.b }}."],
            "SOA": ["ns.{{ .Zone }} h.{{ .Zone }} 1 2 3 4 5"],
        }
        kind = draw.choice(["A", "TXT", "CNAME"]) if type == "ANY" else type
        record = f"{draw.choice(['{{ .Name }}', 'x.tpl.example.', '{{ .Zone }}'])} {draw.choice(['60 ', '', '2 '])}IN {kind} {draw.choice(value[kind])}"
        if draw.often(0.06):
            record = draw.choice(
                ["", "{{/* none */}}", "; nothing", ".{{ .Name }} 60 IN A 1.2.3.4", "{{ nope }}", "{{ .Nope }}"]
            )
        section = draw.choice(["answer"] * 4 + ["additional", "authority"])
        block = [f'{section} "{record}"']
        if draw.often(0.25):
            block.append('authority "{{ .Zone }} 30 IN NS ns.{{ .Zone }}"')
        if pattern:
            block.append(f'match "{pattern}"')
        if draw.often(0.15):
            block.append(f"rcode {draw.choice(['NXDOMAIN', 'SERVFAIL', 'REFUSED', 'NOERROR'])}")
        if release >= "1.10.1" and draw.often(0.1):
            block.append('ederror 21 "Blocked"')
        if draw.often(0.6):
            block.append(f"fallthrough{draw.choice(['', '', ' int.example'])}")
        lines += [f"template IN {type} {zone} {{", *(f"    {line}" for line in block), "}"]
    return Piece(lines, {}, ["a.tpl.example", "ip-7.tpl.example", "b.tpl.example", "x.tpl.example", "a.int.example"])


@drawer
def minimal(draw: Draw) -> Piece:
    """Answers alone."""
    return Piece(["minimal"])


@drawer
def errors(draw: Draw) -> Piece:
    """Errors in the log."""
    return Piece(["errors"])


def _alone(name: str) -> None:
    def draw(draw: Draw) -> Piece:
        return Piece([name])

    draw.__name__ = name
    drawer(draw)


for _name in ("whoami", "metadata", "loop"):
    _alone(_name)

NAMES = {"metrics": "prometheus", "zone": "file"}
"""Drawers that are not called as their directives are."""
NEEDS = {"geoip": "metadata", "k8s_external": "kubernetes", "federation": "kubernetes"}
"""The directive that another one needs beside it."""
USUAL = {"errors": 0.7, "log": 0.6, "file": 0.8, "hosts": 0.4, "forward": 0.7, "cache": 0.35}
"""How often a directive that is not asked for stands in a server block; any other does in one of fourteen."""
RELOADED = 3.6
"""Seconds in which a changed Corefile has been looked at, and has taken the place of the old one."""
CHANGED = 0.7
"""Seconds in which changed files have been looked at."""
ALONE = frozenset(
    (
        "loop",
        "erratic",
        "view",
        "secondary",
        "sign",
        "federation",
        "route53",
        "azure",
        "clouddns",
        "servers",
        "shed",
        "odd",
        "tsig",
        "reload",
    )
)
"""Those that only stand where they are asked for."""
OF_ALL = frozenset(("servers", "odd", "tsig", "bind", "shed", "reload"))
"""Those that are alike in all server blocks: they are about the servers that blocks share, or about the questions."""


class Scene(NamedTuple):
    """A Corefile, files beside it, and steps: questions, some of them after a while. scraped: the port of metrics, 0
    for none. servers: the ports of the servers that are asked, by transport. collector: the port of what takes the
    frames of dnstap, 0 for none. primaries, awaits, seconds, cluster, stores, addresses, env: see Piece."""

    corefile: str
    files: Mapping[str, str | bytes]
    steps: list[dict[str, Any]]
    scraped: int = 0
    primaries: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    awaits: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0
    cluster: Sequence[Mapping[str, Any]] = ()
    stores: Mapping[str, Any] = MappingProxyType({})
    addresses: Sequence[str] = ()
    env: Mapping[str, str] = MappingProxyType({})
    servers: Mapping[str, int] = MappingProxyType({})
    collector: int = 0


def scene(draw: Draw, wanted: list[str]) -> Scene:
    """Server blocks with the directives that are wanted, and some of the others."""
    wanted = chosen(draw, wanted)
    has = [name for name in wanted if known(name, draw.release)]
    of_all = {name: DRAWERS[name](draw) for name in has if name in OF_ALL}
    servers = ("dns", *(x for piece in of_all.values() for x in piece.servers))
    views = draw.randint(2, 3) if "view" in has else 1
    zones = ["."] * views if views > 1 else [draw.choice([".", ".", ".", "example"])]
    if views == 1 and len(servers) > 1 and draw.often(0.3):
        zones = draw.sample([".", "example", "int.example"], 2)
    blocks: list[str] = []
    pieces: list[Piece] = []
    for number, zone in enumerate(zones):
        has, others = beside(draw, wanted, has)
        own = [of_all.get(name) or DRAWERS[name](draw) for name in [*has, *others] if name != "view"]
        lines = [f"    {line}" for piece in own for line in piece.lines]
        if views > 1 and (number < views - 1 or draw.often(0.3)):
            expressions = [f"        expr {expression(draw)}" for _ in range(draw.randint(1, 2))]
            lines += [f"    view v{number} {{", *expressions, "    }"]
        pieces += own
        here = [x for x in servers if len(zones) in (1, views) or draw.often(0.7)] or servers
        keys = ", ".join(f"{x}://{zone}:{draw.ports.servers[x]}".removeprefix("dns://") for x in here)
        blocks.append(f"{keys} {{\n" + "\n".join(lines) + "\n}\n")
    corefile = "".join(blocks)
    return Scene(
        corefile,
        files={path: text for piece in pieces for path, text in piece.files.items()},
        steps=steps_of(draw, corefile, pieces, list(of_all.values())),
        scraped=draw.ports.scraped if f":{draw.ports.scraped}" in corefile else 0,
        primaries=dict(piece.primary for piece in pieces if piece.primary),
        awaits=tuple(piece.awaits for piece in pieces if piece.awaits[0]),
        seconds=max((piece.seconds for piece in pieces), default=0.0),
        cluster=united(pieces),
        stores={name: given for piece in pieces for name, given in piece.stores.items()},
        addresses=[address for piece in pieces for address in piece.addresses],
        env={name: value for piece in pieces for name, value in piece.env.items()},
        servers={x: draw.ports.servers[x] for x in servers},
        collector=draw.ports.pages.get("dnstap", 0) if "dnstap tcp:" in corefile else 0,
    )


def chosen(draw: Draw, wanted: list[str]) -> list[str]:
    """The directives that are wanted, with those that they need, and a few of all in place of `all`."""
    if "all" in wanted:
        wanted = [name for name in wanted if name != "all"]
        wanted += draw.some([name for name in DRAWERS if name not in ALONE], 4)
        wanted += ["view"] * draw.often(0.1) + ["erratic"] * draw.often(0.05) + ["loop"] * draw.often(0.02)
    return list(dict.fromkeys([*wanted, *(NEEDS[x] for x in wanted if x in NEEDS and draw.often(0.9))]))


def beside(draw: Draw, wanted: list[str], has: list[str]) -> tuple[list[str], list[str]]:
    """The wanted directives that a server block has, and others beside them."""
    others = [x for x in DRAWERS if x not in wanted and x not in ALONE and draw.often(USUAL.get(x, 0.07))]
    others = [x for x in others if known(x, draw.release) and x not in OF_ALL]
    if draw.release < "1.11.4" and "zone" in [*has, *others] and "auto" in [*has, *others]:
        has, others = ([x for x in names if x != "auto"] for names in (has, others))  # it is chance who has the zone
    if "grpc" in wanted and draw.often(0.8):
        others = [x for x in others if x != "forward"]  # which would leave it nothing
    return has, others


def steps_of(draw: Draw, corefile: str, pieces: Sequence[Piece], of_all: Sequence[Piece]) -> list[dict[str, Any]]:
    """Questions, and what happens between them. of_all: the pieces that are alike in all server blocks."""
    names = [name for piece in pieces for name in piece.names] or ["a.int.example"]
    types = [x for piece in pieces for x in piece.types]
    steps = [query(draw, names, types) for _ in range(14)]
    if draw.often(0.12):
        for at in sorted(draw.sample(range(4, 14), draw.randint(1, 2))):
            steps[at]["after"] = f"{draw.choice([1.5, 2.5])}s"
            steps[at]["query"] = steps[draw.randrange(4)]["query"]  # which may still be stored
    for asked in (piece.asked for piece in of_all if piece.asked is not None):
        steps = [asked(step) for step in steps]
    for step in (step for piece in pieces for step in piece.steps):
        steps.insert(draw.randint(0, len(steps)), dict(step))
    changes = {
        "write": {path: text for piece in pieces for path, text in piece.changes.items()},
        "store": {name: given for piece in pieces for name, given in piece.store_changes.items()},
    }
    if any(changes.values()):
        steps[7]["after"] = f"{CHANGED}s"
        steps[7:7] = [{what: change} for what, change in changes.items() if change]
    for change in next((piece.cluster_changes for piece in pieces if piece.cluster_changes), ()):
        at = draw.randint(3, 9)
        steps.insert(at, dict(change))
        steps[at + 1 :] = draw.sample(steps[:at], min(2, at)) + steps[at + 1 :]  # which may be answered otherwise now
    for reloads in (piece.reloads for piece in of_all if piece.reloads is not None):
        at = draw.randint(4, len(steps) - 4)
        steps[at]["after"] = f"{RELOADED}s"
        steps.insert(at, {"write": {"Corefile": reloads(corefile)}})
    return steps


def known(name: str, release: Release) -> bool:
    """Whether a release has what a drawer draws; `servers` and `odd` are no directives, and fit each release."""
    return name in ("servers", "odd") or release.has(NAMES.get(name, name))


def united(pieces: Sequence[Piece]) -> list[Mapping[str, Any]]:
    """The objects of all pieces; of those with one name, the last."""
    found = {}
    for item in (item for piece in pieces for item in piece.cluster):
        found[(item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"])] = item
    return list(found.values())


def expression(draw: Draw) -> str:
    """An expression of a view."""
    return draw.choice(
        [
            f"type() in ['A', '{draw.choice(['MX', 'TXT', 'AAAA'])}']",
            "incidr(client_ip(), '127.0.0.2/32')",
            "not incidr(client_ip(), '127.0.0.2/32')",
            f"name() endsWith '{draw.domain()}.'",
            f"name() matches '^{draw.label()}[.]'",
            "do()",
            "proto() == 'tcp'",
            "bufsize() > 1000 && !do()",
            "size() > 36",
            "class() == 'IN' and opcode() == 0",
            "len(name()) % 2 == 0",
        ]
    )


def query(draw: Draw, names: list[str], types: Sequence[str] = ()) -> dict[str, Any]:
    """A question near one of the names."""
    name, _, own_type = draw.choice(names).partition(" ")
    if draw.often(0.3 if own_type[1:] != "XFR" else 0.1):
        label, _, rest = name.partition(".")
        name = draw.choice(
            [f"{draw.label()}.{name}", rest or name, f"{draw.label()}.{rest or name}", f"{label}.{draw.domain()}"]
        )
    type = draw.choice(
        [
            "A",
            "A",
            "A",
            "A",
            "AAAA",
            "MX",
            "SRV",
            "TXT",
            "CNAME",
            "ANY",
            "NS",
            "SOA",
            "PTR",
            "NAPTR",
            "HTTPS",
            "DNSKEY",
            "DS",
            *types,
        ]
    )
    type = own_type if own_type and draw.often(0.7) else type
    if name.endswith("arpa") and draw.often(0.7):
        type = "PTR"
    cls = "CH " if draw.often(0.5 if name.endswith(".bind") else 0.03) else ""
    if cls and name.endswith(".bind"):
        type = "TXT"
    step: dict[str, Any] = {"query": f"{draw.spelled(name)}. {cls}{type}"}
    if type == "IXFR" and draw.often(0.7):
        step["serial"] = draw.choice([6, 7, 7, 8])
    if type == "SOA" and types and draw.often(0.15):
        step["opcode"] = "NOTIFY"
    if draw.often(0.4):
        step["edns"] = {"udp": draw.choice([512, 1232, 4096]), "do": draw.often(0.7 if types else 0.3)}
        if draw.often(0.5):
            options = {65518: "aa", 65001: "bbcc", 10: "0011223344556677", 3: ""}
            step["edns"]["options"] = {code: options[code] for code in draw.sample(sorted(options), draw.randint(1, 2))}
        if draw.often(0.2):
            step["edns"]["subnet"] = "198.51.100.0/24"
    if draw.often(0.12) or (type in ("AXFR", "IXFR") and draw.often(0.9)):
        step["transport"] = "tcp"
    if draw.often(0.15):
        step["from"] = "127.0.0.2"
    if draw.often(0.1):
        step["flags"] = draw.choice(["none", "rd ad", "rd cd"])
    return step
