"""What the differential draws of servers: transports, certificates, signatures, addresses, pages, and odd messages.

`servers`, `odd`, `tsig` and `bind` are the same in all server blocks of a Corefile. They also change the questions.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from typing import Any

from clients import message
from draws import Draw, Piece, drawer

from corefile.chain.headers import SIGNATURE
from corefile.dns import wire
from corefile.testing.certificates import NAMED

Step = dict[str, Any]

SINCE = {"tls": "1.0.0", "grpc": "1.0.0", "https": "1.1.3", "quic": "1.11.0", "https3": "1.13.2"}
"""The first release that has servers of a transport."""
CERTIFIED = frozenset(("quic", "https3"))
"""Transports that take a certificate."""
LIMITS = {
    "https": ["max_connections 3"],
    "quic": ["max_streams 2", "worker_pool_size 4"],
    "https3": ["max_connections 3", "max_streams 2"],
    "grpc_server": ["max_connections 3", "max_streams 0"],
}


@drawer
def servers(draw: Draw) -> Piece:
    """Servers of other transports, with a certificate or without."""
    release = draw.release
    has_tls = draw.often(0.85)
    can = [x for x, since in SINCE.items() if release >= since and (has_tls or x not in CERTIFIED)]
    if not has_tls and "1.8.0" <= release < "1.8.7":
        can.remove("https")
    found = draw.some(can, 3)
    lines: list[str] = []
    mode = ""
    if has_tls:
        head = "tls cert.pem key.pem" + " ca.pem" * (release < "1.1.3" or draw.often(0.4))
        if release >= "1.5.1" and draw.often(0.3):
            mode = draw.choice(["nocert", "request", "require", "verify_if_given", "require_and_verify"])
            head = f"tls cert.pem key.pem {draw.choice(['ca.pem', 'ca.pem', 'other-ca.pem'])}"
            lines += [f"{head} {{", f"    client_auth {mode}", "}"]
        else:
            lines.append(head)
    for name, options in LIMITS.items():
        if release.has(name) and draw.often(0.15):
            lines += [f"{name} {{", f"    {draw.choice(options)}", "}"]
    if release.has("multisocket") and draw.often(0.1):
        lines.append(f"multisocket {draw.choice(['', '2'])}")
    proxied = release.has("proxyproto") and draw.often(0.1)
    if proxied:
        block = draw.some(["allow 127.0.0.1/32", "default reject", "default use", "udp_session_tracking 5s"], 2)
        lines += ["proxyproto {", *(f"    {line}" for line in block or ["allow 10.0.0.0/8"]), "}"]

    def asked(step: Step) -> Step:
        if "query" not in step:
            return step
        step = over(draw, step, found, has_tls, mode)
        return behind_header(draw, step) if proxied and draw.often(0.4) else step

    return Piece(lines, NAMED if has_tls else {}, servers=found, asked=asked)


def behind_header(draw: Draw, step: Step) -> Step:
    """A datagram with a PROXY header, which may be one that the server does not take."""
    if step.get("transport", "udp") != "udp" or "path" in step or "tsig" in step:
        return step
    kind, size = draw.choice([(0x12, 4), (0x12, 4), (0x22, 16), (0x11, 4)])
    data = bytes(draw.choice([10, 192, 0, 255]) for _ in range(2 * size)) + struct.pack("!HH", draw.randint(0, 9), 53)
    header = (
        SIGNATURE + bytes((draw.choice([0x21, 0x21, 0x21, 0x20, 0x22]), kind)) + struct.pack("!H", len(data)) + data
    )
    if draw.often(0.2):
        header = draw.choice([b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", b"PROXY x\r\n", header[:14], header[:20]])
    return step | {"octets": (header + wire.pack(message(step))).hex()}


def over(draw: Draw, step: Step, servers: list[str], has_tls: bool, mode: str) -> Step:
    """A question over one of the servers' transports, perhaps in a way that the server does not understand."""
    if draw.often(0.2):
        return step
    transport = draw.choice(servers)
    step = step | {"transport": transport}
    if transport in ("tls", "https", "grpc"):
        step["tls"] = has_tls
    if draw.often(0.03):
        step["tls"] = not has_tls
    if draw.often(0.04) and transport != "grpc":  # which a server for HTTPS counts as a request
        step["port"] = draw.choice(["dns", *servers])
    if draw.often(0.5 if mode else 0.05):
        step["certificate"] = True
    if transport in ("https", "https3"):
        asked_of_http(draw, step)
    if transport in ("quic", "https3") and draw.often(0.06):
        step["id"] = draw.choice([1, 65535])
    if transport == "quic" and "edns" in step and draw.often(0.1):
        step["edns"] = step["edns"] | {"options": {11: draw.choice(["", "0010"])}}
    if draw.often(0.1):
        step["to"] = draw.choice(["127.0.0.3", "127.0.0.1", "::1"])
        if step["to"] == "::1":
            step.pop("from", None)
    return step


