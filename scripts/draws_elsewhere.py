"""What the differential draws of what lies elsewhere: an upstream over gRPC, a Nomad, and a database of addresses."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

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
    block = [f"address http://127.0.0.1:{draw.ports.store}"] + ["ttl 7"] * draw.often(0.3)
    lines = [f"nomad {zone}".rstrip() + " {", *(f"    {line}" for line in block), "}"]
    origin = zone or "service.nomad"
    names = [
        f"{name}.{space}.{origin} {draw.choice(['A', 'AAAA', 'SRV'])}"
        for name in SERVICES
        for space in ("default", "prod")
    ]
    return Piece(lines, {}, [*names, origin, f"default.{origin}"], ("SRV",), stores={"nomad": found})


class NomadServer:
    """Answers what CoreDNS asks of a Nomad at a port of 127.0.0.1, until `close`."""

    def __init__(self, services: Sequence[Mapping[str, Any]], port: int) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Nomad,), {"services": services}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


class _Nomad(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    services: ClassVar[Sequence[Mapping[str, Any]]]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        """The services of a name, or that it is there."""
        url = urlsplit(self.path)
        space = parse_qs(url.query).get("namespace", ["default"])[0]
        name = unquote(url.path.removeprefix("/v1/service/"))
        found = [x for x in self.services if (x["ServiceName"], x["Namespace"]) == (name, space)]
        octets = json.dumps({} if url.path == "/v1/agent/self" else found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)
