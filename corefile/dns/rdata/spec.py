"""What the table says about each type, ready for use."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from .kinds import (
    BASE64,
    IPV4,
    IPV6,
    U8,
    AnyWord,
    BareString,
    Base64,
    Bitmap,
    CertAlgorithm,
    CertType,
    CharString,
    CompressedName,
    Counted,
    Eui,
    FirstString,
    Float,
    Generic,
    HashedName,
    Hex,
    Kind,
    LongString,
    Name,
    NodeId,
    Number,
    Prefixes,
    QuotedString,
    Salt,
    Seconds,
    SigTime,
    Strings,
    TwoStrings,
    TypeNumber,
)
from .special import Gateway, Hip, Loc, Special
from .svcb import SvcParams
from .table import ALGORITHMS, CERT_TYPES, LINES, PLACES

KINDS: dict[str, Kind] = {
    "u8": U8,
    "u16": Number(2),
    "u32": Number(4),
    "u48": Number(6),
    "seconds": Seconds(4),
    "time": SigTime(4),
    "type": TypeNumber(2),
    "algorithm": Number(1, ALGORITHMS, fold=True),
    "algorithm=": Number(1, ALGORITHMS),
    "certtype": CertType(2, {x: n for n, x in CERT_TYPES.items()}),
    "certalg": CertAlgorithm(1, ALGORITHMS),
    "name": Name(),
    "cname": CompressedName(),
    "ipv4": IPV4,
    "ipv6": IPV6,
    "string": CharString(),
    "bare": BareString(),
    "word": AnyWord(),
    "quoted": QuotedString(),
    "float": Float(),
    "strings": Strings(),
    "two": TwoStrings(),
    "first": FirstString(),
    "long": LongString(),
    "hex": Hex(),
    "base64": BASE64,
    "base64-": Base64(1 << 30),
    "bitmap": Bitmap(),
    "salt": Salt(required=False),
    "salt!": Salt(required=True),
    "hashed": HashedName(required=True),
    "eui48": Eui(6),
    "eui64": Eui(8),
    "nodeid": NodeId(8),
    "counted": Counted(),
    "prefixes": Prefixes(),
    "params": SvcParams(),
    "generic": Generic(),
}


_SPECIALS: dict[str, Special] = {
    "HIP": Hip(),
    "LOC": Loc(),
    "IPSECKEY": Gateway("IPSECKEY"),
    "AMTRELAY": Gateway("AMTRELAY"),
}


class Spec:
    """What the table says about one type. places: its fields as errors about octets name them."""

    __slots__ = (
        "blank",
        "blank_length",
        "fields",
        "form",
        "kinds",
        "labels",
        "name",
        "named",
        "number",
        "places",
        "skips",
        "special",
    )

    def __init__(self, name: str, number: int, form: str, fields: str, errors: str) -> None:
        self.name = name
        self.number = number
        self.form = form
        self.fields: tuple[str, ...] = ()
        self.special: Special | None = None
        kinds: list[Kind] = []
        self.skips = False
        if fields == "*":
            self.special = _SPECIALS[name]
        else:
            labels = []
            for word in fields.split():
                if word == "_":
                    self.skips = True
                    continue
                label, _, kind = word.partition(":")
                labels.append(label.replace("_", " "))
                kinds.append(KINDS[kind])
            self.fields = tuple(labels)
        self.kinds = tuple(kinds)
        self.labels = tuple([f"{errors} {x}" for x in self.fields])
        places = PLACES[name].split() if name in PLACES else self.fields
        go = name.replace("-", "")
        self.places = tuple([go if x == name else f"{go}.{x}" for x in places]) if name != "RESINFO" else ()
        self.blank = self.special.blank if self.special is not None else b"".join([k.blank for k in kinds])
        self.blank_length = len(self.blank) + sum([k.blank_extra for k in kinds])
        self.named = any(isinstance(k, Name) for k in kinds)

    def with_kinds(self, kinds: Mapping[str, Kind]) -> Spec:
        """The same with other kinds of some fields."""
        other = copy(self)
        other.kinds = tuple(kinds.get(field, kind) for field, kind in zip(self.fields, self.kinds, strict=True))
        return other

    def reading(self, special: Special) -> Spec:
        """The same, read otherwise."""
        other = copy(self)
        other.special = special
        return other


UNKNOWN = Spec("", -1, "t", "-:generic", "RFC3597")


def _build() -> dict[int, Spec]:
    specs = {}
    for name, (number, form, fields) in LINES.items():
        errors = name
        if fields.startswith("="):
            errors = fields[1:]
            fields = LINES[errors][2]
        specs[number] = Spec(name, number, form, fields, errors)
    return specs


SPECS: dict[int, Spec] = _build()


def spec(type: int) -> Spec:
    """The table's entry for a type; unknown ones hold their octets (RFC 3597)."""
    return SPECS.get(type, UNKNOWN)
