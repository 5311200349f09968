"""Whether a landmark counts: questions around it of which one falls into another cell without it, and is answered otherwise."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import replace
from random import Random

from corefile import Classes, Question, Server
from corefile.chain.landmarks import Below, Client, Computed, Exact, Flag, Landmark, Pattern
from corefile.classes.candidates import edges, under, valid
from corefile.classes.examples import examples
from corefile.classes.near import Near
from corefile.dns.message import Edns
from corefile.dns.names import labels
from corefile.golang.addresses import parse_cidr

from .checks import BY_FLAG, Check

TYPES = ("A", "AAAA", "TXT", "SRV", "NS", "MX", "CNAME", "PTR", "SOA", "ANY")
NEVER = "TYPE65283", "CLASS65283", ("203.0.113.77", "2001:db8:77::1")
"""A type, a class and clients that no landmark of the examples is about."""
POOL, ASKED = 4000, 600
"""How many questions are looked at, and how many pairs of cells asked for, at most."""


def around(name: str) -> list[str]:
    """A name, and names that have a label more than it, a label less, or another label in its place."""
    parts = labels(name)
    out = [parts, ["fresh", *parts], ["a", "fresh", *parts], ["_a", "_tcp", *parts], ["*", *parts]]
    for at in range(len(parts)):
        before, after = parts[:at], parts[at + 1 :]
        other = str((int(parts[at]) + 7) % 256) if parts[at].isdecimal() else "fresh"  # of an address
        if parts[at][:1].isdigit() and parts[at].count("-") == 3:
            out.append([*before, "9-9-9-9", *after])
        out += [[*before, other, *after], [*before, *after], [*before, "fresh", *parts[at:]], [*before, "*", *after]]
    out += [parts[1:], parts[2:], ["a", "fresh", *parts[1:]], ["a", "b", "fresh", *parts[1:]]]
    return list(valid(".".join([*one, ""]) or "." for one in out))


def form(mark: Landmark) -> Hashable:
    """What a landmark has in common with those that differ from it in names alone."""
    if isinstance(mark, Pattern):
        words = re.sub(r"(?<![\[\\])[a-z0-9-]{2,}", "x", re.sub(r"_\w+", "_x", mark.regexp.replace("any", "ANY")))
        return "Pattern", mark.below.count("."), words
    if isinstance(mark, Exact | Below):
        return type(mark).__name__, mark.name.count("."), mark.name[:1] in "_*"
    return mark if isinstance(mark, Flag) else type(mark).__name__


def _names(mark: Landmark, near: Near) -> list[str]:
    if isinstance(mark, Exact | Below):
        return around(mark.name)
    if isinstance(mark, Computed):
        return [name for example in mark.examples for name in around(example)]
    if isinstance(mark, Pattern):
        texts = list(examples(mark.regexp, 24)[:9])
        inside = [name for name in near.names if name.endswith("." + mark.below.removeprefix("."))][:4]
        ends = () if mark.regexp.endswith("$") else (mark.below, "fresh.", *inside)
        whole = [f"{text.removesuffix('.')}.{end.removeprefix('.')}" for text in texts for end in ends]
        whole += [one for text in texts for one in (text, text + mark.below.removeprefix("."))]
        return [name for base in (*valid(whole), mark.below, *inside) for name in around(base)]
    return [name for base in near.names for name in (base, under(base, "fresh"))]


def _manners(mark: Landmark, near: Near, classes: Classes) -> list[Question]:
    if isinstance(mark, Client):
        network = parse_cidr(mark.network)
        assert network is not None
        ways = [replace(base, client=client) for base in near.bases for client in (*edges(network), *NEVER[2])]
        return ways + [replace(way, transport="tcp") for way in ways if way.to is None]
    if not isinstance(mark, Flag) or mark.name.startswith("type"):
        ways = classes.manners()[:30]
        if isinstance(mark, Flag):
            ways = [*ways[:5], *[way for way in ways if way.client][:5]]
        return [*near.bases, *(replace(way, to=base.to) for way in ways for base in near.bases)]
    word, _, value = mark.name.partition(" ")
    ways = [BY_FLAG[mark.name]] if mark.name in BY_FLAG else []
    ways += [Question(".", opcode=value)] * (word == "opcode")
    ways += [Question(".", cls=each) for each in ((value,) if value else ("CH", "HS")) if word == "class"]
    ways += [Question(".", client=each) for each in NEVER[2] if word == "client"]
    if word == "size":
        ways = [Question(".", edns=Edns(int(value.removeprefix("> ")) + more)) for more in (0, 1)]
    out = [Question("."), Question(".", do=True), Question(".", edns=Edns(1232)), Question(".", cls=NEVER[1])]
    for way in ways:
        out += [way, replace(way, edns=way.edns or Edns(1232)), replace(way, do=True)]
        out += [replace(way, transport="tcp")] * (near.bases[0].to is None)
        out += [replace(way, client=client) for client in near.clients[:6] if client]
    return [replace(way, to=base.to) for way in out for base in near.bases]


def targets(classes: Classes, mark: Landmark, words: list[str], draw: Random) -> list[Question]:
    """Questions around a landmark. words: names that the Corefile speaks of."""
    near = Near(classes, words)
    names = list(dict.fromkeys(_names(mark, near)))
    if isinstance(mark, Flag) and mark.name.startswith("case "):
        zone = mark.name.removeprefix("case ")
        names += [name.removesuffix(zone) + zone.upper() for name in names if name.endswith(f".{zone}")]
    types = list(dict.fromkeys([*classes.type_names(), *TYPES]))
    if isinstance(mark, Flag) and mark.name.startswith("type "):
        types = [mark.name.split()[1], NEVER[0]]
    manners = _manners(mark, near, classes)
    if len(names) * len(types) * len(manners) <= POOL:
        out = [replace(how, name=name, type=kind) for name in names for kind in types for how in manners]
        draw.shuffle(out)
        return out
    first = manners if isinstance(mark, Flag) and not mark.name.startswith("type") else near.bases
    first = first[4 * len(near.bases) :][: len(near.bases)] or near.bases  # the flag itself, and no more
    plain = [replace(how, name=name, type=kind) for name in names for kind in types for how in first]
    draw.shuffle(plain)
    more = (replace(draw.choice(manners), name=draw.choice(names), type=draw.choice(types)) for _ in range(POOL // 2))
    return [*plain[: POOL // 2], *more]


def counts(whole: Check, mark: Landmark, server: Server, words: list[str]) -> bool:
    """Whether some question around a landmark of the server is answered otherwise than its cell, where the landmark is left
    out."""
    missing = Check(server, missing=mark)
    pairs = set()
    for question in targets(whole.classes, mark, words, Random(1)):
        cell, own = missing.classes.cell(question), whole.classes.cell(question)
        if own is whole.classes.cell(cell.witness) or (id(own), id(cell)) in pairs:
            continue
        pairs.add((id(own), id(cell)))
        if missing.wrong(question):
            return True
        if len(pairs) >= ASKED:
            break
    return False
