"""Which file on disk a service of Docker Compose reads as its Corefile, and what else it sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile import World, check, load
from corefile.cli import main
from corefile.world.compose import services
from corefile.world.corefiles import Corefile, corefiles

COREFILE = ".:53 {\n    file /zones/db.example.org example.org\n    forward . {$UP}\n}\n"
ZONE = "@ 3600 IN SOA ns h 1 2 3 4 5\n@ IN NS ns\nns IN A 10.0.0.1\n"


def compose(service: str, image: str = "coredns/coredns:1.12.1") -> str:
    return f"services:\n  web:\n    image: nginx\n  dns:\n    image: {image}\n{service}"


def found(folder: Path, text: str) -> list[Corefile]:
    (folder / "docker-compose.yml").write_text(text, "utf-8")
    return corefiles([str(folder)]).found


@pytest.mark.parametrize(
    "service",
    [
        "    command: -conf /etc/coredns/main\n    volumes:\n    - ./dns/main:/etc/coredns/main:ro\n",
        "    command: ['-conf', '/etc/coredns/main']\n    volumes:\n    - ./dns:/etc/coredns\n",
        "    command: [-conf=main]\n    working_dir: /etc/coredns\n    volumes:\n    - {source: dns, target: /x, type: volume}\n    - source: ./dns/\n      target: /etc/coredns/\n",
        "    entrypoint: /coredns -conf\n    command: /etc/coredns/main\n    volumes:\n    - ${PWD}/dns:/etc/coredns\n",
        "    volumes:\n    - ${DNS:-./dns}/main:/Corefile\n    - data:/data\n",
    ],
)
def test_the_file_that_is_read(tmp_path: Path, service: str) -> None:
    """Whatever its name is; the image is its release, the variables are its environment, and zones are where they are
    mounted."""
    for name, text in (("dns/main", COREFILE), ("z/db.example.org", ZONE)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    more = "    - ./z:/zones\n    environment:\n      UP: ${UP:-10.0.0.53}\n"
    (one,) = found(tmp_path, compose(service + more))
    assert one.source.path == str(tmp_path / "dns" / "main")
    assert one.workload is not None
    assert (str(one.workload.release), dict(one.workload.env)) == ("1.12.1", {"UP": "10.0.0.53"})
    assert main(["check", "--strict", str(tmp_path)]) == 0
    path = tmp_path / "docker-compose.yml"
    server = load(path, world=World(env=one.workload.env))
    assert [str(r) for r in server.query("ns.example.org").answer] == ["ns.example.org. 3600 IN A 10.0.0.1"]
    assert "/etc/coredns" not in server.world.assumed


def test_each_service_has_its_corefile_and_its_image(tmp_path: Path) -> None:
    text = "services:\n"
    for name, version in (("a", "1.8.6"), ("b", "1.12.1")):
        (tmp_path / f"Corefile.{name}").write_text(". {\n    whoami\n}\n", "utf-8")
        text += f"  {name}:\n    image: coredns/coredns:{version}\n    volumes:\n    - ./Corefile.{name}:/Corefile\n"
    assert [(c.source.path, c.workload and c.workload.tag) for c in found(tmp_path, text)] == [
        (str(tmp_path / "Corefile.a"), "1.8.6"),
        (str(tmp_path / "Corefile.b"), "1.12.1"),
    ]


@pytest.mark.parametrize(
    ("more", "image", "codes"),
    [
        ("", "coredns/coredns:1.12.1", ["missing-file"]),
        ("    - ./more:/more\n", "coredns/coredns:1.12.1", ["missing-file"]),
        ("    - ./more.conf:/more.conf\n", "coredns/coredns:1.12.1", []),
        ("", "example.org/coredns-with-files:1.12.1", []),
        ("    build: .\n", "coredns/coredns:1.12.1", []),
    ],
)
def test_what_is_not_mounted_is_not_there(tmp_path: Path, more: str, image: str, codes: list[str]) -> None:
    """Where the image is CoreDNS's own; another one may have it."""
    (tmp_path / "Corefile").write_text("import more.conf\n", "utf-8")
    (tmp_path / "more.conf").write_text(". {\n    whoami\n}\n", "utf-8")
    (one,) = found(tmp_path, compose(f"    volumes:\n    - ./Corefile:/Corefile\n{more}", image))
    assert one.pod is not None
    assert [f.code for f in check(str(tmp_path / "docker-compose.yml")) if f.code != "empty-corefile"] == codes


def test_what_lies_outside_is_not_mounted(tmp_path: Path) -> None:
    """The folder of a stranger names no files beyond it."""
    (tmp_path / "secret").write_text("10.0.0.1 a.example\n", "utf-8")
    inner = tmp_path / "repository"
    inner.mkdir()
    (inner / "Corefile").write_text(". {\n    hosts /more {\n        fallthrough\n    }\n    whoami\n}\n", "utf-8")
    (inner / "link").symlink_to(tmp_path / "secret")
    for here in ("../secret", str(tmp_path / "secret"), "./link"):
        found(inner, compose(f"    volumes:\n    - ./Corefile:/Corefile\n    - {here}:/more\n"))
        assert [f.code for f in check(str(inner))] == ["missing-file"]
        assert load(str(inner)).query("a.example").answer == []


