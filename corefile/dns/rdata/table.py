"""The fields of each record type."""

from __future__ import annotations

from ..codes import TYPES, type_name

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
A          t A:ipv4
NS         t Ns:cname
MD         g Md:cname
MF         g Mf:cname
CNAME      t Target:cname
SOA        t Ns:cname Mbox:cname zone_parameter:u32 zone_parameter:seconds zone_parameter:seconds
             zone_parameter:seconds zone_parameter:seconds
MB         g Mb:cname
MG         g Mg:cname
MR         g Mr:cname
NULL       g -:generic
PTR        t Ptr:cname
HINFO      t Fields:two
MINFO      g Rmail:cname Email:cname
MX         t Pref:u16 Mx:cname
TXT        t Txt:strings
RP         t Mbox:name Txt:name
AFSDB      t Subtype:u16 Hostname:name
X25        t PSDNAddress:word
ISDN       t Fields:two
RT         t Preference:u16 Host:name
NSAP-PTR   i Ptr:name
SIG        t =RRSIG
KEY        t Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
PX         i Preference:u16 Map822:name Mapx400:name
GPOS       t Longitude:float Latitude:float Altitude:float
AAAA       i AAAA:ipv6
LOC        t *
NXT        g =NSEC
EID        n Endpoint:hex
NIMLOC     n Locator:hex
SRV        i Priority:u16 Weight:u16 Port:u16 Target:name
NAPTR      i Order:u16 Preference:u16 Flags:quoted Service:quoted Regexp:quoted Replacement:name
KX         i Pref:u16 Exchanger:name
CERT       t Type:certtype KeyTag:u16 Algorithm:certalg Certificate:base64
DNAME      t Target:name
OPT        t -:generic
APL        i -:prefixes
DS         t KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
SSHFP      t Algorithm:u8 Type:u8 _ Fingerprint:hex
IPSECKEY   i *
RRSIG      t Typecovered:type Algorithm:algorithm= Labels:u8 OrigTtl:u32 Expiration:time Inception:time
             KeyTag:u16 SignerName:name Signature:base64
NSEC       t NextDomain:name TypeBitMap:bitmap
DNSKEY     t Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
DHCID      i Digest:base64
NSEC3      t Hash:u8 Flags:u8 Iterations:u16 Salt:salt! NextDomain:hashed TypeBitMap:bitmap
NSEC3PARAM t Hash:u8 Flags:u8 Iterations:u16 Salt:salt
TLSA       t Usage:u8 Selector:u8 MatchingType:u8 Certificate:hex
SMIMEA     t Usage:u8 Selector:u8 MatchingType:u8 Certificate:hex
HIP        t *
NINFO      t ZSData:strings
RKEY       n Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
TALINK     n PreviousName:name NextName:name
CDS        t KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
CDNSKEY    t Flags:u16 Protocol:u8 Algorithm:u8 PublicKey:base64
OPENPGPKEY t PublicKey:base64-
CSYNC      t serial:u32 flags:u16 TypeBitMap:bitmap
ZONEMD     t Serial:u32 Scheme:u8 Hash_Algorithm:u8 Digest:hex
SVCB       i priority:u16 Target:name -:params
HTTPS      i =SVCB
SPF        t Txt:strings
UINFO      n Uinfo:first
UID        n Uid:u32
GID        n Gid:u32
NID        t Preference:u16 NodeID:nodeid
L32        t Preference:u16 Locator:ipv4
L64        t Preference:u16 Locator64:nodeid
LP         t Preference:u16 Fqdn:name
EUI48      t Address:eui48
EUI64      t Address:eui64
NXNAME     g
TKEY       t Algorithm:name Inception:u32 Expiration:u32 Mode:u16 Error:u16 Key:counted OtherData:counted
TSIG       t Algorithm:name TimeSigned:u48 Fudge:u16 MAC:counted OrigId:u16 Error:u16 OtherData:counted
URI        t Priority:u16 Weight:u16 _ Target:long
CAA        t Flag:u8 Tag:bare _ Value:long
AVC        t Txt:strings
AMTRELAY   t *
RESINFO    t Resinfo:strings
TA         g KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
DLV        t KeyTag:u16 Algorithm:algorithm DigestType:u8 Digest:hex
"""

PLACES = {
    "SOA": "Ns Mbox Serial Refresh Retry Expire Minttl",
    "NULL": "Data",
    "HINFO": "Cpu Os",
    "MX": "Preference Mx",
    "ISDN": "Address SubAddress",
    "KX": "Preference Exchanger",
    "OPT": "Option",
    "APL": "Prefixes",
    "SSHFP": "Algorithm Type FingerPrint",
    "SIG": "TypeCovered Algorithm Labels OrigTtl Expiration Inception KeyTag SignerName Signature",
    "RRSIG": "TypeCovered Algorithm Labels OrigTtl Expiration Inception KeyTag SignerName Signature",
    "NSEC3": "Hash Flags Iterations SaltLength HashLength TypeBitMap",
    "NSEC3PARAM": "Hash Flags Iterations SaltLength",
    "CSYNC": "Serial Flags TypeBitMap",
    "ZONEMD": "Serial Scheme Hash Digest",
    "SVCB": "Priority Target Value",
    "HTTPS": "Priority Target Value",
    "L32": "Preference Locator32",
    "TKEY": "Algorithm Inception Expiration Mode Error KeySize OtherLen",
    "TSIG": "Algorithm TimeSigned Fudge MACSize OrigId Error OtherLen",
}
"""How the library names the fields of a type where it reads octets, unless it is as above."""

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
"""Names that dnspython has for numbers that have none in CoreDNS's DNS library, or another."""

Line = tuple[int, str, str]


def _read() -> dict[str, Line]:
    lines = {}
    for line in TABLE.strip().replace("\n ", " ").split("\n"):
        name, form, *fields = line.split(None, 2)
        lines[name] = (TYPES[name], form, fields[0] if fields else "")
    return lines


LINES: dict[str, Line] = _read()
"""By mnemonic: number, form and fields."""

_NAMELESS = frozenset([line[0] for line in LINES.values() if line[1] == "n"])


def dnspython_type(number: int) -> str:
    """The mnemonic of a type as dnspython prints it, in records and in type bitmaps."""
    if number in _NAMELESS:
        return f"TYPE{number}"
    return DNSPYTHON_TYPES.get(number) or type_name(number)