def asked_of_http(draw: Draw, step: Step) -> None:
    """How a step's request is made, which is wrong in every sixth."""
    step["method"] = draw.choice(["POST", "POST", "GET"])
    if draw.often(0.84):
        return
    kind = draw.choice(["method", "path", "type", "query"])
    if kind == "method":
        others = ["PUT", "DELETE", "OPTIONS", "PATCH", "post"]
        step["method"] = draw.choice([*others, "HEAD"] if step["transport"] == "https" else others)
    elif kind == "path":
        paths = [
            "/",
            "/dns-query/",
            "/dns",
            "/dns%2Dquery",
            "/DNS-QUERY",
            "//dns-query",
            "/./dns-query",
            "/x/../dns-query",
        ]
        step["path"] = draw.choice(paths)
    elif kind == "type":
        step["type"] = draw.choice(["text/plain", "application/dns-json", "application/dns-message; charset=x"])
    else:
        text = base64.urlsafe_b64encode(wire.pack(message(step))).decode()
        bare = text.rstrip("=")
        queries = ["", "x=1", f"dns={text}", f"dns={bare}&dns={bare}", f"dns={bare}&x=1", f"x=1&dns={bare}", "dns="]
        queries += [f"dns={bare[:-1]}", f"dns={bare}!", f"dns={bare[:9]}%0A{bare[9:]}", f"dns={bare}A", f"DNS={bare}"]
        queries += [f"dns={bare[:9]}/{bare[10:]}", f"dns={bare[:9]}+{bare[10:]}", f"dns={bare};x=1", f"dns=%zz{bare}"]
        step["path"] = f"/dns-query?{draw.choice(queries)}"
        step["method"] = draw.choice(["GET", "GET", "GET", "POST"])


# -- messages that are odd ---------------------------------------------------------------------------------------------

RECORD = struct.pack("!BHHIH4s", 0, 1, 1, 5, 4, bytes((10, 0, 0, 1)))
"""An A record of the root."""
OPT = struct.pack("!BHHIH", 0, 41, 1232, 0, 0)


@drawer
def odd(draw: Draw) -> Piece:
    """Each sixth message is not as it should be."""

    def asked(step: Step) -> Step:
        if "query" not in step or "path" in step or "tsig" in step or draw.often(0.83):
            return step
        octets = wire.pack(message(step))
        for _ in range(draw.choice([1, 1, 2])):
            octets = draw.choice(ODDITIES)(draw, octets)
        return step | {"octets": octets.hex()}

    return Piece([], asked=asked)


def _with_counts(octets: bytes, index: int, change: Callable[[int], int]) -> bytes:
    """The message with another number in one of the six of its header."""
    if len(octets) < 12:
        return octets
    numbers = list(struct.unpack("!6H", octets[:12]))
    numbers[index] = change(numbers[index]) & 0xFFFF
    return struct.pack("!6H", *numbers) + octets[12:]


def _questions(draw: Draw, octets: bytes) -> bytes:
    """No question, or two."""
    end = 12 + octets[12:].find(0) + 5 if len(octets) > 12 else 12
    header = _with_counts(octets, 2, lambda _: 0)
    twice = _with_counts(octets, 2, lambda _: 2)
    kept = [header[:12], header, header[:12] + header[end:], twice, twice[:end] + octets[12:end] + octets[end:]]
    return draw.choice(kept)


