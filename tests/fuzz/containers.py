"""Folders with what says how CoreDNS is run: manifests, Compose files, Terraform, values and patches, with parts of each other in
them, links, and paths that lead elsewhere; then bent. All of it is checked, and what is printed is looked at."""

from __future__ import annotations

import io
import json
import os
import shutil
from contextlib import redirect_stderr, redirect_stdout

from corefile.cli import main

from .commands import prepare
from .corefiles import corefile
from .draw import Draw
from .safe import safe
from .tests_as_files import folder

SECRET = "kept-outside.example"
"""The zone of a Corefile that lies outside of the folder."""
PATHS = (
    *("/etc/coredns", "/etc/coredns/Corefile", "/Corefile", "/", "Corefile", "custom", "/etc/coredns/custom", ".", ""),
    *(
        "..",
        "../../secret",
        "/etc/coredns/../..",
        "//etc//coredns/",
        "./Corefile",
        "./conf",
        "${PWD}",
        "$PWD/../../secret",
    ),
    *(
        "./link",
        "./link/secret",
        "../../secret:/etc/coredns/Corefile",
        "./self",
        "a\x1b[2Jb",
        "${A:-./conf}",
        "${A-$$B}",
        "{}",
    ),
)
IMAGES = (
    *("coredns/coredns:1.11.3", "coredns/coredns", "registry.k8s.io/coredns/coredns:v1.8.6", "coredns:1.8", "nginx"),
    *(
        "registry.k8s.io/dns/k8s-dns-node-cache:1.23.0",
        "${IMAGE:-coredns/coredns:1.9.3}",
        "coredns/coredns@sha256:0",
        "x",
    ),
)
NAMES = ("coredns", "coredns-custom", "a", "node-local-dns", "kube-dns", "")
KEYS = ("Corefile", "Corefile.x", "a.server", "b.override", "db.example.org", "NodeHosts", "stubDomains", "..", "a/b")
FILES = (
    "a.yaml",
    "b.yml",
    "main.tf",
    "Corefile",
    "conf/Corefile",
    "compose.yaml",
    "kustomization.yaml",
    "c.json",
    "a.server",
)
WORDS = (
    "{{ .Values.x }}",
    "<<-E",
    "E\n",
    "|",
    "- ",
    "$",
    "${",
    "}",
    "---\n",
    "# a",
    "kind: ConfigMap",
    "image: coredns",
    "\t",
)


def indented(text: str, by: int) -> str:
    """A text, each line moved in."""
    return "".join(f"{' ' * by}{line}" for line in text.splitlines(keepends=True))


def config_map(draw: Draw) -> str:
    """A ConfigMap of some keys."""
    data = "".join(f"  {draw.choice(KEYS)}: |\n{indented(corefile(draw), 4)}\n" for _ in range(draw.few(3)))
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {draw.choice(NAMES)}\ndata:\n{data}"


def pod(draw: Draw) -> str:
    """A Pod with containers and volumes."""
    text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
    for _ in range(1 + draw.few(2)):
        text += f"  - image: {draw.choice(IMAGES)}\n    args: [-conf, {json.dumps(draw.choice(PATHS))}]\n    volumeMounts:\n"
        for _ in range(draw.few(4)):
            path, within = json.dumps(draw.choice(PATHS)), json.dumps(draw.choice((*KEYS, *PATHS)))
            key = draw.choice(("subPath", "subPathExpr", "x"))
            text += f"    - {{name: v{draw.few(2)}, mountPath: {path}, {key}: {within}}}\n"
    text += "  volumes:\n"
    for number in range(draw.few(3)):
        items = json.dumps(
            [{"key": draw.choice(KEYS), "path": draw.choice((*KEYS, *PATHS))} for _ in range(draw.few(3))]
        )
        one = f"{{configMap: {{name: {draw.choice(NAMES)}, items: {items}}}}}"
        text += f"  - name: v{number}\n    " + (
            f"projected: {{sources: [{one}]}}\n" if draw.often(0.3) else one[1:-1] + "\n"
        )
    return text


def compose(draw: Draw) -> str:
    """A file of Docker Compose."""
    text = "services:\n"
    for number in range(1 + draw.few(2)):
        text += f"  s{number}:\n    image: {json.dumps(draw.choice(IMAGES))}\n"
        text += f"    command: {json.dumps('-conf ' + draw.choice(PATHS))}\n    environment: {{A: {json.dumps(draw.choice(PATHS))}}}\n"
        text += f"    {draw.choice(('volumes', 'configs', 'secrets', 'tmpfs'))}:\n"
        for _ in range(draw.few(4)):
            here, inside = draw.choice(PATHS), draw.choice(PATHS)
            both = f"{{type: bind, source: {json.dumps(here)}, target: {json.dumps(inside)}}}"
            text += f"    - {both if draw.often(0.3) else json.dumps(f'{here}:{inside}')}\n"
    return text


