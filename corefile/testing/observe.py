"""What happens in one step of a test, in the shape of `expect`."""

from __future__ import annotations

import re
from typing import Any

from ..api import WAIT, Server
from ..chain.reply import Reply
from ..chain.transports import PATH, Via
from ..dns import codes, rdata, tsig, wire
from ..dns.codes import CH, A
from ..dns.escapes import normal_name
from ..dns.message import Edns, Msg
from ..dns.names import fqdn, wire_length
from ..dns.tsig import Key
from ..light import regex
from .certificates import CERT
from .format import SECTIONS, BadTest, seconds, subnet_of

LEVEL = regex(r"\[(INFO|ERROR|WARNING|DEBUG|PANIC|FATAL)\]")
PROBE = regex(r"\b[0-9]{15,19}\.[0-9]{15,19}\.")
"""How the name begins that `loop` asks for: two numbers at random."""
PROBED = regex(r':\d+ - \d+( "HINFO IN <probe>\.\S* \w+ )\d+( \w+ \d+" \w+ \S+ )\d+')


def observe(server: Server, step: dict[str, Any]) -> tuple[dict[str, Any], Reply | None]:
    """What happens in one step, in the shape of `expect`, and the reply if it is a query."""
    if step.get("after"):
        server.advance(seconds(step["after"]))
    reply = None
    out: dict[str, Any] = {}
    if any(key in step for key in CHANGES):
        change(server, step)
    elif "get" in step:
        try:
            status, body = server.get(str(step["get"]))
        except ConnectionRefusedError:
            status, body = None, ""
        out = {"status": status, "body": body}
    elif "metrics" in step:
        try:
            out = {"samples": server.samples([str(x) for x in step["metrics"]], str(step.get("at") or ":9153"))}
        except ConnectionRefusedError:
            out = {"samples": []}
    else:
        key = key_of(step)
        reply = ask(server, step, key)
        expected = step.get("expect")
        if reply.received and isinstance(expected, dict) and "wire" in expected:
            out = {"wire": (reply.octets or b"").hex()}  # what a reader makes of it is not the question
        else:
            out = describe(reply, str(step["query"]), key) if reply.received else {}
        if reply.http is not None and reply.http.status == 200 and not reply.received:
            out = {"wire": ""}  # a reply that has no wire form
        out.update(beside_of(reply))
        out = out or {"reply": "none"}
        if reply.log:
            out["log"] = recorded(reply.log, server.world.clock.now)
    rest = server.process.instance.take_log()
    if rest:
        out["log"] = out.get("log", []) + recorded(rest, server.world.clock.now)
    if not out.get("log"):
        out.pop("log", None)
    return out, reply


CHANGES = ("write", "apply", "delete", "upstream", "store")


def change(server: Server, step: dict[str, Any]) -> None:
    """Change the world as a step says. Raises BadTest, whose path leads on from the step; CorefileError for an upstream
    that CoreDNS would refuse."""
    world = server.world
    for path, text in (step.get("write") or {}).items():
        world.write(path, None if text is None else str(text))
    for key in ("apply", "delete"):
        if step.get(key) is not None and world.cluster is None:
            raise BadTest("there is no API server, for `cluster` is null: `cluster: []` is one without objects", (key,))
    if step.get("apply") is not None:
        world.apply(step["apply"])
    for index, name in enumerate(step.get("delete") or ()):
        try:
            world.delete(name)
        except ValueError as e:
            raise BadTest(str(e), ("delete", index)) from None
    if step.get("upstream"):
        world.upstreams.update(step["upstream"])
        server.process.network.settle()
    if step.get("store"):
        world.stores.update(step["store"])


A_DAY = 86400


def recorded(lines: list[str], now: float = 0) -> list[str]:
    """The log lines that a test looks at: those with a level. The query log of releases before 1.2.6 has none."""
    return [clean(part, now) for line in lines for part in line.splitlines() if LEVEL.match(part)]


