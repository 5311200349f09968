"""PROXY headers (version 2) in front of the messages of datagrams: who is meant to have sent them.

Source: plugin/pkg/proxyproto, and github.com/pires/go-proxyproto.
"""

from __future__ import annotations

from collections.abc import Callable

from ..dns.errors import WireError
from ..golang.addresses import join_port, parse_ip
from ..golang.numbers import to_uint
from .query import Context

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
VERSION_1 = b"PROXY"
LENGTHS = {0: 0, 1: 12, 2: 36, 3: 216}
"""Octets of the addresses, by family: none, IPv4, IPv6, Unix."""
LOCAL, PROXY = 0x20, 0x21
TRANSPORTS = frozenset((0, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32))
UDP = frozenset((0x12, 0x22))
MOST_OCTETS = 4096
LONGEST_LINE = 107
"""Octets of a header of version 1."""
MOST_SESSIONS = 10_240


class Headers:
    """What the servers of a block do with headers.

    policy: `use`, `ignore`, `reject` or `skip`, by the address of the sender. lifetime: seconds for which the header of a
    sender counts for what comes without one; 0 for not at all. most: senders that are remembered.
    """

    def __init__(self, policy: Callable[[str], str], lifetime: float = 0.0, most: int = MOST_SESSIONS) -> None:
        self.policy = policy
        self.lifetime = lifetime
        self.most = most
        self.sessions: dict[tuple[str, str, int], tuple[float, tuple[str, int]]] = {}

    def opened(self, octets: bytes, ctx: Context) -> bytes | None:
        """A datagram without its header, whose source is the client from now on; None for one that only has a header.
        Raises WireError for one that is dropped."""
        policy = self.policy(ctx.client)
        if policy == "skip":
            return octets
        source, rest = parse(octets)
        if source is None:
            self.recall(ctx)
            return rest
        if policy == "reject":
            raise WireError("connection rejected by Proxy Protocol connection policy")
        if policy == "use":
            self._remember(ctx, source)
            _comes_from(ctx, source)
            if self.lifetime > 0 and not rest:
                return None
        return rest

    def recall(self, ctx: Context) -> None:
        """A datagram has no header: that of an earlier one may count for it."""
        if self.lifetime <= 0 or not self.sessions or self.policy(ctx.client) != "use":
            return
        found = self.sessions.get(_key(ctx))
        if found is not None and found[0] > ctx.now():
            self._remember(ctx, found[1])
            _comes_from(ctx, found[1])

    @staticmethod
    def dropped(ctx: Context, error: WireError) -> str:
        """The line of the log about a datagram that is dropped."""
        where = join_port(ctx.client, ctx.client_port)
        return f"[WARNING] dropping invalid Proxy Protocol packet from {where}: {error}"

    def _remember(self, ctx: Context, source: tuple[str, int]) -> None:
        if self.lifetime > 0:
            sessions, key = self.sessions, _key(ctx)
            sessions.pop(key, None)
            sessions[key] = ctx.now() + self.lifetime, source
            if len(sessions) > self.most:
                del sessions[next(iter(sessions))]


def _key(ctx: Context) -> tuple[str, str, int]:
    return ctx.server, ctx.client, ctx.client_port


class Named(str):
    """An address that a header names. CoreDNS does not look of which family it is, and takes it for IPv6."""

    __slots__ = ()


def _comes_from(ctx: Context, source: tuple[str, int]) -> None:
    """The source stands for the client."""
    ctx.client, ctx.client_port = Named(source[0]), source[1]
    ctx.family = 2


def parse(octets: bytes) -> tuple[tuple[str, int] | None, bytes]:
    """The source that a header names (None without a header), and the octets behind it. Raises WireError with CoreDNS's
    words."""
    if octets.startswith(VERSION_1):
        wrong = _wrong_in_version_1(octets)
        raise (
            _bad(octets, wrong)
            if wrong
            else WireError("unsupported Proxy Protocol version 1 (only v2 supported for UDP)")
        )
    if not octets.startswith(SIGNATURE):
        return None, octets
    if len(octets) < 16:
        missing = ("proxy protocol version and command", "address family or protocol", "length", "length")
        raise _bad(octets, f"can't read {missing[len(octets) - 12]}: {'unexpected ' * (len(octets) == 15)}EOF")
    command, transport = octets[12], octets[13]
    if command not in (LOCAL, PROXY):
        raise _bad(octets, "unsupported proxy protocol version and command")
    if transport not in TRANSPORTS or (transport == 0 and command != LOCAL):
        raise _bad(octets, "unsupported address family and protocol")
    length, addresses = int.from_bytes(octets[14:16], "big"), LENGTHS[transport >> 4]
    if length > MOST_OCTETS or (length < addresses and command != LOCAL):
        raise _bad(octets, "invalid length")
    data, rest = octets[16 : 16 + length], octets[16 + length :]
    if length >= addresses > len(data):
        raise _bad(octets, f"invalid address: {'unexpected ' * bool(data)}EOF")
    if len(data) < length:
        if length >= addresses and len(data) > addresses:
            raise WireError(f"parsing Proxy Protocol header (packet size: {len(octets)}): unexpected EOF")
        raise _bad(octets, "invalid length")
    if transport not in UDP or length < addresses:
        kind = transport if length >= addresses else 0
        raise WireError(f"PROXY Protocol header is not UDP type (transport protocol: 0x{kind:x})")
    return _source(data, 4 if addresses == 12 else 16), rest


def _wrong_in_version_1(octets: bytes) -> str:
    """What is wrong with a header of version 1, a line of text; '' for a sound one. CoreDNS also says why it does not take
    an address or a port; that is left out."""
    end = octets.find(b"\n", 0, LONGEST_LINE) + 1
    if not end:
        long = len(octets) >= LONGEST_LINE
        return f"version 1 header must be {LONGEST_LINE} bytes or less" if long else "can't read version 1 header"
    line = octets[:end].decode("latin-1")
    if not line.endswith("\r\n"):
        return "version 1 header is invalid, must end with \\r\\n"
    word, *rest = line[:-2].split(" ")
    if word != "PROXY":
        return "can't read version 1 header"
    if not rest or rest[0] not in ("TCP4", "TCP6", "UNKNOWN") or (rest[0] != "UNKNOWN" and len(rest) != 5):
        return "can't read address family or protocol"
    if rest[0] == "UNKNOWN":
        return ""
    if any((":" in text) != (rest[0] == "TCP6") or parse_ip(text) is None for text in rest[1:3]):
        return "invalid address"
    good = all(to_uint(text, 16) is not None and (text == "0" or text[0] != "0") for text in rest[3:])
    return "" if good else "invalid port number"


def _source(data: bytes, size: int) -> tuple[str, int]:
    from ipaddress import ip_address

    found = parse_ip(str(ip_address(data[:size])))
    assert found is not None
    return found[1], int.from_bytes(data[2 * size : 2 * size + 2], "big")


def _bad(octets: bytes, why: str) -> WireError:
    return WireError(f"parsing Proxy Protocol header (packet size: {len(octets)}): proxyproto: {why}")


__all__ = ["SIGNATURE", "Headers", "Named", "parse"]
