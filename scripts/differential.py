"""Draw Corefiles and questions, ask a CoreDNS binary and the simulator, and show where they differ.

    COREDNS=/path/to/coredns make differential
    COREDNS=a:b:c python scripts/differential.py --cases 200 --seed 7 --directives rewrite,hosts

COREDNS names one binary or several, with `:` between them; each says itself which release it is. Everything listens on
127.0.0.1 at ports of its own, so nothing of the machine is touched and no rights are needed.

A directive is drawn by a function here (`@drawer`), which gives its lines in a server block, and names near which
questions are worth asking. To add one, write such a function; `Draw` has what they need. A case that differs is asked
again before it counts, since real time passes while a binary answers. `--keep DIR` writes those as test files.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from corefile.api import Server
from corefile.chain.reply import Reply
from corefile.dns import codes, wire
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR
from corefile.findings import CorefileError, Source
from corefile.releases import Release, find
from corefile.testing.compare import differences
from corefile.testing.observe import clean, describe, recorded
from corefile.world import World
from corefile.world.clock import Clock

PATIENCE = 2.0
"""Seconds to wait for a reply, or for a binary to say something."""
CHANGED = 0.7
"""Seconds in which changed files have been looked at."""
BRIEF = 0.4
"""Seconds to wait where no reply is expected."""
SETTLE = 0.4
"""Seconds in which the zones of a binary that is ready have been looked at, where they are looked at every 300 ms."""


# -- drawing ----------------------------------------------------------------------------------------------------------


class Draw(random.Random):
    """A source of chances that knows the release it draws for, and the ports of an upstream and of a primary."""

    def __init__(self, seed: str, release: Release, upstream: int, primary: int = 0) -> None:
        super().__init__(seed)
        self.release = release
        self.upstream = upstream
        self.primary = primary

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
    """

    lines: list[str]
    files: Mapping[str, str] = MappingProxyType({})
    names: Sequence[str] = ()  # each with a type that is worth asking, where there is one
    types: Sequence[str] = ()
    primary: tuple[str, Mapping[str, str]] | None = None
    awaits: tuple[str, int] = ("", 0)
    seconds: float = 0.0
    changes: Mapping[str, str | None] = MappingProxyType({})


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
        return {
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
        }[kind]()

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
    begin = f".:{draw.primary} {{\n    bind 127.0.0.1\n    file db.s s.example"
    to = (
        " {\n        transfer to *\n    }\n}\n"
        if draw.release < "1.8.0"
        else "\n    transfer {\n        to *\n    }\n}\n"
    )
    lines = ["secondary s.example {", f"    transfer from 127.0.0.1:{draw.primary}", *may_have(draw), "}"]
    primary = (begin + to, {"db.s": text})
    return Piece(lines, {}, names * 3, ZONE_TYPES, primary, ("Transferred: s.example.", 1), 1.0)


KEY = "sg.example. IN DNSKEY 257 3 13 RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ=="
PRIVATE = "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n"


@drawer
def sign(draw: Draw) -> Piece:
    """A zone that is signed, and served."""
    text, names = records(draw, "sg.example", broken=0)
    lines = ["sign db.sg sg.example {", "    key file K", "    directory .", "}"]
    lines += ["file db.sg.example.signed sg.example {", "    reload 300ms", *may_have(draw), "}"]
    files = {"db.sg": text, "K.key": KEY, "K.private": PRIVATE}
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
        "    fallthrough",
        "}",
    ]
    return Piece(lines, {}, ["a.hosts.example", "b.hosts.example", "a.ext.example", "2.0.1.10.in-addr.arpa"])


@drawer
def forward(draw: Draw) -> Piece:
    """Everything else is asked elsewhere."""
    return Piece([f"forward . 127.0.0.1:{draw.upstream}"], {}, ["a.up.example", "out.up.example", "echo.up.example"])


@drawer
def cache(draw: Draw) -> Piece:
    """A cache."""
    return Piece([f"cache {draw.choice([20, 300])}"])


