"""`corefile query`: ask what a name resolves to, and why."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..chain import rdata
from ..chain.message import Edns
from ..chain.reply import Reply
from ..diagnostics import CorefileError, render, to_json
from ._inputs import WrongUse, add_release, add_world, color_wanted, fail, release_of, sources_of, world_of


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = argparse.ArgumentParser(prog="corefile query", description="Ask what a name resolves to, and why.")
    corefile = "a Corefile, Kubernetes YAML with one in it, or - for stdin (default: %(default)s)"
    p.add_argument("-c", "--corefile", default="Corefile", metavar="PATH", help=corefile)
    p.add_argument("name", metavar="NAME", help="the name to ask for")
    p.add_argument("type", metavar="TYPE", nargs="?", default="A", help="the record type (default: %(default)s)")
    add_release(p)
    p.add_argument("--short", action="store_true", help="print what `dig +short` prints, and nothing else")
    p.add_argument("--trace", action="store_true", help="print the way through the chain")
    p.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: %(default)s)")
    p.add_argument("--from", dest="client", metavar="IP", help="the client that asks (default: 127.0.0.1)")
    p.add_argument("--to", metavar="ADDR", help="the server to ask (default: 127.0.0.1, port 53 or the only one)")
    p.add_argument("--class", dest="cls", default="IN", metavar="CLASS", help="the class (default: %(default)s)")
    p.add_argument("--tcp", action="store_true", help="ask over TCP")
    p.add_argument("--dnssec", action="store_true", help="ask with the DO bit")
    p.add_argument("--bufsize", type=int, metavar="N", help="ask with EDNS and this buffer size")
    p.add_argument("--norecurse", action="store_true", help="ask without the RD flag")
    add_world(p)
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    p = parser()
    args = p.parse_args(argv)
    try:
        reply, notes, findings = ask(args)
    except WrongUse as e:
        fail(p, e)
    except CorefileError as e:
        if args.format == "json":
            import json

            print(json.dumps({"reply": None, "findings": [to_json(f) for f in e.findings]}, indent=2))
        else:
            print(render(e.findings, color=color_wanted()), file=sys.stderr)
        return 1
    if args.format == "json":
        import json

        print(json.dumps(as_json(reply, args, notes, findings), indent=2, ensure_ascii=False))
    elif args.short:
        print_short(reply)
    else:
        for text in notes:
            print(f";; {text}")
        (print_trace if args.trace else print_dig)(reply, args)
    return 0 if reply.received else 1


def ask(args: Any) -> tuple[Reply, list[str], list[Any]]:
    """The reply, remarks about the world, and the Corefile's findings."""
    from ..api import Server

    try:
        qtype = rdata.type_number(args.type.upper())
        rdata.class_number(args.cls.upper())
    except (KeyError, ValueError):
        raise WrongUse(f"no such record type or class: {args.type} {args.cls}") from None
    release = release_of(args.release)
    sources, base = sources_of(args.corefile)
    source, files = sources[0]
    world = world_of(args, files, base, args.client)
    server = Server(source, release, world)
    server.start()
    notes = [] if len(sources) == 1 else [f"{len(sources)} Corefiles in {args.corefile}; asked the first one"]
    to = args.to
    if to is None:
        ports = {x.port for x in server.instance.listeners if x.transport == "dns"}
        to = "127.0.0.1:53" if 53 in ports or len(ports) != 1 else f"127.0.0.1:{min(ports)}"
        hosts = {x.host for x in server.instance.listeners if x.transport == "dns" and f":{x.port}" == to[9:]}
        if hosts and not hosts & {"", "127.0.0.1", "0.0.0.0", "::"}:
            host = min(hosts)
            to = (f"[{host}]" if ":" in host else host) + to[9:]
            world.addresses = (*world.addresses, host)
    edns = None
    if args.dnssec or args.bufsize:
        edns = Edns(args.bufsize or 1232, args.dnssec)
    reply = server.query(args.name, qtype, cls=args.cls.upper(), flags="none" if args.norecurse else "rd", edns=edns,
                         client=args.client, to=to, transport="tcp" if args.tcp else "udp",
                         trace=args.trace or args.format == "json")  # fmt: skip
    if not any(x.port == int(to.rpartition(":")[2]) for x in server.instance.listeners):
        notes.append(f"nothing listens at {to}")
    assumed: set[str] = getattr(world.files, "assumed", set())
    if "/etc/resolv.conf" in assumed and not args.short:
        notes.append(
            "/etc/resolv.conf is not given: assumed `nameserver 192.0.2.53` "
            "(--file /etc/resolv.conf=PATH gives it, --upstream 192.0.2.53=FILE says what answers there)"
        )
    return reply, notes, [f for f in server.findings if f.severity != "error"]


