"""Packets: questions of all kinds, with records and options that nothing asked for, then bent; and a Corefile that takes them.

`python -m tests.fuzz.against_binary` puts the same to a real CoreDNS.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from corefile.api import Server, loads
from corefile.dns import codes
from corefile.dns.escapes import pack_name
from corefile.world import World

from .draw import Draw

ZONE = """$ORIGIN example.org.
@ 3600 IN SOA ns host 1 7200 3600 1209600 60
@ 3600 IN NS ns
ns 60 IN A 10.0.0.9
a 60 IN A 10.0.0.1
a 60 IN A 10.0.0.2
a 60 IN AAAA fd00::1
al 60 IN CNAME a
out 60 IN CNAME a.up.example.
m 60 IN MX 5 a
s 60 IN SRV 1 2 80 a
t 60 IN TXT "one" "two"
*.w 60 IN A 10.0.0.7
n 60 IN NAPTR 1 1 "s" "x" "" a
d 60 IN DNAME sub
a.sub 60 IN A 10.0.0.8
cut 60 IN NS ns.cut
ns.cut 60 IN A 10.0.0.11
""" + "".join(f'big 60 IN TXT "{i:060}"\n' for i in range(30))

COREFILE = """example.org:PORT {
    nsid by-the-zone
    rewrite edns0 local set 0xffee 0x0102
    file db.example example.org
}
hosts.example:PORT 10.in-addr.arpa:PORT {
    hosts {
        10.1.0.1 a.hosts.example www.hosts.example
        fd00::2 a.hosts.example
        10.1.0.2 Ähm.hosts.example
    }
    header {
        response set ra
    }
}
up.example:PORT {
    rewrite stop type AAAA A
    rewrite name suffix .old.up.example .up.example answer auto
    forward . 127.0.0.1:UPPORT {
        max_fails 0
    }
}
who.example:PORT {
    acl {
        drop type MX
        filter type TXT
    }
    whoami
}
tmpl.example:PORT {
    template IN A {
        match "^(.*)\\\\.tmpl\\\\.example\\\\.$"
        answer "{{ .Name }} 60 IN A 10.2.0.1"
        additional "{{ index .Match 1 }}.x.example. 60 IN TXT \\"{{ .Name }}\\""
    }
    template ANY ANY {
        rcode NXDOMAIN
        authority "tmpl.example. 60 IN SOA ns.tmpl.example. h.tmpl.example. 1 2 3 4 5"
    }
}
any.example:PORT {
    any
    chaos hello a@example.org
    minimal
    dns64
    file db.example any.example
}
up.example:UPPORT {
    template ANY ANY {
        match "^big"
        answer "{{ .Name }} 60 IN TXT {{ .Name }}{{ .Name }}"
        answer "a.{{ .Name }} 60 IN MX 5 {{ .Name }}"
        answer "b.{{ .Name }} 60 IN SRV 5 6 7 {{ .Name }}"
        authority "up.example. 60 IN NS ns.{{ .Name }}"
        additional "ns.{{ .Name }} 60 IN A 10.3.0.1"
    }
    template IN A {
        answer "{{ .Name }} 60 IN A 10.3.0.1"
    }
}
"""
NAMES = (
    *(
        "example.org.",
        "a.example.org.",
        "A.EXAMPLE.org.",
        "al.example.org.",
        "out.example.org.",
        "m.example.org.",
        "s.example.org.",
    ),
    *(
        "t.example.org.",
        "x.w.example.org.",
        "n.example.org.",
        "a.d.example.org.",
        "x.cut.example.org.",
        "big.example.org.",
    ),
    *(
        "none.example.org.",
        "a.hosts.example.",
        "1.0.1.10.in-addr.arpa.",
        "a.up.example.",
        "big.up.example.",
        "a.old.up.example.",
    ),
    *(
        "who.example.",
        "a.tmpl.example.",
        "a\\.b.tmpl.example.",
        "any.example.",
        "a.any.example.",
        "version.bind.",
        "x.org.",
        ".",
    ),
    *(
        "\\000.example.org.",
        '\\255\\"(.who.example.',
        "l" * 63 + ".up.example.",
        (("k" * 49 + ".") * 4) + "who.example.",
    ),
)
TYPES = (
    *(1, 28, 5, 15, 16, 33, 35, 12, 6, 2, 39, 255, 43, 46, 48, 50, 64, 65, 252, 251, 41, 250, 0, 257, 65535),
    1,
    28,
)
OPTIONS = (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 18, 65001, 65518)


@cache
def octets_of_records() -> tuple[tuple[int, bytes], ...]:
    """Types and octets of RDATA, whole and broken."""
    lines = (Path(__file__).parent.parent / "data" / "rdata.txt").read_text(encoding="ascii").splitlines()
    parts = [line.split() for line in lines]
    return tuple((codes.type_number(p[0]), b"" if p[1] == "-" else bytes.fromhex(p[1])) for p in parts)


def question(draw: Draw) -> bytes:
    """A message that might be a query."""
    name = pack_name(draw.choice(NAMES))
    body = name + struct.pack("!HH", draw.choice(TYPES), 1 if draw.often(0.9) else draw.choice((0, 3, 4, 254, 255)))
    counts = [1, 0, 0, 0]
    for section in (1, 2, 3):
        if draw.often(0.12 if section < 3 else 0.5):
            for _ in range(1 if draw.often(0.9) else 2):
                body += record(draw, section)
                counts[section] += 1
    flags = (
        0x0100 if draw.often(0.8) else draw.choice((0, 0x0110, 0x0120, 0x0140, 0x0500, 0x0300, 0x2000, 0x8000, 0x010F))
    )
    return struct.pack("!6H", draw.randint(0, 65535), flags, *counts) + body


def record(draw: Draw, section: int) -> bytes:
    """A record: mostly OPT in the additional section."""
    if section == 3 and draw.often(0.65):
        options = b""
        for _ in range(draw.few(3)):
            data = draw.choice(
                (b"", b"\0", b"\0\1\x18\0\x0a\0\0", b"\0\2\x38\0" + bytes(7), b"\0\0\0\0", draw.randbytes(draw.few(20)))
            )
            options += struct.pack("!HH", draw.choice(OPTIONS), len(data)) + data
        ttl = draw.choice((0, 0, 0x8000, 0x8000, 0x10000, 0xFF000000, draw.getrandbits(32)))
        return (
            b"\0" + struct.pack("!HHIH", 41, draw.choice((0, 511, 512, 1232, 4096, 65535)), ttl, len(options)) + options
        )
    type, data = draw.choice(octets_of_records())
    if draw.often(0.3):
        data = draw.bent_octets(data, draw.choice(octets_of_records())[1])
    elif draw.often(0.2):
        type, data = draw.choice(tuple(codes.TYPES.values())), draw.randbytes(draw.few(24))
    owner = draw.choice((b"\xc0\x0c", b"\0", b"\1a\xc0\x0c", pack_name("a.example.org.")))
    return (
        owner
        + struct.pack("!HHIH", type, draw.choice((1, 1, 1, 3, 254, 255)), draw.choice((0, 60, 2**31)), len(data))
        + data
    )


def packet(draw: Draw) -> bytes:
    """A question, mostly bent."""
    whole = question(draw)
    if draw.often(0.3):
        return whole
    if draw.often(0.02):
        return draw.randbytes(draw.randint(0, 60))
    return draw.bent_octets(whole, question(draw) if draw.often(0.3) else b"")


def corefile(port: int, upstream_port: int) -> str:
    """The Corefile for a port, and for the port of its upstream."""
    return COREFILE.replace("UPPORT", str(upstream_port)).replace("PORT", str(port))


@cache
def server() -> Server:
    """A server with it, for 1.14.7."""
    return loads(corefile(53, 5353), release="1.14.7", world=World(files={"db.example": ZONE}))


make = packet


def look(draw: Draw, octets: bytes) -> str:
    """Send it over one of the transports that take any octets; what comes back."""
    reply = server().send(octets, transport=draw.choice(("udp", "udp", "tcp")), trace=draw.often(0.05), wait=False)
    said = reply.octets
    assert said is None or 12 <= len(said) <= 65535
    str(reply), repr(reply), str(reply.trace), reply.log
    return "nothing" if said is None else said.hex()


__all__ = ["ZONE", "corefile", "look", "make", "packet", "server"]
