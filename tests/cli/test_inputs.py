"""What the verbs read: options about the world."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from corefile.cli import VERBS
from corefile.cli._inputs import Worlds, WrongUse, address_of, pair, read_text
from corefile.findings import CorefileError, Source
from corefile.world.corefiles import Corefile

from .conftest import Run


def worlds(**options: list[str]) -> Worlds:
    names = ("file", "env", "address", "cluster", "upstream", "store")
    flags = {"limit": [], "within": None, "env_from_process": False}
    return Worlds(SimpleNamespace(**{name: options.get(name, []) for name in names}, **flags))


OPTIONS = [
    (verb, option)
    for verb in VERBS
    for action in import_module(f"corefile.cli.{verb}").parser()._actions
    if action.nargs != 0
    for option in action.option_strings
    if (verb, option) != ("query", "-q")  # whatever stands behind it is a name
]


@pytest.mark.parametrize(("verb", "option"), OPTIONS)
def test_two_dashes_are_no_value_of_an_option(run: Run, verb: str, option: str) -> None:
    """They end the options wherever they stand; argparse makes an empty list, or nothing, of `--option=--`."""
    glued = f"{option}=--" if option.startswith("--") else f"{option}--"
    separate = [] if option == "--init" else [(option, "--")]  # which needs no value
    for given in ((glued,), *separate):
        done = run(verb, *given)
        assert (done.code, done.out) == (2, "")
        assert "internal error" not in done.err
        assert option in done.err or "--" in done.err.split("`")


def test_pairs() -> None:
    assert pair("A=B=C", "--file", "PATH=FILE") == ("A", "B=C")
    with pytest.raises(WrongUse, match="--file takes PATH=FILE, not 'x='"):
        pair("x=", "--file", "PATH=FILE")


def test_addresses() -> None:
    assert [address_of(x, "--to") for x in ("10.0.0.1", "10.0.0.1:53", "[fd00::1]:53", "fd00::1")] == [
        "10.0.0.1",
        "10.0.0.1",
        "fd00::1",
        "fd00::1",
    ]
    for wrong in ("", "dns", "10.0.0", "10.0.0.256", "[fd00::1"):
        with pytest.raises(WrongUse, match="--to takes an IP address"):
            address_of(wrong, "--to")


def test_upstreams(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("a.example.org. 60 IN A 10.0.0.1\n", encoding="utf-8")
    (tmp_path / "corefile").write_text(". {\n    whoami\n}\n", encoding="utf-8")

    def upstream(what: str) -> Any:
        return worlds(upstream=[f"10.0.0.1={what}"]).upstreams["10.0.0.1"]

    assert upstream("@istio") == {"istio": True}
    assert upstream("@timeout") == {"fault": "timeout"}
    assert upstream("@servfail") == {"rcode": "SERVFAIL"}
    assert upstream(str(tmp_path / "zone")).startswith("a.example.org.")
    corefile = upstream(str(tmp_path / "corefile"))
    assert (corefile["corefile"].text, corefile["root"]) == (". {\n    whoami\n}\n", str(tmp_path))


def test_an_upstreams_mistakes_have_the_places_of_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "up").write_text(". {\n    whoam\n}\n", encoding="utf-8")
    with pytest.raises(CorefileError, match=r"up:2:5"):
        worlds(upstream=[f"10.0.0.1={tmp_path / 'up'}"])


def test_variables_are_given_or_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSED", "on")
    monkeypatch.setenv("NOT_PASSED", "on")
    world = worlds(env=["GIVEN=a=b", "EMPTY=", "PASSED"]).around(Corefile(Source("Corefile", ""), {}, "."))
    assert world.env == {"HOSTNAME": "oracle", "GIVEN": "a=b", "EMPTY": "", "PASSED": "on"}
    for wrong, said in (("=x", "takes NAME=VALUE or NAME"), ("GONE_VARIABLE", "no variable of that name")):
        with pytest.raises(WrongUse, match=said):
            worlds(env=[wrong])


def test_a_folder_is_mounted(tmp_path: Path) -> None:
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones" / "db").write_text("x", encoding="utf-8")
    corefile = Corefile(Source("Corefile", ""), {}, ".")
    files = worlds(file=[f"/zones/={tmp_path / 'zones'}"]).around(corefile).files
    assert (files.read("/zones/db"), files.glob("/zones/*")) == (b"x", ["/zones/db"])
    with pytest.raises(WrongUse, match="gone: No such file or directory"):
        worlds(file=["/x=gone"]).around(corefile)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="Is a directory"):
        read_text(str(tmp_path))
    (tmp_path / "x").write_bytes(b"a\xffb")
    assert read_text(str(tmp_path / "x")) == "a\ufffdb"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--bufsize", "70000"), "argument --bufsize: `70000` is not a size from 0 to 65535"),
        (("--bufsize", "-1"), "argument --bufsize: `-1` is not a size from 0 to 65535"),
        (("--bufsize", "big"), "argument --bufsize: `big` is not a size from 0 to 65535"),
        (("--short", "--trace"), "argument --trace: not allowed with argument --short"),
        (("--address", "node"), "--address takes an IP address"),
        (("--format", "xml"), "argument --format: invalid choice: 'xml' (choose from "),
    ],
)
def test_options_that_make_no_sense(run: Run, argv: tuple[str, ...], said: str) -> None:
    done = run("query", "a.b", *argv)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"corefile query: {said}")


def test_stores(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text('/skydns/example/web\n{"host":"10.0.0.1"}\n', encoding="utf-8")
    given = worlds(store=[f"etcd={tmp_path / 'keys'}", "nomad@http://10.0.0.1:4646=@timeout"])
    assert repr(given._world().stores) == "{'etcd': <etcd: 1 key>, 'nomad@http://10.0.0.1:4646': Fault.timeout()}"
    with pytest.raises(WrongUse, match="--store: there is no store etc: did you mean etcd"):
        worlds(store=[f"etc={tmp_path / 'keys'}"])._world()


def test_a_byte_order_mark_before_what_is_given_says_nothing(run: Run, tmp_path: Path) -> None:
    """PowerShell's `Out-File -Encoding utf8` writes one, whatever the file is for: the kind is a first word that is not known
    behind it."""
    files = {
        "Corefile": ". {\n    etcd example {\n        endpoint http://10.0.0.2:2379\n    }\n    forward . 10.0.0.53\n}\n",
        "zone": "www.test. 300 IN A 192.0.2.80\n",
        "whole.zone": "$ORIGIN test.\n@ 300 IN SOA a b 1 2 3 4 5\nwww 300 IN A 192.0.2.80\n",
        "up.corefile": ". {\n    hosts {\n        192.0.2.80 www.test\n    }\n}\n",
        "keys": '/skydns/example/web\n{"host": "10.0.0.9"}\n',
        "plugin.cfg": "etcd:etcd\nforward:forward\n",
        "corefile.toml": "strict = true\n",
        "dns.yaml": "corefile: ./Corefile\nupstreams: {10.0.0.53: ./zone}\nnames: {www.test: 192.0.2.80}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(f"\ufeff{text}", encoding="utf-8")
    for upstream in ("zone", "whole.zone", "up.corefile"):
        assert run("query", "--upstream", f"10.0.0.53={upstream}", "--short", "www.test").out == "192.0.2.80\n"
    assert run("query", "--store", "etcd=keys", "--short", "web.example").out == "10.0.0.9\n"
    assert run("check", "--plugin-cfg", "plugin.cfg", "Corefile").code == 0
    assert run("test", "dns.yaml").code == 0


def test_a_directive_of_ones_own_package_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin.cfg that builds a known directive from other code: what that does is not known here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plugin.cfg").write_text(
        "hosts:github.com/me/hosts\non:github.com/coredns/caddy/onevent\n", encoding="utf-8"
    )
    (tmp_path / "Corefile").write_text(".:53 {\n    hosts\n}\n", encoding="utf-8")
    done = run("check", "--plugin-cfg", "plugin.cfg", "Corefile")
    assert done.err == "plugin.cfg: `hosts` is github.com/me/hosts; it is taken for CoreDNS's own here\n"
