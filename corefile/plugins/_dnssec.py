"""DNSSEC keys in BIND's files, and signatures with them (RFC 4034).

Source: plugin/dnssec (dnskey.go) of each release, and the DNS library's dnssec.go and dnssec_keyscan.go. The arithmetic is that
of the package `cryptography`, which is an extra (`pip install corefile[dnssec]`) and loaded with the first key.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..dns.codes import CNAME, DNAME, DNSKEY, MX, NAPTR, NS, PTR, RRSIG, SOA, SRV
from ..dns.names import labels
from ..dns.rdata.codec import SPECS, pack
from ..dns.rdata.kinds.names import Name
from ..dns.rr import RR
from ..dns.zonefile import ZoneError, parse
from ..findings import Span
from ..golang import b64
from ..golang.errors import GoError
from ..language.words import Token
from ..light import NamedTuple
from ..plugin import Arg, Given, Invalid, Line, MissingFile, ReleaseRules, Rest, Setup, since, wrong_count
from ._paths import below_root, cannot_read

if TYPE_CHECKING:
    from collections.abc import Sequence

RSA = {5: "SHA1", 7: "SHA1", 8: "SHA256", 10: "SHA512"}
CURVES = {13: ("SECP256R1", "SHA256", 32), 14: ("SECP384R1", "SHA384", 48)}
ED25519 = 15
PARTS = {
    **dict.fromkeys(RSA, ("modulus", "publicexponent", "privateexponent", "prime1", "prime2")),
    **dict.fromkeys((*CURVES, ED25519), ("privatekey",)),
}
"""The lines of a private key that are read, by algorithm."""
DEFAULT_TTL = 3600

RP, AFSDB, RT, PX, KX = 17, 18, 21, 26, 36
_LOWERED = frozenset((NS, CNAME, SOA, PTR, MX, RP, AFSDB, RT, PX, NAPTR, KX, SRV, DNAME))
"""The types whose names in the data are lower case in what is signed (RFC 4034 section 6.2)."""


class KeyRules(ReleaseRules):
    """What differs between releases."""

    ed25519 = since("1.6.5", "keys may be of Ed25519")
    names_algorithm = since("1.8.1", "an algorithm that is unknown is a bad one; before, a bad private key")
    cleans_path = since("1.9.1", "errors show the path of a missing file cleaned")


class CannotSign(ValueError):
    """The private key is of another algorithm than the DNSKEY record."""


class Key:
    """A key pair. record: the DNSKEY record. tag: its key tag. algorithm: that of the private key. place: where it is named."""

    def __init__(self, record: RR, algorithm: int, private: Any, place: Span | None = None) -> None:
        self.record = record
        self.place = place
        self.algorithm = algorithm
        self.private = private
        self.tag = key_tag(record)

    def __deepcopy__(self, memo: object) -> Key:
        return self  # it never changes

    def with_name(self, name: str) -> Key:
        """The same key with another owner name."""
        return Key(self.record.with_name(name), self.algorithm, self.private, self.place)

    @property
    def is_ksk(self) -> bool:
        """Whether it is a zone key with the SEP bit."""
        return bool(self.record[4][0] & 0x100) and bool(self.record[4][0] & 1)

    @property
    def is_zsk(self) -> bool:
        """Whether it is a zone key without the SEP bit."""
        return bool(self.record[4][0] & 0x100) and not self.record[4][0] & 1

    @property
    def cost(self) -> int:
        """How long a signature takes, 1 for most keys."""
        size = len(self.record[4][3])  # the same for all of an elliptic curve
        return max(1, (size // 128) ** 2) if self.algorithm in RSA else 2 if size > 64 else 1

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


class Keys(NamedTuple):
    """The keys that lines name. elsewhere: where they name those whose files are not here, of which nothing else is known."""

    found: tuple[Key, ...] = ()
    elsewhere: tuple[Span, ...] = ()

    @classmethod
    def read(cls, line: Given, setup: Setup, reader: Callable[[str, Setup], Key], *, below: bool = True) -> Keys:
        """Those of a line. reader: what reads a pair of files. below: whether they are below `root`. Raises Invalid."""
        found: list[Key] = []
        elsewhere: list[Span] = []
        for name, word in zip(line.values["names"], line.words[1:], strict=True):
            base = below_root(setup.site, base_of(name)) if below else base_of(name)
            try:
                key = reader(base, setup)
            except Invalid as error:
                error.at = word
                if not (isinstance(error, MissingFile) and _are_elsewhere(base, word, setup)):
                    raise
                elsewhere.append(word.span)
            else:
                key.place = word.span
                found.append(key)
        return cls(tuple(found), tuple(elsewhere))

    @classmethod
    def together(cls, lines: Sequence[Keys]) -> Keys:
        """Those of all lines."""
        return cls(
            tuple(key for line in lines for key in line.found), tuple(span for line in lines for span in line.elsewhere)
        )


def KeyLine(read: Callable[[Given, Setup], Keys], more: str = "", kinds: tuple[str, ...] = ("file",)) -> Any:
    """The property `key file NAMES...`, whose value is the keys of all lines. kinds: of keys; behind any other word CoreDNS
    reads no names."""
    doc = f"`file` and the key files, with or without their endings{more}"
    kind, names = Arg("kind", brace=True), Rest("names")
    return Line(kind, names, name="key", repeat="all", kinds=kinds, read=read, build=Keys.together, doc=doc)


def names_keys(line: Given, *kinds: str) -> bool:
    """Whether a line `key KIND NAMES...` names keys, which it does if the kind is one of `kinds`. Raises Invalid."""
    kind, names = line.values["kind"], line.values["names"]
    if kind in kinds and not names:
        raise Invalid(f"`key {kind}` needs names", coredns=wrong_count(kind))
    return kind in kinds


def _are_elsewhere(base: str, word: Token, setup: Setup) -> bool:
    """Whether what is not here of a pair of files may be on CoreDNS's machine; then a notice says so."""
    paths = [path for path in (f"{base}.key", f"{base}.private") if setup.world.files.read(path) is None]
    found = [setup.elsewhere(path, word.span, until="nothing is signed with this key") for path in paths]
    return any(found)


