"""Signatures of messages with a shared secret: TSIG (RFC 8945)."""

from __future__ import annotations

import hmac
import struct
from collections.abc import Iterable
from typing import Any

from ..golang import b64
from ..light import NamedTuple
from . import wire
from .codes import TSIG
from .escapes import pack_name, unpack_name
from .message import Msg
from .names import fqdn
from .rr import RR
from .wire import signature

ANY = 255
FUDGE = 300
BADSIG, BADKEY, BADTIME = 16, 17, 18
NOTAUTH = 9
"""The rcode of a wrong signature. A request with it is taken for wrong, too."""
UNSIGNED = (BADSIG, BADKEY)
"""Errors with which a message is sent without a MAC."""
NAMES = {BADSIG: "BADSIG", BADKEY: "BADKEY", BADTIME: "BADTIME"}
HASHES = {f"hmac-{name}.": name for name in ("sha1", "sha224", "sha256", "sha384", "sha512")}
"""Of github.com/miekg/dns, which has none for MD5 any more."""


class BadSecret(ValueError):
    """No MAC can be made: the algorithm is not known, or the secret is not base64."""


class Fields(NamedTuple):
    """The data of a TSIG record. time: seconds since the epoch. error: of the key, the MAC or the time."""

    algorithm: str = ""
    time: int = 0
    fudge: int = 0
    mac: bytes = b""
    id: int = 0
    error: int = 0
    other: bytes = b""


def fields(found: RR) -> Fields:
    """The data of a TSIG record, which may end before any of its fields."""
    return Fields(*found.data)


def without(msg: Msg) -> Msg:
    """The message without its TSIG record."""
    bare = msg.copy()
    bare.extra = bare.extra[:-1]
    return bare


def record(
    name: str,
    algorithm: str,
    *,
    id: int,
    time: int = 0,
    fudge: int = 0,
    mac: bytes = b"",
    error: int = 0,
    other: bytes = b"",
) -> RR:
    """A TSIG record. time: seconds since the epoch."""
    return RR(name, TSIG, ANY, 0, (algorithm, time, fudge, mac, id, error, other))


def mac_of(msg: Msg, secret: str, before: bytes = b"", *, timers_only: bool = False) -> bytes:
    """The MAC of a message that has a TSIG record, with what that says. before: the MAC of the request, or of the message
    before. timers_only: whether all but the times is left out, as in further messages of a transfer. Raises BadSecret."""
    found = signature(msg)
    assert found is not None
    bare = without(msg)
    bare.id = fields(found).id
    return _mac(wire.pack(bare), found, secret, before, timers_only=timers_only)


def _mac(octets: bytes, found: RR, secret: str, before: bytes, *, timers_only: bool) -> bytes:
    """The MAC of a message in octets, which have no TSIG record and the ID that the record says. Raises BadSecret."""
    algorithm, time, fudge, _, _, error, other = fields(found)
    made = HASHES.get(algorithm.lower())
    try:
        key = b64.decode(secret)
    except ValueError as problem:
        raise BadSecret(str(problem)) from None
    if made is None:
        raise BadSecret(algorithm)
    covered = bytearray(struct.pack("!H", len(before)) + before if before else b"")
    covered += octets
    times = time.to_bytes(6, "big") + struct.pack("!H", fudge)
    if timers_only:
        covered += times
    else:
        covered += pack_name(found.name.lower()) + struct.pack("!HI", ANY, 0)
        covered += pack_name(algorithm.lower()) + times + struct.pack("!HH", error, len(other)) + other
    return hmac.new(key, bytes(covered), made).digest()


def _stripped(octets: bytes, id: int) -> bytes:
    """The octets of a message without its last record, which is TSIG, and with another ID."""
    _, flags, *counts = wire.header(octets)
    end, at = len(octets), 12
    for _ in range(counts[0]):
        at = unpack_name(octets, at, end)[1] + 4
    for _ in range(sum(counts[1:]) - 1):
        at = unpack_name(octets, at, end)[1]
        at += 10 + int.from_bytes(octets[at + 8 : at + 10], "big")
    return struct.pack("!HHHHHH", id, flags, *counts[:3], counts[3] - 1) + octets[12:at]


def signed(
    msg: Msg, secret: str | None, now: float, before: bytes = b"", *, timers_only: bool = False
) -> tuple[Msg, bytes]:
    """The message with the MAC in its TSIG record, and the MAC. Errors about the key or the MAC are not signed."""
    found = signature(msg)
    assert found is not None
    algorithm, time, fudge, _, id, error, other = fields(found)
    out = msg.copy()
    bare = record(found.name, algorithm, id=id, fudge=fudge or FUDGE, error=error, other=other)
    out.extra = [*msg.extra[:-1], bare]
    if error in UNSIGNED or secret is None:
        return out, b""
    values: dict[str, Any] = {
        "id": id,
        "time": time or int(now),
        "fudge": fudge or FUDGE,
        "error": error,
        "other": other,
    }
    out.extra[-1] = record(found.name, algorithm, **values)
    mac = mac_of(out, secret, before, timers_only=timers_only)
    out.extra[-1] = record(found.name, algorithm, mac=mac, **values)
    return out, mac


