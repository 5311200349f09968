"""What Go's crypto/tls and crypto/x509 read of PEM files: pairs of certificate and key, pools of authorities, and what a
certificate says. Signatures are not computed: who has signed a certificate is told by names and key identifiers.

Source: RFC 5280, RFC 5915, RFC 8017; crypto/tls/tls.go, crypto/x509/verify.go, encoding/pem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..light import NamedTuple, regex
from . import b64
from .errors import GoError

SEQUENCE, BIT_STRING, OCTET_STRING, OID = 0x30, 0x03, 0x04, 0x06
SUBJECT_KEY, ALTERNATIVE_NAMES, AUTHORITY_KEY = b"\x55\x1d\x0e", b"\x55\x1d\x11", b"\x55\x1d\x23"
"""Extensions, as octets of their object identifiers (2.5.29.14, 17 and 35)."""

_BLOCK = regex(rb"-----BEGIN ([^\n-]*)-----[ \t]*\r?\n(.*?)\n?-----END \1-----", re.DOTALL)


class Certificate(NamedTuple):
    """What a certificate says. Names of subject and issuer, and the key, are octets (DER) to be compared."""

    subject: bytes
    issuer: bytes
    key: bytes
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    subject_key: bytes = b""
    authority_key: bytes = b""

    def is_signed_by(self, authority: Certificate) -> bool:
        """Whether `authority` is the one that has signed it."""
        keys = self.authority_key, authority.subject_key
        return self.issuer == authority.subject and (keys[0] == keys[1] or not all(keys))

    def wrong_name(self, name: str) -> str:
        """Go's error where the certificate is not for `name`, a domain name or an IP address; '' where it is."""
        from ipaddress import ip_address

        bare = name.strip("[]")
        try:
            address = str(ip_address(bare.partition("%")[0]))
        except ValueError:
            host = name.rstrip(".").lower()
            if any(_fits(pattern.lower(), host) for pattern in self.names):
                return ""
            return self._not_for(", ".join(self.names), name)
        if address in self.addresses:
            return ""
        if not self.addresses:
            return f"x509: cannot validate certificate for {name} because it doesn't contain any IP SANs"
        return self._not_for(", ".join(self.addresses), name)

    def _not_for(self, valid: str, name: str) -> str:
        if not valid:
            return f"x509: certificate is not valid for any names, but wanted to match {name}"
        return f"x509: certificate is valid for {valid}, not {name}"


def _fits(pattern: str, host: str) -> bool:
    ours, theirs = pattern.split("."), host.split(".")
    return len(ours) == len(theirs) and ours[0] in ("*", theirs[0]) and ours[1:] == theirs[1:]


def blocks(text: bytes) -> Iterator[tuple[str, bytes]]:
    """The PEM blocks that can be decoded, as type and octets."""
    for found in _BLOCK.finditer(text.replace(b"\r\n", b"\n")):
        body = re.sub(rb"\A(?:[^\n:]*+:[^\n]*+\n)++\n", b"", found[2])
        try:
            yield found[1].decode("ascii", "replace"), b64.decode(re.sub(rb"\s", b"", body))
        except ValueError:
            continue


@lru_cache(16)  # a client looks at the system's authorities for each question
def pool(text: bytes) -> tuple[Certificate, ...]:
    """The certificates of a file of authorities; what cannot be read is passed over."""
    out = []
    for kind, octets in blocks(text):
        if kind == "CERTIFICATE":
            try:
                out.append(certificate(octets))
            except ValueError:
                continue
    return tuple(out)


class KeyRefused(GoError):
    """The fault of a pair of files lies in that with the private key."""


def key_pair(cert: bytes, key: bytes) -> Certificate:
    """The first certificate of a file, with its private key in another one. Raises GoError; KeyRefused for the latter."""
    found = list(blocks(cert))
    chain = [octets for kind, octets in found if kind == "CERTIFICATE"]
    if not chain:
        if len(found) == 1 and found[0][0].endswith("PRIVATE KEY"):
            text = (
                "tls: failed to find certificate PEM data in certificate input, but did find a private key; "
                "PEM inputs may have been switched"
            )
            raise GoError("this is a private key, where a certificate is needed", text, "the certificate comes first")
        raise _nothing('"CERTIFICATE" PEM block', "certificate", found)
    keys = list(blocks(key))
    private = next((octets for kind, octets in keys if kind == "PRIVATE KEY" or kind.endswith(" PRIVATE KEY")), None)
    if private is None:
        if [kind for kind, _ in keys] == ["CERTIFICATE"]:
            text = "tls: found a certificate rather than a key in the PEM for the private key"
            raise KeyRefused("this is a certificate, where its private key is needed", text)
        raise _nothing('PEM block with type ending in "PRIVATE KEY"', "key", keys, KeyRefused)
    try:
        leaf = certificate(chain[0])
    except ValueError:
        raise GoError("the certificate cannot be read", "x509: malformed certificate") from None
    try:
        algorithm, public = _public(private)
    except ValueError:
        raise KeyRefused("the private key cannot be read", "tls: failed to parse private key") from None
    if algorithm and algorithm not in leaf.key[:32]:
        text = "tls: private key type does not match public key type"
        raise KeyRefused("the private key is of another kind than the certificate's", text)
    if public not in leaf.key:
        text = "tls: private key does not match public key"
        raise KeyRefused("the private key is not that of the certificate", text)
    return leaf


