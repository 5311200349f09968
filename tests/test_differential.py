"""The differential without a binary: each question that it draws can be asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import differential  # noqa: E402
import starts  # noqa: E402
from draws import DRAWERS, Draw, Ports, scene  # noqa: E402

from corefile.dns import wire  # noqa: E402
from corefile.releases import find  # noqa: E402


@pytest.mark.parametrize("release", ["1.0.5", "1.14.7"])
@pytest.mark.parametrize("name", sorted(DRAWERS))
def test_each_step_is_a_message(name: str, release: str) -> None:
    draw = Draw(
        f"test/{name}",
        find(release),
        Ports(5300, 1, 9153, 5301, 5302, {"etcd": 5303, "nomad": 5304, "clouds": 5305}, "127.1.1.1"),
    )
    for step in scene(draw, [name], 53).steps:
        if "query" in step:
            found = wire.unpack(wire.pack(differential.message(step)))
            assert found.question is not None
            assert found.question.name.lower() == step["query"].split()[0].lower()
            assert (found.edns is not None) == ("edns" in step)


def test_starts_are_told_apart() -> None:
    at_2, other = "Corefile:2 - Error during parsing: Unknown directive 'x'", "Corefile:2 - Syntax error: x"
    told = {
        ("", ""): "both start",
        (at_2, at_2): "both refuse in the same words",
        ("panic: a", "panic: b"): "both refuse in the same words",
        ("", at_2): "the simulator alone refuses",
        (at_2, ""): "the binary alone refuses",
        (at_2, other): "both refuse, at the same line in other words",
        ("plugin/x: y", at_2): "both refuse, at another line in other words",
    }
    assert {said: starts.told(starts.Start("1", "", *said)) for said in told} == told


@pytest.mark.parametrize("kind", ["valid", "broken"])
def test_starts_are_what_is_simulated(kind: str) -> None:
    release = find("1.14.7")
    said = [starts.simulated(starts.examples(kind, release)[str(n)], release) for n in range(12)]
    assert any(said) == (kind == "broken")


def test_starts_know_their_machine() -> None:
    said = [starts.simulated(f". {{\n    bind {where}\n}}\n", find("1.14.7")) for where in ("lo", "10.0.0.9", "eth0")]
    assert said == ["", "", 'plugin/bind: not a valid IP address or interface name: "eth0"']


def test_what_needs_others_to_start_is_left_out() -> None:
    assert starts.ASKS_A_CLOUD.search(". {\n    route53 example.org.:Z1 {\n    }\n}\n")
    assert starts.LOGS_IN.search(". {\n    etcd {\n        path /a\n        credentials a b\n    }\n}\n")
    assert not starts.LOGS_IN.search(". {\n    etcd\n    clouddns {\n        credentials a\n    }\n}\n")
    waiting = ". {\n    kubernetes {\n        startup_timeout %s\n    }\n}\n"
    assert [bool(starts.WAITS.search(waiting % long)) for long in ("17s", "1m", "5s")] == [True, True, False]
    assert not starts.ASKS_A_CLOUD.search(". {\n    route53 {\n        refresh 1m:\n    }\n}\n")
