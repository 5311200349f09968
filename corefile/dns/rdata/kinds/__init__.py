"""The kinds of field: for each, the Python value, its text, its octets and their number."""

from __future__ import annotations

from ..spelling import Spelt, spelt, text_length
from .addresses import IPV4, IPV6, Eui, IPv4, IPv6, NodeId
from .base import Cut, Kind, Rest, take
from .bitmap import Bitmap
from .names import CompressedName, Name
from .numbers import U8, CertAlgorithm, CertType, Number, Seconds, TypeNumber
from .octets import BASE64, Bare, Base64, Counted, Generic, HashedName, Hex, Salt
from .prefixes import Prefixes
from .strings import (
    AnyWord,
    BareString,
    CharString,
    FirstString,
    Float,
    LongString,
    QuotedString,
    Strings,
    TwoStrings,
)
from .times import SigTime

__all__ = [
    "BASE64",
    "IPV4",
    "IPV6",
    "U8",
    "AnyWord",
    "Bare",
    "BareString",
    "Base64",
    "Bitmap",
    "CertAlgorithm",
    "CertType",
    "CharString",
    "CompressedName",
    "Counted",
    "Cut",
    "Eui",
    "FirstString",
    "Float",
    "Generic",
    "HashedName",
    "Hex",
    "IPv4",
    "IPv6",
    "Kind",
    "LongString",
    "Name",
    "NodeId",
    "Number",
    "Prefixes",
    "QuotedString",
    "Rest",
    "Salt",
    "Seconds",
    "SigTime",
    "Spelt",
    "Strings",
    "TwoStrings",
    "TypeNumber",
    "spelt",
    "take",
    "text_length",
]