@drawer
def acl(draw: Draw) -> Piece:
    """A line or two."""
    action = draw.choice(["block"] + ["filter"] * (draw.release >= "1.8.2") + ["drop"] * (draw.release >= "1.10.1"))
    return Piece([f"acl {draw.domain()} {{", f"    {action} {draw.choice(['type A', 'net 127.0.0.2/32', ''])}", "}"])


@drawer
def header(draw: Draw) -> Piece:
    """Flags of replies."""
    which = "response " if draw.release >= "1.9.4" else ""
    return Piece(["header {", f"    {which}{draw.choice(['set', 'clear'])} {draw.choice(['aa', 'ra', 'rd'])}", "}"])


@drawer
def log(draw: Draw) -> Piece:
    """Lines with and without a format."""
    return Piece(
        ["log" if draw.often(0.6) else 'log . "{remote} {name} {type} {class} {size} {>do} {>bufsize} {rcode} {rsize}"']
    )


def _alone(name: str) -> None:
    def draw(draw: Draw) -> Piece:
        return Piece([name])

    draw.__name__ = name
    drawer(draw)


for _name in ("errors", "minimal", "any", "whoami", "metadata", "nsid"):
    _alone(_name)

OF = {"zone": "file"}
"""Drawers that are not called as their directives are."""
USUAL = ("errors", "log", "cache", "file", "hosts", "forward", "acl", "header", "minimal", "any", "whoami", "metadata")


class Scene(NamedTuple):
    """A Corefile, files beside it, and questions. primary, awaits, seconds: see Piece."""

    corefile: str
    files: dict[str, str]
    queries: list[dict[str, Any]]
    primary: tuple[str, Mapping[str, str]] | None = None
    awaits: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0


def scene(draw: Draw, wanted: list[str], port: int) -> Scene:
    """A server block with the directives that are wanted, and some of the others."""
    chance = {"errors": 0.7, "log": 0.6, "file": 0.85, "hosts": 0.5, "forward": 0.7, "cache": 0.3}
    others = [x for x in USUAL if x not in wanted and draw.often(chance.get(x, 0.12))]
    pieces = [DRAWERS[name](draw) for name in [*wanted, *others] if draw.release.has(OF.get(name, name))]
    lines = [f"    {line}" for piece in pieces for line in piece.lines]
    files = {path: text for piece in pieces for path, text in piece.files.items()}
    names = [name for piece in pieces for name in piece.names] or ["a.int.example"]
    corefile = f".:{port} {{\n" + "\n".join(lines) + "\n}\n"
    types = [x for piece in pieces for x in piece.types]
    steps = [query(draw, names, types) for _ in range(14)]
    changes = {path: text for piece in pieces for path, text in piece.changes.items()}
    if changes:
        steps[7]["after"] = f"{CHANGED}s"
        steps.insert(7, {"write": changes})
    return Scene(
        corefile,
        files,
        steps,
        next((piece.primary for piece in pieces if piece.primary), None),
        tuple(piece.awaits for piece in pieces if piece.awaits[0]),
        max((piece.seconds for piece in pieces), default=0.0),
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
        ["A", "A", "A", "A", "AAAA", "MX", "SRV", "TXT", "CNAME", "ANY", "NS", "SOA", "PTR", "NAPTR", "HTTPS", *types]
    )
    type = own_type if own_type and draw.often(0.7) else type
    cls = "CH " if draw.often(0.04) else ""
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


# -- the world ---------------------------------------------------------------------------------------------------------


