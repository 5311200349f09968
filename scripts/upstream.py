"""The upstream of the differential: for the simulator a function, and for a binary the same function at a port."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Any

from listening import Listener, free_port

from corefile.dns import codes, wire
from corefile.dns.message import Edns, Msg
from corefile.dns.rr import RR


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
    known: dict[str, list[tuple[int, int, tuple[Any, ...]]]] = {
        "a.up.example.": [(codes.A, 300, ("192.0.2.1",)), (codes.A, 300, ("192.0.2.2",))],
        "b.up.example.": [(codes.A, 90, ("192.0.2.3",))],
        "out.up.example.": [(codes.CNAME, 80, ("a.int.example.",))],
        "al.up.example.": [(codes.CNAME, 80, ("b.up.example.",))],
        "m.up.example.": [(codes.MX, 70, (5, "a.up.example."))],
        "a.pub.example.": [(codes.A, 15, ("192.0.2.9",))],
        "short.up.example.": [(codes.A, 2, ("192.0.2.4",))],
        "b.int.example.": [(codes.A, 15, ("192.0.2.5",)), (codes.AAAA, 15, ("2001:db8::5",))],
    }
    if lowered == "fail.up.example.":
        reply.rcode = codes.SERVFAIL
        return reply
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

    def reply_to(octets: bytes) -> bytes:
        msg = wire.unpack_header(octets)
        try:
            wire.unpack_sections(msg, octets, checked=False)  # rules add malformed options
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
        with connection, contextlib.suppress(OSError, struct.error):
            while size := connection.recv(2, socket.MSG_WAITALL):
                octets = reply_to(connection.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL))
                connection.sendall(struct.pack("!H", len(octets)) + octets)

    threading.Thread(target=over_udp, daemon=True).start()
    Listener(port, converse)
    return port


__all__ = ["serve_upstream", "upstream"]
