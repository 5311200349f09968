"""The record types, and the names of types, classes, rcodes and opcodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tokens import to_uint

if TYPE_CHECKING:
    from ...releases import Release

ALGORITHMS = {
    "RSAMD5": 1,
    "DH": 2,
    "DSA": 3,
    "RSASHA1": 5,
    "DSA-NSEC3-SHA1": 6,
    "RSASHA1-NSEC3-SHA1": 7,
    "RSASHA256": 8,
    "RSASHA512": 10,
    "ECC-GOST": 12,
    "ECDSAP256SHA256": 13,
    "ECDSAP384SHA384": 14,
    "ED25519": 15,
    "ED448": 16,
    "INDIRECT": 252,
    "PRIVATEDNS": 253,
    "PRIVATEOID": 254,
}
ALGORITHM_NAMES = {n: x.replace("-", "") for x, n in ALGORITHMS.items()} | {4: "ECC", 18: "MLDSA44"}
CERT_TYPES = {
    1: "PKIX",
    2: "SPKI",
    3: "PGP",
    4: "IPIX",
    5: "ISPKI",
    6: "IPGP",
    7: "ACPKIX",
    8: "IACPKIX",
    253: "URI",
    254: "OID",
}

# `_` stands for a token that the library skips before a field that takes the rest; it always skips one between others.
TABLE = """
A          1     t A:ipv4
NS         2     t Ns:cname
MD         3     g Md:cname
MF         4     g Mf:cname
CNAME      5     t Target:cname
SOA        6     t Ns:cname Mbox:cname zone_parameter:u32 zone_parameter:duration zone_parameter:duration
                 zone_parameter:duration zone_parameter:duration
MB         7     g Mb:cname
MG         8     g Mg:cname
MR         9     g Mr:cname
NULL       10    g -:generic
PTR        12    t Ptr:cname
HINFO      13    t Fields:two
MINFO      14    g Rmail:cname Email:cname
MX         15    t Pref:u16 Mx:cname
TXT        16    t Txt:strings
RP         17    t Mbox:name Txt:name
AFSDB      18    t Subtype:u16 Hostname:name
X25        19    t PSDNAddress:word
ISDN       20    t Fields:two
RT         21    t Preference:u16 Host:name
NSAP-PTR   23    i Ptr:name
SIG        24    t =RRSIG
KEY        25    t Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
PX         26    i Preference:u16 Map822:name Mapx400:name
GPOS       27    t Longitude:float Latitude:float Altitude:float
AAAA       28    i AAAA:ipv6
LOC        29    t *
NXT        30    g =NSEC
EID        31    n Endpoint:hex
NIMLOC     32    n Locator:hex
SRV        33    i Priority:u16 Weight:u16 Port:u16 Target:name
NAPTR      35    i Order:u16 Preference:u16 Flags:quoted Service:quoted Regexp:quoted Replacement:name
KX         36    i Pref:u16 Exchanger:name
CERT       37    t Type:certtype KeyTag:u16 Algorithm:certalg Certificate:base64
DNAME      39    t Target:name
OPT        41    t -:generic
APL        42    i -:prefixes
DS         43    t KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
SSHFP      44    t Algorithm:u8 Type:u8 _ Fingerprint:hex
IPSECKEY   45    i *
RRSIG      46    t Typecovered:type Algorithm:algorithm= Labels:u8 OrigTtl:u32 Expiration:time Inception:time
                 KeyTag:u16 SignerName:name Signature:base64
