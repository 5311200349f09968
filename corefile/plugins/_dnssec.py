"""DNSSEC keys in BIND's files, and signatures with them (RFC 4034).

Source: plugin/dnssec (dnskey.go) of each release, and the DNS library's dnssec.go and dnssec_keyscan.go. The arithmetic is that
of the package `cryptography`, which is an extra (`pip install corefile[dnssec]`) and loaded with the first key.
"""

from __future__ import annotations

import posixpath
from base64 import b64decode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING, Any

from ..dns.codes import CNAME, DNAME, DNSKEY, MX, NAPTR, NS, PTR, RRSIG, SOA, SRV
from ..dns.names import labels
from ..dns.rdata.codec import SPECS, pack
from ..dns.rdata.kinds.names import Name
from ..dns.rr import RR
from ..dns.zonefile import ZoneError, parse
from ..plugin import IN, Invalid, ReleaseRules, Setup, since

if TYPE_CHECKING:
    from collections.abc import Sequence

RSA = {5: "SHA1", 7: "SHA1", 8: "SHA256", 10: "SHA512"}
CURVES = {13: ("SECP256R1", "SHA256", 32), 14: ("SECP384R1", "SHA384", 48)}
ED25519 = 15
MISSING = "open {}: no such file or directory"
DEFAULT_TTL = 3600

RP, AFSDB, RT, PX, KX = 17, 18, 21, 26, 36
_LOWERED = frozenset((NS, CNAME, SOA, PTR, MX, RP, AFSDB, RT, PX, NAPTR, KX, SRV, DNAME))
"""The types whose names in the data are lower case in what is signed (RFC 4034 section 6.2)."""


class KeyRules(ReleaseRules):
    """What differs between releases."""

    ed25519 = since("1.6.5", "keys may be of Ed25519")
    cleans_path = since("1.9.1", "errors show the path of a missing file cleaned")


class CannotSign(ValueError):
    """The private key is of another algorithm than the DNSKEY record."""


class Key:
    """A key pair. record: the DNSKEY record. tag: its key tag. algorithm: that of the private key."""

    def __init__(self, record: RR, algorithm: int, private: Any) -> None:
        self.record = record
        self.algorithm = algorithm
        self.private = private
        self.tag = key_tag(record)

    @property
    def is_ksk(self) -> bool:
        """Whether it is a zone key with the SEP bit."""
        return bool(self.record[4][0] & 0x100) and bool(self.record[4][0] & 1)

    @property
    def is_zsk(self) -> bool:
        """Whether it is a zone key without the SEP bit."""
        return bool(self.record[4][0] & 0x100) and not self.record[4][0] & 1

    def sign(self, data: bytes) -> bytes:
        """The signature of `data`. Raises CannotSign."""
        number = self.record[4][2]
        same = number in RSA and self.algorithm in RSA
        if not same and number != self.algorithm:
            raise CannotSign
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        if number in RSA:
            return bytes(self.private.sign(data, padding.PKCS1v15(), getattr(hashes, RSA[number])()))
        if number in CURVES:
            _, hash, size = CURVES[number]
            algorithm = ec.ECDSA(getattr(hashes, hash)(), deterministic_signing=True)
            r, s = decode_dss_signature(self.private.sign(data, algorithm))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        return bytes(self.private.sign(data))


def available() -> bool:
    """Whether the package `cryptography` is there."""
    from importlib.util import find_spec

    return find_spec("cryptography") is not None


def key_tag(record: RR) -> int:
    """The key tag of a DNSKEY record (RFC 4034 appendix B)."""
    data = pack(DNSKEY, record[4])
    total = sum(octet << 8 if i % 2 == 0 else octet for i, octet in enumerate(data))
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF


def read_key(base: str, setup: Setup) -> Key:
    """The key pair in `base`.key and `base`.private. Raises Invalid in CoreDNS's words."""
    files, rules = setup.world.files, KeyRules.of(setup.release)
    texts = []
    for path in (f"{base}.key", f"{base}.private"):
        data = files.read(path)
        if data is None:
            said = MISSING.format(posixpath.normpath(path) if rules.cleans_path else path)
            raise Invalid(f"there is no key file {path}", coredns=said, located=False)
        texts.append(data.decode("utf-8", "surrogateescape"))
        if len(texts) == 1:
            record = _public(texts[0], path, setup)
    if record is None or record[1] != DNSKEY:
        raise Invalid(f"{base}.key has no DNSKEY record", coredns="no public key found", located=False)
    return _private(record, texts[1], base, rules)