def _nothing(wanted: str, what: str, found: list[tuple[str, bytes]], error: type[GoError] = GoError) -> GoError:
    if not found:
        return error(f"it holds no {what}", f"tls: failed to find any PEM data in {what} input")
    skipped = " ".join(kind for kind, _ in found)
    text = f"tls: failed to find {wanted} in {what} input after skipping PEM blocks of the following types: [{skipped}]"
    return error(f"it holds no {what}", text)


# -- DER --------------------------------------------------------------------------------------------------------------


def _read(octets: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The elements of DER, as tag, content, and the whole. Raises ValueError."""
    at = 0
    while at < len(octets):
        if at + 2 > len(octets):
            raise ValueError("ends within an element")
        tag, size, start = octets[at], octets[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, start = int.from_bytes(octets[start : start + count], "big"), start + count
        if start + size > len(octets):
            raise ValueError("ends within an element")
        yield tag, octets[start : start + size], octets[at : start + size]
        at = start + size


def _one(octets: bytes, tag: int) -> bytes:
    """The content of the first element, which has this tag. Raises ValueError."""
    for found, content, _ in _read(octets):
        if found == tag:
            return content
        break
    raise ValueError("another element was expected")


def certificate(octets: bytes) -> Certificate:
    """A certificate (RFC 5280 §4.1). Raises ValueError."""
    from ipaddress import ip_address

    fields = [x for x in _read(_one(_one(octets, SEQUENCE), SEQUENCE)) if x[0] != 0xA0]  # [0] is the version
    if len(fields) < 6:
        raise ValueError("fields are missing")
    made = Certificate(subject=fields[4][2], issuer=fields[2][2], key=fields[5][2])
    extensions = next((content for tag, content, _ in fields[6:] if tag == 0xA3), b"")
    for _, extension, _ in _read(_one(extensions, SEQUENCE)) if extensions else ():
        parts = list(_read(extension))
        kind, value = parts[0][1], parts[-1][1]
        if kind == SUBJECT_KEY:
            made = made._replace(subject_key=_one(value, OCTET_STRING))
        elif kind == AUTHORITY_KEY:
            key = next((content for tag, content, _ in _read(_one(value, SEQUENCE)) if tag == 0x80), b"")
            made = made._replace(authority_key=key)
        elif kind == ALTERNATIVE_NAMES:
            names = list(_read(_one(value, SEQUENCE)))
            made = made._replace(
                names=tuple(content.decode("ascii", "replace") for tag, content, _ in names if tag == 0x82),
                addresses=tuple(str(ip_address(content)) for tag, content, _ in names if tag == 0x87),
            )
    return made


RSA, EC, ED25519 = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2b6570")
"""Kinds of keys, as octets of their object identifiers."""


def _public(private: bytes) -> tuple[bytes, bytes]:
    """The kind of a private key, and what a certificate has of its public one (b'' where that would have to be
    computed). Raises ValueError."""
    parts = list(_read(_one(private, SEQUENCE)))
    if len(parts) >= 3 and parts[1][0] == SEQUENCE and parts[2][0] == OCTET_STRING:  # PKCS #8 (RFC 5958)
        algorithm = _one(parts[1][1], OID)
        return algorithm, b"" if algorithm == ED25519 else _public(parts[2][1])[1]
    if len(parts) >= 9:  # RSA (RFC 8017 A.1.2): the modulus
        return RSA, parts[1][2]
    point = next((content for tag, content, _ in parts if tag == 0xA1), b"")  # EC (RFC 5915)
    return EC, _one(point, BIT_STRING)[1:] if point else b""


__all__ = ["Certificate", "blocks", "certificate", "key_pair", "pool"]
