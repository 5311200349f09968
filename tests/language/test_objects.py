"""ConfigMaps wherever they stand: inside of other objects, and in texts there."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent

import pytest

from corefile import check
from corefile.cli import main
from corefile.language.configmap import find, is_manifest
from corefile.world.corefiles import corefiles

from ..texts import config_map

MAP = config_map("prometeus")
ITEM = "- " + indent(MAP, "  ")[2:]
AS_JSON = json.dumps(
    {"kind": "ConfigMap", "metadata": {"name": "coredns"}, "data": {"Corefile": ".:53 {\n prometeus\n}\n"}}
)
WRAPPED = {
    "Template": f"apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n{ITEM}",
    "ManifestWork": "apiVersion: work.open-cluster-management.io/v1\nkind: ManifestWork\nspec:\n  workload:\n    manifests:\n"
    + indent(ITEM, "    "),
    "Object": "apiVersion: kubernetes.crossplane.io/v1alpha1\nkind: Object\nspec:\n  forProvider:\n    manifest:\n"
    + indent(MAP, "      "),
    "ClusterResourceSet": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: crs}\ndata:\n  coredns.yaml: |\n    # of the add-on\n"
    + indent(f"---\n{MAP}", "    "),
    "Talos": "version: v1alpha1\ncluster:\n  inlineManifests:\n  - name: coredns\n    contents: |\n"
    + indent(MAP, "      "),
    "KubeadmConfig": "apiVersion: bootstrap.cluster.x-k8s.io/v1beta1\nkind: KubeadmConfig\nspec:\n  files:\n"
    f"  - path: /x.yaml\n    content: '{AS_JSON}'\n",
    "Ansible": "- hosts: all\n  tasks:\n  - kubernetes.core.k8s:\n      definition:\n" + indent(MAP, "        "),
    "values": "extraObjects:\n" + indent(ITEM, "  "),
}


@pytest.mark.parametrize("kind", WRAPPED)
@pytest.mark.parametrize("named", [True, False])
def test_a_config_map_in_something_else(tmp_path: Path, kind: str, named: bool) -> None:
    """What makes objects, in whatever way it has them; the place is that in the file."""
    text = WRAPPED[kind]
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    (one,) = corefiles([str(path if named else tmp_path)]).found
    (finding,) = check(str(path))
    assert finding.code == "unknown-directive"
    assert finding.span is not None
    at = finding.span.locate()
    assert text.splitlines()[at.line - 1][at.column - 1 :].startswith("prometeus")
    assert "ConfigMap" in (at.context or "")
    assert one.mounted


ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"


@pytest.mark.parametrize(
    "text",
    [
        MAP.replace("metadata:\n", f"metadata:\n  annotations:\n    {ANNOTATION}: |\n      {AS_JSON}\n"),
        MAP.replace("metadata:\n", f"metadata:\n  annotations:\n    {ANNOTATION}: '{AS_JSON}'\n"),
        f"{MAP}  about: |\n    a ConfigMap, such as\n    kind: ConfigMap\n    data: {{Corefile: x}}\n",
        f"{MAP}  broken.yaml: |\n    kind: ConfigMap\n    data: [\n",
        f"{MAP}status:\n  last:\n" + indent(MAP, "    "),
    ],
)
def test_what_was_applied_before_and_what_is_no_object(text: str) -> None:
    (one,) = find("x.yaml", text)
    assert one.source.text.startswith(".:53")
    assert one.source.embedding is not None
    assert one.source.embedding.offset(0) == text.index(".:53 {\n    ")


def test_a_corefile_is_no_manifest() -> None:
    assert not is_manifest("# kind: ConfigMap\n.:53 {\n    # kind: ConfigMap\n    whoami\n}\n")


KOPS = """apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
spec:
  kubeDNS:
    provider: CoreDNS
    coreDNSImage: example.org/coredns:1.3.1
    externalCoreFile: |
      .:53 {
          proxy . 10.0.0.53
      }
"""


def test_the_corefile_of_kops_has_its_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`proxy` went with 1.5.0."""
    path = tmp_path / "cluster.yaml"
    path.write_text(KOPS, "utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert "the image example.org/coredns:1.3.1 in" in capsys.readouterr().out
    path.write_text(KOPS.replace("    coreDNSImage: example.org/coredns:1.3.1\n", ""), "utf-8")
    assert main(["check", str(tmp_path)]) == 1


def test_the_tag_of_a_kustomization_counts(tmp_path: Path) -> None:
    """In place of that of the container, for the Corefiles that are nearest to it."""
    pod = {
        "containers": [{"name": "c", "image": "coredns/coredns:1.8.6", "args": ["-conf", "/etc/coredns/Corefile"]}],
        "volumes": [{"name": "v", "configMap": {"name": "coredns"}}],
    }
    pod["containers"][0]["volumeMounts"] = [{"name": "v", "mountPath": "/etc/coredns"}]  # type: ignore[index]
    base = {"kind": "Deployment", "spec": {"template": {"spec": pod}}}
    for name, text in (
        ("base/deployment.yaml", json.dumps(base)),
        ("a/coredns.yaml", MAP),
        ("a/kustomization.yaml", "kind: Kustomization\nimages:\n- {name: coredns/coredns, newTag: 1.9.3}\n"),
        ("b/coredns.yaml", MAP),
        ("b/kustomization.yaml", "images:\n- {name: coredns/coredns, newName: x.org/coredns, newTag: v1.11.3}\n"),
        ("b/other.yaml", "images:\n- {name: nginx, newTag: v1.11.4}\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    found = [c for c in corefiles([str(tmp_path)]).found if c.workload is not None]
    assert [c.workload and c.workload.image for c in found] == ["coredns/coredns:1.9.3", "x.org/coredns:v1.11.3"]
