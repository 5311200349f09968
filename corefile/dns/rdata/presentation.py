"""Names and addresses between text and octets, in the escapes of CoreDNS's DNS library and in dnspython's."""

from __future__ import annotations

import re
from functools import lru_cache

from ..names import fqdn


class WireError(ValueError):
    """Octets that are not what they should be, or data that cannot be written as octets."""


_ESCAPED = re.compile(rb"[^!#-&*-\-/-:<-?A-\[\]-~]")  # octets of a label that are written with a backslash
_PLAIN_NAME = re.compile(r"[!#-&*-\-/-:<-?A-\[\]-~]{1,63}(?:\.[!#-&*-\-/-:<-?A-\[\]-~]{1,63})*\.?")
_UNESCAPE = re.compile(r"\\([0-9]{3}|.|$)", re.DOTALL)


def encoded(text: str) -> bytes:
    """`text` in UTF-8; octets that a reader kept as lone surrogates become octets again."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def latin(text: str) -> str:
    """`text` with one character for each octet of its UTF-8."""
    return text if text.isascii() else encoded(text).decode("latin-1")


def _octet(match: re.Match[str]) -> str:
    text = match[1]
    return chr(int(text) & 255) if len(text) == 3 else text


def unescape(text: str) -> bytes:
    """`text` (each character is one octet) without its escapes; a lone backslash at the end is dropped.

    >>> unescape('a\\\\"b\\\\065')
    b'a"bA'
    """
    if "\\" in text:
        text = _UNESCAPE.sub(_octet, text)
    return text.encode("latin-1")


def _escape_octet(match: re.Match[bytes]) -> bytes:
    octet = match[0][0]
    return b"\\" + match[0] if 32 <= octet < 127 else b"\\%03d" % octet


def label_text(label: bytes) -> str:
    """One label in presentation form, as miekg/dns escapes it."""
    if not label.isalnum() and _ESCAPED.search(label):
        label = _ESCAPED.sub(_escape_octet, label)
    return label.decode("ascii")


def name_labels(name: str) -> list[bytes]:
    """The labels of an absolute name as octets, without the root. Raises WireError for a name that has no wire form."""
    if name == ".":
        return []
    if "\\" in name:
        labels, current, i = [], bytearray(), 0
        while i < len(name):
            ch = name[i]
            if ch == "\\":
                digits = name[i + 1 : i + 4]
                if len(digits) == 3 and digits.isdigit():
                    current.append(int(digits) & 255)
                    i += 4
                    continue
                i += 1
                ch = name[i : i + 1]
            elif ch == ".":
                labels.append(bytes(current))
                current = bytearray()
                i += 1
                continue
            current += encoded(ch)
            i += 1
        if current:
            raise WireError(f"domain must be fully qualified: {name!r}")
    else:
        if not name.endswith("."):
            raise WireError(f"domain must be fully qualified: {name!r}")
        labels = [encoded(x) for x in name[:-1].split(".")]
    for label in labels:
        if not 0 < len(label) < 64:
            raise WireError(f"bad rdata: a label of {len(label)} octets in {name!r}")
    return labels


@lru_cache(4096)
def pack_name(name: str) -> bytes:
    """`name` uncompressed (RFC 1035 §3.1). Raises WireError for an empty or overlong label or a relative name."""
    if name == ".":
        return b"\0"
    return b"".join([bytes((len(x),)) + x for x in name_labels(name)]) + b"\0"


def unpack_name(wire: bytes, offset: int, end: int) -> tuple[str, int]:
    """The name at `offset` and the offset behind it. Pointers may lead anywhere below `end`. Raises WireError."""
    after, budget, jumps, out = -1, 255, 0, ""
    while True:
        if offset >= end:
            raise WireError("buffer size too small")
        n = wire[offset]
        offset += 1
        if n == 0:
            break
        if n < 64:
            stop = offset + n
            if stop > end:
                raise WireError("buffer size too small")
            budget -= n + 1
            if budget <= 0:
                raise WireError("domain name exceeded 255 wire-format octets")
            out += label_text(wire[offset:stop]) + "."
            offset = stop
        elif n >= 192:
            if offset >= end:
                raise WireError("buffer size too small")
            target = (n & 63) << 8 | wire[offset]
            if after < 0:
                after = offset + 1
            jumps += 1
            if jumps > 126:
                raise WireError("too many compression pointers")
            offset = target
        else:
            raise WireError("bad rdata")
    return out or ".", offset if after < 0 else after


def normal_name(name: str) -> str:
    """`name` with its escapes as this library writes them; other spellings of the same octets become equal."""
    if _PLAIN_NAME.fullmatch(name) or name == ".":
        return name
    return "".join([label_text(x) + "." for x in name_labels(name)]) or "."


_SPECIAL = frozenset(". '@;()\"\\")


def printed_name(name: str) -> str:
    """`name` as miekg/dns prints one that a master file spells with escapes: from the first character on that needs
    one, escapes are put right; in what stands before it, and where none does, they stay.

    >>> printed_name("\\\\065.example."), printed_name("a@\\\\065.example.")
    ('\\\\065.example.', 'a\\\\@A.example.')
    """
    out, i = "", 0
    while i < len(name):
        ch, start = name[i], i
        i += 1
        if ch == ".":
            out += "." if out else ""
            continue
        if ch == "\\":
            digits = name[i : i + 3]
            if len(digits) == 3 and digits.isascii() and digits.isdigit():
                ch = chr(int(digits) & 255)
                i += 3
            elif digits:
                ch = digits[0]
                i += 1
            else:
                return out or name[:start]
        if ch in _SPECIAL:
            out = (out or name[:start]) + "\\" + ch
        elif not " " <= ch <= "~":
            out = (out or name[:start]) + f"\\{ord(ch):03d}"
        elif out:
            out += ch
    return out or name


def _is_domain_name(name: str) -> bool:
    """miekg/dns's IsDomainName: labels of 1 to 63 octets and no more than 256 octets in all."""
    if len(name) < 254 and _PLAIN_NAME.fullmatch(name):
        return True
    if name == ".":
        return True
    try:
        labels = name_labels(fqdn(name))
    except WireError:
        return False
    trailing = len(name) - len(name.rstrip("\\"))
    return trailing % 2 == 0 and bool(labels) and sum(len(x) + 1 for x in labels) <= 256