def clean(line: str, now: float = 0) -> str:
    """A log line with what differs from run to run made uniform: ephemeral ports, durations, the IDs of commands, the probes
    of `loop` (in the usual format of the query log with their port, ID and sizes), and the serial of a transfer that is a time less
    than a day from `now`."""
    line = re.sub(r":\d{4,5}->", ":<port>->", line)
    line = re.sub(r"\b\d+\.\d+(ms|µs|s)\b", "<duration>", line)
    line = re.sub(r"(?<= with ID )[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "<id>", line)
    if "HINFO" in line:
        line = PROBE.sub("<probe>.", line)
        line = PROBED.sub(r":<port> - <id>\1<size>\2<size>", line)
    return re.sub(r"\b\d{10}(?= SOA serial$)", lambda m: "<now>" if abs(now - int(m[0])) < A_DAY else m[0], line)


def ask(server: Server, step: dict[str, Any], key: Key | None = None) -> Reply:
    """Send a step's query."""
    words = str(step["query"]).split()
    name, rest = words[0], words[1:]
    edns = step.get("edns")
    option = None
    if edns is not None and edns is not False:
        option = edns_of({} if edns is True else edns)
    return server.query(
        name,
        rest[-1] if rest else "A",
        cls=rest[0] if len(rest) == 2 else "IN",
        flags=str(step.get("flags") or "rd"),
        edns=option,
        opcode=str(step.get("opcode") or "QUERY"),
        client=str(step["from"]) if step.get("from") else None,
        to=str(step.get("to") or "127.0.0.1:53"),
        transport=via_of(step),
        timeout=seconds(step.get("timeout") or WAIT),
        trace=True,
        key=key,
    )


def key_of(step: dict[str, Any]) -> Key | None:
    """The key that signs a step's query, if one does."""
    return Key(**{k: str(v) for k, v in step["tsig"].items() if v is not None}) if step.get("tsig") else None


def via_of(step: dict[str, Any]) -> Via:
    """How a step asks."""
    transport = step.get("transport") or "udp"
    tls = step.get("tls")
    if tls is None:
        tls = transport in ("tls", "https")
    shown = CERT if step.get("certificate") else None
    method, path = str(step.get("method") or "POST"), str(step.get("path") or PATH)
    return Via("tls" if transport == "tcp" and tls else transport, tls, shown, method, path)


def beside_of(reply: Reply) -> dict[str, Any]:
    """What the transport says beside a DNS message, or in its place."""
    if reply.grpc is not None:
        return {"grpc": {"status": reply.grpc.status, "message": reply.grpc.message}}
    http = reply.http
    if http is None:
        return {}
    said: dict[str, Any] = {"status": http.status}
    if http.cache_control is not None:
        said["cache-control"] = http.cache_control
    if http.body:
        said["body"] = http.body
    return {"http": said}


def edns_of(given: dict[str, Any]) -> Edns:
    """The EDNS options that a step's `edns` says."""
    options: list[tuple[int, bytes]] = []
    if given.get("nsid"):
        options.append((3, b""))
    if given.get("subnet"):
        packed, prefix, scope = subnet_of(str(given["subnet"]))
        octets = bytearray(packed[: (prefix + 7) // 8])
        if prefix % 8:
            octets[-1] &= 0xFF << (8 - prefix % 8) & 0xFF
        options.append((8, bytes((0, 1 if len(packed) == 4 else 2, prefix, scope)) + octets))
    for code, data in (given.get("options") or {}).items():
        options.append((int(code), bytes.fromhex(str(data))))
    udp = given.get("udp")
    return Edns(
        1232 if udp is None else int(udp), bool(given.get("do")), int(given.get("version") or 0), tuple(options)
    )


def describe(reply: Reply, query: str, key: Key | None = None) -> dict[str, Any]:
    """A reply in the shape of `expect`."""
    msg = reply.msg
    assert msg is not None
    if _unreadable(msg):
        return {"wire": wire.pack(msg).hex()}
    out: dict[str, Any] = {"rcode": reply.rcode, "flags": " ".join(reply.flags)}
    extra = tsig.without(msg).extra if tsig.signature(msg) is not None else msg.extra
    for section, rrs in zip(SECTIONS, (msg.answer, msg.ns, extra), strict=True):
        if rrs:
            out[section] = [rdata.rr_to_text(rr) for rr in rrs]
    if msg.edns is not None:
        out["edns"] = {"udp": msg.edns.udp}
        if msg.edns.do:
            out["edns"]["do"] = True
        if msg.edns.options:
            out["edns"]["options"] = {code: data.hex() for code, data in msg.edns.options}
    if key is not None:
        out["tsig"] = key.check(msg, key.asked)
    asked = normal_name(fqdn(query.split()[0]))
    if msg.question is None or msg.question.name != asked:
        out["question"] = (
            []
            if msg.question is None
            else [f"{msg.question.name} {codes.class_name(msg.question.cls)} {codes.type_name(msg.question.type)}"]
        )
    return out


def _unreadable(msg: Msg) -> bool:
    """Whether readers of DNS messages give up on it: an empty question, names that begin with a dot or have more than
    255 octets (RFC 1035 §2.3.4), an OPT record that is not the root's (RFC 6891 §6.1.2), or an address in class CH
    (RFC 1035 §3.4 has it only for IN; elsewhere its RDATA means something else)."""
    if (msg.question is not None and not msg.question.name) or (msg.edns is not None and msg.edns.name != "."):
        return True
    records = (*msg.answer, *msg.ns, *msg.extra)
    names = [] if msg.question is None else [msg.question.name]
    names += [name for rr in records for name in (rr.name, *wire.names_in(rr.type, rr.data))]
    if any(name[:1] == "." != name or wire_length(name) > 255 for name in names):
        return True
    return any(rr.type == A and rr.cls == CH for rr in records)