def upstream(msg: Msg) -> Msg | None:
    """What is known elsewhere: names below up.example, and a TXT record that says how it was asked."""
    question = msg.question
    if question is None:
        return None
    name, type, cls = question
    lowered = name.lower()
    reply = msg.reply()
    reply.ra = True
    if msg.edns is not None:
        reply.edns = Edns(1232, msg.edns.do)
    known = {
        "a.up.example.": [(codes.A, 300, ("192.0.2.1",)), (codes.A, 300, ("192.0.2.2",))],
        "b.up.example.": [(codes.A, 90, ("192.0.2.3",))],
        "out.up.example.": [(codes.CNAME, 80, ("a.int.example.",))],
        "al.up.example.": [(codes.CNAME, 80, ("b.up.example.",))],
        "m.up.example.": [(codes.MX, 70, (5, "a.up.example."))],
        "a.pub.example.": [(codes.A, 15, ("192.0.2.9",))],
    }
    if type == codes.TXT:
        edns = msg.edns
        said = (
            "none"
            if edns is None
            else f"{edns.udp} {edns.do} " + " ".join(f"{c}={bytes(d).hex()}" for c, d in edns.options)
        )
        text = f"{name} {cls} rd={msg.rd} ad={msg.ad} cd={msg.cd} {said}".encode()
        reply.answer = [RR(name, codes.TXT, cls, 60, tuple(text[i : i + 200] for i in range(0, len(text), 200)))]
        return reply
    records = known.get(lowered)
    if records is None:
        reply.rcode = codes.NXDOMAIN if lowered.endswith(".example.") else codes.REFUSED
    for kind, ttl, data in records or ():
        if type == kind or (kind == codes.CNAME and type in (codes.A, codes.AAAA)):
            reply.answer.append(RR(name, kind, codes.IN, ttl, data))
            if kind == codes.CNAME and type == codes.A and data == ("b.up.example.",):
                reply.answer.append(RR("b.up.example.", codes.A, codes.IN, 90, ("192.0.2.3",)))
    if not reply.answer and reply.rcode != codes.REFUSED:
        soa = ("ns.example.", "host.example.", 1, 7200, 3600, 1209600, 40)
        reply.ns = [RR("example.", codes.SOA, codes.IN, 40, soa)]
    return reply


upstream.speaks_msg = True  # type: ignore[attr-defined]


def serve_upstream() -> int:
    """Answer as `upstream` does at a port of 127.0.0.1, over UDP and TCP; which one."""
    port = free_port()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", port))
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tcp.bind(("127.0.0.1", port))
    tcp.listen(16)

    def reply_to(octets: bytes) -> bytes:
        msg = wire.unpack_header(octets)
        try:
            wire.unpack_sections(msg, octets, checked=False)  # rules add options that are none
        except ValueError:
            return wire.pack(msg.reply(codes.FORMERR))
        said = upstream(msg)
        assert said is not None
        said.compress = True
        return wire.pack(said)

    def over_udp() -> None:
        while True:
            octets, client = udp.recvfrom(65535)
            udp.sendto(reply_to(octets), client)

    def converse(connection: socket.socket) -> None:
        try:
            while size := connection.recv(2, socket.MSG_WAITALL):
                octets = reply_to(connection.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL))
                connection.sendall(struct.pack("!H", len(octets)) + octets)
        except (OSError, struct.error):
            pass

    def over_tcp() -> None:
        while True:
            threading.Thread(target=converse, args=(tcp.accept()[0],), daemon=True).start()

    threading.Thread(target=over_udp, daemon=True).start()
    threading.Thread(target=over_tcp, daemon=True).start()
    return port


