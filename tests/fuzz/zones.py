"""Master files: records of all types and directives, then bent; read, loaded and asked."""

from __future__ import annotations

from corefile import releases
from corefile.api import loads
from corefile.dns import codes
from corefile.dns.zonefile import Budget, ZoneError, parse
from corefile.findings import CorefileError, TooLarge
from corefile.lint import checks
from corefile.world import World

from .draw import Draw
from .packets import ZONE, octets_of_records

LINES = (
    *ZONE.splitlines(),
    "$TTL 1h",
    "$ORIGIN sub.example.org.",
    "$INCLUDE other",
    "$INCLUDE other x.example.org.",
    "$INCLUDE self",
    "$GENERATE 1-3 h$ A 10.0.0.$",
    "$GENERATE 0-9/3 h${1,3,x} 60 IN PTR p$$.${-1}",
    "x IN LOC 1 2 3 N 4 5 6 W 1m",
    "x HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAb rv.example.org.",
    "x SVCB 1 . alpn=h2,h3 port=53 ipv4hint=10.0.0.1",
    'x CAA 0 issue "a"',
    "x NSEC a A NS TYPE1234",
    "x RRSIG A 8 3 60 20260101000000 20250101000000 1 example.org. AAAA",
    "x DNSKEY 257 3 8 AAAA",
    "x APL 1:10.0.0.0/8 !2:fd00::/8",
    'x TXT ( "a" ; comment',
    '"b" )',
    "  60 IN A 10.0.0.3",
    "\\@.\\032 60 IN A 10.0.0.4",
)
NAMES = ("example.org", "a.example.org", "x.example.org", "h1.example.org", "y.w.example.org", "sub.example.org")
COREFILE = "example.org {\n file db {\n  reload 5s\n }\n}\nsecond.org {\n file db second.org\n}\n"


def zone(draw: Draw) -> str:
    """A master file, mostly bent."""
    head = ZONE.splitlines()[: draw.choice((0, 2, 3, 3))]
    lines = [*head, *draw.some(LINES, 12)]
    for _ in range(draw.few(3)):
        type, data = draw.choice(octets_of_records())
        lines.append(f"r 60 IN {codes.type_name(type)} \\# {len(data)} {data.hex()}")
    text = "\n".join(lines) + "\n"
    return (
        text
        if draw.often(0.2)
        else draw.bent_text(text, (*LINES, "(", ")", ";", "\\", '"', "$", "$GENERATE", "1-65535"))
    )


make = zone


def look(draw: Draw, text: str) -> str:
    """Read it for one release, load it, and ask; what is said."""
    said = ""
    files = {"other": "o A 10.0.0.5\n", "self": "$INCLUDE self\n"}
    release = None if draw.often(0.5) else draw.choice(releases.ALL)
    try:
        for rr in parse(text, "example.org.", path="db", include=files.get, release=release, budget=Budget(20_000)):
            assert rr.name.endswith(".") or not rr.name, rr  # the first record may have no owner
    except (ZoneError, TooLarge) as error:
        said = str(error)
    if draw.often(0.3):
        world = World(files={"db": text.encode("utf-8", "surrogateescape"), **files})
        checks(COREFILE, release=release or "1.14.7", world=world)
        try:
            server = loads(COREFILE, release=release or "1.14.7", world=world)
            for _ in range(3):
                reply = server.query(
                    draw.choice(NAMES), draw.choice(("A", "ANY", "NS", "TXT", "AXFR")), do=draw.often(0.3)
                )
                said += f"{reply} {reply.octets!r} {reply.trace}"
        except CorefileError:
            pass
    return said


__all__ = ["look", "make", "zone"]