def _opcode(draw: Draw, octets: bytes) -> bytes:
    return _with_counts(octets, 1, lambda flags: flags & ~0x7800 | draw.choice([1, 2, 3, 4, 4, 5, 5, 6, 15]) << 11)


def _flags(draw: Draw, octets: bytes) -> bytes:
    bit = draw.choice([0x8000, 0x0400, 0x0200, 0x0080, 0x0040, 0x0020, 0x0010, 0x0003, 0x000F])
    return _with_counts(octets, 1, lambda flags: flags | bit)


def _kind(draw: Draw, octets: bytes) -> bytes:
    """Another type or class of the question."""
    end = 12 + octets[12:].find(0) + 5
    if len(octets) < end or draw.often(0.1):
        return octets
    type, cls = struct.unpack("!HH", octets[end - 4 : end])
    if draw.often(0.5):
        cls = draw.choice([0, 3, 4, 254, 255, 65535])
    else:
        type = draw.choice([0, 41, 249, 250, 251, 252, 253, 254, 65535, 10, 65280])
    return octets[: end - 4] + struct.pack("!HH", type, cls) + octets[end:]


def _longer(draw: Draw, octets: bytes) -> bytes:
    return octets + draw.choice([b"\0", b"\0\0\0\0", RECORD, b"\xff" * 20, bytes(600)])


def _shorter(draw: Draw, octets: bytes) -> bytes:
    return octets[
        : draw.choice([0, 1, 2, 3, 11, 12, 13, len(octets) - 1, len(octets) - 5, draw.randint(0, len(octets))])
    ]


def _records(draw: Draw, octets: bytes) -> bytes:
    """Records where a query has none, or counts in the header of records that do not follow."""
    index, number = draw.choice([3, 4, 5]), draw.choice([1, 1, 2, 3])
    kind = draw.choice([RECORD, RECORD, OPT, b""])
    return _with_counts(octets, index, lambda count: count + number) + kind * number


def _edns(draw: Draw, octets: bytes) -> bytes:
    """An OPT record of another version, with other flags, or with malformed options."""
    version, flags = draw.choice([(1, 0), (255, 0), (0, 0x8001), (0, 0x4000), (1, 0x8000)])
    options = [
        b"",
        b"",
        b"\0\x03\0\0",
        b"\0\x0a\0\x03abc",
        b"\0\x08\0\x02\0\1",
        b"\0\x08\0\x08\0\1\x21\0\1\2\3\4",
        b"\0\x0b\0\x02\0\1",
    ]
    options += [b"\0\x0f\0\1x", b"\0\x0c\0\4\0\0\0\0", b"\xff\xff\0\x05ab", b"\0"]
    data = draw.choice(options)
    record = struct.pack("!BHHBBHH", 0, 41, draw.choice([0, 100, 4096]), 0, version, flags, len(data)) + data
    if octets[11:12] == b"\1" and draw.often(0.7):
        return octets  # it has one
    return _with_counts(octets, 5, lambda count: count + 1) + record


def _name(draw: Draw, octets: bytes) -> bytes:
    """Another name: long ones, pointers, labels of other kinds."""
    end = 12 + octets[12:].find(0) + 1
    if len(octets) < end:
        return octets
    label = b"\x3f" + b"a" * 63
    names = [label * 3 + b"\x3d" + b"b" * 61 + b"\0", label * 3 + b"\x3e" + b"b" * 62 + b"\0", label * 4 + b"\0"]
    names += [
        b"\xc0\x0c",
        b"\xc0\x00",
        b"\xc0\xff",
        b"\x40a\0",
        b"\x80\0",
        b"\1a\xc0\x0c",
        b"\0",
        b"\3a.b\0",
        b"\1\0\0",
    ]
    names += [b"\2\xc3\xa9\7example\0", b'\4a\\"b\2up\7example\0', b"\1 \3int\7example\0", b"\1*\3int\7example\0"]
    return octets[:12] + draw.choice(names) + octets[end:]


