"""Records, messages, zone files, and packets that are none."""

from __future__ import annotations

from hypothesis import strategies as st

from ...dns import rdata
from ...dns import wire as packets
from ...dns.codes import TYPES as NUMBERS
from ...dns.message import Edns, Msg, Question
from ...dns.rdata.encodings import ipv6_text
from ...dns.rr import RR
from ..given import the_suffix
from .names import names, questions

ttls = st.integers(0, 7200)
"""TTLs in seconds, on both sides of the usual bounds."""

addresses = st.ip_addresses(v=4).map(str)
"""IPv4 addresses as text."""


_names = names()


def records(owner: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[RR]:
    """Records of the common types, class IN."""
    owner = _names if owner is None else owner
    return st.one_of(
        st.builds(lambda n, t, a: RR(n, 1, 1, t, (a,)), owner, ttls, addresses),
        st.builds(lambda n, t, a: RR(n, 28, 1, t, (ipv6_text(a.packed),)), owner, ttls, st.ip_addresses(v=6)),
        st.builds(lambda n, t, a: RR(n, 5, 1, t, (a,)), owner, ttls, _names),
        st.builds(lambda n, t, a: RR(n, 2, 1, t, (a,)), owner, ttls, _names),
        st.builds(lambda n, t, p, a: RR(n, 15, 1, t, (p, a)), owner, ttls, st.integers(0, 65535), _names),
        st.builds(
            lambda n, t, b: RR(n, 16, 1, t, tuple(b)),
            owner,
            ttls,
            st.lists(st.binary(max_size=60), min_size=1, max_size=3),
        ),
    )


_sections = st.lists(records(), max_size=4)
_questions = questions()
_opt = st.none() | st.tuples(st.sampled_from((512, 1232, 4096)), st.booleans()).map(lambda opt: Edns(*opt))
_changes = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400), st.integers(0, 255)), max_size=3)


@st.composite
def messages(draw: st.DrawFn) -> Msg:
    """Replies with records in all sections, with and without an OPT record."""
    asked = draw(_questions)
    question = Question(asked.name, NUMBERS.get(asked.type, 65280), 1)
    msg = Msg(question, id=draw(st.integers(0, 65535)), rd=draw(st.booleans()))
    msg.qr = True
    msg.aa, msg.tc, msg.ra, msg.ad, msg.cd = (draw(st.booleans()) for _ in range(5))
    msg.rcode = draw(st.sampled_from([0, 2, 3, 5]))
    msg.edns = draw(_opt)
    for section in (msg.answer, msg.ns, msg.extra):
        section.extend(draw(_sections))
    return msg


@st.composite
def wire(draw: st.DrawFn) -> bytes:
    """The octets of packets, valid and malformed, for `server.send`: queries and replies as they should be, truncated,
    altered, with invalid compression pointers and counts, or with octets behind them; and noise."""
    if draw(st.integers(0, 9)) == 9:
        return draw(st.binary(max_size=80))
    message = draw(messages())
    if draw(st.booleans()):
        message.qr = False
    if draw(st.booleans()):
        message.answer, message.ns, message.extra = [], [], []
    octets = bytearray(packets.pack(message))
    for way, at, value in draw(_changes):
        place = at % max(1, len(octets))
        if way == 0:
            octets[place : place + 1] = bytes([value])
        elif way == 1:
            del octets[place:]
        elif way == 2:
            octets[place : place + 2] = bytes([0xC0 | (value & 0x3F), at & 0xFF])  # a pointer of compression
        elif way == 3 and len(octets) >= 12:
            octets[4 + 2 * (at % 4) : 6 + 2 * (at % 4)] = bytes([0, value])  # a count of the header
        elif way == 4:
            octets += bytes([value]) * (at % 40)
        elif way == 5 and len(octets) >= 12:
            octets[2:4] = bytes([value, at & 0xFF])  # the header's flags, opcode and response code
    return bytes(octets)


def zones(origin: str = "example.org.") -> st.SearchStrategy[str]:
    """Zone files for `origin`: an SOA record and records below it."""
    origin = the_suffix("zones", origin)
    return _zones(origin, st.lists(records(names(origin)), max_size=8))


@st.composite
def _zones(draw: st.DrawFn, origin: str, some: st.SearchStrategy[list[RR]]) -> str:
    """Drawn so that Hypothesis shows the text, and not how it was made."""
    return _zone(origin, draw(some))


def _zone(origin: str, found: list[RR]) -> str:
    lines = [f"{origin} 3600 IN SOA ns.{origin} hostmaster.{origin} 1 7200 3600 1209600 300"]
    # A name with a CNAME record has no other one (RFC 1034 §3.6.2).
    lines += {rr.name: rdata.rr_to_text(rr) for rr in found}.values()
    return "\n".join(lines) + "\n"


__all__ = ["addresses", "messages", "records", "ttls", "wire", "zones"]
