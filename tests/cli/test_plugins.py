"""`corefile plugins`."""

from __future__ import annotations

import json

from corefile import plugins
from corefile.releases import LATEST

from .conftest import Run


def test_the_directives_of_a_release_in_their_order(run: Run) -> None:
    done = run("plugins")
    assert (done.code, done.err) == (0, "")
    rows = done.out.splitlines()
    assert tuple(x.split()[1] for x in rows[:-2]) == LATEST.order
    assert rows[0] == "   1  root          the directory in which relative paths of zone files are looked for"
    simulated = [name for name in LATEST.order if name in plugins.names()]
    assert rows[-1] == (
        f"{len(simulated)} of {len(LATEST.order)} are simulated; `corefile explain NAME` says more about one"
    )
    assert sum(x.endswith("not simulated yet") for x in rows) == len(LATEST.order) - len(simulated)


def test_another_release_and_data(run: Run) -> None:
    data = json.loads(run("plugins", "--release", "coredns:1.0.0", "--format", "json").out)
    assert data["release"] == "1.0.0"
    assert data["directives"][0]["name"] == "tls"
    assert data["directives"][1] == {
        "name": "root",
        "order": 2,
        "simulated": True,
        "summary": "the directory in which relative paths of zone files are looked for.",
    }
    names = [d["name"] for d in data["directives"]]
    assert "proxy" in names
    assert "forward" not in names
    wrong = run("plugins", "--release", "0.1")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("corefile plugins: `0.1` names no release of CoreDNS")