def print_short(reply: Reply) -> None:
    """What `dig +short` prints: the data of each record of the answer."""
    for rr in reply.answer:
        print(rdata.to_text(rr.type, rr.data))


def print_dig(reply: Reply, args: Any) -> None:
    """What dig prints, without what only a real server has (a time)."""
    msg = reply.msg
    if msg is None:
        print(";; no reply came: the client would time out")
        return
    flags = " ".join(reply.flags)
    extra = len(msg.extra) + (msg.edns is not None)
    print(f";; ->>HEADER<<- opcode: {rdata.opcode_name(msg.opcode)}, status: {reply.rcode}, id: {msg.id}")
    print(f";; flags: {flags}; QUERY: {int(msg.question is not None)}, ANSWER: {len(msg.answer)}, "
          f"AUTHORITY: {len(msg.ns)}, ADDITIONAL: {extra}")  # fmt: skip
    if msg.edns is not None:
        do = " do" if msg.edns.do else ""
        print(f"\n;; OPT PSEUDOSECTION:\n; EDNS: version: {msg.edns.version}, flags:{do}; udp: {msg.edns.udp}")
    if msg.question is not None:
        q = msg.question
        print(f"\n;; QUESTION SECTION:\n;{q.name}\t\t{rdata.class_name(q.cls)}\t{rdata.type_name(q.type)}")
    for title, rrs in (("ANSWER", msg.answer), ("AUTHORITY", msg.ns), ("ADDITIONAL", msg.extra)):
        if rrs:
            print(f"\n;; {title} SECTION:")
            for rr in rrs:
                data = rdata.to_text(rr.type, rr.data)
                print(f"{rr.name}\t{rr.ttl}\t{rdata.class_name(rr.cls)}\t{rdata.type_name(rr.type)}\t{data}")
    print(f"\n;; CoreDNS {reply.instance.release.version}, simulated")
    for line in reply.log:
        print(f";; log: {line}")


def print_trace(reply: Reply, args: Any) -> None:
    """The outcome, the way through the chain, and the records."""
    from ..chain.names import fqdn

    outcome = reply.rcode if reply.received else "no reply (the client would time out)"
    print(f"{fqdn(args.name)} {args.type.upper()}: {outcome}\n")
    print(reply.trace)
    sections = [(s, rrs) for s, rrs in (("answer", reply.answer), ("authority", reply.authority),
                                        ("additional", reply.additional)) if rrs]  # fmt: skip
    if sections:
        print()
    for title, rrs in sections:
        for i, rr in enumerate(rrs):
            print(f"  {title if i == 0 else '':<10} {rdata.rr_to_text(rr)}")
    if reply.elapsed:
        print(f"\n  took {reply.elapsed:g} s")
    for line in reply.log:
        print(f"  {'log':<10} {line}")


def as_json(reply: Reply, args: Any, notes: list[str], findings: list[Any]) -> dict[str, Any]:
    """All of it as plain data."""
    msg = reply.msg

    def section(rrs: list[Any]) -> list[dict[str, Any]]:
        return [{"name": rr.name, "ttl": rr.ttl, "class": rdata.class_name(rr.cls), "type": rdata.type_name(rr.type),
                 "data": rdata.to_text(rr.type, rr.data)} for rr in rrs]  # fmt: skip

    return {
        "question": {"name": args.name, "type": args.type.upper(), "class": args.cls.upper()},
        "release": reply.instance.release.version,
        "reply": None if msg is None else {
            "rcode": reply.rcode, "flags": list(reply.flags), "answer": section(msg.answer),
            "authority": section(msg.ns), "additional": section(msg.extra),
            "edns": None if msg.edns is None else {"udp": msg.edns.udp, "do": msg.edns.do, "options": {
                str(code): data.hex() for code, data in msg.edns.options}},
        },
        "elapsed": reply.elapsed, "log": reply.log, "trace": reply.trace.to_json(), "notes": notes,
        "findings": [to_json(f) for f in findings],
    }  # fmt: skip
