"""Corefiles in kustomizations."""

from __future__ import annotations

import pytest

from corefile.language.kustomize import generated, inline

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


@pytest.mark.parametrize("head", ["", HEAD, f"{HEAD}resources: [x.yaml]\n"])
def test_files_of_generators(head: str) -> None:
    text = f"{head}configMapGenerator:\n- name: coredns\n  files: [Corefile=dns.txt, NodeHosts=hosts, other.txt]\n"
    assert generated(text) == [("dns.txt", {"NodeHosts": "hosts", "other.txt": "other.txt"})]
    assert generated(f"{head}configMapGenerator: 3\n") == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("configMapGenerator:\n- literals:\n  - x=y\n  - |\n    Corefile=. {\n        erors\n    }\n", 6, 9),
        ('configMapGenerator:\n- literals: ["Corefile=. {\\n    erors\\n}\\n"]\n', 2, 33),
        (
            (
                "patches:\n- target: {kind: ConfigMap}\n  patch: |-\n    - op: replace\n      path: /data/Corefile\n      value: |\n"
                "        . {\n            erors\n        }\n"
            ),
            8,
            13,
        ),
        (
            (
                "patches:\n- path: x.yaml\n- patch: |\n    kind: ConfigMap\n    data:\n      Corefile: |\n        . {\n            erors\n"
                "        }\n"
            ),
            8,
            13,
        ),
        (
            "patchesStrategicMerge:\n- x.yaml\n- |-\n  kind: ConfigMap\n  data:\n    Corefile: '. {\n\n          erors\n\n      }'\n",
            8,
            11,
        ),
    ],
)
def test_corefiles_in_the_kustomization_itself(text: str, line: int, column: int) -> None:
    """Their places are those in the file, however deep they are in texts of texts."""
    (source,) = inline("kustomization.yaml", HEAD + text)
    assert source.text.split() == [".", "{", "erors", "}"]
    assert source.name == "Corefile"
    place = source.locate(source.text.index("erors"))
    assert (place.path, place.line - 2, place.column) == ("kustomization.yaml", line, column)


@pytest.mark.parametrize(
    "text",
    [
        "patches:\n- patch: |-\n    - op: remove\n      path: /data/Corefile\n",
        "patches:\n- patch: |-\n    Corefile: [\n",
        "patches: Corefile\n",
        "configMapGenerator:\n- literals: [NoCorefile=x]\n",
        "patches: [",
    ],
)
def test_what_has_none(text: str) -> None:
    assert list(inline("kustomization.yaml", text)) == []
