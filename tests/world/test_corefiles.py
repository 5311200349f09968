"""The Corefiles in files and folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corefile.findings import Limits, Span
from corefile.world.corefiles import COREFILE, Images, corefiles, is_name_of_one, looks_like_manifest
from corefile.world.workloads import Workload

MAP = "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  Corefile: '. {}'\n"
CUSTOM = "kind: ConfigMap\nmetadata: {name: coredns-custom}\ndata:\n  a.server: 'a {}'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "Corefile": ". {}",
        "other.corefile": ". {}",
        "k8s/prod/coredns.yaml": MAP,
        "k8s/prod/custom.yaml": CUSTOM,
        "k8s/test/coredns.yaml": MAP,
        "k8s/web.yaml": "kind: Service\n",
        "k8s/values.yaml": "image: x\n",
        "k8s/broken.yaml": "kind: [\n",
        "k8s/notes.txt": "nothing",
        ".git/Corefile": ". {}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_and_all_below_it(folder: Path) -> None:
    given = corefiles(["."])
    assert [(c.source.path, c.root, c.mounted, sorted(c.files)) for c in given.found] == [
        ("Corefile", ".", False, []),
        ("other.corefile", ".", False, []),
        ("k8s/prod/coredns.yaml", "k8s/prod", True, ["custom/a.server"]),
        ("k8s/test/coredns.yaml", "k8s/test", True, []),
    ]
    assert ("k8s/broken.yaml", "no YAML") in given.passed
    assert ("k8s/web.yaml", "no Corefile in it") in given.passed
    assert (given.findings, given.without, given.errors) == ([], [], [])


def test_files_that_are_named_are_read_in_their_order(folder: Path) -> None:
    given = corefiles(["k8s/prod/coredns.yaml", "gone", "Corefile", "k8s/values.yaml", "k8s/notes.txt"])
    assert [c.source.path for c in given.found] == ["k8s/prod/coredns.yaml", "Corefile", "k8s/notes.txt"]
    assert (given.without, [e.filename for e in given.errors]) == (["k8s/values.yaml"], ["gone"])


def test_additions_belong_to_the_nearest_corefiles(folder: Path) -> None:
    """Those in one file, or else in one folder, or else in the folders closest by; and alone where there is none."""
    far = corefiles(["k8s/test/coredns.yaml", "k8s/prod/custom.yaml"])
    assert [(c.source.path, list(c.files), c.alone) for c in far.found] == [
        ("k8s/test/coredns.yaml", ["custom/a.server"], False)
    ]
    (alone,) = corefiles(["k8s/prod/custom.yaml"]).found
    assert (alone.alone, alone.root, list(alone.files)) == (True, "k8s/prod", ["custom/a.server"])
    (folder / "k8s/prod/coredns.yaml").write_text(
        f"{MAP}---\n{CUSTOM.replace('a.server', 'b.server')}", encoding="utf-8"
    )
    (both,) = corefiles(["k8s/prod"]).found
    assert sorted(both.files) == ["custom/a.server", "custom/b.server"]


@pytest.mark.parametrize(
    ("text", "manifest"),
    [
        ("apiVersion: v1\nkind: ConfigMap\n", True),
        ('{"apiVersion": "v1"}', True),
        ("- kind: ConfigMap\n", True),
        (". {\n    whoami\n}\n", False),
        ("kind.example.org {\n    whoami\n}\n", False),
        ("", False),
    ],
)
def test_manifests_are_told_from_corefiles(text: str, manifest: bool) -> None:
    assert looks_like_manifest(text) is manifest


def test_names_that_are_taken_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    taken = ["Corefile", "Corefile-dev", "Corefile.prod", "corefile", "coredns.conf", "x.corefile"]
    other = ["Corefile.md", "corefile.py", "Corefile.j2", "notes.txt", "corefile.toml"]
    for name in (*taken, *other):
        Path(name).write_text(". {\n    whoami\n}\n", encoding="utf-8")
    given = corefiles(["."])
    assert sorted(c.source.path for c in given.found) == sorted(taken)
    assert all(is_name_of_one(name) for name in taken)
    assert not any(is_name_of_one(name) for name in other)


def test_additions_that_are_files_are_checked_with_the_corefile_beside_them_or_alone(tmp_path: Path) -> None:
    for name in ("with/custom", "without"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "x.server").write_text("a.b {\n    whoami\n}\n", encoding="utf-8")
        (tmp_path / name / "y.override").write_text("log\n", encoding="utf-8")
    (tmp_path / "with" / "Corefile").write_text("import custom/*.server\n", encoding="utf-8")
    given = corefiles([str(tmp_path / "with")])
    assert [(os.path.basename(c.source.path), c.alone) for c in given.found] == [("Corefile", False)]
    assert len(given.passed) == 2
    (alone,) = corefiles([str(tmp_path / "without")]).found
    assert (alone.alone, sorted(alone.files)) == (True, ["custom/x.server", "custom/y.override"])
    assert alone.source.text == ".:53 {\n    import custom/*.override\n}\nimport custom/*.server\n"


def test_values_and_generators_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(
        "replicas: 2\ncoredns:\n  corefile: |\n    . {\n        whoami\n    }\n", "utf-8"
    )
    (tmp_path / "addon.json").write_text('{"replicaCount": 3, "corefile": ". {\\n    whoami\\n}\\n"}', "utf-8")
    (tmp_path / "dns.txt").write_text(". {\n    whoami\n}\n", "utf-8")
    (tmp_path / "kustomization.yaml").write_text(
        "configMapGenerator:\n- name: coredns\n  files:\n  - Corefile=dns.txt\n  - other.txt\n", "utf-8"
    )
    given = corefiles([str(tmp_path)])
    assert [os.path.basename(c.source.path) for c in given.found] == ["addon.json", "dns.txt", "values.yaml"]
    assert all(c.source.text == ". {\n    whoami\n}\n" for c in given.found)
    assert given.found[2].source.locate(0)[1:3] == (4, 5)


def test_corefiles_of_a_kustomization_come_in_the_order_of_their_lines(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text(
        "kind: Kustomization\npatches:\n- patch: |\n    data:\n      Corefile: 'a {}'\n"
        "configMapGenerator:\n- literals: ['Corefile=b {}']\n",
        "utf-8",
    )
    given = corefiles([str(tmp_path)])
    assert [c.source.text for c in given.found] == ["a {}", "b {}"]
    assert (given.passed, given.findings) == ([], [])


@pytest.mark.parametrize("named", [".", "kustomization.yaml", "Corefile"])
def test_the_files_of_a_generated_config_map_are_beside_its_corefile(tmp_path: Path, named: str) -> None:
    (tmp_path / "Corefile").write_text(". {\n    whoami\n}\n", "utf-8")
    (tmp_path / "hosts.txt").write_text("10.0.0.1 a\n", "utf-8")
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones" / "db").write_text("", "utf-8")
    (tmp_path / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "configMapGenerator:\n- name: coredns\n  files: [Corefile, zones/db, NodeHosts=hosts.txt, x=../outside, gone]\n",
        "utf-8",
    )
    (corefile,) = corefiles([str(tmp_path / named)]).found
    assert sorted(corefile.files) == ([] if named == "Corefile" else ["NodeHosts", "db"])


def test_files_that_are_handed_over_are_looked_at_as_those_of_a_folder(tmp_path: Path) -> None:
    template = tmp_path / "chart.yaml"
    template.write_text("kind: ConfigMap\nmetadata: {name: {{ .x }}}\ndata:\n  Corefile: |\n    . { }\n", "utf-8")
    assert corefiles([str(template)]).findings
    given = corefiles([str(template)], handed=True)
    assert (given.findings, given.found, given.passed) == ([], [], [(str(template), "a template")])
    (tmp_path / "broken.yaml").write_text("kind: ConfigMap\ndata:\n  Corefile: |\n    . { }\n a: [\n", "utf-8")
    assert corefiles([str(tmp_path / "broken.yaml")], handed=True).findings


@pytest.mark.parametrize(
    "name", ["Corefile.template", "Corefile.tmpl", "Corefile.in", "corefile.5", "corefile.jinja2", "corefile.md"]
)
def test_what_a_name_says_to_be_no_corefile_is_passed_over_in_a_folder_and_read_where_it_is_named(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "Corefile.prod").write_text(". {\n    whoami\n}\n", "utf-8")
    (tmp_path / name).write_text("{{ x }} {\n}\n", "utf-8")
    assert [os.path.basename(one.source.path) for one in corefiles([str(tmp_path)]).found] == ["Corefile.prod"]
    assert len(corefiles([str(tmp_path / name)]).found) == 1
    assert corefiles([str(tmp_path / name)], handed=True).found == []


def test_templates_and_foreign_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(". {\n    whoami\n}\n", "utf-8")
    (tmp_path / "chart.yaml").write_text("kind: ConfigMap\ndata:\n  {{- toYaml .x }}\n  Corefile: |\n", "utf-8")
    (tmp_path / "foreign.yaml").write_text("kind: x\n  a: [\n", "utf-8")
    given = corefiles([str(tmp_path)])
    assert (len(given.found), given.findings, given.errors) == (1, [], [])
    assert sorted(why for _, why in given.passed) == ["a template", "no YAML"]
    (finding,) = corefiles([str(tmp_path / "chart.yaml")]).findings
    assert "helm template" in finding.hint


DEPLOYMENT = """kind: Deployment
metadata: {name: coredns}
spec:
  template:
    spec:
      containers:
      - name: coredns
        image: registry.k8s.io/coredns/coredns:v1.9.3
        env:
        - {name: UP, value: 10.0.0.53}
        - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
