"""What the differential draws of what lies elsewhere: an upstream over gRPC, stores, and a database of addresses."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from draws import Draw, Piece, drawer

from corefile.testing.mmdb import CITY, database

UP = """$ORIGIN up.example.
@ 60 IN SOA ns host 1 7200 3600 1209600 30
@ 60 IN NS ns
ns 60 IN A 192.0.2.53
a 300 IN A 192.0.2.1
a 300 IN A 192.0.2.2
b 90 IN AAAA 2001:db8::3
al 80 IN CNAME b
out 80 IN CNAME a.int.example.
m 70 IN MX 5 a
*.w 60 IN TXT "wild"
cut 60 IN NS ns.cut
ns.cut 60 IN A 192.0.2.54
"""


@drawer
def grpc(draw: Draw) -> Piece:
    """Everything else is asked elsewhere, over gRPC."""
    port = draw.ports.grpc
    echo = '"{{ .Name }} 60 IN TXT \\"{{ .Type }} {{ .Message.RecursionDesired }} {{ .Message.CheckingDisabled }}\\""'
    lines = ["bind 127.0.0.1", "file db.up up.example", "hosts {", "    10.4.0.1 a.pub.example b.int.example"]
    lines += ["    fallthrough", "}", "template IN TXT echo.example {", f"    answer {echo}", "}"]
    lines += ["template IN ANY fail.example {", "    rcode SERVFAIL", "}"]
    corefile = f"grpc://.:{port} {{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"
    block = draw.choice([[], [], ["except int.example a.up.example"], ["policy sequential"], ["policy round_robin"]])
    if draw.release >= "1.12.3" and draw.often(0.4):
        block = [*block, f"fallthrough{draw.choice(['', ' up.example'])}"]
    servers = f"127.0.0.1:{port}" if draw.often(0.95) else f"127.0.0.1:{draw.ports.closed}"
    head = f"grpc {draw.choice(['.', '.', '.', 'example', 'up.example'])} {servers}"
    names = [
        *(f"{x}.up.example" for x in ("a", "b", "al", "out", "m", "q.w", "x.cut", "none")),
        "up.example",
        "a.echo.example TXT",
    ]
    names += ["x.fail.example", "a.pub.example", "b.int.example", "elsewhere.test"]
    whole = [f"{head} {{", *(f"    {line}" for line in block), "}"] if block else [head]
    return Piece(whole, {}, names, ("TXT",), (corefile, {"db.up": UP}))


def place(draw: Draw) -> dict[str, Any]:
    """What a database says of a network: not all of it, and seldom a value of another type."""
    found = {key: CITY[key] for key in CITY if draw.often(0.8)}
    if draw.often(0.08):
        wrong: list[dict[str, Any]] = [{"postal": {"code": 7}}, {"location": {"latitude": "north"}}]
        found |= draw.choice([*wrong, {"city": {"names": {"en": 5}}}, {"country": {"iso_code": True}}])
    return found


@drawer
def geoip(draw: Draw) -> Piece:
    """Metadata of where clients are, in the log and in what is sent on."""
    networks = ["127.0.0.1/32", "127.0.0.2/32", "198.51.100.0/24"]
    content = database({network: place(draw) for network in draw.sample(networks, draw.randint(1, 3))})
    lines = ["geoip city.mmdb"]
    if draw.release >= "1.9.2" and draw.often(0.5):
        lines = ["geoip city.mmdb {", "    edns-subnet", "}"]
    fields = ["city/name", "country/code", "country/name", "country/is_in_european_union", "continent/code", "latitude"]
    fields += ["continent/name", "longitude", "timezone", "postalcode", "subdivisions/code", "asn/number"]
    shown = " ".join(f"{{/geoip/{field}}}" for field in draw.sample(fields, 4))
    lines.append(f'log . "{{name}} {shown}"')
    if draw.often(0.4):
        lines.append(f"rewrite edns0 local set 0xffee {{geoip/{draw.choice(fields)}}}")
    return Piece(lines, {"city.mmdb": content}, ["a.up.example", "echo.up.example TXT"])


SERVICES = ("redis", "web", "api", "bad")


@drawer
def nomad(draw: Draw) -> Piece:
    """Services of a Nomad."""
    found = []
    for name in draw.some(list(SERVICES), 3):
        for number in range(draw.randint(1, 3)):
            address = draw.choice(
                [f"10.5.0.{number}", f"fd00:5::{number}", "host.example" if name == "bad" else "10.5.1.1"]
            )
            space = draw.choice(["default", "default", "prod"])
            found.append({"ServiceName": name, "Namespace": space, "Address": address, "Port": 8000 + number})
    zone = draw.choice(["", "service.nomad", "lab.example"])
    block = [f"address http://127.0.0.1:{draw.ports.stores['nomad']}"] + ["ttl 7"] * draw.often(0.3)
    lines = [f"nomad {zone}".rstrip() + " {", *(f"    {line}" for line in block), "}"]
    origin = zone or "service.nomad"
    names = [
        f"{name}.{space}.{origin} {draw.choice(['A', 'AAAA', 'SRV'])}"
        for name in SERVICES
        for space in ("default", "prod")
    ]
    return Piece(lines, {}, [*names, origin, f"default.{origin}"], ("SRV",), stores={"nomad": found})


LABELS = ("web", "api", "db", "any")


def registered(draw: Draw, key: str) -> str:
    """The value of a key: a service, as SkyDNS has them."""
    number = draw.randint(0, 9)
    hosts = [f"10.6.0.{number}"] * 4 + [f"fd00:6::{number}"] * 2
    hosts += ["a.up.example", "al.up.example", "gone.up.example", "api.shop.etcd.example", "web.etcd.example.", ""]
    value: dict[str, Any] = {"host": draw.choice(hosts)}
    more: dict[str, Any] = {
        "port": draw.choice([80, 8080, 0]),
        "priority": draw.choice([5, 20]),
        "weight": draw.choice([0, 10, 100]),
        "ttl": draw.choice([7, 60, 3600]),
        "text": draw.choice(["plain", 'two "words"', "back\\slash \\065", "x" * 300]),
        "targetstrip": draw.choice([1, 2]),
        "group": draw.choice(["g1", "g2"]),
        "mail": True,
    }
    value |= {name: more[name] for name in draw.sample(sorted(more), draw.randint(0, 3))}
    if "arpa" in key:
        value = {"host": draw.choice(["web.etcd.example", "a.up.example."])}
    if draw.often(0.03):
        return draw.choice(["{", "[]", '{"host": 5}', '{"port": "80"}', "null", "text"])
    return json.dumps(value)


@drawer
def etcd(draw: Draw) -> Piece:
    """Services in an etcd."""
    top = draw.choice(["skydns", "skydns", "other"])
    keys = {f"/{top}/example/etcd/{'/'.join(draw.some(list(LABELS), 3))}" for _ in range(draw.randint(1, 7))}
    keys |= {f"{key}/{draw.choice('12')}" for key in sorted(keys) if draw.often(0.4)}
    special = {"dns/ns/ns1", "dns/ns/a/b", "dns/apex", "dns/apex/1", "shop/api"}
    keys |= {f"/{top}/example/etcd/{name}" for name in sorted(special) if draw.often(0.25)}
    keys |= {f"/{top}/arpa/in-addr/10/6/0/{number}" for number in range(3) if draw.often(0.4)}
    ordered = sorted(keys)
    leases = {7000 + number: draw.choice([20, 500, 90_000]) for number in range(2)} if draw.often(0.4) else {}
    pairs = []
    for key in ordered:
        pair: dict[str, Any] = {"key": _base64(key), "value": _base64(registered(draw, key))}
        if leases and draw.often(0.4):
            pair["lease"] = draw.choice(sorted(leases))
        pairs.append(pair)
    store = [{"kvs": pairs}, *({"id": lease, "ttl": left} for lease, left in leases.items())]
    block = [f"endpoint http://127.0.0.1:{draw.ports.stores['etcd']}"] + [f"path /{top}"] * (
        top != "skydns" or draw.often(0.3)
    )
    block += [f"fallthrough{draw.choice(['', ' etcd.example', ' in-addr.arpa'])}"] * draw.often(0.3)
    block += ["upstream"] * draw.often(0.2) + ["debug"] * draw.often(0.1)
    if draw.release >= "1.14.0":
        block += [f"min-lease-ttl {draw.choice(['10', '1m'])}"] * draw.often(0.2)
        block += [f"max-lease-ttl {draw.choice(['100', '1h'])}"] * draw.often(0.2)
    zones = draw.choice(["etcd.example", "etcd.example in-addr.arpa", "etcd.example 10.in-addr.arpa", "example"])
    names = ["etcd.example", "ns.dns.etcd.example", "apex.dns.etcd.example", "*.etcd.example", "any.shop.etcd.example"]
    for key in ordered:
        name = ".".join(reversed(key.split("/")[2:]))
        names += [f"{name} {draw.choice(['A', 'AAAA', 'SRV', 'TXT', 'MX', 'CNAME'])}"] * 2
        names.append(f"{draw.choice(['*', 'any', 'x'])}.{name.partition('.')[2]}")
    names += [f"{number}.0.6.10.in-addr.arpa PTR" for number in range(3)]
    lines = [f"etcd {zones} {{", *(f"    {line}" for line in block), "}"]
    return Piece(lines, {}, names, ("SRV", "TXT", "MX", "AAAA"), stores={"etcd": store})


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