ODDITIES = (_questions, _opcode, _flags, _kind, _kind, _longer, _shorter, _records, _edns, _edns, _name)


# -- signatures --------------------------------------------------------------------------------------------------------

KEYS = {
    "key.example.": "NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk=",
    "Other.key.": "c2VjcmV0",
    "bad.key.": "not base64!",
    "empty.": "AAAA",
}
FILE = 'key "{}" {{\n    algorithm hmac-sha256;\n    secret "{}";\n}};\n'


@drawer
def tsig(draw: Draw) -> Piece:
    """Keys, and what has to be signed with them."""
    has = draw.some(list(KEYS), 3)
    in_file = [name for name in has if name != "bad.key." and draw.often(0.3)]
    lines = [f"    secret {name} {KEYS[name].split()[0]}" for name in has if name not in in_file]
    files = {"keys.conf": "".join(FILE.format(name, KEYS[name]) for name in in_file)} if in_file else {}
    lines += ["    secrets keys.conf"] * bool(in_file)
    for _ in range(draw.choice([0, 1, 1, 2])):
        lines.append(f"    require {draw.choice(['all', 'none', 'AXFR IXFR', 'A', 'A AAAA SOA', 'ANY'])}")
    if draw.release >= "1.14.3" and draw.often(0.2):
        lines.append(f"    require_opcode {draw.choice(['all', 'none', 'NOTIFY', 'QUERY', 'UPDATE IQUERY'])}")
    draw.shuffle(lines)
    zone = draw.choice(["", "", "example ", "int.example "])
    keys = [(name, KEYS[name] if name != "bad.key." else "YmFk") for name in has]
    keys += [("none.key.", "c2VjcmV0"), ("KEY.example.", KEYS["key.example."])]

    def asked(step: Step) -> Step:
        if "query" not in step or "octets" in step or draw.often(0.35):
            return step
        name, secret = draw.choice(keys[:-2] * 4 + keys)
        key = {"name": name, "secret": secret}
        if draw.often(0.3):
            algorithms = [
                "hmac-sha1",
                "hmac-sha224",
                "hmac-sha384",
                "hmac-sha512",
                "HMAC-SHA256",
                "hmac-md5.sig-alg.reg.int",
            ]
            key["algorithm"] = draw.choice([*algorithms, "none"])
        if "path" in step:
            return step
        step = step | {"tsig": key}
        if draw.often(0.3):
            wrong: list[Step] = [{"mac": True}, {"seconds": 290}, {"seconds": 1000}, {"seconds": -1000}, {"cut": 16}]
            wrong += [{"cut": 0}, {"id": 7}, {"fudge": 0}, {"fudge": 5, "seconds": 30}, {"behind": True}]
            step["spoilt"] = draw.choice(wrong)
        return step

    return Piece([f"tsig {zone}{{", *lines, "}"], files, asked=asked)


# -- addresses and pages -----------------------------------------------------------------------------------------------


@drawer
def bind(draw: Draw) -> Piece:
    """Where the server blocks listen."""
    choices = ["127.0.0.1", "127.0.0.1 ::1", "127.0.0.1 127.0.0.3", "0.0.0.0", "::"]
    words = draw.choice(choices if draw.release >= "1.0.6" else ["127.0.0.1", "0.0.0.0"])
    lines = [f"bind {words}"]
    if draw.release >= "1.8.4" and draw.often(0.4):
        lines = draw.choice([["bind lo"], ["bind lo {", "    except ::1", "}"], ["bind 127.0.0.1", "bind 127.0.0.3"]])

    def asked(step: Step) -> Step:
        if "query" not in step or draw.often(0.6):
            return step
        step = step | {"to": draw.choice(["127.0.0.1", "127.0.0.3", "::1"])}
        if step["to"] == "::1":
            step.pop("from", None)
        return step

    return Piece(lines, asked=asked)