def _public(text: str, path: str, setup: Setup) -> RR | None:
    try:
        return next(iter(parse(text, ".", path=path, default_ttl=DEFAULT_TTL, release=setup.release)), None)
    except ZoneError as e:
        raise Invalid(f"{path} has no record that can be read: {e.message}", coredns=str(e), located=False) from None


def _private(record: RR, text: str, base: str, rules: KeyRules) -> Key:
    values = {}
    for line in text.splitlines():
        name, found, value = line.partition(":")
        if found:
            values[name.strip().lower()] = value.strip()
    bad = Invalid(f"{base}.private is no private key", coredns="dns: bad private key", located=False)
    if values.get("private-key-format") not in ("v1.2", "v1.3"):
        raise bad
    number = values.get("algorithm", "").partition(" ")[0]
    if not number.isdigit() or int(number) > 255:
        raise bad
    algorithm = int(number)
    if algorithm not in RSA and algorithm not in CURVES and algorithm != ED25519:
        raise Invalid(f"{base}.private is of an unknown algorithm", coredns="dns: bad algorithm", located=False)
    if algorithm == ED25519 and not rules.ed25519:
        raise Invalid("Ed25519 came with CoreDNS 1.6.5", coredns="no private key found", located=False)
    try:
        return Key(record, algorithm, _load(algorithm, values, record) if available() else None)
    except (Base64Error, KeyError, ValueError):
        raise bad from None


def _load(algorithm: int, values: dict[str, str], record: RR) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if algorithm in RSA:
        n, e, d, p, q = (
            int.from_bytes(b64decode(values[name]), "big")
            for name in ("modulus", "publicexponent", "privateexponent", "prime1", "prime2")
        )
        public = rsa.RSAPublicNumbers(e, n)
        dmp, dmq, iqmp = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        return rsa.RSAPrivateNumbers(p, q, d, dmp, dmq, iqmp, public).private_key()
    secret = b64decode(values["privatekey"])
    if algorithm == ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret, "big"), getattr(ec, CURVES[algorithm][0])())


def signature(key: Key, rrs: Sequence[RR], signer: str, ttl: int, original: int, inception: int, expiration: int) -> RR:
    """The RRSIG record of a set of records. Raises CannotSign, and WireError for records that have no wire form."""
    owner, type = rrs[0][0], rrs[0][1]
    parts = labels(owner)
    count = len(parts) - (parts[:1] == ["*"])
    head = (type, key.record[4][2], count, original, expiration, inception, key.tag, signer)
    data = pack(RRSIG, (*head[:7], signer.lower(), b""))
    for wire in sorted({_canonical(rr, original, count) for rr in rrs}, key=lambda pair: pair[1]):
        data += wire[0] + len(wire[1]).to_bytes(2, "big") + wire[1]
    return RR(owner, RRSIG, IN, ttl, (*head, key.sign(data)))


def _canonical(rr: RR, ttl: int, count: int) -> tuple[bytes, bytes]:
    """A record as it is signed: what comes before the length of its data, and the data."""
    name, type, cls, _, data = rr
    parts = labels(name.lower())
    if len(parts) > count:
        name = ".".join(["*", *parts[len(parts) - count :]]) + "."
    if type in _LOWERED:
        kinds = SPECS[type].kinds
        data = tuple(x.lower() if isinstance(kinds[i], Name) else x for i, x in enumerate(data))
    head = (
        pack(NS, (name.lower(),))
        + type.to_bytes(2, "big")
        + cls.to_bytes(2, "big")
        + (ttl & 0xFFFFFFFF).to_bytes(4, "big")
    )
    return head, pack(type, data)


__all__ = ["CannotSign", "Key", "available", "key_tag", "read_key", "signature"]