def free_port() -> int:
    """A port where nothing listens, over UDP and TCP."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            tcp.bind(("127.0.0.1", 0))
            port: int = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Binary:
    """A CoreDNS that can be started. release: what it says that it is."""

    def __init__(self, path: str) -> None:
        self.path = path
        said = subprocess.run([path, "-version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"CoreDNS-(\d+\.\d+\.\d+)", said)
        if found is None:
            raise SystemExit(f"{path} does not say which release it is")
        self.release = find(found[1])


class Running:
    """A CoreDNS at work. error: its last line, where it has refused to start."""

    def __init__(self, binary: Binary, scene: Scene, folder: str) -> None:
        for path, text in {**scene.files, "Corefile": scene.corefile}.items():
            Path(folder, path).parent.mkdir(exist_ok=True)
            Path(folder, path).write_text(text, encoding="utf-8")
        self.output = Path(folder, "output")
        self.error: str | None = None
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [binary.path, "-conf", "Corefile"], cwd=folder, stdout=output, stderr=subprocess.STDOUT
            )
        ends = time.monotonic() + 20
        while not re.search(r"^(\[INFO\] )?CoreDNS-\d", self.text(), re.M):
            if self.process.poll() is not None:
                lines = [x for x in self.text().splitlines() if x.strip() and "[INFO]" not in x and "maxprocs" not in x]
                self.error = lines[-1] if lines else f"exit {self.process.returncode}"
                break
            if time.monotonic() > ends:
                self.error = "it did not start in time"
                break
            time.sleep(0.005)
        while any(self.text().count(what) < times for what, times in scene.awaits) and time.monotonic() < ends - 15:
            time.sleep(0.02)
        if scene.awaits:
            time.sleep(SETTLE)
        self.started = len(self.text())

    def text(self) -> str:
        """All that it has said, without the date and time of old releases."""
        said = self.output.read_text(encoding="utf-8", errors="replace")
        return re.sub(r"^\d{4}[-/]\d\d[-/]\d\d[T ]\S+ ", "", said, flags=re.M)

    def log(self) -> list[str]:
        """Its log lines since the start."""
        before, size = -1, len(self.text())
        while before != size:
            time.sleep(0.02)
            before, size = size, len(self.text())
        return even([self.text()[self.started :]])

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def even(lines: list[str]) -> list[str]:
    """Log lines without what differs from run to run: durations, ports, and the IDs of questions that a server asks itself."""
    found = [re.sub(r' - \d+ "', ' - <id> "', clean(line)) for line in recorded(lines)]
    once = dict.fromkeys(line for line in found if AGAIN.search(line))
    return [line for line in found if not AGAIN.search(line)] + list(once)


def message(step: dict[str, Any]) -> Msg:
    """The query of a step."""
    from corefile.testing.observe import _edns

    name, *rest = step["query"].split()
    cls = codes.class_number(rest[0]) if len(rest) == 2 else codes.IN
    msg = Msg(Question(name, codes.type_number(rest[-1]), cls), id=4242)
    for flag in str(step.get("flags", "rd")).replace("none", "").split():
        setattr(msg, flag, True)
    if "edns" in step:
        msg.edns = _edns(step["edns"])
    if "serial" in step:
        msg.ns = [RR(name, codes.SOA, codes.IN, 0, ("ns.", "host.", step["serial"], 1, 1, 1, 1))]
    if "opcode" in step:
        msg.opcode = codes.opcode_number(step["opcode"])
    return msg


class Client:
    """A socket of its own for the query of a step. port: where the query comes from."""

    def __init__(self, step: dict[str, Any], server: int) -> None:
        self.octets = wire.pack(message(step))
        self.tcp = step.get("transport") == "tcp"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM if self.tcp else socket.SOCK_DGRAM)
        self.socket.bind((step.get("from", "127.0.0.1"), 0))
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", server))
        self.port: int = self.socket.getsockname()[1]

    def ask(self, patience: float, messages: int = 1) -> list[bytes]:
        """The messages that come back, each in octets; no more than so many."""
        out: list[bytes] = []
        with self.socket as sock:
            sock.settimeout(patience)
            try:
                sock.sendall(struct.pack("!H", len(self.octets)) + self.octets if self.tcp else self.octets)
                while len(out) < messages:
                    if not self.tcp:
                        return [sock.recv(65535)]
                    size = struct.unpack("!H", sock.recv(2, socket.MSG_WAITALL))[0]
                    out.append(sock.recv(size, socket.MSG_WAITALL))
                    sock.settimeout(BRIEF)
                    if messages > 1 and complete(out):
                        break
            except (OSError, struct.error):
                pass
        return out


def complete(octets: list[bytes]) -> bool:
    """Whether nothing more comes of a transfer."""
    try:
        found = [rr for one in octets for rr in wire.unpack(one).answer]
    except ValueError:
        return True
    return not found or (len(found) > 1 and found[-1].type == codes.SOA)


def joined(octets: list[bytes]) -> list[bytes]:
    """A transfer as one message: where one ends and the next begins follows from the order of records, which is free."""
    try:
        messages = [wire.unpack(one) for one in octets]
    except ValueError:
        return octets
    messages[0].answer = [rr for message in messages for rr in message.answer]
    return [wire.pack(messages[0])]


SIGNED = re.compile(r"( IN RRSIG \S+ \d+ \d+ \d+) \d{14} \d{14} (\d+ \S+) .*")
"""A signature, whose times are drawn, and whose octets are not the same twice."""


def seen(octets: bytes | None, step: dict[str, Any], release: Release) -> dict[str, Any]:
    """A reply in the shape of a test's `expect`."""
    if octets is None:
        return {"reply": "none"}
    try:
        msg = wire.unpack(octets)
    except ValueError:
        return {"wire": octets.hex()}
    described = describe(Reply(msg, 0.0, [], None, release), step["query"])
    for section in ("answer", "authority", "additional"):
        if section in described:
            described[section] = [SIGNED.sub(r"\1 \2", line) for line in described[section]]
    return described


