"""Types that fields in a row do not describe: HIP, IPSECKEY, AMTRELAY and LOC."""

from __future__ import annotations

from typing import Any

from ...golang.numbers import to_float, to_int, to_uint
from ...light import NamedTuple
from ..errors import WireError
from ..escapes import dnspython_name, pack_name, unpack_name
from ..names import absolute_name, wire_length
from .encodings import base64_text, chunks, ipv6_text, pack_ipv4, pack_ipv6, unbase64, unhex
from .kinds import BASE64, IPV4, IPV6, U8, Cut, take
from .tokens import BLANK, EOF, ERROR, NEWLINE, STRING, Next, RdataError, Token, bare_words, slurp, unchecked


class Special:
    """A type that the table alone does not describe; the same five functions over the whole data.

    Data from the wire may be shorter than it should be: a record may end before any of its fields (see `codec.unpack`).
    """

    blank = b""

    def text(self, data: tuple[Any, ...]) -> str:
        """The record's text."""
        raise NotImplementedError

    def read(self, next: Next, origin: str, label: str) -> tuple[Any, ...]:
        """The fields at the next tokens, up to and with the end of the line. Raises RdataError."""
        raise NotImplementedError

    def pack(self, data: tuple[Any, ...]) -> bytes:
        """The octets. Raises WireError."""
        raise NotImplementedError

    def unpack(self, wire: bytes, offset: int, end: int, *, strict: bool) -> tuple[Any, ...]:
        """All of the data. strict: whether something behind it is an error. Raises WireError."""
        raise NotImplementedError

    def length(self, data: tuple[Any, ...]) -> int:
        """As miekg/dns's Len counts."""
        raise NotImplementedError


class Hip(Special):
    """HIP (RFC 8005): (algorithm, HIT as `bytes`, public key as `bytes`, tuple of names)."""

    blank = bytes(4)

    def text(self, data: tuple[Any, ...]) -> str:
        """Algorithm, HIT, key, servers."""
        algorithm, hit, key, names = data
        servers = "".join([" " + dnspython_name(x) for x in names])
        digits = hit if isinstance(hit, str) else _whole(hit).hex()
        return f"{algorithm} {digits} {base64_text(_whole(key))}{servers}"

    def read(self, next: Next, origin: str, label: str) -> tuple[Any, ...]:
        """Algorithm, HIT, key, servers."""
        algorithm = U8.read(next, origin, "HIP PublicKeyAlgorithm")
        values: list[bytes | str] = []
        for field, decode in (("Hit", unhex), ("PublicKey", unbase64)):
            next()
            token = next()
            if not token[1] or token[0] == ERROR:
                raise RdataError(f"bad HIP {field}", token)
            try:
                values.append(decode(token[1]))
            except ValueError:
                if field == "PublicKey":
                    raise RdataError("bad HIP PublicKey", token) from None
                values.append(token[1])
        servers = []
        token = next()
        while token[0] not in (NEWLINE, EOF):
            if token[0] == STRING:
                name = absolute_name(token[1], origin)
                if name is None:
                    raise RdataError("bad HIP RendezvousServers", token)
                servers.append(name)
            elif token[0] != BLANK:
                raise RdataError("bad HIP RendezvousServers", token)
            token = next()
        return algorithm, values[0], values[1], tuple(servers)

    def pack(self, data: tuple[Any, ...]) -> bytes:
        """Lengths first."""
        algorithm, hit, key, names = data
        if isinstance(hit, str):
            raise WireError(f"not valid: {hit!r}")
        hit_size = bytes(hit) if hit.__class__ is Cut else bytes((len(hit),))
        key_size = bytes(key) if key.__class__ is Cut else len(key).to_bytes(2, "big")
        servers = b"".join([pack_name(x) for x in names])
        return hit_size + bytes((algorithm,)) + key_size + _whole(hit) + _whole(key) + servers

    def unpack(self, wire: bytes, offset: int, end: int, *, strict: bool) -> tuple[Any, ...]:
        """Lengths first."""
        size = end - offset
        if size <= 4:
            head = wire[offset:end].ljust(4, b"\0")
            if size == 3:
                raise WireError("overflow unpacking uint16", "HIP.PublicKeyLength")
            return head[1], Cut(head[:1]), Cut(head[2:]), ()
        head, offset = wire[offset : offset + 4], offset + 4
        hit, offset = take(wire, offset, head[0], end, "overflow unpacking hex")
        key, offset = take(wire, offset, head[2] << 8 | head[3], end, "overflow unpacking base64")
        servers = []
        try:
            while offset < end:
                name, offset = unpack_name(wire, offset, end)
                servers.append(name)
        except WireError as error:
            raise WireError(str(error), "HIP.RendezvousServers") from None
        return head[1], hit, key, tuple(servers)

    def length(self, data: tuple[Any, ...]) -> int:
        """With the key's padding."""
        _, hit, key, names = data
        digits = len(hit) if isinstance(hit, str) else len(_whole(hit))
        return 4 + digits + (len(_whole(key)) + 2) // 3 * 3 + sum(map(wire_length, names))


