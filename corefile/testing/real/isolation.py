"""A network of one's own: a loopback interface with any addresses, from which no packet leaves."""

from __future__ import annotations

import ctypes
import fcntl
import ipaddress
import os
import re
import socket
import struct
import time

_NEWUSER, _NEWNET = 0x10000000, 0x40000000  # linux/sched.h
_GET_FLAGS, _SET_FLAGS, _SET_ADDRESS, _SET_MASK, _GET_INDEX = 0x8913, 0x8914, 0x8916, 0x891C, 0x8933  # linux/sockios.h
_UP = 1


class NotIsolated(Exception):
    """This system does not let a process have a network of its own."""


def isolate() -> None:
    """Give this process a network of its own, with a loopback interface. Raises NotIsolated."""
    user, group = os.getuid(), os.getgid()
    call = ctypes.CDLL(None, use_errno=True).unshare
    if call(_NEWNET) != 0:
        if call(_NEWUSER | _NEWNET) != 0:
            why = os.strerror(ctypes.get_errno())
            raise NotIsolated(f"this system gives no network of its own to a process that is not root ({why})")
        for path, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{path}", "w") as file:
                file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        name = b"lo".ljust(16, b"\0")
        flags = struct.unpack_from("16sh", fcntl.ioctl(sock, _GET_FLAGS, name + bytes(24)))[1]
        fcntl.ioctl(sock, _SET_FLAGS, struct.pack("16sh22x", name, flags | _UP))


_aliases: dict[str, int] = {}


def add_address(text: str) -> None:
    """Give the loopback interface an address, unless it has it: those of 127.0.0.0/8 and ::1 it has."""
    ip = ipaddress.ip_address(text)
    if ip.is_loopback or ip.is_unspecified or ip.compressed in _aliases:
        return
    number = _aliases[ip.compressed] = len(_aliases)
    if ip.version == 6:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            name = b"lo".ljust(16, b"\0")
            index = struct.unpack_from("16si", fcntl.ioctl(sock, _GET_INDEX, name + bytes(24)))[1]
            fcntl.ioctl(sock, _SET_ADDRESS, struct.pack("16sIi", ip.packed, 128, index))
        _until_usable(ip.compressed)
        return
    alias = f"lo:{number}".encode().ljust(16, b"\0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for request, octets in ((_SET_ADDRESS, ip.packed), (_SET_MASK, b"\xff" * 4)):
            address = struct.pack("HH4s8x", socket.AF_INET, 0, octets)
            fcntl.ioctl(sock, request, alias + address + bytes(8))


def bound_addresses(corefile: str) -> list[str]:
    """The addresses that a Corefile's `bind` names; interfaces are left out."""
    found = []
    for line in re.findall(r"^\s*bind\s+(.*)$", corefile, re.M):
        for word in line.split():
            try:
                found.append(str(ipaddress.ip_address(word)))
            except ValueError:
                continue
    return found


def _until_usable(address: str) -> None:
    """Wait until an IPv6 address is no longer tentative (RFC 4862 §5.4): until then nothing can be bound to it."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            try:
                sock.bind((address, 0))
            except OSError:
                time.sleep(0.005)
            else:
                return


def remove_address(text: str) -> None:
    """Take an address from the loopback interface."""
    ip = ipaddress.ip_address(text)
    number = _aliases.pop(ip.compressed, None)
    if number is None or ip.version == 6:
        return
    alias = f"lo:{number}".encode().ljust(16, b"\0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, _SET_FLAGS, alias + struct.pack("h22x", 0))


__all__ = ["NotIsolated", "add_address", "bound_addresses", "isolate", "remove_address"]
