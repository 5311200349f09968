"""The numbers of types, classes, rcodes and opcodes (IANA's registry of DNS parameters), and their names.

Names are those of CoreDNS's DNS library (miekg/dns), as its logs, metrics and zone files have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..golang.numbers import to_uint

if TYPE_CHECKING:
    from ..releases import Release

A, NS, CNAME, SOA, PTR, HINFO, MX, TXT, AAAA, SRV, NAPTR, DNAME = 1, 2, 5, 6, 12, 13, 15, 16, 28, 33, 35, 39
OPT, DS, RRSIG, NSEC, DNSKEY, NSEC3, SVCB, HTTPS = 41, 43, 46, 47, 48, 50, 64, 65
TSIG, IXFR, AXFR, ANY = 250, 251, 252, 255
IN, CH, HS, NONE, ANY_CLASS = 1, 3, 4, 254, 255
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, YXDOMAIN, YXRRSET, NXRRSET, NOTAUTH, NOTZONE = range(11)
BADVERS = 16
QUERY, IQUERY, STATUS, NOTIFY, UPDATE = 0, 1, 2, 4, 5

TYPES: dict[str, int] = {
    "None": 0,
    "A": 1,
    "NS": 2,
    "MD": 3,
    "MF": 4,
    "CNAME": 5,
    "SOA": 6,
    "MB": 7,
    "MG": 8,
    "MR": 9,
    "NULL": 10,
    "PTR": 12,
    "HINFO": 13,
    "MINFO": 14,
    "MX": 15,
    "TXT": 16,
    "RP": 17,
    "AFSDB": 18,
    "X25": 19,
    "ISDN": 20,
    "RT": 21,
    "NSAP-PTR": 23,
    "SIG": 24,
    "KEY": 25,
    "PX": 26,
    "GPOS": 27,
    "AAAA": 28,
    "LOC": 29,
    "NXT": 30,
    "EID": 31,
    "NIMLOC": 32,
    "SRV": 33,
    "ATMA": 34,
    "NAPTR": 35,
    "KX": 36,
    "CERT": 37,
    "DNAME": 39,
    "OPT": 41,
    "APL": 42,
    "DS": 43,
    "SSHFP": 44,
    "IPSECKEY": 45,
    "RRSIG": 46,
    "NSEC": 47,
    "DNSKEY": 48,
    "DHCID": 49,
    "NSEC3": 50,
    "NSEC3PARAM": 51,
    "TLSA": 52,
    "SMIMEA": 53,
    "HIP": 55,
    "NINFO": 56,
    "RKEY": 57,
    "TALINK": 58,
    "CDS": 59,
    "CDNSKEY": 60,
    "OPENPGPKEY": 61,
    "CSYNC": 62,
    "ZONEMD": 63,
    "SVCB": 64,
    "HTTPS": 65,
    "SPF": 99,
    "UINFO": 100,
    "UID": 101,
    "GID": 102,
    "UNSPEC": 103,
    "NID": 104,
    "L32": 105,
    "L64": 106,
    "LP": 107,
    "EUI48": 108,
    "EUI64": 109,
    "NXNAME": 128,
    "TKEY": 249,
    "TSIG": 250,
    "IXFR": 251,
    "AXFR": 252,
    "MAILB": 253,
    "MAILA": 254,
    "ANY": 255,
    "URI": 256,
    "CAA": 257,
    "AVC": 258,
    "AMTRELAY": 260,
    "RESINFO": 261,
    "TA": 32768,
    "DLV": 32769,
    "Reserved": 65535,
}
"""All types that the newest release knows by a name, by that name."""

SINCE = {
    "APL": "1.6.7",
    "HTTPS": "1.8.0",
    "SVCB": "1.8.0",
    "ZONEMD": "1.8.4",
    "IPSECKEY": "1.11.0",
    "AMTRELAY": "1.11.0",
    "NXNAME": "1.11.4",
    "RESINFO": "1.12.1",
}
"""The releases of CoreDNS whose DNS library brought a type; all others were always there."""

CLASSES: dict[str, int] = {"IN": 1, "CS": 2, "CH": 3, "HS": 4, "NONE": 254, "ANY": 255}
RCODES = {
    0: "NOERROR",
    1: "FORMERR",
    2: "SERVFAIL",
    3: "NXDOMAIN",
    4: "NOTIMP",
    5: "REFUSED",
    6: "YXDOMAIN",
    7: "YXRRSET",
    8: "NXRRSET",
    9: "NOTAUTH",
    10: "NOTZONE",
    11: "DSOTYPENI",
    16: "BADSIG",
    17: "BADKEY",
    18: "BADTIME",
    19: "BADMODE",
    20: "BADNAME",
    21: "BADALG",
    22: "BADTRUNC",
    23: "BADCOOKIE",
}
"""BADVERS is 16, too, but that name stands in no message of CoreDNS's."""

