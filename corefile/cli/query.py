"""`corefile query`: ask what a name resolves to, and why."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NamedTuple

from ..api import Server
from ..chain.reply import Reply
from ..dns import codes, rdata
from ..dns.errors import BadName
from ..dns.message import Edns
from ..dns.names import fqdn
from ..dns.rr import RR
from ..findings import CorefileError, Finding
from ..findings.layout import Line, Part, line
from ..golang.addresses import join_port
from ..world.files import STAND_IN
from ._inputs import (
    DUMP,
    Parser,
    Worlds,
    WrongUse,
    add_common,
    add_release,
    add_world,
    address_of,
    corefiles_of,
    fail,
    release_of,
)
from ._terminal import note, say, show, show_findings, show_json

EXAMPLES = """
corefile query web.default.svc.cluster.local --cluster cluster.yaml --trace
corefile query -c configmap.yaml --upstream 10.0.0.53=zone.txt www.example.com AAAA
kubectl get configmap coredns -n kube-system -o yaml | corefile query -c - --short example.org MX
"""


class Asked(NamedTuple):
    """A reply and what goes with it: how it was asked, remarks about the world, the Corefile's findings."""

    reply: Reply
    to: str
    notes: list[str]
    findings: list[Finding]


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "query",
        "[options] NAME [TYPE]",
        "Ask what a name resolves to, and why. Nothing is asked over the "
        "network: --cluster and --upstream\nsay what is there. The exit code is 1 where no reply would come, or "
        "CoreDNS would not start.",
        EXAMPLES,
    )
    p.add_argument("name", metavar="NAME", help="the name to ask for, in full: no search list is applied")
    p.add_argument("type", metavar="TYPE", nargs="?", help="the record type (default: A, with -x PTR)")
    p.add_argument("-x", dest="reverse", action="store_true", help="NAME is an address: ask for its names")
    p.add_argument(
        "-c",
        "--corefile",
        default="Corefile",
        metavar="PATH",
        help="a Corefile, Kubernetes YAML with one in it, a folder of them, or - for standard input (default: %(default)s)",
    )
    add_release(p)
    shown = p.add_mutually_exclusive_group()
    shown.add_argument("--trace", action="store_true", help="show the way through the chain, and why")
    shown.add_argument("--short", action="store_true", help="print what `dig +short` prints, and nothing else")
    add_common(p)
    ask = p.add_argument_group("how to ask")
    ask.add_argument("--from", dest="client", metavar="IP", help="the client that asks (default: 127.0.0.1)")
    ask.add_argument("--to", metavar="ADDR", help="the server's address (default: 127.0.0.1, port 53 or the only one)")
    ask.add_argument("--class", dest="cls", default="IN", metavar="CLASS", help="the class (default: %(default)s)")
    ask.add_argument("--tcp", action="store_true", help="ask over TCP")
    ask.add_argument("--dnssec", action="store_true", help="set the DO bit")
    ask.add_argument("--bufsize", type=_size, metavar="N", help="send EDNS with this buffer size")
    ask.add_argument("--norecurse", action="store_true", help="leave out the RD flag")
    add_world(p)
    return p


def _size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"`{text}` is not a size from 0 to 65535")
    return int(text)


def main(argv: list[str]) -> int:
    """Run the verb."""
    p = parser()
    args = p.parse_args(argv)
    try:
        asked = ask(args)
    except WrongUse as e:
        fail(p, e)
    except CorefileError as e:
        if args.format == "json":
            from ..findings.report import to_json

            show_json({"reply": None, "findings": [to_json(f) for f in e.findings]})
        else:
            show_findings(e.findings, stream=sys.stderr)
        return 1
    if args.format == "json":
        show_json(as_json(asked, args))
    elif args.short:
        for rr in asked.reply.answer:
            say(rr.rdata)
        for text in remarks(asked, short=True):
            note(text, sys.stderr)
    else:
        show((trace_lines if args.trace else dig_lines)(asked, args), width=118 if args.trace else None)
        texts = remarks(asked)
        if texts:
            say("")
        for text in texts:
            note(text)
    return 0 if asked.reply.received else 1


