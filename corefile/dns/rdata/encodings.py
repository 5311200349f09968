"""Addresses and octets as text: hexadecimal, base64, base32hex."""

from __future__ import annotations

from functools import lru_cache

from ...light import regex

_HEX = regex("[0-9a-fA-F]+")


@lru_cache(4096)
def pack_ipv4(text: str) -> bytes:
    """The four octets of a dotted address. Raises ValueError, also for octets with leading zeros."""
    parts = text.split(".")
    if len(parts) != 4:
        raise ValueError(f"not an IPv4 address: {text!r}")
    for part in parts:
        if not (part.isascii() and part.isdigit()) or (part[0] == "0" and part != "0") or len(part) > 3:
            raise ValueError(f"not an IPv4 address: {text!r}")
    return bytes([int(x) for x in parts])


@lru_cache(1024)
def pack_ipv6(text: str) -> bytes:
    """The 16 octets of an IPv6 address (RFC 4291 §2.2, without a zone). Raises ValueError."""
    head, gap, tail = text.partition("::")
    if "::" in tail or (not gap and text.count(":") != 7 and "." not in text):
        raise ValueError(f"not an IPv6 address: {text!r}")
    halves = []
    for half, last in ((head, not gap), (tail, True)):
        octets = b""
        groups = half.split(":") if half else []
        for i, group in enumerate(groups):
            if "." in group and last and i == len(groups) - 1:
                octets += pack_ipv4(group)
            elif 0 < len(group) <= 4 and _HEX.fullmatch(group):
                octets += int(group, 16).to_bytes(2, "big")
            else:
                raise ValueError(f"not an IPv6 address: {text!r}")
        halves.append(octets)
    missing = 16 - len(halves[0]) - len(halves[1])
    if (missing < 2) if gap else missing:
        raise ValueError(f"not an IPv6 address: {text!r}")
    return halves[0] + bytes(missing) + halves[1]


_ZERO_RUNS = regex(r"(?:\b0(?::|$)){2,}")


def ipv6_text(octets: bytes) -> str:
    """16 octets as text (RFC 5952; addresses that hold an IPv4 one end in it, as C's inet_ntop has it)."""
    if not any(octets[:10]) and (octets[10:12] == b"\xff\xff" or (octets[10:12] == b"\0\0" and any(octets[12:14]))):
        return ("::ffff:" if octets[10] else "::") + ".".join(map(str, octets[12:]))
    groups = ":".join([f"{octets[i] << 8 | octets[i + 1]:x}" for i in range(0, 16, 2)])
    runs = _ZERO_RUNS.findall(groups)
    if not runs:
        return groups
    longest = max(runs, key=lambda x: x.count("0"))
    head, _, tail = groups.partition(longest) if groups.startswith(longest) else _cut(groups, longest)
    return f"{head.rstrip(':')}::{tail}"


def _cut(groups: str, run: str) -> tuple[str, str, str]:
    at = groups.index(":" + run) + 1
    return groups[:at], run, groups[at + len(run) :]


def chunks(text: str, size: int) -> str:
    """`text` in words of `size` characters."""
    return text if len(text) <= size else " ".join([text[i : i + size] for i in range(0, len(text), size)])


def unhex(text: str) -> bytes:
    """The octets of hexadecimal digits. Raises ValueError, also for blanks."""
    if " " in text or not text.isascii():
        raise ValueError("blank in hexadecimal digits")
    return bytes.fromhex(text)


def base64_text(data: bytes) -> str:
    """`data` in base64 on one line."""
    from binascii import b2a_base64

    return b2a_base64(data, newline=False).decode()


def unbase64(text: str) -> bytes:
    """The octets of base64 with its padding. Raises ValueError."""
    from binascii import a2b_base64

    if len(text) % 4 or text.endswith("==="):
        raise ValueError("not base64: bad padding")
    return a2b_base64(text.encode("latin-1"), strict_mode=True) if text else b""


_BASE32 = "0123456789abcdefghijklmnopqrstuv"


def base32hex(data: bytes) -> str:
    """`data` in base32hex, lower case and without padding (RFC 4648 §7)."""
    bits = int.from_bytes(data, "big") << -len(data) * 8 % 5
    count = (len(data) * 8 + 4) // 5
    return "".join([_BASE32[bits >> 5 * i & 31] for i in range(count - 1, -1, -1)])


def unbase32hex(text: str) -> bytes:
    """The octets of base32hex without padding, in either case. Raises ValueError."""
    size = len(text) * 5 // 8
    if len(text) % 8 in (1, 3, 6):
        raise ValueError("not base32hex")
    bits = 0
    for ch in text.lower():
        bits = bits << 5 | _BASE32.index(ch)
    return (bits >> len(text) * 5 - size * 8).to_bytes(size, "big")
