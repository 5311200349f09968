"""Other machines: each has a network of its own, which a virtual Ethernet joins to the one that CoreDNS has.

So an upstream that refuses is one at which nothing listens, CoreDNS itself included, and CoreDNS asks it from an address of
its own. Sources: rtnetlink(7), network_namespaces(7), veth(4), and the kernel's headers for the numbers.
"""

from __future__ import annotations

import contextlib
import ctypes
import ipaddress
import os
import socket
import struct
from collections.abc import Iterator

from .isolation import add_address

_NEWNET = 0x40000000  # linux/sched.h
_HERE = "/proc/thread-self/ns/net"
_OURS, _THEIRS = b"\2\0\0\0\0\1", b"\2\0\0\0\0\2"
"""The hardware addresses of the two ends of each cable."""
_GATEWAYS = {4: "169.254.0.1", 6: "fe80::1"}
"""What a machine sends everything to, at our end of the cable."""
_NEW_LINK, _DEL_LINK, _NEW_ADDRESS, _NEW_ROUTE, _DEL_ROUTE, _NEW_NEIGHBOUR = 16, 17, 20, 24, 25, 28  # linux/rtnetlink.h
_REQUEST, _ACK, _REPLACE, _CREATE = 1, 4, 0x100, 0x400  # linux/netlink.h
_UP = 1  # linux/if.h
_PERMANENT = 0x80  # linux/neighbour.h
_NO_DAD = 2  # linux/if_addr.h: the address is usable at once
_MAIN, _STATIC, _ON_LINK, _UNICAST = 254, 4, 4, 1  # linux/rtnetlink.h


class Machine:
    """A machine with one address, reached from here, and through here from the others, as soon as it is joined. source: the
    address that it is asked from. Raises OSError where the system has no virtual Ethernet, or takes no settings."""

    _count = 0

    def __init__(self, address: str, source: str) -> None:
        self.ip = ipaddress.ip_address(address)
        self.source = ipaddress.ip_address(source)
        self.cable = f"up{Machine._count}"
        Machine._count += 1
        add_address(source)
        _set("ipv4/ip_forward" if self.ip.version == 4 else "ipv6/conf/all/forwarding", "1")
        here = os.open(_HERE, os.O_RDONLY)
        try:
            self.network = self._made(here)
            try:
                self._connect()
            except OSError:
                os.close(self.network)
                raise
        finally:
            os.close(here)
        self.joined = False

    def _made(self, here: int) -> int:
        """A new network, as what is open for it. here: the same for the one that this process stays in."""
        if _libc().unshare(_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        try:
            return os.open(_HERE, os.O_RDONLY)
        finally:
            _enter(here)

    def _connect(self) -> None:
        """Lay the cable, and tell both ends who is at the other one."""
        ours, name = socket.AF_INET if self.ip.version == 4 else socket.AF_INET6, self.cable.encode() + b"\0"
        peer = (
            _link(0)
            + _attribute(1, _THEIRS)
            + _attribute(3, b"eth0\0")
            + _attribute(28, struct.pack("I", self.network))
        )
        veth = _attribute(1, b"veth") + _attribute(2, _attribute(1, peer))
        _tell(_NEW_LINK, _CREATE, _link(0) + _attribute(1, _OURS) + _attribute(3, name) + _attribute(18, veth))
        index = socket.if_nametoindex(self.cable)
        _tell(_NEW_LINK, 0, _link(index, _UP))
        _neighbour(ours, index, self.ip.packed, _THEIRS)
        with self.inside():
            for own in ("lo", "eth0"):
                _tell(_NEW_LINK, 0, _link(socket.if_nametoindex(own), _UP))
            index = socket.if_nametoindex("eth0")
            bits = self.ip.max_prefixlen
            address = struct.pack("BBBBI", ours, bits, _NO_DAD if self.ip.version == 6 else 0, 0, index)
            places = _attribute(1, self.ip.packed) + _attribute(2, self.ip.packed)
            _tell(_NEW_ADDRESS, _CREATE | _REPLACE, address + places)
            gateway = ipaddress.ip_address(_GATEWAYS[self.ip.version]).packed
            _neighbour(ours, index, gateway, _OURS)
            way = _attribute(5, gateway) + _attribute(4, struct.pack("I", index))
            _tell(_NEW_ROUTE, _CREATE, struct.pack("8BI", ours, 0, 0, 0, _MAIN, _STATIC, 0, _UNICAST, _ON_LINK) + way)
            for limit in ("ipv4/icmp_ratelimit", "ipv6/icmp/ratelimit"):  # or only some refusals would come
                with contextlib.suppress(OSError):
                    _set(limit, "0")

    def join(self) -> None:
        """Have it reached from here."""
        if not self.joined:
            self._route(_NEW_ROUTE, _CREATE)
            self.joined = True

    def leave(self) -> None:
        """Have it reached no more: there is no way to its address."""
        if self.joined:
            self._route(_DEL_ROUTE, 0)
            self.joined = False

    def _route(self, kind: int, flags: int) -> None:
        family = socket.AF_INET if self.ip.version == 4 else socket.AF_INET6
        index = struct.pack("I", socket.if_nametoindex(self.cable))
        scope = 253 if self.ip.version == 4 else 0  # of a link
        head = struct.pack("8BI", family, self.ip.max_prefixlen, 0, 0, _MAIN, _STATIC, scope, _UNICAST, 0)
        way = _attribute(1, self.ip.packed) + _attribute(4, index) + _attribute(7, self.source.packed)
        _tell(kind, flags, head + way)

    def enter(self) -> None:
        """Have this process, which is about to become a server, run on the machine."""
        _enter(self.network)

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """What is opened meanwhile is the machine's."""
        here = os.open(_HERE, os.O_RDONLY)
        _enter(self.network)
        try:
            yield
        finally:
            _enter(here)
            os.close(here)

    def stop(self) -> None:
        """Take the cable away."""
        with contextlib.suppress(OSError):
            _tell(_DEL_LINK, 0, _link(socket.if_nametoindex(self.cable)))
        os.close(self.network)


def _set(name: str, value: str) -> None:
    """Set something of the network that this process is in."""
    with open(f"/proc/sys/net/{name}", "w") as file:
        file.write(value)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _enter(network: int) -> None:
    """Go on in a network."""
    if _libc().setns(network, _NEWNET) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _link(index: int, flags: int = 0) -> bytes:
    """The head of a message about an interface."""
    return struct.pack("BxHiII", socket.AF_UNSPEC, 0, index, flags, flags)


def _neighbour(family: int, index: int, ip: bytes, hardware: bytes) -> None:
    """Say which hardware address an address has, so that nothing has to be asked for it."""
    head = struct.pack("BxxxiHBB", family, index, _PERMANENT, 0, 0)
    _tell(_NEW_NEIGHBOUR, _CREATE | _REPLACE, head + _attribute(1, ip) + _attribute(2, hardware))


def _attribute(kind: int, data: bytes) -> bytes:
    return (struct.pack("HH", len(data) + 4, kind) + data).ljust((len(data) + 7) & ~3, b"\0")


def _tell(kind: int, flags: int, content: bytes) -> None:
    """Send a message to the kernel. Raises OSError for what it refuses."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as sock:
        sock.bind((0, 0))
        sock.send(struct.pack("IHHII", 16 + len(content), kind, flags | _REQUEST | _ACK, 1, 0) + content)
        code = -struct.unpack_from("i", sock.recv(65536), 16)[0]
    if code:
        raise OSError(code, os.strerror(code))


__all__ = ["Machine"]