def ask(args: Any) -> Asked:
    """Ask, in the world that the options describe. Raises WrongUse, and CorefileError for a refused Corefile."""
    args.type = args.type or ("PTR" if args.reverse else "A")
    if args.reverse:
        args.name = _reverse(args.name)
    qtype, cls = _number(codes.type_number, args.type, "record type"), _number(codes.class_number, args.cls, "class")
    release = release_of(args.release)
    given = corefiles_of([args.corefile])
    if given.errors:
        error = given.errors[0]
        hint = " (-c PATH says which Corefile)" if args.corefile == "Corefile" else ""
        raise WrongUse(f"{error.filename}: {error.strerror or error}{hint}")
    if given.findings:
        raise CorefileError(tuple(given.findings))
    if not given.found:
        raise WrongUse(f"{args.corefile}: there is no Corefile in it (no ConfigMap has one in its `data`)")
    source = given.found[0].source
    world = Worlds(args).around(given.found[0], args.client)
    server = Server(source, release, world)
    server.start()
    to = args.to or _where(server)
    address_of(to, "--to")
    before = set(server.process.network.unreachable)
    edns = None
    if args.dnssec or args.bufsize is not None:
        edns = Edns(1232 if args.bufsize is None else args.bufsize, args.dnssec)
    try:
        reply = server.query(
            _ascii(args.name),
            qtype,
            cls=cls,
            flags="none" if args.norecurse else "rd",
            edns=edns,
            client=args.client,
            to=to,
            transport="tcp" if args.tcp else "udp",
        )
    except BadName as e:
        raise WrongUse(f"`{args.name}` is no domain name: it {e.reason}") from None
    notes = []
    if len(given.found) > 1:
        which = "" if source.path in (args.corefile, "<stdin>") else f": {source.path}"
        notes.append(f"{len(given.found)} Corefiles are in {args.corefile}; the first one was asked{which}")
    if not reply.received:
        listening = sorted({x.label.removeprefix("dns://") for x in server.process.instance.listeners})
        notes.append(f"nothing came back from {to}; this Corefile listens at {', '.join(listening) or 'no address'}")
    hops = reply.trace.hops
    if not args.cluster and any(h.plugin == "kubernetes" and h.outcome != "next" for h in hops):
        notes.append(f"no --cluster is given, so there is nothing in the cluster: `{DUMP}` prints what it takes")
    words = " ".join(h.why for h in hops)
    vain = [at for at in server.process.network.unreachable if at not in before or at in words]
    notes += [_nobody(at, server) for at in vain]
    return Asked(
        reply, to, notes, [f for f in server.findings if f.severity != "error" and _concerns(f, server, reply)]
    )


def _concerns(finding: Finding, server: Server, reply: Reply) -> bool:
    """Whether a finding is about the server block that was asked, or about none."""
    asked = reply.trace.server.get("site")
    inside = [
        s
        for s in server.process.instance.sites
        if finding.span is not None
        and s.span.source is finding.span.source
        and s.span.start <= finding.span.start < s.span.end
    ]
    return asked is None or not inside or asked in inside


def _number(find: Any, word: str, what: str) -> int:
    try:
        number: int = find(word.upper())
    except (KeyError, ValueError):
        raise WrongUse(f"`{word}` is no {what}") from None
    return number


def _reverse(text: str) -> str:
    """The name that stands for an address."""
    import ipaddress

    try:
        return ipaddress.ip_address(text).reverse_pointer + "."
    except ValueError:
        raise WrongUse(f"-x takes an IP address, not `{text}`") from None


def _ascii(name: str) -> str:
    """A name as dig sends it: its international labels in Punycode (RFC 3490)."""
    if name.isascii():
        return name
    return ".".join(x if x.isascii() else x.encode("idna").decode("ascii") for x in name.split("."))


def _where(server: Server) -> str:
    """The address to ask: 127.0.0.1 at port 53 or the only port, or else an address that the Corefile binds to."""
    listeners = [x for x in server.process.instance.listeners if x.transport == "dns"]
    ports = {x.port for x in listeners}
    port = min(ports) if len(ports) == 1 else 53
    hosts = {x.host for x in listeners if x.port == port}
    if not hosts or hosts & {"", "127.0.0.1", "0.0.0.0", "::"}:
        return f"127.0.0.1:{port}"
    host = min(hosts)
    server.world.addresses = (*server.world.addresses, host)
    return join_port(host, port)


def _nobody(address: str, server: Server) -> str:
    """What to do about an address (`ip:port`) that was asked in vain."""
    ip, _, port = address.rpartition(":")
    short = ip if port == "53" else address
    text = f"nobody is at {short}: --upstream {short}=FILE says what answers there (a zone file or a Corefile)"
    if ip == STAND_IN and "/etc/resolv.conf" in server.world.assumed:
        text += "; that address stands in for /etc/resolv.conf, which --file /etc/resolv.conf=FILE gives"
    return text


def remarks(asked: Asked, *, short: bool = False) -> list[str]:
    """Remarks for a reader: what the simulator leaves out first, then what the world lacks. In short, those that the
    answer cannot be understood without."""
    out = []
    for f in asked.findings:
        if short and f.code != "not-simulated":
            continue
        where = f.span.locate() if f.span else None
        at = f"{where.path}:{where.line}: " if where else ""
        out.append(f"{f.severity}: {at}{f.message}" + (f" ({f.hint})" if f.hint else ""))
    return out + ([] if short and asked.reply.answer else asked.notes)