class Gateway(Special):
    """IPSECKEY (RFC 4025): (precedence, gateway type, algorithm, gateway, key as `bytes`); AMTRELAY (RFC 8777):
    (precedence, type with the discovery bit 128, relay). The gateway is `"."` for type 0, else an address or name."""

    def __init__(self, name: str) -> None:
        self.ipsec = name == "IPSECKEY"
        self.blank = bytes(3 if self.ipsec else 2)

    def text(self, data: tuple[Any, ...]) -> str:
        """dnspython's form."""
        data = self._filled(data)
        gateway = data[3 if self.ipsec else 2]
        if data[1] & 127 == 3:
            gateway = dnspython_name(gateway)
        if self.ipsec:
            return f"{data[0]} {data[1]} {data[2]} {gateway} {chunks(base64_text(data[4]), 32)}"
        return f"{data[0]} {data[1] >> 7} {data[1] & 127} {gateway}"

    def read(self, next: Next, origin: str, label: str) -> tuple[Any, ...]:
        """The fields. After IPSECKEY the library reads one line too many, so nothing may follow it but a blank line."""
        what = "IPSECKEY" if self.ipsec else "AMTRELAY"
        first = U8.read(next, origin, what + " value")
        next()
        discovery = 0
        if not self.ipsec:
            token = next()
            if token[1] not in ("0", "1"):
                raise RdataError("bad discovery value", token)
            discovery = int(token[1]) << 7
            next()
        kind = U8.read(next, origin, what + " value")
        next()
        algorithm = 0
        if self.ipsec:
            algorithm = U8.read(next, origin, what + " value")
            next()
        token = next()
        if token[0] == ERROR:
            raise RdataError(f"bad {what} gateway", token)
        gateway = self._gateway(what, (discovery | kind) & 127 if discovery or not self.ipsec else kind, token, origin)
        if not self.ipsec:
            slurp(next)
            return first, discovery | kind, gateway
        next()
        text = bare_words(next, "IPSECKEY PublicKey")
        slurp(next)
        try:
            return first, kind, algorithm, gateway, unbase64(text)
        except ValueError:
            return first, kind, algorithm, gateway, text

    def _gateway(self, what: str, kind: int, token: Token, origin: str) -> str:
        text = token[1]
        if kind == 0:
            if text != ".":
                raise RdataError(f"{what} gateway type none with gateway set", token, lost=True)
            return "."
        if kind in (1, 2):
            try:
                octets = pack_ipv6(text) if ":" in text else pack_ipv4(text)
            except ValueError:
                raise RdataError(f"{what} gateway IP invalid", token, lost=True) from None
            if (len(octets) == 4) != (kind == 1):
                raise RdataError(f"{what} gateway IP family mismatch", token, lost=True)
            return text if kind == 1 else ipv6_text(octets)
        if kind == 3:
            name = absolute_name(text, origin)
            if name is None:
                raise RdataError(f"{what} invalid gateway host", token, lost=True)
            return name
        return "."

    def _filled(self, data: tuple[Any, ...]) -> tuple[Any, ...]:
        """All fields; those that are missing as they are when nothing has set them."""
        return data + (0, 0, 0, "", b"")[len(data) :] if self.ipsec else data + (0, 0, "")[len(data) :]

    def _relay(self, kind: int, value: str) -> bytes:
        if kind == 1:
            return IPV4.pack(value)
        if kind == 2:
            return IPV6.pack(value)
        return pack_name(value) if kind == 3 else b""

    def pack(self, data: tuple[Any, ...]) -> bytes:
        """Gateway by its type. With the discovery bit a relay is forgotten, as in miekg/dns."""
        fixed = 3 if self.ipsec else 2
        if len(data) <= fixed:  # no gateway, whatever its type
            return bytes(data).ljust(fixed, b"\0")
        if self.ipsec:
            return bytes(data[:3]) + self._relay(data[1], data[3]) + BASE64.pack(data[4])
        return bytes(data[:2]) + self._relay(data[1], data[2])

    def unpack(self, wire: bytes, offset: int, end: int, *, strict: bool) -> tuple[Any, ...]:
        """Gateway by its type."""
        fixed = 3 if self.ipsec else 2
        size = end - offset
        if size < fixed or (size == fixed and wire[offset + 1] in (1, 2, 3)):
            return tuple(wire[offset:end])
        head, offset = wire[offset : offset + fixed], offset + fixed
        kind, gateway = head[1], "."
        try:
            if kind == 1:
                gateway, offset = IPV4.unpack(wire, offset, end)
            elif kind == 2:
                gateway, offset = IPV6.unpack(wire, offset, end)
            elif kind == 3:
                gateway, offset = unpack_name(wire, offset, end)
        except WireError as error:
            raise WireError(str(error), f"{'IPSECKEY' if self.ipsec else 'AMTRELAY'}.GatewayHost") from None
        if self.ipsec:
            return *head, gateway, wire[offset:end]
        if offset != end and strict:
            raise WireError("bad rdlength")
        return *head, gateway

    def length(self, data: tuple[Any, ...]) -> int:
        """Gateway by its type."""
        data = self._filled(data)
        gateway = data[3 if self.ipsec else 2]
        size = {1: 4, 2: 16, 3: len(gateway) + 1}.get(data[1], 0)
        return 3 + size + BASE64.length(data[4]) if self.ipsec else 2 + size