NSEC       47    t NextDomain:name TypeBitMap:bitmap
DNSKEY     48    t Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
DHCID      49    i Digest:base64
NSEC3      50    t Hash:u8 Flags:u8 Iterations:u16 Salt:salt! NextDomain:hashed TypeBitMap:bitmap
NSEC3PARAM 51    t Hash:u8 Flags:u8 Iterations:u16 Salt:salt
TLSA       52    t Usage:u8 Selector:u8 MatchingType:u8 Certificate:hex
SMIMEA     53    t Usage:u8 Selector:u8 MatchingType:u8 Certificate:hex
HIP        55    t *
NINFO      56    t ZSData:strings
RKEY       57    n Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
TALINK     58    n PreviousName:name NextName:name
CDS        59    t KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
CDNSKEY    60    t Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
OPENPGPKEY 61    t PublicKey:base64-
CSYNC      62    t serial:u32 flags:u16 TypeBitMap:bitmap
ZONEMD     63    t Serial:u32 Scheme:u8 Hash_Algorithm:u8 Digest:hex
SVCB       64    i priority:u16 Target:name -:params
HTTPS      65    i =SVCB
SPF        99    t Txt:strings
UINFO      100   n Uinfo:first
UID        101   n Uid:u32
GID        102   n Gid:u32
NID        104   t Preference:u16 NodeID:nodeid
L32        105   t Preference:u16 Locator:ipv4
L64        106   t Preference:u16 Locator64:nodeid
LP         107   t Preference:u16 Fqdn:name
EUI48      108   t Address:eui48
EUI64      109   t Address:eui64
NXNAME     128   g
TKEY       249   t Algorithm:name Inception:u32 Expiration:u32 Mode:u16 Error:u16 Key:counted OtherData:counted
TSIG       250   t Algorithm:name TimeSigned:u48 Fudge:u16 MAC:counted OrigId:u16 Error:u16 OtherData:counted
URI        256   t Priority:u16 Weight:u16 _ Target:octets
CAA        257   t Flag:u8 Tag:bare _ Value:octets
AVC        258   t Txt:strings
AMTRELAY   260   t *
RESINFO    261   t Resinfo:strings
TA         32768 g KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
DLV        32769 t KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
"""

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

# Mnemonics without a record of their own.
_OTHER_NAMES = {
    0: "None",
    34: "ATMA",
    103: "UNSPEC",
    251: "IXFR",
    252: "AXFR",
    253: "MAILB",
    254: "MAILA",
    255: "ANY",
    65535: "Reserved",
}
DNSPYTHON_TYPES = {
    0: "TYPE0",
    11: "WKS",
    22: "NSAP",
    34: "TYPE34",
    38: "A6",
    66: "DSYNC",
    67: "HHIT",
    68: "BRID",
    262: "WALLET",
    65535: "TYPE65535",
}

Line = tuple[int, str, str]


def _read() -> dict[str, Line]:
    lines = {}
    for line in TABLE.strip().replace("\n ", " ").split("\n"):
        name, number, form, *fields = line.split(None, 3)
        lines[name] = (int(number), form, fields[0] if fields else "")
    return lines


LINES: dict[str, Line] = _read()
"""By mnemonic: number, form and fields."""

TYPES: dict[str, int] = {name: line[0] for name, line in LINES.items()} | {x: n for n, x in _OTHER_NAMES.items()}
_NAMELESS = frozenset([line[0] for line in LINES.values() if line[1] == "n"])
CLASSES: dict[str, int] = {"IN": 1, "CS": 2, "CH": 3, "HS": 4, "NONE": 254, "ANY": 255}
_TYPE_NAMES = {n: x for x, n in TYPES.items()}
_CLASS_NAMES = {n: x for x, n in CLASSES.items()}
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
_OPCODES = {0: "QUERY", 1: "IQUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE"}


# -- names of numbers -------------------------------------------------------------------------------------------------


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


def dnspython_type(number: int) -> str:
    """The mnemonic of a type as dnspython prints it, in records and in type bitmaps."""
    if number in _NAMELESS:
        return f"TYPE{number}"
    return DNSPYTHON_TYPES.get(number) or type_name(number)


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


def rcode_name(number: int) -> str:
    """The mnemonic of an rcode as CoreDNS prints it: `NXDOMAIN`; 16 is `BADSIG`, unknown ones are `RCODE12`."""
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
    return _OPCODES.get(number) or f"OPCODE{number}"


def opcode_number(text: str) -> int:
    """The number of an opcode mnemonic, in any case. Raises ValueError."""
    name = text.upper()
    for number, known in _OPCODES.items():
        if known == name:
            return number
    number_text = name.removeprefix("OPCODE")
    if number_text.isascii() and number_text.isdigit() and int(number_text) < 16:
        return int(number_text)
    raise ValueError(f"unknown opcode: {text!r}")