@drawer
def reload(draw: Draw) -> Piece:
    """A Corefile that becomes another one, which may be refused."""

    def changed(corefile: str) -> str:
        head, brace, rest = corefile.partition(" {\n")
        kind = draw.choice(["add", "add", "broken", "end", "server", "comment", "unreadable"])
        if kind == "add":
            return head + brace + f"    {draw.choice(['whoami', 'nsid other', 'any', 'chaos v9', 'debug'])}\n" + rest
        if kind == "broken":
            return head + brace + f"    {draw.choice(['nope', 'cache a b c', 'hosts /none {', 'file'])}\n" + rest
        if kind == "end":
            return corefile + f"other.example:{draw.ports.servers['dns']} {{\n    whoami\n}}\n"
        if kind == "server":  # one transport less, where there are several
            first, comma, _ = head.partition(", ")
            return (first if comma and not first.startswith("tls") else head) + brace + rest
        return "# other\n" + corefile if kind == "comment" else corefile.removesuffix("}\n")

    return Piece(["reload 2s 1s"], reloads=changed)


@drawer
def shed(draw: Draw) -> Piece:
    """What drops queries where too many wait."""
    return Piece(["shed"])


def _endpoint(name: str, paths: list[str]) -> None:
    """Register how a directive with an endpoint of HTTP is drawn."""

    def draw(draw: Draw) -> Piece:
        port = draw.ports.pages[name]
        at = draw.choice([f"127.0.0.1:{port}", f":{port}", f"localhost:{port}"])
        steps: list[Step] = [{"get": f"http://127.0.0.1:{port}{draw.choice(paths)}"} for _ in range(2)]
        lines = [f"{name} {at}"]
        if name == "health" and draw.often(0.2):
            lines = [f"{lines[0]} {{", "    lameduck 1s", "}"]
        if name == "ready" and draw.release >= "1.12.2" and draw.often(0.3):
            lines = [f"{lines[0]} {{", f"    monitor {draw.choice(['continuously', 'until-ready'])}", "}"]
        return Piece(lines, steps=steps)

    draw.__name__ = name
    drawer(draw)


@drawer
def dnstap(draw: Draw) -> Piece:
    """What is told of queries and replies, sometimes in two ways, which is compared at the end."""
    return Piece([line for _ in range(1 + draw.often(0.25)) for line in _tap(draw)])


def _tap(draw: Draw) -> list[str]:
    """The lines of one of them."""
    words = f"dnstap tcp://127.0.0.1:{draw.ports.pages['dnstap']}{draw.choice(['', ' full', ' full'])}"
    block = []
    if draw.release >= "1.9.4":
        block += [f"identity {draw.choice(['here', 'a.b'])}"] * draw.often(0.3) + ["version 1"] * draw.often(0.3)
    if draw.release >= "1.11.1" and draw.often(0.4):
        block.append(
            f"extra {draw.choice(['{name}', '{type}-{proto}', '{remote}{port}', '{/view/name}', '{rcode}x', '{size} {>do} {class}'])}"
        )
    return [f"{words} {{", *(f"    {line}" for line in block), "}"] if block else [words]


PAGES = {
    "health": ["/health", "/health", "/", "/health/", "/health?x=1"],
    "ready": ["/ready", "/ready", "/", "/ready/"],
    "pprof": ["/debug/pprof/cmdline", "/debug/pprof/symbol", "/debug", "/debug/pprof/none", "/debug/pprof/heap"],
}
"""Pages that are asked for, by directive; some of them do not exist."""
ENDPOINTS = (*PAGES, "dnstap")
"""Directives that have a port of their own."""
for _page, _paths in PAGES.items():
    _endpoint(_page, _paths)


@drawer
def on(draw: Draw) -> Piece:
    """Commands at the start and the end."""
    event = draw.choice(["startup", "startup", "shutdown", "certrenew"])
    return Piece([f"on {event} {draw.choice(['true', 'sleep 0.2', 'false', '/none/such', 'true a b &'])}"])


@drawer
def timeouts(draw: Draw) -> Piece:
    """Limits of connections, which no client reaches."""
    lines = draw.some(["read 2s", "write 3s", "idle 5s"], 3)
    return Piece(["timeouts {", *(f"    {line}" for line in lines), "}"])
