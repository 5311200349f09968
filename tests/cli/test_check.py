"""`corefile check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..texts import config_map
from .conftest import COREFILE, Run

CONFIGMAP = config_map("prometeus :9153", "proxy . /etc/resolv.conf")
CONFIGMAP_SAYS = """error[unknown-directive]: CoreDNS 1.14.7 has no directive `prometeus`
  <stdin>:9:9  (ConfigMap kube-system/coredns, key Corefile, line 2)
   |
 9 |         prometeus :9153
   |         ^^^^^^^^^ did you mean `prometheus`?
   = CoreDNS would not start: "Corefile:2 - Error during parsing: Unknown directive 'prometeus'"

error[removed-directive]: `proxy` was removed in CoreDNS 1.5.0
  <stdin>:10:9  (ConfigMap kube-system/coredns, key Corefile, line 3)
   |
10 |         proxy . /etc/resolv.conf
   |         ^^^^^ use `forward . /etc/resolv.conf`, which takes the same arguments here

2 errors in 1 Corefile
"""


def test_a_good_corefile(run: Run) -> None:
    assert run("check", "Corefile") == (0, "1 Corefile: nothing wrong for CoreDNS 1.14.7\n", "")


def test_a_configmap_on_standard_input_shows_all_that_is_wrong(run: Run) -> None:
    done = run("check", "-", stdin=CONFIGMAP)
    assert done.code == 1
    assert done.err == ""
    assert [x.rstrip() for x in done.out.splitlines()] == [
        x.replace(" 9 |", "9 |").rstrip()
        if x.startswith(" 9 |")
        else x.replace("   |", "  |", 1)
        if i in (2, 4)
        else x.replace("   =", "  =", 1)
        if i == 5
        else x
        for i, x in enumerate(CONFIGMAP_SAYS.splitlines())
    ]


def test_a_release_in_any_spelling(run: Run) -> None:
    for release in ("1.11.3", "v1.11.3", "registry.k8s.io/coredns/coredns:v1.11.3", "1.11.3-eksbuild.1"):
        assert run("check", "Corefile", "--release", release) == (
            0,
            "1 Corefile: nothing wrong for CoreDNS 1.11.3\n",
            "",
        )


def test_an_unknown_release(run: Run) -> None:
    done = run("check", "Corefile", "--release", "1.14.99")
    assert done == (2, "", "corefile check: CoreDNS has no release 1.14.99; the newest known is 1.14.7\n")
    assert run("check", "Corefile", "--release", "latst").code == 2


def test_the_releases_are_listed_the_newest_first(run: Run) -> None:
    done = run("check", "--release", "list")
    lines = done.out.splitlines()
    assert (done.code, done.err, len(lines)) == (0, "", 72)
    assert lines[0].split()[0] == "1.14.7"
    assert lines[-1].split()[0] == "1.0.0"


def test_several_paths_and_one_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text(". {\n    whoam\n}\n", encoding="utf-8")
    done = run("check", "Corefile", "bad", "gone", ".")
    assert done.code == 2
    assert "  bad:2:5\n" in done.out
    assert done.out.endswith("1 error in 1 Corefile\n")
    assert done.err == "corefile check: gone: No such file or directory\n"


def test_a_folder_is_searched_for_corefiles_and_manifests(run: Run, tmp_path: Path) -> None:
    (tmp_path / "k8s" / "dns").mkdir(parents=True)
    (tmp_path / "k8s" / "dns" / "coredns.yaml").write_text(CONFIGMAP, encoding="utf-8")
    (tmp_path / "k8s" / "web.yaml").write_text("kind: Service\nmetadata: {name: web}\n", encoding="utf-8")
    (tmp_path / "k8s" / "values.yaml").write_text("image: x\n", encoding="utf-8")
    (tmp_path / "k8s" / "notes.txt").write_text("nothing\n", encoding="utf-8")
    done = run("check", "k8s")
    assert done.code == 1
    assert "k8s/dns/coredns.yaml:9:9" in done.out
    assert done.err == ""
    shown = run("check", "-v", "k8s").out.splitlines()
    assert shown[-3:] == [
        "passed over: 2 files",
        "  k8s/values.yaml: no Corefile in it",
        "  k8s/web.yaml: no Corefile in it",
    ]


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("forward example.org 10.0.0.53", "nothing wrong for CoreDNS 1.14.7"),
        ("forward example.org dns.example", "starts with it, provided that what is not here is in order"),
        ("bind eth0", "starts with it, provided that what is not here is in order"),
        ("tls /a.pem /b.pem", "starts with it, provided that what is not here is in order"),
        ("cache = 30", "CoreDNS 1.14.7 starts with it"),
    ],
)
def test_the_summary_says_what_it_depends_on(run: Run, line: str, end: str) -> None:
    out = run("check", "-", stdin=f". {{\n    {line}\n    whoami\n}}\n").out.splitlines()
    assert any(row.endswith(end) for row in out), out


def test_what_was_passed_over_is_listed_without_a_corefile_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "web.yaml").write_text("kind: Service\n", encoding="utf-8")
    done = run("check", "-v", "k8s")
    assert (done.code, done.out) == (2, "passed over: 1 file\n  k8s/web.yaml: no Corefile in it\n")


def test_a_manifest_without_a_corefile(run: Run) -> None:
    done = run("check", "-", stdin="kind: Service\nmetadata: {name: web}\n")
    assert done == (2, "", "corefile check: there is no Corefile in - (no ConfigMap has one in its `data`)\n")


def test_yaml_that_cannot_be_read_is_a_finding_with_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("kind: ConfigMap\ndata: [\n", encoding="utf-8")
    done = run("check", "x.yaml")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("error[bad-yaml]: This is not YAML: ")
    assert "  x.yaml:3:1\n" in done.out


def test_bytes_that_are_no_text_are_no_crash(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b". {\n \xff\xfe\n}\n")
    done = run("check", "x")
    assert done.code == 1
    assert "x:2:2" in done.out


def test_strict_counts_warnings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(". {\n    import parts/*.conf\n    whoami\n}\n", encoding="utf-8")
    (tmp_path / "parts").mkdir()
    loose = run("check", "x")
    assert loose.code == 0
    assert "warning[import-without-match]" in loose.out
    assert run("check", "--strict", "x").code == 1


def test_json_has_every_finding_with_its_place(run: Run) -> None:
    done = run("check", "--format", "json", "-", stdin=CONFIGMAP)
    data = json.loads(done.out)
    assert done.code == 1
    assert data["corefiles"] == 1
    assert [(f["code"], f["path"], f["line"], f["column"]) for f in data["findings"]] == [
        ("unknown-directive", "<stdin>", 9, 9),
        ("removed-directive", "<stdin>", 10, 9),
    ]
    assert json.loads(run("check", "--format", "json", "Corefile").out) == {
        "findings": [],
        "corefiles": 1,
        "assumed": ["/etc/hosts"],
    }


def test_the_environment_and_files_can_be_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{$ZONE} {\n    import extra\n}\n", encoding="utf-8")
    (tmp_path / "y").write_text("whoami\n", encoding="utf-8")
    assert run("check", "x", "--env", "ZONE=example.org", "--file", "extra=y").code == 0
    assert "import-not-found" in run("check", "x", "--env", "ZONE=example.org").out


def test_the_corefile_of_these_tests_is_the_one_in_the_directory(tmp_path: Path, run: Run) -> None:
    assert (tmp_path / "Corefile").read_text(encoding="utf-8") == COREFILE


def test_nothing_on_standard_input_is_wrong_use(run: Run) -> None:
    """Where kubectl fails in a pipe, its reader must not be content."""
    assert run("check", "-", stdin="\n") == (2, "", "corefile check: nothing came in on standard input\n")


def test_a_name_that_only_the_stand_in_was_asked_for_is_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n    forward . dns.google\n}\n", encoding="utf-8")
    done = run("check", "Corefile")
    assert done.code == 0
    assert done.out.startswith("notice[name-not-known]: whether `dns.google` has an address is not known here\n")
    (tmp_path / "resolv.conf").write_text("nameserver 10.0.0.1\n", encoding="utf-8")
    assert run("check", "Corefile", "--file", "/etc/resolv.conf=resolv.conf").code == 1
    for server, start in (
        (
            "consul:8600",
            "notice[name-not-known]: whether `consul` has",
        ),  # a port behind a name is no sign of a transport
        ("udp:10.0.0.1", "warning[name-not-known]: `udp:` is no transport of `forward`"),
    ):
        (tmp_path / "Corefile").write_text(f".:53 {{\n    forward . {server}\n}}\n", encoding="utf-8")
        assert run("check", "Corefile").out.startswith(start)


def test_a_brace_that_is_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(
        ". {\n    kubernetes cluster.local {\n        pods insecure\n    cache 30\n}\n", encoding="utf-8"
    )
    assert (
        "`cache` is a directive of its own: is the `}` of `kubernetes` missing above it?"
        in run("check", "Corefile").out
    )


def test_a_mistake_in_a_snippet_is_said_once(run: Run, tmp_path: Path) -> None:
    text = "(common) {\n    cache nope nope {\n        prefetch x\n    }\n}\na.b {\n    import common\n}\nc.d {\n    import common\n}\n"
    (tmp_path / "Corefile").write_text(text, encoding="utf-8")
    assert run("check", "Corefile").out.count("Corefile:3:18") == 1


def test_an_interface_is_no_mistake_of_the_corefile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(". {\n    bind eth0\n    whoami\n}\n", encoding="utf-8")
    done = run("check", "Corefile")
    assert done.code == 0
    assert done.out.startswith("notice[unknown-interface]: which addresses an interface `eth0` has is not known here: ")
    assert done.out.splitlines()[1] == "  Corefile:2:10"
    said = run("check", "--address", "eth0=10.1.2.3", "Corefile")
    assert (said.code, said.out) == (0, "1 Corefile: nothing wrong for CoreDNS 1.14.7\n")
    assert run("query", "--address", "eth0=10.1.2.3", "--short", "a.b").code == 0


K3S = """kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    .:53 {
        errors
        kubernetes cluster.local
        hosts /etc/coredns/NodeHosts {
            fallthrough
        }
        forward . /etc/resolv.conf
        import /etc/coredns/custom/*.override
    }
    import /etc/coredns/custom/*.server
  NodeHosts: |
    192.0.2.7 node-1
"""
ADDITIONS = """kind: ConfigMap
metadata: {name: coredns-custom, namespace: kube-system}
data:
  a.override: |
    log
  b.server: |
    b.example {
        forward . 10.0.0.1
    }
"""
MISTAKEN = ADDITIONS.replace("log\n", "logg\n").replace("forward", "forwrd")


def test_stock_k3s_passes_with_its_nodehosts_and_additions(run: Run, tmp_path: Path) -> None:
    (tmp_path / "k3s.yaml").write_text(K3S, encoding="utf-8")
    (tmp_path / "custom.yaml").write_text(ADDITIONS, encoding="utf-8")
    done = run("check", "--strict", "k3s.yaml", "custom.yaml")
    assumed = (
        "assumed: /etc/coredns with what is beside the Corefile (--file), /etc/resolv.conf (--file), an API server without "
        "objects (--cluster)\n"
    )
    assert done == (0, f"1 Corefile: nothing wrong for CoreDNS 1.14.7\n{assumed}", "")


@pytest.mark.parametrize("folder", ["/etc/coredns/custom", "custom"])
@pytest.mark.parametrize("key", ["a.override", "b.server"])
def test_additions_of_one_kind_alone_are_nothing_to_warn_of(run: Run, tmp_path: Path, folder: str, key: str) -> None:
    """As most clusters have them, which import both kinds."""
    data, rest = ADDITIONS.split("  a.override:")
    override, server = rest.split("  b.server:")
    own = f"  {key}:{override if key == 'a.override' else server}"
    (tmp_path / "k.yaml").write_text(f"{K3S.replace('/etc/coredns/custom', folder)}---\n{data}{own}", encoding="utf-8")
    done = run("check", "--strict", "k.yaml")
    assert done.code == 0
    assert done.out.startswith("1 Corefile: nothing wrong for CoreDNS 1.14.7\n")


def test_mistakes_in_additions_are_errors_at_their_own_lines(run: Run, tmp_path: Path) -> None:
    """In one file, in two given together, in a folder; with the mounts of K3s and of AKS."""
    for main in (K3S, K3S.replace("/etc/coredns/custom", "custom")):
        (tmp_path / "k8s").mkdir(exist_ok=True)
        (tmp_path / "k8s" / "coredns.yaml").write_text(main, encoding="utf-8")
        (tmp_path / "k8s" / "custom.yaml").write_text(MISTAKEN, encoding="utf-8")
        (tmp_path / "both.yaml").write_text(f"{main}---\n{MISTAKEN}", encoding="utf-8")
        for paths, file, more in (
            (("both.yaml",), "both.yaml", 17),
            (("k8s/coredns.yaml", "k8s/custom.yaml"), "k8s/custom.yaml", 0),
            (("k8s/custom.yaml", "k8s/coredns.yaml"), "k8s/custom.yaml", 0),
            (("k8s",), "k8s/custom.yaml", 0),
        ):
            done = run("check", "--format", "json", *paths)
            data = json.loads(done.out)
            assert [(f["code"], f["path"], f["line"], f["column"]) for f in data["findings"]] == [
                ("unknown-directive", file, 5 + more, 5),
                ("unknown-directive", file, 8 + more, 9),
            ]
            assert (done.code, done.err, data["corefiles"]) == (1, "", 1)


def test_additions_alone_are_checked_without_places_that_are_not_theirs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "custom.yaml").write_text(MISTAKEN, encoding="utf-8")
    findings = json.loads(run("check", "--format", "json", "custom.yaml").out)["findings"]
    assert [(f["code"], f["line"]) for f in findings] == [
        ("unknown-directive", 5),
        ("unknown-directive", 8),
        ("additions-alone", None),
    ]
    for key in ("b.server", "a.override"):
        start = ADDITIONS.index(f"  {key}")
        other = "  a.override: |\n    log\n" if key == "b.server" else ADDITIONS[ADDITIONS.index("  b.server") :]
        assert start
        (tmp_path / "custom.yaml").write_text(ADDITIONS.replace(other, ""), encoding="utf-8")
        done = run("check", "custom.yaml")
        assert (done.code, done.out.count("notice["), done.out.count("warning[")) == (0, 1, 0)
        assert "additions-alone" in done.out


def test_one_file_that_cannot_be_read_does_not_hide_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text(". {\n    whoam\n}\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "Corefile").mkdir()
    (tmp_path / "folder" / "x.corefile").symlink_to("gone")
    done = run("check", "folder", "bad")
    assert (done.code, "bad:2:5" in done.out) == (2, True)
    assert done.err == "corefile check: folder/x.corefile: No such file or directory\n"


def test_a_file_that_is_not_there_is_said_once_with_what_gives_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "Corefile").write_text(
        "a.b {\n    file /zones/db a.b\n}\nc.d {\n    file /zones/db c.d\n}\ne.f {\n    hosts /zones/other e.f\n}\n",
        encoding="utf-8",
    )
    (tmp_path / "x" / "db").write_text("@ 60 SOA ns h 1 2 3 4 5\n", encoding="utf-8")
    findings = sorted(json.loads(run("check", "--format", "json", "x").out)["findings"], key=lambda f: int(f["line"]))
    assert [(f["code"], f["line"], f["hint"].partition("; ")[2]) for f in findings] == [
        ("missing-file", 2, "--file /zones/db=x/db gives it"),
        ("missing-file", 8, "--file /zones/other=FILE gives it"),
    ]
    assert [(r["line"], r["message"]) for r in findings[0]["related"]] == [(5, "named here, too")]
    (tmp_path / "x" / "other").write_text("", encoding="utf-8")
    assert run("check", "--strict", "x", "--file", "/zones=x").out == "1 Corefile: nothing wrong for CoreDNS 1.14.7\n"


def test_the_environment_of_the_process_is_not_corednss(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same call says the same on a laptop and elsewhere; what CoreDNS's environment has is not known, and no error."""
    (tmp_path / "Corefile").write_text(".:53 {\n    forward . {$UP}\n}\n", encoding="utf-8")
    monkeypatch.setenv("UP", "10.0.0.1")
    done = run("check", "Corefile")
    assert done.code == 0
    assert done.out.startswith(
        "notice[environment-unset]: `{$UP}` is empty: the variable is not set here\n  Corefile:2:15\n"
    )
    assert "--env UP=VALUE gives it; without a value CoreDNS would not start" in done.out
    assert done.out.endswith("whether CoreDNS 1.14.7 starts depends on the environment\n")
    (tmp_path / "Corefile").write_text(".:53 {\n    hosts {\n        {$UP} a.example\n    }\n}\n", encoding="utf-8")
    (tmp_path / "other").write_text(".:53 {\n    forward . {$UP}\n    cashe\n}\n", encoding="utf-8")
    assert run("check", "--strict", "Corefile").out.endswith("CoreDNS 1.14.7 starts with it\n")
    assert "(CoreDNS stops here)" in run("check", "--format", "concise", "other").out.splitlines()[1]
    (tmp_path / "Corefile").write_text(".:53 {\n    forward . {$UP}\n}\n", encoding="utf-8")
    assert run("check", "Corefile", "--env", "UP").code == run("check", "Corefile", "--env", "UP=10.0.0.2").code == 0


def test_an_image_of_no_known_release_says_which_one_is_taken(run: Run, tmp_path: Path) -> None:
    text = (
        "kind: ConfigMap\nmetadata: {{name: coredns}}\ndata:\n  Corefile: |\n    . {{\n        proxy . 10.0.0.1\n    }}\n---\n"
        "kind: Deployment\nmetadata: {{name: coredns}}\nspec: {{template: {{spec: {{containers: [{{name: coredns, image: '{}'}}]}}}}}}\n"
    )
    for image, release, code in (("coredns/coredns:0.9.10", "1.0.0", 0), ("coredns/coredns:2.0.0", "1.14.7", 1)):
        (tmp_path / "all.yaml").write_text(text.format(image), encoding="utf-8")
        done = run("check", "all.yaml")
        assert done.code == code
        assert f"release: {release}, since none is known of the image {image} in all.yaml (--release)" in done.out


def test_an_upstream_that_does_not_start_is_wrong_use(run: Run, tmp_path: Path) -> None:
    """The kind: an error of a Corefile that an option names, in a verb that reads others."""
    (tmp_path / "up").write_text(".:53 {\n    cancl 300ms\n}\n", encoding="utf-8")
    (tmp_path / "Corefile").write_text(".:53 {\n    forward . 10.0.0.53\n}\n", encoding="utf-8")
    done = run("check", "--upstream", "10.0.0.53=up")
    assert (done.code, done.out) == (2, "")
    assert "error[unknown-directive]: CoreDNS 1.14.7 has no directive `cancl`\n  up:2:5\n" in done.err