# -- comparing ---------------------------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """What was asked, what the binary said, and what the simulator said."""

    asked: str
    binary: Any
    simulator: Any


def compare(binary: Binary, scene: Scene, upstream_port: int, port: int) -> tuple[int, list[Difference]]:
    """How many answers were compared, and where they differ."""
    release = binary.release
    upstreams: dict[str, Any] = {f"127.0.0.1:{upstream_port}": upstream}
    folder, primary = tempfile.mkdtemp(prefix="differential-"), None
    if scene.primary is not None:
        corefile, files = scene.primary
        at = re.search(r":(\d+) ", corefile)
        assert at is not None
        upstreams[f"127.0.0.1:{at[1]}"] = {"corefile": corefile, "files": files, "coredns": release.version}
        os.mkdir(f"{folder}/primary")
        primary = Running(binary, Scene(corefile, dict(files), []), f"{folder}/primary")
        if primary.error is not None:
            shutil.rmtree(folder, ignore_errors=True)
            return 0, []
    running = Running(binary, scene, folder)
    now = re.search(r" and (\d+) SOA serial, elapsed", running.text())
    clock = Clock(float(now[1])) if now is not None else None
    world = World(files=dict(scene.files), upstreams=upstreams, clock=clock)
    server = Server(Source("Corefile", scene.corefile), release, world)
    try:
        try:
            server.start()
        except CorefileError as error:
            ours = error.findings[0].coredns
            if running.error is not None and (ours == running.error or (ours or "").startswith("panic:")):
                return 1, []
            return 1, [Difference("to start", running.error or "started", ours)]
        if running.error is not None:
            return 1, [Difference("to start", running.error, "started")]
        world.clock.advance(scene.seconds)
        server.process.take_log()
        found, log = [], []
        for step in scene.queries:
            if "write" in step:
                change(folder, world, step["write"])
                continue
            if "after" in step:
                time.sleep(CHANGED)
                world.clock.advance(CHANGED)
            client = Client(step, port)
            reply = server.send(
                client.octets,
                client=f"{step.get('from', '127.0.0.1')}:{client.port}",
                to=f"127.0.0.1:{port}",
                transport=step.get("transport", "udp"),
                wait=False,
            )
            whole = step["query"].endswith("XFR") and client.tcp
            octets = client.ask(PATIENCE if reply.received else BRIEF, 100 if whole else 1)
            log += recorded(reply.log)
            own = reply.octets
            if whole and octets and own is not None:
                assert reply.msg is not None
                octets, all_of_it = joined(octets), reply.msg.copy()
                all_of_it.answer = [r.rr for r in reply.answer]
                own = wire.pack(all_of_it)
            theirs, ours = seen(next(iter(octets), None), step, release), seen(own, step, release)
            # A message that is garbled has been read as its client reads it, and is not to be packed again.
            if differences(theirs, ours) and (
                not reply.received or differences(theirs, describe(reply, step["query"]))
            ):
                found.append(Difference(str(step), theirs, ours))
        world.clock.advance(scene.seconds)  # what a notify has set going
        log += recorded(server.process.take_log())
        said, log = running.log(), even(log)
        if Counter(said) != Counter(log):  # a line may come after the next query
            found.append(
                Difference("the log", *map(list, (Counter(said) - Counter(log), Counter(log) - Counter(said))))
            )
        return sum("query" in step for step in scene.queries), found
    finally:
        running.stop()
        if primary is not None:
            primary.stop()
        shutil.rmtree(folder, ignore_errors=True)


