"""Names and strings between text and octets, in the escapes of CoreDNS's DNS library and in dnspython's (RFC 1035 §5.1)."""

from __future__ import annotations

import re
from functools import lru_cache

from ..light import regex
from .errors import WireError

_ESCAPED = regex(rb"[^!#-&*-\-/-:<-?A-\[\]-~]")  # octets of a label that are written with a backslash
PLAIN_LABEL = r"[!#-&*-\-/-:<-?A-\[\]-~]{1,63}"
PLAIN_NAME = regex(rf"{PLAIN_LABEL}(?:\.{PLAIN_LABEL})*\.?")
_UNESCAPE = regex(r"\\([0-9]{3}|.|$)", re.DOTALL)

_PART = r"(?:[^\\.]++|\\[0-9]{3}|\\(?s:.))*+"
_LABEL = regex(rf"({_PART})\.")
_LABELS = regex(rf"(?:{_PART}\.)*+")


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


def utf8(text: str) -> str:
    """The text of octets, one for each character of `text`; lone surrogates for those that are no UTF-8."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "surrogateescape")


def is_spelled_otherwise(text: str) -> bool:
    """Whether a master file may spell a name otherwise than it comes in messages: with escapes, or without one where it
    needs one."""
    return PLAIN_NAME.fullmatch(text) is None and text not in ("@", ".")


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


def split_labels(name: str) -> list[bytes]:
    """The labels of an absolute name as octets, without the root, however long they are. Raises WireError for one that
    is not absolute."""
    if name == ".":
        return []
    if "\\" not in name:
        if not name.endswith("."):
            raise WireError(f"domain must be fully qualified: {name!r}")
        return [encoded(x) for x in name[:-1].split(".")]
    octets = latin(name)
    parts = _LABELS.match(octets)
    if parts is None or unescape(octets[parts.end() :]):
        raise WireError(f"domain must be fully qualified: {name!r}")
    return [unescape(part) for part in _LABEL.findall(octets, 0, parts.end())]


def name_labels(name: str) -> list[bytes]:
    """The same for names that have a wire form. Raises WireError where a label is empty or beyond 63 octets, too."""
    labels = split_labels(name)
    for label in labels:
        if not 0 < len(label) < 64:
            why = f"a label of {len(label)} octets" if label else "an empty label"
            raise WireError(f"the name `{name}` has {why}")
    return labels


@lru_cache(4096)
def pack_name(name: str) -> bytes:
    """`name` uncompressed (RFC 1035 §3.1). Raises WireError for an empty or overlong label or a relative name. A dot in
    front is the root, with the rest behind it (see `wire.unsendable`)."""
    if name == ".":
        return b"\0"
    if name[0:1] == "." != name[1:2]:
        return b"\0" + pack_name(name[1:])
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
    if PLAIN_NAME.fullmatch(name) or name == ".":
        return name
    return _normal_name(name)


@lru_cache(64)  # a reader asks for a name more than once
def _normal_name(name: str) -> str:
    return "".join([label_text(x) + "." for x in name_labels(name)]) or "."


_SPECIAL = frozenset(". '@;()\"\\")


def printed_name(name: str) -> str:
    """`name` as miekg/dns prints one that a master file spells with escapes: from the first character on that needs
    one, escapes are put right; in what stands before it, and where none does, they stay.

    >>> printed_name("\\\\065.example."), printed_name("a@\\\\065.example.")
    ('\\\\065.example.', 'a\\\\@A.example.')
    """
    name, out, i = latin(name), "", 0
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


_PRINTED = regex(r"[!#%-'*+,\--:<-?A-\[\]-~]*")  # what dnspython prints as it is, and dots


def dnspython_name(name: str) -> str:
    """`name` as dnspython prints it: as zone files have it, with `\\@` and `\\$`. A name that has no wire form comes back as
    it is.

    >>> print(dnspython_name("ns1.@.example."))
    ns1.\\@.example.
    """
    if _PRINTED.fullmatch(name):
        return name
    try:
        labels = name_labels(name)
    except WireError:
        return name
    out = []
    for label in labels:
        text = ""
        for octet in label:
            if octet in b'"().;\\@$':
                text += "\\" + chr(octet)
            else:
                text += chr(octet) if 0x20 < octet < 0x7F else f"\\{octet:03d}"
        out.append(text + ".")
    return "".join(out) or "."


_QUOTED = regex(r"[^ !#-\[\]-~]")


def quoted(data: bytes) -> str:
    """A character-string between quotes, as dnspython prints it."""
    text = data.decode("latin-1")
    if _QUOTED.search(text):
        text = _QUOTED.sub(lambda m: "\\" + m[0] if m[0] in '"\\' else f"\\{ord(m[0]):03d}", text)
    return f'"{text}"'
