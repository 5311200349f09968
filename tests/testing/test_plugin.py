"""pytest runs files named `*.dns.yaml`: one item a step, and failures without a Python traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import corefile
from corefile.testing.coverage import Report

TEXT = """corefile: |
  .:53 {
      hosts {
          10.0.0.1 a.example.org
      }
  }
steps:
- query: a.example.org. A
  expect: {only: true, answer: [a.example.org. 3600 IN A 10.0.0.1]}
- query: a.example.org. A
  expect: {only: true, answer: [a.example.org. 3600 IN A 10.0.0.2]}
- get: :8080/health
- metrics: [up]
- write: {x: y}
"""


def pytest_in(folder: Path, *options: str, plugins: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(corefile.__file__).parent.parent),
        "PYTEST_ADDOPTS": "",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "120",
    }
    command = [sys.executable, "-m", "pytest", "-p", "corefile.testing.plugin", "-p", "no:cacheprovider", "-rA"]
    command += [word for plugin in plugins for word in ("-p", plugin)] + list(options)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_each_step_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "names.dns.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("no: test\n", encoding="utf-8")
    done = pytest_in(tmp_path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [x.split(" - ")[0] for x in lines if x.startswith(("PASSED", "FAILED"))] == [
        "PASSED names.dns.yaml::1: a.example.org. A",
        "PASSED names.dns.yaml::3: :8080/health",
        "PASSED names.dns.yaml::4: up",
        "PASSED names.dns.yaml::5: write x",
        "FAILED names.dns.yaml::2: a.example.org. A",
    ]
    assert "FAILED names.dns.yaml::2: a.example.org. A - answer: 10.0.0.1 in place of 10.0.0.2" in lines
    assert "\nnames.dns.yaml:10:3  a.example.org. A   answer differs" in done.stdout
    assert "   - a.example.org. 3600 IN A 10.0.0.2\n   + a.example.org. 3600 IN A 10.0.0.1\n" in done.stdout
    assert "  `- hosts 2   a.example.org. has 1 entry -> NOERROR\n" in done.stdout
    assert "Traceback" not in done.stdout
    assert str(tmp_path) not in done.stdout.partition("short test summary")[2]
    assert "4 passed" in lines[-1]


def test_each_run_of_a_file_has_its_items(tmp_path: Path) -> None:
    """Also where another run of the file does not start."""
    text = """coredns: [1.4.0, 1.14.7]
corefile: |
  .:53 {
      forward . 10.0.0.53
      minimal
  }
upstreams:
  10.0.0.53: a.test. 60 IN A 10.0.0.1
names:
  a.test: 10.0.0.1
steps:
- query: a.test. A
  expect: {compare: mentioned, rcode: NXDOMAIN}