OLDER_RCODES = {4: ("1.3.0", "NOTIMPL"), 11: ("1.12.2", "RCODE11")}
"""What the DNS library called some of them before a release of CoreDNS."""

OPCODES = {0: "QUERY", 1: "IQUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE"}
_TYPE_NAMES = {n: x for x, n in TYPES.items()}
_CLASS_NAMES = {n: x for x, n in CLASSES.items()}


def type_name(number: int, release: Release | None = None) -> str:
    """The mnemonic of a type as miekg/dns prints it: `A`, `TYPE65400`; 0 is `None`.

    With a `release` of CoreDNS, types that its library did not know yet are `TYPE65` and the like.

    >>> type_name(28), type_name(65400)
    ('AAAA', 'TYPE65400')
    """
    name = _TYPE_NAMES.get(number)
    if name is None or (release is not None and name in SINCE and release < SINCE[name]):
        return f"TYPE{number}"
    return name


def type_number_or_none(text: str, *, any_prefix: bool = False) -> int | None:
    """The number of a mnemonic or `TYPEn` in any case, or None. `any_prefix` takes four of any letters for TYPE."""
    number = TYPES.get(text.upper())
    if number is None and (any_prefix or text[:4].upper() == "TYPE"):
        number = to_uint(text[4:], 16)
    return number


def type_number(text: str) -> int:
    """The number of a mnemonic, in any case, or of `TYPEn`. Raises ValueError.

    >>> type_number("mx"), type_number("TYPE65")
    (15, 65)
    """
    number = type_number_or_none(text)
    if number is None:
        raise ValueError(f"unknown record type: {text!r}")
    return number


def class_name(number: int) -> str:
    """The mnemonic of a class: `IN`, `CH`, `ANY`, `CLASS7`."""
    return _CLASS_NAMES.get(number) or f"CLASS{number}"


def class_number(text: str) -> int:
    """The number of a class mnemonic, in any case, or of `CLASSn`. Raises ValueError."""
    number = CLASSES.get(text.upper())
    if number is None and text[:5].upper() == "CLASS":
        number = to_uint(text[5:], 16)
    if number is None:
        raise ValueError(f"unknown class: {text!r}")
    return number


def rcode_name(number: int, release: Release | None = None) -> str:
    """The mnemonic of an rcode as CoreDNS prints it: `NXDOMAIN`; 16 is `BADSIG`, unknown ones are `RCODE12`.

    With a `release` of CoreDNS, as its library had them.
    """
    if release is not None and number in OLDER_RCODES:
        end, name = OLDER_RCODES[number]
        if release < end:
            return name
    return RCODES.get(number) or f"RCODE{number}"


def rcode_number(text: str) -> int:
    """The number of an rcode mnemonic, in any case; `BADVERS` is 16. Raises ValueError."""
    name = text.upper()
    for number, known in RCODES.items():
        if known == name:
            return number
    if name == "BADVERS":
        return 16
    number_text = name.removeprefix("RCODE")
    if number_text.isascii() and number_text.isdigit() and int(number_text) < 4096:
        return int(number_text)
    raise ValueError(f"unknown rcode: {text!r}")


def opcode_name(number: int) -> str:
    """The mnemonic of an opcode: `QUERY`, `OPCODE3`."""
    return OPCODES.get(number) or f"OPCODE{number}"


def opcode_number(text: str) -> int:
    """The number of an opcode mnemonic, in any case. Raises ValueError."""
    name = text.upper()
    for number, known in OPCODES.items():
        if known == name:
            return number
    number_text = name.removeprefix("OPCODE")
    if number_text.isascii() and number_text.isdigit() and int(number_text) < 16:
        return int(number_text)
    raise ValueError(f"unknown opcode: {text!r}")
