"""Manifests that several tests read."""

CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata:
  name: coredns
  namespace: kube-system
data:
  Corefile: |
    .:53 {
"""


def config_map(*lines: str) -> str:
    """A ConfigMap whose Corefile has one server block with these lines."""
    return CONFIG_MAP + "".join(f"        {line}\n" for line in lines) + "    }\n"
