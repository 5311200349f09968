"""What CoreDNS says first of directives with several mistakes, or with one in a corner: order, place and quotes."""

from pathlib import Path

import pytest
import yaml

from corefile import releases
from corefile.api import build
from corefile.findings import Source
from corefile.language.files import DictFiles
from corefile.testing.certificates import NAMED
from corefile.world import World

CASES = [
    (release, case["directives"], case["error"])
    for release, cases in yaml.safe_load((Path(__file__).parent.parent / "data/refusals.yaml").read_text()).items()
    for case in cases
]


@pytest.mark.parametrize(("release", "directives", "error"), CASES)
def test_the_first_error_is_coredns_own(release: str, directives: str, error: str | None) -> None:
    world = World(files=DictFiles(), env={"B": "{"})
    source = Source("Corefile", f"a.test {{\n{directives}\n}}\n")
    errors = build(source, releases.find(release), world).errors
    assert (errors[0].coredns if errors else None) == error


WITH_FILES = yaml.safe_load((Path(__file__).parent.parent / "data/refusals-with-files.yaml").read_text())


@pytest.mark.parametrize(
    ("release", "directives", "error"),
    [(release, x["directives"], x["error"]) for x in WITH_FILES["cases"] for release in x["releases"]],
)
def test_the_first_error_where_there_are_certificates(release: str, directives: str, error: str | None) -> None:
    source = Source("Corefile", f".:5300 {{\n{directives}\nwhoami\n}}\n")
    world = World(files={**NAMED, **WITH_FILES["files"]}, assume=False, cluster=[])
    errors = build(source, releases.find(release), world).errors
    assert (errors[0].coredns if errors else None) == error
