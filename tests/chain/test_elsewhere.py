"""Files that are not here, and may be on CoreDNS's machine: a notice for each, and everything else is checked.

Each directive that reads files is one case. The strict world, and one in which the file is known not to be there, have
CoreDNS's own error.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corefile import World, checks, load, loads
from corefile.findings import CorefileError, Finding

ABOUT_FILES = ("missing-file", "missing-directory")

CASES = [
    ("tls /pki/tls.crt /pki/tls.key", ["/pki/tls.crt", "/pki/tls.key"], "could not load TLS cert: open /pki/tls.crt"),
    ("tls cert.pem key.pem ca.pem", ["cert.pem", "key.pem", "ca.pem"], "could not load TLS cert: open cert.pem"),
    (
        "tls {\n acme example.org\n ca_root /pki/root.pem\n }",
        ["/pki/root.pem"],
        'reading ACME CA root "/pki/root.pem"',
    ),
    (
        "forward . tls://10.0.0.53 {\n tls /pki/ca.pem\n }",
        ["/pki/ca.pem"],
        "error reading /pki/ca.pem: open /pki/ca.pem",
    ),
    ("forward . /run/systemd/resolve/resolv.conf", ["/run/systemd/resolve/resolv.conf"], "no such host"),
    ("grpc . /etc/node.conf", ["/etc/node.conf"], 'not an IP address or file "/etc/node.conf"'),
    (
        "grpc . 10.0.0.53:443 {\n tls /pki/a.crt /pki/a.key /pki/ca.crt\n }",
        ["/pki/a.crt", "/pki/a.key", "/pki/ca.crt"],
        "could not load TLS cert: open /pki/a.crt",
    ),
    (
        "dnssec {\n key file /keys/Kexample.org.+013+45330\n }",
        ["/keys/Kexample.org.+013+45330.key", "/keys/Kexample.org.+013+45330.private"],
        "open /keys/Kexample.org.+013+45330.key",
    ),
    (
        "sign /zones/db.example.org {\n key file /keys/K1.key\n }",
        ["/keys/K1.key", "/keys/K1.private", "/zones/db.example.org"],
        "open /keys/K1.key",
    ),
    ("tsig {\n secrets /keys/tsig.conf\n require all\n }", ["/keys/tsig.conf"], "Wrong argument count"),
    ("geoip /dbs/City.mmdb", ["/dbs/City.mmdb"], "failed to open database file: open /dbs/City.mmdb"),
    ("autopath /etc/node.conf", ["/etc/node.conf"], 'failed to parse "/etc/node.conf"'),
    ("loadbalance weighted /w/weights {\n reload 0\n }", ["/w/weights"], "weight file open error"),
    (
        "clouddns example.org:project:zone {\n credentials /keys/gcp.json\n }",
        ["/keys/gcp.json"],
        "open /keys/gcp.json",
    ),
    ("kubernetes cluster.local {\n kubeconfig /root/config\n }", ["/root/config"], "stat /root/config"),
    (
        "kubernetes cluster.local {\n endpoint https://10.0.0.1:6443\n tls /pki/a.crt /pki/a.key /pki/ca.crt\n }",
        ["/pki/a.crt", "/pki/a.key", "/pki/ca.crt"],
        "unable to read client-cert /pki/a.crt",
    ),
    (
        "etcd example.org {\n endpoint https://10.0.0.9:2379\n tls /pki/ca.crt\n }",
        ["/pki/ca.crt"],
        "error reading /pki/ca.crt",
    ),
    ("file /zones/db.example.org {\n reload 0\n }", ["/zones/db.example.org"], "open /zones/db.example.org"),
    ("import /etc/coredns/extra.conf", ["/etc/coredns/extra.conf"], "File to import not found"),
]


def about_files(found: list[Finding]) -> list[Finding]:
    return [f for f in found if f.code in ABOUT_FILES]


@pytest.mark.parametrize(("directive", "paths", "words"), CASES)
def test_there_is_one_notice_for_each_file_and_everything_else_is_checked(
    directive: str, paths: list[str], words: str
) -> None:
    found = checks(f"example.org {{\n {directive}\n}}\n", world=World())
    assert not [f for f in found if f.severity == "error"]
    said = about_files(found)
    assert {f.severity for f in said} == {"notice"}
    for path in paths:
        assert sum(f" {path} " in f" {f.message.replace(',', '')} " for f in said) == 1, path
        assert all("not here" in f.message and "World(files=" in f.hint for f in said)
    assert not any("None" in f.hint for f in said)
    text = f"example.org {{\n {directive}\n}}\nexample.net {{\n bufsize x\n}}\n"
    assert [f.code for f in checks(text) if f.severity == "error"] == ["invalid-argument"]


@pytest.mark.parametrize(("directive", "paths", "words"), CASES)
def test_where_nothing_is_assumed_it_is_the_error_of_coredns(directive: str, paths: list[str], words: str) -> None:
    text = f"example.org {{\n {directive}\n}}\n"
    known = dict.fromkeys(paths)
    worlds = [World(assume=False, cluster=[]), World(files=known)]
    if "resolv" in directive:
        worlds = [
            World(
                assume=False,
                files={"/etc/resolv.conf": "nameserver 10.9.9.9\n"},
                upstreams={"10.9.9.9": ". 0 IN SOA a. b. 1 1 1 1 1"},
            )
        ]
    for world in worlds:
        errors = [f for f in checks(text, world=world) if f.severity == "error"]
        assert words in errors[0].coredns


def test_of_a_folder_that_is_given_all_is_known(tmp_path: Path) -> None:
    text = "tls://. {\n tls /pki/tls.crt /pki/tls.key\n whoami\n}\n"
    (error,) = [f for f in checks(text, world=World(files={"/pki": tmp_path})) if f.severity == "error"]
    assert "open /pki/tls.crt: no such file" in error.coredns
    below = "example.org {\n geoip /etc/hosts/City.mmdb\n whoami\n}\n"
    assert [f.severity for f in checks(below) if "City" in f.message] == ["error"]


def test_a_path_that_several_directives_name_is_one_notice() -> None:
    blocks = [
        f"tls://{zone} {{\n tls /pki/tls.crt /pki/tls.key\n file /zones/db {zone}\n}}\n"
        for zone in ("a.test", "b.test", "c.test")
    ]
    found = about_files(checks("".join(blocks)))
    assert [(f.message.split(" ")[0], len(f.related)) for f in found] == [("/pki/tls.crt", 2), ("/zones/db", 2)]


def test_a_folder_that_is_not_here_stands_for_its_files() -> None:
    found = about_files(checks("example.org {\n root /zones\n file db.example.org\n file db.two two.example.org\n}\n"))
    assert [(f.code, f.message.split(" ")[0], len(f.related)) for f in found] == [("missing-directory", "/zones", 2)]


def test_the_files_of_a_folder_that_is_not_here_are_one_finding(tmp_path: Path) -> None:
    """It is one cause, that of `--file FOLDER=FOLDER`, and a Corefile of twenty zones is no page of notices. Where the folder
    is here, each file that is not in it is missed for itself."""
    zones = [f"z{n}.test" for n in range(6)]
    for path, severity in (("/zones/db", "notice"), ("zones/db", "warning")):
        text = "".join(f"{zone} {{\n file {path}.{zone}\n}}\n" for zone in zones)
        (tmp_path / "Corefile").write_text(text)
        (said,) = about_files(load(tmp_path / "Corefile").findings)
        assert (said.severity, len(said.related)) == (severity, 5)
        assert said.message.startswith(f"{path}.z0.test, {path}.z1.test, {path}.z2.test and 3 others are not here")
        assert said.hint.endswith(f'"{path[:-3]}": Path("FOLDER")}}) gives them')
    (tmp_path / "zones").mkdir()
    assert [len(f.related) for f in about_files(load(tmp_path / "Corefile").findings)] == [0] * 6
    text = "a.test {\n auto {\n  directory /z/a\n }\n}\nb.test {\n auto {\n  directory /z/b\n }\n}\n"
    assert [f.message.split(" ")[2] for f in about_files(checks(text))] == ["/z/b"]


@pytest.mark.parametrize(
    "line",
    [
        "kubernetes c.test {\n kubeconfig PATH\n}",
        "root PATH",
        "autopath PATH",
        "loadbalance weighted PATH",
        "hosts PATH",
    ],
)
def test_the_place_of_a_file_that_is_not_here_is_the_word_that_names_it(line: str) -> None:
    text = f". {{\n {line.replace('PATH', '/some/path')}\n forward . 10.0.0.1\n}}\n"
    assert [f.span and f.span.text for f in about_files(checks(text))] == ["/some/path"]


@pytest.mark.parametrize(
    ("block", "paths"),
    [
        ("tls //pki/tls.crt //key/tls.key", ["//pki/tls.crt and //key/tls.key"]),
        ("tls //tls.crt //tls.key", ["//tls.crt and //tls.key"]),
        ("root //zones\n file //db.example.org", ["//zones", "//db.example.org"]),
        ("hosts //data/hosts", ["//data/hosts"]),
        ("auto {\n directory //data/zones\n }", ["//data/zones"]),
        ("import //conf/more", ["//conf/more"]),
    ],
)
def test_the_root_may_be_written_with_two_slashes(block: str, paths: list[str]) -> None:
    """POSIX lets `//` be something else than `/`, and Python's dirname keeps it: looking upward must end there, too."""
    found = about_files(checks(f"example.org {{\n {block}\n whoami\n}}\n"))
    assert [re.split(r" (?:is|are) not here", f.message)[0] for f in found] == paths


