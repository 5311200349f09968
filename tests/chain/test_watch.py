"""The watch on the Corefile: when a changed one is taken up, what is logged, and what stays where it is broken."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from corefile.api import Server, load, loads
from corefile.findings import Source
from corefile.language.expand import DictFiles
from corefile.testing.certificates import NAMED
from corefile.world import World

HASH = (
    "07172be8f757ea569b880384f50c974ebc4b5954935a710fdabab0da301213149b0309d569179bb45b3c15a627ecf59e797926d7ad9311"
    "135f2b4461ecebf3d9"
)
FAILED = "[ERROR] plugin/reload: Corefile changed but reload failed"
SECOND = """.:53 {
    errors
    prometheus :9153
    health
    ready
    log
    hosts {
        192.0.2.2 a.house.example
    }
}
"""
"""As recorded: the real CoreDNS's checksum of it is HASH, and MD5 db662209a7a8aae483ba7e74411a4198."""


def serving(corefile: str, release: str = "1.14.7", choose: Any = None, **files: str) -> Server:
    world = World(files=DictFiles({"Corefile": corefile, **files}), choose=choose)
    return loads(Source("Corefile", corefile), release=release, world=world)


def write(server: Server, text: str, name: str = "Corefile") -> None:
    server.world.files.write(name, text)  # type: ignore[attr-defined]


def advance(server: Server, seconds: float) -> list[str]:
    """The lines of that time."""
    server.advance(seconds)
    return server.process.instance.take_log()


def block(text: str = "whoami", reload: str = "reload 2s 0") -> str:
    return f".:53 {{\n{reload}\nprometheus :9153\nhealth\n{text}\n}}\n"


PLAIN = ".:5311 {\n reload 2s 1s\n whoami\n}\n"
LOCAL = PLAIN.replace("whoami", "bind 127.0.0.1\n whoami")
IN_USE = "listen tcp 127.0.0.1:5311: bind: address already in use"


@pytest.mark.parametrize(
    ("new", "release", "refused"),
    [
        (LOCAL, "1.2.2", IN_USE),
        (LOCAL, "1.2.3", None),
        ("tls://" + LOCAL, "1.2.3", IN_USE),
        (PLAIN + "tls://a:5311 {\n bind 127.0.0.1\n whoami\n}\n", "1.2.2", IN_USE),
        ("tls://" + LOCAL, "1.6.6", None),
        (PLAIN + "b:5311 {\n whoami\n}\n", "1.2.2", None),
    ],
)
def test_a_new_server_needs_a_port_that_the_old_one_has_until_the_reload_is_over(
    new: str, release: str, refused: str | None
) -> None:
    """Servers with the address of an old one take over its socket; the others find it in the way where ports are not shared."""
    server = serving(PLAIN, release)
    write(server, new)
    assert advance(server, 4)[-1] == (f"{FAILED}: {refused}" if refused else "[INFO] Reloading complete")


def test_the_ports_of_the_old_servers_are_free_after_the_reload() -> None:
    server = serving(PLAIN, "1.2.2")
    for text in (PLAIN.replace("5311", "5312"), LOCAL, LOCAL.replace("127.0.0.1", "127.0.0.2")):
        write(server, text)
        assert advance(server, 4)[-1] == "[INFO] Reloading complete"


def test_a_corefile_of_a_configmap_stays_the_file_that_it_is_mounted_as(tmp_path: Path) -> None:
    """The kind: where the next one is read, however many have been taken up."""
    text = "kind: ConfigMap\ndata:\n  Corefile: |\n    .:53 {\n        reload 2s 0\n        whoami\n    }\n"
    (tmp_path / "coredns.yaml").write_text(text, "utf-8")
    server = load(str(tmp_path / "coredns.yaml"))
    for number in range(3):
        server.world.write("Corefile", block(f"whoami\n# {number}\nbufsize {1200 + number}"))
        assert [line for line in advance(server, 8) if "Reloading" in line or "ERROR" in line] == [
            "[INFO] Reloading",
            "[INFO] Reloading complete",
        ]


def test_a_change_is_taken_up_after_the_interval() -> None:
    server = serving(block())
    write(server, SECOND)
    assert advance(server, 1.9) == []
    assert advance(server, 0.1) == [
        "[INFO] Reloading",
        f"[INFO] plugin/reload: Running configuration SHA512 = {HASH}",
        "[INFO] Reloading complete",
    ]
    assert [h.name for h in server.process.instance.sites[0].handlers if h.name == "log"] == ["log"]
    assert server.samples(["coredns_reload_failed_total", "coredns_reload_version_info"]) == [
        "coredns_reload_failed_total 0",
        f'coredns_reload_version_info{{hash="sha512",value="{HASH}"}} 1',
    ]


def test_a_reload_that_is_gone_from_the_new_corefile_goes_on() -> None:
    server = serving(block())
    write(server, SECOND)
    advance(server, 2)
    write(server, block())
    assert advance(server, 2)[0] == "[INFO] Reloading"


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.9.0", "[INFO] plugin/reload: Running configuration MD5 = db662209a7a8aae483ba7e74411a4198"),
        ("1.2.2", "[INFO] plugin/reload: Running configuration MD5 = 9a3c47bd2879a56ceb92f5b7fa7c9d60"),
    ],
)
def test_checksums_of_other_releases(release: str, line: str) -> None:
    server = serving(block(reload="reload 2s 1s"), release)
    legacy = ".:53 {\n    errors\n    reload 2s 1s\n    proxy . 127.0.0.54\n}\n"
    write(server, SECOND if release == "1.9.0" else legacy)
    assert line in advance(server, 2)


