"""Corefiles that CoreDNS's Helm chart makes of values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corefile import World
from corefile.language.charts import charts
from corefile.lint import checks

VALUES = """servers:
- zones:
  - zone: .
  - zone: example.org
    scheme: dns://
  port: 53
  plugins:
  - name: errors
  - name: health
    configBlock: |-
      lameduck 10s
  - name: kubernetes
    parameters: cluster.local in-addr.arpa
    configBlock: |-
      pods insecure
      falltrough in-addr.arpa
  - name: forward
    parameters: . /etc/resolv.conf
"""
COREFILE = """. dns://example.org:53 {
    errors
    health {
        lameduck 10s
    }
    kubernetes cluster.local in-addr.arpa {
        pods insecure
        falltrough in-addr.arpa
    }
    forward . /etc/resolv.conf
}
"""


def as_helm_chart_config(values: str) -> str:
    moved = "".join(f"    {line}" for line in values.splitlines(keepends=True))
    return f"apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {{name: rke2-coredns}}\nspec:\n  valuesContent: |-\n{moved}"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (VALUES, 16, 7),
        ("coredns:\n" + "".join(f"  {line}" for line in VALUES.splitlines(keepends=True)), 17, 9),
        (as_helm_chart_config(VALUES), 21, 11),
    ],
)
def test_values_are_what_the_template_makes_of_them_and_places_are_theirs(text: str, line: int, column: int) -> None:
    ((source, _),) = charts("values.yaml", text)
    assert source.text == COREFILE
    (one,) = checks(source)
    assert (one.code, one.span and one.span.locate()[:3]) == ("unknown-property", ("values.yaml", line, column))
    assert one.span is not None
    assert one.span.locate().source_line.strip() == "falltrough in-addr.arpa"


@pytest.mark.parametrize(
    ("above", "indent"),
    [
        ("kind: HelmRelease\nspec:\n  values:\n", 4),
        ("kind: Application\nspec:\n  source:\n    helm:\n      values: |\n", 8),
        ("kind: Application\nspec:\n  sources:\n  - helm:\n      valuesObject:\n        coredns:\n", 10),
    ],
)
def test_values_in_what_a_cluster_installs_charts_from(above: str, indent: int) -> None:
    text = above + "".join(" " * indent + one for one in VALUES.splitlines(keepends=True))
    ((source, _),) = charts("release.yaml", text)
    assert source.text == COREFILE
    (one,) = checks(source)
    assert one.span is not None
    assert one.span.locate().line == 16 + above.count("\n")


@pytest.mark.parametrize(
    "text", ["servers: [a, b]\n", "servers: {x: 1}\n", "nginx:\n  servers:\n  - name: a\n", "a: [\n"]
)
def test_other_servers_are_none(text: str) -> None:
    assert charts("values.yaml", text) == []


@pytest.mark.parametrize("as_text", [str, as_helm_chart_config])
def test_files_of_zones_stand_beside_the_corefile(as_text: Callable[[str], str]) -> None:
    values = """servers:
- zones: [{zone: example.org}]
  port: 53
  plugins:
  - {name: file, parameters: example.db}
zoneFiles:
- filename: example.db
  domain: example.org
  contents: |
    @ 60 IN SOA ns host 1 2 3 4 5
    @ 60 IN NS ns
    ns 60 IN A 10.0.0.256
"""
    text = as_text(values)
    ((source, files),) = charts("values.yaml", text)
    world = World()
    world.settle(None, files)
    (one,) = checks(source, world=world)
    assert "example.db:3: bad A A" in one.message
    ((place, _),) = one.related
    at = place.locate()
    assert text.splitlines()[at.line - 1][at.column - 1 :] == "10.0.0.256"