@pytest.mark.parametrize(
    "text",
    [
        "services: [coredns]\n",
        "services:\n  coredns: {image: nginx}\n  other:\n",
        "services:\n  dns: {image: coredns/coredns, command: [{a: b}], volumes: [{a: b}], environment: [1, {a: b}]}\n",
        "services:\n  dns: {image: [coredns], volumes: coredns}\n",
        "services:\n  dns: {image: coredns/coredns, command: -conf, volumes: ['.:'], environment: x}\n",
        "services: coredns\n",
    ],
)
def test_odd_files_are_read(tmp_path: Path, text: str) -> None:
    for one in services("c.yml", text):
        assert not one.binds
        assert not one.env
    assert found(tmp_path, text) == []


def test_hosts_of_the_container_are_those_that_are_mounted(tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(". {\n    hosts\n}\n", "utf-8")
    (tmp_path / "hosts").write_text("10.0.0.7 a.example\n", "utf-8")
    found(tmp_path, compose("    volumes:\n    - ./Corefile:/Corefile\n    - ./hosts:/etc/hosts\n"))
    assert [str(r) for r in load(str(tmp_path)).query("a.example").answer] == ["a.example. 3600 IN A 10.0.0.7"]


NAMED = "    volumes:\n    - ./Corefile:/Corefile\n"


@pytest.mark.parametrize(
    ("version", "more", "codes"),
    [
        ("1.10.1", "", []),
        ("1.11.1", "", ["key-is-no-corefile"]),
        ("1.11.3", "", ["key-is-no-corefile"]),
        ("1.11.1", "    working_dir: /\n", []),
        ("1.11.1", "    command: -conf /Corefile\n", []),
        ("1.11.4", "", []),
        ("1.12.1", "    command: -conf /etc/coredns/Corefile\n", ["key-is-no-corefile"]),
        ("1.12.1", "    command: -conf /etc/coredns/Corefile\n    tmpfs: /etc/coredns\n", ["key-is-no-corefile"]),
        ("1.12.1", "    command: -conf /etc/coredns/Corefile\n    tmpfs: [/etc/coredns]\n", []),
        ("1.12.1", "    command: -conf /config\n    configs: [config]\n", []),
        ("1.12.1", "    command: -conf /run/secrets/c\n    secrets: [c]\n", []),
        ("1.12.1", "    working_dir: /etc\n", ["key-is-no-corefile"]),
    ],
)
def test_a_corefile_where_the_container_does_not_look(
    tmp_path: Path, version: str, more: str, codes: list[str]
) -> None:
    """CoreDNS's own images of 1.11.0 to 1.11.3 run in /home/nonroot, all others in / (issue 6249), and look for their Corefile
    there unless `-conf` names one."""
    (tmp_path / "Corefile").write_text(". {\n    whoami\n}\n", "utf-8")
    found(tmp_path, compose(NAMED + more, f"coredns/coredns:{version}"))
    assert [f.code for f in check(str(tmp_path))] == codes


@pytest.mark.parametrize(
    ("version", "more", "hint"),
    [
        ("1.12.1", "", "CoreDNS runs in /, where relative paths begin: write `/etc/coredns/a.hosts`"),
        ("1.11.3", "", "CoreDNS runs in /home/nonroot, where relative paths begin: write `/etc/coredns/a.hosts`"),
        ("1.12.1", "    working_dir: /etc/coredns\n", ""),
        ("1.12.1", "    - ./a.hosts:/a.hosts\n", ""),
    ],
)
def test_relative_paths_begin_where_coredns_runs(tmp_path: Path, version: str, more: str, hint: str) -> None:
    """Those of an import begin beside the Corefile."""
    for name, text in (
        ("Corefile", ". {\n    import part\n    whoami\n}\n"),
        ("part", "hosts a.hosts {\n    fallthrough\n}\n"),
        ("a.hosts", "10.0.0.1 a.example\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    service = "    command: -conf /etc/coredns/Corefile\n    volumes:\n    - .:/etc/coredns\n"
    found(tmp_path, compose(service + more, f"coredns/coredns:{version}"))
    given = check(str(tmp_path))
    assert [f.code for f in given] == ["missing-file"] * bool(hint)
    assert not hint or hint in given[0].hint
    assert bool(load(str(tmp_path)).query("a.example").answer) is not bool(hint)


def test_a_corefile_that_a_link_leads_to_outside_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(". {\n    whoamy\n}\n", "utf-8")
    inner = tmp_path / "repository"
    (inner / "dns").mkdir(parents=True)
    (inner / "dns" / "main").symlink_to(tmp_path / "secret")
    assert found(inner, compose("    command: -conf /dns/main\n    volumes:\n    - ./dns:/dns\n")) == []