def test_the_files_of_a_line_are_one_notice_and_a_common_folder_gives_them() -> None:
    (said,) = about_files(checks("tls://. {\n tls /pki/tls.crt /pki/tls.key\n whoami\n}\n"))
    assert said.message == "/pki/tls.crt and /pki/tls.key are not here, so what depends on them is not checked"
    assert said.hint == 'World(files={"/pki": Path("FOLDER")}) gives them'


def test_data_that_would_stand_beside_a_corefile_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text("example.org {\n file db.example.org\n}\n")
    server = load(tmp_path / "Corefile")
    assert [(f.code, f.severity) for f in server.findings] == [("missing-file", "warning")]


@pytest.mark.parametrize(
    "path", ["/etc/resolv.cof", "/etc/rezolv.conf", "/etc/resolv.conff", "/etc/resovl.conf", "/etc/host"]
)
def test_a_file_that_every_pod_has_is_not_elsewhere_under_a_misspelt_name(path: str) -> None:
    errors = [f for f in checks(f". {{\n forward . {path}\n}}\n") if f.severity == "error"]
    assert [f.hint for f in errors] == [
        f"did you mean `/etc/{'host' if 'host' in path else 'resolv.conf'}{'s' * ('host' in path)}`?"
    ]


# -- imports ---------------------------------------------------------------------------------------------------------


