"""A writer of small MaxMind databases (https://maxmind.github.io/MaxMind-DB/, version 2.0), for tests of `geoip`."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

MARKER = b"\xab\xcd\xefMaxMind.com"
UINT16, UINT32, INT32, UINT64, UINT128, ARRAY, BOOL, FLOAT32 = 5, 6, 8, 9, 10, 11, 14, 15


class Float32(float):
    """A number of four octets."""


def _control(kind: int, size: int) -> bytes:
    extended = b"" if kind < 8 else bytes([kind - 7])
    kind = kind if kind < 8 else 0
    if size < 29:
        return bytes([kind << 5 | size]) + extended
    if size < 285:
        return bytes([kind << 5 | 29]) + extended + bytes([size - 29])
    return bytes([kind << 5 | 30]) + extended + struct.pack(">H", size - 285)


def encode(value: Any) -> bytes:
    """A value as the data section has it. Whole numbers are unsigned unless they are negative."""
    if isinstance(value, bool):
        return _control(BOOL, int(value))
    if isinstance(value, str):
        octets = value.encode()
        return _control(2, len(octets)) + octets
    if isinstance(value, Float32):
        return _control(FLOAT32, 4) + struct.pack(">f", value)
    if isinstance(value, float):
        return _control(3, 8) + struct.pack(">d", value)
    if isinstance(value, bytes):
        return _control(4, len(value)) + value
    if isinstance(value, int):
        if value < 0:
            return _control(INT32, 4) + struct.pack(">i", value)
        octets = value.to_bytes((value.bit_length() + 7) // 8, "big")
        kind = next(k for k, size in ((UINT16, 2), (UINT32, 4), (UINT64, 8), (UINT128, 16)) if len(octets) <= size)
        return _control(kind, len(octets)) + octets
    if isinstance(value, Mapping):
        return _control(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    return _control(ARRAY, len(value)) + b"".join(map(encode, value))


def database(
    records: Mapping[str, Any], kind: str = "GeoLite2-City", version: int = 6, mapped: bool = True, **metadata: Any
) -> bytes:
    """A database of records by network. mapped: whether ::ffff:0:0/96 stands for the addresses of IPv4, too."""
    tree: list[list[Any]] = [[None, None]]
    data = b""
    ends = []
    bits = 128 if version == 6 else 32
    for text, record in records.items():
        network = ip_network(text)
        length = network.prefixlen + (96 if version == 6 and network.version == 4 else 0)
        ends.append((int(network.network_address), length))
        node = 0
        for at in range(length - 1):
            bit = ends[-1][0] >> (bits - 1 - at) & 1
            if not isinstance(tree[node][bit], int):
                tree.append([None, None])
                tree[node][bit] = len(tree) - 1
            node = tree[node][bit]
        tree[node][ends[-1][0] >> (bits - length) & 1] = ("data", len(data))
        data += encode(record)
    if version == 6 and mapped:
        _alias(tree)
    count = len(tree)

    def octets(branch: Any) -> bytes:
        value = count if branch is None else branch if isinstance(branch, int) else count + 16 + branch[1]
        return int(value).to_bytes(4, "big")

    about = {
        "node_count": count,
        "record_size": 32,
        "ip_version": version,
        "database_type": kind,
        "languages": ["en"],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1767225600,
        "description": {"en": "for tests"},
        **metadata,
    }
    nodes = b"".join(octets(left) + octets(right) for left, right in tree)
    return nodes + bytes(16) + data + MARKER + encode(about)


def _alias(tree: list[list[Any]]) -> None:
    node: Any = 0
    for _ in range(96):
        node = tree[node][0]
        if not isinstance(node, int):
            return
    at = 0
    for number in range(95):
        bit = int(number >= 80)
        if not isinstance(tree[at][bit], int):
            tree.append([None, None])
            tree[at][bit] = len(tree) - 1
        at = tree[at][bit]
    tree[at][1] = node


CITY = {
    "city": {"geoname_id": 2653941, "names": {"en": "Cambridge", "de": "Cambridge"}},
    "continent": {"code": "EU", "geoname_id": 6255148, "names": {"en": "Europe"}},
    "country": {
        "geoname_id": 2635167,
        "is_in_european_union": False,
        "iso_code": "GB",
        "names": {"en": "United Kingdom", "de": "Vereinigtes Königreich"},
    },
    "location": {"accuracy_radius": 20, "latitude": 52.2242, "longitude": 0.1315, "time_zone": "Europe/London"},
    "postal": {"code": "CB4"},
    "subdivisions": [{"iso_code": "ENG", "names": {"en": "England"}}, {"iso_code": "CAM"}],
}
"""A record with all that `geoip` reads."""