def test_what_does_not_count_as_a_change() -> None:
    server = serving(block())
    write(server, block().replace("whoami", "whoami # x"))
    assert advance(server, 10) == []
    old = serving(block(reload="reload 2s 1s"), "1.6.0")
    write(old, block(reload="reload 2s 1s").replace("whoami", "whoami # x"))
    assert advance(old, 2)[0] == "[INFO] Reloading"


def test_a_changed_import() -> None:
    server = serving(block("import part"), part="whoami\n")
    write(server, "whoami\nlog\n", "part")
    assert advance(server, 2)[0] == "[INFO] Reloading"


def test_a_broken_corefile_is_refused_once() -> None:
    server = serving(block())
    write(server, block("whoami\nnonsense"))
    refused = "Corefile:6 - Error during parsing: Unknown directive 'nonsense'"
    assert advance(server, 6) == [
        "[INFO] Reloading",
        f"[ERROR] Restart failed: {refused}",
        f"{FAILED}: starting with listener file descriptors: {refused}",
    ]
    assert server.query("a.").rcode == "NOERROR"
    assert server.get(":8080/health") == (200, "OK")
    assert server.samples(["coredns_reload_failed_total", "coredns_plugin_enabled"]) == [
        'coredns_plugin_enabled{name="prometheus",server="dns://:53",view="",zone="."} 1',
        'coredns_plugin_enabled{name="whoami",server="dns://:53",view="",zone="."} 1',
        "coredns_reload_failed_total 1",
    ]


def test_a_corefile_that_cannot_be_taken_apart() -> None:
    server = serving(block())
    write(server, ".:53 {\nwhoami\n}\n}\n.:54 {\n")
    lines = advance(server, 4)
    assert len(lines) == 2
    assert lines[0].startswith("[WARNING] plugin/reload: Corefile parse failed: ")


def test_up_to_1_5_0_endpoints_were_gone_after_a_failure() -> None:
    server = serving(block(reload="reload 2s 1s"), "1.2.2")
    write(server, block("whoami\nready", reload="reload 2s 1s"))
    assert advance(server, 2) == [
        "[INFO] Reloading",
        f"{FAILED}: Corefile:6 - Error during parsing: Unknown directive 'ready'",
    ]
    for url in (":8080/health", ":9153/metrics"):
        with pytest.raises(ConnectionRefusedError):
            server.get(url)
    assert server.query("a.").rcode == "NOERROR"


def test_a_lameduck_delayed_reloads_up_to_1_9_3() -> None:
    corefile = ".:53 {\nreload 2s 1s\nhealth {\nlameduck 3s\n}\nwhoami\n}\n"
    server = serving(corefile, "1.9.3")
    write(server, corefile.replace("whoami", "whoami\nlog"))
    assert advance(server, 2) == ["[INFO] Reloading", "[INFO] plugin/health: Going into lameduck mode for 3s"]
    assert server.query("a.").log == []
    assert advance(server, 3)[-1] == "[INFO] Reloading complete"
    assert len(server.query("a.").log) == 1


def test_metrics_live_on() -> None:
    server = serving(block())
    server.query("a.")
    write(server, block("log\nwhoami"))
    advance(server, 2)
    server.query("a.")
    name = "coredns_dns_requests_total"
    assert server.samples([name]) == [
        f'{name}{{family="1",proto="udp",server="dns://:53",type="A",view="",zone="."}} 2'
    ]


def test_without_a_file_there_is_nothing_to_take_up() -> None:
    server = loads(block())
    assert advance(server, 10) == []


def test_a_copy_of_a_server_reloads_by_itself() -> None:
    server = serving(block())
    other = copy.deepcopy(server)
    write(other, block("log\nwhoami"))
    assert advance(other, 2)[0] == "[INFO] Reloading"
    assert advance(server, 2) == []
    assert server.process.instance.sites[0].handler("log") is None
    assert other.process.instance.sites[0].handler("log") is not None


@pytest.mark.parametrize(
    ("release", "port", "lives"), [("1.12.1", 853, False), ("1.12.1", 854, True), ("1.13.2", 853, True)]
)
def test_a_server_for_quic_did_not_survive_a_reload(release: str, port: int, lives: bool) -> None:
    """Found by `make differential`: with its address in both configurations the process ends, right behind `Reloading`."""
    text = ".:53 quic://.:{} {{\n tls cert.pem key.pem\n reload 2s 1s\n {}\n}}\n"
    server = serving(text.format(853, "whoami"), release, **NAMED)
    server.query("a.example")
    write(server, text.format(port, "chaos"))
    lines = advance(server, 3)
    assert (lines[0], lines[-1] == "[INFO] Reloading complete", len(lines) == 1) == (
        "[INFO] Reloading",
        lives,
        not lives,
    )
    assert (server.process.instance.fatal is None, server.query("a.example").received) == (lives, lives)