class LocForm(NamedTuple):
    """How miekg/dns reads LOC. sizes: those that are not given. bounded: whether degrees, minutes and seconds have bounds.
    seconds, altitude: the bits of their numbers. exact: whether a length is put right where it is ten times another one."""

    sizes: tuple[int, int, int] = (0x12, 0x16, 0x13)
    bounded: bool = True
    seconds: int = 64
    altitude: int = 64
    exact: bool = True


class Loc(Special):
    """LOC (RFC 1876): (version, size, two precisions, latitude, longitude, altitude), as on the wire."""

    blank = bytes(16)

    def __init__(self, form: LocForm | None = None) -> None:
        self.form = LocForm() if form is None else form

    def text(self, data: tuple[Any, ...]) -> str:
        """Degrees and metres."""
        _, size, horizontal, vertical, latitude, longitude, altitude = data + (0,) * (7 - len(data))
        text = f"{self._angle(latitude, 'NS')} {self._angle(longitude, 'EW')} {(altitude - 10000000) / 100:0.2f}m"
        sizes = [(x >> 4) * 10 ** (x & 15) for x in (size, horizontal, vertical)]
        if sizes != [100, 1000000, 1000]:
            text += "".join([f" {x / 100:0.2f}m" for x in sizes])
        return text

    def _angle(self, value: int, hemispheres: str) -> str:
        value -= 1 << 31
        sign = hemispheres[0] if value >= 0 else hemispheres[1]
        value = abs(value)
        return f"{value // 3600000} {value // 60000 % 60} {value // 1000 % 60}.{value % 1000:03d} {sign}"

    def read(self, next: Next, origin: str, label: str) -> tuple[Any, ...]:
        """Degrees, then metres."""
        latitude = self._read_angle(next, "Latitude", 90, "ns", "North/South")
        next()
        longitude = self._read_angle(next, "Longitude", 180, "ew", "East/West")
        next()
        token = next()
        form = self.form
        number = to_float(token[1][:-1] if token[1][-1:] in ("M", "m") else token[1], form.altitude)
        if number is None or token[0] == ERROR:
            raise RdataError("bad LOC Altitude", token)
        altitude = _uint32(number * 100.0 + 10000000.0 + 0.5)
        sizes = list(form.sizes)
        count = 0
        token = unchecked(next)
        while token[0] not in (NEWLINE, EOF):
            if token[0] == STRING:
                if count < 3:
                    value = _centimetres(token[1]) if form.exact else _old_centimetres(token[1])
                    if value is None:
                        raise RdataError("bad LOC " + ("Size", "HorizPre", "VertPre")[count], token)
                    sizes[count] = value
                count += 1
            elif token[0] != BLANK:
                raise RdataError("bad LOC Size, HorizPre or VertPre", token)
            token = unchecked(next)
        return 0, *sizes, latitude, longitude, altitude

    def _read_angle(self, next: Next, what: str, limit: int, hemispheres: str, last: str) -> int:
        form, token = self.form, next()
        degrees = to_uint(token[1], 32)
        if degrees is None or token[0] == ERROR or (form.bounded and degrees > limit):
            raise RdataError(f"bad LOC {what}", token)
        value = degrees * 3600000
        for step in ("minutes", "seconds", ""):
            next()
            token = next()
            if (
                step != "seconds"
                and len(token[1]) == 1
                and token[1].lower() in hemispheres
                and (value <= limit * 3600000 or not form.bounded)
            ):
                north = token[1].lower() == hemispheres[0]
                return ((1 << 31) + (value if north else -value)) & 0xFFFFFFFF
            if step == "minutes":
                minutes = to_uint(token[1], 32)
                if minutes is None or (form.bounded and minutes > 59) or token[0] == ERROR:
                    raise RdataError(f"bad LOC {what} minutes", token)
                value += minutes * 60000
            elif step == "seconds":
                seconds = to_float(token[1], form.seconds)
                if seconds is None or (form.bounded and (seconds < 0 or seconds >= 60)) or token[0] == ERROR:
                    raise RdataError(f"bad LOC {what} seconds", token)
                value += _uint32(1000 * seconds)
        raise RdataError(f"bad LOC {what} {last}", token)

    def pack(self, data: tuple[Any, ...]) -> bytes:
        """Sixteen octets."""
        return (bytes(data[:4]) + b"".join([x.to_bytes(4, "big") for x in data[4:]])).ljust(16, b"\0")

    def unpack(self, wire: bytes, offset: int, end: int, *, strict: bool) -> tuple[Any, ...]:
        """Sixteen octets, or fewer."""
        octets = wire[offset : min(end, offset + 16)]
        if end - offset > 16 and strict:
            raise WireError("bad rdlength")
        if len(octets) > 4 and len(octets) % 4:
            raise WireError("overflow unpacking uint32", f"LOC.{_DEGREES[len(octets) // 4 - 1]}")
        return *octets[:4], *[int.from_bytes(octets[i : i + 4], "big") for i in range(4, len(octets), 4)]

    def length(self, data: tuple[Any, ...]) -> int:
        """Always 16."""
        return 16


