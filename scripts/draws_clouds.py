"""What the differential draws of zones in clouds: `azure`, `clouddns` and `route53`.

A record set is drawn once for all clouds, as text of a master file, and then written as the API of each writes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from draws import Draw, Piece, drawer

Store = list[dict[str, Any]]
"""What is in a hosted zone: the answers of the API, each a page."""


class Zone(NamedTuple):
    """A zone of a directive. word: how the Corefile names it. key: its name among the stores. origin: its absolute
    name."""

    word: str
    key: str
    origin: str


class RecordSet(NamedTuple):
    """Records of a name and a type. values: as text of a master file."""

    name: str
    type: str
    ttl: int
    values: list[str]


LABELS = ["a", "b", "www", "*", "*.b", "*.x-a", "x-a", "ns.x-a", "_s._tcp", "", "c.d", "A-B", "d", "e.*", "q"]
LABELS += [r"a\.b", r"c\052d"]
MANY = "192.0.3."
"""How addresses of a zone with many names begin."""
TYPES = ["A", "A", "A", "AAAA", "CNAME", "CNAME", "MX", "TXT", "SRV", "NS", "PTR", "CAA", "DS", "DNAME"]

TYPES_ASKED = ("MX", "TXT", "NS", "SOA", "SRV", "CAA", "AXFR", "IXFR")


def value(draw: Draw, type: str, origin: str) -> str:
    """The data of a record."""
    near = f"{draw.choice(LABELS).replace('*', 'q')}.{origin}".lstrip(".")
    target = draw.choice([near, near, near.rstrip("."), "a.up.example.", "al.up.example", "gone.up.example.", "www"])
    texts = ['"one" "two"', f'"{"x" * 200}"', f'"{"x" * 300}"', "plain words", r'"a\"b\065\\"', '""', '"é"']
    return {
        "A": f"192.0.2.{draw.randint(1, 5)}",
        "AAAA": draw.choice(["2001:db8::1", "2001:db8::2", "::ffff:192.0.2.9", "2001:DB8:0::3"]),
        "MX": f"{draw.choice([5, 10, 65535])} {target}",
        "TXT": draw.choice(texts),
        "SRV": f"1 {draw.randint(0, 2)} 80 {target}",
        "CAA": '0 issue "ca.example"',
        "DS": "60485 13 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A",
        "SOA": "ns.cloud.example. host.cloud.example. 1 7200 900 1209600 86400",
    }.get(type, target)


def sets(draw: Draw, origin: str, types: Sequence[str] = TYPES) -> list[RecordSet]:
    """The record sets of a zone: mostly with its SOA record, one of each name and type, seldom more than fit on a
    page."""
    found = [RecordSet(origin, "SOA", 900, [value(draw, "SOA", origin)])] * draw.often(0.92)
    found += [RecordSet(origin, "NS", 172800, ["ns.cloud.example.", f"ns.{origin}"])] * draw.often(0.85)
    for label in draw.some(LABELS, 9):
        name = f"{label}.{origin}".lstrip(".")
        if draw.often(0.04):
            name = draw.choice([name.upper(), name.rstrip("."), f"{label or 'a'}.out.example.", f"x.{name}"])
        for type in draw.some(list(types), 2):
            values = dict.fromkeys(value(draw, type, origin) for _ in range(draw.choice([1, 1, 2, 3])))
            found.append(RecordSet(name, type, draw.choice([0, 5, 60, 300, 2**31 + 5]), list(values)))
    if draw.often(0.15):
        found += [RecordSet(f"n{n}.{origin}", "A", 60, [f"{MANY}{n}"]) for n in range(draw.choice([90, 110, 130]))]
    return list({(one.name, one.type): one for one in found}.values())


def pages(draw: Draw, key: str, found: Sequence[Mapping[str, Any]], size: int | None) -> Store:
    """Record sets as a few pages that have them at a key. size: how many are on a page; None where it is free."""
    size = size or max(draw.choice([3, 10, 100]), len(found) // 4)
    return [{key: found[at : at + size]} for at in range(0, len(found), size)] or [{key: []}]


def asked(zones: Sequence[Zone], found: Sequence[RecordSet]) -> list[str]:
    """Names near which questions about zones are worth asking, each with a type."""
    labels = ("none", "q.b", "q.x-a", "d", "a.b", "q.q.b", "n7", "n105", "q")
    names = [f"{label}.{zone.origin}".rstrip(".") for zone in zones for label in labels]
    for one in found:
        if not one.values[0].startswith(MANY) and "\\0" not in one.name:
            names += [one.name.replace("*", "q").rstrip(".") + f" {kind}" for kind in (one.type, "A")]
    return names


def changed(draw: Draw, zone: Zone, again: Callable[[Zone], Store]) -> dict[str, Any]:
    """What becomes of a zone: other records, none, or no zone at all."""
    return {zone.key: draw.choice([again(zone), again(zone), [], {"fault": "refused"}])}


def block(head: str, lines: Sequence[str]) -> list[str]:
    """A directive with its block, if there is anything in it."""
    return [f"{head} {{", *(f"    {line}" for line in lines), "}"] if lines else [head]


def passing(draw: Draw, zones: Sequence[str]) -> list[str]:
    """A line of `fallthrough`, or none."""
    return [f"fallthrough{draw.choice(['', *(f' {zone}' for zone in zones)])}"] * draw.often(0.45)


def missing(draw: Draw, stores: dict[str, Any]) -> dict[str, Any]:
    """The same stores, and seldom one of them without anything, or not there."""
    name = draw.choice(sorted(stores))
    if draw.often(0.06):
        stores[name] = draw.choice([[], {"fault": "refused"}])
    return stores


# -- azure -------------------------------------------------------------------------------------------------------------


def azure_data(draw: Draw, found: RecordSet) -> dict[str, Any]:
    """The properties of a record set; of a type that Azure has and CoreDNS does not take, its name alone."""

    def split(text: str) -> list[str]:
        return text.split(" ")

    values, type = found.values, found.type
    mx = [{"preference": int(x), "exchange": y} for x, y in map(split, values if type == "MX" else ())]
    srv = [
        {"priority": int(w), "weight": int(x), "port": int(y), "target": z}
        for w, x, y, z in map(split, values if type == "SRV" else ())
    ]
    texts = [["one", "two"], ["x" * 200], ["plain words"], ['a"b'], ["\\101\\"], ["é"], [""], ["x" * 300], []]
    properties: dict[str, Any] = {
        "A": {"ARecords": [{"ipv4Address": x} for x in values]},
        "AAAA": {"AAAARecords": [{"ipv6Address": x} for x in values]},
        "CNAME": {"CNAMERecord": {"cname": values[0]}},
        "MX": {"MXRecords": mx},
        "TXT": {"TXTRecords": [{"value": draw.choice(texts)} for _ in values]},
        "SRV": {"SRVRecords": srv},
        "NS": {"NSRecords": [{"nsdname": x} for x in values]},
        "PTR": {"PTRRecords": [{"ptrdname": x} for x in values]},
        "SOA": {"SOARecord": azure_soa(draw)},
    }
    held: dict[str, Any] = properties.get(type, {f"{type}Records": []})
    return held


def azure_soa(draw: Draw) -> dict[str, Any]:
    """An SOA record, whose names have dots, or none."""
    dot = draw.choice(["", ".", "."])
    numbers = ("serialNumber", "refreshTime", "retryTime", "expireTime", "minimumTTL")
    return {"host": f"ns.cloud.example{dot}", "email": f"host.cloud.example{dot}"} | dict.fromkeys(numbers, 300)


def azure_set(draw: Draw, found: RecordSet, kind: str) -> dict[str, Any]:
    """A record set as Azure's API has it; seldom an alias, which has no records. kind: of which zones, dnszones or
    privateDnsZones."""
    data = azure_data(draw, found)
    if draw.often(0.05):
        data = {key: [] if key.endswith("s") else None for key in data} | {"targetResource": {"id": "/subscriptions/s"}}
    properties = {"fqdn": found.name, "TTL": found.ttl} | data
    return {"name": "n", "type": f"Microsoft.Network/{kind}/{found.type}", "properties": properties}


def azure_zones(draw: Draw) -> list[Zone]:
    """Zones of resource groups, some of them with one name."""
    origins = {"g1": "az.example", "g2": draw.choice(["az.example", "in.az.example", "up.example", "Az.Example"])}
    groups = draw.some(sorted(origins), 2)
    words = {group: f"{group}:{origins[group]}{draw.choice(['', '', '.'])}" for group in groups}
    return [Zone(word, f"azure@{word.removesuffix('.')}", f"{origins[group]}.") for group, word in words.items()]


@drawer
def azure(draw: Draw) -> Piece:
    """Zones of Azure DNS, public and private."""
    zones, found = azure_zones(draw), list[RecordSet]()
    free = draw.release >= "1.8.1"  # before, CoreDNS reads one page, and Azure's have a hundred sets

    def store(zone: Zone) -> Store:
        out: Store = []
        for kind in draw.choice([["dnszones"], ["dnszones", "privateDnsZones"], ["privateDnsZones", "dnszones"]]):
            drawn = sets(draw, zone.origin)
            found.extend(drawn)
            out += pages(draw, "value", [azure_set(draw, x, kind) for x in drawn], None if free else 100)
        return out

    stores = missing(draw, {zone.key: store(zone) for zone in zones})
    lines = ["tenant t", "client c", "secret s", "subscription s"]
    lines += [f"environment {draw.choice(['AzurePublicCloud', 'AzureChinaCloud'])}"] * draw.often(0.1)
    access = [f"access {draw.choice(['public', 'private', 'private'])}"] * (draw.release >= "1.6.8")
    lines += passing(draw, ["az.example", "in.az.example", "."])
    draw.shuffle(lines)
    words = [zone.word for zone in zones]
    whole = block(f"azure {' '.join(words)}", [*lines, *(access if draw.often(0.5) else ())])
    if len(words) > 1 and draw.often(0.3):
        whole = [*block(f"azure {words[0]}", [*lines, *access]), f"azure {words[1]}"]
    return Piece(whole, {}, asked(zones, found), TYPES_ASKED, stores=stores)


# -- clouddns ----------------------------------------------------------------------------------------------------------


@cache
def private_key() -> str:
    """A key for an account, in PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def account(draw: Draw) -> str:
    """A file with credentials."""
    own = {"client_id": "1", "client_email": "x@p.iam.gserviceaccount.com", "private_key_id": "k", "project_id": "p"}
    own |= {"type": "service_account", "token_uri": "https://oauth2.googleapis.com/token"}
    if draw.often(0.2):
        return json.dumps(own | {"private_key": private_key()})
    return json.dumps({"type": "authorized_user", "client_id": "1", "client_secret": "s", "refresh_token": "r"})