"""
    (tmp_path / "runs.dns.yaml").write_text(text, encoding="utf-8")
    lines = pytest_in(tmp_path).stdout.splitlines()
    assert sorted(x.split(" - ")[0] for x in lines if x.startswith(("PASSED", "FAILED"))) == [
        "FAILED runs.dns.yaml::1: a.test A [1.4.0]",
        "FAILED runs.dns.yaml::2: a.test. A [1.4.0]",
        "FAILED runs.dns.yaml::4: a.test. A [1.14.7]",
        "PASSED runs.dns.yaml::3: a.test A [1.14.7]",
    ]


def test_a_corefile_that_starts_where_it_should_not_fails(tmp_path: Path) -> None:
    (tmp_path / "a.dns.yaml").write_text(TEXT + "error: no\n", encoding="utf-8")
    assert "5 failed" in pytest_in(tmp_path).stdout.splitlines()[-1]


def test_a_file_that_cannot_run_fails_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.dns.yaml").write_text("corefile: |\n  . {\n      whoam\n  }\nsteps: []\n", encoding="utf-8")
    (tmp_path / "b.dns.yml").write_text("corefile: '. {}'\nstps: []\n", encoding="utf-8")
    (tmp_path / "c.dns.yaml").write_text("corefile: |\n  . {\n      whoam\n  }\nerror: whoam\n", encoding="utf-8")
    done = pytest_in(tmp_path)
    assert done.returncode == 1
    assert "\na.dns.yaml  CoreDNS would not start\n" in done.stdout
    assert "FAILED a.dns.yaml::1: starts - CoreDNS would not start\n" in done.stdout
    assert "a.dns.yaml:3:7  (resolution test, key corefile, line 2)" in done.stdout
    assert "b.dns.yml:2:1  `stps` is not known here: did you mean `steps`?" in done.stdout
    assert "PASSED c.dns.yaml::1: starts\n" in done.stdout
    assert "2 failed, 1 passed" in done.stdout.splitlines()[-1]


def test_an_exception_of_a_plugin_of_ones_own_is_shown_from_its_code_on(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from corefile.plugin import Answerer\nfrom corefile.plugins import register\n\n"
        "class Failing(Answerer):\n    def answer(self, query, zone):\n        return {}[query.name]\n\n"
        "register('failing', Failing)\n",
        encoding="utf-8",
    )
    text = "corefile: |\n  . {\n      failing\n  }\nplugins: [failing]\nnames:\n  a.example: NODATA\n"
    (tmp_path / "dns.yaml").write_text(text, encoding="utf-8")
    done = pytest_in(tmp_path)
    assert "\ndns.yaml:7:3  the plugin `failing` has failed: KeyError: 'a.example.'\n\nTraceback (most" in done.stdout
    assert f'last):\n  File "{tmp_path}/conftest.py", line 6, in answer\n' in done.stdout
    assert "FAILED dns.yaml::1: a.example A - the plugin `failing` has failed: KeyError: " in done.stdout


COREFILE = """.:53 {
    hosts {
        10.0.0.1 a.example.org
        10.0.0.2 b.example.org
    }
    cache 30
}
"""
CONFIGURATION = "[pytest]\ncorefile = dns/Corefile\ncorefile_cluster = cluster.yaml\naddopts = --strict-markers\n"
CLUSTER = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
TESTS = """import pytest
from corefile import CorefileError, Server, World
from corefile.testing import assert_rcode, assert_resolves


def test_configured(corefile_server: Server, world: World) -> None:
    assert corefile_server.world is world
    assert world.cluster is not None and "shop" in world.cluster.namespaces
    assert_resolves(corefile_server, "a.example.org", "10.0.0.1")


def test_wrong(corefile_server: Server) -> None:
    assert_resolves(corefile_server, "a.example.org", "10.0.0.9")


@pytest.mark.corefile("other.conf", release="1.9.0", upstreams={"10.0.0.53": "www.p. 60 IN A 192.0.2.1"}, cluster=[])
class TestMarked:
    def test_path(self, corefile_server: Server, world: World) -> None:
        assert str(corefile_server.release) == "1.9.0"
        assert_resolves(corefile_server, "www.p", "192.0.2.1")
        assert world.cluster is not None and not world.cluster.namespaces

    @pytest.mark.corefile(text=". {\\n whoami\\n}\\n")
    def test_nearer(self, corefile_server: Server) -> None:
        assert str(corefile_server.release) == "1.9.0"
        assert_rcode(corefile_server, "www.p", "NODATA")


class TestOwn:
    @pytest.fixture
    def world(self) -> World:
        return World(client="10.1.1.1")

    def test_world(self, corefile_server: Server) -> None:
        assert corefile_server.world.client == "10.1.1.1"


@pytest.mark.corefile("no.conf")
def test_missing(corefile_server: Server) -> None: ...