def change(folder: str, world: World, files: Mapping[str, str | None]) -> None:
    """Change files of both, in one moment."""
    for path, text in files.items():
        world.write(path, text)
        if text is None:
            Path(folder, path).unlink(missing_ok=True)
        else:
            Path(folder, "fresh").write_text(text, encoding="utf-8")
            Path(folder, "fresh").rename(Path(folder, path))


AGAIN = re.compile(r"Failed to open zone|Parsing zone|Failed to parse|no SOA")
"""Lines that come each time that a file is looked at."""


def shown(difference: Difference) -> Iterator[str]:
    """A difference, for a reader."""
    yield f"  {difference.asked}"
    if isinstance(difference.binary, dict):
        for one in differences(difference.binary, difference.simulator):
            yield f"    {one['field']}:\n      binary    {one['expect']}\n      simulator {one['actual']}"
    else:
        yield f"      binary    {difference.binary}\n      simulator {difference.simulator}"


def kept(scene: Scene, release: Release) -> str:
    """A scene as a test file, without what is expected."""
    data = {"coredns": release.version, "corefile": scene.corefile, "files": scene.files, "steps": scene.queries}
    return yaml.safe_dump(data, sort_keys=False)


def main(argv: list[str]) -> int:
    """Draw and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=60, help="how many Corefiles for each binary")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", help="one case, by the number that it was shown with")
    parser.add_argument("--directives", default="rewrite", help="those that each Corefile has, with commas between")
    parser.add_argument("--keep", type=Path, help="a folder for the cases that differ")
    args = parser.parse_args(argv)
    paths = os.environ.get("COREDNS", "")
    if not paths:
        parser.error("COREDNS has to name a CoreDNS binary")
    wanted = args.directives.split(",")
    unknown = [x for x in wanted if x not in DRAWERS]
    if unknown:
        parser.error(f"there is no drawer for {', '.join(unknown)}; there are {', '.join(sorted(DRAWERS))}")
    upstream_port = serve_upstream()
    answers, wrong = 0, 0
    for path in paths.split(":"):
        binary = Binary(path)
        numbers = [args.only] if args.only else map(str, range(args.cases))
        for number in numbers:
            for _attempt in range(3):
                port = free_port()
                draw = Draw(f"{args.seed}/{number}", binary.release, upstream_port, free_port())
                case = scene(draw, wanted, port)
                count, found = compare(binary, case, upstream_port, port)
                if not found:
                    break
            answers += count
            if found:
                wrong += sum(d.asked != "the log" for d in found) or 1
                print(f"case {number} of {binary.release}:\n{case.corefile}")
                print("\n".join(line for difference in found for line in shown(difference)) + "\n", flush=True)
                if args.keep:
                    args.keep.mkdir(parents=True, exist_ok=True)
                    Path(args.keep, f"{binary.release}-{args.seed}-{number}.yaml").write_text(
                        kept(case, binary.release)
                    )
        print(f"{binary.release}: {answers} answers so far, {wrong} of them otherwise", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