def dig_lines(asked: Asked, args: Any) -> list[Line]:
    """What dig prints, without what only a real server has (a time)."""
    msg, out = asked.reply.msg, []
    if msg is None:
        return [line(";; ", "no reply: the client would time out", "error")]
    extra = len(msg.extra) + (msg.edns is not None)
    status = Part(asked.reply.rcode, "good" if asked.reply.rcode == "NOERROR" else "error")
    out.append(
        Line(
            (
                Part(f";; ->>HEADER<<- opcode: {codes.opcode_name(msg.opcode)}, status: "),
                status,
                Part(f", id: {msg.id}"),
            )
        )
    )
    out.append(
        line(
            f";; flags: {' '.join(asked.reply.flags)}; QUERY: {int(msg.question is not None)}, "
            f"ANSWER: {len(msg.answer)}, AUTHORITY: {len(msg.ns)}, ADDITIONAL: {extra}"
        )
    )
    if msg.edns is not None:
        do = " do" if msg.edns.do else ""
        out += [
            line(""),
            line(";; OPT PSEUDOSECTION:"),
            line(f"; EDNS: version: {msg.edns.version}, flags:{do}; udp: {msg.edns.udp}"),
        ]
        out += [line(f"; OPT={code}: {data.hex(' ')}") for code, data in msg.edns.options]
    if msg.question is not None:
        q = msg.question
        out += [
            line(""),
            line(";; QUESTION SECTION:"),
            line(f";{q.name:<32} {codes.class_name(q.cls):<4} {codes.type_name(q.type)}"),
        ]
    width = max([24, *(len(rr.name) for rr in (*msg.answer, *msg.ns, *msg.extra))])
    for title, rrs in (("ANSWER", msg.answer), ("AUTHORITY", msg.ns), ("ADDITIONAL", msg.extra)):
        if rrs:
            out += [line(""), line(f";; {title} SECTION:"), *(_record(rr, width) for rr in rrs)]
    took = f"; took {asked.reply.elapsed:g} s" if asked.reply.elapsed else ""
    out += [
        line(""),
        line(
            "",
            f";; CoreDNS {asked.reply.release}, simulated, at {asked.to} ({'tcp' if args.tcp else 'udp'}){took}",
            "dim",
        ),
    ]
    return out + [line("", f";; log: {text}", "dim") for text in asked.reply.log]


def _record(rr: RR, width: int) -> Line:
    data = rdata.to_text(rr.type, rr.data)
    return line(f"{rr.name:<{width}} {rr.ttl:<6} {codes.class_name(rr.cls):<4} {codes.type_name(rr.type):<6} {data}")


def trace_lines(asked: Asked, args: Any) -> list[Line]:
    """The outcome, the way through the chain, and the records."""
    reply = asked.reply
    outcome = reply.rcode if reply.received else "no reply, the client would time out"
    if reply.msg is not None and reply.msg.tc:
        outcome += ", truncated (TC): a client asks again over TCP"
    elif reply.rcode == "NOERROR" and not reply.answer:
        outcome += ", no record of this type (NODATA)"
    head = (Part(f"{fqdn(args.name)} {args.type.upper()}: ", "bold"),)
    good = reply.rcode == "NOERROR"
    words = "   (what a pod sees: its search list goes on to the next suffix)" if _searched(reply) else ""
    out = [
        Line(head, (Part(outcome, "good" if good else "error"), Part(words, "dim")), 4),
        line(""),
        *reply.trace.lines(),
    ]
    sections = [("answer", reply.answer), ("authority", reply.authority), ("additional", reply.additional)]
    if any(rrs for _, rrs in sections):
        out.append(line(""))
    for title, rrs in sections:
        for i, rr in enumerate(rrs):
            out.append(line(f"  {title if i == 0 else '':<10} ", str(rr)))
    if reply.elapsed:
        out += [line(""), line(f"  took {reply.elapsed:g} s")]
    return out + [line(f"  {'log':<10} ", text) for text in reply.log]


def _searched(reply: Reply) -> bool:
    """Whether a pod's resolver takes this answer as a reason to try its next search suffix."""
    hops = reply.trace.hops
    searched = bool(hops) and hops[-1].plugin == "kubernetes" and not hops[-1].name.endswith(".arpa.")
    return reply.rcode == "NXDOMAIN" and searched


def as_json(asked: Asked, args: Any) -> dict[str, Any]:
    """All of it as plain data."""
    from ..findings.report import to_json

    reply, msg = asked.reply, asked.reply.msg

    def section(rrs: list[RR]) -> list[dict[str, Any]]:
        return [
            {
                "name": rr.name,
                "ttl": rr.ttl,
                "class": codes.class_name(rr.cls),
                "type": codes.type_name(rr.type),
                "data": rdata.to_text(rr.type, rr.data),
            }
            for rr in rrs
        ]

    return {
        "question": {"name": args.name, "type": args.type.upper(), "class": args.cls.upper()},
        "release": reply.release.version,
        "to": asked.to,
        "reply": None
        if msg is None
        else {
            "rcode": reply.rcode,
            "flags": list(reply.flags),
            "answer": section(msg.answer),
            "authority": section(msg.ns),
            "additional": section(msg.extra),
            "edns": None
            if msg.edns is None
            else {
                "udp": msg.edns.udp,
                "do": msg.edns.do,
                "options": {str(code): data.hex() for code, data in msg.edns.options},
            },
        },
        "elapsed": reply.elapsed,
        "log": reply.log,
        "trace": reply.trace.to_json(),
        "notes": asked.notes,
        "findings": [to_json(f) for f in asked.findings],
    }