def absolute_name(name: str, origin: str) -> str | None:
    """`name` as it stands in a master file below `origin`; None where that is no name. An empty origin is none."""
    if name == "@":
        return origin or None
    if not name or name == "\n" or not _is_domain_name(name):
        return None
    if not name.isascii():
        name = "".join([x if x < "\x7f" else f"\\{ord(x):03d}" for x in name])
    full = fqdn(name)
    if full == name:
        return normal_name(name)
    if not origin:
        return None
    return normal_name(full) if origin == "." else normal_name(full) + origin


def dnspython_name(name: str) -> str:
    if "\\" not in name and "$" not in name:
        return name
    out = []
    for label in name_labels(name):
        text = ""
        for octet in label:
            if octet in b'"().;\\@$':
                text += "\\" + chr(octet)
            else:
                text += chr(octet) if 0x20 < octet < 0x7F else f"\\{octet:03d}"
        out.append(text + ".")
    return "".join(out) or "."


_HEX = re.compile("[0-9a-fA-F]+")


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


_ZERO_RUNS = re.compile(r"(?:\b0(?::|$)){2,}")


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


_QUOTED = re.compile(r"[^ !#-\[\]-~]")


def quoted(data: bytes) -> str:
    """A character-string between quotes, as dnspython prints it."""
    text = data.decode("latin-1")
    if _QUOTED.search(text):
        text = _QUOTED.sub(lambda m: "\\" + m[0] if m[0] in '"\\' else f"\\{ord(m[0]):03d}", text)
    return f'"{text}"'


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