def clouddns_set(draw: Draw, found: RecordSet) -> dict[str, Any]:
    """A record set as Google's API has it; seldom of a type that CoreDNS cannot read."""
    out = {"kind": "dns#resourceRecordSet", "name": found.name, "type": found.type, "ttl": found.ttl}
    if draw.often(0.02):  # which hides all that comes behind it
        return out | draw.choice([{"type": "ALIAS", "rrdatas": ["x."]}, {"rrdatas": [*found.values, "1 2 3"]}])
    if draw.often(0.02 if draw.release >= "1.11.0" else 0.004):  # before, this is a panic
        return out
    return out | {"rrdatas": found.values}


@drawer
def clouddns(draw: Draw) -> Piece:
    """Managed zones of Cloud DNS."""
    origins = {"z-1": "cd.example.", "z2": draw.choice(["cd.example.", "in.cd.example.", "up.example.", "Cd.Example."])}
    spelled = {origin: origin.removesuffix(draw.choice([".", ""])) for origin in origins.values()}
    chosen = draw.some(sorted(origins), 2)
    zones = [Zone(f"{spelled[origins[id]]}:p:{id}", f"clouddns@p:{id}", origins[id]) for id in chosen]
    found: list[RecordSet] = []

    def store(zone: Zone) -> Store:
        drawn = sets(draw, zone.origin)
        found.extend(drawn)
        free = draw.release >= "1.8.1"  # before, CoreDNS reads one page, which is as long as Google says
        return pages(draw, "rrsets", [clouddns_set(draw, x) for x in drawn], None if free else 1000)

    stores = missing(draw, {zone.key: store(zone) for zone in zones})
    lines = passing(draw, ["cd.example", "in.cd.example", "."]) + ["upstream"] * draw.often(0.1)
    named = draw.often(0.6)
    env = {} if named else {"GOOGLE_APPLICATION_CREDENTIALS": "account.json"}
    lines += ["credentials account.json"] * named
    words = [zone.word for zone in zones]
    whole = block(f"clouddns {' '.join(words)}", lines)
    if len(words) > 1 and draw.often(0.3):
        whole = [line for word in words for line in block(f"clouddns {word}", lines)]
    names = asked(zones, found)
    return Piece(whole, {"account.json": account(draw)}, names, TYPES_ASKED, stores=stores, env=env)


