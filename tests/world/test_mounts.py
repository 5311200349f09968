"""Which key of which ConfigMap a container reads as its Corefile, and what else it sees, as its pod says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corefile import World, check, checks, load, loads
from corefile.cli import main
from corefile.world.corefiles import Corefile, corefiles

ZONE = "@ 3600 IN SOA ns h 1 2 3 4 5\n@ IN NS ns\nns IN A 10.0.0.1\n"


def config_map(name: str, data: dict[str, str], namespace: str = "dns") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": data,
    }


def deployment(
    args: list[str],
    mounts: list[dict[str, Any]],
    volumes: list[dict[str, Any]],
    image: str = "coredns/coredns:1.11.3",
    **container: Any,
) -> dict[str, Any]:
    one = {"name": "coredns", "image": image, "args": args, "volumeMounts": mounts, **container}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "dns", "namespace": "dns"},
        "spec": {"template": {"spec": {"containers": [one], "volumes": volumes}}},
    }


def volume(name: str, config_map: str, items: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    of = {"name": config_map, **more}
    if items is not None:
        of["items"] = [{"key": key, "path": path} for key, path in items.items()]
    return {"name": name, "configMap": of}


CONFIG = {"name": "config", "mountPath": "/etc/coredns"}


def stream(*objects: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [*objects]}, indent=1)


def found(folder: Path, *objects: dict[str, Any]) -> list[Corefile]:
    (folder / "all.json").write_text(stream(*objects), "utf-8")
    return corefiles([str(folder)]).found


def keys(of: list[Corefile]) -> list[str]:
    return [one.source.embedding.context for one in of if one.source.embedding is not None]


TWO_KEYS = {"Corefile": "old {\n whoami\n}\n", "internal.conf": ".:53 {\n erratic\n}\n"}


@pytest.mark.parametrize(
    ("args", "items", "mount", "key"),
    [
        (["-conf", "/etc/coredns/internal.conf"], None, "/etc/coredns", "internal.conf"),
        (["--conf=/etc/coredns/Corefile"], {"internal.conf": "Corefile"}, "/etc/coredns", "internal.conf"),
        (["-dns.port=53", "-conf", "/config/a/b"], {"internal.conf": "a/b"}, "/config", "internal.conf"),
        (["-conf", "/etc/coredns/Corefile"], None, "/etc/coredns", "Corefile"),
        ([], None, "/", "Corefile"),
    ],
)
def test_the_key_that_is_read(
    tmp_path: Path, args: list[str], items: dict[str, str] | None, mount: str, key: str
) -> None:
    """`-conf` and `items` say which key is the Corefile; the others are not, whatever they are called."""
    mounts = [{"name": "config", "mountPath": mount}]
    of = found(
        tmp_path, config_map("coredns", TWO_KEYS), deployment(args, mounts, [volume("config", "coredns", items)])
    )
    assert keys(of) == [f"ConfigMap dns/coredns, key {key}"]
    text = (tmp_path / "all.json").read_text("utf-8")
    assert checks(text) == check(str(tmp_path / "all.json"))
    assert not [f for f in checks(text) if f.code == "key-is-no-corefile"]


def test_arguments_of_a_shell_and_variables_of_the_container(tmp_path: Path) -> None:
    mounts, volumes = [CONFIG], [volume("config", "coredns")]
    command = ["sh", "-c", "exec /coredns -conf /etc/coredns/$(NAME) -quiet"]
    env = [{"name": "NAME", "value": "internal.conf"}]
    of = found(tmp_path, config_map("coredns", TWO_KEYS), deployment([], mounts, volumes, command=command, env=env))
    assert keys(of) == ["ConfigMap dns/coredns, key internal.conf"]


SEEN = """.:53 {
    file /zones/db.example.org example.org
    hosts /etc/dns/more/hosts {
        fallthrough
    }
    import shared.conf
    import /etc/dns/more/*.part
}
"""


@pytest.mark.parametrize("how", ["sub path", "folder", "projected", "folder of a volume"])
def test_what_is_mounted_stands_where_the_pod_has_it(tmp_path: Path, how: str) -> None:
    """Zones and hosts of other ConfigMaps, whatever way they are mounted, and whatever is the Corefile's folder."""
    mounts = [{"name": "config", "mountPath": "/etc/dns"}, {"name": "more", "mountPath": "/etc/dns/more"}]
    volumes = [volume("config", "dns"), volume("more", "more", optional=True)]
    if how == "sub path":
        mounts.append({"name": "zones", "mountPath": "/zones/db.example.org", "subPath": "org"})
        volumes.append(volume("zones", "zones", {"example.org": "org"}))
    elif how == "folder":
        mounts.append({"name": "zones", "mountPath": "/zones/"})
        volumes.append(volume("zones", "zones", {"example.org": "db.example.org"}))
    elif how == "folder of a volume":
        mounts.append({"name": "zones", "mountPath": "/zones", "subPath": "a/b"})
        volumes.append(volume("zones", "zones", {"example.org": "a/b/db.example.org"}))
    else:
        mounts.append({"name": "zones", "mountPath": "/zones"})
        source = volume("", "zones", {"example.org": "db.example.org"})["configMap"]
        volumes.append({"name": "zones", "projected": {"sources": [{"configMap": source}]}})
    objects = (
        config_map("dns", {"main": SEEN, "shared.conf": "errors\n"}),
        config_map("zones", {"example.org": ZONE}),
        config_map("zones", {"example.org": "no zone at all"}, "another"),
        config_map("more", {"hosts": "10.0.0.7 a.example\n", "x.part": "log\n", "main": "this is hidden"}),
        deployment(["-conf", "/etc/dns/main"], mounts, volumes),
    )
    (one,) = found(tmp_path, *objects)
    assert (one.workload and one.workload.image) == "coredns/coredns:1.11.3"
    path = tmp_path / "all.json"
    assert not check(str(path))
    for server in (load(str(path)), loads(path.read_text("utf-8"))):
        assert [str(r) for r in server.query("ns.example.org").answer] == ["ns.example.org. 3600 IN A 10.0.0.1"]
        assert server.world.assumed == ()


def test_a_mount_hides_what_is_below_it(tmp_path: Path) -> None:
    mounts = [{"name": "more", "mountPath": "/etc/coredns/more"}, CONFIG]
    items = {"Corefile": "Corefile", "old": "more/old"}
    volumes = [volume("config", "coredns", items), volume("more", "more")]
    corefile = "import more/old\nimport more/new\n.:53 {\n    whoami\n}\n"
    found(
        tmp_path,
        config_map("coredns", {"Corefile": corefile, "old": "a {\n whoami\n}\n"}),
        config_map("more", {"new": "b {\n whoami\n}\n"}),
        deployment(["-conf", "/etc/coredns/Corefile"], mounts, volumes),
    )
    (finding,) = [f for f in check(str(tmp_path / "all.json")) if f.severity == "error"]
    assert (finding.code, finding.span and finding.span.text) == ("import-not-found", "more/old")


@pytest.mark.parametrize("known", [True, False])
def test_what_a_config_map_that_is_given_has_not_is_nowhere(tmp_path: Path, known: bool) -> None:
    """In one file with the Deployment its ConfigMaps are all that there is, and what lies beside them on disk is not in the
    pod. What is not in it, and what is mounted besides, may have the file."""
    (tmp_path / "shared.conf").write_text("errors\n", "utf-8")
    volumes = [volume("config", "coredns")] if known else [{"name": "config", "secret": {"secretName": "x"}}]
    mounts = [{"name": "config", "mountPath": "/etc/coredns/more"}, {"name": "main", "mountPath": "/etc/coredns"}]
    found(
        tmp_path,
        config_map("coredns", {"Corefile": ".:53 {\n    import /etc/coredns/more/shared.conf\n    whoami\n}\n"}),
        deployment(["-conf", "/etc/coredns/Corefile"], mounts, [*volumes, volume("main", "coredns")]),
    )
    said = [(f.code, f.severity) for f in check(str(tmp_path / "all.json"))]
    assert said == [("import-not-found", "error") if known else ("missing-file", "notice")]


def test_a_config_map_in_another_file_may_be_changed_on_its_way(tmp_path: Path) -> None:
    """As an overlay of kustomize does: what it lacks stays a notice."""
    corefile = ".:53 {\n    import /etc/coredns/shared.conf\n    whoami\n}\n"
    (tmp_path / "map.json").write_text(json.dumps(config_map("coredns", {"main": corefile})), "utf-8")
    of = found(tmp_path, deployment(["-conf", "/etc/coredns/main"], [CONFIG], [volume("config", "coredns")]))
    assert keys(of) == ["ConfigMap dns/coredns, key main"]
    assert [(f.code, f.severity) for f in check(str(tmp_path))] == [("missing-file", "notice")]


def test_each_deployment_has_its_config_map_and_its_image(tmp_path: Path) -> None:
    """Several of them in one stream: a Corefile is checked for the image that reads it, not for the first."""
    objects: list[dict[str, Any]] = []
    for name, image in (("a", "1.8.6"), ("b", "1.11.3"), ("c", "1.6.5")):
        one = deployment(
            ["-conf", "/etc/coredns/Corefile"], [CONFIG], [volume("config", name)], f"coredns/coredns:{image}"
        )
        objects += [one, config_map(name, {"Corefile": ". {\n whoami\n}\n"})]
    of = found(tmp_path, *objects)
    assert [one.workload and str(one.workload.release) for one in of] == ["1.8.6", "1.11.3", "1.6.5"]


@pytest.mark.parametrize(
    ("args", "image", "severity"),
    [
        (["-conf", "/etc/coredns/corefile"], "coredns/coredns:1.11.3", "error"),
        ([], "registry.k8s.io/coredns/coredns:v1.11.3", "warning"),
        ([], "example.org/coredns-with-more:1.11.3", ""),
        (["-conf", "/config/Corefile"], "coredns/coredns:1.11.3", ""),
        (["-conf", "/etc/coredns/$(WHICH)"], "coredns/coredns:1.11.3", ""),
    ],
)
def test_a_corefile_that_the_container_does_not_find(
    tmp_path: Path, args: list[str], image: str, severity: str
) -> None:
    """CoreDNS: `loading Caddyfile via flag: open ...`, or it starts without the Corefile. Nothing is said where the image or
    another volume may have one."""
    found(
        tmp_path,
        config_map("coredns", {"Corefile": ". {\n whoami\n}\n"}),
        deployment(args, [CONFIG], [volume("config", "coredns")], image),
    )
    given = check(str(tmp_path / "all.json"))
    assert [(f.code, f.severity) for f in given] == ([("key-is-no-corefile", severity)] if severity else [])
    if severity == "error":
        assert given[0].coredns == "loading Caddyfile via flag: open /etc/coredns/corefile: no such file or directory"


def test_the_corefile_of_node_local_dns_is_its_base(tmp_path: Path) -> None:
    """node-cache writes the file that `-conf` names itself, out of another one; and its image says what it can do."""
    items = {"Corefile": "Corefile.base"}
    for args in ([], ["-localip", "169.254.20.10", "-conf", "/etc/Corefile"]):
        (one,) = found(
            tmp_path,
            config_map("node-local-dns", {"Corefile": "cluster.local:53 {\n bind 169.254.20.10\n cache\n}\n"}),
            deployment(
                args,
                [CONFIG],
                [volume("config", "node-local-dns", items)],
                "registry.k8s.io/dns/k8s-dns-node-cache:1.22.28",
            ),
        )
        assert one.pod is not None
        assert one.workload is not None
        assert one.workload.release.build == "k8s-dns-node-cache 1.22.28"


def test_node_local_dns_says_nothing_of_other_corefiles(tmp_path: Path) -> None:
    """Its image lacks plugins that a CoreDNS beside it has."""
    (one,) = found(
        tmp_path,
        config_map("coredns", {"Corefile": ". {\n whoami\n}\n"}),
        deployment([], [CONFIG], [volume("config", "other")], "registry.k8s.io/dns/k8s-dns-node-cache:1.22.28"),
    )
    assert one.workload is None


@pytest.mark.parametrize(
    ("image", "release", "words"),
    [
        ("coredns/coredns", "1.14.7", ", the newest, as the image coredns/coredns in"),
        ("coredns/coredns:latest", "1.14.7", ", the newest, as the image coredns/coredns:latest in"),
        ("coredns/coredns@sha256:0123456789abcdef", "1.14.7", "--release gives the one that runs"),
        ("coredns/coredns:1.8", "1.8.7", ", the newest that the image coredns/coredns:1.8 in"),
        ("localhost:5000/coredns:v1.11", "1.11.4", ", the newest that the image"),
        ("coredns/coredns:1.14", "1.14.7", ", the newest that the image"),
        ("coredns/coredns:1.99.0", "1.14.7", ", since none is known of the image"),
        ("example.org/coredns:build-77", "1.14.7", ", since none is known of the image"),
    ],
)
def test_an_image_that_names_no_release(
    tmp_path: Path, image: str, release: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is assumed is said once, with the option that says it better."""
    (one,) = found(
        tmp_path,
        config_map("coredns", {"Corefile": ". {\n whoami\n}\n"}),
        deployment(["-conf", "/etc/coredns/Corefile"], [CONFIG], [volume("config", "coredns")], image),
    )
    assert (one.workload and str(one.workload.release)) == release
    main(["check", str(tmp_path)])
    out = capsys.readouterr().out
    assert f"release: {release}" in out
    assert words in out
    assert out.count("--release") == 1


def test_an_image_with_a_release_counts_before_one_without(tmp_path: Path) -> None:
    """Where neither is known to read the Corefile."""
    (tmp_path / "Corefile").write_text(". {\n whoami\n}\n", "utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "a.json").write_text(stream(deployment([], [], [], "coredns/coredns:latest")), "utf-8")
    (tmp_path / "more" / "b.json").write_text(stream(deployment([], [], [], "coredns/coredns:1.8.6")), "utf-8")
    (one,) = corefiles([str(tmp_path)]).found
    assert (one.workload and one.workload.image) == "coredns/coredns:1.8.6"


@pytest.mark.parametrize(
    "image", ["registry/coredns-autoscaler:1.8.5", "coredns/coredns-exporter:1.0.0", "coredns/dns:1.8.6"]
)
def test_images_of_other_programs(tmp_path: Path, image: str) -> None:
    of = found(
        tmp_path,
        config_map("coredns", {"Corefile": ". {\n whoami\n}\n"}),
        deployment(["-conf", "/etc/coredns/x"], [CONFIG], [volume("config", "coredns")], image),
    )
    assert [one.workload and one.workload.image for one in of] == ([None] if "coredns-" in image else [image])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (config_map("kube-dns", {"stubDomains": '{"a.b": ["10.0.0.1"]}'}), "is for kube-dns and NodeLocal DNSCache"),
        (config_map("coredns-custom", {}), "ConfigMap coredns-custom has no additions"),
        (
            deployment(["-conf", "/etc/coredns/x"], [CONFIG], [volume("config", "mine")]),
            "its container of coredns/coredns:1.11.3 reads /etc/coredns/x: give ConfigMap mine, too",
        ),
        (config_map("other", {"x": "y"}), "no ConfigMap has one in its `data`"),
    ],
)
def test_what_a_file_without_a_corefile_has(
    tmp_path: Path, given: dict[str, Any], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text(json.dumps(given), "utf-8")
    assert main(["check", str(tmp_path / "x.json")]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["", "/etc/coredns"])
def test_relative_paths_begin_where_the_container_runs(tmp_path: Path, folder: str) -> None:
    """And those of an import beside the Corefile: `file` and `hosts` take what is mounted below / for CoreDNS's own images."""
    corefile = ".:53 {\n    import more.conf\n    file db.example.org example.org\n}\n"
    found(
        tmp_path,
        config_map("coredns", {"Corefile": corefile, "more.conf": "errors\n", "db.example.org": ZONE}),
        deployment(
            ["-conf", "/etc/coredns/Corefile"],
            [CONFIG],
            [volume("config", "coredns")],
            **({"workingDir": folder} if folder else {}),
        ),
    )
    given = check(str(tmp_path / "all.json"))
    assert [(f.code, f.severity) for f in given] == [("missing-file", "warning")] * (not folder)
    assert folder or "write `/etc/coredns/db.example.org`" in given[0].hint
    answer = load(str(tmp_path)).query("ns.example.org")
    assert answer.rcode == ("NOERROR" if folder else "SERVFAIL")


@pytest.mark.parametrize(
    ("args", "keys"),
    [
        ([], ["dns://.:53", "tls://.:853"]),
        (["-dns.port=1053"], ["dns://.:1053", "tls://.:853"]),
        (["-p", "1053"], ["dns://.:1053", "tls://.:853"]),
        (["-dns.port=53", "-p", "1053"], ["dns://.:1053", "tls://.:853"]),
        (["-p", "53", "-dns.port", "1053"], ["dns://.:1053", "tls://.:853"]),
        (["-dns.port", "99999"], ["dns://.:53", "tls://.:853"]),
    ],
)
def test_the_port_of_server_blocks_without_one(tmp_path: Path, args: list[str], keys: list[str]) -> None:
    """`-dns.port` is that of keys without a transport; one that is written counts before it."""
    corefile = "{} tls://. {{\n    whoami\n}}\n"
    for first, expected in ((".", keys), (".:5353", ["dns://.:5353", keys[1]])):
        found(
            tmp_path,
            config_map("coredns", {"Corefile": corefile.format(first)}),
            deployment(["-conf", "/etc/coredns/Corefile", *args], [CONFIG], [volume("config", "coredns")]),
        )
        server = load(str(tmp_path))
        assert [str(key) for site in server.process.instance.sites for key in site.keys] == expected


def test_what_is_served_twice_at_the_port(tmp_path: Path) -> None:
    """CoreDNS 1.14.7, with `. { }` and `.:53 { }`: it starts with -dns.port=1053, and not without."""
    text = ". {\n    whoami\n}\n.:53 {\n    whoami\n}\n"
    assert [f.code for f in checks(text)] == ["zone-defined-twice"]
    assert [f.code for f in checks(text, world=World(dns_port=1053))] == []
    with pytest.raises(ValueError, match="dns_port: -1 is no port"):
        World(dns_port=-1)


@pytest.mark.parametrize("stream_of_one", [True, False])
def test_the_deployment_of_k3s(tmp_path: Path, stream_of_one: bool) -> None:
    """K3s adds the key NodeHosts itself, and mounts coredns-custom, which need not be there."""
    corefile = (
        ".:53 {\n    errors\n    hosts /etc/coredns/NodeHosts {\n        fallthrough\n    }\n    forward . 10.0.0.53\n"
        "    import /etc/coredns/custom/*.override\n}\nimport /etc/coredns/custom/*.server\n"
    )
    main = config_map("coredns", {"Corefile": corefile})
    custom = config_map("coredns-custom", {"a.override": "logg\n"})
    runs = deployment(
        ["-conf", "/etc/coredns/Corefile"],
        [CONFIG, {"name": "custom", "mountPath": "/etc/coredns/custom"}],
        [
            volume("config", "coredns", {"Corefile": "Corefile", "NodeHosts": "NodeHosts"}),
            volume("custom", "coredns-custom", optional=True),
        ],
        "rancher/mirrored-coredns-coredns:1.12.1",
    )
    found(tmp_path, main, runs)
    assert [(f.code, f.severity) for f in check(str(tmp_path / "all.json"))] == [("missing-file", "notice")]
    if stream_of_one:
        (one,) = found(tmp_path, main, custom, runs)
        given = check(str(tmp_path / "all.json"))
    else:
        (tmp_path / "custom.json").write_text(json.dumps(custom), "utf-8")
        (one,) = corefiles([str(tmp_path)]).found
        given = check(str(tmp_path))
    assert [f.code for f in given] == ["unknown-directive", "missing-file"]
    assert one.workload is not None
    assert str(one.workload.release) == "1.12.1"
