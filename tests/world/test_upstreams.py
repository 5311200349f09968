"""Upstreams: what is taken, and what is said at once of what is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from corefile import Fault, World
from corefile.world.upstreams import checked, ip_of, looks_like_corefile


def test_faults_compare_and_read_as_they_are_written() -> None:
    faults = [Fault.timeout(), Fault.refused(), Fault.unreachable(), Fault.truncated(), Fault.rcode("nxdomain")]
    assert [repr(f) for f in faults] == [
        "Fault.timeout()",
        "Fault.refused()",
        "Fault.unreachable()",
        "Fault.truncated()",
        "Fault.rcode('NXDOMAIN')",
    ]
    assert Fault("timeout") == Fault.timeout() != Fault.refused()
    assert len({Fault.rcode("REFUSED"), Fault("rcode", "refused")}) == 1
    with pytest.raises(ValueError, match="there is no fault 'timout': did you mean 'timeout'"):
        Fault("timout")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"there is no response code 'NOEROR' \(such as SERVFAIL\)"):
        Fault.rcode("NOEROR")


@pytest.mark.parametrize(
    ("where", "upstream", "words"),
    [
        ("dns.google", "", "upstream dns.google: an IP address is needed, such as 10.0.0.53 or [fd00::1]:5353"),
        ("10.0.0.1:99999", "", "upstream 10.0.0.1:99999: an IP address is needed"),
        ("10.0.0.1", "hello world", "upstream 10.0.0.1: not records of a zone file, line 1: "),
        ("10.0.0.1", "timeout", "line 1: not a TTL: 'timeout'; a fault is given as Fault('timeout')"),
        ("10.0.0.1", "corp.zone", "line 1: not a TTL: 'corp.zone'; a path is given as pathlib.Path('corp.zone')"),
        (
            "10.0.0.1",
            5,
            "upstream 10.0.0.1: zone text, a pathlib.Path, a mapping with corefile, fault, rcode or istio, ",
        ),
        ("10.0.0.1", True, "or a function is needed, not True"),
        ("10.0.0.1", b"a. 1 IN A 10.0.0.1", "or a function is needed, not b'a. 1 IN A 10.0.0.1'"),
        ("10.0.0.1", {}, "one of corefile, fault, rcode or istio is needed, not none"),
        ("10.0.0.1", {"corfile": ""}, "is needed, not corfile: did you mean 'corefile'?"),
        ("10.0.0.1", {"files": [1]}, "one of corefile, fault, rcode or istio is needed, not files"),
        ("10.0.0.1", {"corefile": 5}, "upstream 10.0.0.1: a corefile is text, not 5"),
        ("10.0.0.1", {"corefile": "", "file": {}}, "'file' does not go with corefile: did you mean 'files'?"),
        ("10.0.0.1", {"corefile": "", "files": [1]}, "files are a mapping from path to text, not [1]"),
        ("10.0.0.1", {"corefile": "", "coredns": "9.9.9"}, "CoreDNS has no release 9.9.9"),
        ("10.0.0.1", {"fault": "slow"}, "upstream 10.0.0.1: there is no fault 'slow' (one of timeout, "),
        (
            "10.0.0.1",
            {"fault": "timeout", "rcode": "NXDOMAIN"},
            "one of corefile, fault, rcode or istio is needed, not",
        ),
        ("10.0.0.1", {"rcode": "NOEROR"}, "upstream 10.0.0.1: there is no response code 'NOEROR'"),
    ],
)
def test_what_makes_no_sense_is_said_at_once_with_its_address(where: str, upstream: Any, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        World(upstreams={where: upstream})


def test_upstreams_are_a_mapping() -> None:
    with pytest.raises(TypeError, match="upstreams are a mapping from address to what answers there"):
        checked(["10.0.0.1"])  # type: ignore[arg-type]


def test_a_file_is_a_zone_a_corefile_or_a_configmap(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("a.example. 60 IN A 10.0.0.1\n", encoding="utf-8")
    (tmp_path / "Corefile").write_text(".:53 {\n    hosts names\n}\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        "kind: ConfigMap\ndata:\n  names: 10.0.0.3 a.example\n  Corefile: |\n    .:53 {\n        hosts names\n    }\n",
        encoding="utf-8",
    )
    (tmp_path / "names").write_text("10.0.0.2 a.example\n", encoding="utf-8")
    from corefile import loads

    for name, address in (("zone", "10.0.0.1"), ("Corefile", "10.0.0.2"), ("map.yaml", "10.0.0.3")):
        world = World(upstreams={"10.0.0.53": tmp_path / name})
        reply = loads(".:53 {\n forward . 10.0.0.53\n}\n", world=world).query("a.example")
        assert [rr.data for rr in reply.answer] == [(address,)], name
    with pytest.raises(OSError, match="gone"):
        World(upstreams={"10.0.0.53": tmp_path / "gone"})


def test_a_function_that_gives_no_message() -> None:
    from corefile import loads

    server = loads(
        ".:53 {\n forward . 10.0.0.53\n}\n", world=World(upstreams={"10.0.0.53": lambda message: "10.0.0.1"})
    )
    with pytest.raises(TypeError, match=r"upstream 10\.0\.0\.53:53: its function gave '10\.0\.0\.1'"):
        server.query("a.example")


@pytest.mark.parametrize(
    ("text", "ip"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.1:53", "10.0.0.1"),
        ("fd00::1", "fd00::1"),
        ("[fd00::1]", "fd00::1"),
        ("[fd00::1]:53", "fd00::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("", None),
        ("dns", None),
        ("10.0.0", None),
        ("10.0.0.256", None),
        ("[fd00::1", None),
        ("10.0.0.1:x", None),
        ("10.0.0.1:70000", None),
    ],
)
def test_addresses(text: str, ip: str | None) -> None:
    assert ip_of(text) == ip


@pytest.mark.parametrize(
    ("text", "corefile"),
    [
        (". {\n    whoami\n}\n", True),
        ("# ours\n\n.:53 {\n}", True),
        ("(snippet) {\r\n}\r\n", True),
        ("kind: ConfigMap\n", True),
        ("example.org. 300 IN A 10.0.0.1\n", False),
        ('x.example.org. 300 IN TXT "a {"\n', False),
        ("; . {\nexample.org. 300 IN A 10.0.0.1\n", False),
        ("@ IN SOA ns h (\n 1 2 3 4 5 )\n", False),
    ],
)
def test_corefiles_are_told_from_zone_files(text: str, corefile: bool) -> None:
    assert looks_like_corefile(text) is corefile