def test_an_import_beside_the_corefile_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(". {\n import extra/one.conf\n whoami\n}\n")
    with pytest.raises(CorefileError, match=r"extra/one\.conf"):
        load(tmp_path / "Corefile")
    mounted = "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  Corefile: |\n    . {\n     import {}\n     whoami\n    }\n"
    (tmp_path / "map.yaml").write_text(mounted.replace("{}", "custom/one.conf"))
    assert [f.severity for f in load(tmp_path / "map.yaml").findings] == ["notice"]
    (tmp_path / "map.yaml").write_text(mounted.replace("{}", "one.conf"))
    with pytest.raises(CorefileError, match=r"one\.conf"):
        load(tmp_path / "map.yaml")


def test_a_snippet_may_be_in_a_file_that_is_not_here() -> None:
    text = "import /etc/coredns/snippets\n. {\n import common\n whoami\n}\nexample.org {\n import common\n whoami\n}\n"
    first, second = checks(text)
    assert (first.code, first.severity) == ("missing-file", "notice")
    assert (second.code, second.severity, len(second.related)) == ("import-not-found", "notice", 1)
    assert "/etc/coredns/snippets" in second.hint
    later = "import /etc/coredns/snippets\n. {\n import common\n whoami\n}\n(common) {\n log\n}\n"
    assert [f.code for f in checks(later) if f.severity == "error"] == ["import-not-found"]


