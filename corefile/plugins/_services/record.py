"""What a directory of services has under a name (plugin/etcd/msg)."""

from __future__ import annotations

from ...dns.names import next_label
from ...light import NamedTuple
from ...plugin import count_labels, dns, parse_ip


class ServiceRecord(NamedTuple):
    """One address, or one name, that a service stands for (CoreDNS's msg.Service).

    host: an IP address as DNS writes it, or a name. port: -1 where the service declares none. name: the domain name of
    the record itself, with its trailing dot; SRV, MX and NS records of an address point to it. type: A, AAAA, or CNAME
    for what is no address (see `host_type`). ttl: seconds. strip: how many labels SRV, MX and NS
    records leave off the name that they point to. priority: of SRV, or the preference of MX. weight: of SRV among the
    records of one priority; 0 stands for 100. text: of TXT. mail: whether it is an MX record, too. group: see
    `of_one_group`.
    """

    host: str
    port: int
    name: str
    type: int
    ttl: int
    strip: int = 0
    priority: int = 0
    weight: int = 0
    text: str = ""
    mail: bool = False
    group: str = ""


def host_type(text: str) -> tuple[int, str]:
    """A or AAAA and the address as DNS writes it, or CNAME and the text where it is none (msg.Service.HostType).

    >>> host_type("10.0.0.1"), host_type("FD00::0:1"), host_type("web.example")
    ((1, '10.0.0.1'), (28, 'fd00::1'), (5, 'web.example'))
    """
    found = parse_ip(text)
    if found is None:
        return dns.CNAME, text
    return dns.A if found[0] == 4 else dns.AAAA, found[1]


def stripped(name: str, count: int) -> str:
    """`name` without its first `count` labels, or as it is where it has no more."""
    offset = 0
    for _ in range(count):
        offset = next_label(name, offset)
        if offset < 0:
            return name
    return name[offset:]


def of_one_group(records: list[ServiceRecord]) -> list[ServiceRecord]:
    """Those of the group that the record with the shortest name names, and those without a group; all of them where two
    of the shortest names disagree, or where there is no such group (msg.Group)."""
    if not records:
        return records
    group, shortest = records[0].group, count_labels(records[0].name)
    depths = [0] * len(records)
    for i, record in enumerate(records):
        depths[i] = count_labels(record.name)
        if depths[i] < shortest:
            if not record.group:
                break
            shortest, group = depths[i], record.group
    if not group:
        return records
    out = []
    for record, depth in zip(records, depths, strict=True):
        if record.group in ("", group):
            out.append(record)
        elif depth == shortest:
            return records
    return out


__all__ = ["ServiceRecord", "host_type", "of_one_group", "stripped"]