def wrong(msg: Msg, secret: str | None, now: float) -> int:
    """What is wrong with the signature of a request: 0 or an error code."""
    found = signature(msg)
    assert found is not None
    if secret is None:
        return BADKEY
    values = fields(found)
    if not values.time or not values.fudge:  # the DNS library has its own values for what is 0, before it makes the MAC
        values = values._replace(time=values.time or int(now), fudge=values.fudge or FUDGE)
        msg = msg.copy()
        msg.extra[-1] = RR(found.name, TSIG, ANY, 0, tuple(values))
    try:
        if msg.rcode & 15 == NOTAUTH or not hmac.compare_digest(mac_of(msg, secret), values.mac):
            return BADSIG
    except BadSecret:
        return BADSIG
    return BADTIME if abs(int(now) - values.time) > values.fudge else 0


class Key:
    """A TSIG key (RFC 8945) of a client, which signs queries and verifies replies.

    name: of the key, a domain name. secret: in base64. algorithm: such as `hmac-sha256` or `hmac-sha512`. asked: when
    it signed last, in seconds since the epoch. Raises ValueError for a secret that is no base64.

    >>> from corefile import loads
    >>> server = loads(".:53 {\\n tsig {\\n  secret key.example. c2VjcmV0\\n  require all\\n }\\n whoami\\n}")
    >>> key = Key("key.example.", "c2VjcmV0")
    >>> reply = server.query("example.org", key=key)
    >>> reply.rcode, key.check(reply.msg, key.asked), server.query("example.org").rcode
    ('NOERROR', 'ok', 'REFUSED')
    """

    def __init__(self, name: str, secret: str, algorithm: str = "hmac-sha256") -> None:
        try:
            b64.decode(secret)
        except ValueError:
            raise ValueError(f"the secret of the key {name} is no base64, such as c2VjcmV0") from None
        self.name = fqdn(name)
        self.secret = secret
        self.algorithm = fqdn(algorithm)
        self.mac = b""
        self.asked = 0.0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return (self.name, self.secret, self.algorithm) == (other.name, other.secret, other.algorithm)

    def __hash__(self) -> int:
        return hash((self.name, self.secret, self.algorithm))

    def __repr__(self) -> str:
        return f"<Key {self.name} {self.algorithm}>"

    def signs(self, msg: Msg, now: float) -> Msg:
        """A query with its signature at `now`, in seconds since the epoch. With an unknown algorithm the MAC is
        zeros."""
        out, self.asked = msg.copy(), now
        values: dict[str, Any] = {"id": msg.id, "time": int(now), "fudge": FUDGE}
        out.extra = [*msg.extra, record(self.name, self.algorithm, **values)]
        try:
            self.mac = mac_of(out, self.secret)
        except BadSecret:
            self.mac = bytes(16)
        out.extra[-1] = record(self.name, self.algorithm, mac=self.mac, **values)
        return out

    def check(self, reply: Msg, now: float) -> str:
        """What the client finds when it verifies a reply at `now`, in seconds since the epoch: `ok`, `none` (no
        signature), or `error` with what is wrong, such as `error BadSignature`."""
        found = signature(reply)
        if found is None:
            return "none"
        wrong = _error(found, now)
        return wrong or _said(found, mac_of(reply, self.secret, self.mac))

    def check_all(self, answer: Iterable[bytes], now: float) -> list[str]:
        """The same of each message of an answer in octets, such as a transfer. Raises WireError for what is no message."""
        out, before = [], self.mac
        for number, octets in enumerate(answer):
            found = signature(wire.unpack(octets))
            if found is None:
                out.append("none")
                continue
            wrong = _error(found, now)
            if not wrong:
                bare = _stripped(octets, fields(found).id)
                wrong = _said(found, _mac(bare, found, self.secret, before, timers_only=number > 0))
            out.append(wrong)
            before = fields(found).mac
        return out


def _error(found: RR, now: float) -> str:
    """What is wrong with an answer's TSIG record, its MAC left aside; '' where nothing is."""
    _, time, fudge, _, _, error, _ = fields(found)
    if error:
        return f"error {NAMES.get(error, error)}"
    return "error BadTime" if abs(int(now) - time) > fudge else ""


def _said(found: RR, mac: bytes) -> str:
    own = fields(found).mac
    return "ok" if own and own == mac else "error BadSignature"


__all__ = [
    "BADKEY",
    "BADSIG",
    "BADTIME",
    "NAMES",
    "NOTAUTH",
    "BadSecret",
    "Key",
    "mac_of",
    "record",
    "signature",
    "signed",
    "without",
    "wrong",
]