@pytest.mark.parametrize(
    "place", ["import /x.conf\n. {{\n{0}}}\nb.test {{\n{0}}}\n", ". {{\n{0}}}\nb.test {{\n import /x.conf\n{0}}}\n"]
)
def test_answers_of_a_block_with_such_an_import_are_in_doubt(place: str) -> None:
    server = loads(place.format(" whoami\n"))
    assert [f.message for f in server.query("www.b.test").notices] == ["`import` is not simulated"]
    assert bool(server.query("www.a.test").notices) is place.startswith("import")


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/etc/coredns/extra.conf", ["missing-file"]),
        ("/etc/coredns/conf.d/*.conf", ["import-without-match"]),
        ("custom/*.override", []),
    ],
)
@pytest.mark.parametrize("rest", ["errors", "k8s_external example.org", "autopath @kubernetes\n forward . 10.0.0.1"])
def test_of_a_block_of_which_a_part_is_not_here_nothing_is_said_to_be_missing(
    rest: str, path: str, codes: list[str]
) -> None:
    assert [f.code for f in checks(f". {{\n import {path}\n {rest}\n}}\n")] == codes
    outside = [f.code for f in checks(f"import {path}\n. {{\n {rest}\n}}\n")]
    assert len(outside) > len(codes)
    strict = checks(f". {{\n import {path}\n {rest}\n}}\n", world=World(assume=False, cluster=[]))
    assert [f.code for f in strict] != codes


# -- what directives do without them -----------------------------------------------------------------------------------


def test_tls_without_its_files_answers() -> None:
    server = loads(
        "tls://. {\n tls /pki/tls.crt /pki/tls.key /pki/ca.crt {\n client_auth verify_if_given\n }\n whoami\n}\n"
    )
    reply = server.query("a.test", to="tls://127.0.0.1", transport="tls")
    assert (reply.rcode, reply.notices) == ("NOERROR", [])


def test_dnssec_without_its_keys_signs_nothing_and_says_so_where_it_would() -> None:
    server = loads("example.org {\n dnssec {\n key file /keys/Kexample.org\n }\n whoami\n}\n")
    assert server.query("example.org").notices == []
    assert [f.message for f in server.query("example.org", do=True).notices] == ["`dnssec` is not simulated"]


def test_sign_without_its_keys_writes_the_zone_as_it_is() -> None:
    text = ". {\n sign /zones/db example.org {\n key file /keys/K1\n }\n file /var/lib/coredns/db.example.org.signed example.org {\n reload 1s\n }\n}\n"
    server = loads(text, world=World(files={"/zones/db": "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns\n"}))
    server.advance(2)
    reply = server.query("example.org", "SOA", do=True)
    assert (reply.rcode, [r.type for r in reply.answer]) == ("NOERROR", ["SOA"])
    assert [f.message for f in reply.notices] == ["`sign` is not simulated"]


def test_tsig_without_its_keys_still_refuses_what_is_not_signed() -> None:
    server = loads("example.org {\n tsig {\n secrets /keys/tsig\n require all\n }\n whoami\n}\n")
    reply = server.query("example.org")
    assert (reply.rcode, reply.notices) == ("REFUSED", [])


def test_geoip_without_its_database_is_in_every_answer() -> None:
    server = loads("example.org {\n metadata\n geoip /dbs/City.mmdb\n whoami\n}\n")
    assert [f.message for f in server.query("example.org").notices] == ["`geoip` is not simulated"]


def test_nameservers_that_are_not_here_do_not_answer() -> None:
    server = loads(". {\n forward . /run/systemd/resolve/resolv.conf\n}\n")
    assert server.query("www.example.org").rcode == "SERVFAIL"


def test_a_directive_that_can_do_nothing_without_its_file_is_left_out() -> None:
    server = loads(". {\n autopath /etc/node.conf\n whoami\n}\n")
    reply = server.query("www.example.org")
    assert (reply.rcode, [f.message for f in reply.notices]) == ("NOERROR", ["`autopath` is not simulated"])