@pytest.mark.corefile(txt="x")
def test_mistyped(corefile_server: Server) -> None: ...
"""


def project(folder: Path) -> None:
    """A project with a Corefile, a cluster, and tests in Python and as a file."""
    (folder / "dns").mkdir()
    (folder / "dns/Corefile").write_text(COREFILE, encoding="utf-8")
    (folder / "cluster.yaml").write_text(CLUSTER, encoding="utf-8")
    (folder / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests/test_dns.py").write_text(TESTS, encoding="utf-8")
    (folder / "tests/other.conf").write_text(". {\n    forward . 10.0.0.53\n}\n", encoding="utf-8")
    (folder / "b.dns.yaml").write_text(
        "corefile: dns/Corefile\nsteps:\n- query: b.example.org. A\n  expect: {only: true, rcode: NOERROR}\n",
        encoding="utf-8",
    )


def test_fixtures(tmp_path: Path) -> None:
    project(tmp_path)
    done = pytest_in(tmp_path, "--junit-xml=junit.xml")
    results = sorted(
        x.split(" - ")[0] for x in done.stdout.splitlines() if x.startswith(("PASSED", "FAILED", "ERROR "))
    )
    assert results == [
        "ERROR tests/test_dns.py::test_missing",
        "ERROR tests/test_dns.py::test_mistyped",
        "FAILED tests/test_dns.py::test_wrong",
        "PASSED b.dns.yaml::1: b.example.org. A",
        "PASSED tests/test_dns.py::TestMarked::test_nearer",
        "PASSED tests/test_dns.py::TestMarked::test_path",
        "PASSED tests/test_dns.py::TestOwn::test_world",
        "PASSED tests/test_dns.py::test_configured",
    ]
    assert "pytest.mark.corefile takes a path, and text, release, plugins, cluster" in done.stdout
    assert "not `txt`" in done.stdout
    assert "10.0.0.1 in place of 10.0.0.9 for a.example.org. A" in done.stdout
    assert 'server "." (dns/Corefile:1)' in done.stdout
    assert "assertions.py" not in done.stdout
    junit = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert 'message="AssertionError: 10.0.0.1 in place of 10.0.0.9 for a.example.org. A' in junit
    chosen = pytest_in(tmp_path, "-m", "resolution", "-k", "b.example")
    assert "PASSED b.dns.yaml::1: b.example.org. A" in chosen.stdout
    assert "1 passed" in chosen.stdout.splitlines()[-1]
    (tmp_path / "pytest.ini").write_text("[pytest]\ncorefile =\n", encoding="utf-8")
    none = pytest_in(tmp_path, "-k", "test_configured")
    assert "which Corefile? Mark the test with @pytest.mark.corefile(PATH), or set `corefile = PATH`" in none.stdout


def test_plugins_of_ones_own_in_fixtures(tmp_path: Path) -> None:
    """By the marker, and by the configuration, which a marker replaces."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ncorefile_plugins = refuses:whoami\n")
    (tmp_path / "test_own.py").write_text(
        """
import pytest
from corefile.plugin import Answerer, dns, failed
from corefile.plugins import register

class Refuses(Answerer):
    def answer(self, query, zone):
        return failed(dns.REFUSED, None)

register("refuses", Refuses)
TEXT = ".:53 {\\n refuses\\n whoami\\n}"

@pytest.mark.corefile(text=TEXT)
def test_configured(corefile_server):
    assert corefile_server.query("a.test").rcode == "REFUSED"

@pytest.mark.corefile(text=TEXT, plugins=["refuses"])
def test_marked(corefile_server):
    assert corefile_server.query("a.test").rcode == "NOERROR"

@pytest.mark.corefile(text=TEXT, plugins=[])
def test_none(corefile_server):
    ...
"""
    )
    done = pytest_in(tmp_path)
    assert "2 passed, 1 error" in done.stdout, done.stdout
    assert "has no directive `refuses`" in done.stdout


@pytest.mark.parametrize("workers", [0, 2])
def test_the_steps_of_a_file_count_once(tmp_path: Path, workers: int) -> None:
    """Each worker of xdist runs all of a file of which it has a step."""
    if workers:
        pytest.importorskip("xdist")
    steps = "".join(f"- query: a.example.org. A\n  about: number {number}\n" for number in range(6))
    corefile = ".:53 {\n    hosts {\n        10.0.0.1 a.example.org\n    }\n}\n"
    (tmp_path / "Corefile").write_text(corefile, encoding="utf-8")
    (tmp_path / "dns.yaml").write_text(f"corefile: ./Corefile\nsteps:\n{steps}", encoding="utf-8")
    test = "import corefile\nfrom pathlib import Path\n\ndef test_x():\n    corefile.load(Path('Corefile')).query('a.example.org')\n"
    (tmp_path / "test_x.py").write_text(test, encoding="utf-8")
    plugins = ("xdist.plugin",) if workers else ()
    done = pytest_in(
        tmp_path, "--corefile-coverage-json=c.json", *([f"-n{workers}"] if workers else []), plugins=plugins
    )
    assert "7 passed" in done.stdout.splitlines()[-1]
    report = Report.from_json(json.loads((tmp_path / "c.json").read_text(encoding="utf-8")))
    hits = {part.name: part.hits for part in report.files[0].parts}
    assert (hits["hosts: a.example.org."], hits["hosts: found"]) == (7, 7)
    assert "hosts: no-entry" in hits