# -- route53 -----------------------------------------------------------------------------------------------------------


def route53_set(draw: Draw, found: RecordSet) -> list[dict[str, Any]]:
    """A record set as AWS's API has it: an alias, or several with weights, or with an escape that CoreDNS does not
    know."""
    name = found.name.replace("*", "\\052") if draw.often(0.97) else found.name.replace("_", "\\137")
    out: dict[str, Any] = {"Name": name, "Type": found.type}
    values = [draw.choice(["192.0.2.300", "\\052"]) if draw.often(0.01) else x for x in found.values]
    records = [{"Value": x} for x in values]
    if draw.often(0.05):
        return [out | {"AliasTarget": {"HostedZoneId": "Z9", "DNSName": "lb.example.", "EvaluateTargetHealth": False}}]
    if draw.often(0.1) and len(records) > 1:
        own = enumerate(records)
        return [out | {"SetIdentifier": f"s{n}", "Weight": n, "TTL": found.ttl, "ResourceRecords": [x]} for n, x in own]
    return [out | {"TTL": found.ttl, "ResourceRecords": records}]


@drawer
def route53(draw: Draw) -> Piece:
    """Hosted zones of Route 53, fetched again where the release can be told to do so at once."""
    origins = {
        "Z1": "aws.example.",
        "Z2": draw.choice(["aws.example.", "in.aws.example.", "up.example.", "Aws.Example."]),
    }
    zones = [
        Zone(f"{origins[id].removesuffix('.' * draw.often(0.03))}:{id}", f"route53@{id}", origins[id])
        for id in draw.some(sorted(origins), 2)
    ]
    found: list[RecordSet] = []
    fetched_again = draw.release >= "1.6.2" and draw.often(0.3)
    # Where records are fetched while CoreDNS follows a name that grows in itself, it waits for itself for ever.
    types = [type for type in TYPES if type != "DNAME" or not fetched_again]

    def store(zone: Zone) -> Store:
        drawn = sets(draw, zone.origin, types)
        found.extend(drawn)
        return pages(draw, "ResourceRecordSets", [one for x in drawn for one in route53_set(draw, x)], None)

    stores = missing(draw, {zone.key: store(zone) for zone in zones})
    changes: dict[str, Any] = {}
    lines = passing(draw, ["aws.example.", "in.aws.example", "."])
    if fetched_again:
        lines.append("refresh 250ms")
        changes = changed(draw, draw.choice(zones), store)
    if "1.8.7" <= draw.release < "1.12.3" and draw.often(0.2):
        lines.append(f"aws_endpoint http://127.0.0.1:{draw.ports.stores['clouds']}")
    env = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1"}
    words = [zone.word for zone in zones]
    whole = block(f"route53 {' '.join(words)}", lines)
    if len(words) > 1 and draw.often(0.3):
        whole = [line for word in words for line in block(f"route53 {word}", lines)]
    names = asked(zones, found)
    return Piece(whole, {}, names, TYPES_ASKED, stores=stores, store_changes=changes, env=env)