"""


def test_the_container_that_runs_it_stands_nearest(tmp_path: Path) -> None:
    for name, version in (("a", "1.9.3"), ("b", "1.11.1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Corefile").write_text(". {\n    whoami\n}\n", "utf-8")
        (tmp_path / name / "deploy.yaml").write_text(DEPLOYMENT.replace("1.9.3", version), "utf-8")
    found = corefiles([str(tmp_path)]).found
    workloads = [c.workload for c in found]
    assert [w and (w.image, w.env) for w in workloads] == [
        (f"registry.k8s.io/coredns/coredns:v{version}", {"UP": "10.0.0.53"}) for version in ("1.9.3", "1.11.1")
    ]


def test_a_template_of_k3s_is_passed_over_in_a_folder_and_named_as_such(tmp_path: Path) -> None:
    text = f"{MAP}---\nkind: Service\nspec:\n  clusterIP: %{{CLUSTER_DNS}}%\n"
    (tmp_path / "coredns.yaml").write_text(text, "utf-8")
    given = corefiles([str(tmp_path)])
    assert (given.findings, [why for _, why in given.passed]) == ([], ["a template"])
    (finding,) = corefiles([str(tmp_path / "coredns.yaml")]).findings
    assert "template of k3s" in finding.hint


@pytest.mark.parametrize(
    "text",
    [
        "corefile: |\n  . {\n  }\n",
        "servers:\n- zones:\n  - zone: .\n  plugins:\n  - name: whoami\n",
    ],
)
def test_all_of_a_manifest_is_read_within_the_same_limits(tmp_path: Path, text: str) -> None:
    (tmp_path / "values.yaml").write_text(f"{text}other:\n" + "- 1\n" * 50, "utf-8")
    found = [len(corefiles([str(tmp_path)], limits=Limits(yaml_values=most)).found) for most in (50, 100)]
    assert found == [0, 1]


@pytest.mark.parametrize(
    "begin", ["corefile: |\n  . {\n  }\n", "servers:\n- plugins: []\n", "configMapGenerator: []\n", ""]
)
@pytest.mark.parametrize(("rest", "code"), [("x: [\n", "bad-yaml"), ("many:\n" + "- 1\n" * 50, "too-large")])
def test_what_is_wrong_with_a_file_that_is_named_itself_is_said(
    tmp_path: Path, begin: str, rest: str, code: str
) -> None:
    """That there is no Corefile in it is not all: the kind is a file that could not be looked through. In a folder it counts
    only where it has a key `corefile`."""
    path = tmp_path / "values.yaml"
    path.write_text(f"{begin}{rest}", "utf-8")
    limits = Limits(yaml_values=30)
    given = corefiles([str(path)], limits=limits)
    assert [(f.code, f.span and f.span.source.path) for f in given.findings] == [(code, str(path))]
    assert (given.found, given.without) == ([], [])
    assert ("--limit yaml-values=" in given.findings[0].hint) is (code == "too-large")
    handed = corefiles([str(path)], limits=limits, handed=True)
    folder = corefiles([str(tmp_path)], limits=limits)
    for one in (handed, folder):
        assert [f.code for f in one.findings] == [code] * begin.startswith("corefile")


@pytest.mark.parametrize(
    "text",
    [
        "corefile: |\n  . {\n      whoami\n  }\n",
        "# of the add-on\n---\ncoredns:\n  corefile: |\n    . {\n        whoami\n    }\n",
        '{"replicaCount": 2, "corefile": ". {\\n    whoami\\n}\\n"}\n',
        "servers:\n- zones: [{zone: .}]\n  plugins: [{name: whoami}]\n",
        "USER-SUPPLIED VALUES:\nservers:\n- zones: [{zone: .}]\n  plugins: [{name: whoami}]\n",
        "COMPUTED VALUES:\ncorefile: |\n  . {\n      whoami\n  }\n",
        '{"addon": {"addonName": "coredns", "configurationValues": "{\\"corefile\\": \\". {\\\\n whoami\\\\n}\\"}"}}\n',
    ],
)
def test_values_are_known_without_the_name_of_a_file(tmp_path: Path, text: str) -> None:
    """As `helm get values` and `aws eks describe-addon` pipe them in."""
    (tmp_path / "input").write_text(text, "utf-8")
    (found,) = corefiles([str(tmp_path / "input")]).found
    assert found.source.text.split() == [".", "{", "whoami", "}"]
    assert found.source.embedding is not None
    (tmp_path / "input").write_text("corefile: |\n  . {\n  }\nx: [\n", "utf-8")
    assert [f.code for f in corefiles([str(tmp_path / "input")]).findings] == ["bad-yaml"]


def test_a_corefile_whose_first_word_looks_like_a_key_stays_one(tmp_path: Path) -> None:
    (tmp_path / "input").write_text("corefile: {\n    whoami\n}\n", "utf-8")
    (found,) = corefiles([str(tmp_path / "input")]).found
    assert found.source.embedding is None


BAD = ". {\\n    whoamy\\n}\\n"
LIST = f'{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {{"name": "c"}}, "data": {{"Corefile": "{BAD}"}}}}'


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        "kind: ConfigMap\ndata:\n  Corefile: |\n    . {\n        whoamy\n    }\n",
        "servers:\n- zones: [{zone: .}]\n  plugins: [{name: whoamy}]\n",
        "corefile: |\n  . {\n      whoamy\n  }\n",
        "configMapGenerator:\n- name: coredns\n  literals:\n  - |-\n    Corefile=. {\n        whoamy\n    }\n",
    ],
)
def test_a_byte_order_mark_hides_nothing(tmp_path: Path, text: str) -> None:
    """PowerShell writes one: what is known by its first word is known behind it, and its places are the same."""
    named = ["input.yaml"] + ["input"] * (not text.startswith("configMap"))  # a kustomization has a name
    places = []
    for path, mark in ((tmp_path / name, mark) for name in named for mark in ("", "\ufeff")):
        path.write_text(mark + text, "utf-8")
        given = corefiles([str(path)])
        assert not given.findings
        (found,) = given.found
        at = Span(found.source, found.source.text.index("whoamy"), found.source.text.index("whoamy") + 6).locate()
        places.append((found.source.text.split(), at.line, at.column))
    assert all(place == places[0] for place in places)


def test_json_objects_one_behind_the_other_are_all_looked_at(tmp_path: Path) -> None:
    """As `jq '.items[]'` prints them; of one that is cut off the others stay, and it is said where."""
    path = tmp_path / "all.json"
    path.write_text(f'{{"kind": "Namespace", "apiVersion": "v1"}}\n{LIST}\n{LIST}{LIST[:40]}\n', "utf-8")
    given = corefiles([str(path)])
    assert len(given.found) == 2
    (finding,) = given.findings
    assert finding.span is not None
    assert (finding.code, finding.span.locate().line) == ("bad-yaml", 4)
    path.write_text(f'{{"kind": "Namespace", "apiVersion": "v1"}}{LIST}', "utf-8")
    assert ([len(c.source.text) > 0 for c in corefiles([str(path)]).found], corefiles([str(path)]).findings) == (
        [True],
        [],
    )


@pytest.mark.parametrize("behind", ["---\nThis is prose\nand more: of it\n  or less\n", "---\nx: [\n"])
def test_documents_above_what_is_no_yaml_are_checked(tmp_path: Path, behind: str) -> None:
    """One mistake does not hide the others; but templates, and what is passed over, say nothing at all."""
    (tmp_path / "all.yaml").write_text(f"{MAP}---\n{CUSTOM}{behind}", "utf-8")
    given = corefiles([str(tmp_path / "all.yaml")])
    assert [f.code for f in given.findings] == ["bad-yaml"]
    assert [sorted(c.files) for c in given.found] == [["custom/a.server"]]
    assert corefiles([str(tmp_path / "all.yaml")], handed=True).found
    (tmp_path / "all.yaml").write_text(f"{MAP}{behind}{{{{ if x }}}}\n", "utf-8")
    assert corefiles([str(tmp_path / "all.yaml")]).found == []
    assert corefiles([str(tmp_path)]).passed == [(str(tmp_path / "all.yaml"), "a template")]


def test_the_notes_that_helm_prints_are_no_mistake(tmp_path: Path) -> None:
    """`helm install --dry-run` prints what it installs, and then words for a reader."""
    (tmp_path / "out.yaml").write_text(f"NAME: x\nMANIFEST:\n---\n{MAP}NOTES:\n1. Run this: now\n  and that\n", "utf-8")
    given = corefiles([str(tmp_path / "out.yaml")])
    assert (len(given.found), given.findings) == (1, [])
    (tmp_path / "out.yaml").write_text(f"---\n{MAP}x: [\nNOTES:\n1. Run this: now\n", "utf-8")
    assert [f.code for f in corefiles([str(tmp_path / "out.yaml")]).findings] == ["bad-yaml"]


@pytest.mark.parametrize("name", ["all.yaml", "main.tf"])
def test_the_corefiles_of_a_file_are_limited(tmp_path: Path, name: str) -> None:
    """They are checked one by one: a short text for each takes as long as a long one for all."""
    one = f"{MAP}---\n" if name == "all.yaml" else "Corefile = <<E\n. {\n}\nE\n"
    (tmp_path / name).write_text(one * 5, "utf-8")
    assert len(corefiles([str(tmp_path / name)]).found) == 5
    given = corefiles([str(tmp_path / name)], limits=Limits(yaml_values=3 * COREFILE))
    assert (len(given.found), [f.code for f in given.findings]) == (3, ["too-large"])
    assert given.findings[0].span is not None
    assert "--limit yaml-values" in given.findings[0].hint


def test_values_around_a_corefile_name_its_image_before_all_others() -> None:
    """Those that are nearest around it; of a release that is known, where one is."""
    images = Images(
        [
            Workload("a.yaml", "coredns:1.8.0", {}),
            Workload("a.yaml", "coredns:1.8.1", {}, 10, 90),
            Workload("a.yaml", "coredns:1.8.2", {}, 20, 40),
            Workload("a.yaml", "coredns:x", {}, 25, 30),
            Workload("a.yaml", "coredns:1.8.3", {}, 50, 60),
            Workload("d/b.yaml", "coredns:1.8.4", {}),
        ]
    )
    asked = [("a.yaml", 5), ("a.yaml", 15), ("a.yaml", 27), ("a.yaml", 55), ("a.yaml", 70), ("d/c.yaml", 15)]
    found = [images.nearest(path, at) for path, at in asked]
    assert [one and one.tag for one in found] == ["1.8.0", "1.8.1", "1.8.2", "1.8.3", "1.8.1", "1.8.4"]
    assert Images([]).nearest("a.yaml", 0) is None


def test_what_kubectl_describe_prints_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(
        "Name:         coredns\nNamespace:    kube-system\n\nData\n====\nCorefile:\n----\n. {\n}\n", "utf-8"
    )
    (finding,) = corefiles([str(path)]).findings
    assert "kubectl describe" in finding.message
    assert "-o yaml" in finding.hint


@pytest.mark.parametrize(
    "line",
    [
        'answer "{{ .Name }} 60 IN A 10.0.0.1"',
        'answer "{{ index .Match 1 }} 60 IN A {{.Group.a}}"',
        'answer "{{ if eq .Type `A` }}{{ .Name }}{{ else }}x{{ end }} 60 IN A 10.0.0.1"',
    ],
)
def test_a_manifest_with_templates_of_coredns_is_no_template(tmp_path: Path, line: str) -> None:
    """Its mistakes are told, also in a folder; CoreDNS fills in what `answer` has."""
    text = f"kind: ConfigMap\ndata:\n  Corefile: |\n    . {{\n        template IN A {{\n            {line}\n        }}\n    }}\n"
    (tmp_path / "a.yaml").write_text(f"{text} bad: [\n", "utf-8")
    for path in (tmp_path, tmp_path / "a.yaml"):
        (finding,) = corefiles([str(path)]).findings
        assert finding.code == "bad-yaml"
        assert "template" not in finding.hint
    (tmp_path / "a.yaml").write_text(f"{text} bad: {{{{ .Release.Name }}}}\n", "utf-8")
    assert [why for _, why in corefiles([str(tmp_path)]).passed] == ["a template"]