@pytest.mark.parametrize("workers", [0, 2])
def test_coverage(tmp_path: Path, workers: int) -> None:
    """Of the Corefiles that are files; the tests of all workers together."""
    if workers:
        pytest.importorskip("xdist")
    project(tmp_path)
    options = ["-k", "test_configured or example", "--corefile-coverage-html=c.html", "--corefile-coverage-json=c.json"]
    plugins = ("xdist.plugin",) if workers else ()
    done = pytest_in(
        tmp_path, *options, *([f"-n{workers}"] if workers else []), "--corefile-coverage-min=80", plugins=plugins
    )
    table = done.stdout.partition("coverage of Corefiles")[2]
    report = Report.from_json(json.loads((tmp_path / "c.json").read_text(encoding="utf-8")))
    (file,) = report.files
    assert (file.path, file.of("entry"), file.of("server block")) == ("dns/Corefile", (2, 2), (1, 1))
    assert "\ndns/Corefile  " in table
    assert [p.hits for p in file.parts if p.kind == "server block"] == [2]
    assert "<title>Corefile coverage: " in (tmp_path / "c.html").read_text(encoding="utf-8")
    enough = report.percent >= 80
    assert done.returncode == (0 if enough else 1)
    assert ("is less than --corefile-coverage-min=80" in done.stdout) is not enough
    if not workers:
        least = pytest_in(tmp_path, *options[:2], "--corefile-coverage-min=99.5")
        assert least.returncode == 1
        assert f"ERROR: {report.percent:.1f} % is less than --corefile-coverage-min=99.5" in least.stdout
        wrong = pytest_in(tmp_path, "--corefile-coverage-min=many")
        assert "--corefile-coverage-min takes a number from 0 to 100, not many" in wrong.stderr


def test_the_folder_of_a_coverage_file_is_made(tmp_path: Path) -> None:
    (tmp_path / "names.dns.yaml").write_text(TEXT, encoding="utf-8")
    done = pytest_in(tmp_path, "--corefile-coverage-html=new/reports/c.html", "--corefile-coverage-json=new/c.json")
    assert done.returncode == 1
    assert "1 failed, 4 passed" in done.stdout.splitlines()[-1]
    assert "<title>Corefile coverage: " in (tmp_path / "new/reports/c.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "new/c.json").read_text(encoding="utf-8"))["corefiles"]


@pytest.mark.parametrize(
    ("path", "words"),
    [("names.dns.yaml/c.html", r"names\.dns\.yaml is no folder"), ("folder", "it is a folder")],
)
def test_a_coverage_file_that_cannot_be_written_ends_pytest_before_the_tests(
    tmp_path: Path, path: str, words: str
) -> None:
    (tmp_path / "names.dns.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    done = pytest_in(tmp_path, f"--corefile-coverage-json={path}")
    assert done.returncode == 4
    assert re.search(rf"^ERROR: --corefile-coverage-json={path}: .*{words}$", done.stderr.strip(), re.M)
    assert "Traceback" not in done.stdout + done.stderr


def test_a_coverage_file_that_cannot_be_written_in_the_end_hides_no_failure(tmp_path: Path) -> None:
    test = "import os\n\ndef test_takes_its_place():\n    os.mkdir('c.json')\n"
    (tmp_path / "test_place.py").write_text(test, encoding="utf-8")
    done = pytest_in(tmp_path, "--corefile-coverage-json=c.json")
    assert done.returncode == 1
    assert "ERROR: --corefile-coverage-json=c.json: Is a directory" in done.stdout
    assert "PASSED test_place.py::test_takes_its_place" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_test_that_measures_by_itself_counts_for_all_tests(tmp_path: Path) -> None:
    test = (
        "from pathlib import Path\nimport corefile\nfrom corefile.testing.coverage import Coverage\n\n"
        "def test_measured():\n    with Coverage() as coverage:\n"
        "        corefile.load(Path('Corefile')).query('a.example.org')\n"
        "    assert coverage.report().files[0].of('entry') == (1, 1)\n"
    )
    (tmp_path / "test_measured.py").write_text(test, encoding="utf-8")
    (tmp_path / "Corefile").write_text(
        ".:53 {\n    hosts {\n        10.0.0.1 a.example.org\n    }\n}\n", encoding="utf-8"
    )
    done = pytest_in(tmp_path, "--corefile-coverage")
    assert "1 passed" in done.stdout.splitlines()[-1]
    assert "   entries           1 of 1\n" in done.stdout.partition("coverage of Corefiles")[2]