_DEGREES = ("Latitude", "Longitude", "Altitude")


def _uint32(number: float) -> int:
    """Go's conversion on amd64, where infinity and what is no number become 0."""
    return int(number) & 0xFFFFFFFF if abs(number) < 1 << 63 else 0


def _whole(value: bytes) -> bytes:
    """A counted field, which is empty where the record ends behind its count."""
    return b"" if value.__class__ is Cut else value


def _old_centimetres(text: str) -> int | None:
    """The same as it was up to 1.7.1: ten of a unit are not one of the next, fractions of metres are taken for centimetres as
    they stand, and signs are read."""
    metres, dot, cents = (text[:-1] if text[-1:] in ("M", "m") else text).partition(".")
    m, cm = to_int(metres), to_int(cents) if dot else 0
    if m is None or cm is None:
        return None
    exponent, value = (2, m) if m > 0 else (0, cm)
    while value > 10:
        exponent += 1
        value //= 10
    return None if exponent > 9 else exponent | (value & 15) << 4


def _centimetres(text: str) -> int | None:
    """A length in metres as mantissa and exponent in one octet (RFC 1876 §2)."""
    if text[-1:] in ("M", "m"):
        text = text[:-1]
    metres, dot, cents = text.partition(".")
    if (dot and not (cents.isascii() and cents.isdigit() and len(cents) <= 2)) or (
        (metres or not dot) and not (metres.isascii() and metres.isdigit())
    ):
        return None
    m, cm = int(metres or 0), int(cents.ljust(2, "0")) if dot else 0
    if m > 90000000 or (m == 90000000 and cm):
        return None
    exponent, value = (2, m) if m else (0, cm)
    while value >= 10:
        exponent += 1
        value //= 10
    return exponent & 15 | value << 4 & 0xF0
