"""What CoreDNS of further releases answered to the recorded cases, and to blocks with several keys.

Each document of tests/recorded is a case as in tests/conformance, with all releases of which CoreDNS did the same. They
were recorded in one afternoon from binaries of these releases, and are kept so that no change makes an older release
forget what it did. Left out is what no two runs have in common: random query IDs in a log, and races.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from corefile.testing.cases import Case, run

from .test_conformance import judge

FILES = sorted((Path(__file__).parent / "recorded").glob("*.yaml"))
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def cases() -> list[Any]:
    """One parameter for each case and release."""
    out = []
    for file in FILES:
        for number, data in enumerate(yaml.load_all(file.read_text(encoding="utf-8"), LOADER)):
            name = data.pop("name")
            for release in data.pop("coredns"):
                out.append(
                    pytest.param(file, name, {"coredns": release, **data}, id=f"{file.stem}/{number}-{name}-{release}")
                )
    return out


@pytest.mark.parametrize(("file", "name", "data"), cases())
def test_case(file: Path, name: str, data: dict[str, Any]) -> None:
    wrong = judge(data, run(Case(str(file), data)))
    assert not wrong, "\n".join(wrong)