def terraform(draw: Draw) -> str:
    """Here documents."""
    sign = draw.choice(("<<", "<<-", "<< "))
    return "".join(
        f'data = {{\n  "Corefile" = {sign}E{n}\n{indented(corefile(draw), draw.few(4))}\n  E{n}\n}}\n'
        for n in range(1 + draw.few(2))
    )


def generator(draw: Draw) -> str:
    """A kustomization."""
    files = "".join(
        f"  - {json.dumps(draw.choice(('', 'Corefile=')) + draw.choice(PATHS))}\n" for _ in range(draw.few(3))
    )
    patch = f"patches:\n- patch: |\n{indented(config_map(draw), 4)}\n"
    return f"configMapGenerator:\n- name: coredns\n  files:\n{files}{patch}images:\n- {{name: coredns/coredns, newTag: 1.9.3}}\n"


def values(draw: Draw) -> str:
    """Values of a chart."""
    plugins = f"  plugins:\n  - name: forward\n    parameters: {json.dumps(draw.choice(PATHS))}\n  - name: whoami\n"
    return f"image: {{repository: coredns/coredns, tag: 1.9.3}}\nservers:\n- zones: [{{zone: .}}]\n{plugins}corefile: |\n{indented(corefile(draw), 2)}\n"


def wrapped(draw: Draw) -> str:
    """One of the others in a text of another object."""
    inner = draw.choice((config_map, pod, values, compose))(draw)
    key = draw.choice(("valuesContent", "values", "content", "a"))
    return f"apiVersion: v1\nkind: HelmChart\nspec:\n  {key}: |\n{indented(inner, 4)}\n"


def described(draw: Draw) -> str:
    """What `kubectl describe` prints."""
    return f"Name: coredns\nNamespace: kube-system\n\nData\n====\nCorefile:\n----\n{corefile(draw)}\n\nEvents: <none>\n"


PARTS = (config_map, config_map, pod, pod, compose, compose, terraform, generator, values, wrapped, described, corefile)
BY_NAME = {"main.tf": terraform, "compose.yaml": compose, "kustomization.yaml": generator, "conf/Corefile": corefile}


def make(draw: Draw) -> str:
    """The files of a folder, and what is named of them."""
    files = {}
    for _ in range(1 + draw.few(3)):
        name = draw.choice(FILES)
        made = BY_NAME.get(name) if draw.often(0.8) else None
        text = "---\n".join((made or draw.choice(PARTS))(draw) for _ in range(1 + (0 if made else draw.few(3))))
        files[name] = text if draw.often(0.5) else draw.bent_text(text, WORDS)
    links = {"link": draw.choice(("..", "../..", "/", "conf")), "self": "self", "conf/Corefile": "../../../secret"}
    return json.dumps(
        {
            "files": files,
            "links": {name: to for name, to in links.items() if name not in files and draw.often(0.3)},
            "words": draw.choice((["."], [*files], [next(iter(files))], [".", "--format", "json"])),
            "encoding": draw.choice(("utf-8",) * 8 + ("utf-16", "utf-32", "utf-8-sig", "utf-16-le")),
        }
    )


def look(draw: Draw, text: str) -> str:
    """Check it; what is printed."""
    prepare()
    given, top = json.loads(text), folder()
    with open(os.path.join(top, "..", "..", "secret"), "w", encoding="utf-8") as file:
        file.write(f"{SECRET} {{\n nothing\n}}\n")
    for name in os.listdir(top):
        path = os.path.join(top, name)
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
    os.chdir(top)
    os.mkdir("conf")
    for name, content in given["files"].items():
        with open(name, "wb") as file:
            file.write(content.encode(given["encoding"], "replace" if "16" in given["encoding"] else "surrogatepass"))
    for name, to in given["links"].items():
        os.symlink(to, name)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code: object = main(["check", *given["words"]])
        except SystemExit as done:
            code = done.code
    assert code in (0, 1, 2), code
    said = f"{out.getvalue()} {err.getvalue()}"
    assert SECRET not in said, said
    safe(said)
    return f"{code} {said}"


__all__ = ["look", "make"]