def available() -> bool:
    """Whether the package `cryptography` is there."""
    from importlib.util import find_spec

    return find_spec("cryptography") is not None


def key_tag(record: RR) -> int:
    """The key tag of a DNSKEY record (RFC 4034 appendix B)."""
    data = pack(DNSKEY, record[4])
    total = sum(octet << 8 if i % 2 == 0 else octet for i, octet in enumerate(data))
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF


def base_of(name: str) -> str:
    """What the two files of a pair have in common, where one of them may be named."""
    for ending in (".private", ".key"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def open_key(path: str, setup: Setup) -> str:
    """The text of a key file. Raises MissingFile in CoreDNS's words."""
    data = setup.world.files.read(path)
    if data is None:
        shown = posixpath.normpath(path) if KeyRules.of(setup.release).cleans_path else path
        said = cannot_read(shown, setup.world.files)
        raise MissingFile(path, f"there is no key file {path}", coredns=said, located=False)
    return data.decode("utf-8", "surrogateescape")


def read_key(base: str, setup: Setup) -> Key:
    """The key pair in `base`.key and `base`.private. Raises Invalid in CoreDNS's words."""
    path = f"{base}.key"
    record = _public(open_key(path, setup), path, setup)
    text = open_key(f"{base}.private", setup)
    if record is None or record[1] != DNSKEY:
        raise Invalid(f"{path} has no DNSKEY record", coredns="no public key found", located=False)
    return private_key(record, text, base, setup)


def _public(text: str, path: str, setup: Setup) -> RR | None:
    try:
        return next(iter(parse(text, ".", path=path, default_ttl=DEFAULT_TTL, release=setup.release)), None)
    except ZoneError as e:
        raise Invalid(f"{path} has no record that can be read: {e.message}", coredns=str(e), located=False) from None


def private_key(record: RR, text: str, base: str, setup: Setup, unsupported: str = "no private key found") -> Key:
    """The pair of a DNSKEY record and the text of `base`.private. unsupported: what CoreDNS says of a private key that it
    can read, but not use. Raises Invalid in CoreDNS's words."""
    values = {}
    for line in text.splitlines():
        name, found, value = line.partition(":")
        if found:
            values[name.strip().lower()] = value.strip()
    bad = Invalid(f"{base}.private is no private key", coredns="dns: bad private key", located=False)
    if values.get("private-key-format") not in ("v1.2", "v1.3"):
        raise bad
    digits = values.get("algorithm", "").partition(" ")[0]
    if not digits.isdigit() or int(digits) > 255:
        raise bad
    algorithm = int(digits)
    if algorithm not in RSA and algorithm not in CURVES and algorithm != ED25519:
        named = KeyRules.of(setup.release).names_algorithm or algorithm in (1, 3, 6)
        said = "dns: bad algorithm" if named else "dns: bad private key"
        raise Invalid(f"{base}.private is of an unknown algorithm", coredns=said, located=False)
    if algorithm == ED25519 and not KeyRules.of(setup.release).ed25519:
        raise Invalid("Ed25519 came with CoreDNS 1.6.5", coredns=unsupported, located=False)
    try:
        octets = {name: b64.decode(value) for name, value in values.items() if name in PARTS[algorithm]}
    except GoError as e:
        raise Invalid(f"{base}.private: {e.message}", coredns=e.text, located=False) from None
    number, data = record[4][2], record[4][3]
    if (algorithm in RSA and number not in RSA) or (
        algorithm in CURVES and number in CURVES and len(data) != 2 * CURVES[number][2]
    ):
        raise Invalid(
            f"the public key in {base}.key does not fit the private one", coredns="dns: bad key", located=False
        )
    try:
        return Key(record, algorithm, _load(algorithm, octets, record) if available() else None)
    except (KeyError, ValueError):
        raise bad from None


def _load(algorithm: int, octets: dict[str, bytes], record: RR) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if algorithm in RSA:
        n, e, d, p, q = (int.from_bytes(octets[name], "big") for name in PARTS[algorithm])
        public = rsa.RSAPublicNumbers(e, n)
        dmp, dmq, iqmp = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        return rsa.RSAPrivateNumbers(p, q, d, dmp, dmq, iqmp, public).private_key()
    secret = octets["privatekey"]
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
    return RR(owner, RRSIG, rrs[0][2], ttl, (*head, key.sign(data)))


def digest(record: RR, hash: int) -> bytes:
    """The digest of a DNSKEY record in a DS record (RFC 4034 section 5.1.4). hash: 1 for SHA-1, 2 for SHA-256."""
    data = pack(NS, (record[0].lower(),)) + pack(DNSKEY, record[4])
    return hashlib.new({1: "sha1", 2: "sha256"}[hash], data).digest()


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


__all__ = [
    "CannotSign",
    "Key",
    "KeyLine",
    "Keys",
    "available",
    "digest",
    "key_tag",
    "names_keys",
    "open_key",
    "private_key",
    "read_key",
    "signature",
]
